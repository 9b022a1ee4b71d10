// Tree search finds what a short look ahead shows, and beats those who do not look.
using System.Text.Json.Nodes;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Core.Tests.Games;
using AgentArena.Games.Bots;

namespace AgentArena.Core.Tests.Bots;

public class TreeSearchTests
{
    private static Bot Mcts(string game, int simulations) =>
        Standard.Bot(new Plugin("uct", new JsonObject { ["game"] = game, ["simulations"] = simulations }));

    private static string Best(Bot bot, Turn turn)
    {
        var p = bot.Probabilities(turn);
        p.Sum().ShouldBe(1, 1e-9);
        return turn.Legal[Array.IndexOf(p, p.Max())];
    }

    [Theory]
    [InlineData("connect-four", "1,7,2,7,3,6", "4")] // wins
    [InlineData("connect-four", "1,4,1,4,7,4", "4")] // must block
    [InlineData("tic-tac-toe", "0,4,1,8", "2")] // wins
    [InlineData("tic-tac-toe", "0,4,1", "2")] // must block
    public void It_takes_a_win_and_stops_a_loss(string name, string moves, string best)
    {
        var game = Tables.Open(name);
        Best(Mcts(name, 800), game.Turns(KuhnPokerTests.After(game, moves))[0]).ShouldBe(best);
    }

    [Fact]
    public void It_beats_random_play_from_either_seat()
    {
        var game = Tables.Open("connect-four");
        var (mcts, random) = (Mcts("connect-four", 60), new RandomBot());
        double won = 0;
        for (var g = 0; g < 20; g++)
        {
            var stream = new RandomStream(RandomStream.Derive(1, "uct", g));
            var state = game.Start(new(1));
            while (game.Turns(state) is [var turn])
                state = game.Play(state, turn, ((turn.Seat == g % 2) ? mcts : random).Choose(turn, ref stream));
            won += game.Outcome(state)!.Payoffs[g % 2];
        }
        won.ShouldBeGreaterThanOrEqualTo(16);
    }

    [Fact]
    public void Bots_that_do_not_fit_the_game_say_so()
    {
        Should.Throw<ScenarioException>(() => Mcts("kuhn-poker", 10)).Message.ShouldContain("perfect information");
        Should
            .Throw<ScenarioException>(() =>
                Standard.Bot(new Plugin("minimax", new JsonObject { ["game"] = "connect-four" }))
            )
            .Message.ShouldContain("small tree");
        Should
            .Throw<ScenarioException>(() =>
                Standard.Bot(new Plugin("cfr", new JsonObject { ["game"] = "connect-four" }))
            )
            .Message.ShouldContain("enumerable");
        Should
            .Throw<ScenarioException>(() => Standard.Bot(new Plugin("cfr")))
            .Message.ShouldContain("game: is missing");
    }
}
