// Bots choose among what is legal, in proportion to what they say, and the same for the same stream.
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Core.Tests.Games;
using AgentArena.Games.Bots;

namespace AgentArena.Core.Tests.Bots;

public class BotLaws
{
    public static TheoryData<string> All => Tables.All;

    [Theory]
    [MemberData(nameof(All))]
    public void The_random_bot_plays_every_game_to_its_end(string entry)
    {
        var game = Tables.Open(entry);
        var bot = Standard.Bot(new Plugin("random"));
        Play(5).ShouldBe(Play(5));

        string Play(ulong seed)
        {
            var stream = new RandomStream(seed);
            var state = game.Start(new(seed));
            var moves = new List<string>();
            while (game.Turns(state) is [var turn, ..])
            {
                var move = turn.IsChance ? Game.Sample(turn, ref stream) : bot.Choose(turn, ref stream);
                game.Check(state, turn, move).ShouldBeNull();
                state = game.Play(state, turn, move);
                moves.Add(move.Text);
            }
            game.Outcome(state)!.Kind.ShouldBe(OutcomeKind.Finished);
            return string.Join(';', moves);
        }
    }

    [Fact]
    public void Moves_are_drawn_in_proportion()
    {
        var game = Tables.Open("kuhn-poker");
        var turn = game.Turns(KuhnPokerTests.After(game, "deal:K,deal:Q"))[0];
        var bot = new KuhnNash(new() { Alpha = 0.2 });
        bot.Probabilities(turn).ShouldBe([0.4, 0.6], 1e-12);
        var stream = new RandomStream(8);
        Enumerable
            .Range(0, 20_000)
            .Count(_ => bot.Choose(turn, ref stream).Text == "bet")
            .ShouldBeInRange(11_700, 12_300);
    }

    [Fact]
    public void Habits_take_the_first_that_is_legal()
    {
        var game = Tables.Open("leduc-poker");
        var facing = game.Turns(KuhnPokerTests.After(game, "deal:Ks,deal:Qs,raise"))[0];
        var last = game.Turns(KuhnPokerTests.After(game, "deal:Ks,deal:Qs,raise,raise"))[0];
        (Said("always-pass", facing), Said("always-bet", facing), Said("always-bet", last)).ShouldBe(
            ("fold", "raise", "call")
        );

        static string Said(string name, Turn turn) =>
            turn.Legal[Array.IndexOf(Standard.Bot(new Plugin(name)).Probabilities(turn), 1)];
    }

    [Fact]
    public void A_bot_in_the_wrong_game_says_so()
    {
        var stream = new RandomStream(1);
        var talk = Tables.Open("simple-negotiation");
        var free = talk.Turns(talk.Start(new(1)))[0];
        Should
            .Throw<InvalidOperationException>(() => FixedHabit.Bet.Choose(free, ref stream))
            .Message.ShouldContain("free text");
        var board = Tables.Open("tic-tac-toe");
        Should
            .Throw<InvalidOperationException>(() =>
                new KuhnNash(new()).Probabilities(board.Turns(board.Start(new(1)))[0])
            )
            .Message.ShouldContain("kuhn-poker");
    }
}
