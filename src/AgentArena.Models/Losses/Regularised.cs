// What every loss has beside its policy term: what sums are divided by, entropy, a pull towards a reference, and passes
// over a batch.
using AgentArena.Core.Learning;
using AgentArena.Models.Networks;
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

    /// <summary>
    /// Sum over each reply's tokens divided by a constant length, mean over replies (Dr.GRPO, SPIRAL).
    /// </summary>
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
/// How KL(policy || reference) is measured; d is the reference's log-probability less the policy's (Schulman 2020,
/// "Approximating KL divergence").
/// </summary>
public enum KlForm
{
    /// <summary>Summed over all allowed ids of each decision.</summary>
    Exact,

    /// <summary>-d of the sampled token: unbiased in value, of no expected gradient when on-policy.</summary>
    K1,

    /// <summary>d^2 / 2 of the sampled token: biased in value, on-policy its gradient is that of the KL.</summary>
    K2,

    /// <summary>exp(d) - d - 1 of the sampled token: unbiased in value and never negative (GRPO's).</summary>
    K3,
}

/// <summary>
/// L = policy term + kl * sum share * KL(pi || reference) - entropy * sum share * H + entropy-band * sum share * (how
/// far H lies outside [entropy-low, entropy-high]).
/// </summary>
public abstract record RegularisedOptions
{
    /// <summary>Entropy coefficient at the start, in units of reward.</summary>
    public double Entropy { get; init; }

    /// <summary>Entropy coefficient at the end of the run.</summary>
    public double EntropyEnd { get; init; }

    /// <summary>How it gets there.</summary>
    public Curve EntropySchedule { get; init; } = Curve.Linear;

    /// <summary>Coefficient of the entropy band (SPINE): pushes entropies back into it.</summary>
    public double EntropyBand { get; init; }

    /// <summary>Lower end of the band, in nats.</summary>
    public double EntropyLow { get; init; } = 0.1;

    /// <summary>Upper end of the band, in nats.</summary>
    public double EntropyHigh { get; init; } = 2;

    /// <summary>Coefficient of KL(pi || reference), in units of reward.</summary>
    public double Kl { get; init; }

    /// <summary>How it is measured.</summary>
    public KlForm KlForm { get; init; } = KlForm.Exact;

    /// <summary>What the policy is held close to.</summary>
    public Following Reference { get; init; } = Following.None;

    /// <summary>For an average of weights: the share of itself it keeps each update.</summary>
    public double Keep { get; init; } = 0.99;

    /// <summary>
    /// What it keeps at the end of the run; the share it takes in moves there geometrically. Unset, it stays as it is.
    /// </summary>
    public double? KeepEnd { get; init; }

    /// <summary>For a copy of weights: updates between renewals.</summary>
    public int RenewEvery { get; init; } = 200;

    /// <summary>
    /// Weight of the value head's squared error, halved, where the model has such a head and the advantage gives it
    /// targets.
    /// </summary>
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

    /// <summary>
    /// Whether replies that were cut at their budget are left out of the policy term (DAPO's overlong filtering).
    /// </summary>
    public bool MaskTruncated { get; init; }
}

/// <summary>A policy term and its companions. What derives from it says the policy term alone.</summary>
public abstract class RegularisedLoss : Loss
{
    private readonly RegularisedOptions _o;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">They contradict themselves.</exception>
    protected RegularisedLoss(RegularisedOptions options)
    {
        _o = options;
        if (options.Kl != 0 && options.Reference == Following.None)
            throw new ArgumentException(
                "reference: is none, but kl needs one. Set reference = ema, snapshot or first."
            );
        if (options.Kl < 0 || options.Entropy < 0 || options.EntropyEnd < 0 || options.EntropyBand < 0)
            throw new ArgumentException(
                "kl, entropy, entropy-end and entropy-band: none may be negative; a larger value pulls harder."
            );
        if (options.EntropyLow > options.EntropyHigh)
            throw new ArgumentException(
                $"entropy-low, entropy-high: are {options.EntropyLow} and {options.EntropyHigh}; low should not lie above high."
            );
        if (options.Keep is < 0 or > 1)
            throw new ArgumentException(
                $"keep: is {options.Keep}; it is the share of itself the average keeps, from 0 to 1."
            );
        if (options.KeepEnd is < 0 or >= 1 || (options.KeepEnd is not null && options.Keep >= 1))
            throw new ArgumentException(
                $"keep, keep-end: are {options.Keep} and {options.KeepEnd}; an average that slows down keeps from 0 to less than 1 of itself at either end."
            );
        if (options.EntropySchedule == Curve.Geometric && (options.Entropy == 0 || options.EntropyEnd == 0))
            throw new ArgumentException(
                "entropy-schedule: geometric cannot reach or leave 0. Give entropy and entropy-end small positive values, or take linear."
            );
        if (options.RenewEvery < 1 || options.Epochs < 1 || options.Parts < 1)
            throw new ArgumentException("renew-every, epochs and parts: each should be at least 1.");
        if (!(options.Length > 0))
            throw new ArgumentException($"length: is {options.Length}; it should be above 0.");
    }

