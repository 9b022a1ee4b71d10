// A reward that is wrong on purpose, now and then, to see what a learner owes to its being right. Knows nothing of it.
using AgentArena.Core;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// With probability <c>rate</c> a seat's reward is replaced: by low + high − r (flip), or by low or high alike (coin).
/// Drawn from (seed, game, seat), so that a game scored again is scored alike. The controls of "Reasoning or
/// Memorization?" (arXiv 2507.10532):
/// <c>rate = 1</c> is the inverted and the random reward, anything between a noisy one.
/// </summary>
public sealed class NoiseSwitch : Reward
{
    /// <summary>What a reward is replaced by.</summary>
    public enum Kind
    {
        /// <summary>Its opposite on the scale.</summary>
        Flip,

        /// <summary>Either end of the scale.</summary>
        Coin,
    }

    /// <summary>Options of <see cref="NoiseSwitch"/>.</summary>
    public sealed record Options
    {
        /// <summary>The true reward.</summary>
        public Plugin Of { get; init; } = new("outcome");

        /// <summary>How often it is replaced.</summary>
        public double Rate { get; init; } = 0.1;

        /// <summary>By what.</summary>
        public Kind Form { get; init; } = Kind.Flip;

        /// <summary>The scale's lower end.</summary>
        public double Low { get; init; }

        /// <summary>The scale's upper end.</summary>
        public double High { get; init; } = 1;

        /// <summary>Another seed, another noise.</summary>
        public long Seed { get; init; }
    }

    private readonly Options _options;
    private readonly Reward _of;

    /// <exception cref="ArgumentException">The rate is no probability.</exception>
    public NoiseSwitch(Options options, Catalog catalog)
    {
        if (options.Rate is not (>= 0 and <= 1))
            throw new ArgumentException($"rate is {options.Rate}; it should be between 0 and 1.");
        (_options, _of) = (options, catalog.Rewards.Create(options.Of, "of"));
    }

    /// <inheritdoc/>
    protected override IEnumerable<Reward> Parts => [_of];

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = _of.Score(episode);
        for (var seat = 0; seat < scores.Length; seat++)
        {
            var stream = new RandomStream(RandomStream.Derive((ulong)_options.Seed, "noise", episode.Number, seat));
            if (double.IsNaN(scores[seat]) || stream.NextDouble() >= _options.Rate)
                continue;
            scores[seat] =
                _options.Form == Kind.Flip ? _options.Low + _options.High - scores[seat]
                : stream.Next(2) == 0 ? _options.Low
                : _options.High;
        }
        return scores;
    }
}
