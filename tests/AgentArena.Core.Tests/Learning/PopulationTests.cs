// Population-based training: who takes over from whom, with what, and when nobody does.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Scenarios;
using AgentArena.Learning;

namespace AgentArena.Core.Tests.Learning;

public class PopulationTests
{
    private static readonly PopulationSpec Four = new()
    {
        Members = ["ann", "ben", "cat", "dan"],
        Score = "exploitability",
        Share = 0.25,
        Every = 10,
    };
    private static readonly LearnSettings Plain = new();

    [Fact]
    public void The_worst_takes_over_from_the_best_and_its_settings_are_perturbed()
    {
        var population = new Population(Four, 1);
        population.Step("ann", 10, 0.1, Plain).ShouldBeNull();
        population.Step("ben", 10, 0.9, new LearnSettings(2, 3)).ShouldBeNull();
        population.Step("cat", 10, 0.5, Plain).ShouldBeNull();
        population.Step("dan", 10, 0.4, Plain).ShouldBeNull(); // all have reported, but ann is the worst
        var advice = population.Step("ann", 20, 0.2, Plain)!;
        (advice.Parent, advice.Score, advice.ParentScore).ShouldBe(("ben", 0.2, 0.9));
        new[] { 1.6, 2.4 }.ShouldContain(advice.Settings.Rate);
        new[] { 2.4, 3.6 }.Select(s => Math.Round(s, 9)).ShouldContain(Math.Round(advice.Settings.Entropy, 9));
        // It stands where ben stands now: dan is the worst, until ann's own score is in.
        population.Step("dan", 20, 0.4, Plain)!.Parent.ShouldBeOneOf("ann", "ben");
    }

    [Fact]
    public void Where_low_figures_are_good_ones_the_highest_is_the_worst_and_equals_stay()
    {
        var population = new Population(Four with { Lowest = true }, 1);
        foreach (var (member, score) in new[] { ("ann", 0.1), ("ben", 0.9), ("cat", 0.5) })
            population.Step(member, 10, score, Plain).ShouldBeNull();
        population.Step("dan", 10, 0.4, Plain).ShouldBeNull();
        population
            .Step("ben", 20, 0.8, Plain)!
            .ShouldSatisfyAllConditions(
                a => a.Parent.ShouldBe("ann"),
                a => a.Score.ShouldBe(0.8),
                a => a.ParentScore.ShouldBe(0.1)
            );
        var equal = new Population(Four, 1);
        foreach (var member in Four.Members)
            equal.Step(member, 10, 0.5, Plain).ShouldBeNull();
        equal.Step("ann", 20, 0.5, Plain).ShouldBeNull();
    }

    [Fact]
    public void First_settings_lie_within_the_spread_and_are_the_seeds()
    {
        var first = Enumerable
            .Range(0, 200)
            .Select(i => Population.First(Four with { Spread = 3 }, (ulong)i, "ann"))
            .ToArray();
        first.ShouldAllBe(s => s.Rate >= 1 / 3.0 && s.Rate <= 3 && s.Entropy >= 1 / 3.0 && s.Entropy <= 3);
        first.Count(s => s.Rate < 1).ShouldBeInRange(70, 130);
        Population.First(Four, 5, "ben").ShouldBe(Population.First(Four, 5, "ben"));
        Population.First(Four, 5, "ben").ShouldNotBe(Population.First(Four, 5, "cat"));
        Population.First(Four with { Entropy = false }, 5, "ben").Entropy.ShouldBe(1);
    }

    [Fact]
    public void Games_go_round_and_a_member_sits_in_every_seat_that_members_have()
    {
        var scenario = Bind(
            """{ "game": "kuhn-poker", "policies": { "ann": { "model": "m", "train": "on" }, "ben": { "model": "m", "train": "on" }, "bot": { "player": "random" } }, "seats": { "player": "ann", "player-1": "bot" }, "population": { "members": ["ann", "ben"], "score": "x", "every": 500 } }"""
        );
        var table = new MatchContext(
            scenario,
            new Dictionary<string, Game>
            {
                ["kuhn-poker"] = Standard.Catalog.Games.Create(new Plugin("kuhn-poker"), "game"),
            }
        );
        Enumerable
            .Range(0, 4)
            .Select(i =>
            {
                var stream = new RandomStream((ulong)i);
                return string.Join(' ', new PopulationPlay().Next(table, i, ref stream).Seats);
            })
            .ShouldBe(["ann bot", "ben bot", "ann bot", "ben bot"]);
    }

    [Fact]
    public void Members_must_learn_and_share_a_model()
    {
        var mistakes = new Mistakes();
        Bind(
            """{ "policies": { "ann": { "model": "m", "train": "on" }, "ben": { "model": "n", "train": "on" }, "bot": { "player": "random" } }, "population": { "members": ["ann", "ben", "bot", "zoe"], "score": "x", "every": 7, "share": 0.9, "factors": [] } }"""
        )
            .Population!.Check(
                Bind(
                    """{ "policies": { "ann": { "model": "m", "train": "on" }, "ben": { "model": "n", "train": "on" }, "bot": { "player": "random" } } }"""
                ),
                "p",
                mistakes
            );
        var all = string.Join('\n', mistakes.All);
        foreach (
            var part in new[]
            {
                "bot does not learn",
                "unknown policy 'zoe'",
                "different models",
                "p.every: is 7",
                "p.share: is 0.9",
                "p.factors",
            }
        )
            all.ShouldContain(part);
    }

    private static Scenario Bind(string json)
    {
        var mistakes = new Mistakes();
        var scenario = Scenario.Bind((JsonObject)JsonNode.Parse(json)!, "scenario", mistakes);
        mistakes.ThrowIfAny();
        return scenario;
    }
}
