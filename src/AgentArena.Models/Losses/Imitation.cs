// Maximum likelihood of good replies: demonstrations, filtered samples, and the policy's own past successes.
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Losses;

/// <summary>
/// Policy term - sum share * f(w) * log pi, f = 1 where w is above the line, else 0 (rejection sampling, filtered
/// imitation; demonstrations carry weights of their own); weighed, f = w (self-imitation, Oh et al. 2018, arXiv
/// 1806.05635; SPEAR's filter with an advantage whose baseline is the group).
/// </summary>
public sealed record ImitationOptions : RegularisedOptions
{
    /// <summary>Means over all tokens.</summary>
    public ImitationOptions() => Normalise = Normaliser.PerToken;

    /// <summary>Tokens whose weight is above this are imitated.</summary>
    public double Above { get; init; }

    /// <summary>Whether they count by their weight.</summary>
    public bool Weighed { get; init; }
}

/// <summary>Filtered imitation.</summary>
public sealed class Imitation(ImitationOptions options) : RegularisedLoss(options)
{
    /// <inheritdoc/>
    protected override (Tensor Loss, Tensor? Clipped) Policy(LossInputs inputs)
    {
        var good = inputs.Weights.Above(options.Above).to(inputs.Weights.dtype);
        return (-(options.Weighed ? good * inputs.Weights : good).mul(inputs.LogProbs).dot(inputs.Shares), null);
    }
}
