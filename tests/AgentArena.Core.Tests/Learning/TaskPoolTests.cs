// The pool: seeds, capacity, each way of picking, seeding by others, order by game whatever ended first, and names that
// must exist.
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

public class TaskPoolTests
{
    private static readonly MatchContext Two = MakeTable();

    private static TaskPool Pool(string options)
    {
        var mistakes = new Mistakes();
        var bound = OptionsBinder.Bind<TaskPool.Options>(JsonNode.Parse(options), "", mistakes);
        mistakes.ThrowIfAny();
        return new TaskPool(bound!, Standard.Catalog);
    }

    private static Assignment Next(TaskPool pool, long number)
    {
        var stream = new RandomStream(RandomStream.Derive(1, "match", number));
        return pool.Next(Two, number, ref stream);
    }

    private static int[] Dealt(TaskPool pool, long number) =>
        Next(pool, number).Setup.Task is { } task
            ? [.. JsonNode.Parse(task)!["references"]!.AsArray().Select(p => p!["n"]!.GetValue<int>())]
            : [];

    private static void Make(TaskPool pool, long game, int product, double? solved = null) =>
        pool.Observe(
            new Assignment(game, "kuhn", new GameSetup(1), ["student", "student"]),
            new LedgerEntry(game, OutcomeKind.Finished, [])
            {
                Product = $$"""{"n":{{product}}}""",
                Measures = solved is { } share
                    ? ImmutableSortedDictionary<string, double>.Empty.Add("solved", share)
                    : ImmutableSortedDictionary<string, double>.Empty,
            }
        );

    [Fact]
    public void Seeds_are_dealt_first_and_the_oldest_is_dropped()
    {
        var pool = Pool(
            """{ "deal": { "kuhn": { "count": 6 } }, "seeds": { "kuhn": [{ "n": 100 }] }, "capacity": 3 }"""
        );
        Dealt(pool, 0).ShouldBe([100]);
        Make(pool, 0, 1);
        Make(pool, 1, 2);
        Dealt(pool, 2).Order().ShouldBe([1, 2, 100]);
        Make(pool, 2, 3);
        Dealt(pool, 3).Order().ShouldBe([1, 2, 3]);
        pool.Count("kuhn").ShouldBe(3);
        Make(pool, 3, 3);
        pool.Count("kuhn").ShouldBe(3, "a product is kept once");
    }

    [Fact]
    public void Uniform_deals_each_product_alike_and_none_twice()
    {
        var pool = Pool("""{ "deal": { "kuhn": { "count": 2 } } }""");
        Dealt(pool, 0).ShouldBeEmpty();
        for (var i = 0; i < 5; i++)
            Make(pool, i, i);
        var counts = new int[5];
        for (var game = 10; game < 5010; game++)
        {
            var dealt = Dealt(pool, game);
            dealt.ShouldBeUnique();
            foreach (var n in dealt)
                counts[n]++;
        }
        counts.Sum().ShouldBe(10_000);
        counts.ShouldAllBe(c => Math.Abs(c - 2000) < 200); // 2000 +- 35: six standard deviations
    }

    [Fact]
    public void Max_new_deals_each_of_the_last_batch_once_and_then_any()
    {
        var pool = Pool("""{ "deal": { "kuhn": { "count": 1, "pick": "max-new", "batch": 4 } } }""");
        foreach (var game in new[] { 0, 1, 2, 3 })
            Make(pool, game, game);
        Enumerable.Range(4, 4).SelectMany(g => Dealt(pool, g)).ShouldBe([0, 1, 2, 3]);
        Make(pool, 4, 4);
        Make(pool, 6, 6);
        var second = Enumerable.Range(8, 4).SelectMany(g => Dealt(pool, g)).ToArray();
        second[..2].ShouldBe([4, 6]);
        second.Length.ShouldBe(4);
    }

    [Fact]
    public void Most_recent_deals_the_newest()
    {
        var pool = Pool("""{ "deal": { "kuhn": { "count": 2, "pick": "most-recent" } } }""");
        foreach (var game in new[] { 3, 0, 2, 1 })
            Make(pool, game, game);
        Dealt(pool, 9).ShouldBe([3, 2]);
    }

