// Negative-aware fine-tuning: wrong replies teach through the policy that would have been left if they were removed.
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Losses;

/// <summary>How much a task counts by the share q of right replies in its group.</summary>
public enum TaskWeight
{
    /// <summary>sqrt((1 - q) / q): on-policy the gradient is GRPO's.</summary>
    Grpo,

    /// <summary>1 - q: on-policy the gradient is that of r - mu.</summary>
    Centred,

    /// <summary>Every task alike.</summary>
    Even,
}

/// <summary>
/// Per token, with R = pi / pi_old: right replies -log R, wrong ones -log max(epsilon, (1 - q R) / (1 - q)), q the
/// share of right replies in the group, times the task's weight (NFT, Chen et al. 2025, arXiv 2505.18116; max lets the
/// gradient through). A reply is right where its weight is above 0: take advantage raw with rewards 1 and 0 or -1.
/// Groups all right or all wrong count for nothing.
/// </summary>
public sealed record NegativeAwareOptions : RegularisedOptions
{
    /// <summary>Means over replies.</summary>
    public NegativeAwareOptions() => Normalise = Normaliser.PerReply;

    /// <summary>Least likelihood ratio of what is left.</summary>
    public double Epsilon { get; init; } = 0.1;

    /// <summary>How much a task counts.</summary>
    public TaskWeight Weight { get; init; } = TaskWeight.Grpo;
}

/// <summary>NFT.</summary>
public sealed class NegativeAware : RegularisedLoss
{
    private readonly NegativeAwareOptions _o;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">Epsilon is not above 0.</exception>
    public NegativeAware(NegativeAwareOptions options)
        : base(options)
    {
        _o = options;
        if (!(options.Epsilon > 0))
            throw new ArgumentException(
                $"epsilon: is {options.Epsilon}; a logarithm is taken of it, so it should be above 0."
            );
    }

    /// <inheritdoc/>
    protected override (Tensor Loss, Tensor? Clipped) Policy(LossInputs inputs)
    {
        var table = inputs.Table;
        var accuracy = Enumerable
            .Range(0, table.Batch.Rows.Length)
            .GroupBy(r => table.Batch.Rows[r].Group)
            .ToDictionary(g => g.Key, g => g.Average(r => table.WeightOf(r) > 0 ? 1.0 : 0));
        double Q(int row) => accuracy[table.Batch.Rows[row].Group];
        bool Mixed(int row) => Q(row) is > 0 and < 1;
        var right = OfTokens(r => table.WeightOf(r) > 0 ? 1 : 0);
        var q = OfTokens(r => Mixed(r) ? Q(r) : 0.5);
        var factor = OfTokens(r =>
            !Mixed(r)
                ? 0
                : _o.Weight switch
                {
                    TaskWeight.Grpo => Math.Sqrt((1 - Q(r)) / Q(r)),
                    TaskWeight.Centred => 1 - Q(r),
                    _ => 1,
                }
        );
        var log = inputs.LogProbs - inputs.Recorded;
        var left = (-q * log.AtMost(30).exp()).Plus(1) / (-q).Plus(1);
        var held = (left - left.detach()).Plus(left.detach().AtLeast(_o.Epsilon));
        var cost = -(right * log).Plus((-right).Plus(1) * held.log()) * factor;
        return (cost.dot(inputs.Shares), right.Is(0).logical_and(left.detach().Below(_o.Epsilon)));

        Tensor OfTokens(Func<int, double> number) => inputs.OfRows(number).index_select(0, inputs.Replies);
    }
}
