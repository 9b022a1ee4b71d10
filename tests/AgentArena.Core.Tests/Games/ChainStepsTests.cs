// Arithmetic a step a turn: only the end pays, each step is measured, and a position is known from its turn.
using AgentArena.Core.Play;

namespace AgentArena.Core.Tests.Games;

public class ChainStepsTests
{
    private static readonly Game Steps = Tables.Open("chain-steps");

    [Theory]
    [InlineData("07,12,06", 1, 1.0)]
    [InlineData("07,12,07", 0, 2 / 3.0)]
    [InlineData("08,12,06", 1, 1 / 3.0)] // two wrongs make a right: the steps show it
    public void Only_the_end_pays_and_every_step_is_measured(string moves, double payoff, double right)
    {
        var state = Steps.Start(new(1, """{"start":3,"changes":[4,5,-6]}"""));
        foreach (var move in moves.Split(','))
            state = Steps.Play(state, Steps.Turns(state)[0], new(move));
        var outcome = Steps.Outcome(state)!;
        outcome.Payoffs.ShouldBe([payoff]);
        outcome.Measures["right"].ShouldBe(payoff);
        outcome.Measures["right-steps"].ShouldBe(right, 1e-9);
    }

    [Fact]
    public void The_seat_sees_problem_and_steps_and_its_turn_holds_the_whole_state()
    {
        var state = Steps.Start(new(1, """{"start":3,"changes":[4,5,-6]}"""));
        state = Steps.Play(state, Steps.Turns(state)[0], new("07"));
        var turn = Steps.Turns(state)[0];
        turn.Observation.Single(p => p.Kind == ObservationKind.Board).Text.ShouldBe("03+4+5-6 03+4=07;07+5=");
        turn.Suggestions.ShouldBe(["12"]);
        Tables.Face(Steps, Steps.Restore(turn)!).ShouldBe(Tables.Face(Steps, state));
    }
}