    [Fact]
    public void What_ended_first_does_not_matter()
    {
        const string options = """{ "deal": { "kuhn": { "count": 2 } } }""";
        var (one, other) = (Pool(options), Pool(options));
        (long, int)[] made = [(0, 5), (1, 6), (2, 5), (3, 7)];
        foreach (var (game, product) in made)
            Make(one, game, product);
        foreach (var (game, product) in made.Reverse())
            Make(other, game, product);
        for (var game = 4; game < 40; game++)
            Dealt(one, game).ShouldBe(Dealt(other, game));
    }

    [Fact]
    public void Preferred_products_are_drawn_first_and_the_others_where_these_are_too_few()
    {
        var pool = Pool(
            """{ "deal": { "kuhn": { "count": 3, "prefer": { "measure": "solved", "at-most": 0.5 } } } }"""
        );
        Make(pool, 0, 0, 0.6);
        Make(pool, 1, 1, 0.5);
        Make(pool, 2, 2, 0);
        Make(pool, 3, 3, 1);
        Make(pool, 4, 4);
        var thirds = new HashSet<int>();
        for (var game = 10; game < 60; game++)
        {
            var dealt = Dealt(pool, game);
            dealt.Length.ShouldBe(3);
            dealt[..2].Order().ShouldBe([1, 2]);
            thirds.Add(dealt[2]);
        }
        thirds.Order().ShouldBe([0, 3, 4]);
        // The published bound lets every rate through.
        var all = Pool("""{ "deal": { "kuhn": { "count": 1, "prefer": { "measure": "solved" } } } }""");
        Make(all, 0, 0, 1);
        Make(all, 1, 1);
        for (var game = 10; game < 30; game++)
            Dealt(all, game).ShouldBe([0]);
    }

    [Theory]
    [InlineData(0, "7", "7 8 9", "", "")] // the published pool: nothing is kept
    [InlineData(0.5, "2 3 7", "2 3 7 8 9", "8 9", "9")] // 2 of 4 are kept, 2 of these and 3 more, 1 of these
    public void Buffers_are_emptied_every_so_many_games_but_for_the_newest(
        double keep,
        string early,
        string late,
        string after,
        string later
    )
    {
        foreach (var reverse in new[] { false, true })
        {
            var pool = Pool(
                $$"""{ "deal": { "kuhn": { "count": 9 } }, "seeds": { "kuhn": [{ "n": 100 }] }, "clear": { "games": 6, "keep": {{keep}} } }"""
            );
            // A slow game of the first span ends after the emptying: it makes no difference when.
            (long Game, int Product)[] first = [(0, 0), (1, 1), (2, 2), (4, 3)];
            foreach (var (game, product) in reverse ? [.. first.Reverse()] : first)
                Make(pool, game, product);
            Dealt(pool, 5).Order().ShouldBe([0, 1, 2, 3, 100]);
            Make(pool, 7, 7);
            Kept(pool, 8).ShouldBe(early);
            Make(pool, 8, 8);
            Make(pool, 9, 9);
            Kept(pool, 11).ShouldBe(late);
            Kept(pool, 12).ShouldBe(after);
            Kept(pool, 18).ShouldBe(later);
            Kept(pool, 24).ShouldBe("");
            Make(pool, 25, 0);
            Kept(pool, 26).ShouldBe("0", "what was dropped may be made again");
        }

        static string Kept(TaskPool pool, long number) =>
            string.Join(' ', Dealt(pool, number).Where(n => n != 100).Order());
    }

    [Fact]
    public void Chance_deals_to_a_share_of_the_games()
    {
        var pool = Pool("""{ "deal": { "kuhn": { "count": 1, "chance": 0.5 } } }""");
        Make(pool, 0, 0);
        Enumerable.Range(1, 2000).Count(g => Dealt(pool, g).Length > 0).ShouldBeInRange(900, 1100);
    }

