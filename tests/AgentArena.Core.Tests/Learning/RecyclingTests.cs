// Recycling: each product once for each game that uses it, so many a batch, old ones dropped, and the same after a
// crash.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using AgentArena.Learning;

namespace AgentArena.Core.Tests.Learning;

public class RecyclingTests
{
    private const string Options =
        """{ "from": "solve", "batch": 10, "to": { "judge": { "most": 3 }, "reflect": { "most": 2, "measure": "solved" } } }""";

    private static readonly MatchContext Three = MakeTable();

    private static Recycling Make(string options = Options)
    {
        var mistakes = new Mistakes();
        var bound = OptionsBinder.Bind<Recycling.Options>(JsonNode.Parse(options), "", mistakes);
        mistakes.ThrowIfAny();
        return new Recycling(bound!, Standard.Catalog);
    }

    private static Assignment Next(Recycling matchmaker, long number)
    {
        var stream = new RandomStream(RandomStream.Derive(1, "match", number));
        return matchmaker.Next(Three, number, ref stream);
    }

    private static void End(Recycling matchmaker, Assignment assignment, double solved, bool product = true) =>
        matchmaker.Observe(
            assignment,
            new LedgerEntry(assignment.Number, OutcomeKind.Finished, [])
            {
                Product = product ? $$"""{"n":{{assignment.Number}}}""" : null,
                Measures = ImmutableSortedDictionary<string, double>.Empty.Add("solved", solved),
            }
        );

    private static int Dealt(Assignment assignment) =>
        JsonNode.Parse(assignment.Setup.Task!)!["references"]!.AsArray().Single()!["n"]!.GetValue<int>();

    /// <summary>Batches of ten, each ended before the next begins; groups of odd games hold a wrong answer.</summary>
    private static List<Assignment> Play(Recycling matchmaker, int batches, int from = 0)
    {
        var all = new List<Assignment>();
        for (var batch = from; batch < from + batches; batch++)
        {
            var assigned = Enumerable.Range(batch * 10, 10).Select(n => Next(matchmaker, n)).ToArray();
            foreach (var game in assigned)
                End(matchmaker, game, game.Number % 2 == 1 ? 0.5 : 1, product: game.Game == "solve");
            all.AddRange(assigned);
        }
        return all;
    }

    [Fact]
    public void A_batch_uses_what_the_one_before_has_made_each_once_and_at_most_so_many()
    {
        var games = Play(Make(), 6);
        games.Take(10).ShouldAllBe(g => g.Game == "solve" && g.Setup.Task == null);
        for (var batch = 1; batch < 6; batch++)
        {
            var now = games.Skip(10 * batch).Take(10).ToArray();
            now.Select(g => g.Game)
                .ShouldBe([
                    "judge",
                    "judge",
                    "judge",
                    "reflect",
                    "reflect",
                    "solve",
                    "solve",
                    "solve",
                    "solve",
                    "solve",
                ]);
            foreach (
                var used in now.Where(g => g.Game != "solve")
                    .GroupBy(g => g.Game)
                    .Select(g => g.Select(Dealt).ToArray())
            )
            {
                used.ShouldBeUnique();
                used.ShouldAllBe(n => n / 10 == batch - 1 && games[n].Game == "solve");
            }
            now.Where(g => g.Game == "reflect").ShouldAllBe(g => Dealt(g) % 2 == 1);
        }
        games.Select(g => g.Setup.Seed).ShouldBeUnique();
    }

    [Fact]
    public void Where_nothing_is_made_nothing_is_used_and_what_is_used_is_drawn_alike()
    {
        var matchmaker = Make();
        var all = Enumerable.Range(0, 10).Select(n => Next(matchmaker, n)).ToArray();
        foreach (var game in all)
            End(matchmaker, game, 1, product: false);
        Next(matchmaker, 10).Game.ShouldBe("solve");
        End(matchmaker, all[4], 1); // late, and all right: to judge alone
        (Next(matchmaker, 11) is { Game: "judge" } one ? Dealt(one) : -1).ShouldBe(4);
        Next(matchmaker, 12).Game.ShouldBe("solve");
        // The last five places of each batch are the solvers': each of them is drawn alike.
        var counts = Play(Make(), 300)
            .Where(g => g.Game == "judge")
            .GroupBy(g => Dealt(g) % 10)
            .ToDictionary(g => g.Key, g => g.Count());
        // 298 batches x 3 of 5: 179 +- 8
        Enumerable.Range(5, 5).Select(n => counts[n]).ShouldAllBe(c => c >= 140 && c <= 220);
    }

