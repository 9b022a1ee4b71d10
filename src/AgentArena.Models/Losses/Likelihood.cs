// Likelihood of verified replies: right ones are made likelier, wrong ones unlikelier, each reply as one event.
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Losses;

/// <summary>
/// L = mean over replies of |w| * (w above 0: -log pi(reply); w below 0: -log(1 - pi(reply))), w the reply's weight.
/// For a two-way verdict under a mask both are -log pi(the true verdict): exact supervision, though only the policy's
/// own verdicts were checked. Sampled +-1 verdicts under a policy gradient sit on a plateau where this does not.
/// Replies without weight count for nothing.
/// </summary>
public sealed record LikelihoodOptions : RegularisedOptions
{
    /// <summary>A mean over replies.</summary>
    public LikelihoodOptions() => Normalise = Normaliser.PerReply;
}

/// <summary>Likelihood of the verified verdict.</summary>
public sealed class Likelihood(LikelihoodOptions options) : RegularisedLoss(options)
{
    // A wrong reply that is all but certain: below this the logarithm of what is left has no float32 digits.
    private const double Nearest = -1e-6;

    /// <inheritdoc/>
    protected override (Tensor Loss, Tensor? Clipped) Policy(LossInputs inputs)
    {
        // Shares within a reply sum to the reply's share, weights to its weight times its length: both are gathered per
        // reply.
        var said = inputs.PerReply(inputs.LogProbs);
        var weighted = inputs.PerReply(inputs.Weights * inputs.Shares);
        var wrong = said.AtMost(Nearest);
        return (-(weighted.AtLeast(0) * said).Plus((-weighted).AtLeast(0) * (-wrong.expm1()).log()).sum(), null);
    }
}
