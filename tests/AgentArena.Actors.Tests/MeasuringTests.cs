using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using AgentArena.Learning;

namespace AgentArena.Actors.Tests;

/// <summary>
/// Rewards that need the weights: measured once by the learner, written down, read by whoever scores the game later.
/// </summary>
public sealed class MeasuringTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    // A model without weights gives -1 a byte: 0.1 (-1 + 23).
    private static Scenario Asking(int updates) =>
        Runs.Kuhn(updates, change: s =>
            s["rewards"] = JsonNode.Parse(
                """[{ "reward": { "name": "likelihood", "form": "last-token", "token": " right", "c": -23, "measure": "verdict" } }]"""
            )
        );

    [Fact]
    public async Task Every_game_is_measured_once_before_it_is_learned_from_and_scores_the_same_ever_after()
    {
        var batches = new List<TrainingBatch>();
        await Runs.Play(Asking(4), _temp.In("r"), policy => new Recording(policy, batches));
        Runs.Audit(_temp.In("r")).Faults.ShouldBeEmpty();
        using var reader = JournalReader.Open(RunFolder.Open(_temp.In("r"))).WithMeasurements();
        reader.ReadRun().OfType<GamesMeasured>().Select(m => m.Version).ShouldBe([0, 1, 2, 3]);
        reader.ReadRun().OfType<GamesMeasured>().ShouldAllBe(m => m.Games.Length == 8);
        var mistakes = new Core.Configuration.Mistakes();
        var ground = BoundScenario.Bind(Asking(4), Standard.Catalog, mistakes)!;
        foreach (var (number, events) in reader.ReadGames())
        {
            events.OfType<Measured>().Select(m => (m.Name, m.Seat)).ShouldBe([("verdict", 0), ("verdict", 1)]);
            ground.Score(new Episode(number, ground.Games["kuhn-poker"], events)).ShouldBe([2.2, 2.2], 1e-9);
        }
        batches.Count.ShouldBe(4);
    }

    [Fact]
    public async Task After_a_stop_what_was_measured_is_read_and_not_asked_again()
    {
        using (var stop = new CancellationTokenSource())
            await Runs.Play(Asking(9), _temp.In("r"), policy => new Noticing(policy, version =>
                {
                    if (version == 5)
                        stop.Cancel();
                }), stop: stop.Token);
        int before;
        using (var first = JournalReader.Open(RunFolder.Open(_temp.In("r"))))
            before = first.ReadRun().OfType<GamesMeasured>().Count();
        before.ShouldBeInRange(5, 8);
        // As after a kill: the newest checkpoints are gone, so versions that the journal knows are made again.
        var kept = Directory.GetDirectories(_temp.In("r/checkpoints/student")).Order().ToArray();
        kept.Length.ShouldBeGreaterThan(1);
        foreach (var newest in kept.Skip(1))
            Directory.Delete(newest, recursive: true);
        var asked = new List<int>();
        await Runs.Play(Asking(9), _temp.In("r"), policy => new Asked(policy, asked), resume: true);
        using var reader = JournalReader.Open(RunFolder.Open(_temp.In("r")));
        var versions = reader.ReadRun().OfType<GamesMeasured>().Select(m => m.Version).ToArray();
        versions.ShouldBe(Enumerable.Range(0, 9));
        asked.Count.ShouldBe(9 - before);
        Runs.Audit(_temp.In("r")).Faults.ShouldBeEmpty();
    }

    [Fact]
    public void Teachers_are_told_a_right_answer_of_the_group_that_is_not_the_replys_own()
    {
        var scenario = Runs.Kuhn(change: s =>
            s["learn"]!["teacher"] = JsonNode.Parse(
                """{ "hint": "say {sibling}; you said {reply} for {reward}", "taught": "wrong" }"""
            )
        );
        var ground = BoundScenario.Bind(scenario, Standard.Catalog, new())!;
        // Four games of one group; the first player is right in two of them.
        var batch = LearnerBatch.Form(
            ground,
            "student",
            [.. Enumerable.Range(0, 4).Select(n => new LedgerEntry(n, OutcomeKind.Finished, []))],
            new Four(),
            new PlainReinforce(new()),
            0
        );
        var rows = batch.Training.Rows;
        rows.Select(r => r.Hint)
            .ShouldBe([null, "say reply 2; you said reply 1 for -1", null, "say reply 0; you said reply 3 for -1"]);
        batch.Stats(new UpdateReport { Version = 1 })["taught-share"].ShouldBe(0.5);
    }

    private sealed class Asked(string policy, List<int> asked) : Watched(policy)
    {
        public override IReadOnlyList<float[]> Measure(IReadOnlyList<TextQuestion> questions)
        {
            asked.Add(questions.Count);
            return base.Measure(questions);
        }
    }

    private sealed class Four : IGameReader
    {
        public IEnumerable<(long Number, ImmutableArray<GameEvent> Events)> ReadGames(
            IReadOnlyList<LedgerEntry> entries
        ) => entries.Select(e => (e.Game, Of((int)e.Game)));

        public void Dispose() { }

        private static ImmutableArray<GameEvent> Of(int number)
        {
            Utterance Said(int seat) =>
                new()
                {
                    Policy = "student",
                    Version = 0,
                    Text = $"reply {number}",
                    Prompt = [1, seat],
                    Tokens = [7],
                    LogProbs = [-0.5f],
                    Allowed =
                    [
                        [7, 8],
                    ],
                };
            double won = number % 2 == 0 ? 1 : -1;
            return
            [
                new GameStarted("kuhn-poker", new GameSetup(1) { Group = 9 }, ["student", "other"])
                {
                    Chance = won > 0 ? ["deal:K", "deal:J"] : ["deal:J", "deal:K"],
                },
                new MoveMade(0, 0, "check") { Said = Said(0) },
                new MoveMade(1, 1, "check") { Said = Said(1) },
                new GameEnded(new Outcome(OutcomeKind.Finished, [won, -won])),
            ];
        }
    }
}