    [Fact]
    public void What_waited_through_a_batch_is_dropped()
    {
        var matchmaker = Make("""{ "from": "solve", "batch": 4, "to": { "judge": { "most": 1 } } }""");
        for (var n = 0; n < 4; n++)
            End(matchmaker, Next(matchmaker, n), 0);
        Dealt(Next(matchmaker, 4)).ShouldBeInRange(0, 3);
        for (var n = 5; n < 8; n++)
            Next(matchmaker, n).Game.ShouldBe("solve");
        Next(matchmaker, 8)
            .Game.ShouldBe("solve", "three of the first batch were never used, and none of the second has ended");
    }

    [Fact]
    public void After_a_crash_it_goes_on_as_it_would_have()
    {
        var (one, other) = (Make(), Make());
        foreach (var batch in Play(one, 3).Chunk(10))
        {
            foreach (var game in batch)
                other.Recall(game);
            foreach (var game in batch)
                End(other, game, game.Number % 2 == 1 ? 0.5 : 1, product: game.Game == "solve");
        }
        for (var n = 30; n < 33; n++)
            other.Recall(Next(one, n)); // in the middle of a batch
        for (var n = 33; n < 40; n++)
            Next(other, n).ShouldBe(Next(one, n), new Alike());
        Play(other, 2, from: 4).ShouldBe(Play(one, 2, from: 4), new Alike());
    }

    [Fact]
    public void What_it_names_must_exist_and_leave_room()
    {
        var mistakes = new Mistakes();
        Make("""{ "from": "slove", "to": { "jugde": {} } }""").Check(Three, "m", mistakes);
        mistakes
            .All.Select(m => m.ToString())
            .ShouldBe(
                [
                    "m.from: unknown game 'slove'. Known: judge, reflect, solve. Did you mean solve?",
                    "m.to.jugde: unknown game 'jugde'. Known: judge, reflect, solve. Did you mean judge?",
                ],
                ignoreOrder: true
            );
        Should
            .Throw<ArgumentException>(() => Make("""{ "from": "solve", "to": {} }"""))
            .Message.ShouldContain("to is empty");
        Should
            .Throw<ArgumentException>(() => Make("""{ "from": "solve", "to": { "solve": {} } }"""))
            .Message.ShouldContain("another one");
        Should
            .Throw<ArgumentException>(() => Make("""{ "from": "solve", "to": { "judge": {} }, "batch": 32 }"""))
            .Message.ShouldContain("room");
        Should
            .Throw<ArgumentException>(() => Make("""{ "from": "solve", "to": { "judge": { "most": 0 } } }"""))
            .Message.ShouldContain("most");
    }

    private sealed class Alike : IEqualityComparer<Assignment>
    {
        public bool Equals(Assignment? x, Assignment? y) =>
            x!.Number == y!.Number && x.Game == y.Game && x.Setup == y.Setup && x.Seats.SequenceEqual(y.Seats);

        public int GetHashCode(Assignment a) => (int)a.Number;
    }

    private static MatchContext MakeTable()
    {
        var scenario = Scenario.Bind(
            (JsonObject)
                JsonNode.Parse(
                    """
                    { "games": { "solve": { "rules": "word-problem" }, "judge": { "rules": "judge-items" }, "reflect": { "rules": { "name": "judge-items", "do": "reflect" } } },
                      "policies": { "student": { "model": "tiny", "train": true } }, "seats": { "solver": "student", "judge": "student", "reflector": "student" }, "models": { "tiny": "transformer" } }
                    """
                )!,
            "scenario",
            new Mistakes()
        );
        return new MatchContext(
            scenario,
            scenario.AllGames.ToDictionary(g => g.Key, g => Standard.Catalog.Games.Create(g.Value.Rules, g.Key))
        );
    }
}
