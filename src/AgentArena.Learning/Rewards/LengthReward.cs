// Rewards of brevity. Knows how long a seat spoke and how another reward scored it.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// By L, the tokens of a seat's replies together. Linear: R = −L/max, at least −1. Over-long (DAPO, arXiv 2503.14476):
/// 0 up to max − buffer, then falling in a line to −1 at max. Cosine (arXiv 2502.03373): from <c>right-short</c> at 0
/// to <c>right-long</c> at max where <c>of</c> scores at least ½, else from <c>wrong-short</c> to <c>wrong-long</c>,
/// along (1 + cos(π·L/max))/2; <c>beyond</c> from max on. Group (Kimi k1.5, arXiv 2501.12599): λ = ½ − (L − min)/(max −
/// min) with the shortest and longest of the seats of one role; R = λ where right, else min(0, λ); 0 where all are as
/// long. A seat that no model spoke for is not spoken of.
/// </summary>
public sealed class LengthReward : Reward
{
    /// <summary>How length becomes a reward.</summary>
    public enum Kind
    {
        /// <summary>A line from 0 to −1.</summary>
        Linear,

        /// <summary>Only the last stretch costs.</summary>
        OverLong,

        /// <summary>Half a cosine, one for right and one for wrong replies.</summary>
        Cosine,

        /// <summary>Against the other seats of the role.</summary>
        Group,
    }

    /// <summary>Options of <see cref="LengthReward"/>; lengths are DAPO's, the cosine's values its paper's.</summary>
    public sealed record Options
    {
        /// <summary>How length becomes a reward.</summary>
        public Kind Form { get; init; } = Kind.OverLong;

        /// <summary>The most tokens.</summary>
        public int Max { get; init; } = 20480;

        /// <summary>Over-long: the stretch before max that costs.</summary>
        public int Buffer { get; init; } = 4096;

        /// <summary>Cosine and group: the reward that says whether a reply is right.</summary>
        public Plugin Of { get; init; } = new("outcome");

        /// <summary>Cosine: right, and no tokens.</summary>
        public double RightShort { get; init; } = 2;

        /// <summary>Cosine: right, at max.</summary>
        public double RightLong { get; init; } = 1;

        /// <summary>Cosine: wrong, and no tokens.</summary>
        public double WrongShort { get; init; } = -10;

        /// <summary>Cosine: wrong, at max.</summary>
        public double WrongLong { get; init; }

        /// <summary>Cosine: at max and beyond.</summary>
        public double Beyond { get; init; } = -10;
    }

    private readonly Options _options;
    private readonly Reward? _of;

    /// <exception cref="ArgumentException">A length is not positive, or the buffer exceeds it.</exception>
    public LengthReward(Options options, Catalog catalog)
    {
        if (options.Max < 1)
            throw new ArgumentException($"max is {options.Max}; it should be 1 or more.");
        if (options.Form == Kind.OverLong && (options.Buffer < 1 || options.Buffer > options.Max))
            throw new ArgumentException($"buffer is {options.Buffer}; it should be between 1 and max ({options.Max}).");
        _options = options;
        _of = options.Form is Kind.Cosine or Kind.Group ? catalog.Rewards.Create(options.Of, "of") : null;
    }

    /// <inheritdoc/>
    protected override IEnumerable<Reward> Parts => _of is null ? [] : [_of];

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = SeatsOf.Silent(episode);
        var right = _of?.Score(episode);
        var lengths = new int?[scores.Length];
        for (var seat = 0; seat < scores.Length; seat++)
            if (Reply.Of(episode, seat).Where(r => r.Said is not null).ToArray() is { Length: > 0 } said)
                lengths[seat] = said.Sum(r => r.Said!.Tokens.Length);
        for (var seat = 0; seat < scores.Length; seat++)
            if (lengths[seat] is { } length && (right is null || !double.IsNaN(right[seat])))
                scores[seat] =
                    _options.Form == Kind.Group
                        ? Among(episode, lengths, seat, right![seat] >= 0.5)
                        : Alone(length, right?[seat] >= 0.5);
        return scores;
    }

    private double Alone(int length, bool right)
    {
        double max = _options.Max;
        switch (_options.Form)
        {
            case Kind.Linear:
                return -Math.Min(1, length / max);
            case Kind.OverLong:
                return Math.Clamp((max - _options.Buffer - length) / _options.Buffer, -1, 0);
        }
        if (length >= max)
            return _options.Beyond;
        var (from, to) = right ? (_options.RightShort, _options.RightLong) : (_options.WrongShort, _options.WrongLong);
        return to + (from - to) * (1 + Math.Cos(Math.PI * length / max)) / 2;
    }

    private static double Among(Episode episode, int?[] lengths, int seat, bool right)
    {
        var others = SeatsOf
            .Role(episode, episode.Game.Facts.Roles[seat])
            .Where(s => lengths[s] is not null)
            .Select(s => lengths[s]!.Value)
            .ToArray();
        var (min, max) = (others.Min(), others.Max());
        if (max == min)
            return 0;
        var lambda = 0.5 - (double)(lengths[seat]!.Value - min) / (max - min);
        return right ? lambda : Math.Min(0, lambda);
    }
}
