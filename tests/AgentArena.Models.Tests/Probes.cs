// Looks inside a model for the tests: its numbers, and the gradient of a loss at its weights.
using System.Runtime.InteropServices;
using AgentArena.Core.Models;
using AgentArena.Models.Losses;
using AgentArena.Models.Networks;
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Tests;

internal static class Probes
{
    public static void ScaleMatrices(this TransformerModel model, float scale)
    {
        using var quiet = no_grad();
        foreach (var weights in new[] { model.Weights, model.Training?.Reference?.Weights })
            if (weights is not null)
                for (var i = 0; i < weights.Slices.Count; i++)
                    if (weights.Slices[i].Shape.Length > 1)
                        weights.Views[i].mul_(scale);
    }

    public static float[] WeightNumbers(this TransformerModel model) => Numbers(model.Weights);

    public static float[]? ReferenceNumbers(this TransformerModel model) =>
        model.Training?.Reference is { } reference ? Numbers(reference.Weights) : null;

    private static float[] Numbers(Parameters weights)
    {
        using var scope = NewDisposeScope();
        return MemoryMarshal.Cast<byte, float>(weights.Flat.detach().to(ScalarType.Float32).bytes).ToArray();
    }
}

internal sealed class GradientProbe
{
    private readonly TransformerModel _model;
    private readonly TokenTable _tokens;
    private readonly (float[], float[]) _shares;

    public GradientProbe(TransformerModel model, TrainingBatch batch)
    {
        _model = model;
        _tokens = new TokenTable(batch);
        var trainer = model.Training!;
        if (trainer.Loss.Reshapes)
            trainer.Loss.Reshape(_tokens, Trainer.Score(model.Network, trainer.Reference!.Weights.Views, batch.Rows));
        _shares = trainer.Loss.Shares(_tokens);
    }

    public (double Loss, double[] Gradient) LossAndGradient()
    {
        using var scope = NewDisposeScope();
        var tally = new Tally(_tokens, _model.Version);
        var gradient = _model.Training!.Gradient(_tokens, _shares, 0, _tokens.Batch.Rows.Length, tally, true);
        return (tally.Report(new() { Version = 0 }).Loss, MemoryMarshal.Cast<byte, double>(gradient.bytes).ToArray());
    }

    public double LossAt(int index, double step)
    {
        using var quiet = no_grad();
        using var one = _model.Weights.Flat.narrow(0, index, 1);
        using var before = one.clone();
        one.add_(step);
        double loss;
        using (enable_grad())
            loss = LossAndGradient().Loss;
        one.copy_(before);
        return loss;
    }
}
