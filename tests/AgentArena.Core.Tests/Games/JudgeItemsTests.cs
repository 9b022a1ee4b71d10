// SPARK's items: which item is made of which group, in which shares and order, who is paid for what, and where the
// groups come from.
using AgentArena.Core.Play;
using AgentArena.Games.Questions;

namespace AgentArena.Core.Tests.Games;

public class JudgeItemsTests
{
    private static GradedGroup Group(params string[] answers) =>
        new("What is 3 + 4?", "7", [.. answers.Select(a => new GradedAnswer($"I think \\boxed{{{a}}}", a == "7"))]);

    private static JudgedItem[] Drawn(GradedGroup group, int count = 2000)
    {
        var stream = new RandomStream(3);
        return [.. Enumerable.Range(0, count).Select(_ => JudgedItem.ToJudge(group, 0.3, ref stream))];
    }

    private static Game Judge(string options = """{"samples":3}""") => Tables.Open("judge-items " + options);

    private static JudgeItemsState Start(Game game, GradedGroup group, ulong seed = 1) =>
        (JudgeItemsState)game.Start(new(seed, TaskJson.Deal([TaskJson.Write(group)])));

    private static Outcome Say(Game game, GameState state, params string[] moves)
    {
        foreach (var move in moves)
        {
            var turn = game.Turns(state)[0];
            if (move != "!")
                game.Check(state, turn, new(move)).ShouldBeNull(move);
            state =
                move == "!"
                    ? game.Apply(state, new SeatForfeited(turn.Id, turn.Seat, "babble"))
                    : game.Play(state, turn, new(move));
        }
        return game.Outcome(state)!;
    }

    [Fact]
    public void Of_groups_that_agree_one_answer_is_judged()
    {
        Drawn(Group("7", "7", "7"))
            .ShouldAllBe(i => i.Kind == ItemKind.Pointwise && i.Label == "correct" && i.Shown.Single() == "7");
        var wrong = Drawn(Group("5", "6"));
        wrong.ShouldAllBe(i => i.Kind == ItemKind.Pointwise && i.Label == "incorrect");
        wrong.Count(i => i.Shown[0] == "5").ShouldBeInRange(900, 1100);
    }

    [Fact]
    public void Of_mixed_groups_three_in_ten_are_single_and_pairs_stand_in_random_order()
    {
        var items = Drawn(Group("7", "5", "7", "6", "5", "5"), 4000);
        var single = items.Where(i => i.Kind == ItemKind.Pointwise).ToArray();
        single.Length.ShouldBeInRange(1080, 1320); // 1200 +- 29: four standard deviations
        // right or wrong alike, though two of three are wrong
        single.Count(i => i.Label == "correct").ShouldBeInRange(single.Length * 9 / 20, single.Length * 11 / 20);
        single.ShouldAllBe(i => i.Label == (i.Shown.Single() == "7" ? "correct" : "incorrect"));
        var pairs = items.Where(i => i.Kind == ItemKind.Pairwise).ToArray();
        pairs.Length.ShouldBe(items.Length - single.Length);
        pairs.ShouldAllBe(i =>
            i.Shown.Length == 2 && i.Shown.Count(s => s == "7") == 1 && i.Shown[i.Label == "first" ? 0 : 1] == "7"
        );
        pairs.Count(i => i.Label == "first").ShouldBeInRange(pairs.Length * 9 / 20, pairs.Length * 11 / 20);
    }

    [Fact]
    public void Half_of_the_wrong_answers_are_mended_from_the_whole_reply()
    {
        var stream = new RandomStream(3);
        var items = Enumerable
            .Range(0, 2000)
            .Select(_ => JudgedItem.ToMend(Group("7", "5", "6"), 0.5, ref stream)!)
            .ToArray();
        items.ShouldAllBe(i =>
            i.Kind == ItemKind.Reflection && i.Label == "7" && (i.Shown[0].Contains('5') || i.Shown[0].Contains('6'))
        );
        items.Count(i => i.Shown[0].StartsWith("I think", StringComparison.Ordinal)).ShouldBeInRange(900, 1100);
        items.Count(i => i.Shown[0].Contains('5')).ShouldBeInRange(900, 1100);
        JudgedItem.ToMend(Group("7", "7"), 0.5, ref stream).ShouldBeNull();
    }

