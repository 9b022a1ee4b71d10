// From a scenario's policy to a language model: the vocabulary's text comes from the rules, the network from the models
// room.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using AgentArena.Games.Solving;
using AgentArena.Models;

namespace AgentArena.Cli;

/// <summary>Makes the models of one scenario.</summary>
internal sealed class PolicyModels
{
    /// <summary>The model without weights, for rehearsals.</summary>
    public const string Scripted = "scripted";

    private const int SampledGames = 200;
    private readonly BoundScenario _ground;
    private readonly Lazy<(List<string> Prompts, List<string> Moves)> _texts;

    /// <param name="ground">The scenario, bound.</param>
    public PolicyModels(BoundScenario ground) => (_ground, _texts) = (ground, new(Texts));

    /// <summary>Checks what a scenario says to the models room.</summary>
    public static void Validate(Scenario scenario, Catalog catalog, Mistakes mistakes)
    {
        foreach (var (name, plugin) in scenario.Models)
            if (plugin.Name == Scripted)
                foreach (var (key, _) in plugin.Options)
                    mistakes.Add($"scenario.models.{name}.{key}", "this takes no options; remove the key.");
        // Loss and optimiser of a rehearsal are checked as if a network of standard shape learned, with whatever heads
        // an advantage may ask for.
        ScenarioModels.Validate(
            scenario with
            {
                Models = scenario
                    .Models.Select(m =>
                        KeyValuePair.Create(
                            m.Key,
                            m.Value.Name == Scripted
                                ? new Plugin(
                                    "transformer",
                                    new System.Text.Json.Nodes.JsonObject { ["value-head"] = "on" }
                                )
                                : m.Value
                        )
                    )
                    .ToImmutableSortedDictionary(),
            },
            catalog,
            mistakes
        );
    }

    /// <summary>A policy's model with its first weights, or those of the checkpoint its scenario names.</summary>
    /// <exception cref="ScenarioException">It cannot be made.</exception>
    public ILanguageModel Create(string policy) => Create(_ground.Scenario, policy);

    /// <summary>
    /// A policy's model for play alone, with the weights of a checkpoint folder, or its first ones where that is null.
    /// </summary>
    /// <exception cref="InvalidDataException">The checkpoint was cut short or altered.</exception>
    public ILanguageModel Load(string policy, string? folder)
    {
        if (folder is null)
            return Create(policy);
        CheckpointFolder.Verify(folder);
        var scenario = _ground.Scenario;
        return Create(
            scenario with
            {
                Policies = scenario.Policies.SetItem(
                    policy,
                    scenario.Policies[policy] with
                    {
                        Train = false,
                        Checkpoint = folder,
                    }
                ),
            },
            policy
        );
    }

    private ILanguageModel Create(Scenario scenario, string policy)
    {
        var spec = scenario.Policies[policy];
        if (scenario.Models[spec.Model!].Name == Scripted)
        {
            var scripted = new ScriptedModel(
                policy,
                values: spec.Train
                    && _ground.Catalog.Advantages.Create(scenario.LearnOf(policy).Advantage, "advantage").NeedsValues
            );
            if (spec.Checkpoint is not null)
                scripted.Load(spec.Checkpoint);
            return scripted;
        }
        var mistakes = new Mistakes();
        var (prompts, moves) = _texts.Value;
        var model = ModelFactory.Create(scenario, _ground.Catalog, policy, prompts, moves, mistakes);
        mistakes.ThrowIfAny();
        return model!;
    }

    // Every prompt of games that can be walked; of others, those of some random games.
    private (List<string>, List<string>) Texts()
    {
        var prompts = new List<string>();
        var moves = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var game in _ground.Games.Values)
        foreach (
            var turn in game.Facts.Enumerable ? GameTree.Of(game).InformationStates.Select(s => s.Turn) : Sampled(game)
        )
        {
            var role = _ground.Roles[turn.Role];
            foreach (var message in role.Render(turn, first: true))
                prompts.Add(message.Text);
            if (turn.HasLegal)
                moves.UnionWith(turn.Legal.Select(m => role.Print(turn, new Move(m))));
        }
        return (prompts, [.. moves]);
    }

    private IEnumerable<Turn> Sampled(Game game) =>
        Enumerable
            .Range(0, SampledGames)
            .SelectMany(i =>
                Playthrough.Run(game, RandomStream.Derive((ulong)_ground.Scenario.Seed, "corpus", i)).Steps
            )
            .SelectMany(step => step.Open)
            .Where(turn => !turn.IsChance);
}
