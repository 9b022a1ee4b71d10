// Off-policy learning without a pull: right replies as if they had been told, wrong ones by a ratio that fades as they
// fade.
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Losses;

/// <summary>
/// Policy term - sum share * rho * w * log pi, the reply's rho 1 where w is above 0, else sg(min(pi(y) / mu(y), most)),
/// mu what sampled it (TOPR, Le Roux et al. 2025, arXiv 2503.14286). The advantage's baseline sets how many replies
/// count as wrong.
/// </summary>
public sealed record TaperedOffPolicyOptions : RegularisedOptions
{
    /// <summary>Means over replies of sums, as the source's expectation over replies.</summary>
    public TaperedOffPolicyOptions() => Normalise = Normaliser.Constant;

    /// <summary>Upper bound on the ratio of wrong replies.</summary>
    public double Most { get; init; } = 1;
}

/// <summary>TOPR.</summary>
public sealed class TaperedOffPolicy : RegularisedLoss
{
    private readonly TaperedOffPolicyOptions _o;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">The bound is not above 0.</exception>
    public TaperedOffPolicy(TaperedOffPolicyOptions options)
        : base(options)
    {
        _o = options;
        if (!(options.Most > 0))
            throw new ArgumentException(
                $"most: is {options.Most}; it bounds a ratio and should be above 0, usually 1."
            );
    }

    /// <inheritdoc/>
    protected override (Tensor Loss, Tensor? Clipped) Policy(LossInputs inputs)
    {
        var whole = inputs
            .PerReply(inputs.LogProbs.detach() - inputs.Recorded)
            .AtMost(30)
            .exp()
            .index_select(0, inputs.Replies);
        var ratio = where(inputs.Weights.Above(0), ones_like(whole), whole.AtMost(_o.Most));
        return (
            -(ratio * inputs.Weights * inputs.LogProbs).dot(inputs.Shares),
            inputs.Weights.Below(0).logical_and(whole.Above(_o.Most))
        );
    }
}
