// Countdown: expressions are valued exactly, tasks can be solved, distance is graded.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Games.Reasoning;

namespace AgentArena.Core.Tests.Games;

public class CountdownTests
{
    [Theory]
    [InlineData("1+2*3", 7, 1)]
    [InlineData("(1+2)*3", 9, 1)]
    [InlineData("10-4-3", 3, 1)]
    [InlineData("8/4/2", 1, 1)]
    [InlineData("7/2", 7, 2)]
    [InlineData("1/3+1/6", 1, 2)]
    [InlineData("3-10", -7, 1)]
    [InlineData("6/(1-4)", -2, 1)]
    [InlineData(" ( ( 2 ) × 3 ) ÷ 4 ", 3, 2)]
    public void Expressions_have_exact_values(string text, int over, int under)
    {
        var read = Expression.Read(text)!;
        ((int)read.Over, (int)read.Under).ShouldBe((over, under));
        read.Is(over).ShouldBe(under == 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1+")]
    [InlineData("(1+2")]
    [InlineData("1 2")]
    [InlineData("1/0")]
    [InlineData("1/(2-2)")]
    [InlineData("-3")]
    [InlineData("2**3")]
    [InlineData("x+1")]
    [InlineData("System.Exit(1)")]
    [InlineData("99999999999999999999")]
    public void What_is_no_expression_has_no_value(string text) => Expression.Read(text).ShouldBeNull();

    [Fact]
    public void Long_and_deep_texts_are_refused_at_once()
    {
        Expression.Read(new string('(', 100_000)).ShouldBeNull();
        Expression.Read(new string('(', 60) + "1" + new string(')', 60)).ShouldBeNull();
        Expression.Read("1" + string.Concat(Enumerable.Repeat("*9", 90)))!.Over.ToString().Length.ShouldBe(86);
    }

    [Fact]
    public void Every_task_has_a_solution_that_uses_all_its_numbers()
    {
        var game = Open("""{ "solvers": 1, "classes": [2, 3, 4, 5, 6], "all": "on" }""");
        for (ulong seed = 0; seed < 200; seed++)
            foreach (var count in new[] { 2, 3, 4, 5, 6 })
            {
                var state = Picked(game, seed, count);
                var turn = game.Turns(state)[0];
                game.Check(state, turn, new Move(state.Solution)).ShouldBeNull();
                Expression.Read(state.Solution)!.Is(state.Target).ShouldBeTrue();
                state.Numbers.Length.ShouldBe(count);
                (state.Target is > 0 and <= 999).ShouldBeTrue();
                turn.Suggestions[0].ShouldBe(state.Solution);
            }
    }

    [Fact]
    public void Numbers_are_used_no_more_often_than_they_were_given()
    {
        var game = Open("""{ "solvers": 1 }""");
        var state = Picked(game, 1, 3) with { Numbers = [3, 3, 5], Target = 14 };
        var turn = game.Turns(state)[0];
        string? Fault(string text, Game of) => of.Check(state, turn, new Move(text));
        Fault("3*3+5", game).ShouldBeNull();
        Fault("3+5", game).ShouldBeNull();
        Fault("3*3*3", game)!.ShouldContain("3 is used more often");
        Fault("7+7", game)!.ShouldContain("7 is used");
        Fault("3+5", Open("""{ "solvers": 1, "all": "on" }"""))!.ShouldContain("3 was left over");
    }

    [Fact]
    public void Distance_is_graded_and_exactness_is_paid()
    {
        var game = Open("""{ "solvers": 4 }""");
        GameState state = Picked(game, 1, 3) with { Numbers = [3, 3, 5], Target = 14 };
        foreach (var (seat, answer) in new[] { (1, "3*3+5"), (2, "3+5"), (3, "3*3*5") })
            state = game.Apply(state, new MoveMade(seat, seat, answer));
        state = game.Apply(state, new SeatForfeited(4, 4, "babble"));
        var outcome = game.Outcome(state)!;
        outcome.Payoffs.ShouldBe([0.75, 1, 0, 0, 0]);
        outcome.Measures["graded/2"].ShouldBe(1 - 6.0 / 14, 1e-12);
        outcome.Measures["graded/3"].ShouldBe(0, "45 is farther away than nothing at all");
        (outcome.Measures["solved"], outcome.Measures["solved-3"], outcome.Measures["formed"]).ShouldBe(
            (0.25, 0.25, 0.75)
        );
    }

    private static Game Open(string options) =>
        Standard.Catalog.Games.Create(new Plugin("countdown", JsonNode.Parse(options)!.AsObject()));

    private static CountdownState Picked(Game game, ulong seed, int count)
    {
        var start = game.Start(new GameSetup(seed));
        return (CountdownState)game.Play(start, game.Turns(start)[0], new Move($"{count}"));
    }
}
