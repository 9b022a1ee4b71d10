// Right answers in many dresses, wrong ones, none; forms of replies; verdicts of judges and how true they were.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using static AgentArena.Core.Tests.Rewards.Rewarding;

namespace AgentArena.Core.Tests.Rewards;

public class OutcomeTests
{
    private const double NaN = double.NaN;

    [Theory]
    [InlineData("""{}""", "1/2", @"the area is \boxed{0.5}", 1)]
    [InlineData("""{}""", "1/2", "0.6", 0)]
    [InlineData("""{}""", "3 km", @"\boxed{3\,\text{km}}", 1)]
    [InlineData("""{}""", "3 km", "3 m", 0)]
    [InlineData("""{ "compare": "exact" }""", "ab", "ab ", 0)]
    [InlineData("""{ "compare": "text" }""", "New  York", "new york", 1)]
    [InlineData("""{ "compare": "number", "tolerance": 0.01 }""", "100", "about 100.9", 1)]
    [InlineData("""{ "compare": "number", "tolerance": 0.01 }""", "100", "102", 0)]
    [InlineData("""{ "compare": "number", "tolerance": 0.01 }""", "100", "none", 0)]
    public void The_last_answer_is_held_against_the_right_one(
        string options,
        string right,
        string move,
        double expected
    ) =>
        Make("outcome", options)
            .ShouldScore(
                new Table("solver") { Right = right }
                    .Says(0, "7777")
                    .Says(0, move)
                    .Ends(),
                expected
            );

    [Fact]
    public void Right_answers_come_from_the_task_or_the_scenario_too()
    {
        var task = """{ "problem": { "answers": ["2", "-2"] } }""";
        var one = Make("outcome", """{ "field": "problem.answers" }""");
        one.ShouldScore(
            new Table("solver", "solver", "solver") { Task = task }
                .Says(0, "-2")
                .Says(1, "4")
                .Says(2, "2")
                .Ends(),
            1,
            0,
            1
        );
        var all = Make("outcome", """{ "field": "problem.answers", "all": "on" }""");
        all.ShouldScore(
            new Table("solver", "solver", "solver") { Task = task }
                .Says(0, "-2, 2")
                .Says(1, "2")
                .Says(2, "2, -2, 3")
                .Ends(),
            1,
            0,
            0
        );
        Make("outcome", """{ "answers": ["red", "blue"], "all": "on", "compare": "text" }""")
            .ShouldScore(new Table("solver", "solver").Says(0, "Blue; red").Says(1, "red; red").Ends(), 1, 0);
        Make("outcome", """{ "field": "none" }""")
            .ShouldScore(
                new Table("solver") { Task = task }
                    .Says(0, "2")
                    .Ends(),
                NaN
            );
        Make("outcome", """{ "field": "none" }""")
            .ShouldScore(
                new Table("solver") { Task = "free text" }
                    .Says(0, "2")
                    .Ends(),
                NaN
            );
    }

    [Fact]
    public void Absolute_zeros_solver_values()
    {
        // Right 1, wrong but well-formed -0.5, format error -1; a seat that was never asked is not spoken of.
        var reward = Make("outcome", """{ "mark": "boxed", "wrong": -0.5, "missing": -1 }""");
        var episode = new Table("solver", "solver", "solver", "solver", "judge") { Right = "7" }
            .Says(0, "7", @"so \boxed{7}")
            .Says(1, "8", @"so \boxed{8}")
            .Says(2, "7", "so 7")
            .Mumbles(3, "hm")
            .Ends();
        reward.ShouldScore(episode, 1, -0.5, -1, -1, NaN);
    }

