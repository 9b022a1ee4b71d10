// A policy of an enumerable game as a table: one row an information state. Exact values are computed from it, and it
// can be written out.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Games.Solving;

namespace AgentArena.Cli.Play;

/// <summary>Tables of contestants over one tree.</summary>
internal sealed class PolicyTable(BoundScenario ground, GameTree tree)
{
    /// <summary>The tree.</summary>
    public GameTree Tree => tree;

    /// <summary>
    /// The probabilities of a contestant's moves at every information state; those of a model at temperature 0 are 0
    /// and 1.
    /// </summary>
    public double[][] Of(Contestant who)
    {
        if (who.Player is Bot bot)
            return tree.Tabulate(bot);
        var drawn = who.Weights!.Of(ground, [.. tree.InformationStates.Select(s => s.Turn)]);
        return [.. who.Spec is { Temperature: 0 } ? drawn.Select(Greedy) : drawn];
    }

    private static double[] Greedy(double[] drawn)
    {
        var certain = new double[drawn.Length];
        certain[Array.IndexOf(drawn, drawn.Max())] = 1;
        return certain;
    }

    /// <summary>A table as JSON: seat, information state, probability of each legal move.</summary>
    public JsonArray ToJson(double[][] table) =>
        new([
            .. tree.InformationStates.Select(state =>
            {
                var moves = new JsonObject();
                for (var i = 0; i < state.Turn.Legal.Length; i++)
                    moves[state.Turn.Legal[i]] = Math.Round(table[state.Index][i], 9);
                return (JsonNode)
                    new JsonObject
                    {
                        ["seat"] = state.Seat,
                        ["information-state"] = state.Key,
                        ["probabilities"] = moves,
                    };
            }),
        ]);
}
