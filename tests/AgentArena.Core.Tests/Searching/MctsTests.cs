// Search led by a policy: it is a pure function of what it absorbs, sees past a bad policy, and asks each position
// once.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Core.Tests.Games;
using AgentArena.Games.Searching;
using AgentArena.Games.Solving;

namespace AgentArena.Core.Tests.Searching;

public class MctsTests
{
    private static readonly Game Board = Tables.Open("tic-tac-toe");

    private static Searcher Mcts(
        int simulations,
        double uniform = 0.5,
        string value = "random",
        int together = 8,
        double temperature = 0
    ) =>
        (Searcher)
            Standard.Catalog.Players.Create(
                new Plugin(
                    "mcts",
                    new JsonObject
                    {
                        ["simulations"] = simulations,
                        ["uniform"] = uniform,
                        ["value"] = value,
                        ["together"] = together,
                        ["temperature"] = temperature,
                    }
                )
            );

    private static Turn After(string moves) =>
        Board.Turns(moves.Length == 0 ? Board.Start(new(0)) : KuhnPokerTests.After(Board, moves))[0];

    private static IReadOnlyList<double[]> Even(ImmutableArray<Turn> turns) =>
        [.. turns.Select(t => Enumerable.Repeat(1.0 / t.Legal.Length, t.Legal.Length).ToArray())];

    // Always the first free cell, and sure of it.
    private static IReadOnlyList<double[]> Stubborn(ImmutableArray<Turn> turns) =>
        [.. turns.Select(t => t.Legal.Select((_, i) => i == 0 ? 1.0 : 0.0).ToArray())];

    [Theory]
    [InlineData("0,4,1,8", "2")] // wins
    [InlineData("0,4,1", "2")] // must block
    [InlineData("4", "0,2,6,8")] // only corners hold against the centre
    public void It_finds_the_move_that_the_policy_never_makes(string moves, string right)
    {
        foreach (var value in (string[])["random", "policy"])
        {
            var search = Mcts(600, value: value).Begin(Board, After(moves), 1).Finish(Stubborn);
            right.Split(',').ShouldContain(search.Move.Text, $"{value}: {search.Account}");
        }
    }

    [Fact]
    public void The_policy_decides_where_it_looks()
    {
        var turn = After("");
        var led = Mcts(40, uniform: 0)
            .Begin(Board, turn, 1)
            .Finish(turns => [.. turns.Select(t => t.Legal.Select(m => m == "7" ? 1.0 : 0.0).ToArray())]);
        var even = Mcts(400).Begin(Board, turn, 1).Finish(Even);
        even.Shares.ShouldAllBe(s => s > 0);
        even.Shares.Sum().ShouldBe(1, 1e-9);
        led.Shares[7].ShouldBe(led.Shares.Max());
        led.Shares[7].ShouldBeGreaterThan(2 * even.Shares[7]);
    }

    [Fact]
    public void It_is_a_function_of_what_it_absorbs_and_asks_each_position_once()
    {
        var asked = new List<string>();
        Search Run(ulong seed) =>
            Mcts(200, value: "policy")
                .Begin(Board, After("4"), seed)
                .Finish(turns =>
                {
                    asked.AddRange(turns.Select(t => t.InformationState!));
                    turns.Length.ShouldBeLessThanOrEqualTo(8);
                    return Even(turns);
                });
        var (first, again) = (Run(5), Run(5));
        again.Shares.ShouldBe(first.Shares);
        again.Move.ShouldBe(first.Move);
        again.Account.ShouldBe(first.Account);
        var half = asked.Count / 2;
        asked[..half].ShouldBe(asked[half..]);
        asked[..half].ShouldBeUnique();
        Run(6).Shares.ShouldNotBe(first.Shares);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void Every_simulation_is_counted_however_many_go_together(int together)
    {
        var search = Mcts(100, together: together).Begin(Board, After("0"), 3).Finish(Even);
        search.Account.ShouldStartWith("100 simulations, ");
    }

    [Fact]
    public void With_temperature_moves_are_drawn_in_proportion_to_visits()
    {
        var drawn = new int[9];
        var shares = new double[9];
        for (ulong seed = 0; seed < 300; seed++)
        {
            var search = Mcts(30, temperature: 1).Begin(Board, After(""), seed).Finish(Even);
            drawn[int.Parse(search.Move.Text)]++;
            for (var i = 0; i < 9; i++)
                shares[i] += search.Shares[i];
        }
        // 300 draws: a standard deviation is at most 8.7.
        for (var i = 0; i < 9; i++)
            ((double)drawn[i]).ShouldBe(shares[i], 35);
        drawn.Max().ShouldBeLessThan(200);
    }

    [Fact]
    public void Nobody_beats_a_long_search_from_either_seat()
    {
        var searcher = Mcts(1200);
        for (var seat = 0; seat < 2; seat++)
        {
            var canonical = Standard.Catalog.Games.Create(
                new Plugin("tic-tac-toe", new JsonObject { ["orientation"] = "canonical" })
            );
            var lines = Lines.Against(canonical, seat, turns =>
                [.. turns.Select(t => t.Legal.IndexOf(searcher.Begin(canonical, t, 1).Finish(Even).Move.Text))]
            );
            lines.Lost.ShouldBe(0);
            lines.All.ShouldBeGreaterThan(40);
        }
    }

    [Fact]
    public void Games_with_secrets_and_foreign_turns_are_refused()
    {
        Mcts(10).Misfit(Tables.Open("kuhn-poker"))!.ShouldContain("perfect information");
        Mcts(10).Misfit(Board).ShouldBeNull();
        var kuhn = Tables.Open("kuhn-poker");
        Should
            .Throw<InvalidOperationException>(() => Mcts(10).Begin(Board, kuhn.Turns(kuhn.Start(new(1)))[0], 1))
            .Message.ShouldContain("no position of tic-tac-toe");
        Should.Throw<ScenarioException>(() => Mcts(0)).Message.ShouldContain("simulations is 0");
        Should
            .Throw<ArgumentException>(() =>
                Mcts(10).Begin(Board, After("4"), 1).Finish(turns => [.. turns.Select(_ => new double[2])])
            )
            .Message.ShouldContain("8 legal moves");
    }
}
