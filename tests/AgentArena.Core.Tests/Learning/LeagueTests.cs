// The pool by game numbers, the choice among members, ratings against published examples, and what must not be.
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

public class LeagueTests
{
    private static readonly LearnSpec Learn = new() { Batch = 10, Updates = 100 };

    [Fact]
    public void A_version_joins_when_its_checkpoint_is_certain_and_the_first_never_leaves()
    {
        var league = new League(
            new()
            {
                Policy = "student",
                Every = 4,
                Most = 3,
                Others = ["chance"],
            }
        );
        league.Pool(Learn, 0).ShouldBe(["chance"]);
        // Version 4 comes of games 0 to 39. Games from 40 on may be dealt before its checkpoint is asked for, those
        // from 50 on are not.
        league.Pool(Learn, 49).ShouldBe(["chance"]);
        league.Pool(Learn, 50).ShouldBe(["chance", "student@4"]);
        league.Pool(Learn with { MaxStaleness = 1 }, 50).ShouldBe(["chance"]);
        league.Pool(Learn, 130).ShouldBe(["chance", "student@4", "student@8", "student@12"]);
        league.Pool(Learn, 210).ShouldBe(["chance", "student@4", "student@16", "student@20"]);
    }

    [Fact]
    public void No_version_joins_that_is_never_made_and_a_pool_of_one_is_the_newest()
    {
        // Another policy learns for longer: games go on after this one's 22 updates, and version 24 never comes.
        var league = new League(
            new()
            {
                Policy = "student",
                Every = 4,
                Most = 2,
            }
        );
        league.Pool(Learn with { Updates = 22 }, 5000).ShouldBe(["student@4", "student@20"]);
        league.Pool(Learn with { Updates = 3 }, 5000).ShouldBeEmpty();
        var lone = new League(
            new()
            {
                Policy = "student",
                Every = 4,
                Most = 1,
            }
        );
        lone.Pool(Learn, 50).ShouldBe(["student@4"]);
        lone.Pool(Learn, 210).ShouldBe(["student@20"]);
    }

    [Fact]
    public void Seats_are_swapped_and_the_share_is_kept()
    {
        var (league, table) = (
            new League(
                new()
                {
                    Policy = "student",
                    Every = 4,
                    Share = 0.25,
                    Choose = League.Choice.Latest,
                }
            ),
            Table()
        );
        var dealt = Enumerable.Range(100, 3800).Select(n => Next(league, table, n)).ToArray();
        var pooled = dealt.Where(a => a.Seats.Distinct().Count() == 2).ToArray();
        (pooled.Length / (double)dealt.Length).ShouldBe(0.25, 0.03);
        pooled
            .Count(a => a.Seats[0] == "student")
            .ShouldBeInRange((int)(pooled.Length * 0.45), (int)(pooled.Length * 0.55));
        // the newest that is certain, in batches of 4
        pooled[^1].Seats.ShouldContain($"student@{(pooled[^1].Number / 4 - 1) / 4 * 4}");
    }

    [Fact]
    public void The_prioritised_choice_looks_for_those_who_beat_the_learner()
    {
        var (league, table) = (
            new League(
                new()
                {
                    Policy = "student",
                    Every = 100,
                    Share = 1,
                    Others = ["chance", "foe"],
                    Power = 2,
                    Keep = 0.9,
                }
            ),
            Table()
        );
        for (var i = 0; i < 200; i++)
        {
            Told(league, ["student", "chance"], [1, -1]);
            Told(league, ["foe", "student"], [1, -1]);
        }
        var opponents = Enumerable
            .Range(0, 500)
            .Select(n => Next(league, table, n).Seats.First(s => s != "student"))
            .ToArray();
        opponents.Count(o => o == "foe").ShouldBeGreaterThan(480);
        var figures = league.Figures().ToDictionary(f => f.Name, f => f.Value);
        figures["league/win-rate/chance"].ShouldBe(1, 1e-6);
        figures["league/win-rate/foe"].ShouldBe(0, 1e-6);
        figures["league/elo/foe"].ShouldBeGreaterThan(figures["league/elo/student"]);
        figures["league/elo/student"].ShouldBeGreaterThan(figures["league/elo/chance"]);
        // Elo gives and takes the same; ratings are those of all games, so a resumed run that is told them again has
        // the same.
        (figures["league/elo/foe"] + figures["league/elo/student"] + figures["league/elo/chance"]).ShouldBe(4500, 1e-6);
    }

