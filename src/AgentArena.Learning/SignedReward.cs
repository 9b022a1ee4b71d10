// Only the verdict counts: right answers and wrong ones have a fixed weight each.
using AgentArena.Core.Learning;

namespace AgentArena.Learning;

/// <summary>
/// A = positive where the reward is above the line, else negative (Zhu et al. 2025, arXiv 2506.01347): PSR (1, 0)
/// reinforces right samples only, NSR (0, -1) wrong ones only, W-REINFORCE (0.1, -1) both, right ones lightly.
/// </summary>
public sealed class SignedReward(SignedReward.Options options) : Advantage
{
    /// <summary>Options of <see cref="SignedReward"/>: those of W-REINFORCE.</summary>
    public record Options
    {
        /// <summary>Weight of right answers.</summary>
        public double Positive { get; init; } = 0.1;

        /// <summary>Weight of wrong answers.</summary>
        public double Negative { get; init; } = -1;

        /// <summary>Rewards above this are right.</summary>
        public double Above { get; init; }
    }

    /// <summary>Positive samples only.</summary>
    public sealed record PositiveOnly : Options
    {
        /// <summary>The source's weights.</summary>
        public PositiveOnly() => (Positive, Negative) = (1, 0);
    }

    /// <summary>Negative samples only.</summary>
    public sealed record NegativeOnly : Options
    {
        /// <summary>The source's weights.</summary>
        public NegativeOnly() => (Positive, Negative) = (0, -1);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<float[][]> Weigh(IReadOnlyList<Trajectory> batch) =>
        [
            .. batch.Select(t =>
                Spread(
                    t,
                    double.IsNaN(t.Reward) ? 0
                        : t.Reward > options.Above ? options.Positive
                        : options.Negative
                )
            ),
        ];
}
