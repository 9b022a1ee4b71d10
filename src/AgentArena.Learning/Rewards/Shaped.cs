// One reward, bent: scaled, clipped, differenced step by step, faded out. Knows nothing of what it bends.
using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// r ← clip(scale·r + shift, min, max) of the score and of each credit; with <c>delta</c> then c_k ← c_k − c_(k+1) of
/// the credits, the last staying as it is, so that they sum to the first and no number of idle steps adds anything;
/// with <c>steps</c> = T then r ← from·exp(−n/T)·r, n the version of the weights that said the seat's last reply, which
/// is the number of updates made when it was said and stands in the journal. Clip (shift = −η, max = 0) and delta:
/// arXiv 2410.15115; annealing: Trust-GRPO, arXiv 2505.17018.
/// </summary>
public sealed class Shaped : Reward
{
    /// <summary>Options of <see cref="Shaped"/>.</summary>
    public sealed record Options
    {
        /// <summary>What is bent.</summary>
        public required Plugin Of { get; init; }

        /// <summary>Multiplies it.</summary>
        public double Scale { get; init; } = 1;

        /// <summary>Added to it.</summary>
        public double Shift { get; init; }

        /// <summary>The least it may be.</summary>
        public double Min { get; init; } = double.MinValue;

        /// <summary>The most it may be.</summary>
        public double Max { get; init; } = double.MaxValue;

        /// <summary>Whether each credit becomes its difference to the next.</summary>
        public bool Delta { get; init; }

        /// <summary>Annealing: updates in which it falls to 1/e; 0 for none.</summary>
        public double Steps { get; init; }

        /// <summary>Annealing: the factor before the first update.</summary>
        public double From { get; init; } = 1;
    }

    private readonly Options _options;
    private readonly Reward _of;

    /// <exception cref="ArgumentException">Bounds that cross, or a negative time.</exception>
    public Shaped(Options options, Catalog catalog)
    {
        if (options.Min > options.Max)
            throw new ArgumentException($"min is {options.Min} and max {options.Max}; min should not be above max.");
        if (options.Steps < 0)
            throw new ArgumentException($"steps is {options.Steps}; it should be 0 or more.");
        (_options, _of) = (options, catalog.Rewards.Create(options.Of, "of"));
    }

    /// <inheritdoc/>
    protected override IEnumerable<Reward> Parts => [_of];

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = _of.Score(episode);
        for (var seat = 0; seat < scores.Length; seat++)
            scores[seat] = Fade(episode, seat) * Bend(scores[seat]);
        return scores;
    }

    /// <inheritdoc/>
    public override ImmutableArray<Credit> Credits(Episode episode, int seat)
    {
        var credits = _of.Credits(episode, seat);
        if (credits.IsEmpty)
            return credits;
        double[] bent = [.. credits.Select(c => Bend(c.Score))];
        var fade = Fade(episode, seat);
        return
        [
            .. credits.Select(
                (c, k) =>
                    c with
                    {
                        Score = fade * (bent[k] - (_options.Delta && k + 1 < bent.Length ? bent[k + 1] : 0)),
                    }
            ),
        ];
    }

    private double Bend(double score) =>
        double.IsNaN(score) ? score : Math.Clamp(_options.Scale * score + _options.Shift, _options.Min, _options.Max);

    private double Fade(Episode episode, int seat)
    {
        if (_options.Steps == 0)
            return 1;
        var version = Reply.Of(episode, seat).LastOrDefault(r => r.Said is not null)?.Said!.Version ?? 0;
        return _options.From * Math.Exp(-version / _options.Steps);
    }
}
