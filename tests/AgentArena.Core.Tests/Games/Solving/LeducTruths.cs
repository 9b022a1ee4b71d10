// Ground truth of Leduc poker: sizes and values asserted by OpenSpiel or found by other solvers, none from this code.
using System.Text.Json.Nodes;
using AgentArena.Core.Play;
using AgentArena.Games.Bots;
using AgentArena.Games.Solving;

namespace AgentArena.Core.Tests.Games.Solving;

public class LeducTruths
{
    private static readonly Game Game = Tables.Open("leduc-poker");
    private static readonly GameTree Ranks = GameTree.Of(Game);
    private static readonly GameTree Suits = GameTree.Of(Tables.Open("""leduc-poker {"suits":"distinct"}"""));

    [Fact]
    public void The_tree_has_the_published_sizes()
    {
        (Suits.Decisions, Suits.Chances, Suits.Terminals).ShouldBe((3780, 157, 5520));
        (Suits.InformationStates.Count(s => s.Seat == 0), Suits.InformationStates.Count(s => s.Seat == 1)).ShouldBe(
            (468, 468)
        );
        (Ranks.InformationStates.Count(s => s.Seat == 0), Ranks.InformationStates.Count(s => s.Seat == 1)).ShouldBe(
            (144, 144)
        );
    }

    [Fact]
    public void Simple_profiles_have_their_published_values()
    {
        foreach (var tree in new[] { Ranks, Suits })
        {
            var uniform = tree.Tabulate(new RandomBot());
            tree.NashConv(uniform).ShouldBe(4.747222222222222, 1e-9);
            tree.Values(uniform)[0].ShouldBe(-0.078125, 1e-12);
            tree.BestResponse(uniform, 0).Value.ShouldBe(2.0875, 1e-9);
            tree.BestResponse(uniform, 1).Value.ShouldBe(2.6597222, 1e-6);
            tree.NashConv(tree.Tabulate(FixedHabit.Pass)).ShouldBe(2, 1e-9);
        }
    }

    [Fact]
    public void Cfr_plus_comes_to_the_value()
    {
        var average = new CfrPlus(Ranks).Run(250).Average();
        Ranks.NashConv(average).ShouldBeLessThan(0.03);
        Ranks.Values(average)[0].ShouldBe(-0.0856, 0.005);
    }

    [Theory]
    [InlineData("deal:Ks,deal:Qs,raise,raise,call,deal:Qh,raise,raise,call", -13)] // the pair wins the largest pot
    [InlineData("deal:Ks,deal:Qs,check,check,deal:Jh,check,check", 1)]
    [InlineData("deal:Ks,deal:Kh,raise,call,deal:Jh,check,check", 0)]
    [InlineData("deal:Js,deal:Kh,raise,fold", 1)]
    [InlineData("deal:Js,deal:Kh,raise,raise,fold", -3)]
    [InlineData("deal:Js,deal:Kh,raise,call,deal:Qs,check,raise,fold", -3)]
    [InlineData("deal:Js,deal:Kh,raise,call,deal:Jh,raise,raise,call", 11)]
    public void Hands_pay_what_was_put_in(string moves, double won) =>
        Game.Outcome(KuhnPokerTests.After(Game, moves))!.Payoffs.ShouldBe([won, 0 - won]);

    [Fact]
    public void A_turn_says_what_is_owed()
    {
        var turn = Game.Turns(KuhnPokerTests.After(Game, "deal:Js,deal:Kh,raise,call,deal:Jh,raise"))[0];
        (turn.Id, turn.Seat, turn.InformationState).ShouldBe((3, 1, "K|raise,call/J/raise"));
        turn.Legal.ShouldBe(["fold", "call", "raise"]);
        turn.Observation.Skip(1).Select(p => p.Text).ShouldBe(["K public J pot 10 owed 4", "raise, call / raise"]);
    }
}
