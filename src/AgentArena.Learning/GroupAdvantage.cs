// What all advantages that compare a group's members share: who is compared with whom, and where the result is laid.
using AgentArena.Core.Learning;

namespace AgentArena.Learning;

/// <summary>Options of every advantage within groups.</summary>
public abstract record GroupOptions
{
    /// <summary>
    /// Whether the k-th credits of a group's members are compared too; the result is added to the weights of the
    /// credits' tokens.
    /// </summary>
    public bool Credits { get; init; }
}

/// <summary>
/// Compares trajectories that answered the same task: those of one group, game and role, so that roles never mix.
/// Scores are the rewards and, where credits are on, in a comparison of its own for each k, the k-th credits.
/// </summary>
public abstract class GroupAdvantage(GroupOptions options) : Advantage
{
    /// <summary>The scores of one group's members in order of (game, seat).</summary>
    /// <param name="Number">The group's number, as <see cref="Trajectory.Group"/>.</param>
    /// <param name="Scores">One score a member.</param>
    public sealed record Compared(long Number, double[] Scores)
    {
        /// <summary>Mean of the scores; 0 for a member alone, who has nobody to be compared with.</summary>
        public double Mean => Scores.Length > 1 ? Scores.Average() : 0;

        /// <summary>Sample deviation of the scores; 1 for a member alone.</summary>
        public double Deviation =>
            Scores.Length > 1 ? Math.Sqrt(Scores.Sum(s => (s - Mean) * (s - Mean)) / (Scores.Length - 1)) : 1;
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<float[][]> Weigh(IReadOnlyList<Trajectory> batch)
    {
        var all = batch.Select(t => Spread(t, 0)).ToArray();
        var groups = Enumerable
            .Range(0, batch.Count)
            .GroupBy(i => batch[i].Compared)
            .Select(g => (g.Key.Group, Members: g.ToArray()))
            .ToArray();
        Lay([
            .. groups.Select(g =>
                (
                    g.Group,
                    g.Members.Where(i => !double.IsNaN(batch[i].Reward))
                        .Select(i => new Part(i, null, batch[i].Reward))
                        .ToArray()
                )
            ),
        ]);
        if (!options.Credits)
            return all;
        var most = batch.Count == 0 ? 0 : batch.Max(t => t.Credits.Length);
        for (var k = 0; k < most; k++)
            Lay([
                .. groups.Select(g =>
                    (
                        g.Group,
                        g.Members.Where(i => batch[i].Credits.Length > k && !double.IsNaN(batch[i].Credits[k].Score))
                            .Select(i => new Part(i, batch[i].Credits[k], batch[i].Credits[k].Score))
                            .ToArray()
                    )
                ),
            ]);
        return all;

        void Lay((long Number, Part[] Parts)[] parts)
        {
            parts = [.. parts.Where(p => p.Parts.Length > 0)];
            if (parts.Length == 0)
                return;
            var results = Compare([.. parts.Select(p => new Compared(p.Number, [.. p.Parts.Select(m => m.Score)]))]);
            for (var g = 0; g < parts.Length; g++)
            for (var m = 0; m < parts[g].Parts.Length; m++)
            {
                var (member, credit, _) = parts[g].Parts[m];
                var weight = (float)results[g][m];
                if (credit is { } of)
                {
                    var (from, to) = batch[member].TokensOf(of);
                    for (var t = from; t < to; t++)
                        all[member][of.Step][t] += weight;
                }
                else
                {
                    foreach (var step in all[member])
                        for (var t = 0; t < step.Length; t++)
                            step[t] += weight;
                }
            }
        }
    }

    /// <summary>One result a score, in the same shape.</summary>
    protected abstract double[][] Compare(IReadOnlyList<Compared> groups);

    private readonly record struct Part(int Member, Credit? Credit, double Score);
}
