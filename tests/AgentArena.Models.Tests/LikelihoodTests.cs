// The likelihood of verified replies: its formula, its gradient, and that a two-way verdict is learned as if its truth
// were known.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Models;
using AgentArena.Models.Losses;
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Tests;

public class LikelihoodTests
{
    private static readonly AdamWOptions Plain = new()
    {
        Rate = 0.01,
        Clip = 0,
        Schedule = Curve.Constant,
    };

    private static UpdateRule Learn(LikelihoodOptions? options = null) => new(new Likelihood(options ?? new()), Plain);

    // Verdicts of +1 and -1 on the replies, as an advantage without baseline gives them; some of no weight.
    private static TrainingBatch Verdicts(TrainingBatch batch) =>
        batch with
        {
            Rows =
            [
                .. batch.Rows.Select(
                    (row, i) =>
                        row with
                        {
                            Weights =
                            [
                                .. row.Tokens.Select(_ =>
                                    (i % 5) switch
                                    {
                                        0 or 1 => 1f,
                                        2 or 3 => -1f,
                                        _ => 0f,
                                    }
                                ),
                            ],
                        }
                ),
            ],
        };

    [Fact]
    public void The_gradient_is_that_of_the_loss_by_finite_differences()
    {
        using var model = Toys.Model(
            Learn(new() { Entropy = 0.1 }),
            type: ScalarType.Float64,
            options: Toys.Options with
            {
                Width = 16,
                Heads = 2,
            }
        );
        var batch = Verdicts(Toys.Batch(model, masked: 14, free: 5, progress: 0.25));
        batch.Rows.ShouldContain(r => r.Tokens.Length > 1);
        model.Update(batch);
        var probe = new GradientProbe(model, batch);
        var (_, gradient) = probe.LossAndGradient();
        var chance = new RandomStream(9);
        var nonzero = 0;
        for (var n = 0; n < 40; n++)
        {
            var at = chance.Next(gradient.Length);
            const double h = 1e-5;
            var slope = (probe.LossAt(at, h) - probe.LossAt(at, -h)) / (2 * h);
            gradient[at].ShouldBe(slope, 1e-7 + 1e-4 * Math.Abs(slope));
            if (Math.Abs(slope) > 1e-6)
                nonzero++;
        }
        nonzero.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void The_loss_is_the_formula_over_whole_replies()
    {
        using var model = Toys.Model(Learn(), type: ScalarType.Float64);
        var batch = Verdicts(Toys.Batch(model, masked: 20, free: 6));
        var expected =
            batch
                .Rows.Zip(model.Score(batch.Rows), (row, logs) =>
                    (Weight: row.Weights[0], Log: logs.Sum(l => (double)l))
                )
                .Sum(r =>
                    r.Weight > 0 ? -r.Log
                    : r.Weight < 0 ? -Math.Log(1 - Math.Exp(r.Log))
                    : 0
                ) / batch.Rows.Length;
        model.Update(batch).Loss.ShouldBe(expected, 1e-5);
    }

    [Fact]
    public void A_two_way_verdict_gives_the_gradient_of_the_true_one_whichever_was_said()
    {
        using var said = Toys.Model(Learn(), type: ScalarType.Float64);
        using var told = Toys.Model(Learn(), type: ScalarType.Float64);
        var batch = Toys.Batch(said, masked: 48, free: 0);
        batch = batch with { Rows = [.. batch.Rows.Where(r => r.Temperature == 1)] };
        // The truth of each question: its first legal move. What was said is judged; the other model is given the
        // truth.
        var judged = batch with
        {
            Rows = [.. batch.Rows.Select(r => r with { Weights = [Truth(r) == r.Tokens[0] ? 1 : -1] })],
        };
        var truth = batch with { Rows = [.. batch.Rows.Select(r => r with { Tokens = [Truth(r)], Weights = [1] })] };
        judged.Rows.Select(r => r.Weights[0]).Distinct().Count().ShouldBe(2);
        var (a, b) = (
            new GradientProbe(said, judged).LossAndGradient(),
            new GradientProbe(told, truth).LossAndGradient()
        );
        a.Loss.ShouldBe(b.Loss, 1e-9);
        for (var i = 0; i < a.Gradient.Length; i++)
            a.Gradient[i].ShouldBe(b.Gradient[i], 1e-9);

        static int Truth(TrainingRow row) => row.Allowed[0][0];
    }

    [Fact]
    public void A_reply_that_is_certain_and_wrong_gives_no_infinite_loss()
    {
        using var model = Toys.Model(Learn(), scale: 60);
        var batch = Toys.Batch(model, masked: 40, free: 0);
        batch.Rows.ShouldContain(r => r.LogProbs[0] > -1e-6f, "some replies should be all but certain");
        var wrong = batch with
        {
            Rows = [.. batch.Rows.Select(r => r with { Weights = [.. r.Tokens.Select(_ => -1f)] })],
        };
        double.IsFinite(model.Update(wrong).Loss).ShouldBeTrue();
    }

    [Fact]
    public void Negative_coefficients_are_refused() =>
        Should.Throw<ArgumentException>(() => new Likelihood(new() { Entropy = -1 })).Message.ShouldContain("entropy");
}
