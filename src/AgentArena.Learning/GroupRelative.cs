// The group's mean as a baseline, with and without its deviation, and leaving the own reward out.
namespace AgentArena.Learning;

/// <summary>
/// A_i = (r_i - mu) / (sigma + epsilon) with sigma the group's sample deviation (GRPO, Shao et al. 2024, arXiv
/// 2402.03300; epsilon and the treatment of a single sample, A = r / (1 + epsilon), are verl's). A group whose rewards
/// are equal weighs nothing.
/// </summary>
public sealed class GroupRelative(GroupRelative.Options options) : GroupAdvantage(options)
{
    /// <summary>Options of <see cref="GroupRelative"/>.</summary>
    public sealed record Options : GroupOptions
    {
        /// <summary>Added to the deviation.</summary>
        public double Epsilon { get; init; } = 1e-6;
    }

    /// <inheritdoc/>
    protected override double[][] Compare(IReadOnlyList<Compared> groups) =>
        [
            .. groups.Select(g =>
            {
                var (mean, deviation) = (g.Mean, g.Deviation);
                return Array.ConvertAll(g.Scores, r => (r - mean) / (deviation + options.Epsilon));
            }),
        ];
}

/// <summary>
/// A_i = r_i - mu: no division, hence no preference for groups nearly all right or all wrong (Dr.GRPO, Liu et al. 2025,
/// arXiv 2503.20783).
/// </summary>
public sealed class GroupCentred(GroupCentred.Options options) : GroupAdvantage(options)
{
    /// <summary>Options of <see cref="GroupCentred"/>.</summary>
    public sealed record Options : GroupOptions;

    /// <inheritdoc/>
    protected override double[][] Compare(IReadOnlyList<Compared> groups) =>
        [
            .. groups.Select(g =>
            {
                var mean = g.Mean;
                return Array.ConvertAll(g.Scores, r => r - mean);
            }),
        ];
}

/// <summary>
/// A_i = r_i - mean of the others = G / (G - 1) * (r_i - mu), unbiased since the baseline knows nothing of r_i; A = r
/// where G is 1 (RLOO, Ahmadian et al. 2024, arXiv 2402.14740).
/// </summary>
public sealed class LeaveOneOut(LeaveOneOut.Options options) : GroupAdvantage(options)
{
    /// <summary>Options of <see cref="LeaveOneOut"/>.</summary>
    public sealed record Options : GroupOptions;

    /// <inheritdoc/>
    protected override double[][] Compare(IReadOnlyList<Compared> groups) =>
        [
            .. groups.Select(g =>
            {
                var sum = g.Scores.Sum();
                var others = g.Scores.Length - 1;
                return Array.ConvertAll(g.Scores, r => others == 0 ? r : r - (sum - r) / others);
            }),
        ];
}
