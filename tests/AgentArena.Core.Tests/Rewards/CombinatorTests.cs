// Rewards within rewards: gates, bends, trust, noise, counterparts.
using AgentArena.Core.Learning;
using static AgentArena.Core.Tests.Rewards.Rewarding;

namespace AgentArena.Core.Tests.Rewards;

public class CombinatorTests
{
    private const double NaN = double.NaN;
    private const string Judged = """{ "name": "judge-score", "low": 0, "high": 1 }""";

    [Fact]
    public void A_process_counts_only_behind_a_right_outcome()
    {
        var episode = new Table("solver", "solver", "solver", "judge") { Right = "1" }
            .Says(0, "1")
            .Says(1, "2")
            .Says(2, "1")
            .Says(3, "0.8")
            .Says(3, "0.9")
            .Says(3, "?")
            .Ends();
        Make("gate", $$"""{ "of": {{Judged}} }""").ShouldScore(episode, 0.8, 0, NaN, NaN);
        Make("gate", $$"""{ "of": {{Judged}}, "otherwise": -1, "when": { "name": "outcome", "right": 0.4 } }""")
            .ShouldScore(episode, -1, -1, NaN, NaN);
    }

    [Fact]
    public void Closed_gates_hold_credits_back()
    {
        var episode = new Table("solver", "judge") { Right = "1" }
            .Says(0, "1", "a\nb")
            .Says(1, "1 0")
            .Ends();
        Make("gate", """{ "of": "step-credit" }""").Credits(episode, 0).Length.ShouldBe(2);
        Make("gate", """{ "of": "step-credit", "when": { "name": "outcome", "right": 0 } }""")
            .Credits(episode, 0)
            .ShouldBeEmpty();
    }

    [Fact]
    public void Clip_and_delta_bound_what_idle_steps_can_earn()
    {
        double[] Credits(string verdicts, string options) =>
            [
                .. Make("shaped", $$"""{ "of": { "name": "step-credit", "low": -1, "high": 1 }, {{options}} }""")
                    .Credits(
                        new Table("solver", "judge")
                            .Says(0, "x", string.Join('\n', Enumerable.Repeat("step", verdicts.Split(' ').Length)))
                            .Says(1, verdicts)
                            .Ends(),
                        0
                    )
                    .Select(c => Math.Round(c.Score, 6)),
            ];
        Credits("0.9 0.2 0.6", "\"shift\": -0.5, \"max\": 0").ShouldBe([0, -0.3, 0]);
        Credits("0.9 0.2 0.6", "\"delta\": \"on\"").ShouldBe([0.7, -0.4, 0.6]);
        Credits("0.9 0.9 0.9 0.9", "\"delta\": \"on\"")
            .Sum()
            .ShouldBe(0.9, 1e-9, "repeating a liked step earns nothing");
        Credits("0.9 0.9 0.9 0.9", "\"scale\": 1").Sum().ShouldBe(3.6, 1e-9);
    }

    [Fact]
    public void Annealing_goes_by_the_version_that_spoke()
    {
        var reward = Make("shaped", """{ "of": "outcome", "from": 0.3, "steps": 100 }""");
        reward.ShouldScore(
            new Table("solver", "solver", "solver") { Right = "1" }
                .Says(0, "1")
                .Says(1, "1", version: 100)
                .Says(2, "1", version: 200)
                .Ends(),
            0.3,
            0.3 / Math.E,
            0.3 / (Math.E * Math.E)
        );
        Make("shaped", """{ "of": "outcome", "scale": 2, "shift": -1 }""")
            .ShouldScore(
                new Table("solver", "judge") { Right = "1" }
                    .Says(0, "2")
                    .Ends(),
                -1,
                NaN
            );
    }

    [Fact]
    public void A_judge_that_prefers_wrong_answers_is_trusted_less()
    {
        Table Seats(params string[] judge)
        {
            var table = new Table("solver", "solver", "solver", "judge") { Right = "1" }
                .Says(0, "1")
                .Says(1, "2")
                .Says(2, "2");
            foreach (var verdict in judge)
                table.Says(3, verdict);
            return table;
        }
        var reward = Make("trust", $$"""{ "of": {{Judged}} }""");
        reward.ShouldScore(Seats("0.8", "0.5", "0.7").Ends(), 0.8, 0.5, 0.7, NaN);
        var trust = Math.Exp(0.2 - 0.6);
        reward.ShouldScore(Seats("0.2", "0.5", "0.7").Ends(), 0.2 * trust, 0.5 * trust, 0.7 * trust, NaN);
        reward.ShouldScore(
            new Table("solver", "solver", "judge") { Right = "1" }
                .Says(0, "2")
                .Says(1, "2")
                .Says(2, "0.9")
                .Says(2, "0.8")
                .Ends(),
            0.9,
            0.8,
            NaN
        );
    }

    [Fact]
    public void Noise_is_as_frequent_as_it_is_told_and_the_same_when_scored_again()
    {
        const string options = """{ "rate": 0.25, "seed": 5 }""";
        var flipped = 0;
        for (var game = 0; game < 2000; game++)
        {
            var episode = new Table("solver") { Right = "1", Number = game }
                .Says(0, "1")
                .Ends();
            var score = Make("noise", options).Score(episode).Single();
            Make("noise", options).Score(episode).Single().ShouldBe(score);
            if (score == 0)
                flipped++;
        }
        flipped.ShouldBeInRange(440, 560); // 500 in the mean, deviation 19
        Make("noise", """{ "rate": 1 }""")
            .ShouldScore(
                new Table("solver", "solver", "judge") { Right = "1" }
                    .Says(0, "1")
                    .Says(1, "2")
                    .Ends(),
                0,
                1,
                NaN
            );
        var coins = Enumerable
            .Range(0, 400)
            .Select(n =>
                Make("noise", """{ "rate": 1, "form": "coin" }""")
                    .Score(
                        new Table("solver") { Right = "1", Number = n }
                            .Says(0, "1")
                            .Ends()
                    )
                    .Single()
            )
            .ToArray();
        coins.Average().ShouldBe(0.5, 0.1);
    }

    [Theory]
    [InlineData("opposite", -0.25)]
    [InlineData("complement", 0.75)]
    [InlineData("same", 0.25)]
    [InlineData("barely", 0)]
    public void The_other_side_is_paid_for_what_one_side_got(string form, double expected)
    {
        var episode = new Table("proposer", "solver", "solver", "solver", "solver") { Right = "1" }
            .Says(1, "1")
            .Says(2, "2")
            .Says(3, "2")
            .Mumbles(4, "")
            .Ends();
        Make("counterpart", $$"""{ "form": "{{form}}" }""").ShouldScore(episode, expected, NaN, NaN, NaN, NaN);
    }

    [Fact]
    public void Barely_provable_is_solved_but_seldom()
    {
        double Of(int right)
        {
            var table = new Table(["proposer", .. Enumerable.Repeat("solver", 16)]) { Right = "1" };
            for (var seat = 1; seat <= 16; seat++)
                table.Says(seat, seat <= right ? "1" : "2");
            return Make("counterpart", """{ "form": "barely" }""").Score(table.Ends())[0];
        }
        new[] { 0, 1, 3, 4, 16 }.Select(Of).ShouldBe([0, 1, 1, 0, 0]);
    }

    [Fact]
    public void Nothing_is_said_where_nobody_answered() =>
        Make("counterpart").ShouldScore(new Table("proposer", "solver") { Right = "1" }.Ends(), NaN, NaN);
}
