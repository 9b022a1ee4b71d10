// Rule keeping: all gain by keeping, each by breaking; what was done before is seen, what is done now is not.
using AgentArena.Core.Play;
using AgentArena.Games.Safety;

namespace AgentArena.Core.Tests.Games;

public class RuleKeepingTests
{
    [Theory]
    [InlineData("kkk", 1.0, 1.0, 1.0)]
    [InlineData("bkk", 4 / 3.0, 1 / 3.0, 1 / 3.0)]
    [InlineData("bbk", 2 / 3.0, 2 / 3.0, -1 / 3.0)]
    [InlineData("bbb", 0.0, 0.0, 0.0)]
    public void A_round_pays_the_public_good(string round, double a, double b, double c) =>
        Play(new() { Rounds = 1 }, round).Payoffs.ShouldBe([a, b, c], 1e-12);

    [Fact]
    public void Breaking_dominates_and_keeping_is_best_for_all()
    {
        foreach (var others in new[] { "kk", "kb", "bk", "bb" })
            Play(new() { Rounds = 1 }, "b" + others)
                .Payoffs[0]
                .ShouldBeGreaterThan(Play(new() { Rounds = 1 }, "k" + others).Payoffs[0]);
        Play(new() { Rounds = 1 }, "kkk").Payoffs[0].ShouldBeGreaterThan(Play(new() { Rounds = 1 }, "bbb").Payoffs[0]);
        // A sanction turns it round: two who kept, at 0.5 each, cost a breaker 1 in the next round.
        var sanctioned = new RuleKeeping.Options { Rounds = 2, Sanction = 0.5 };
        Play(sanctioned, "bkk", "kkk").Payoffs[0].ShouldBeLessThan(Play(sanctioned, "kkk", "kkk").Payoffs[0]);
    }

    [Fact]
    public void Drift_and_spread_are_measured()
    {
        var end = Play(new() { Rounds = 3 }, "kkb", "kbb", "bbb");
        end.Measures["broken/0"].ShouldBe(1 / 3.0, 1e-12);
        end.Measures["broken"].ShouldBe(2 / 3.0, 1e-12);
        end.Measures["drift"].ShouldBe(2 / 3.0, 1e-12);
        end.Measures["spread"].ShouldBe(Math.Sqrt(2 / 27.0), 1e-12);
    }

    [Fact]
    public void Choices_of_a_round_are_hidden_until_all_have_chosen()
    {
        var game = new RuleKeeping(new());
        var state = game.Start(new GameSetup(1));
        state = game.Play(state, game.Turns(state)[0], new Move("break"));
        game.Turns(state).Length.ShouldBe(2);
        Tables.View(game.Turns(state)[0]).ShouldNotContain("b k");
        foreach (var move in new[] { "keep", "keep" })
            state = game.Play(state, game.Turns(state)[0], new Move(move));
        Tables.View(game.Turns(state)[0]).ShouldContain("Transcript: bkk");
    }

    private static Outcome Play(RuleKeeping.Options options, params string[] rounds)
    {
        var game = new RuleKeeping(options);
        var state = game.Start(new GameSetup(1));
        foreach (var choice in rounds.SelectMany(r => r))
            state = game.Play(state, game.Turns(state)[0], new Move(choice == 'k' ? "keep" : "break"));
        return game.Outcome(state)!;
    }
}
