// A critic at work: rejected steps are made again, at most five times, and the unguided control asks no critic.
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Games.Critics;

namespace AgentArena.Core.Tests.Games;

public class GuidedSolvingTests
{
    private const string Task = """{"start":3,"changes":[4,5,-6]}""";

    private static (GameState State, Game Game) After(string options, string moves)
    {
        var game = Tables.Open("guided-solving " + options);
        var state = game.Start(new GameSetup(1, Task));
        foreach (var move in moves.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var turn = game.Turns(state).Single();
            game.Check(state, turn, new(move)).ShouldBeNull(move);
            state = game.Play(state, turn, new(move));
        }
        return (state, game);
    }

    [Fact]
    public void A_rejected_step_is_made_again_and_a_passed_one_is_kept()
    {
        var (state, game) = After("{}", "08 incorrect 07 correct 12 correct");
        var turn = game.Turns(state).Single();
        (turn.Role, Tables.View(turn)).ShouldBe(
            (
                "solver",
                "Task: Go on with this solution: what is the value of its last step?|Board: 03+4=07;07+5=12;12-6="
            )
        );
        var outcome = game.Outcome(After("{}", "08 incorrect 07 correct 12 correct 06 correct").State)!;
        outcome.Payoffs.ShouldBe([1, 1]);
        outcome.Measures.ShouldBe(
            new Dictionary<string, double>
            {
                ["attempts"] = 4 / 3.0,
                ["right"] = 1,
                ["right-on-right"] = 1,
                ["right-on-wrong"] = 1,
                ["steps-right"] = 1,
            }
        );
    }

    [Fact]
    public void The_fifth_attempt_stands_unasked()
    {
        var (state, game) = After("{}", "08 incorrect 08 incorrect 08 incorrect 08 incorrect 09");
        var turn = game.Turns(state).Single();
        (turn.Seat, turn.Observation[1].Text).ShouldBe((0, "03+4=09;09+5="));
        turn.Suggestions.ShouldBe(["14"]);
        var outcome = game.Outcome(
            After(
                "{}",
                "08 incorrect 08 incorrect 08 incorrect 08 incorrect 09 14 correct 08 incorrect 06 correct"
            ).State
        )!;
        outcome.Measures["attempts"].ShouldBe(8 / 3.0);
        outcome.Payoffs.ShouldBe([1, 1]); // 14 - 6 is not 6: two errors met, and the final value is what is paid
        outcome.Measures["steps-right"].ShouldBe(1 / 3.0);
        outcome.Measures.ShouldNotContainKey("right-on-right"); // never was every step right
        outcome.Measures["right-on-wrong"].ShouldBe(5 / 7.0);
    }

    [Fact]
    public void One_attempt_asks_no_critic()
    {
        var (state, game) = After("""{"attempts":1}""", "07 12 07");
        game.Outcome(state)!.Payoffs.ShouldBe([0, 0]);
        game.Outcome(state)!.Measures.Keys.ShouldBe(["attempts", "right", "steps-right"]);
    }

    [Fact]
    public void Two_teachers_are_right_at_the_first_attempt()
    {
        var teacher = Standard.Bot(new Plugin("teacher"));
        var game = Tables.Open("guided-solving");
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var stream = new RandomStream(seed);
            var state = game.Start(new(seed));
            while (game.Turns(state) is [var turn])
                state = game.Play(state, turn, teacher.Choose(turn, ref stream));
            var measures = game.Outcome(state)!.Measures;
            (measures["right"], measures["attempts"], measures["right-on-right"]).ShouldBe((1, 1, 1));
        }
    }
}
