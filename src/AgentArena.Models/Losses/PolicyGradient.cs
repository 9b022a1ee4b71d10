// Policy gradient with its usual companions: ratio clipping, entropy, a pull towards a reference, and R-NaD's reshaped reward.
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Losses;

/// <summary>What a sum over tokens is divided by.</summary>
public enum Normaliser
{
    /// <summary>Mean over games of the sum over each game's tokens.</summary>
    PerGame,

    /// <summary>Mean over trajectories (one seat of one game) of the sum over its tokens.</summary>
    PerTrajectory,

    /// <summary>Mean over all tokens.</summary>
    PerToken,

    /// <summary>Mean over replies of each one's mean over its tokens.</summary>
    PerReply,

    /// <summary>Sum over each reply's tokens divided by a constant length, mean over replies (Dr.GRPO, SPIRAL).</summary>
    Constant,
}

/// <summary>How the regularisers count the positions of a trajectory.</summary>
public enum Positions
{
    /// <summary>As the policy term counts them.</summary>
    Sum,

    /// <summary>Averaged within each trajectory first.</summary>
    Mean,
}

/// <summary>
/// L = - sum share * gain + kl * sum share * KL(pi || reference) - entropy * sum share * H(pi), KL and H analytic over the allowed ids.
/// gain = weight * log pi, or min(ratio * weight, clip(ratio) * weight) where clipping is on.
/// </summary>
public sealed record PolicyGradientOptions
{
    /// <summary>PPO's ratio clipping (Schulman et al. 2017); off is REINFORCE.</summary>
    public bool Clip { get; init; }

    /// <summary>Ratios below 1 - this are clipped.</summary>
    public double ClipLow { get; init; } = 0.2;

    /// <summary>Ratios above 1 + this are clipped.</summary>
    public double ClipHigh { get; init; } = 0.2;

    /// <summary>Bound on the ratio of tokens with negative weight (dual clip, Ye et al. 2020), above 1; 0 for none.</summary>
    public double DualClip { get; init; }

    /// <summary>Entropy coefficient at the start, in units of reward.</summary>
    public double Entropy { get; init; }

    /// <summary>Entropy coefficient at the end of the run.</summary>
    public double EntropyEnd { get; init; }

    /// <summary>How it gets there.</summary>
    public Curve EntropySchedule { get; init; } = Curve.Linear;

    /// <summary>Coefficient of KL(pi || reference), in units of reward.</summary>
    public double Kl { get; init; }

    /// <summary>What the policy is held close to.</summary>
    public Following Reference { get; init; } = Following.None;

    /// <summary>For an average of weights: the share of itself it keeps each update.</summary>
    public double Keep { get; init; } = 0.99;

    /// <summary>What it keeps at the end of the run; the share it takes in moves there geometrically. Unset, it stays as it is.</summary>
    public double? KeepEnd { get; init; }

    /// <summary>For a copy of weights: updates between renewals.</summary>
    public int RenewEvery { get; init; } = 200;

    /// <summary>R-NaD (Perolat et al. 2022): each token's reward is lowered by this times its log-ratio to the reference; the seat's own tokens only.</summary>
    public double Eta { get; init; }

    /// <summary>Weight of the value head's squared error, halved, where the model has such a head and the advantage gives it targets.</summary>
    public double Value { get; init; } = 0.5;

    /// <summary>What sums are divided by.</summary>
    public Normaliser Normalise { get; init; } = Normaliser.PerGame;

    /// <summary>The length that <see cref="Normaliser.Constant"/> divides by.</summary>
    public double Length { get; init; } = 1;

    /// <summary>How the regularisers count positions.</summary>
    public Positions Positions { get; init; } = Positions.Sum;

    /// <summary>Passes over a batch, each with its own optimiser steps.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Optimiser steps a pass: the batch is cut into so many parts by rows.</summary>
    public int Parts { get; init; } = 1;
}

/// <summary>REINFORCE, PPO, magnetic policy gradient and R-NaD as one formula with coefficients.</summary>
public sealed class PolicyGradient : Loss
{
    private readonly PolicyGradientOptions _o;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">They contradict themselves.</exception>
    public PolicyGradient(PolicyGradientOptions options)
    {
        _o = options;
        if (options.ClipLow is < 0 or > 1 || options.ClipHigh < 0) throw new ArgumentException($"clip-low, clip-high: are {options.ClipLow} and {options.ClipHigh}; low should be from 0 to 1 and high 0 or above.");
        if (options.DualClip != 0 && options.DualClip <= 1) throw new ArgumentException($"dual-clip: is {options.DualClip}; it should be above 1, usually 3, or 0 for none.");
        if (options.DualClip != 0 && !options.Clip) throw new ArgumentException("dual-clip: bounds clipped ratios, but clip is off. Set clip = on, or remove it.");
        if ((options.Kl != 0 || options.Eta != 0) && options.Reference == Following.None) throw new ArgumentException("reference: is none, but kl or eta needs one. Set reference = ema, snapshot or first.");
        if (options.Kl < 0 || options.Eta < 0 || options.Entropy < 0 || options.EntropyEnd < 0) throw new ArgumentException("kl, eta, entropy and entropy-end: none may be negative; a larger value pulls harder.");
        if (options.Keep is < 0 or > 1) throw new ArgumentException($"keep: is {options.Keep}; it is the share of itself the average keeps, from 0 to 1.");
        if (options.KeepEnd is < 0 or >= 1 || (options.KeepEnd is not null && options.Keep >= 1)) throw new ArgumentException($"keep, keep-end: are {options.Keep} and {options.KeepEnd}; an average that slows down keeps from 0 to less than 1 of itself at either end.");
        if (options.EntropySchedule == Curve.Geometric && (options.Entropy == 0 || options.EntropyEnd == 0)) throw new ArgumentException("entropy-schedule: geometric cannot reach or leave 0. Give entropy and entropy-end small positive values, or take linear.");
        if (options.RenewEvery < 1 || options.Epochs < 1 || options.Parts < 1) throw new ArgumentException("renew-every, epochs and parts: each should be at least 1.");
        if (!(options.Length > 0)) throw new ArgumentException($"length: is {options.Length}; it should be above 0.");
    }

