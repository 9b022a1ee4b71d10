// A figure that the rules measured beside the payoffs, as reward.
using System.Globalization;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>R = the outcome's measure <c>name/seat</c> × scale; nothing to say of seats that have none.</summary>
public sealed class MeasureReward(MeasureReward.Options options) : Reward
{
    /// <summary>Options of <see cref="MeasureReward"/>.</summary>
    public sealed record Options
    {
        /// <summary>The measure, without seat: <c>vote</c>, <c>gain</c>.</summary>
        public required string Measure { get; init; }

        /// <summary>Multiplies it.</summary>
        public double Scale { get; init; } = 1;
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Reads => [options.Measure];

    /// <inheritdoc/>
    public override double[] Score(Episode episode) =>
        [
            .. Enumerable
                .Range(0, episode.Game.Facts.Seats)
                .Select(seat =>
                    episode.Outcome!.Measures.TryGetValue(
                        string.Create(CultureInfo.InvariantCulture, $"{options.Measure}/{seat}"),
                        out var value
                    )
                        ? value * options.Scale
                        : double.NaN
                ),
        ];
}
