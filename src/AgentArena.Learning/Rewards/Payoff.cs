// The game's own payoff as reward.
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>R = payoff × scale. With <c>scale = 1 / largest stake</c> coefficients carry over between games.</summary>
public sealed class Payoff(Payoff.Options options) : Reward
{
    /// <summary>Options of <see cref="Payoff"/>.</summary>
    public sealed record Options
    {
        /// <summary>Multiplies the payoff.</summary>
        public double Scale { get; init; } = 1;
    }

    /// <inheritdoc/>
    public override double[] Score(Episode episode) => [.. episode.Outcome!.Payoffs.Select(p => p * options.Scale)];
}
