// Advantages against vectors worked out by hand, and against the identities between them.
using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Learning;

namespace AgentArena.Core.Tests.Learning;

public class AdvantageTests
{
    private static Trajectory Played(
        int number,
        double reward,
        long group = 0,
        string role = "solver",
        int tokens = 1,
        ImmutableArray<Credit> credits = default,
        string game = "g"
    ) =>
        new()
        {
            GameNumber = number,
            Game = game,
            Seat = 0,
            Role = role,
            Group = group,
            Reward = reward,
            Outcome = OutcomeKind.Finished,
            Credits = credits.IsDefault ? [] : credits,
            Steps =
            [
                new TrajectoryStep(
                    0,
                    new Utterance
                    {
                        Policy = "p",
                        Version = 0,
                        Text = new string('a', tokens),
                        Prompt = [1],
                        Tokens = [.. new int[tokens]],
                        LogProbs = [.. new float[tokens]],
                        Ends = [.. Enumerable.Range(1, tokens)],
                    },
                    false
                ),
            ],
        };

    private static Trajectory[] Batch(params double[] rewards) => [.. rewards.Select((r, i) => Played(i, r))];

    private static double[] Firsts(Advantage advantage, params Trajectory[] batch) =>
        [.. advantage.Weigh(batch).Select(w => (double)w[0][0])];

    public static readonly TheoryData<string, double[]> Vectors = new()
    {
        { "grpo", [1.5, -0.5, -0.5, -0.5] },
        { "dr-grpo", [0.75, -0.25, -0.25, -0.25] },
        { "rloo", [1, -1 / 3.0, -1 / 3.0, -1 / 3.0] },
        { "psr", [1, 0, 0, 0] },
        { "nsr", [0, -1, -1, -1] },
        { "w-reinforce", [0.1, -1, -1, -1] },
        { "reinforce", [1, 0, 0, 0] },
        { "reinforce-plus-plus", [1.5, -0.5, -0.5, -0.5] },
        { "reinforce-plus-plus-baseline", [1.5, -0.5, -0.5, -0.5] },
        { "trr-plus-plus", [1.5, -0.5, -0.5, -0.5] },
        { "reinforce-ada", [1.5, -0.5, -0.5, -0.5] },
        { "bnpo", [0.75, -0.25, -0.25, -0.25] },
    };

    [Theory, MemberData(nameof(Vectors))]
    public void One_right_answer_of_four(string name, double[] expected) =>
        Firsts(Made(name), Batch(1, 0, 0, 0)).ShouldBe(expected, 1e-5);

    [Theory]
    [InlineData("grpo")]
    [InlineData("dr-grpo")]
    [InlineData("rloo")]
    [InlineData("bnpo")]
    [InlineData("brpo")]
    [InlineData("reinforce-ada")]
    [InlineData("reinforce-plus-plus")]
    public void A_group_of_equal_rewards_weighs_nothing(string name) =>
        Firsts(Made(name), Batch(1, 1, 1, 1)).ShouldAllBe(a => Math.Abs(a) < 1e-6);

    [Theory]
    [InlineData("grpo")]
    [InlineData("dr-grpo")]
    [InlineData("rloo")]
    public void A_sample_alone_keeps_its_reward(string name) => Firsts(Made(name), Batch(0.7))[0].ShouldBe(0.7, 1e-5);

    [Fact]
    public void Groups_games_and_roles_are_compared_apart() =>
        Firsts(
                Made("dr-grpo"),
                Played(0, 1),
                Played(1, 0),
                Played(2, 5, group: 1),
                Played(3, 7, group: 1),
                Played(4, 10, role: "proposer"),
                Played(5, 20, role: "proposer"),
                Played(6, 30, game: "h"),
                Played(7, 34, game: "h")
            )
            .ShouldBe([0.5, -0.5, -1, 1, -5, 5, -2, 2], 1e-6);