    [Fact]
    public void Elo_moves_as_in_the_textbook()
    {
        Elo.Expected(1500, 1500).ShouldBe(0.5);
        Elo.Expected(1613, 1609).ShouldBe(0.506, 5e-4);
        Elo.Expected(1613, 1477).ShouldBe(0.686, 5e-4);
        Elo.Expected(1613, 1388).ShouldBe(0.785, 5e-4);
        Elo.Update(1500, 1500, 1, 32).ShouldBe((1516, 1484));
        Elo.Update(1600, 1400, 0.5, 32).First.ShouldBeLessThan(1600);
    }

    [Fact]
    public void True_skill_moves_as_published()
    {
        var (winner, loser) = TrueSkill.Update(Skill.Start, Skill.Start, 1);
        winner.Mean.ShouldBe(29.396, 1e-3);
        winner.Deviation.ShouldBe(7.171, 1e-3);
        loser.Mean.ShouldBe(20.604, 1e-3);
        loser.Deviation.ShouldBe(7.171, 1e-3);
        var (first, second) = TrueSkill.Update(Skill.Start, Skill.Start, 0.5);
        first.Mean.ShouldBe(25, 1e-9);
        first.Deviation.ShouldBe(6.458, 1e-3);
        second.ShouldBe(first);
        TrueSkill.Update(new(30, 2), new(20, 3), 0).ShouldBe(Swap(TrueSkill.Update(new(20, 3), new(30, 2), 1)));
        foreach (var x in new[] { -8.0, -3.01, -1.96, -0.5, 0, 0.5, 1.96, 3.01, 8 })
            (TrueSkill.Cumulative(x) + TrueSkill.Cumulative(-x)).ShouldBe(1, 1e-12);
        TrueSkill.Cumulative(1.959963984540054).ShouldBe(0.975, 1e-12);
        TrueSkill.Cumulative(-4).ShouldBe(3.167124183311998e-5, 1e-15);

        static (Skill, Skill) Swap((Skill First, Skill Second) pair) => (pair.Second, pair.First);
    }

    [Fact]
    public void What_a_league_cannot_play_is_told_before_it_starts()
    {
        var mistakes = new Mistakes();
        new League(
            new()
            {
                Policy = "foe",
                Every = 3,
                Others = ["nobody"],
            }
        ).Check(Table(), "m", mistakes);
        mistakes
            .All.Select(m => m.ToString())
            .ShouldBe([
                "m.policy: foe does not learn, so it has no versions. Name the policy that does.",
                "m.others: unknown policy 'nobody'. Known: chance, foe, student.",
                "m.every: is 3, but a checkpoint is written every 2 updates (run.checkpoint-every). Make it a multiple of that.",
                "scenario.run.keep-checkpoints: is 4; frozen versions are played from their checkpoints, of which this run writes 500. Give at least that.",
            ]);
    }

    private static Assignment Next(League league, MatchContext table, long number)
    {
        var stream = new RandomStream(RandomStream.Derive(1, "match", number));
        return league.Next(table, number, ref stream);
    }

    private static void Told(League league, ImmutableArray<string> seats, ImmutableArray<double> payoffs) =>
        league.Observe(
            new Assignment(0, "kuhn-poker", new GameSetup(1), seats),
            new LedgerEntry(0, OutcomeKind.Finished, payoffs)
        );

    private static MatchContext Table()
    {
        var scenario = Scenario.Bind(
            (JsonObject)
                JsonNode.Parse(
                    """
                    { "game": "kuhn-poker", "policies": { "student": { "model": "tiny", "train": "on" }, "chance": { "player": "random" }, "foe": { "player": "always-bet" } }, "seats": { "player": "student" },
                      "models": { "tiny": "transformer" }, "learn": { "batch": "4", "updates": "1000" }, "run": { "checkpoint-every": "2", "keep-checkpoints": "4" } }
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
