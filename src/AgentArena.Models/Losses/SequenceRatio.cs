// One ratio a reply, the geometric mean of its tokens': GSPO, and the self-play critic's objective with its supervised
// part.
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Losses;

/// <summary>
/// s = exp(mean of log pi - log pi_old over the reply); policy term - mean min(s w, clip(s) w) - sft * mean of the
/// log-probability a token of demonstrated replies (GSPO, Zheng et al. 2025, arXiv 2507.18071). Without sft
/// demonstrations count like any reply of ratio 1.
/// </summary>
public record SequenceRatioOptions : RegularisedOptions
{
    /// <summary>Means over replies.</summary>
    public SequenceRatioOptions() => Normalise = Normaliser.PerReply;

    /// <summary>Ratios below 1 - this are clipped.</summary>
    public double ClipLow { get; init; } = 3e-4;

    /// <summary>Ratios above 1 + this are clipped.</summary>
    public double ClipHigh { get; init; } = 4e-4;

    /// <summary>Weight of the supervised part; 0 treats demonstrations like the rest.</summary>
    public double Sft { get; init; }
}

/// <summary>The self-play critic's release: clip 0.2 and 0.15 of supervised loss (SPC, arXiv 2504.19162).</summary>
public sealed record SelfPlayCriticOptions : SequenceRatioOptions
{
    /// <summary>The release's settings.</summary>
    public SelfPlayCriticOptions() => (ClipLow, ClipHigh, Sft) = (0.2, 0.2, 0.15);
}

/// <summary>Clipped length-normalised sequence ratios.</summary>
public sealed class SequenceRatio : RegularisedLoss
{
    private readonly SequenceRatioOptions _o;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">A bound lies outside its range.</exception>
    public SequenceRatio(SequenceRatioOptions options)
        : base(options)
    {
        _o = options;
        if (options.ClipLow is < 0 or > 1 || options.ClipHigh < 0 || options.Sft < 0)
            throw new ArgumentException(
                $"clip-low, clip-high, sft: are {options.ClipLow}, {options.ClipHigh} and {options.Sft}; low should be from 0 to 1, the others 0 or above."
            );
    }

    /// <inheritdoc/>
    protected override (Tensor Loss, Tensor? Clipped) Policy(LossInputs inputs)
    {
        var table = inputs.Table;
        var lengths = inputs.OfRows(r => Math.Max(1, table.First[r + 1] - table.First[r]));
        var share = inputs.PerReply(inputs.Shares);
        var weight = inputs.OfRows(table.WeightOf);
        var ratio = (inputs.PerReply(inputs.LogProbs - inputs.Recorded) / lengths).exp();
        var held = ratio.Between(1 - _o.ClipLow, 1 + _o.ClipHigh);
        var gain = minimum(ratio * weight, held * weight);
        var clipped = ratio.detach().ne(held.detach()).index_select(0, inputs.Replies);
        var demonstrated = _o.Sft == 0 ? 0 : Enumerable.Range(0, table.Batch.Rows.Length).Count(table.IsDemonstrated);
        if (demonstrated == 0)
            return (-gain.dot(share), clipped);
        // Each kind is averaged over its own rows, not over all.
        double rows = table.Batch.Rows.Length,
            sampled = rows - demonstrated;
        var told = inputs.PerReply(inputs.LogProbs) / lengths;
        var (own, shown) = (
            inputs.OfRows(r => table.IsDemonstrated(r) ? 0 : rows / sampled),
            inputs.OfRows(r => table.IsDemonstrated(r) ? _o.Sft * rows / demonstrated : 0)
        );
        return (-(gain * own).Plus(told * shown).dot(share), clipped);
    }
}
