// How far a policy is from equilibrium, exactly, where the tree allows it. Asks nobody: prompts go out, probabilities
// come in.
using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Scenarios;
using AgentArena.Games.Solving;

namespace AgentArena.Actors;

/// <summary>
/// The prompts of every information state of the run's enumerable games, and the exact values of the answers.
/// </summary>
public sealed class Evaluator
{
    private readonly ImmutableArray<(string Key, GameTree Tree)> _trees;

    /// <param name="ground">The scenario, bound.</param>
    /// <param name="policy">The policy measured, at every seat against itself.</param>
    public Evaluator(BoundScenario ground, string policy)
    {
        var trees = ImmutableArray.CreateBuilder<(string, GameTree)>();
        var questions = ImmutableArray.CreateBuilder<MoveQuestion>();
        // A member of a population takes the other members' seats.
        ImmutableArray<string> own =
            ground.Scenario.Population is { } population && population.Members.Contains(policy)
                ? population.Members
                : [policy];
        foreach (var (key, game) in ground.Games)
        {
            var seats = Enumerable.Range(0, game.Facts.Seats);
            if (
                !game.Facts.Enumerable
                || !game.Facts.ZeroSum
                || game.Facts.Seats != 2
                || seats.Any(s => !own.Contains(ground.Scenario.PolicyAt(game.Facts.Roles[s], s)!))
            )
                continue;
            var tree = GameTree.Of(game);
            trees.Add((key, tree));
            foreach (var state in tree.InformationStates)
                questions.Add(ground.QuestionOf(state.Turn));
        }
        (_trees, Questions) = (trees.ToImmutable(), questions.ToImmutable());
    }

    /// <summary>The prompts; empty where no game of the run can be walked.</summary>
    public ImmutableArray<MoveQuestion> Questions { get; }

    /// <summary>
    /// Exploitability (NashConv / 2) and the first seat's value, per game; the plain name is the first game's.
    /// </summary>
    public ImmutableSortedDictionary<string, double> Values(ImmutableArray<ImmutableArray<double>> probabilities)
    {
        var figures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        var next = 0;
        foreach (var (key, tree) in _trees)
        {
            var policy = tree.InformationStates.Select(_ => probabilities[next++].ToArray()).ToArray();
            var exploitability = tree.Exploitability(policy);
            figures[$"exploitability/{key}"] = exploitability;
            figures[$"value/{key}"] = tree.Values(policy)[0];
            figures.TryAdd("exploitability", exploitability);
        }
        return figures.ToImmutable();
    }
}