    /// <inheritdoc/>
    public override (Following, int) Reference => (_o.Reference, _o.RenewEvery);

    /// <inheritdoc/>
    public override double KeepAt(double progress) => 1 - Schedule.At(_o.KeepEnd is null ? Curve.Constant : Curve.Geometric, 1 - _o.Keep, 1 - (_o.KeepEnd ?? 0), progress);

    /// <inheritdoc/>
    public override double Value => _o.Value;

    /// <inheritdoc/>
    public override int Epochs => _o.Epochs;

    /// <inheritdoc/>
    public override int Parts => _o.Parts;

    /// <inheritdoc/>
    public override bool Reshapes => _o.Eta != 0;

    /// <summary>Each token answers for its own log-ratio and for those of the trajectory's later tokens.</summary>
    public override void Reshape(TokenTable tokens, float[] reference)
    {
        var later = new Dictionary<int, double>();
        for (var t = tokens.Count - 1; t >= 0; t--)
        {
            if (float.IsNaN(tokens.Recorded[t])) continue; // demonstrated: no move of this policy
            var sum = later.GetValueOrDefault(tokens.Trajectory[t]) + tokens.Recorded[t] - reference[t];
            later[tokens.Trajectory[t]] = sum;
            tokens.Weights[t] -= (float)(_o.Eta * sum);
        }
    }

    /// <inheritdoc/>
    public override (float[] Policy, float[] Regulariser) Shares(TokenTable tokens)
    {
        var policy = new float[tokens.Count];
        var batch = tokens.Batch;
        for (var t = 0; t < policy.Length; t++)
            policy[t] = (float)(1 / (_o.Normalise switch
            {
                Normaliser.PerGame => Math.Max(1, batch.Games),
                Normaliser.PerTrajectory => Math.Max(1, batch.Trajectories),
                Normaliser.PerToken => tokens.Count,
                Normaliser.PerReply => (double)batch.Rows.Length * batch.Rows[tokens.Row[t]].Tokens.Length,
                _ => batch.Rows.Length * _o.Length,
            }));
        if (_o.Positions == Positions.Sum) return (policy, policy);
        var lengths = new Dictionary<int, int>();
        foreach (var trajectory in tokens.Trajectory) lengths[trajectory] = lengths.GetValueOrDefault(trajectory) + 1;
        var mean = new float[tokens.Count];
        for (var t = 0; t < mean.Length; t++) mean[t] = 1f / (lengths.Count * lengths[tokens.Trajectory[t]]);
        return (policy, mean);
    }

    /// <inheritdoc/>
    public override LossTerms Compute(LossInputs inputs)
    {
        Tensor gain;
        Tensor? clipped = null;
        if (_o.Clip)
        {
            var ratio = (inputs.LogProbs - inputs.Recorded).exp();
            var held = ratio.clamp(1 - _o.ClipLow, 1 + _o.ClipHigh);
            gain = minimum(ratio * inputs.Weights, held * inputs.Weights);
            if (_o.DualClip > 0) gain = where(inputs.Weights.lt(0), maximum(gain, inputs.Weights * _o.DualClip), gain);
            clipped = ratio.detach().ne(held.detach());
        }
        else
        {
            gain = inputs.LogProbs * inputs.Weights;
        }
        var loss = -gain.dot(inputs.Shares);
        var probabilities = inputs.Decisions.exp();
        var entropy = -(probabilities * inputs.Decisions).sum(-1);
        var coefficient = Schedule.At(_o.EntropySchedule, _o.Entropy, _o.EntropyEnd, inputs.Progress);
        if (coefficient != 0) loss = loss - entropy.dot(inputs.DecisionShares) * coefficient;
        Tensor? kl = null;
        if (inputs.Reference is not null)
        {
            kl = (probabilities * (inputs.Decisions - inputs.Reference)).sum(-1);
            if (_o.Kl != 0) loss = loss + kl.dot(inputs.DecisionShares) * _o.Kl;
        }
        return new LossTerms(loss, entropy.detach(), kl?.detach(), clipped);
    }
}
