// The typed experiment: what is bound, who sits where, how each policy learns, and the matches that follow.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Core.Tests;

public class ScenarioTests
{
    private static (Scenario Scenario, Mistakes Mistakes) Bind(string json)
    {
        var mistakes = new Mistakes();
        return (Scenario.Bind(JsonNode.Parse(json)!.AsObject(), "scenario", mistakes), mistakes);
    }

    private const string Two = """
        { "name": "two", "seed": "9",
          "games": { "kuhn": { "rules": "kuhn-poker", "share": "3" }, "throw": { "rules": { "name": "rock-paper-scissors" } } },
          "policies": { "student": { "model": "small", "train": "on", "learn": { "batch": 32 } }, "bot": { "player": { "name": "kuhn-nash", "alpha": "0.1" } } },
          "seats": { "player": "student", "player-1": "bot" }, "learn": { "batch": 64 } }
        """;

    [Fact]
    public void A_whole_scenario_is_bound_and_kept_as_it_was()
    {
        var (scenario, mistakes) = Bind(Two);
        mistakes.All.ShouldBeEmpty();
        (scenario.Name, scenario.Seed, scenario.AllGames.Count).ShouldBe(("two", 9L, 2));
        (scenario.PolicyAt("player", 0), scenario.PolicyAt("player", 1), scenario.PolicyAt("judge", 0)).ShouldBe(
            ("student", "bot", null)
        );
        (scenario.LearnOf("student").Batch, scenario.LearnOf("bot").Batch).ShouldBe((32, 64));
        JsonNode.DeepEquals(scenario.Source, JsonNode.Parse(Two)).ShouldBeTrue();
        Standard.Catalog.Players.Create(scenario.Policies["bot"].Player).ShouldNotBeNull();
    }

    [Fact]
    public void A_single_game_goes_by_its_own_name() =>
        Bind("""{ "game": { "name": "kuhn-poker", "hands": 3 } }""")
            .Scenario.AllGames.ShouldHaveSingleItem()
            .Key.ShouldBe("kuhn-poker");

    [Fact]
    public void Mistakes_carry_the_whole_path()
    {
        var (_, mistakes) = Bind(
            """{ "sead": 1, "policies": { "student": { "trian": "on" } }, "run": { "in-flight": "many" }, "games": { "kuhn": { "share": 2 } } }"""
        );
        mistakes
            .All.Select(m => m.Path)
            .ShouldBe([
                "scenario.sead",
                "scenario.policies.student.trian",
                "scenario.run.in-flight",
                "scenario.games.kuhn.rules",
            ]);
        Should.Throw<ScenarioException>(mistakes.ThrowIfAny).Mistakes.Count.ShouldBe(4);
    }

    [Fact]
    public void Matches_follow_from_the_seed_and_honour_the_shares()
    {
        var scenario = Bind(Two).Scenario;
        var games = scenario.AllGames.ToDictionary(g => g.Key, g => Standard.Catalog.Games.Create(g.Value.Rules));
        var table = new MatchContext(scenario, games);
        var matchmaker = Standard.Catalog.Matchmakers.Create(scenario.Matchmaker);
        var made = Enumerable.Range(0, 4000).Select(n => Match(n)).ToList();
        made.Count(m => m.Game == "kuhn").ShouldBeInRange(2_880, 3_120);
        made.ShouldAllBe(m => m.Seats.SequenceEqual(new[] { "student", "bot" }));
        made.Select(m => m.Setup.Seed).ShouldBeUnique();
        Match(17).Setup.ShouldBe(made[17].Setup);

        Assignment Match(long number)
        {
            var stream = new RandomStream(RandomStream.Derive((ulong)scenario.Seed, "match", number));
            return matchmaker.Next(table, number, ref stream);
        }
    }

    [Fact]
    public void Payoffs_are_scaled_to_rewards()
    {
        var game = Standard.Catalog.Games.Create(new Plugin("kuhn-poker"));
        var episode = new Episode(
            1,
            game,
            [
                new GameStarted("kuhn-poker", new(1), ["a", "b"]),
                new GameEnded(new Outcome(OutcomeKind.Finished, [2, -2])),
            ]
        );
        Standard
            .Catalog.Rewards.Create(new Plugin("payoff", new JsonObject { ["scale"] = "0.5" }))
            .Score(episode)
            .ShouldBe([1, -1]);
    }
}
