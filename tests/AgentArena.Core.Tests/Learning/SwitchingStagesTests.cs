// Iterative-SPO's switching: thresholds on running means, dwell, patience, and the release's fixed cycle.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using AgentArena.Learning;

namespace AgentArena.Core.Tests.Learning;

public class SwitchingStagesTests
{
    [Fact]
    public void Deciding_ends_when_votes_are_easy_and_clues_end_when_they_are_hard()
    {
        var stages = Make(
            new()
            {
                Clue = "clue",
                Decision = "decision",
                Rho = 0.5,
                Patience = 1000,
                Dwell = 5,
            }
        );
        Dealt(stages).ShouldBe("decision");
        // All right: the mean is 1 - 0.5^n, at least 0.9 from the fourth batch on, and the stage may end after the
        // fifth.
        for (var batch = 1; batch <= 5; batch++)
        {
            Dealt(stages).ShouldBe("decision", $"before batch {batch}");
            Batch(stages, 1, 1, 1);
        }
        Dealt(stages).ShouldBe("clue");
        // A third wrong: the mean of right ones falls from 0.969 towards 2/3, so 1 - acc stays below 0.4 for ever.
        for (var batch = 0; batch < 40; batch++)
            Batch(stages, 1, 1, -1);
        Dealt(stages).ShouldBe("clue");
        Batch(stages, -1, -1, -1);
        Dealt(stages).ShouldBe("decision");
    }

    [Fact]
    public void Withheld_votes_keep_deciding_from_ending_and_end_the_clues()
    {
        var stages = Make(
            new()
            {
                Clue = "clue",
                Decision = "decision",
                Rho = 0,
                Patience = 1000,
                Dwell = 1,
                HardError = 2,
            }
        );
        Batch(stages, 1, 1, 1);
        Dealt(stages).ShouldBe("clue");
        Batch(stages, 1, -0.5);
        Dealt(stages).ShouldBe("decision");
        Batch(stages, 1, 1, 1, 1, 1, 1, 1, 1, -0.5);
        Dealt(stages).ShouldBe("decision"); // 8 of 9 right is not enough
        stages.Figures().ToDictionary(f => f.Name, f => f.Value)["stage/withheld"].ShouldBe(1 / 9.0, 1e-12);
    }

    [Fact]
    public void Patience_ends_a_stage_that_nothing_else_ends()
    {
        var stages = Make(new() { Clue = "clue", Decision = "decision" });
        var dealt = new List<string>();
        for (var batch = 0; batch < 60; batch++)
        {
            dealt.Add(Dealt(stages));
            Batch(stages, -1, 1);
        }
        // Half of the votes right: never easy; a mean that starts at 0 is hard at once, so clues last no longer than
        // they must.
        dealt.ShouldBe([
            .. Enumerable.Repeat("decision", 20),
            .. Enumerable.Repeat("clue", 5),
            .. Enumerable.Repeat("decision", 20),
            .. Enumerable.Repeat("clue", 5),
            .. Enumerable.Repeat("decision", 10),
        ]);
    }

    [Fact]
    public void The_release_alternates()
    {
        var stages = Make(
            new()
            {
                Clue = "clue",
                Decision = "decision",
                Preset = SwitchingStages.Preset.Release,
            }
        );
        var dealt = Enumerable
            .Range(0, 4)
            .Select(_ =>
            {
                var game = Dealt(stages);
                Batch(stages, 1);
                return game;
            });
        dealt.ShouldBe(["decision", "clue", "decision", "clue"]);
    }

    private static readonly MatchContext Two = new(
        Scenario.Bind(
            (JsonObject)
                JsonNode.Parse(
                    """
                    { "games": { "clue": { "rules": "kuhn-poker" }, "decision": { "rules": "kuhn-poker" } }, "policies": { "bot": { "player": "random" } }, "seats": { "player": "bot" }, "learn": { "batch": "2" } }
                    """
                )!,
            "scenario",
            new Mistakes()
        ),
        new Dictionary<string, Game>
        {
            ["clue"] = Standard.Catalog.Games.Create(new Plugin("kuhn-poker"), "g"),
            ["decision"] = Standard.Catalog.Games.Create(new Plugin("kuhn-poker"), "g"),
        }
    );

    private static SwitchingStages Make(SwitchingStages.Options options)
    {
        var stages = new SwitchingStages(options);
        stages.Open(Two);
        return stages;
    }

    private static string Dealt(SwitchingStages stages)
    {
        var stream = new RandomStream(1);
        return stages.Next(Two, 0, ref stream).Game;
    }

    // A batch of two games: the votes are all in the first.
    private static void Batch(SwitchingStages stages, params double[] votes)
    {
        var assignment = new Assignment(0, "clue", new GameSetup(1), ["bot", "bot"]);
        stages.Observe(
            assignment,
            new LedgerEntry(0, OutcomeKind.Finished, [])
            {
                Measures = votes
                    .Select((v, i) => KeyValuePair.Create($"vote/{i + 1}", v))
                    .ToImmutableSortedDictionary(),
            }
        );
        stages.Observe(assignment, new LedgerEntry(1, OutcomeKind.Aborted, []));
    }
}