    [Fact]
    public void The_kth_credits_are_compared_with_each_other_and_laid_on_their_tokens()
    {
        var batch = new[]
        {
            Played(0, 1, tokens: 3, credits: [new Credit(0, 0, 1, 2), new Credit(0, 1, 3, 5)]),
            Played(1, 0, tokens: 3, credits: [new Credit(0, 0, 2, 0), new Credit(0, 2, 3, 9)]),
        };
        var on = new GroupCentred(new() { Credits = true }).Weigh(batch);
        on[0][0].ShouldBe([0.5f + 1, 0.5f - 2, 0.5f - 2]);
        on[1][0].ShouldBe([-0.5f - 1, -0.5f - 1, -0.5f + 2]);
        var off = new GroupCentred(new()).Weigh(batch);
        off[0][0].ShouldBe([0.5f, 0.5f, 0.5f]);
    }

    [Fact]
    public void Leaving_one_out_is_unbiased_and_the_groups_mean_is_not()
    {
        // Two arms under a softmax with P(arm 1) = p; the expected estimate over all outcomes of three samples, against
        // the true gradient.
        const double p = 0.3;
        var (loo, mean) = (0.0, 0.0);
        for (var draw = 0; draw < 8; draw++)
        {
            int[] arms = [draw & 1, (draw >> 1) & 1, draw >> 2];
            var chance = arms.Aggregate(1.0, (q, a) => q * (a == 1 ? p : 1 - p));
            var rewards = Batch([.. arms.Select(a => a == 1 ? 2.0 : -1)]);
            double Estimate(Advantage advantage) =>
                Firsts(advantage, rewards).Zip(arms, (w, a) => w * (a - p)).Sum() / 3;
            loo += chance * Estimate(Made("rloo"));
            mean += chance * Estimate(Made("dr-grpo"));
        }
        const double truth = p * (1 - p) * 3;
        loo.ShouldBe(truth, 1e-6);
        mean.ShouldBe(truth * 2 / 3, 1e-6);
    }

    [Fact]
    public void Leaving_one_out_is_the_centred_reward_scaled()
    {
        double[] rewards = [0.3, -1, 2, 0.5, 0.1];
        Firsts(Made("rloo"), Batch(rewards))
            .ShouldBe([.. Firsts(Made("dr-grpo"), Batch(rewards)).Select(a => a * 5 / 4)], 1e-6);
    }

    [Fact]
    public void A_fitted_density_of_three_halves_weighs_as_one_over_the_deviation()
    {
        // Accuracies 1/4, 1/2, 3/4: mean 1/2, variance 1/16, so alpha = beta = 3/2.
        var (alpha, beta) = BetaNormalised.Fit([0.25, 0.5, 0.75]);
        (alpha, beta).ShouldBe((1.5, 1.5));
        BetaNormalised.Density(0.5, 1.5, 1.5).ShouldBe(4 / Math.PI, 1e-12);
        BetaNormalised.Density(0.2, 2, 5).ShouldBe(30 * 0.2 * Math.Pow(0.8, 4), 1e-10);
        var batch = new[] { 1, 2, 3 }
            .SelectMany(right => Enumerable.Range(0, 4).Select(i => Played(right * 4 + i, i < right ? 1 : 0, right)))
            .ToArray();
        var weights = Firsts(Made("bnpo"), batch);
        for (var i = 0; i < batch.Length; i++)
        {
            var p = batch[i].Group / 4.0;
            weights[i].ShouldBe((batch[i].Reward - p) / Math.Sqrt(p * (1 - p)) * Math.PI / 8, 1e-5);
        }
        Should
            .Throw<InvalidOperationException>(() => Firsts(Made("bnpo"), Batch(-1, -1)))
            .Message.ShouldContain("from 0 to 1");
    }

