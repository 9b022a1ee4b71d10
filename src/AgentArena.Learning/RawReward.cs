// The reward as it is: for losses that take its sign as a verdict, and for rewards that are centred already.
using AgentArena.Core.Learning;

namespace AgentArena.Learning;

/// <summary>A = R, spread over the reply's tokens.</summary>
public sealed class RawReward : Advantage
{
    /// <inheritdoc/>
    public override IReadOnlyList<float[][]> Weigh(IReadOnlyList<Trajectory> batch) =>
        [.. batch.Select(t => Spread(t, t.Reward))];
}
