// Which arm is dealt: the published rules by their numbers, floors, and the same answer after a crash.
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

public class CurriculumTests
{
    private static readonly MatchContext Arms = MakeTable("a", "b", "c");

    [Theory]
    [InlineData(0.5, false, 0.5)]
    [InlineData(0.25, false, 0.375)]
    [InlineData(1, false, 0)]
    [InlineData(0, false, 0)]
    [InlineData(0.5, true, 1)]
    [InlineData(0.1, true, 0.6)]
    public void The_bandits_reward_is_the_mean_absolute_advantage(double s, bool normalised, double gain)
    {
        // Q = alpha * gain after one block; two arms' shares are exp(Q/tau) : 1. The floor is off.
        var curriculum = Make(
            new()
            {
                Every = 4,
                Floor = 0,
                Alpha = 0.5,
                Tau = 1,
                Normalised = normalised,
            }
        );
        Play(curriculum, 0, ("a", s), ("a", s), ("a", s), ("a", s));
        var shares = curriculum.Shares(Arms, 4);
        (shares["a"] / shares["b"]).ShouldBe(Math.Exp(0.5 * gain), 1e-9);
        shares["b"].ShouldBe(shares["c"], 1e-12);
        // A second block: Q <- Q + alpha (r - Q).
        Play(curriculum, 4, ("a", s), ("a", s), ("a", s), ("a", s));
        shares = curriculum.Shares(Arms, 8);
        (shares["a"] / shares["b"]).ShouldBe(Math.Exp(0.75 * gain), 1e-9);
    }

    [Fact]
    public void Single_samples_are_one_group_and_groups_are_groups()
    {
        // Two games at 0 and two at 1: as one group s = 1/2; as groups of their own there is nothing to learn.
        (string, double)[] games = [("a", 0), ("a", 1), ("a", 0), ("a", 1)];
        double Ratio(bool groups)
        {
            var curriculum = Make(
                new()
                {
                    Every = 4,
                    Floor = 0,
                    Groups = groups,
                }
            );
            Play(curriculum, 0, games);
            var shares = curriculum.Shares(Arms, 4);
            return shares["a"] / shares["b"];
        }
        Ratio(false).ShouldBe(Math.Exp(0.25), 1e-9);
        Ratio(true).ShouldBe(1, 1e-9);
    }

    [Fact]
    public void A_block_counts_when_all_of_it_has_ended_whatever_ended_first()
    {
        (string Game, double S)[] games = [("a", 0.1), ("b", 0.7), ("a", 0.3), ("c", 0.2), ("b", 0.1), ("a", 0.9)];
        var straight = Make(new() { Every = 3, Tau = 0.1 });
        var shuffled = Make(new() { Every = 3, Tau = 0.1 });
        Play(straight, 0, games);
        foreach (var i in (int[])[4, 2, 5, 0, 3])
            shuffled.Observe(Assigned(i, games[i].Game), Entry(i, games[i].S));
        shuffled
            .Shares(Arms, 6)
            .ShouldAllBe(s => Math.Abs(s.Value - 1.0 / 3) < 1e-12, "game 1 still runs, and block 1 waits for block 0");
        shuffled.Observe(Assigned(1, "b"), Entry(1, 0.7));
        shuffled.Shares(Arms, 6).ShouldBe(straight.Shares(Arms, 6));
    }

    [Fact]
    public void Every_arm_keeps_its_floor_and_aborted_games_say_nothing()
    {
        var curriculum = Make(
            new()
            {
                Every = 2,
                Floor = 0.05,
                Tau = 0.001,
            }
        );
        Play(curriculum, 0, ("a", 0.5), ("a", 0.5));
        var shares = curriculum.Shares(Arms, 2);
        shares["a"].ShouldBe(0.9, 1e-9);
        shares["b"].ShouldBe(0.05, 1e-9);
        for (var i = 2; i < 4; i++)
            curriculum.Observe(Assigned(i, "b"), new LedgerEntry(i, OutcomeKind.Aborted, []));
        curriculum.Shares(Arms, 4).ShouldBe(shares);
        var drawn = new int[3];
        for (var i = 0; i < 2000; i++)
        {
            var stream = new RandomStream(RandomStream.Derive(1, "match", i));
            drawn[curriculum.Next(Arms, i, ref stream).Game[0] - 'a']++;
        }
        drawn[0].ShouldBeInRange(1740, 1860);
        drawn[1].ShouldBeInRange(60, 145);
    }

    [Fact]
    public void Failures_that_do_not_rise_get_the_games()
    {
        var curriculum = Make(
            new()
            {
                Rule = Curriculum.Rule.Failure,
                Every = 3,
                Floor = 0,
            }
        );
        Play(curriculum, 0, ("a", 0.2), ("b", 0.4), ("c", 0.9));
        // c was once above the threshold; a and b share by their failures, .8 to .6.
        var shares = curriculum.Shares(Arms, 3);
        shares["a"].ShouldBe(0.8 / 1.4, 1e-9);
        shares["c"].ShouldBe(0);
        Play(curriculum, 3, ("a", 0.2), ("b", 0.45), ("c", 0.3));
        // b rises, so it is no weakness; c fell back but was learned once.
        curriculum.Shares(Arms, 6).Select(s => s.Value).ShouldBe([1, 0, 0]);
        Play(curriculum, 6, ("a", 0.6), ("b", 0.5), ("c", 0.8));
        // None is weak: by failures, .4, .5, .2.
        curriculum
            .Shares(Arms, 9)
            .Select(s => Math.Round(s.Value, 9))
            .ShouldBe([Math.Round(4 / 11.0, 9), Math.Round(5 / 11.0, 9), Math.Round(2 / 11.0, 9)]);
    }

