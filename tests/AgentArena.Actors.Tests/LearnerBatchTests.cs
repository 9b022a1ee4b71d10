using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Learning;

namespace AgentArena.Actors.Tests;

/// <summary>
/// What training sees. 1: rows come in game order, whatever order games ended in. 2: aborted games give no row and are
/// counted. 3: forfeits are scored and their refused replies are trained on. 4: games without a reply of the policy are
/// counted. 5: ids, log-probabilities and masks are those of the journal.
/// </summary>
public sealed class LearnerBatchTests
{
    private static readonly BoundScenario Ground = Build();

    [Fact]
    public void Rows_do_not_depend_on_which_game_ended_first()
    {
        var games = Enumerable.Range(0, 12).Select(n => (long)n).ToArray();
        var forwards = Form(games);
        var backwards = Form([.. games.Reverse()]);
        backwards.Rows.Select(Print).ShouldBe(forwards.Rows.Select(Print));
        forwards.Games.ShouldBe(12);
    }

    [Fact]
    public void Aborted_games_give_no_row_and_are_counted()
    {
        var batch = LearnerBatch.Form(
            Ground,
            "student",
            [Entry(0), new LedgerEntry(1, OutcomeKind.Aborted, []), Entry(2)],
            new Reader(),
            new PromptBaseline(new()),
            0
        );
        batch.Training.Games.ShouldBe(2);
        batch.Dropped["aborted"].ShouldBe(1);
    }

    [Fact]
    public void Rehearsed_games_are_learned_from_and_leave_the_figures_to_the_new_ones()
    {
        // Even games pay seat 0, odd ones seat 1: the new ones alone say 1, with the old ones the mean would be less.
        var batch = LearnerBatch.Form(
            Ground,
            "student",
            [Entry(10), Entry(12)],
            new Reader(),
            new PromptBaseline(new()),
            0,
            [Entry(3), Entry(5), Entry(7)]
        );
        (batch.Training.Games, batch.Training.Trajectories).ShouldBe((2, 10));
        batch.Training.Rows.Select(r => r.Prompt[1]).ShouldBe([3, 3, 5, 5, 7, 7, 10, 10, 12, 12]);
        var stats = batch.Stats(new UpdateReport { Version = 1 });
        stats["reward/kuhn-poker/player-0"].ShouldBe(1);
        stats["rehearsed"].ShouldBe(3);
        LearnerBatch
            .Form(Ground, "student", [Entry(10)], new Reader(), new PromptBaseline(new()), 0)
            .Stats(new UpdateReport { Version = 1 })
            .ShouldNotContainKey("rehearsed");
    }

    [Fact]
    public void Games_without_a_reply_of_the_policy_are_counted()
    {
        var batch = LearnerBatch.Form(
            Ground,
            "somebody-else",
            [Entry(0), Entry(1)],
            new Reader(),
            new PromptBaseline(new()),
            0
        );
        batch.Training.Rows.ShouldBeEmpty();
        batch.Dropped["no-reply-of-this-policy"].ShouldBe(2);
    }

    [Fact]
    public void Refused_replies_of_a_forfeit_are_trained_on_with_the_forfeits_payoff()
    {
        var said = new Utterance
        {
            Policy = "student",
            Version = 0,
            Text = "hm",
            Prompt = [1],
            Tokens = [9, 3],
            LogProbs = [-1, -2],
        };
        var reader = new Reader(
            (number) =>
                [
                    new GameStarted("kuhn-poker", new GameSetup(1), ["student", "student"])
                    {
                        Chance = ["deal:K", "deal:J"],
                    },
                    new MoveRefused(0, 0, "no") { Said = said },
                    new SeatForfeited(0, 0, "no"),
                    new GameEnded(new Outcome(OutcomeKind.Forfeited, [-2, 2])),
                ]
        );
        var row = LearnerBatch
            .Form(
                Ground,
                "student",
                [new LedgerEntry(0, OutcomeKind.Forfeited, [-2, 2])],
                reader,
                new PromptBaseline(new()),
                0
            )
            .Training.Rows.ShouldHaveSingleItem();
        row.Tokens.ShouldBe([9, 3]);
        row.Weights.ShouldBe([-2f, -2f]);
    }

    private static TrainingBatch Form(long[] order) =>
        LearnerBatch
            .Form(Ground, "student", [.. order.Select(Entry)], new Reader(), new RoleBaseline(new()), 0)
            .Training;

    private static LedgerEntry Entry(long number) => new(number, OutcomeKind.Finished, [1, -1]);

    private static string Print(TrainingRow row) =>
        $"{row.Trajectory}: {string.Join(' ', row.Prompt)} > {string.Join(' ', row.Tokens)} {string.Join(' ', row.LogProbs)} x {string.Join(' ', row.Weights)}";

    private static BoundScenario Build()
    {
        var mistakes = new Mistakes();
        var ground = BoundScenario.Bind(Runs.Kuhn(), Standard.Catalog, mistakes);
        mistakes.ThrowIfAny();
        return ground!;
    }

    /// <summary>check, check with the payoff alternating by game number.</summary>
    private sealed class Reader(Func<long, ImmutableArray<GameEvent>>? events = null) : IGameReader
    {
        public IEnumerable<(long Number, ImmutableArray<GameEvent> Events)> ReadGames(
            IReadOnlyList<LedgerEntry> entries
        ) => entries.Select(e => (e.Game, (events ?? Checked)(e.Game)));

        public void Dispose() { }

        private static ImmutableArray<GameEvent> Checked(long number)
        {
            Utterance Said(int seat) =>
                new()
                {
                    Policy = "student",
                    Version = 0,
                    Text = " check",
                    Prompt = [1, (int)number, seat],
                    Tokens = [7],
                    LogProbs = [-0.5f],
                    Allowed =
                    [
                        [7, 8],
                    ],
                };
            double[] payoffs = number % 2 == 0 ? [1, -1] : [-1, 1];
            return
            [
                new GameStarted("kuhn-poker", new GameSetup((ulong)number), ["student", "student"])
                {
                    Chance = number % 2 == 0 ? ["deal:K", "deal:J"] : ["deal:J", "deal:K"],
                },
                new MoveMade(0, 0, "check") { Said = Said(0) },
                new MoveMade(1, 1, "check") { Said = Said(1) },
                new GameEnded(new Outcome(OutcomeKind.Finished, [.. payoffs])),
            ];
        }
    }
}
