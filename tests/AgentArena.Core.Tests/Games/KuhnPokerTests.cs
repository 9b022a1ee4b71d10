// Kuhn poker by hand: turns, keys, payoffs, and the scoring variants of published environments.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;

namespace AgentArena.Core.Tests.Games;

public class KuhnPokerTests
{
    private static Game Rules(string json = "{}") =>
        Standard.Catalog.Games.Create(new Plugin("kuhn-poker", JsonNode.Parse(json)!.AsObject()));

    internal static GameState After(Game game, string moves)
    {
        var state = game.Start(new(1));
        foreach (var move in moves.Split(','))
        {
            var turn = game.Turns(state)[0];
            game.Check(state, turn, new(move)).ShouldBeNull();
            state = game.Play(state, turn, new(move));
        }
        return state;
    }

    [Theory]
    [InlineData("deal:K,deal:Q,check,check", 1)]
    [InlineData("deal:J,deal:Q,check,check", -1)]
    [InlineData("deal:K,deal:Q,bet,call", 2)]
    [InlineData("deal:J,deal:K,bet,call", -2)]
    [InlineData("deal:J,deal:K,bet,fold", 1)]
    [InlineData("deal:K,deal:J,check,bet,fold", -1)]
    [InlineData("deal:K,deal:J,check,bet,call", 2)]
    public void Real_stakes_pay_chips(string moves, double won)
    {
        var game = Rules();
        var outcome = game.Outcome(After(game, moves))!;
        outcome.Kind.ShouldBe(OutcomeKind.Finished);
        outcome.Payoffs.ShouldBe([won, -won]);
    }

    [Fact]
    public void A_turn_says_who_is_asked_and_what_it_knows()
    {
        var game = Rules();
        var turn = game.Turns(After(game, "deal:K,deal:Q,check,bet"))[0];
        (turn.Id, turn.Seat, turn.Role, turn.InformationState).ShouldBe((2, 0, "player", "K|check,bet"));
        turn.Legal.ShouldBe(["fold", "call"]);
        game.Turns(After(game, "deal:K,deal:Q"))[0].InformationState.ShouldBe("K|");
        var dealt = game.Turns(After(game, "deal:K"))[0];
        (dealt.IsChance, dealt.Id).ShouldBe((true, -2));
        dealt.Legal.ShouldBe(["deal:J", "deal:Q"]);
        game.Check(After(game, "deal:K"), dealt, new("deal:K")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("{}", -2, 2)]
    [InlineData("""{"payoff":"text-arena-pot-only"}""", -1, 1)]
    [InlineData("""{"forfeit":{"offender":-1.5,"others":0.5}}""", -1.5, 0.5)]
    public void A_forfeit_costs_what_the_options_say(string options, double offender, double other)
    {
        var game = Rules(options);
        var state = game.Apply(After(game, "deal:K,deal:Q"), new SeatForfeited(0, 0, "babble"));
        game.Turns(state).ShouldBeEmpty();
        game.Outcome(state)!.Payoffs.ShouldBe([offender, other]);
    }

    [Theory]
    [InlineData("chip-stakes", 0)]
    [InlineData("text-arena-pot-only", 0)]
    [InlineData("last-hand-wins", -1)]
    public void Three_hands_are_scored_three_ways(string payoff, double won)
    {
        var game = Rules($$"""{"payoff":"{{payoff}}","hands":3,"opener":1}""");
        // Seat 1 opens hands 1 and 3. Seat 0 wins 2 (or 1), wins 1, loses 3 in chips or 1.
        var state = After(game, "deal:K,deal:Q,bet,call,deal:Q,deal:J,check,check,deal:Q,deal:K,bet,call");
        var outcome = game.Outcome(state)!;
        var chips = payoff == "chip-stakes" ? 2 + 1 - 2 : 1 + 1 - 1;
        outcome
            .Payoffs[0]
            .ShouldBe(
                payoff == "last-hand-wins" ? won
                : payoff == "chip-stakes" ? chips
                : Math.Sign(chips)
            );
        outcome.Payoffs.Sum().ShouldBe(0);
    }

    [Fact]
    public void A_match_alternates_who_opens_and_remembers_what_was_shown()
    {
        var game = Rules("""{"hands":3,"opener":1,"payoff":"last-hand-wins"}""");
        game.Turns(After(game, "deal:K,deal:Q"))[0].Seat.ShouldBe(1);
        var turn = game.Turns(After(game, "deal:K,deal:Q,check,check,deal:J,deal:Q"))[0];
        (turn.Seat, turn.Id, turn.InformationState).ShouldBe((0, 2, "K|check,check=Q;J|"));
        turn = game.Turns(After(game, "deal:K,deal:Q,bet,fold,deal:J,deal:Q,check"))[0];
        (turn.Seat, turn.InformationState).ShouldBe((1, "Q|bet,fold;Q|check"));
        turn.Observation.Single(p => p.Kind == ObservationKind.Transcript)
            .Text.ShouldBe("hand 1, you open: bet, fold; you had Q; you won 1\nhand 2, the other opens: check");
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Should.Throw<ScenarioException>(() => Rules("""{"hands":0}""")).Message.ShouldContain("1 to 25");
        Should.Throw<ScenarioException>(() => Rules("""{"opener":2}""")).Message.ShouldContain("0 or 1");
        Should
            .Throw<ScenarioException>(() => Rules("""{"payoff":"chips"}"""))
            .Message.ShouldContain("chip-stakes, text-arena-pot-only, last-hand-wins");
    }
}
