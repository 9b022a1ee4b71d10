// Agreement, length, second tries, likelihood and step credit: the published numbers, and what each keeps silent about.
using AgentArena.Core.Learning;
using static AgentArena.Core.Tests.Rewards.Rewarding;

namespace AgentArena.Core.Tests.Rewards;

public class SignalTests
{
    private const double NaN = double.NaN;

    [Fact]
    public void The_majority_is_right_and_equal_answers_are_one()
    {
        var episode = new Table("solver", "solver", "solver", "solver", "solver")
            .Says(0, "3")
            .Says(1, "0.5")
            .Says(2, @"\boxed{1/2}")
            .Mumbles(3, "")
            .Says(4, "4")
            .Ends();
        Make("agreement").ShouldScore(episode, 0, 1, 1, 0, 0);
        Make("agreement", """{ "by-value": "off" }""").ShouldScore(episode, 1, 0, 0, 0, 0);
        Make("agreement", """{ "rewarded": 2 }""").ShouldScore(episode, 0, 1, NaN, NaN, NaN);
        Make("agreement", """{ "form": "share" }""").ShouldScore(episode, 0.2, 0.4, 0.4, 0, 0.2);
    }

    [Fact]
    public void A_group_that_is_too_sure_or_too_torn_is_left_out()
    {
        var sure = new Table("solver", "solver").Says(0, "3").Says(1, "3").Ends();
        var torn = new Table("solver", "solver").Says(0, "3").Says(1, "4").Ends(); // ln 2 = 0.693 nats
        const string band = """{ "form": "share", "low": 0.1, "high": 0.69 }""";
        Make("agreement", band).ShouldScore(sure, NaN, NaN);
        Make("agreement", band).ShouldScore(torn, NaN, NaN);
        Make("agreement", band.Replace("0.69", "0.7")).ShouldScore(torn, 0.5, 0.5);
    }

    [Fact]
    public void Paraphrases_label_each_other()
    {
        var episode = new Table("solver", "solver", "other", "other", "other")
            .Says(0, "3")
            .Says(1, "4")
            .Says(2, "4")
            .Says(3, "4")
            .Says(4, "3")
            .Ends();
        Make("agreement", """{ "form": "cross", "other": "other" }""").ShouldScore(episode, 0, 1, 0, 0, 1);
        var silent = new Table("solver", "other").Says(0, "3").Mumbles(1, "").Ends();
        Make("agreement", """{ "form": "cross", "other": "other" }""").ShouldScore(silent, 0, 0);
    }

    [Theory]
    [InlineData(16384, 0)]
    [InlineData(18432, -0.5)]
    [InlineData(20480, -1)]
    [InlineData(30000, -1)]
    public void Only_the_last_stretch_costs(int tokens, double expected) =>
        Make("length").ShouldScore(new Table("solver").Says(0, "1", tokens: tokens).Ends(), expected);

    [Fact]
    public void Brevity_pays_by_a_line_a_cosine_or_the_group()
    {
        var episode = new Table("solver", "solver", "solver", "judge") { Right = "1" }
            .Says(0, "1", tokens: 20)
            .Says(1, "1", tokens: 60)
            .Says(2, "2", tokens: 100)
            .Plays(3, "1")
            .Ends();
        Make("length", """{ "form": "linear", "max": 80 }""").ShouldScore(episode, -0.25, -0.75, -1, NaN);
        // Right: 1 + (1 + cos(pi L/max))/2. Wrong: from -10 to 0. At max: -10.
        Make("length", """{ "form": "cosine", "max": 120 }""")
            .ShouldScore(
                episode,
                1 + (1 + Math.Cos(Math.PI / 6)) / 2,
                1.5,
                -10 * (1 + Math.Cos(Math.PI * 5 / 6)) / 2,
                NaN
            );
        Make("length", """{ "form": "cosine", "max": 60 }""").ShouldScore(episode, 1.75, -10, -10, NaN);
        // Lambda = 1/2 - (L - 20)/80: .5, 0, -.5; a wrong reply never gains.
        Make("length", """{ "form": "group" }""").ShouldScore(episode, 0.5, 0, -0.5, NaN);
        Make("length", """{ "form": "group" }""")
            .ShouldScore(
                new Table("solver", "solver") { Right = "1" }
                    .Says(0, "2", tokens: 20)
                    .Says(1, "1", tokens: 100)
                    .Ends(),
                0,
                -0.5
            );
    }

    [Fact]
    public void A_second_try_is_paid_for_its_gain()
    {
        var mended = new Table("solver", "solver", "solver", "solver") { Right = "4" }
            .Says(0, "5")
            .Says(0, "4")
            .Says(1, "4")
            .Says(1, "5")
            .Says(2, "4")
            .Says(2, "4")
            .Says(3, "4")
            .Ends();
        Make("self-correction").ShouldScore(mended, 0 + 1 + 10, 1 + 0 - 10, 2, NaN);
        Make("self-correction", """{ "first": 0, "alpha": 0 }""").ShouldScore(mended, 1, 0, 1, NaN);
        var dense = Make("self-correction", """{ "dense": "on" }""");
        dense.ShouldScore(mended, 0, 0, 0, NaN);
        dense.Credits(mended, 0).ShouldBe([new Credit(0, 0, 1, 0), new Credit(1, 0, 1, 11)]);
    }