    [Fact]
    public void Each_seat_is_paid_for_its_own_verdict()
    {
        var game = Judge();
        var state = Start(game, Group("5", "5"));
        Tables.View(game.Turns(state)[0]).ShouldEndWith("Board: What is 3 + 4?\nanswer: 5");
        game.Turns(state).Select(t => Tables.View(t)).Distinct().Count().ShouldBe(1, "all seats have the same item");
        var outcome = Say(game, state, "incorrect", "correct", "!");
        outcome.Payoffs.ShouldBe([1, 0, 0]);
        outcome
            .Measures.Where(m => !m.Key.Contains('/'))
            .ToDictionary(m => m.Key, m => m.Value)
            .ShouldBe(
                new Dictionary<string, double>
                {
                    ["formed"] = 2 / 3.0,
                    ["right"] = 1 / 3.0,
                    ["right-on-wrong"] = 1 / 3.0,
                    ["right-pointwise"] = 1 / 3.0,
                },
                ignoreOrder: true
            );
        outcome.Note.ShouldBe("pointwise: 1 of 3 were right");
    }

    [Fact]
    public void Pairs_count_how_often_the_first_is_named()
    {
        var game = Judge("""{"samples":2,"pointwise":0}""");
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var state = Start(game, Group("7", "5"), seed);
            var outcome = Say(game, state, "first", "first");
            outcome.Payoffs.ShouldBe(state.Item.Label == "first" ? [1, 1] : [0, 0]);
            (outcome.Measures["said-first"], outcome.Measures["right-pairwise"]).ShouldBe((1, outcome.Payoffs[0]));
        }
    }

    [Fact]
    public void A_mended_answer_counts_by_its_value()
    {
        var game = Judge("""{"do":"reflect","samples":4}""");
        game.Facts.Roles.ShouldAllBe(r => r == "reflector");
        var outcome = Say(game, Start(game, Group("7", "5")), "7.0", "so \\boxed{7}", "8", "!");
        outcome.Payoffs.ShouldBe([1, 1, 0, 0]);
        outcome.Measures["right-reflection"].ShouldBe(0.5);
        Should.Throw<InvalidOperationException>(() => Start(game, Group("7"))).Message.ShouldContain("recycling");
        Should.Throw<InvalidOperationException>(() => Start(game, Group())).Message.ShouldContain("no answers");
    }

    [Fact]
    public void A_group_of_graded_answers_is_what_word_problem_hands_on()
    {
        var game = Tables.Open(
            """word-problem {"recycle":"on","solvers":4,"problems":[{"question":"What is 3 + 4?","answer":"7"}]}"""
        );
        var state = game.Start(new(1));
        Tables.View(game.Turns(state)[0]).ShouldContain(@"\boxed{…}");
        var product = Say(game, state, @"3 and 4 are \boxed{7}", "!", "8", "7").Product;
        var group = TaskJson.Read<GradedGroup>(product)!;
        (group.Question, group.Answer).ShouldBe(("What is 3 + 4?", "7"));
        group.Answers.ShouldBe([new(@"3 and 4 are \boxed{7}", true), new("8", false), new("7", true)]);
        Say(game, state, "!", "!", "!", "!").Product.ShouldBeNull();
        // It is what the other game is dealt.
        Judge()
            .Start(new(1, TaskJson.Deal([product!])))
            .ShouldBeOfType<JudgeItemsState>()
            .Item.Question.ShouldBe("What is 3 + 4?");
        var plain = Tables.Open("""word-problem {"solvers":1}""");
        Say(plain, plain.Start(new(1)), "7").Product.ShouldBeNull();
    }

    [Theory]
    [InlineData("judge-items", """{"samples":0}""", "samples")]
    [InlineData("judge-items", """{"pointwise":1.5}""", "pointwise")]
    [InlineData("questions", """{"recycle":"on"}""", "recycle")]
    public void Options_out_of_range_are_named(string game, string options, string name) =>
        Should
            .Throw<Core.Configuration.ScenarioException>(() => Tables.Open($"{game} {options}"))
            .Message.ShouldContain(name);
}