    [Fact]
    public void A_reference_drawn_by_lot_is_what_the_others_are_better_or_worse_than()
    {
        for (var group = 0; group < 20; group++)
        {
            var batch = new double[] { 0.1, 0.5, 0.9 }
                .Select((r, i) => Played(i, r, group))
                .ToArray();
            var weights = Firsts(Made("brpo"), batch);
            weights.Count(w => w == 0).ShouldBe(1);
            for (var i = 1; i < 3; i++)
                weights[i].ShouldBeGreaterThan(weights[i - 1] - 1e-9);
            Firsts(Made("brpo"), batch).ShouldBe(weights);
        }
        var drawn = Enumerable
            .Range(0, 20)
            .Select(group =>
                Array.IndexOf(
                    Firsts(Made("brpo"), [.. new double[] { 0.1, 0.5, 0.9 }.Select((r, i) => Played(i, r, group))]),
                    0.0
                )
            );
        drawn.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Whitening_counts_tokens_and_discounts_returns()
    {
        // Returns 1, 1, 1 and 0: over tokens mean 3/4 and variance 1/4.
        var weights = Made("reinforce-plus-plus").Weigh([Played(0, 1, tokens: 3), Played(1, 0)]);
        weights[0][0].ShouldBe([0.5f, 0.5f, 0.5f], 1e-5);
        weights[1][0].ShouldBe([-1.5f], 1e-5);
        var discounted = new WhitenedReturn(new() { Gamma = 0.5, Epsilon = 0 }).Weigh([Played(0, 4, tokens: 3)])[0][0];
        // Returns 1, 2, 4: mean 7/3, variance 7/3.
        discounted.ShouldBe([.. new[] { 1.0, 2, 4 }.Select(g => (float)((g - 7 / 3.0) / Math.Sqrt(7 / 3.0)))], 1e-5);
    }

    [Fact]
    public void Roles_and_games_are_whitened_apart_only_where_asked()
    {
        Trajectory[] batch =
        [
            Played(0, 0),
            Played(1, 2),
            Played(2, 10, role: "proposer"),
            Played(3, 30, role: "proposer"),
            Played(4, 5, game: "h"),
            Played(5, 6, game: "h"),
        ];
        var half = Math.Sqrt(0.5);
        Firsts(Made("trr-plus-plus"), batch).ShouldBe([-half, half, -half, half, -half, half], 1e-5);
        Firsts(Made("reinforce-plus-plus"), batch)[1].ShouldBeLessThan(0);
    }

    [Fact]
    public void Statistics_are_of_all_samples_and_learning_of_a_balanced_few()
    {
        // Two right of eight; four kept: both right ones and the first two wrong ones.
        var weights = Firsts(new GlobalStatistics(new() { Normalise = false }), Batch(0, 0, 1, 0, 0, 1, 0, 0));
        weights.ShouldBe([-0.25, -0.25, 0.75, 0, 0, 0.75, 0, 0], 1e-6);
        // Nearly all right: the one wrong one is kept, the rest filled from the right ones.
        Firsts(new GlobalStatistics(new() { Normalise = false }), Batch(1, 1, 1, 1, 1, 0))
            .Count(w => w != 0)
            .ShouldBe(4);
        Firsts(new GlobalStatistics(new() { Normalise = false }), Batch(1, 1, 1, 1, 1, 0))[5].ShouldBe(-5 / 6.0, 1e-6);
    }

    [Fact]
    public void A_batchs_mean_is_taken_per_game_and_role() =>
        Firsts(
                new PlainReinforce(new() { Baseline = PlainReinforce.Against.BatchMean }),
                Played(0, 1),
                Played(1, 0, group: 5),
                Played(2, 8, role: "proposer"),
                Played(3, 4, game: "h"),
                Played(4, 6, game: "h")
            )
            .ShouldBe([0.5, -0.5, 0, -1, 1], 1e-6);

    private static Advantage Made(string name)
    {
        var mistakes = new AgentArena.Core.Configuration.Mistakes();
        var made = Standard.Catalog.Advantages.Create(new Plugin(name, []), "advantage", mistakes);
        mistakes.ThrowIfAny();
        return made!;
    }
}
