// Sums: what is drawn, what counts as right, what is measured, and what digits earn.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Games.Bots;
using AgentArena.Games.Reasoning;

namespace AgentArena.Core.Tests.Games;

public class ArithmeticTests
{
    [Fact]
    public void Problems_have_the_picked_length_and_stay_in_their_split()
    {
        var (train, test) = (Open("""{ "solvers": 1 }"""), Open("""{ "solvers": 1, "split": "test" }"""));
        for (ulong seed = 1; seed <= 300; seed++)
            foreach (var (game, heldOut) in new[] { (train, false), (test, true) })
                for (var digits = 1; digits <= 4; digits++)
                {
                    var turn = Solving(game, seed, digits)[0];
                    var (a, b) = Numbers(turn);
                    foreach (var number in new[] { a, b })
                        number.ToString().Length.ShouldBe(digits);
                    turn.Observation[1].Text.Length.ShouldBe(9, "every problem is shown in the same places");
                    if (digits > 1)
                        Arithmetic.IsHeldOut(a, b, digits).ShouldBe(heldOut);
                    string.Concat(turn.Suggestions[0].Reverse()).ShouldBe((a + b).ToString().PadLeft(digits + 1, '0'));
                    turn.TokenBudget.ShouldBe(digits + 1);
                }
    }

    [Fact]
    public void One_problem_in_eight_is_held_out_whichever_number_comes_first()
    {
        var held = 0;
        for (var a = 10; a < 100; a++)
        for (var b = 10; b < 100; b++)
        {
            Arithmetic.IsHeldOut(a, b, 2).ShouldBe(Arithmetic.IsHeldOut(b, a, 2));
            if (Arithmetic.IsHeldOut(a, b, 2))
                held++;
        }
        (held / 8100.0).ShouldBe(0.125, 0.012);
        Enumerable.Range(0, 100).ShouldAllBe(n => !Arithmetic.IsHeldOut(n / 10, n % 10, 1));
    }

    [Fact]
    public void Right_digits_and_right_sums_are_counted()
    {
        var game = Open("""{ "solvers": 4, "classes": [2] }""");
        var asked = Solving(game, 7, 2);
        var right = asked[0].Suggestions[0];
        var near = right[..2] + (right[2] == '0' ? '1' : '0');
        var outcome = Answer(game, 7, 2, right, near, right, null);
        outcome.Payoffs.ShouldBe([1, 1, 0, 1, 0]);
        outcome.Measures["solved"].ShouldBe(0.5);
        outcome.Measures["graded"].ShouldBe((1 + 2.0 / 3 + 1) / 4, 1e-12);
        outcome.Measures["graded/2"].ShouldBe(2.0 / 3, 1e-12);
        outcome.Measures["formed"].ShouldBe(0.75);
        (outcome.Measures["digits"], outcome.Measures["solved-2"], outcome.Measures["picked"]).ShouldBe((2, 0.5, 1));
        foreach (var bad in new[] { "", "1", right + "0", "12x", "1 2" })
            game.Read(asked[0], bad).ShouldBeNull(bad);
        game.Read(asked[0], $" {right}\n")!.Value.Text.ShouldBe(right);
    }

    [Fact]
    public void Free_answers_are_read_as_numbers()
    {
        var game = Open("""{ "solvers": 2, "answer": "free", "classes": [3] }""");
        var turn = Solving(game, 3, 3)[0];
        var (a, b) = Numbers(turn);
        var sum = (a + b).ToString();
        turn.Suggestions[0].ShouldBe(sum);
        turn.TokenBudget.ShouldBe(0);
        var outcome = Answer(game, 3, 3, "0" + sum, "9" + sum);
        outcome.Payoffs[1..].ShouldBe([1, 0]);
        outcome.Measures["graded/2"].ShouldBe(sum.Length / (sum.Length + 1.0), 1e-12);
    }

    [Fact]
    public void Chance_may_stand_in_for_the_proposer()
    {
        var game = Open("""{ "solvers": 1, "chance": 0.25 }""");
        var (stoodIn, classes) = (0, new int[5]);
        for (ulong seed = 0; seed < 4000; seed++)
            if (game.Turns(game.Start(new GameSetup(seed)))[0].Seat == 1)
            {
                stoodIn++;
                classes[((ArithmeticState)game.Start(new GameSetup(seed))).Digits]++;
            }
        (stoodIn / 4000.0).ShouldBe(0.25, 0.03);
        classes[1..].ShouldAllBe(c => Math.Abs(c - stoodIn / 4.0) < 60);
        Should
            .Throw<ScenarioException>(() => Open("""{ "classes": [1, 1] }"""))
            .Message.ShouldContain("different numbers of digits");
    }

