// GAE against sums written out, its two limits, credits, and replies as steps.
using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Learning;

namespace AgentArena.Core.Tests.Learning;

public class GeneralisedAdvantageTests
{
    // Two replies of two tokens and one; values .5, -.2, .4; reward 1 at the end.
    private static Trajectory Played(double reward = 1, ImmutableArray<Credit> credits = default) =>
        new()
        {
            GameNumber = 1,
            Game = "g",
            Seat = 0,
            Role = "player",
            Reward = reward,
            Outcome = OutcomeKind.Finished,
            Credits = credits.IsDefault ? [] : credits,
            Steps = [Said("ab", [0.5f, -0.2f], [1, 2]), Said("c", [0.4f], default)],
        };

    private static TrajectoryStep Said(string text, float[] values, ImmutableArray<int> ends) =>
        new(
            0,
            new Utterance
            {
                Policy = "p",
                Version = 0,
                Text = text,
                Prompt = [1],
                Tokens = [.. text.Select(c => (int)c)],
                LogProbs = [.. new float[text.Length]],
                Values = [.. values],
                Ends = ends,
            },
            false
        );

    [Fact]
    public void Advantages_and_targets_are_the_sums_of_the_paper()
    {
        var gae = new GeneralisedAdvantage(new() { Gamma = 0.9, Lambda = 0.8 });
        // delta_2 = 1 - .4 = .6; delta_1 = .9 x .4 + .2 = .56; delta_0 = .9 x -.2 - .5 = -.68
        var (a2, a1) = (0.6, 0.56 + 0.72 * 0.6);
        var a0 = -0.68 + 0.72 * a1;
        Flat(gae.Weigh([Played()])[0]).ShouldBe([a0, a1, a2], 1e-6);
        Flat(gae.Targets([Played()])[0]).ShouldBe([a0 + 0.5, a1 - 0.2, a2 + 0.4], 1e-6);
    }

    [Fact]
    public void Lambda_one_is_the_return_less_the_value_and_lambda_zero_the_error_of_one_step()
    {
        Flat(new GeneralisedAdvantage(new() { Lambda = 1 }).Weigh([Played()])[0]).ShouldBe([0.5, 1.2, 0.6], 1e-6);
        Flat(new GeneralisedAdvantage(new() { Lambda = 0 }).Weigh([Played()])[0]).ShouldBe([-0.7, 0.6, 0.6], 1e-6);
    }

    [Fact]
    public void A_credit_comes_with_the_last_token_of_its_characters()
    {
        var gae = new GeneralisedAdvantage(new() { Lambda = 1 });
        Flat(gae.Weigh([Played(0, [new Credit(0, 0, 1, 2), new Credit(1, 0, 1, -1)])])[0])
            .ShouldBe([2 - 1 - 0.5, -1 + 0.2, -1 - 0.4], 1e-6);
    }

    [Fact]
    public void Replies_as_steps_share_one_advantage()
    {
        var gae = new GeneralisedAdvantage(new() { Lambda = 1, By = GeneralisedAdvantage.Unit.Reply });
        Flat(gae.Weigh([Played()])[0]).ShouldBe([0.5, 0.5, 0.6], 1e-6);
        Flat(gae.Targets([Played()])[0]).ShouldBe([1, 1, 1], 1e-6);
    }

    [Fact]
    public void A_normalised_batch_has_mean_zero_and_deviation_one()
    {
        var all = new GeneralisedAdvantage(new() { Normalise = true })
            .Weigh([Played(1), Played(-2), Played(0.3)])
            .SelectMany(Flat)
            .ToArray();
        all.Average().ShouldBe(0, 1e-6);
        (all.Sum(a => a * a) / (all.Length - 1)).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void Games_without_values_are_refused_with_the_remedy()
    {
        var bare = Played() with
        {
            Steps =
            [
                new TrajectoryStep(
                    0,
                    new Utterance
                    {
                        Policy = "p",
                        Version = 0,
                        Text = "a",
                        Tokens = [1],
                        LogProbs = [0],
                    },
                    false
                ),
            ],
        };
        Should
            .Throw<InvalidOperationException>(() => new GeneralisedAdvantage(new()).Weigh([bare]))
            .Message.ShouldContain("value-head = on");
    }

    private static double[] Flat(float[][] weights) => [.. weights.SelectMany(w => w).Select(w => (double)w)];
}