    /// <inheritdoc/>
    public override (Following, int) Reference => (_o.Reference, _o.RenewEvery);

    /// <inheritdoc/>
    public override double KeepAt(double progress) =>
        1
        - Schedule.At(
            _o.KeepEnd is null ? Curve.Constant : Curve.Geometric,
            1 - _o.Keep,
            1 - (_o.KeepEnd ?? 0),
            progress
        );

    /// <inheritdoc/>
    public override double Value => _o.Value;

    /// <inheritdoc/>
    public override int Epochs => _o.Epochs;

    /// <inheritdoc/>
    public override int Parts => _o.Parts;

    /// <inheritdoc/>
    public override (float[] Policy, float[] Regulariser) Shares(TokenTable tokens)
    {
        var policy = new float[tokens.Count];
        var batch = tokens.Batch;
        for (var t = 0; t < policy.Length; t++)
            policy[t] = (float)(
                1
                / (
                    _o.Normalise switch
                    {
                        Normaliser.PerGame => Math.Max(1, batch.Games),
                        Normaliser.PerTrajectory => Math.Max(1, batch.Trajectories),
                        Normaliser.PerToken => tokens.Count,
                        Normaliser.PerReply => (double)batch.Rows.Length * batch.Rows[tokens.Row[t]].Tokens.Length,
                        _ => batch.Rows.Length * _o.Length,
                    }
                )
            );
        if (_o.Positions == Positions.Sum)
            return (Masked(policy), policy);
        var lengths = new Dictionary<int, int>();
        foreach (var trajectory in tokens.Trajectory)
            lengths[trajectory] = lengths.GetValueOrDefault(trajectory) + 1;
        var mean = new float[tokens.Count];
        for (var t = 0; t < mean.Length; t++)
            mean[t] = 1f / (lengths.Count * lengths[tokens.Trajectory[t]]);
        return (Masked(policy), mean);

        float[] Masked(float[] all) =>
            _o.MaskTruncated ? [.. all.Select((share, t) => batch.Rows[tokens.Row[t]].Truncated ? 0 : share)] : all;
    }

    /// <inheritdoc/>
    public sealed override LossTerms Compute(LossInputs inputs)
    {
        var (loss, clipped) = Policy(inputs);
        var coefficient =
            Schedule.At(_o.EntropySchedule, _o.Entropy, _o.EntropyEnd, inputs.Progress)
            * inputs.Table.Batch.Settings.Entropy;
        // What is only looked at needs no gradient.
        var decisions =
            coefficient != 0 || _o.EntropyBand != 0 || (_o.Kl != 0 && _o.KlForm == KlForm.Exact)
                ? inputs.Decisions
                : inputs.Decisions.detach();
        var probabilities = decisions.exp();
        var entropy = -(probabilities * decisions).sum(-1);
        if (coefficient != 0)
            loss = loss - entropy.dot(inputs.DecisionShares).Times(coefficient);
        if (_o.EntropyBand != 0)
        {
            var outside = (-entropy).Plus(_o.EntropyLow).AtLeast(0).Plus(entropy.Plus(-_o.EntropyHigh).AtLeast(0));
            loss = loss.Plus(outside.dot(inputs.DecisionShares).Times(_o.EntropyBand));
        }
        Tensor? kl = null;
        if (inputs.Reference is not null)
        {
            kl = (probabilities * (decisions - inputs.Reference)).sum(-1);
            if (_o.Kl != 0)
                loss = loss.Plus(
                    (
                        _o.KlForm == KlForm.Exact
                            ? kl.dot(inputs.DecisionShares)
                            : Estimate(inputs.ReferenceLogs! - inputs.LogProbs).dot(inputs.Shares)
                    ).Times(_o.Kl)
                );
        }
        return new LossTerms(loss, entropy.detach(), kl?.detach(), clipped);
    }

    /// <summary>The policy term, and 1 for each token whose ratio left the clip band.</summary>
    protected abstract (Tensor Loss, Tensor? Clipped) Policy(LossInputs inputs);

    private Tensor Estimate(Tensor d) =>
        _o.KlForm switch
        {
            KlForm.K1 => -d,
            KlForm.K2 => (d * d).Over(2),
            _ => d.expm1() - d,
        };
}