    [Fact]
    public void Every_reply_is_credited_where_it_is_dense()
    {
        var episode = new Table("solver", "solver") { Right = "4" }
            .Says(0, "5")
            .Plays(1, "4")
            .Says(0, "4", "it is 4")
            .Ends();
        var reward = Make("outcome", """{ "dense": "on" }""");
        reward.Credits(episode, 0).ShouldBe([new Credit(0, 0, 1, 0), new Credit(1, 0, 7, 1)]);
        reward.Credits(episode, 1).ShouldBeEmpty("a bot has no reply to credit");
        reward.ShouldScore(episode, 1, 1);
        Make("outcome").Credits(episode, 0).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a <answer>1</answer>", 1)]
    [InlineData("<answer>1</answer> or <answer>2</answer>", 0.5)]
    [InlineData("<answer>1", 0)]
    [InlineData("</answer>1<answer>", 0)]
    [InlineData("1", 0)]
    [InlineData(" ", 0.5)]
    public void Pairs_of_tags_as_multi_agent_evolve_counts_them(string reply, double expected) =>
        Make("format").ShouldScore(new Table("solver").Says(0, "1", reply).Ends(), expected);

    [Theory]
    [InlineData("<score>1</score><score>2</score><score>3</score>", 1)]
    [InlineData("<score>1</score><score>2</score>", 0)]
    [InlineData("<score>1</score><score>2</score><score>3</score><score>4</score>", 0.5)]
    public void Judges_of_multi_agent_evolve_owe_three_pairs(string reply, double expected) =>
        Make("format", """{ "tag": "score", "pairs": 3 }""")
            .ShouldScore(new Table("judge").Says(0, "1", reply).Ends(), expected);

    [Theory]
    [InlineData("first this</think><answer>that</answer>", 1)]
    [InlineData("first this</think>\n<answer>that</answer>\n", 1)]
    [InlineData("first</think> so <answer>that</answer>", -1)]
    [InlineData("first</think><answer>that</answer> then", -1)]
    [InlineData("first</think></think><answer>that</answer>", -1)]
    [InlineData("</think><answer>that</answer>", -1)]
    [InlineData("first</think><answer> </answer>", -1)]
    public void Hidden_thoughts_close_as_self_redteam_asks(string reply, double expected) =>
        Make("format", """{ "closing": "on", "wrong": -1 }""")
            .ShouldScore(new Table("defender").Says(0, "that", reply).Ends(), expected);

    [Fact]
    public void A_judges_points_are_normalised_to_one()
    {
        // 10 is 1, 1 is 0, 5.5 is a half; a fraction is a number; the last number counts where there is no tag.
        var episode = new Table("solver", "solver", "solver", "solver", "judge")
            .Says(0, "a")
            .Says(1, "b")
            .Says(2, "c")
            .Says(3, "d")
            .Says(4, "7 of 8? no: <score>10</score>")
            .Says(4, "<score>1</score>")
            .Says(4, "on the whole 11/2")
            .Says(4, "no idea")
            .Ends();
        Make("judge-score").ShouldScore(episode, 1, 0, 0.5, NaN, NaN);
        Make("judge-score", """{ "missing": 0.5 }""").ShouldScore(episode, 1, 0, 0.5, 0.5, NaN);
    }

    [Fact]
    public void Several_judges_and_rounds_are_averaged_and_the_critic_gets_the_rest()
    {
        // Scores of 1 to 3: solutions get (t - 1)/2, who faults them 1 - that.
        var episode = new Table("solver", "critic", "judge", "judge")
            .Says(0, "s")
            .Says(1, "e")
            .Says(3, "<score>2</score>")
            .Says(2, "<score>3</score>")
            .Ends();
        Make("judge-score", """{ "low": 1, "high": 3 }""").ShouldScore(episode, 0.75, NaN, NaN, NaN);
        Make("judge-score", """{ "low": 1, "high": 3, "to": "critic", "opposite": "on" }""")
            .ShouldScore(episode, NaN, 0.25, NaN, NaN);
        Make("judge-score", """{ "form": "rubric", "low": 0, "high": 1, "weights": [0.5, 0.5] }""")
            .ShouldScore(
                new Table("solver", "solver", "judge")
                    .Says(2, "<score>1</score> but <score>0.5</score>")
                    .Says(2, "<score>1</score>")
                    .Ends(),
                0.75,
                NaN,
                NaN
            );
    }

    [Fact]
    public void A_pair_has_a_winner_and_the_order_can_be_undone()
    {
        var fair = new Table("solver", "solver", "judge").Says(2, "A").Says(2, "2").Ends();
        Make("judge-score", """{ "form": "pair" }""").ShouldScore(fair, 0, 0, NaN);
        Make("judge-score", """{ "form": "pair", "swapped": "on" }""").ShouldScore(fair, 1, -1, NaN);
        Make("judge-score", """{ "form": "pair" }""")
            .ShouldScore(new Table("solver", "solver", "judge").Says(2, "3").Ends(), NaN, NaN, NaN);
    }

    [Fact]
    public void Verdicts_are_paid_by_the_truth()
    {
        var episode = new Table("solver", "solver", "judge", "judge")
            .Measures("correct/0", 1)
            .Measures("correct/1", 0)
            .Says(2, "correct", "it adds up, so correct")
            .Says(3, "Correct", "it adds up, so correct")
            .Ends();
        Make("judge-accuracy").ShouldScore(episode, NaN, NaN, 1, 0);
        Make("judge-accuracy", """{ "wrong": -0.5, "missing": -1, "shortest": 23 }""")
            .ShouldScore(episode, NaN, NaN, -1, -1);
        Make("judge-accuracy", """{ "wrong": -0.5, "missing": -1, "shortest": 22 }""")
            .ShouldScore(episode, NaN, NaN, 1, -0.5);
        // A lone judge of both, unreadable once; then graded by distance.
        var lone = new Table("solver", "solver", "judge")
            .Measures("correct", 0.5)
            .Says(2, "0.75")
            .Mumbles(2, "?")
            .Ends();
        Make("judge-accuracy", """{ "form": "distance", "missing": -1 }""").ShouldScore(lone, NaN, NaN, (0.75 - 1) / 2);
        Make("judge-accuracy", """{ "truth": "worth" }""").ShouldScore(lone, NaN, NaN, NaN);
    }

    [Fact]
    public void Bad_options_are_told_with_their_place()
    {
        var mistakes = new Mistakes();
        Standard
            .Catalog.Rewards.Create(
                new Plugin("judge-score", new() { ["low"] = "2", ["high"] = "2" }),
                "r[0]",
                mistakes
            )
            .ShouldBeNull();
        Standard
            .Catalog.Rewards.Create(
                new Plugin("gate", new() { ["of"] = "payof", ["when"] = "outcome" }),
                "r[1]",
                mistakes
            )
            .ShouldBeNull();
        Standard.Catalog.Rewards.Create(new Plugin("gate", new()), "r[2]", mistakes).ShouldBeNull();
        mistakes
            .All.Select(m => m.ToString())
            .ShouldSatisfyAllConditions(
                all => all.ElementAt(0).ShouldBe("r[0]: high is 2 and low 2; high should be above low."),
                all => all.ElementAt(1).ShouldStartWith("r[1].of.name: unknown reward 'payof'"),
                all => all.ElementAt(2).ShouldStartWith("r[2].of: is missing")
            );
    }
}
