// Distilling the policy told more into the policy: divergences by hand and by finite differences, who is taught, and
// that it learns.
using AgentArena.Core.Models;
using AgentArena.Models.Losses;
using AgentArena.Models.Training;
using static TorchSharp.torch;

namespace AgentArena.Models.Tests;

public class SelfDistillationTests
{
    private static readonly AdamWOptions Plain = new()
    {
        Rate = 0.01,
        Clip = 0,
        Schedule = Curve.Constant,
    };

    // Every second reply is told what card another player holds.
    private static TrainingBatch Told(TransformerModel model)
    {
        var batch = Toys.Batch(model, 24, 6);
        return batch with
        {
            Rows =
            [
                .. batch
                    .Rows.Where(r => r.Temperature == 1)
                    .Select((r, i) => i % 2 == 0 ? r with { Privileged = Hint(r.Prompt) } : r),
            ],
        };
    }

    private static System.Collections.Immutable.ImmutableArray<int> Hint(
        System.Collections.Immutable.ImmutableArray<int> prompt
    ) => Toys.Tokenizer.Append(prompt[..^1], [new Message(Speaker.User, "card K bet")]);

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(1, 0, false)]
    [InlineData(0.5, 0, false)]
    [InlineData(0.3, 0.7, false)]
    [InlineData(0.5, 1, true)]
    public void The_gradient_is_that_of_the_loss_by_finite_differences(double alpha, double tau, bool untaught)
    {
        var loss = new SelfDistillation(
            new()
            {
                Alpha = alpha,
                Tau = tau,
                Untaught = untaught,
                Clip = untaught,
            }
        );
        using var model = Toys.Model(
            new UpdateRule(loss, Plain),
            type: ScalarType.Float64,
            options: Toys.Options with
            {
                Width = 16,
            },
            scale: 3
        );
        var batch = Told(model);
        model.Update(batch);
        model.Update(batch);
        var probe = new GradientProbe(model, batch);
        var gradient = probe.LossAndGradient().Gradient;
        var chance = new Core.RandomStream(4);
        var nonzero = 0;
        for (var n = 0; n < 24; n++)
        {
            var at = chance.Next(gradient.Length);
            var slope = (probe.LossAt(at, 1e-6) - probe.LossAt(at, -1e-6)) / 2e-6;
            gradient[at].ShouldBe(slope, 1e-6 + 1e-4 * Math.Abs(slope));
            if (Math.Abs(slope) > 1e-6)
                nonzero++;
        }
        nonzero.ShouldBeGreaterThan(6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(0.25)]
    public void The_loss_is_the_divergence_of_the_two_distributions(double alpha)
    {
        using var model = Toys.Model(
            new UpdateRule(new SelfDistillation(new() { Alpha = alpha }), Plain),
            type: ScalarType.Float64
        );
        var (messages, legal) = Toys.Questions[0];
        var pi = model.MoveProbabilities([(messages, legal)])[0];
        var q = model.MoveProbabilities([(messages.Add(new(Speaker.User, "card K bet")), legal)])[0];
        model.Add(Toys.Ask(1, 0));
        var row = Toys.Row(Toys.Finish(model)[1], 0, 0);
        var m = pi.Zip(q, (a, b) => (1 - alpha) * a + alpha * b).ToArray();
        var expected = alpha switch
        {
            0 => Kl(q, pi),
            1 => Kl(pi, q),
            _ => (1 - alpha) * Kl(pi, m) + alpha * Kl(q, m),
        };
        expected.ShouldBeGreaterThan(1e-3);
        model.Update(new([row with { Hint = "card K bet" }], 1, 1, 0)).Loss.ShouldBe(expected, 1e-5 * expected + 1e-9);

        static double Kl(double[] a, double[] b) => a.Zip(b, (x, y) => x * Math.Log(x / y)).Sum();
    }

    [Fact]
    public void An_unsure_teacher_counts_less()
    {
        double Loss(double tau)
        {
            using var model = Toys.Model(
                new UpdateRule(new SelfDistillation(new() { Tau = tau, Alpha = 0 }), Plain),
                type: ScalarType.Float64
            );
            model.Add(Toys.Ask(1, 0));
            return model
                .Update(new([Toys.Row(Toys.Finish(model)[1], 0, 0) with { Hint = "card K bet" }], 1, 1, 0))
                .Loss;
        }
        using var teacher = Toys.Model();
        var (messages, legal) = Toys.Questions[0];
        var q = teacher.MoveProbabilities([(messages.Add(new(Speaker.User, "card K bet")), legal)])[0];
        Loss(2).ShouldBe(Loss(0) * Math.Exp(q.Sum(p => p * Math.Log(p)) / 2), 1e-5);
    }

    [Fact]
    public void Who_is_told_no_more_has_nothing_to_teach()
    {
        using var model = Toys.Model(new UpdateRule(new SelfDistillation(new()), Plain), type: ScalarType.Float64);
        var batch = Told(model);
        var same = batch with { Rows = [.. batch.Rows.Select(r => r with { Privileged = r.Prompt })] };
        new GradientProbe(model, same).LossAndGradient().Gradient.ShouldAllBe(g => Math.Abs(g) < 1e-9);
        var untold = batch with { Rows = [.. batch.Rows.Select(r => r with { Privileged = default })] };
        new GradientProbe(model, untold).LossAndGradient().Gradient.ShouldAllBe(g => g == 0);
    }

    [Fact]
    public void Untaught_replies_are_learned_from_by_the_policy_gradient_alone_where_asked()
    {
        using var routed = Toys.Model(
            new UpdateRule(new SelfDistillation(new RoutedOptions()), Plain),
            type: ScalarType.Float64
        );
        using var plain = Toys.Model(
            Toys.Learn(new() { Clip = true, Normalise = Normaliser.PerToken }, Plain),
            type: ScalarType.Float64
        );
        var batch = Told(routed);
        var untold = batch with { Rows = [.. batch.Rows.Select(r => r with { Privileged = default })] };
        var (a, b) = (
            new GradientProbe(routed, untold).LossAndGradient().Gradient,
            new GradientProbe(plain, untold).LossAndGradient().Gradient
        );
        a.Zip(b, (x, y) => Math.Abs(x - y)).Max().ShouldBeLessThan(1e-9);
        // Where all are taught, their weights are of no account.
        var told = batch with { Rows = [.. batch.Rows.Select(r => r with { Privileged = Hint(r.Prompt) })] };
        var silent = told with
        {
            Rows = [.. told.Rows.Select(r => r with { Weights = [.. r.Weights.Select(_ => 0f)] })],
        };
        new GradientProbe(routed, told)
            .LossAndGradient()
            .Gradient.ShouldBe(new GradientProbe(routed, silent).LossAndGradient().Gradient);
    }

    [Fact]
    public void The_policy_comes_to_say_what_it_says_when_told_more()
    {
        using var model = Toys.Model(
            new UpdateRule(new SelfDistillation(new() { Reference = Following.First }), Plain)
        );
        var (messages, legal) = Toys.Questions[0];
        var q = model.MoveProbabilities([(messages.Add(new(Speaker.User, "card K bet")), legal)])[0];
        var before = model.MoveProbabilities([(messages, legal)])[0];
        for (var i = 0; i < 60; i++)
        {
            model.Add(Toys.Ask(i, 0, (ulong)i));
            model.Update(new([Toys.Row(Toys.Finish(model)[i], 0, 0) with { Hint = "card K bet" }], 1, 1, 0));
        }
        var after = model.MoveProbabilities([(messages, legal)])[0];
        Math.Abs(before[0] - q[0]).ShouldBeGreaterThan(0.05);
        Math.Abs(after[0] - q[0]).ShouldBeLessThan(0.2 * Math.Abs(before[0] - q[0]));
    }

    [Fact]
    public void A_hint_beyond_the_context_leaves_the_reply_without_teacher()
    {
        using var model = Toys.Model(
            new UpdateRule(new SelfDistillation(new()), Plain),
            options: Toys.Options with
            {
                Context = 32,
            }
        );
        model.Add(Toys.Ask(1, 0, budget: 2));
        var report = model.Update(
            new(
                [Toys.Row(Toys.Finish(model)[1], 1, 0) with { Hint = string.Join(' ', Enumerable.Repeat("card", 40)) }],
                1,
                1,
                0
            )
        );
        report.Loss.ShouldBe(0);
        Should.Throw<ArgumentException>(() => new SelfDistillation(new() { Alpha = 2 })).Message.ShouldContain("alpha");
    }
}
