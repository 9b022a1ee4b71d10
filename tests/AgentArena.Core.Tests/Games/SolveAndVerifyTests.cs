// Solve, then verify (RISE): the reward tables, the 800 characters, and which solutions are verified.
using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;

namespace AgentArena.Core.Tests.Games;

public class SolveAndVerifyTests
{
    private const string Task = """{"start":3,"changes":[4,5,-6]}"""; // 6

    private static Outcome Play(string options, params string[] moves) => Play(options, Task, moves);

    private static Outcome Play(string options, string task, string[] moves)
    {
        var game = Tables.Open("solve-and-verify " + options);
        var state = game.Start(new GameSetup(1, task));
        foreach (var move in moves)
        {
            var turn = game.Turns(state)[0];
            state =
                move == "!"
                    ? game.Apply(state, new SeatForfeited(turn.Id, turn.Seat, "babble"))
                    : game.Play(state, turn, new(move));
        }
        return game.Outcome(state)!;
    }

    [Theory]
    [InlineData("06", "1", 1, 1)]
    [InlineData("06", "-0.5", 1, -0.5)]
    [InlineData("07", "-0.5", -0.5, 1)]
    [InlineData("07", "1", -0.5, -0.5)]
    [InlineData("!", "-1", -1, 1)] // no answer: the verifier should say so
    [InlineData("!", "1", -1, -0.5)]
    [InlineData("06", "!", 1, -1)]
    public void Both_are_paid_on_one_scale(string solution, string verdict, double solved, double verified)
    {
        var outcome = Play("{}", solution, verdict);
        outcome.Payoffs.ShouldBe([solved, verified]);
        (outcome.Measures["score/0"], outcome.Measures["verdict/1"]).ShouldBe((solved, verified));
    }

    [Theory]
    [InlineData(@"3+4=7, 7+5=12, 12-6=6: \boxed{6}", 1)]
    [InlineData(@"\boxed{7} no, \boxed{06}", 1)]
    [InlineData(@"\boxed{7}", -0.5)]
    [InlineData("it is 6", -1)]
    public void A_text_needs_a_box(string solution, double score) =>
        Play("""{"answers":"text"}""", solution, "?").Measures["score/0"].ShouldBe(score);

    [Theory]
    [InlineData(800, @"\boxed{1}", 1)]
    [InlineData(799, @"\boxed{1}", -1)]
    [InlineData(800, @"\boxed{-0.5}", -0.5)]
    [InlineData(800, @"\boxed{1.0}", 1)]
    [InlineData(800, "no box here", -1)]
    public void A_critique_needs_eight_hundred_characters(int length, string end, double reward) =>
        Play("""{"answers":"text"}""", @"\boxed{6}", end.PadLeft(length, 'x')).Measures["verdict/1"].ShouldBe(reward);

    [Fact]
    public void Verifiers_are_linked_to_solvers_and_only_chosen_solutions_are_verified()
    {
        var game = Tables.Open("""solve-and-verify {"solvers":3,"verify-right":0.25,"verify-wrong":0.5}""");
        var state = game.Start(new GameSetup(1, Task));
        game.Turns(state).Select(t => t.Seat).ShouldBe([0, 1, 2]);
        foreach (var move in new[] { "06", "05", "06" })
            state = game.Play(state, game.Turns(state)[0], new(move));
        game.Turns(state).Single().Probabilities.ShouldBe([0.25, 0.75]);
        state = game.Play(state, game.Turns(state)[0], new("leave:0"));
        game.Turns(state).Single().Probabilities.ShouldBe([0.5, 0.5]);
        state = game.Play(state, game.Turns(state)[0], new("verify:1"));
        state = game.Play(state, game.Turns(state)[0], new("verify:2"));
        game.Turns(state)
            .Select(t => (t.Seat, t.Observation[1].Text))
            .ShouldBe([(4, "03+4+5-6\n05"), (5, "03+4+5-6\n06")]);
        foreach (var move in new[] { "1", "1" })
            state = game.Play(state, game.Turns(state)[0], new(move));
        var outcome = game.Outcome(state)!;
        outcome.Payoffs.ShouldBe([1, -0.5, 1, 0, -0.5, 1]);
        outcome.Measures.Keys.ShouldBe([
            "right-on-right",
            "right-on-wrong",
            "score/0",
            "score/1",
            "score/2",
            "solved",
            "verdict/4",
            "verdict/5",
        ]);
        (outcome.Measures["right-on-right"], outcome.Measures["right-on-wrong"]).ShouldBe((1, 0));
        // Rewards by measure say nothing of a verifier that was not asked.
        var events = ImmutableArray.Create<GameEvent>(
            new GameStarted("solve-and-verify", new(1), [.. new string[6]]),
            new GameEnded(outcome)
        );
        Standard
            .Catalog.Rewards.Create(new Plugin("measure", new() { ["measure"] = "verdict" }))
            .Score(new Episode(1, game, events))
            .ShouldBe([double.NaN, double.NaN, double.NaN, double.NaN, -0.5, 1]);
    }

    [Fact]
    public void Zero_is_a_value_like_any_other() =>
        Play("{}", """{"start":3,"changes":[-3]}""", ["00", "1"]).Payoffs.ShouldBe([1, 1]);
}
