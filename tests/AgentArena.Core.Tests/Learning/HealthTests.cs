// Gauges: what collapses is told once, early, with what moved first and where to look; what is well is left alone.
using System.Collections.Immutable;
using AgentArena.Core.Scenarios;
using AgentArena.Learning;

namespace AgentArena.Core.Tests.Learning;

public class HealthTests
{
    [Fact]
    public void A_thinking_collapse_is_told_once_with_what_moved_first()
    {
        var health = new Health(Own());
        var told = new List<Breach>();
        for (var update = 1; update <= 400; update++)
        {
            // Replies of 300 tokens begin to shrink at update 100; entropy follows at 200.
            var length = update < 100 ? 300 : Math.Max(2, 300 * Math.Exp(-(update - 100) / 20.0));
            var entropy = update < 200 ? 1.5 : 1.5 * Math.Exp(-(update - 200) / 10.0);
            told.AddRange(
                health.Observe(
                    update,
                    new Dictionary<string, double>
                    {
                        ["reply-length"] = length,
                        ["entropy"] = entropy,
                        ["gradient-norm"] = 0.1,
                    }
                )
            );
        }
        told.Select(b => b.Gauge).ShouldBe(["reply-length", "entropy"]);
        told[0].Update.ShouldBeInRange(101, 160);
        told[0].Text.ShouldStartWith($"health.reply-length: ");
        told[0].Text.ShouldContain("below 0.25 of the 300 it began at. It is the first gauge to move. Look here: ");
        told[1].Text.ShouldContain($"Before it moved: reply-length (update {told[0].Update}).");
        told.ShouldAllBe(b => b.Then == Alarm.Warn);
    }

    [Fact]
    public void A_steady_run_is_left_alone()
    {
        var health = new Health(Own());
        var stream = new RandomStream(3);
        for (var update = 1; update <= 500; update++)
            health
                .Observe(
                    update,
                    new Dictionary<string, double>
                    {
                        ["reply-length"] = 40 + 10 * stream.NextDouble(),
                        ["entropy"] = 1 - update / 1000.0,
                        ["gradient-norm"] = 0.1 + stream.NextDouble(),
                        ["zero-variance-groups"] = stream.NextDouble(),
                        ["zero-weight-rate"] = 0.5,
                        ["invalid-rate"] = 0.1,
                        ["clip-share"] = 0.1,
                        ["gap-max"] = 1e-5,
                        ["distinct-replies"] = 0.4,
                        ["truncated-rate"] = double.NaN,
                    }
                )
                .ShouldBeEmpty();
    }

    [Fact]
    public void The_scenarios_own_bounds_lie_over_the_standard_ones()
    {
        var health = new Health(
            Own(
                (
                    "entropy",
                    new GaugeSpec
                    {
                        AtLeast = 0.5,
                        After = 0,
                        Keep = 0,
                        Then = Alarm.Stop,
                    }
                ),
                ("reply-length", new GaugeSpec { Then = Alarm.Off }),
                (
                    "won",
                    new GaugeSpec
                    {
                        Metric = "reward/kuhn-poker/player-0",
                        AtMost = 0.1,
                        After = 2,
                        Keep = 0,
                    }
                )
            )
        );
        var figures = new Dictionary<string, double>
        {
            ["entropy"] = 0.4,
            ["reply-length"] = 1,
            ["reward/kuhn-poker/player-0"] = 0.2,
        };
        health.Observe(1, figures).ShouldHaveSingleItem().Then.ShouldBe(Alarm.Stop);
        health.Observe(2, figures).ShouldBeEmpty();
        health.Observe(3, figures).ShouldHaveSingleItem().Gauge.ShouldBe("won");
    }

    [Fact]
    public void State_survives_a_checkpoint()
    {
        var (whole, cut) = (new Health(Own()), new Health(Own()));
        for (var update = 1; update <= 100; update++)
        {
            var figures = new Dictionary<string, double>
            {
                ["entropy"] = Math.Exp(-update / 10.0),
                ["reply-length"] = 10,
            };
            var expected = whole.Observe(update, figures);
            cut.Observe(update, figures).ShouldBe(expected);
            var next = new Health(Own());
            next.Load(System.Text.Json.Nodes.JsonNode.Parse(cut.Save().ToJsonString()));
            cut = next;
        }
        cut.Save().ToJsonString().ShouldBe(whole.Save().ToJsonString());
        cut.Load(null);
        cut.Save().Count.ShouldBe(0);
    }

    [Fact]
    public void A_gauge_without_bounds_is_a_mistake() =>
        Should
            .Throw<ArgumentException>(() => new Health(Own(("mine", new GaugeSpec()))))
            .Message.ShouldBe(
                "mine has no bound. Give it at-least, at-most, at-least-of-start or at-most-of-start, or then = off."
            );

    private static ImmutableSortedDictionary<string, GaugeSpec> Own(params (string Name, GaugeSpec Spec)[] gauges) =>
        gauges.ToImmutableSortedDictionary(g => g.Name, g => g.Spec);
}
