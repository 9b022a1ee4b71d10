// What judges at the table said of others, as their reward. Knows scores and whom they are of, never why.
using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Games.Answers;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// R of a judged seat = mean over the judges' verdicts on it. Point and rubric: v = clip((score − low) / (high − low),
/// 0, 1), a rubric's points added or averaged by <c>weights</c> first. Pair: +1 to the one that was named (A or 1 is
/// the first), −1 to the others; with
/// <c>swapped</c> every second verdict saw them in the opposite order. The scores of all judge moves in order go round
/// the judged seats: one judge for each, one judge for all, and several rounds of either are all covered. Scale 1 to 10
/// as in Multi-Agent Evolve (arXiv 2510.23595), which gives 0.5 where nothing can be read; here such a verdict counts
/// for nobody unless <c>missing</c> is set. With <c>opposite</c> R = 1 − v, for whoever tried to show that the judged
/// one is wrong (CoMAS, arXiv 2510.08529: low 1, high 3).
/// </summary>
public sealed class JudgeScore : Reward
{
    /// <summary>What a verdict is.</summary>
    public enum Kind
    {
        /// <summary>A score of one seat.</summary>
        Point,

        /// <summary>Several scores of one seat, in one move.</summary>
        Rubric,

        /// <summary>The better one of all seats.</summary>
        Pair,
    }

    /// <summary>Options of <see cref="JudgeScore"/>.</summary>
    public sealed record Options
    {
        /// <summary>The role that judges.</summary>
        public string Judge { get; init; } = "judge";

        /// <summary>The role whose seats are judged, in seat order.</summary>
        public string Of { get; init; } = "solver";

        /// <summary>
        /// The role that gets the reward; the judged one where unset. Its k-th seat answers for the k-th judged one.
        /// </summary>
        public string? To { get; init; }

        /// <summary>What a verdict is.</summary>
        public Kind Form { get; init; } = Kind.Point;

        /// <summary>The tag around a score; the last number counts where it is absent.</summary>
        public string Tag { get; init; } = "score";

        /// <summary>The score worth 0.</summary>
        public double Low { get; init; } = 1;

        /// <summary>The score worth 1.</summary>
        public double High { get; init; } = 10;

        /// <summary>Rubric: weight of each point, in order; all alike where empty.</summary>
        public ImmutableArray<double> Weights { get; init; } = [];

        /// <summary>Pair: whether every second verdict was asked with the seats in the opposite order.</summary>
        public bool Swapped { get; init; }

        /// <summary>Whether the reward is 1 − v.</summary>
        public bool Opposite { get; init; }

        /// <summary>The value of a verdict that cannot be read; where unset it counts for nobody.</summary>
        public double? Missing { get; init; }
    }

    private readonly Options _options;

    /// <exception cref="ArgumentException">The scale has no width.</exception>
    public JudgeScore(Options options)
    {
        if (options.High <= options.Low)
            throw new ArgumentException($"high is {options.High} and low {options.Low}; high should be above low.");
        _options = options;
    }

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = SeatsOf.Silent(episode);
        var judged = SeatsOf.Role(episode, _options.Of);
        var paid = _options.To is { } to ? SeatsOf.Role(episode, to) : judged;
        if (judged.Length == 0)
            return scores;
        var values = new List<double>[judged.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = [];
        var next = 0;
        foreach (var text in Verdicts(episode))
            if (_options.Form == Kind.Pair)
                Pair(text, next++, values);
            else
                foreach (var value in Read(text))
                    Add(values[next++ % judged.Length], value);
        for (var i = 0; i < Math.Min(paid.Length, judged.Length); i++)
            if (values[i].Count > 0)
                scores[paid[i]] = _options.Opposite ? 1 - values[i].Average() : values[i].Average();
        return scores;
    }

    // In the order of turns, so that judges who answered at once count in seat order whoever was first.
    private IEnumerable<string> Verdicts(Episode episode) =>
        SeatsOf
            .Role(episode, _options.Judge)
            .SelectMany(seat => Reply.Moves(episode, seat))
            .OrderBy(r => r.Turn)
            .Select(r => r.Move!);

    private IEnumerable<double> Read(string text)
    {
        var points = ScoreText.Scores(text, _options.Tag);
        if (_options.Form == Kind.Point)
            return points.Count == 0 ? [double.NaN] : points.Select(Value);
        var weights = _options.Weights;
        if (points.Count == 0 || !weights.IsEmpty && points.Count != weights.Length)
            return [double.NaN];
        return [Value(weights.IsEmpty ? points.Average() : points.Zip(weights, (p, w) => p * w).Sum())];
    }

    private double Value(double score) => Math.Clamp((score - _options.Low) / (_options.High - _options.Low), 0, 1);

    private void Add(List<double> to, double value)
    {
        if (!double.IsNaN(value))
            to.Add(value);
        else if (_options.Missing is { } missing)
            to.Add(missing);
    }

    private void Pair(string text, int verdict, List<double>[] values)
    {
        var best = Named(text.Trim(), values.Length);
        if (best is { } b && _options.Swapped && verdict % 2 == 1)
            best = values.Length - 1 - b;
        for (var i = 0; i < values.Length; i++)
            Add(
                values[i],
                best is { } named
                    ? i == named
                        ? 1
                        : -1
                    : double.NaN
            );
    }

    private int? Named(string text, int count)
    {
        var given = ScoreText.Tagged(text, _options.Tag).LastOrDefault()?.Trim() ?? text;
        var index =
            given.Length == 1 && char.IsAsciiLetter(given[0]) ? char.ToUpperInvariant(given[0]) - 'A'
            : ScoreText.Numbers(given) is [.., var number] && number == Math.Floor(number) ? (int)number - 1
            : -1;
        return index >= 0 && index < count ? index : null;
    }
}
