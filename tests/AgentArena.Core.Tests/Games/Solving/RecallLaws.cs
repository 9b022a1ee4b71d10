// What the solvers rely on: a seat's keys hold all it has done and seen, and never what it has not.
using System.Runtime.CompilerServices;
using AgentArena.Core.Play;
using AgentArena.Games.Solving;

namespace AgentArena.Core.Tests.Games.Solving;

public class RecallLaws
{
    public static TheoryData<string> Hidden =>
        [
            .. Tables
                .Entries.Append("""liars-dice {"sides":3}""")
                .Where(entry =>
                    Tables.Open(entry).Facts is { Enumerable: true, PerfectInformation: false } && entry != "liars-dice"
                ),
        ];

    [Theory]
    [MemberData(nameof(Hidden))]
    public void Equal_keys_mean_equal_memories(string entry)
    {
        var game = Tables.Open(entry);
        var memories = new Dictionary<(int, string), string>();
        Walk(game.Start(new(0)), [.. game.Facts.Roles.Select(_ => "")]);
        memories.ShouldNotBeEmpty();

        void Walk(GameState state, string[] own)
        {
            if (game.Turns(state) is not [var turn, ..])
                return;
            if (!turn.IsChance && !memories.TryAdd((turn.Seat, turn.InformationState!), own[turn.Seat]))
                memories[(turn.Seat, turn.InformationState!)]
                    .ShouldBe(own[turn.Seat], $"seat {turn.Seat} at {turn.InformationState} forgot what it did");
            foreach (var move in turn.Legal)
            {
                var then = own;
                if (!turn.IsChance)
                {
                    then = [.. own];
                    then[turn.Seat] += $"{turn.InformationState}>{move};";
                }
                Walk(game.Play(state, turn, new(move)), then);
            }
        }
    }

    [Theory]
    [InlineData("kuhn-poker")]
    [InlineData("leduc-poker")]
    public void A_seat_sees_nothing_of_the_card_dealt_to_the_other(string name)
    {
        var game = Tables.Open(name);
        var first = game.Turns(game.Start(new(0)))[0];
        for (var seat = 0; seat < 2; seat++)
            foreach (var own in first.Legal)
            {
                var views = new Dictionary<string, HashSet<string>>();
                foreach (var other in first.Legal.Where(card => card != own))
                    Collect(
                        KuhnPokerTests.After(game, seat == 0 ? $"{own},{other}" : $"{other},{own}"),
                        "",
                        seat,
                        views,
                        game
                    );
                views.ShouldNotBeEmpty();
                foreach (var (line, seen) in views)
                    seen.Count.ShouldBe(1, $"seat {seat} with {own} after '{line}'");
            }

        // Up to the public card, which cannot be one that was dealt and so tells a little, lawfully.
        static void Collect(
            GameState state,
            string line,
            int seat,
            Dictionary<string, HashSet<string>> views,
            Game game
        )
        {
            if (game.Turns(state) is not [{ IsChance: false } turn])
                return;
            if (turn.Seat == seat)
            {
                if (!views.TryGetValue(line, out var seen))
                    views[line] = seen = [];
                seen.Add(Tables.Face(turn));
            }
            foreach (var move in turn.Legal)
                Collect(game.Play(state, turn, new(move)), $"{line},{move}", seat, views, game);
        }
    }

    [Fact]
    public void Games_that_cannot_be_walked_say_so()
    {
        Should
            .Throw<InvalidOperationException>(() => GameTree.Of(Tables.Open("connect-four")))
            .Message.ShouldContain("enumerable");
        Should
            .Throw<InvalidOperationException>(() => GameTree.Of(Tables.Open("leduc-poker"), most: 1000))
            .Message.ShouldContain("more than 1000 nodes");
    }
}
