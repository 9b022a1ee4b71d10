// What a game, a player, a reward and a loss of one's own are held to.
using AgentArena.Core;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Games;
using AgentArena.Learning;
using AgentArena.Models;
using Nim;

namespace NimTests;

public class NimLaws
{
    private static readonly Catalog Catalog = new Catalog()
        .With(new GamePlugins())
        .With(new LearningPlugins())
        .With(new ModelPlugins())
        .With(new NimPlugins());

    private static Episode Play(Game game, Func<Turn, string> move)
    {
        var referee = new Referee(game, new GameLimits(Reasks: 0));
        referee.Begin("nim", new GameSetup(1), ["a", "b"]);
        while (!referee.IsOver)
            referee.Answer(referee.Open[0].Turn.Id, 0, new SeatAnswer(move(referee.Open[0].Turn), null));
        return new Episode(0, game, [.. referee.Log]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_game_ends_with_a_winner(ulong seed)
    {
        var stream = new RandomStream(seed);
        var episode = Play(new NimGame(new()), turn => turn.Legal[stream.Next(turn.Legal.Length)]);
        Assert.Equal(OutcomeKind.Finished, episode.Outcome!.Kind);
        Assert.Equal(0, episode.Outcome.Payoffs.Sum());
        Assert.Equal(21, episode.Events.OfType<MoveMade>().Sum(m => int.Parse(m.Move)));
    }

    [Fact]
    public void The_expert_wins_from_21_matches_whatever_the_other_does()
    {
        var expert = (Bot)Catalog.Players.Create(new Plugin("nim-expert"));
        var stream = new RandomStream(7);
        for (var i = 0; i < 50; i++)
        {
            var episode = Play(new NimGame(new()), turn =>
                turn.Seat == 0 ? expert.Choose(turn, ref stream).Text : turn.Legal[stream.Next(turn.Legal.Length)]
            );
            Assert.Equal(1, episode.Outcome!.Payoffs[0]);
        }
    }

    [Fact]
    public void Moves_cost_what_the_reward_says()
    {
        var episode = Play(new NimGame(new() { Matches = 3 }), _ => "1");
        Assert.Equal(
            [1 - 0.2, -1 - 0.1],
            new QuickWin(new() { Price = 0.1 }).Score(episode).Select(s => Math.Round(s, 9))
        );
    }

    [Fact]
    public void All_are_found_by_name_and_options_are_checked()
    {
        Assert.IsType<NimGame>(Catalog.Games.Create(new Plugin("nim")));
        Assert.IsType<QuickWin>(Catalog.Rewards.Create(new Plugin("quick-win")));
        Assert.IsType<AdvantageWeighted>(Catalog.Losses.Create(new Plugin("advantage-weighted")));
        var wrong = new Plugin("nim", new() { ["matches"] = "0" });
        var error = Assert.Throws<AgentArena.Core.Configuration.ScenarioException>(() => Catalog.Games.Create(wrong));
        Assert.Contains("matches is 0", error.Message);
    }
}
