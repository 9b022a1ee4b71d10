// A policy that searches with another's weights: its moves are recorded with their search, learned from, and the same
// on every run.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Scenarios;

namespace AgentArena.Actors.Tests;

public sealed class SearchTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    private static Scenario Board(Action<JsonObject>? change = null) => Runs.Kuhn(updates: 2, batch: 4, change: s =>
        {
            s["game"] = JsonNode.Parse("""{ "name": "tic-tac-toe", "orientation": "canonical" }""");
            s["policies"]!["sage"] = JsonNode.Parse(
                """{ "of": "student", "player": { "name": "mcts", "simulations": 40, "value": "policy" } }"""
            );
            s["seats"] = JsonNode.Parse("""{ "player": "sage" }""");
            s["learn"]!["imitation"] = JsonNode.Parse("""{ "from": ["sage"] }""");
            change?.Invoke(s);
        });

    [Fact]
    public async Task A_searchers_moves_are_recorded_with_their_search_and_are_lessons()
    {
        var batches = new List<TrainingBatch>();
        var result = await Runs.Play(Board(), _temp.In("a"), policy => new Recording(policy, batches));
        result.Reason.ShouldBe("done");
        Runs.Audit(_temp.In("a")).Faults.ShouldBeEmpty();
        batches.Count.ShouldBe(2);
        batches.ShouldAllBe(b => b.Rows.IsEmpty && b.Demonstrations.Length >= 4 * 5);
        var moves = Games(_temp.In("a")).SelectMany(g => g).OfType<MoveMade>().ToArray();
        moves.ShouldAllBe(m =>
            m.Said == null && m.Tools.Length == 1 && m.Tools[0].Output.StartsWith("40 simulations, ")
        );

        await Runs.Play(Board(), _temp.In("b"), policy => new Recording(policy, []));
        Games(_temp.In("b"))
            .SelectMany(g => g)
            .OfType<MoveMade>()
            .Select(m => m.Move)
            .ShouldBe(moves.Select(m => m.Move));
    }

    [Fact]
    public void What_cannot_search_is_named_with_what_to_do()
    {
        Faults("""{ "player": { "name": "mcts" } }""").ShouldContain(f => f.Contains("player mcts plays with weights"));
        Faults("""{ "of": "nobody" }""").ShouldContain(f => f.StartsWith("scenario.policies.sage.of: "));
        Faults("""{ "of": "student", "player": "mcts", "train": true }""")
            .ShouldContain(f => f.Contains("says no tokens to learn from"));
        Faults("""{ "of": "student", "player": "mcts" }""", s => s["game"] = "kuhn-poker")
            .ShouldContain(f => f.Contains("hides part of it"));
        Faults("""{ "of": "student", "player": "mcts" }""", s => s["roles"]!["player"]!["remember"] = true)
            .ShouldContain(f => f.Contains("remember = off"));
    }

    private static string[] Faults(string sage, Action<JsonObject>? change = null)
    {
        var mistakes = new Mistakes();
        BoundScenario.Bind(
            Board(s =>
            {
                s["policies"]!["sage"] = JsonNode.Parse(sage);
                change?.Invoke(s);
            }),
            Standard.Catalog,
            mistakes
        );
        return [.. mistakes.All.Select(m => m.ToString())];
    }

    private static ImmutableArray<GameEvent>[] Games(string path)
    {
        using var reader = JournalReader.Open(RunFolder.Open(path));
        return [.. reader.ReadGames().OrderBy(g => g.Number).Take(8).Select(g => g.Events)];
    }
}
