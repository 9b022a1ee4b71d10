// Connect Four: lines in every direction, none over the edge, gravity, full columns and full boards.
using AgentArena.Core.Play;

namespace AgentArena.Core.Tests.Games;

public class ConnectFourTests
{
    private static readonly Game Game = Tables.Open("connect-four");

    [Theory]
    [InlineData("1,2,1,2,1,2,1", 1)] // a column
    [InlineData("1,1,2,2,3,3,4", 1)] // a row
    [InlineData("1,2,2,3,3,4,3,4,4,7,4", 1)] // rising
    [InlineData("7,6,6,5,5,4,5,4,4,1,4", 1)] // falling
    [InlineData("7,1,7,1,6,1,6,1", -1)] // seat 1
    public void Four_in_a_line_win(string moves, double won)
    {
        var state = KuhnPokerTests.After(Game, moves);
        Game.Outcome(state)!.Payoffs.ShouldBe([won, -won]);
        Game.Outcome(KuhnPokerTests.After(Game, moves[..moves.LastIndexOf(',')]))
            .ShouldBeNull("the move before did not win yet");
    }

    [Theory]
    [InlineData("1,2,1,2,1,7,2,1,2,1,2,1")] // three at the top of column 1 and one at the foot of column 2 would be four bits in a row
    public void A_line_does_not_run_over_the_edge(string moves) =>
        Game.Outcome(KuhnPokerTests.After(Game, moves)).ShouldBeNull();

    [Fact]
    public void A_full_column_takes_no_disc()
    {
        var state = KuhnPokerTests.After(Game, "3,3,3,3,3,3");
        var turn = Game.Turns(state)[0];
        turn.Legal.ShouldBe(["1", "2", "4", "5", "6", "7"]);
        Game.Check(state, turn, new("3")).ShouldNotBeNull();
        turn.InformationState.ShouldBe("..O..../..X..../..O..../..X..../..O..../..X....");
    }

    [Fact]
    public void A_full_board_is_a_draw()
    {
        var draw = KuhnPokerTests.After(
            Game,
            "1,2,1,2,2,1,2,1,1,2,1,2,3,4,3,4,4,3,4,3,3,4,3,4,5,6,5,6,6,5,6,5,5,6,5,6,7,7,7,7,7,7"
        );
        Game.Outcome(draw)!.Payoffs.ShouldBe([0, 0]);
    }

    [Fact]
    public void A_turn_restores_its_state()
    {
        for (ulong seed = 1; seed < 30; seed++)
            Tables.Play(Game, seed, (live, _) =>
            {
                if (Game.Turns(live) is [var turn])
                    Game.Restore(turn).ShouldBe(live);
            });
    }
}
