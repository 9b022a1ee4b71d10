// Reinforce-Ada's estimate: statistics of all that was drawn for a task, learning from a small balanced part of it.
namespace AgentArena.Learning;

/// <summary>
/// A = (r - mu) / (sigma + epsilon) with mu and sigma of all of a group's samples; only K of them are learned from,
/// half of them right ones if there are, the rest filled from the other class in order of (game, seat); the others
/// weigh 0 (Reinforce-Ada, Xiong et al. 2025, arXiv 2510.04996).
/// </summary>
public sealed class GlobalStatistics(GlobalStatistics.Options options) : GroupAdvantage(options)
{
    /// <summary>Options of <see cref="GlobalStatistics"/>.</summary>
    public sealed record Options : GroupOptions
    {
        /// <summary>Samples of a group that are learned from; 0 for all.</summary>
        public int Keep { get; init; } = 4;

        /// <summary>Rewards above this are right.</summary>
        public double Positive { get; init; } = 0.7;

        /// <summary>Whether the deviation divides.</summary>
        public bool Normalise { get; init; } = true;

        /// <summary>Added to the deviation.</summary>
        public double Epsilon { get; init; } = 1e-6;
    }

    /// <inheritdoc/>
    protected override double[][] Compare(IReadOnlyList<Compared> groups) =>
        [
            .. groups.Select(g =>
            {
                var (mean, scale) = (g.Mean, options.Normalise ? g.Deviation + options.Epsilon : 1);
                var kept = Kept(g.Scores);
                return g.Scores.Select((r, i) => kept.Contains(i) ? (r - mean) / scale : 0).ToArray();
            }),
        ];

    private HashSet<int> Kept(double[] scores)
    {
        var all = Enumerable.Range(0, scores.Length);
        if (options.Keep <= 0 || options.Keep >= scores.Length)
            return [.. all];
        var (right, wrong) = (
            all.Where(i => scores[i] > options.Positive).ToArray(),
            all.Where(i => scores[i] <= options.Positive).ToArray()
        );
        var positives = Math.Min(right.Length, Math.Max(options.Keep / 2, options.Keep - wrong.Length));
        return [.. right.Take(positives), .. wrong.Take(options.Keep - positives)];
    }
}
