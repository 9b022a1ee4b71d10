// A policy of an enumerable game as a table: one row an information state. Exact values are computed from it, and it can be written out.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Core.Games;
using AgentArena.Core.Games.Solving;
using AgentArena.Core.Models;

namespace AgentArena.Cli.Play;

/// <summary>Tables of contestants over one tree.</summary>
internal sealed class PolicyTable(Playground ground, GameTree tree)
{
    /// <summary>The tree.</summary>
    public GameTree Tree => tree;

    /// <summary>The probabilities of a contestant's moves at every information state; null where it is neither a model nor plays by probabilities.</summary>
    public double[][] Of(Contestant who)
    {
        if (who.Bot is { } bot) return tree.Tabulate(bot);
        var questions = tree.InformationStates.Select(state =>
        {
            var role = ground.Roles[state.Turn.Role];
            return (role.Render(state.Turn, first: true), (ImmutableArray<string>)[.. state.Turn.Legal.Select(m => role.Print(state.Turn, new Move(m)))]);
        }).ToList();
        return [.. who.Model!.MoveProbabilities(questions)];
    }

    /// <summary>A table as JSON: seat, information state, probability of each legal move.</summary>
    public JsonArray ToJson(double[][] table) => new([.. tree.InformationStates.Select(state =>
    {
        var moves = new JsonObject();
        for (var i = 0; i < state.Turn.Legal.Length; i++) moves[state.Turn.Legal[i]] = Math.Round(table[state.Index][i], 9);
        return (JsonNode)new JsonObject { ["seat"] = state.Seat, ["information-state"] = state.Key, ["probabilities"] = moves };
    })]);
}
