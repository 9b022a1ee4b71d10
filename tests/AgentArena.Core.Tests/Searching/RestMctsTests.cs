// ReST-MCTS* over the steps of arithmetic: it finds right lines that its policy rarely says, and stops when one holds.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Core.Tests.Games;

namespace AgentArena.Core.Tests.Searching;

public class RestMctsTests
{
    private static readonly Game Steps = Tables.Open("chain-steps");

    private static Searcher Rest(int iterations = 200, int branch = 3) =>
        (Searcher)
            Standard.Catalog.Players.Create(
                new Plugin("rest-mcts", new JsonObject { ["iterations"] = iterations, ["branch"] = branch })
            );

    private static Turn First => Steps.Turns(Steps.Start(new(1, """{"start":3,"changes":[4,5,-6]}""")))[0];

    // Right with this probability, all other values alike.
    private static Func<ImmutableArray<Turn>, IReadOnlyList<double[]>> Knows(double p) =>
        turns =>
            [
                .. turns.Select(t =>
                    t.Legal.Select(m => m == t.Suggestions[0] ? p : (1 - p) / (t.Legal.Length - 1)).ToArray()
                ),
            ];

    [Fact]
    public void A_policy_that_is_right_is_confirmed_and_the_gate_ends_the_search()
    {
        var state = Steps.Start(new(1, """{"start":3,"changes":[4,5,-6]}"""));
        var asked = 0;
        while (Steps.Turns(state) is [var turn])
        {
            var search = Rest(iterations: 60)
                .Begin(Steps, turn, 7)
                .Finish(turns =>
                {
                    asked++;
                    return Knows(0.95)(turns);
                });
            search.Shares.Sum().ShouldBe(1, 1e-9);
            state = Steps.Play(state, turn, search.Move);
        }
        Steps.Outcome(state)!.Payoffs[0].ShouldBe(1);
        Steps.Outcome(state)!.Note.ShouldBe("03+4+5-6 worked out as 03+4=07;07+5=12;12-6=06;");
        asked.ShouldBeLessThan(400); // the gate ends each search long before its 60 expansions
    }

    [Fact]
    public void It_raises_a_policy_that_is_seldom_right()
    {
        var (searched, plain) = (0.0, 0.0);
        for (ulong game = 0; game < 30; game++)
        {
            var state = Steps.Start(new(game));
            var stream = new RandomStream(game);
            while (Steps.Turns(state) is [var turn])
                state = Steps.Play(state, turn, Rest(iterations: 100).Begin(Steps, turn, game).Finish(Knows(0.3)).Move);
            searched += Steps.Outcome(state)!.Payoffs[0];
            state = Steps.Start(new(game));
            while (Steps.Turns(state) is [var turn])
                state = Steps.Play(state, turn, new(turn.Legal[stream.Choose(Knows(0.3)([turn])[0])]));
            plain += Steps.Outcome(state)!.Payoffs[0];
        }
        plain.ShouldBeLessThanOrEqualTo(8); // 0.3 cubed, and lines that come right by chance
        searched.ShouldBeGreaterThanOrEqualTo(22);
    }

    [Fact]
    public void It_is_a_function_of_its_seed_and_refuses_games_of_several_seats()
    {
        string Account(ulong seed) => Rest(20).Begin(Steps, First, seed).Finish(Knows(0.2)).Account;
        Account(3).ShouldBe(Account(3));
        Account(3).ShouldNotBe(Account(4));
        Rest().Misfit(Steps).ShouldBeNull();
        Rest().Misfit(Tables.Open("tic-tac-toe"))!.ShouldContain("one seat");
    }
}