    [Fact]
    public void The_frontier_is_a_window_and_else_the_nearest()
    {
        var curriculum = Make(
            new()
            {
                Rule = Curriculum.Rule.Frontier,
                Every = 2,
                Floor = 0,
                Keep = 0,
            }
        );
        Play(curriculum, 0, ("a", 0.9), ("b", 0.3));
        curriculum
            .Shares(Arms, 2)
            .Select(s => s.Value)
            .ShouldBe([0, 0.5, 0.5], "c was never played, so it may be anything");
        Play(curriculum, 2, ("b", 0.85), ("c", 0.1));
        curriculum.Shares(Arms, 4).Select(s => s.Value).ShouldBe([0, 1, 0], "b is the nearest to the window");
    }

    [Fact]
    public void Easy_arms_come_first_and_a_batch_is_sorted_anew_when_its_turn_comes()
    {
        var table = MakeTable("a", "b", "c", "d");
        var options = new Curriculum.Options
        {
            Rule = Curriculum.Rule.Ascending,
            Every = 4,
            Floor = 0,
            Keep = 0,
            Batches = 2,
            Length = 8,
        };
        var curriculum = Make(options);
        string Now(long number) => curriculum.Shares(table, number).Single(s => s.Value == 1).Key;
        curriculum.Shares(table, 0).ShouldAllBe(s => s.Value == 0.25);
        Play(curriculum, 0, ("a", 0.1), ("b", 0.8), ("c", 0.3), ("d", 0.6));
        // Easy to hard: b, d | c, a. Games 4 to 11 are the first batch.
        Enumerable.Range(4, 8).Select(n => Now(n)).ShouldBe(["b", "b", "b", "b", "d", "d", "d", "d"]);
        // Meanwhile a became easier than c: the second batch is dealt in its new order, the first stays as it was.
        Play(curriculum, 4, ("b", 0.9), ("a", 0.5), ("d", 0.1), ("d", 0.1));
        Enumerable.Range(12, 8).Select(n => Now(n)).ShouldBe(["a", "a", "a", "a", "c", "c", "c", "c"]);
        Now(4).ShouldBe("b");
        curriculum.Shares(table, 20).ShouldAllBe(s => s.Value == 0.25);
    }

    [Fact]
    public void Signals_are_measures_of_the_game_or_its_seats_or_payoffs()
    {
        var entry = new LedgerEntry(0, OutcomeKind.Finished, [2, -2])
        {
            Measures = ImmutableSortedDictionary<string, double>
                .Empty.Add("right/10", 1)
                .Add("right/2", 0.5)
                .Add("score", 5),
        };
        new Signal { Measure = "right" }
            .Values(entry)
            .ShouldBe([0.5, 1]);
        new Signal { Measure = "score", High = 10 }
            .Values(entry)
            .ShouldBe([0.5]);
        new Signal
        {
            Seat = 1,
            Low = -4,
            High = 4,
        }
            .Values(entry)
            .ShouldBe([0.25]);
        new Signal { Measure = "none" }
            .Values(entry)
            .ShouldBeEmpty();
        new Signal().Values(new LedgerEntry(0, OutcomeKind.Cancelled, [])).ShouldBeEmpty();
    }

    [Fact]
    public void What_cannot_work_is_told()
    {
        var mistakes = new Mistakes();
        Make(new() { Floor = 0.4 }).Check(Arms, "m", mistakes);
        Make(new()).Check(MakeTable("a"), "m", mistakes);
        mistakes
            .All.Select(m => m.ToString())
            .ShouldBe([
                "m.signal.measure: is 's', but these games measure nothing beside their payoffs. Leave it out.",
                "m.floor: is 0.4, which is more than there is for 3 games. It should be at most 0.333.",
                "m.signal.measure: is 's', but these games measure nothing beside their payoffs. Leave it out.",
                "m: there is one game to choose from. Give the scenario several in games { … }, or use self-play.",
            ]);
        Should.Throw<ArgumentException>(() => Make(new() { Tau = 0 })).Message.ShouldContain("tau");
    }

    private static Curriculum Make(Curriculum.Options options) =>
        new(options with { Signal = new Signal { Measure = "s" } });

    private static void Play(Curriculum curriculum, long from, params (string Game, double S)[] games)
    {
        for (var i = 0; i < games.Length; i++)
            curriculum.Observe(Assigned(from + i, games[i].Game), Entry(from + i, games[i].S));
    }

    private static Assignment Assigned(long number, string game) =>
        new(number, game, new GameSetup(1), ["student", "student"]);

    private static LedgerEntry Entry(long number, double s) =>
        new(number, OutcomeKind.Finished, [1, -1])
        {
            Measures = ImmutableSortedDictionary<string, double>.Empty.Add("s", s),
        };

    internal static MatchContext MakeTable(params string[] arms)
    {
        var games = new JsonObject();
        foreach (var arm in arms)
            games[arm] = new JsonObject { ["rules"] = "kuhn-poker" };
        var scenario = Scenario.Bind(
            new JsonObject
            {
                ["games"] = games,
                ["policies"] = new JsonObject { ["student"] = new JsonObject { ["player"] = "random" } },
                ["seats"] = new JsonObject { ["player"] = "student" },
            },
            "scenario",
            new Mistakes()
        );
        return new MatchContext(
            scenario,
            arms.ToDictionary(a => a, _ => Standard.Catalog.Games.Create(new Plugin("kuhn-poker"), "game"))
        );
    }
}
