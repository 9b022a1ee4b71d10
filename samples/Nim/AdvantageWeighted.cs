// A loss of a user's own: the policy term alone; entropy, KL and normalisation come with the base.
using AgentArena.Models.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Nim;

/// <summary>Options of <see cref="AdvantageWeighted"/>.</summary>
public sealed record AdvantageWeightedOptions : RegularisedOptions
{
    /// <summary>Temperature of the weights, in units of the advantage.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>The largest weight.</summary>
    public double Most { get; init; } = 20;
}

/// <summary>−Σ share · min(exp(A / β), most) · log π (Peng et al. 2019, arXiv 1910.00177, equation 10).</summary>
public sealed class AdvantageWeighted(AdvantageWeightedOptions options) : RegularisedLoss(options)
{
    /// <inheritdoc/>
    protected override (Tensor Loss, Tensor? Clipped) Policy(LossInputs inputs)
    {
        using var beta = options.Beta.ToScalar();
        using var most = options.Most.ToScalar();
        var weights = inputs.Weights.div(beta).exp().clamp_max(most);
        return (-(weights * inputs.LogProbs).dot(inputs.Shares), null);
    }
}
