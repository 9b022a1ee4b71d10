// Undercover word: rewards of the paper, lawful clues, and secrets that stay with their seat.
using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Games.Words;

namespace AgentArena.Core.Tests.Games;

public class UndercoverWordTests
{
    private static readonly Game Game = Tables.Open("undercover-word");

    private static GameState After(params string[] moves)
    {
        var state = Game.Start(new(1));
        foreach (var move in moves)
        {
            var turn = Game.Turns(state)[0];
            Game.Check(state, turn, new(move)).ShouldBeNull(move);
            state = Game.Play(state, turn, new(move));
        }
        return state;
    }

    private static readonly string[] Dealt = ["pair:cat-dog", "word:first", "spy:2"];
    private static readonly string[] Clues =
    [
        "it purrs",
        "it is a pet",
        "it climbs trees",
        "it has fur",
        "soft paws",
        "four legs",
        "it cleans itself",
        "it likes milk",
    ];

    [Fact]
    public void Clue_rewards_are_the_papers()
    {
        UndercoverWord.ClueRewards([2, 1, 0, 0], 0.1, 0.1).ShouldBe([-1 / 6.0, -1 / 90.0, 4 / 45.0, 4 / 45.0], 1e-12);
        UndercoverWord.ClueRewards([0, 3, 0, 0], 0.1, 0.1).Sum().ShouldBe(0, 1e-12);
    }

    [Fact]
    public void Votes_pay_the_clues_and_are_measured_themselves()
    {
        // The spy is player 2. Seats 1, 2, 3 are players 1, 3, 4; two vote for the spy, seat 3 for player 1.
        var outcome = Game.Outcome(After([.. Dealt, .. Clues, "2", "2", "1"]))!;
        outcome.Payoffs.ShouldBe([-1 / 6.0, -1 / 90.0, 4 / 45.0, 4 / 45.0], 1e-12);
        outcome.Measures.ShouldBe(
            new Dictionary<string, double>
            {
                ["vote/1"] = 1,
                ["vote/2"] = 1,
                ["vote/3"] = -1,
            }
        );
        Game.Outcome(After([.. Dealt, .. Clues, "n/a", "n/a", "n/a"]))!.Payoffs.ShouldBe([0, 0, 0, 0]);
        Game.Outcome(After([.. Dealt, .. Clues, "n/a", "n/a", "n/a"]))!.Measures.Values.ShouldAllBe(v => v == -0.5);
    }

    [Fact]
    public void A_reward_can_read_what_was_measured()
    {
        var reward = Standard.Catalog.Rewards.Create(
            new Plugin("measure", new System.Text.Json.Nodes.JsonObject { ["measure"] = "vote", ["scale"] = 2 })
        );
        var ended = new GameEnded(Game.Outcome(After([.. Dealt, .. Clues, "2", "n/a", "1"]))!);
        ImmutableArray<GameEvent> events =
        [
            new GameStarted("undercover-word", new GameSetup(1), ["a", "a", "a", "a"]) { Chance = [.. Dealt] },
            ended,
        ];
        reward.Score(new Episode(1, Game, events)).ShouldBe([double.NaN, 2, -1, -2]);
    }

    [Fact]
    public void Players_speak_by_number_and_civilians_vote_at_once()
    {
        Game.Turns(After(Dealt)).Single().Seat.ShouldBe(1);
        Game.Turns(After([.. Dealt, Clues[0]])).Single().Seat.ShouldBe(0);
        var votes = Game.Turns(After([.. Dealt, .. Clues]));
        votes.Select(t => (t.Seat, t.Role)).ShouldBe([(1, "civilian"), (2, "civilian"), (3, "civilian")]);
        votes[1].Legal.ShouldBe(["1", "2", "4", "n/a"]);
        votes.ShouldAllBe(t =>
            t.Observation.Single(p => p.Kind == ObservationKind.Transcript)
                .Text.StartsWith("player 1: it purrs\nplayer 2: it is a pet")
        );
    }

    [Theory]
    [InlineData("a cat has whiskers", "your word")]
    [InlineData("CATS sleep a lot", "your word")]
    [InlineData("It purrs. It sleeps.", "one sentence")]
    [InlineData("one\ntwo", "one sentence")]
    [InlineData("It   PURRS!", "given before")]
    [InlineData(" ... ", "empty")]
    public void Unlawful_clues_are_refused(string clue, string reason)
    {
        var state = After([.. Dealt, "it purrs", "a pet"]);
        Game.Check(state, Game.Turns(state)[0], new(clue))!.ShouldContain(reason);
    }

    [Theory]
    [InlineData("It is about 2.5 kg, or so...")]
    [InlineData("catalogues are full of them")]
    [InlineData("Would you like one?")]
    public void Lawful_clues_pass(string clue)
    {
        var state = After([.. Dealt, "it purrs", "a pet"]);
        Game.Check(state, Game.Turns(state)[0], new(clue)).ShouldBeNull();
    }

    [Fact]
    public void The_spy_is_told_its_own_word_or_none_and_civilians_never_that_of_the_spy()
    {
        var near = Game.Turns(After([.. Dealt, "it purrs"]))[0];
        Tables.View(near).ShouldContain("Your word is dog");
        Tables.View(near).ShouldNotContain("cat");
        Tables.View(Game.Turns(After(Dealt))[0]).ShouldNotContain("dog");
        var blank = Tables.Open("""undercover-word {"spy":"blank"}""");
        var state = blank.Start(new(1));
        foreach (var move in (string[])[.. Dealt, "it purrs"])
            state = blank.Play(state, blank.Turns(state)[0], new(move));
        Tables.View(blank.Turns(state)[0]).ShouldNotContain("dog");
    }

    [Fact]
    public void Every_clue_of_the_cards_is_lawful_and_true_of_one_side_or_both()
    {
        foreach (var pair in WordPair.All)
        foreach (var (word, other) in new[] { (pair.First, pair.Second), (pair.Second, pair.First) })
        {
            word.Clues.Length.ShouldBe(6);
            word.Clues.Intersect(other.Clues).Count().ShouldBe(3, word.Name);
            var state = After(
                $"pair:{pair.First.Name}-{pair.Second.Name}",
                word == pair.First ? "word:first" : "word:second",
                "spy:4"
            );
            foreach (var clue in word.Clues)
                Game.Check(state, Game.Turns(state)[0], new(clue)).ShouldBeNull($"{word.Name}: {clue}");
        }
    }
}
