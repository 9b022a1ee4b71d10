// Likelihood of verified replies: right ones are made likelier, wrong ones unlikelier, each reply as one event.
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Losses;

/// <summary>
/// L = mean over replies of |w| * (w above 0: -log pi(reply); w below 0: -log(1 - pi(reply))) - entropy * mean H, w the reply's weight. For a
/// two-way verdict under a mask both are -log pi(the true verdict): exact supervision, though only the policy's own verdicts were
/// checked. Sampled +-1 verdicts under a policy gradient sit on a plateau where this does not. Replies without weight count for nothing.
/// </summary>
public sealed record LikelihoodOptions
{
    /// <summary>Entropy coefficient at the start.</summary>
    public double Entropy { get; init; }

    /// <summary>Entropy coefficient at the end of the run.</summary>
    public double EntropyEnd { get; init; }
}

/// <summary>Likelihood of the verified verdict.</summary>
public sealed class Likelihood : Loss
{
    // A wrong reply that is all but certain: below this the logarithm of what is left has no float32 digits.
    private const double Nearest = -1e-6;
    private readonly LikelihoodOptions _o;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">An entropy coefficient is negative.</exception>
    public Likelihood(LikelihoodOptions options)
    {
        if (options.Entropy < 0 || options.EntropyEnd < 0) throw new ArgumentException("entropy and entropy-end: none may be negative; 0 leaves the bonus out.");
        _o = options;
    }

    /// <inheritdoc/>
    public override (float[] Policy, float[] Regulariser) Shares(TokenTable tokens)
    {
        var batch = tokens.Batch;
        var shares = new float[tokens.Count];
        for (var t = 0; t < shares.Length; t++) shares[t] = 1f / (batch.Rows.Length * batch.Rows[tokens.Row[t]].Tokens.Length);
        return (shares, shares);
    }

    /// <inheritdoc/>
    public override LossTerms Compute(LossInputs inputs)
    {
        // Shares within a reply sum to the reply's share, weights to its weight times its length: both are gathered per reply.
        var said = inputs.PerReply(inputs.LogProbs);
        var weighted = inputs.PerReply(inputs.Weights * inputs.Shares);
        var wrong = said.clamp_max(Nearest);
        var loss = -(weighted.clamp_min(0) * said + (-weighted).clamp_min(0) * (-wrong.expm1()).log()).sum();
        var probabilities = inputs.Decisions.exp();
        var entropy = -(probabilities * inputs.Decisions).sum(-1);
        var coefficient = Schedule.At(Curve.Linear, _o.Entropy, _o.EntropyEnd, inputs.Progress);
        if (coefficient != 0) loss = loss - entropy.dot(inputs.DecisionShares) * coefficient;
        return new LossTerms(loss, entropy.detach());
    }
}