    [Fact]
    public void The_teacher_is_always_right()
    {
        var (game, stream, teacher) = (Open("""{ "solvers": 1 }"""), new RandomStream(1), new TeacherBot());
        for (ulong seed = 0; seed < 40; seed++)
        for (var digits = 1; digits <= 4; digits++)
            Answer(game, seed, digits, teacher.Choose(Solving(game, seed, digits)[0], ref stream).Text)
                .Payoffs[1]
                .ShouldBe(1);
    }

    [Fact]
    public void Every_digit_of_a_reply_is_credited_even_of_one_that_was_refused()
    {
        var game = Open("""{ "solvers": 2, "classes": [2] }""");
        var right = Solving(game, 7, 2)[0].Suggestions[0];
        var near = right[..1] + (right[1] == '0' ? '1' : '0') + right[2..];
        var episode = new Episode(
            1,
            game,
            [
                new GameStarted("arithmetic", new GameSetup(7), ["p", "s", "s"]),
                new MoveMade(0, 0, "+2"),
                new MoveMade(1, 1, near) { Said = Said(near) },
                new MoveRefused(2, 2, "no") { Said = Said(right[..2] + "x") },
                new SeatForfeited(2, 2, "no"),
                new GameEnded(new Outcome(OutcomeKind.Finished, [0, 0, 0])),
            ]
        );
        var reward = Standard.Catalog.Rewards.Create(new Plugin("digit-credit"));
        reward.Score(episode).ShouldBe([double.NaN, 0, 0]);
        reward
            .Credits(episode, 1)
            .Select(c => (c.Step, c.Start, c.End, c.Score))
            .ShouldBe([(0, 0, 1, 1), (0, 1, 2, 0), (0, 2, 3, 1)]);
        reward.Credits(episode, 2).Select(c => c.Score).ShouldBe([1, 1, 0]);
        reward.Credits(episode, 0).ShouldBeEmpty();

        static Utterance Said(string text) =>
            new()
            {
                Policy = "s",
                Version = 0,
                Text = text,
                Tokens = [1, 2, 3],
                LogProbs = [0, 0, 0],
                Ends = [1, 2, 3],
            };
    }

    [Fact]
    public void Numbers_may_be_shown_backwards()
    {
        var (plain, reversed) = (
            Solving(Open("""{ "solvers": 1 }"""), 5, 3)[0],
            Solving(Open("""{ "solvers": 1, "reversed": "on" }"""), 5, 3)[0]
        );
        var (a, b) = Numbers(plain);
        plain.Observation[1].Text.ShouldBe($"0{a}+0{b}");
        reversed
            .Observation[1]
            .Text.ShouldBe(string.Concat($"0{a}".Reverse()) + "+" + string.Concat($"0{b}".Reverse()));
        reversed.Suggestions.ShouldBe(plain.Suggestions);
    }

    [Fact]
    public void Solvers_share_a_problem_unless_they_sit_apart()
    {
        static int Distinct(string options) =>
            Solving(Open(options), 5, 4).Select(t => t.Observation[1].Text + t.Suggestions[0]).Distinct().Count();
        Distinct("""{ "solvers": 8 }""").ShouldBe(1);
        Distinct("""{ "solvers": 8, "apart": "on" }""").ShouldBe(8);
    }

    private static Game Open(string options) =>
        Standard.Catalog.Games.Create(new Plugin("arithmetic", JsonNode.Parse(options)!.AsObject()));

    private static System.Collections.Immutable.ImmutableArray<Turn> Solving(Game game, ulong seed, int digits)
    {
        var start = game.Start(new GameSetup(seed));
        return game.Turns(game.Play(start, game.Turns(start)[0], new Move($"+{digits}")));
    }

    private static Outcome Answer(Game game, ulong seed, int digits, params string?[] answers)
    {
        var state = game.Apply(null, new GameStarted("arithmetic", new GameSetup(seed), []));
        state = game.Apply(state, new MoveMade(0, 0, $"+{digits}"));
        for (var seat = 1; seat <= answers.Length; seat++)
            state = game.Apply(
                state,
                answers[seat - 1] is { } answer
                    ? new MoveMade(seat, seat, answer)
                    : new SeatForfeited(seat, seat, "babble")
            );
        return game.Outcome(state)!;
    }

    private static (long A, long B) Numbers(Turn turn)
    {
        var parts = turn.Observation[1].Text.Split('+');
        return (long.Parse(parts[0]), long.Parse(parts[1]));
    }
}
