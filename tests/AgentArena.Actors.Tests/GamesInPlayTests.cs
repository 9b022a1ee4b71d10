using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Actors.Tests;

/// <summary>Which games may start, and what a crash leaves of that.</summary>
public sealed class GamesInPlayTests
{
    // In flight: 16.
    private static GamesInPlay Open() => new(BoundScenario.Bind(Runs.Kuhn(), Standard.Catalog));

    private static LedgerEntry Over(long game) => new(game, OutcomeKind.Finished, [1, -1]);

    [Fact]
    public void Games_start_in_order_as_many_as_may_fly_and_as_far_as_they_are_allowed()
    {
        var games = Open();
        games.Add(games.Draw(40));
        games.Start(allowed: 8, _ => true).Select(g => g.Number).ShouldBe([0, 1, 2, 3, 4, 5, 6, 7]);
        games.Start(allowed: 8, _ => true).ShouldBeEmpty();
        games.Start(allowed: 100, _ => true).Count.ShouldBe(8);
        games.Running.ShouldBe(16);
        games.TryEnd(3).ShouldBeTrue();
        games.TryEnd(3).ShouldBeFalse();
        games.Enter(Over(3));
        games.Start(allowed: 100, _ => true).Select(g => g.Number).ShouldBe([16]);
        games.Unfinished.ShouldNotContain(3);
    }

    [Fact]
    public void No_game_overtakes_one_whose_table_is_not_ready()
    {
        var games = Open();
        games.Add(games.Draw(4));
        games.Start(allowed: 100, game => game != 2).Select(g => g.Number).ShouldBe([0, 1]);
        games.Start(allowed: 100, _ => true).Select(g => g.Number).ShouldBe([2, 3]);
    }

    [Fact]
    public void Assignments_run_ahead_of_play_and_never_beyond_the_plan()
    {
        var games = Open();
        games.Wanted(allowed: 8, planned: 1000).ShouldBe(8 * 16);
        games.Wanted(allowed: 8, planned: 40).ShouldBe(40);
        games.Add(games.Draw(17));
        games.Wanted(allowed: 8, planned: 1000).ShouldBe(0); // enough wait
        games.Start(allowed: 8, _ => true);
        games.Wanted(allowed: 8, planned: 18).ShouldBe(1);
        games.Wanted(allowed: 8, planned: 17).ShouldBe(0);
    }

    [Fact]
    public void After_a_crash_what_was_running_waits_again_and_the_next_games_are_the_same()
    {
        var (games, again) = (Open(), Open());
        var first = games.Draw(6);
        games.Add(first);
        games.Start(allowed: 6, _ => true);
        foreach (var number in (long[])[0, 2])
        {
            games.TryEnd(number);
            games.Enter(Over(number));
        }
        again.Recall(first);
        again.Enter(Over(0));
        again.Enter(Over(2));
        again.Unfinished.Order().ShouldBe([1, 3, 4, 5]);
        again.TryEnd(4).ShouldBeTrue(); // its table had ended it, and tells so before it is started
        again.Enter(Over(4));
        again.Start(allowed: 6, _ => true).Select(g => g.Number).ShouldBe([1, 3, 5]);
        again.Draw(3).Games.Select(g => g.ToString()).ShouldBe(games.Draw(3).Games.Select(g => g.ToString()));
    }

    [Fact]
    public void The_matchmakers_figures_are_taken_once_a_version()
    {
        var ground = BoundScenario.Bind(
            Runs.Kuhn(change: s =>
            {
                s["policies"]!["dice"] = JsonNode.Parse("""{ "player": "random" }""");
                s["matchmaker"] = JsonNode.Parse(
                    """{ "name": "league", "policy": "student", "others": ["dice"], "share": 1 }"""
                );
            }),
            Standard.Catalog
        );
        var games = new GamesInPlay(ground);
        games.Add(games.Draw(8));
        games.TakeFigures(new Learned("student", 20, 0), 0).ShouldBeNull(); // it has seen nothing
        for (var number = 0; number < 8; number++)
            games.Enter(Over(number));
        games.TakeFigures(new Learned("student", 19, 152), 0).ShouldBeNull();
        var taken = games.TakeFigures(new Learned("student", 20, 160), 1.5)!;
        (taken.Version, taken.Games, taken.Seconds).ShouldBe((20, 160, 1.5));
        taken.Figures.ShouldContainKey("league/win-rate/dice");
        games.TakeFigures(new Learned("student", 20, 160), 2).ShouldBeNull(); // as after a reload
    }
}

/// <summary>A run ends once.</summary>
public sealed class ClosingTests
{
    [Fact]
    public void The_end_waits_for_every_table_and_is_told_once()
    {
        var closing = new Closing();
        (closing.HasBegun, closing.TryBegin(), closing.TryBegin()).ShouldBe((false, true, false));
        closing.Await("done", [0, 1]);
        closing.Closed(0);
        closing.TryTake(out _).ShouldBeFalse();
        closing.Closed(1);
        closing.TryTake(out var reason).ShouldBeTrue();
        reason.ShouldBe("done");
        closing.TryTake(out _).ShouldBeFalse();
    }

    [Fact]
    public void Tables_that_are_late_are_not_waited_for()
    {
        var closing = new Closing();
        closing.TryBegin();
        closing.Await("stopped", [0]);
        closing.GiveUp();
        closing.TryTake(out var reason).ShouldBeTrue();
        reason.ShouldBe("stopped");
    }
}
