// Liar's dice: sizes by counting, values where they can be reasoned out by hand.
using System.Text.Json.Nodes;
using AgentArena.Core.Play;
using AgentArena.Games.Bots;
using AgentArena.Games.Solving;

namespace AgentArena.Core.Tests.Games.Solving;

public class LiarsDiceTruths
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 6)]
    public void There_is_an_information_state_for_every_die_and_every_rising_line(int sides, int bids)
    {
        // A rising line is a subset of the bids; each is seen by the one seat that moves next, with any of its faces.
        var tree = GameTree.Of(Tables.Open($$"""liars-dice {"sides":{{sides}}}"""));
        tree.InformationStates.Length.ShouldBe(sides << bids);
        tree.Chances.ShouldBe(1 + sides);
        tree.Decisions.ShouldBe(sides * sides << bids);
        tree.Terminals.ShouldBe(sides * sides * ((1 << bids) - 1));
    }

    [Fact]
    public void With_one_face_whoever_claims_everything_wins()
    {
        var tree = GameTree.Of(Tables.Open("""liars-dice {"sides":1}"""));
        var solved = new CfrPlus(tree).Run(500).Average();
        tree.Values(solved)[0].ShouldBe(1, 1e-3);
        tree.Exploitability(solved).ShouldBeLessThan(1e-3);
    }

    [Fact]
    public void Three_faces_are_solved()
    {
        var tree = GameTree.Of(Tables.Open("""liars-dice {"sides":3}"""));
        tree.Exploitability(tree.Tabulate(new RandomBot())).ShouldBeGreaterThan(0.3);
        tree.Exploitability(new CfrPlus(tree).Run(300).Average()).ShouldBeLessThan(5e-3);
    }

    [Theory]
    [InlineData("{}", "roll:4,roll:4,1x4,2x4,liar", -1)] // two fours: the bid holds, the doubter (seat 0) loses
    [InlineData("{}", "roll:4,roll:5,1x4,2x4,liar", 1)]
    [InlineData("{}", "roll:4,roll:6,1x4,2x4,liar", -1)] // the six is wild
    [InlineData("""{"wild":"off"}""", "roll:4,roll:6,1x4,2x4,liar", 1)]
    [InlineData("{}", "roll:4,roll:5,1x6,liar", -1)] // nothing stands for a six
    public void A_doubt_is_settled_by_all_dice(string options, string moves, double won)
    {
        var game = Tables.Open($"liars-dice {options}");
        game.Outcome(KuhnPokerTests.After(game, moves))!.Payoffs.ShouldBe([won, -won]);
    }

    [Fact]
    public void Bids_only_rise_and_nobody_doubts_nothing()
    {
        var game = Tables.Open("""liars-dice {"dice":2,"sides":3}""");
        var turn = game.Turns(KuhnPokerTests.After(game, "roll:3,roll:1,roll:2,roll:2"))[0];
        (turn.InformationState, turn.Legal[0], turn.Legal.Length).ShouldBe(("13|", "1x1", 12));
        turn = game.Turns(KuhnPokerTests.After(game, "roll:3,roll:1,roll:2,roll:2,3x2"))[0];
        turn.Legal.ShouldBe(["liar", "3x3", "4x1", "4x2", "4x3"]);
    }
}
