// Policy gradient with its usual companions: ratio clipping, entropy, a pull towards a reference, and R-NaD's reshaped
// reward.
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Losses;

/// <summary>
/// Policy term - sum share * gain; gain = weight * log pi, or min(ratio * weight, clip(ratio) * weight) where clipping
/// is on, ratio = pi / pi_old of each token.
/// </summary>
public record PolicyGradientOptions : RegularisedOptions
{
    /// <summary>PPO's ratio clipping (Schulman et al. 2017); off is REINFORCE.</summary>
    public bool Clip { get; init; }

    /// <summary>Ratios below 1 - this are clipped.</summary>
    public double ClipLow { get; init; } = 0.2;

    /// <summary>Ratios above 1 + this are clipped.</summary>
    public double ClipHigh { get; init; } = 0.2;

    /// <summary>
    /// Bound on the ratio of tokens with negative weight (dual clip, Ye et al. 2020), above 1; 0 for none.
    /// </summary>
    public double DualClip { get; init; }

    /// <summary>
    /// R-NaD (Perolat et al. 2022): each token's reward is lowered by this times its log-ratio to the reference; the
    /// seat's own tokens only.
    /// </summary>
    public double Eta { get; init; }

    /// <summary>
    /// Share of the tokens, those of highest entropy, that the policy term counts (Wang et al. 2025, arXiv 2506.01939:
    /// 0.2); 1 for all. Ranked within each pass.
    /// </summary>
    public double TopEntropy { get; init; } = 1;
}

/// <summary>
/// Proximal policy optimisation for language models: two-sided clip, dual clip 3, mean over tokens (Absolute Zero's and
/// verl's settings).
/// </summary>
public sealed record PpoOptions : PolicyGradientOptions
{
    /// <summary>The source's settings.</summary>
    public PpoOptions() => (Clip, DualClip, Normalise) = (true, 3, Normaliser.PerToken);
}

/// <summary>
/// GRPO's objective: clip 0.2, mean over replies of each one's mean, k3 pull of 0.001 to the first weights (Shao et al.
/// 2024; verl).
/// </summary>
public sealed record GrpoOptions : PolicyGradientOptions
{
    /// <summary>The source's settings.</summary>
    public GrpoOptions() =>
        (Clip, Normalise, Kl, KlForm, Reference) = (
            true,
            Normaliser.PerReply,
            0.001,
            KlForm.K3,
            Training.Following.First
        );
}

/// <summary>
/// DAPO's objective: clip-higher 0.2 / 0.28, mean over all tokens, no KL, replies that were cut left out (Yu et al.
/// 2025, arXiv 2503.14476).
/// </summary>
public sealed record DapoOptions : PolicyGradientOptions
{
    /// <summary>The source's settings.</summary>
    public DapoOptions() => (Clip, ClipHigh, Normalise, MaskTruncated) = (true, 0.28, Normaliser.PerToken, true);
}

/// <summary>REINFORCE, PPO, GRPO, DAPO, magnetic policy gradient and R-NaD as one formula with coefficients.</summary>
public class PolicyGradient : RegularisedLoss
{
    private readonly PolicyGradientOptions _o;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">They contradict themselves.</exception>
    public PolicyGradient(PolicyGradientOptions options)
        : base(options)
    {
        _o = options;
        if (options.ClipLow is < 0 or > 1 || options.ClipHigh < 0)
            throw new ArgumentException(
                $"clip-low, clip-high: are {options.ClipLow} and {options.ClipHigh}; low should be from 0 to 1 and high 0 or above."
            );
        if (options.DualClip != 0 && options.DualClip <= 1)
            throw new ArgumentException(
                $"dual-clip: is {options.DualClip}; it should be above 1, usually 3, or 0 for none."
            );
        if (options.DualClip != 0 && !options.Clip)
            throw new ArgumentException(
                "dual-clip: bounds clipped ratios, but clip is off. Set clip = on, or remove it."
            );
        if (options.Eta != 0 && options.Reference == Training.Following.None)
            throw new ArgumentException(
                "reference: is none, but eta needs one. Set reference = ema, snapshot or first."
            );
        if (options.Eta < 0)
            throw new ArgumentException("eta: may not be negative; a larger value pulls harder.");
        if (options.TopEntropy is not (> 0 and <= 1))
            throw new ArgumentException(
                $"top-entropy: is {options.TopEntropy}; it is a share of the tokens, above 0 and at most 1."
            );
    }

    /// <inheritdoc/>
    public override bool Reshapes => _o.Eta != 0;

    /// <summary>Each token answers for its own log-ratio and for those of the trajectory's later tokens.</summary>
    public override void Reshape(TokenTable tokens, float[] reference)
    {
        var later = new Dictionary<int, double>();
        for (var t = tokens.Count - 1; t >= 0; t--)
        {
            if (float.IsNaN(tokens.Recorded[t]))
                continue; // demonstrated: no move of this policy
            var sum = later.GetValueOrDefault(tokens.Trajectory[t]) + tokens.Recorded[t] - reference[t];
            later[tokens.Trajectory[t]] = sum;
            tokens.Weights[t] -= (float)(_o.Eta * sum);
        }
    }

    /// <inheritdoc/>
    protected override (Tensor Loss, Tensor? Clipped) Policy(LossInputs inputs)
    {
        Tensor gain;
        Tensor? clipped = null;
        if (_o.Clip)
        {
            var ratio = (inputs.LogProbs - inputs.Recorded).exp();
            var held = ratio.Between(1 - _o.ClipLow, 1 + _o.ClipHigh);
            gain = minimum(ratio * inputs.Weights, held * inputs.Weights);
            if (_o.DualClip > 0)
                gain = where(inputs.Weights.Below(0), maximum(gain, inputs.Weights.Times(_o.DualClip)), gain);
            clipped = ratio.detach().ne(held.detach());
        }
        else
        {
            gain = inputs.LogProbs * inputs.Weights;
        }
        return (-gain.dot(_o.TopEntropy < 1 ? inputs.Shares * Forks(inputs) : inputs.Shares), clipped);
    }

    // 1 for the tokens drawn where the policy was least sure.
    private Tensor Forks(LossInputs inputs)
    {
        var decisions = inputs.Decisions.detach();
        var entropy = (-(decisions.exp() * decisions).sum(-1)).index_select(0, inputs.Decided);
        var last = (long)Math.Floor((1 - _o.TopEntropy) * entropy.shape[0]);
        return entropy.ge(entropy.index_select(0, entropy.argsort()).narrow(0, last, 1)).to(entropy.dtype);
    }
}
