// The door of this room: from a scenario's policy to a model. Knows the scenario, hands out the seam and nothing behind
// it.
using AgentArena.Core;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Scenarios;

namespace AgentArena.Models;

/// <summary>Makes models as a scenario describes them.</summary>
public static class ModelFactory
{
    /// <summary>The model of a policy; null where there were mistakes, which are collected.</summary>
    /// <param name="scenario">The experiment.</param>
    /// <param name="catalog">Where networks, losses and optimisers come from.</param>
    /// <param name="policy">A policy that names a model.</param>
    /// <param name="corpus">
    /// Prompts as the roles render them: the vocabulary is learned from them. Repeats count.
    /// </param>
    /// <param name="moves">Legal moves as the roles print them: each becomes one token where it can.</param>
    /// <param name="mistakes">Collects what is wrong, under scenario paths.</param>
    public static ILanguageModel? Create(
        Scenario scenario,
        Catalog catalog,
        string policy,
        IReadOnlyList<string> corpus,
        IReadOnlyList<string> moves,
        Mistakes mistakes
    )
    {
        if (Bind(scenario, catalog, policy, mistakes) is not var (architecture, learning))
            return null;
        var spec = scenario.Policies[policy];
        try
        {
            return architecture.Create(
                policy,
                RandomStream.Derive((ulong)scenario.Seed, $"weights/{policy}"),
                corpus,
                moves,
                learning,
                spec.Checkpoint
            );
        }
        catch (ArgumentException e)
        {
            mistakes.Add($"scenario.models.{spec.Model}", e.Message);
        }
        catch (InvalidDataException e)
        {
            mistakes.Add($"scenario.policies.{policy}.checkpoint", e.Message);
        }
        return null;
    }

    /// <summary>What a policy's model will take in memory; null where the scenario has mistakes.</summary>
    public static MemoryBudget? Budget(Scenario scenario, Catalog catalog, string policy) =>
        Bind(scenario, catalog, policy, new Mistakes()) is var (architecture, learning)
            ? architecture.Budget(learning)
            : null;

    private static (Architecture, UpdateRule?)? Bind(
        Scenario scenario,
        Catalog catalog,
        string policy,
        Mistakes mistakes
    )
    {
        var before = mistakes.Count;
        if (
            !scenario.Policies.TryGetValue(policy, out var spec)
            || spec.Model is null
            || !scenario.Models.TryGetValue(spec.Model, out var plugin)
        )
        {
            mistakes.Add(
                $"scenario.policies.{policy}.model",
                DidYouMean.Unknown(
                    "model",
                    scenario.Policies.GetValueOrDefault(policy)?.Model ?? "",
                    scenario.Models.Keys
                )
            );
            return null;
        }
        var architecture = catalog.Models.Create(plugin, $"scenario.models.{spec.Model}", mistakes);
        var learning = spec.Train ? ScenarioModels.RuleOf(scenario, catalog, policy, mistakes) : null;
        return mistakes.Count > before ? null : (architecture!, learning);
    }
}
