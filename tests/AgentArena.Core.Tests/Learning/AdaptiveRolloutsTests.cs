// Rounds of one task: how many it gets, in what order, and that a crash between any two events changes nothing.
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Learning;

namespace AgentArena.Core.Tests.Learning;

public class AdaptiveRolloutsTests
{
    private static readonly MatchContext Table = CurriculumTests.MakeTable("a");

    [Theory]
    // keep 4: two of each are wanted. Rounds of 2; + is a win.
    [InlineData("balanced", "++ -- ++", 2)]
    [InlineData("balanced", "+- +- --", 2)]
    [InlineData("balanced", "++ ++ -+ -- ++", 4)]
    [InlineData("balanced", "++ ++ ++ ++ ++", 4)]
    [InlineData("focused", "-- -+ ++", 2)]
    [InlineData("focused", "+- ++", 1)]
    public void A_task_is_played_until_its_answers_will_do(string goal, string rounds, int expected)
    {
        var rollouts = new AdaptiveRollouts(
            new()
            {
                Samples = 2,
                Rounds = 4,
                Keep = 4,
                Goal = Enum.Parse<AdaptiveRollouts.Goal>(goal, true),
            }
        );
        var results = rounds.Replace(" ", "");
        var played = 0;
        for (var number = 0; number < results.Length; number++)
        {
            var game = Next(rollouts, number);
            if (game.Setup.Group != 0)
                break;
            game.Setup.ShouldBe(
                new GameSetup(Next(new AdaptiveRollouts(new()), 0).Setup.Seed) { Group = 0 },
                "the same task and the same chance"
            );
            rollouts.Observe(game, Ended(number, results[number] == '+'));
            played++;
        }
        played.ShouldBe(2 * expected);
    }

    [Fact]
    public void While_a_round_runs_new_tasks_begin()
    {
        var rollouts = new AdaptiveRollouts(new() { Samples = 2, Keep = 2 });
        var games = Enumerable.Range(0, 4).Select(n => Next(rollouts, n)).ToArray();
        games.Select(g => g.Setup.Group).ShouldBe([0, 0, 2, 2]);
        foreach (var game in games[..2])
            rollouts.Observe(game, Ended(game.Number, true));
        Next(rollouts, 4).Setup.Group.ShouldBe(0);
        foreach (var game in games[2..])
            rollouts.Observe(game, Ended(game.Number, true));
        new[] { 5, 6, 7, 8 }
            .Select(n => Next(rollouts, n).Setup.Group)
            .ShouldBe([0, 2, 2, 8], "what was begun is dealt out before anything new");
        rollouts.Observe(games[0] with { Number = 4 }, Ended(4, false));
        rollouts.Observe(games[0] with { Number = 5 }, new LedgerEntry(5, OutcomeKind.Aborted, []));
        new[] { 9, 10 }
            .Select(n => Next(rollouts, n).Setup.Group)
            .ShouldBe([8, 10], "balanced: one of each was wanted");
    }

    [Fact]
    public void A_crash_between_any_two_events_changes_nothing()
    {
        // A long play with three games in flight, its events written down; then from each prefix a new one must go on
        // alike.
        var options = new AdaptiveRollouts.Options
        {
            Samples = 3,
            Rounds = 3,
            Keep = 4,
        };
        var log = new List<(Assignment Game, LedgerEntry? Ended)>();
        var live = new AdaptiveRollouts(options);
        var chance = new RandomStream(5);
        var running = new List<Assignment>();
        for (var number = 0L; number < 60; )
        {
            if (running.Count < 4 && chance.Next(2) == 0)
            {
                running.Add(Next(live, number++));
                log.Add((running[^1], null));
            }
            else if (running.Count > 0)
            {
                var game = running[chance.Next(running.Count)];
                running.Remove(game);
                log.Add((game, Ended(game.Number, chance.Next(3) == 0)));
                live.Observe(game, log[^1].Ended!);
            }
        }
        int[] dealt = [.. log.Where(e => e.Ended is null).GroupBy(e => e.Game.Setup.Group).Select(g => g.Count())];
        dealt.ShouldAllBe(n => n <= 9);
        dealt.Count(n => n % 3 != 0).ShouldBeLessThanOrEqualTo(1, "whole rounds, save where the play was cut off");
        dealt.Distinct().Count().ShouldBeGreaterThan(2, "some tasks take longer than others");
        for (var crash = 0; crash < log.Count; crash++)
        {
            var resumed = new AdaptiveRollouts(options);
            foreach (var (game, ended) in log.Take(crash))
                if (ended is null)
                    resumed.Recall(game);
                else
                    resumed.Observe(game, ended);
            foreach (var (game, ended) in log.Skip(crash))
                if (ended is null)
                    Next(resumed, game.Number)
                        .ShouldSatisfyAllConditions(a => a.Setup.ShouldBe(game.Setup), a => a.Game.ShouldBe(game.Game));
                else
                    resumed.Observe(game, ended);
        }
    }

    private static Assignment Next(AdaptiveRollouts rollouts, long number)
    {
        var stream = new RandomStream(RandomStream.Derive(1, "match", number));
        return rollouts.Next(Table, number, ref stream);
    }

    private static LedgerEntry Ended(long number, bool won) =>
        new(number, OutcomeKind.Finished, won ? [1, -1] : [-1, 1]);
}