    [Fact]
    public void Last_tokens_say_right_at_one_and_wrong_at_zero()
    {
        var episode = new Table("solver", "solver", "solver").Event("last", 0, -13).Event("last", 1, -23).Ends();
        Make("likelihood", """{ "form": "last-token", "measure": "last" }""").ShouldScore(episode, 1, 0, NaN);
    }

    [Fact]
    public void A_reference_answer_counts_beyond_what_it_is_worth_without_reasoning()
    {
        double ln(double p) => Math.Log(p);
        var episode = new Table("solver", "solver")
            .Event("answer", 0, ln(0.9), ln(0.5))
            .Event("bare", 0, ln(0.3), ln(0.1))
            .Event("answer", 1, ln(0.1))
            .Event("bare", 1, ln(0.6))
            .Ends();
        Make("likelihood", """{ "form": "reference", "measure": "answer", "bare": "bare" }""")
            .ShouldScore(episode, 0.7 - 0.2, 0);
        Make("likelihood", """{ "form": "reference", "measure": "answer" }""").ShouldScore(episode, 0.7, 0.1);
        Make("likelihood", """{ "form": "mean", "measure": "answer" }""").ShouldScore(episode, ln(0.45) / 2, ln(0.1));
        Make("likelihood", """{ "form": "reference", "measure": "answer", "bare": "nobody-measured-it" }""")
            .ShouldScore(episode, NaN, NaN);
    }

    [Fact]
    public void Tokens_that_reasoning_decides_count()
    {
        // Token 0 is -1 whoever reasoned, token 1 varies: all weight is on it. Where nothing varies all count alike.
        var episode = new Table("solver", "solver", "other", "other")
            .Event("answer", 0, -1, -2)
            .Event("answer", 1, -1, -4)
            .Event("answer", 2, -1, -2)
            .Event("answer", 3, -1, -2)
            .Ends();
        Make("likelihood", """{ "form": "reflection", "measure": "answer" }""")
            .ShouldScore(episode, -2, -4, -1.5, -1.5);
        // Deviations 1 and 3: weights 1/4 and 3/4.
        Make("likelihood", """{ "form": "reflection", "measure": "answer" }""")
            .ShouldScore(
                new Table("solver", "solver").Event("answer", 0, -1, -2).Event("answer", 1, -3, -8).Ends(),
                -0.25 - 1.5,
                -0.75 - 6
            );
    }

    [Fact]
    public void Confidence_is_read_off_what_was_sampled()
    {
        var half = (float)Math.Log(0.5);
        var episode = new Table("solver", "solver")
            .Says(0, "42", "so, 42", logProbs: [-9, -9, half, 0], ends: [2, 4, 5, 6])
            .Says(1, "42", "42", logProbs: [half])
            .Ends();
        Make("likelihood", """{ "form": "confidence" }""").ShouldScore(episode, 0.75, 0.5);
        // With the question ppl 2, without it 8: the question took three quarters of it away.
        var aligned = new Table("solver")
            .Says(0, "42", logProbs: [half, half])
            .Event("bare", 0, 3 * half, 3 * half)
            .Ends();
        Make("likelihood", """{ "form": "aligned", "bare": "bare" }""").ShouldScore(aligned, 0.75);
    }

    [Fact]
    public void Steps_are_credited_by_their_verdicts()
    {
        var episode = new Table("solver", "judge")
            .Says(0, "4", "2+2\n=5\n\nso 4")
            .Says(1, "<score>1</score><score>0</score><score>1</score>")
            .Ends();
        var credits = Make("step-credit").Credits(episode, 0);
        credits.ShouldBe([new Credit(0, 0, 4, 1), new Credit(0, 4, 7, -1), new Credit(0, 8, 12, 1)]);
        Make("step-credit").ShouldScore(episode, 0, NaN);
        Make("step-credit").Credits(episode, 1).ShouldBeEmpty();
        var first = new Table("solver", "judge")
            .Says(0, "4", "2+2\n=5\nso 4")
            .Says(1, "the first wrong step is 2")
            .Ends();
        Make("step-credit", """{ "form": "first" }""").Credits(first, 0).Select(c => c.Score).ShouldBe([1, -1, -1]);
    }

    [Fact]
    public void A_right_solution_comes_nearer_step_by_step()
    {
        // v_k = max(0, v + (1 - v) r/m) with m steps to go: all right gives k/K; a wrong step takes its share back.
        double[] Values(string verdicts) =>
            [
                .. Make("step-credit", """{ "form": "progress" }""")
                    .Credits(new Table("solver", "judge").Says(0, "x", "a\nb\nc\nd").Says(1, verdicts).Ends(), 0)
                    .Select(c => Math.Round(c.Score, 6)),
            ];
        Values("1 1 1 1").ShouldBe([0.25, 0.5, 0.75, 1]);
        Values("1 0 1 1").ShouldBe([0.25, 0, 0.5, 1]);
        Values("0 1").ShouldBe([0, 0.333333]);
    }
}
