// The optimiser over one flat tensor. Its state is two tensors and a count, so that a checkpoint holds all of it.
using System.Numerics;
using System.Runtime.InteropServices;
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Training;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019) with global gradient clipping and a rate that follows the run's progress.
/// </summary>
public sealed record AdamWOptions
{
    /// <summary>Learning rate at the start (after warm-up).</summary>
    public double Rate { get; init; } = 1e-3;

    /// <summary>
    /// Share of the rate left at the end of the run. The last iterate of self-play settles only where this is small.
    /// </summary>
    public double Floor { get; init; } = 0.1;

    /// <summary>How the rate gets there.</summary>
    public Curve Schedule { get; init; } = Curve.Linear;

    /// <summary>Updates over which the rate rises from nothing.</summary>
    public int WarmUp { get; init; }

    /// <summary>Memory of the mean gradient.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Memory of the mean square.</summary>
    public double Beta2 { get; init; } = 0.99;

    /// <summary>Added to the root of the mean square.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled decay of matrices (never of gains), per unit of rate.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The largest norm of a gradient; longer ones are shortened to it. 0 clips nothing.</summary>
    public double Clip { get; init; } = 1;
}

/// <summary>The optimiser's state and step.</summary>
public sealed class AdamW : IDisposable
{
    private readonly AdamWOptions _options;
    private readonly Tensor? _decay;

    /// <summary>State of zeros for these weights.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public AdamW(AdamWOptions options, Parameters weights)
    {
        Check(options);
        _options = options;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        Mean = zeros_like(weights.Flat).DetachFromDisposeScope();
        Square = zeros_like(weights.Flat).DetachFromDisposeScope();
        if (options.WeightDecay == 0)
            return;
        _decay = zeros_like(weights.Flat).DetachFromDisposeScope();
        foreach (var slice in weights.Slices)
        {
            if (slice.Shape.Length < 2)
                continue;
            _decay.narrow(0, slice.Offset, slice.Count).Fill_(1);
        }
    }

    /// <summary>Mean gradient, [count].</summary>
    public Tensor Mean { get; }

    /// <summary>Mean square of the gradient, [count].</summary>
    public Tensor Square { get; }

    /// <summary>Steps made.</summary>
    public long Steps { get; set; }

    /// <summary>Throws where an option is out of range.</summary>
    public static void Check(AdamWOptions o)
    {
        if (!(o.Rate >= 0))
            throw new ArgumentException($"rate: is {o.Rate}; it should be 0 or above.");
        if (o.Floor is < 0 or > 1)
            throw new ArgumentException(
                $"floor: is {o.Floor}; it is the share of the rate left at the end, from 0 to 1."
            );
        if (o.Schedule == Curve.Geometric && o.Floor == 0)
            throw new ArgumentException(
                "floor: is 0, which a geometric schedule never reaches. Give a small share such as 0.01, or take linear."
            );
        if (o.Beta1 is < 0 or >= 1 || o.Beta2 is < 0 or >= 1)
            throw new ArgumentException(
                $"beta1, beta2: are {o.Beta1} and {o.Beta2}; they should be at least 0 and below 1."
            );
        if (!(o.Epsilon > 0))
            throw new ArgumentException($"epsilon: is {o.Epsilon}; it should be above 0.");
        if (o.WeightDecay < 0 || o.Clip < 0 || o.WarmUp < 0)
            throw new ArgumentException("weight-decay, clip and warm-up: none may be negative; 0 turns each off.");
    }

    /// <summary>The rate of the next step.</summary>
    public double RateAt(double progress)
    {
        var rate = Schedule.At(_options.Schedule, _options.Rate, _options.Rate * _options.Floor, progress);
        return _options.WarmUp > 0 ? rate * Math.Min(1, (Steps + 1.0) / _options.WarmUp) : rate;
    }

    /// <summary>One step down the gradient, which is used up. Returns its norm before clipping.</summary>
    /// <exception cref="InvalidOperationException">The gradient is not finite; the weights are unchanged.</exception>
    public double Step(Tensor flat, Tensor gradient, double rate)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var norm = gradient.norm().to(ScalarType.Float64).item<double>();
        if (!double.IsFinite(norm))
            throw new InvalidOperationException(
                "update: the gradient is not finite, and the weights were left as they are. Go back to an earlier checkpoint with a smaller learning rate, or look for a weight or reward that is not finite."
            );
        if (_options.Clip > 0 && norm > _options.Clip)
            gradient.Times_(_options.Clip / (norm + 1e-12));
        Steps++;
        var (beta1, beta2) = (_options.Beta1, _options.Beta2);
        if (_decay is null && flat.device.type == DeviceType.CPU && flat.dtype == ScalarType.Float32)
        {
            Sweep(Floats(flat), Floats(gradient), Floats(Mean), Floats(Square), rate);
            return norm;
        }
        Mean.Times_(beta1).Plus_(gradient, 1 - beta1);
        Square.Times_(beta2).PlusProduct_(gradient, gradient, 1 - beta2);
        var root = Square.sqrt().Times_(1 / Math.Sqrt(1 - Math.Pow(beta2, Steps))).Plus_(_options.Epsilon);
        if (_decay is not null)
            flat.PlusProduct_(flat, _decay, -rate * _options.WeightDecay);
        flat.PlusQuotient_(Mean, root, -rate / (1 - Math.Pow(beta1, Steps)));
        return norm;
    }

    // The same step in one walk over the numbers: on a small network eight tensor operations cost three times as much.
    private void Sweep(Span<float> weights, Span<float> gradient, Span<float> mean, Span<float> square, double rate)
    {
        var (keep1, take1, keep2, take2) = (
            (float)_options.Beta1,
            (float)(1 - _options.Beta1),
            (float)_options.Beta2,
            (float)(1 - _options.Beta2)
        );
        var (step, root, epsilon) = (
            (float)(rate / (1 - Math.Pow(_options.Beta1, Steps))),
            (float)(1 / Math.Sqrt(1 - Math.Pow(_options.Beta2, Steps))),
            (float)_options.Epsilon
        );
        var i = 0;
        for (
            var (r, e) = (new Vector<float>(root), new Vector<float>(epsilon));
            i <= weights.Length - Vector<float>.Count;
            i += Vector<float>.Count
        )
        {
            var g = new Vector<float>(gradient[i..]);
            var m = new Vector<float>(mean[i..]) * keep1 + g * take1;
            var v = new Vector<float>(square[i..]) * keep2 + g * g * take2;
            m.CopyTo(mean[i..]);
            v.CopyTo(square[i..]);
            (new Vector<float>(weights[i..]) - m / (Vector.SquareRoot(v) * r + e) * step).CopyTo(weights[i..]);
        }
        for (; i < weights.Length; i++)
        {
            var g = gradient[i];
            mean[i] = mean[i] * keep1 + g * take1;
            square[i] = square[i] * keep2 + g * g * take2;
            weights[i] -= mean[i] / (MathF.Sqrt(square[i]) * root + epsilon) * step;
        }
    }

    private static Span<float> Floats(Tensor values) => MemoryMarshal.Cast<byte, float>(values.bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        Mean.Dispose();
        Square.Dispose();
        _decay?.Dispose();
    }
}