    [Fact]
    public void Seeding_seats_others_until_the_buffers_are_full()
    {
        var pool = Pool(
            """{ "deal": { "kuhn": { "count": 1 } }, "seeds": { "kuhn": [{ "n": 100 }] }, "seeding": { "products": 2, "seats": { "player-0": "seeder" } } }"""
        );
        Make(pool, 0, 1);
        Next(pool, 1).Seats.ShouldBe(["seeder", "student"]);
        Make(pool, 1, 2);
        Next(pool, 2).Seats.ShouldBe(["student", "student"]);
        var barren = Pool(
            """{ "deal": { "kuhn": {} }, "seeding": { "games": 3, "seats": { "player-0": "seeder" } } }"""
        );
        (Next(barren, 2).Seats[0], Next(barren, 3).Seats[0]).ShouldBe(("seeder", "student"));
    }

    [Fact]
    public void Another_matchmaker_sets_the_table()
    {
        var pool = Pool(
            """{ "deal": { "kuhn": {} }, "table": { "name": "stages", "stages": [{ "games": 1, "seats": { "player": "seeder" } }, {}] } }"""
        );
        (Next(pool, 0).Seats[0], Next(pool, 1).Seats[0]).ShouldBe(("seeder", "student"));
    }

    [Fact]
    public void Files_are_seeds_too_and_their_faults_are_named()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "{\"n\":7}\n\n{\"n\":8}\n");
            string Options() =>
                new JsonObject
                {
                    ["deal"] = new JsonObject { ["kuhn"] = new JsonObject() },
                    ["files"] = new JsonObject { ["kuhn"] = file },
                }.ToJsonString();
            Dealt(Pool(Options()), 0).Order().ShouldBe([7, 8]);
            File.WriteAllText(file, "{\"n\":7}\n[1]\n");
            Should
                .Throw<ArgumentException>(() => Pool(Options()))
                .Message.ShouldContain($"line 2 of '{file}' is no JSON object");
            File.Delete(file);
            Should.Throw<ArgumentException>(() => Pool(Options())).Message.ShouldContain("cannot be read");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void What_it_names_must_exist()
    {
        var mistakes = new Mistakes();
        Pool(
                """{ "deal": { "go": {}, "kuhn": { "from": ["chess"] } }, "seeds": { "poker": [] }, "seeding": { "seats": { "dealer": "nobody", "player": "student" } } }"""
            )
            .Check(Two, "m", mistakes);
        mistakes
            .All.Select(m => m.ToString())
            .ShouldBe(
                [
                    "m.deal.go: unknown game 'go'. Known: kuhn.",
                    "m.deal.kuhn.from[0]: unknown game 'chess'. Known: kuhn.",
                    "m.seeds.poker: unknown game 'poker'. Known: kuhn.",
                    "m.seeding.seats.dealer: unknown seat 'dealer'. Known: player-0, player-1, player.",
                    "m.seeding.seats.dealer: unknown policy 'nobody'. Known: seeder, student.",
                    "m.seeding.seats.player: 'student' learns, and seeding is play that nobody learns from. Name a policy with the same model and train = off.",
                ],
                ignoreOrder: false
            );
        Should
            .Throw<ArgumentException>(() => Pool("""{ "deal": { "kuhn": { "chance": 0 } } }"""))
            .Message.ShouldContain("above 0");
        Should
            .Throw<ArgumentException>(() => Pool("""{ "deal": {}, "clear": { "games": 0 } }"""))
            .Message.ShouldContain("clear.games");
        Should
            .Throw<ArgumentException>(() => Pool("""{ "deal": {}, "clear": { "keep": 1 } }"""))
            .Message.ShouldContain("clear.keep");
    }

    private static MatchContext MakeTable()
    {
        var scenario = Scenario.Bind(
            (JsonObject)
                JsonNode.Parse(
                    """
                    { "games": { "kuhn": { "rules": "kuhn-poker" } }, "policies": { "student": { "model": "tiny", "train": true }, "seeder": { "model": "tiny" } }, "seats": { "player": "student" }, "models": { "tiny": "transformer" } }
                    """
                )!,
            "scenario",
            new Mistakes()
        );
        return new MatchContext(
            scenario,
            new Dictionary<string, Game> { ["kuhn"] = Standard.Catalog.Games.Create(new Plugin("kuhn-poker"), "game") }
        );
    }
}
