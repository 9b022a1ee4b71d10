// Stages: counts and bounds move them on, in order, alike after a crash; what they name must exist.
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

public class StagesTests
{
    private static readonly MatchContext Kuhn = MakeTable();

    [Fact]
    public void Counts_change_the_table_in_order_and_the_last_stage_stays()
    {
        var stages = Make(
            """[{ "games": 3, "seats": { "player": "bot" } }, { "games": 2, "seats": { "player-1": "bot" } }, {}]"""
        );
        stages.LooksAhead.ShouldBeTrue();
        Seats(stages, 0, 8)
            .ShouldBe([
                "bot,bot",
                "bot,bot",
                "bot,bot",
                "student,bot",
                "student,bot",
                "student,student",
                "student,student",
                "student,student",
            ]);
        // A matchmaker made after a crash knows the same from the number alone.
        Seats(
                Make(
                    """[{ "games": 3, "seats": { "player": "bot" } }, { "games": 2, "seats": { "player-1": "bot" } }, {}]"""
                ),
                4,
                2
            )
            .ShouldBe(["student,bot", "student,student"]);
    }

    [Fact]
    public void A_bound_ends_a_stage_once_enough_games_have_shown_it()
    {
        const string options =
            """[{ "seats": { "player": "bot" }, "until": { "measure": "right", "at-least": 0.5, "keep": 0.5, "after": 3 } }, {}]""";
        var live = Make(options);
        live.LooksAhead.ShouldBeFalse();
        double[] values = [0, 1, 0, 1, 1];
        var seats = new List<string>();
        for (var i = 0; i < values.Length; i++)
        {
            seats.AddRange(Seats(live, i, 1));
            live.Observe(Assigned(i), Entry(i, values[i]));
        }
        // Means after each game: 0, .5 (too few games), .25, .625: the fourth moves it on.
        seats.ShouldBe(["bot,bot", "bot,bot", "bot,bot", "bot,bot", "student,student"]);
        var resumed = Make(options);
        for (var i = 0; i < 4; i++)
            resumed.Observe(Assigned(i), Entry(i, values[i]));
        Seats(resumed, 4, 1).ShouldBe(["student,student"]);
    }

    [Fact]
    public void What_a_stage_names_must_exist()
    {
        var mistakes = new Mistakes();
        Make("""[{ "games": 1, "seats": { "dealer": "bot", "player": "nobody" }, "shares": { "go": 1 } }, {}]""")
            .Check(Kuhn, "m", mistakes);
        mistakes
            .All.Select(m => m.ToString())
            .ShouldBe(
                [
                    "m.stages[0].seats.dealer: unknown seat 'dealer'. Known: player-0, player-1, player.",
                    "m.stages[0].seats.player: unknown policy 'nobody'. Known: bot, student.",
                    "m.stages[0].shares.go: unknown game 'go'. Known: kuhn-poker.",
                ],
                ignoreOrder: false
            );
        Should.Throw<ArgumentException>(() => Make("""[{}, {}]""")).Message.ShouldContain("neither games nor until");
    }

    private static Stages Make(string stages)
    {
        var mistakes = new Mistakes();
        var options = OptionsBinder.Bind<Stages.Options>(
            new JsonObject { ["stages"] = JsonNode.Parse(stages) },
            "",
            mistakes
        );
        mistakes.ThrowIfAny();
        return new Stages(options!);
    }

    private static string[] Seats(Stages stages, long from, int count)
    {
        var all = new string[count];
        for (var i = 0; i < count; i++)
        {
            var stream = new RandomStream(RandomStream.Derive(1, "match", from + i));
            all[i] = string.Join(',', stages.Next(Kuhn, from + i, ref stream).Seats);
        }
        return all;
    }

    private static Assignment Assigned(long number) =>
        new(number, "kuhn-poker", new GameSetup(1), ["student", "student"]);

    private static LedgerEntry Entry(long number, double right) =>
        new(number, OutcomeKind.Finished, [1, -1])
        {
            Measures = ImmutableSortedDictionary<string, double>.Empty.Add("right", right),
        };

    private static MatchContext MakeTable()
    {
        var scenario = Scenario.Bind(
            (JsonObject)
                JsonNode.Parse(
                    """
                    { "game": "kuhn-poker", "policies": { "student": { "model": "tiny" }, "bot": { "player": "random" } }, "seats": { "player": "student" }, "models": { "tiny": "transformer" } }
                    """
                )!,
            "scenario",
            new Mistakes()
        );
        return new MatchContext(
            scenario,
            new Dictionary<string, Game>
            {
                ["kuhn-poker"] = Standard.Catalog.Games.Create(new Plugin("kuhn-poker"), "game"),
            }
        );
    }
}
