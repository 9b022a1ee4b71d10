// Lagged opponents: one learner plays its newest weights, the others what is certain to be on disk by then.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Configuration;
using AgentArena.Core.Scenarios;
using AgentArena.Learning;

namespace AgentArena.Core.Tests.Learning;

public class LagTests
{
    // The critic learns twice as often as the sneaky seat.
    private static Scenario Duel(string run = """{ "checkpoint-every": 10, "keep-checkpoints": 30 }""")
    {
        var mistakes = new Mistakes();
        var scenario = Scenario.Bind(
            (JsonObject)
                JsonNode.Parse(
                    $$"""
                    {
                      "game": "step-critic", "run": {{run}},
                      "policies": { "critic": { "model": "m", "train": "on", "learn": { "batch": 8, "updates": 300 } }, "sneaky": { "model": "m", "train": "on", "learn": { "batch": 16, "updates": 150 } }, "tool": { "player": "random" } }
                    }
                    """
                )!,
            "scenario",
            mistakes
        );
        mistakes.ThrowIfAny();
        return scenario;
    }

    private static ImmutableArray<string>[] Seats(Lag lag, long number, params string[] seats)
    {
        var scenario = Duel();
        return
        [
            .. Enumerable
                .Range(0, 400)
                .Select(i =>
                {
                    var stream = new RandomStream(RandomStream.Derive(5, "lag", i));
                    return lag.Seat(scenario, number, [.. seats], ref stream);
                }),
        ];
    }

    [Fact]
    public void In_its_share_of_the_games_one_side_is_an_earlier_version()
    {
        // After 416 games the critic has made 51 updates for certain and the sneaky seat 25.
        var dealt = Seats(
            new Lag
            {
                Share = 0.5,
                Every = 10,
                Most = 2,
            },
            416,
            "sneaky",
            "tool",
            "critic"
        );
        dealt
            .Select(s => string.Join(' ', s))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBe(
                [
                    "sneaky tool critic",
                    "sneaky tool critic@40",
                    "sneaky tool critic@50",
                    "sneaky@10 tool critic",
                    "sneaky@20 tool critic",
                ],
                ignoreOrder: false
            );
        dealt.Count(s => s.Any(p => p.Contains('@'))).ShouldBeInRange(160, 240);
    }

    [Fact]
    public void Before_there_is_a_version_and_where_one_learns_alone_nothing_changes()
    {
        Seats(new Lag { Share = 1, Every = 10 }, 80, "sneaky", "critic")
            .ShouldAllBe(s => s.SequenceEqual(new[] { "sneaky", "critic" }));
        Seats(new Lag { Share = 1, Every = 10 }, 4000, "critic", "critic", "tool")
            .ShouldAllBe(s => s.SequenceEqual(new[] { "critic", "critic", "tool" }));
    }

    [Fact]
    public void Versions_must_be_written_and_kept()
    {
        var mistakes = new Mistakes();
        new Lag { Share = 0, Every = 15 }.Check(
            Duel("""{ "checkpoint-every": 10, "keep-checkpoints": 3 }"""),
            "m.lagged",
            mistakes
        );
        mistakes
            .All.Select(m => m.ToString())
            .Distinct()
            .Count(m =>
                m.Contains("m.lagged.share")
                || m.Contains("m.lagged.every: is 15")
                || m.Contains("keep-checkpoints: is 3")
            )
            .ShouldBeGreaterThanOrEqualTo(3);
        mistakes = new Mistakes();
        new Lag { Every = 10 }.Check(Duel(), "m.lagged", mistakes);
        mistakes.ThrowIfAny();
    }
}
