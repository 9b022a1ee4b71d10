// A person as a seat: asked again as often as it takes, and free to leave a game that waits for them.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Scenarios;

namespace AgentArena.Actors.Tests;

public sealed class PersonTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    private sealed class Reader(params string?[] lines) : Person
    {
        private int _next;

        public List<(Turn Turn, string? Refusal)> Seen { get; } = [];

        public override Task<string?> AnswerAsync(Turn turn, string? refusal, CancellationToken stop)
        {
            lock (Seen)
                Seen.Add((turn, refusal));
            return Task.FromResult(_next < lines.Length ? lines[_next++] : null);
        }
    }

    private static Scenario Table(string game) =>
        Runs.Kuhn(change: s =>
        {
            s["game"] = game;
            s["policies"] = JsonNode.Parse("""{ "you": { "player": "person" }, "dice": { "player": "random" } }""");
            s["seats"] = JsonNode.Parse("""{ "player-0": "you", "player-1": "dice" }""");
            ((JsonObject)s["run"]!)["games"] = 1;
        });

    private async Task<RunResult> Play(Scenario scenario, Person? person, bool resume = false)
    {
        var folder = resume ? RunFolder.Open(_temp.In("r")) : RunFolder.Create(_temp.In("r"));
        if (!resume)
            File.WriteAllText(folder.ScenarioFile, "");
        return await ArenaSystem
            .Run(
                new ArenaOptions
                {
                    Ground = BoundScenario.Bind(scenario, Standard.Catalog),
                    Folder = folder,
                    CreateModel = p => new ScriptedModel(p),
                    Resume = resume,
                    Person = person,
                },
                default
            )
            .WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Words_that_are_no_move_are_asked_again_without_end_and_kept_out_of_the_record()
    {
        var person = new Reader([
            .. Enumerable.Repeat("north", 12),
            .. Enumerable.Range(0, 9).Concat(Enumerable.Range(0, 9)).Select(c => c.ToString()),
        ]);
        (await Play(Table("tic-tac-toe"), person)).Reason.ShouldBe("done");
        person.Seen[0].Turn.Observation.ShouldContain(p => p.Kind == ObservationKind.Board);
        person.Seen[0].Refusal.ShouldBeNull();
        person.Seen.Skip(1).Take(12).ShouldAllBe(s => s.Refusal!.StartsWith("'north' is no legal move."));
        var events = Game();
        events.ShouldNotContain(e => e is MoveRefused);
        events.OfType<MoveMade>().Where(m => m.Seat == 0).ShouldAllBe(m => m.Said == null);
        events[^1].ShouldBeOfType<GameEnded>().Outcome.Kind.ShouldBe(OutcomeKind.Finished);
    }

    [Fact]
    public async Task Who_leaves_finds_the_game_where_it_was()
    {
        (await Play(Table("tic-tac-toe"), new Reader("0"))).Reason.ShouldBe("you left");
        var left = Game();
        left.OfType<MoveMade>().First().Move.ShouldBe("0");
        left[^1].ShouldBeOfType<MoveMade>();
        var again = new Reader([
            .. Enumerable.Repeat(Enumerable.Range(0, 9).Select(c => c.ToString()), 5).SelectMany(x => x),
        ]);
        (await Play(Table("tic-tac-toe"), again, resume: true)).Reason.ShouldBe("done");
        Game()[..left.Length].Select(e => e.ToString()).ShouldBe(left.Select(e => e.ToString()));
        Game()[^1].ShouldBeOfType<GameEnded>();
        Runs.Audit(_temp.In("r")).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_without_anybody_at_the_terminal_says_how_to_sit_down() =>
        (await Should.ThrowAsync<UserException>(Play(Table("tic-tac-toe"), null))).Message.ShouldContain(
            "./arena play"
        );

    private System.Collections.Immutable.ImmutableArray<GameEvent> Game()
    {
        using var reader = JournalReader.Open(RunFolder.Open(_temp.In("r")));
        return reader.ReadGames().Single().Events;
    }
}
