// Adds up what an update reports. Plain numbers.
using System.Runtime.InteropServices;
using AgentArena.Core.Models;
using AgentArena.Models.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Training;

/// <summary>
/// Figures of an update, gathered over its passes: the first epoch's, since the later ones see other weights.
/// </summary>
internal sealed class Tally(TokenTable tokens, int version)
{
    private readonly List<float> _gaps = [];
    private double _loss,
        _entropy,
        _kl,
        _clipped,
        _norm,
        _valueError;
    private int _counted,
        _computed,
        _steps;

    public void Add(MergedRows merged, int from, int[] counts, float[] taken, LossTerms terms)
    {
        _loss += terms.Loss.detach().to(ScalarType.Float64).item<double>();
        var (entropy, kl) = (Numbers(terms.Entropy), terms.Kl is null ? null : Numbers(terms.Kl));
        for (var d = 0; d < counts.Length; d++)
        {
            _entropy += counts[d] * entropy[d];
            if (kl is not null)
                _kl += counts[d] * kl[d];
        }
        if (terms.Clipped is not null)
            foreach (var clipped in Numbers(terms.Clipped))
                _clipped += clipped;
        for (var t = 0; t < taken.Length; t++)
            if (tokens.Batch.Rows[tokens.Row[from + t]].Version == version && !float.IsNaN(tokens.Recorded[from + t]))
                _gaps.Add(Math.Abs(taken[t] - tokens.Recorded[from + t]));
        _counted += taken.Length;
        _computed += merged.Ids.Length;
    }

    public void Values(float[] errors)
    {
        foreach (var error in errors)
            _valueError += error;
    }

    public void Gradient(double norm)
    {
        _norm += norm;
        _steps++;
    }

    public UpdateReport Report(UpdateReport report)
    {
        _gaps.Sort();
        return report with
        {
            Loss = _loss,
            Entropy = _entropy / _counted,
            Kl = _kl / _counted,
            ValueError = _valueError / _counted,
            ClipShare = _clipped / _counted,
            GradientNorm = _norm / Math.Max(1, _steps),
            ComputedTokens = _computed,
            GapMean = _gaps.Count == 0 ? 0 : _gaps.Average(),
            GapMax = _gaps.Count == 0 ? 0 : _gaps[^1],
            GapP95 = _gaps.Count == 0 ? 0 : _gaps[Math.Min(_gaps.Count - 1, (int)Math.Ceiling(0.95 * _gaps.Count) - 1)],
        };
    }

    private static float[] Numbers(Tensor values)
    {
        var flat = values.detach().to(ScalarType.Float32).cpu().contiguous();
        return MemoryMarshal.Cast<byte, float>(flat.bytes).ToArray();
    }
}
