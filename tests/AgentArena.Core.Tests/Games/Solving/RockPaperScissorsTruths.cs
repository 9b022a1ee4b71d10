// Simultaneous moves are walked one after the other with the first hidden: the equilibrium values hold.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Games.Bots;
using AgentArena.Games.Solving;

namespace AgentArena.Core.Tests.Games.Solving;

public class RockPaperScissorsTruths
{
    private static readonly GameTree Tree = GameTree.Of(
        Standard.Catalog.Games.Create(new Plugin("rock-paper-scissors"))
    );

    [Fact]
    public void The_second_to_be_walked_does_not_see_the_first()
    {
        Tree.InformationStates.Length.ShouldBe(2);
        Tree.Terminals.ShouldBe(9);
    }

    [Fact]
    public void A_third_each_is_the_equilibrium()
    {
        var uniform = Tree.Tabulate(new RandomBot());
        Tree.NashConv(uniform).ShouldBe(0, 1e-12);
        Tree.Values(uniform).ShouldBe([0, 0], 1e-12);
    }

    [Fact]
    public void A_pure_pair_can_be_beaten_by_one_each()
    {
        Tree.NashConv([
                [1, 0, 0],
                [1, 0, 0],
            ])
            .ShouldBe(2, 1e-12);
        Tree.NashConv([
                [1, 0, 0],
                [0, 1, 0],
            ])
            .ShouldBe(2, 1e-12, "the loser can gain two, the winner nothing");
        var (value, moves) = Tree.BestResponse(
            [
                [1, 0, 0],
                [1, 0, 0],
            ],
            1
        );
        (value, Tree.InformationStates[1].Turn.Legal[moves[1]]).ShouldBe((1, "paper"));
    }
}
