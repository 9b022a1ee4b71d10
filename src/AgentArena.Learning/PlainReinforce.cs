// REINFORCE with the baselines that need no memory: a number, or the batch's own mean.
using AgentArena.Core.Learning;

namespace AgentArena.Learning;

/// <summary>
/// A = R - b, b a fixed number or the batch's mean of R per game and role (Williams 1992). The batch's mean holds the
/// own reward too: A shrinks by 1/n, its direction stays.
/// </summary>
public sealed class PlainReinforce(PlainReinforce.Options options) : Advantage
{
    /// <summary>What rewards are compared with.</summary>
    public enum Against
    {
        /// <summary>A number.</summary>
        Fixed,

        /// <summary>The mean of the batch's rewards of the same game and role.</summary>
        BatchMean,
    }

    /// <summary>Options of <see cref="PlainReinforce"/>.</summary>
    public sealed record Options
    {
        /// <summary>What rewards are compared with.</summary>
        public Against Baseline { get; init; } = Against.Fixed;

        /// <summary>The fixed baseline.</summary>
        public double Value { get; init; }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<float[][]> Weigh(IReadOnlyList<Trajectory> batch)
    {
        var means =
            options.Baseline == Against.Fixed
                ? null
                : batch
                    .Where(t => !double.IsNaN(t.Reward))
                    .GroupBy(t => (t.Game, t.Role))
                    .ToDictionary(g => g.Key, g => g.Average(t => t.Reward));
        return
        [
            .. batch.Select(t =>
                Spread(
                    t,
                    double.IsNaN(t.Reward) ? 0 : t.Reward - (means is null ? options.Value : means[(t.Game, t.Role)])
                )
            ),
        ];
    }
}
