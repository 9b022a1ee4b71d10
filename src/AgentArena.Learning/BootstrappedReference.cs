// BRPO: one answer of the group, drawn by lot, is what the others are compared with.
using AgentArena.Core;

namespace AgentArena.Learning;

/// <summary>
/// A_i = sign(r_i - r_ref), ref one member of the group drawn by lot (from the seed and the group's number, so that a
/// replay draws the same); no deviation. For scores that only order answers (BRPO of Writing-Zero, arXiv 2506.00103).
/// </summary>
public sealed class BootstrappedReference(BootstrappedReference.Options options) : GroupAdvantage(options)
{
    /// <summary>Options of <see cref="BootstrappedReference"/>.</summary>
    public sealed record Options : GroupOptions
    {
        /// <summary>Scores nearer to the reference's than this are as good as it.</summary>
        public double Margin { get; init; }

        /// <summary>Seed of the lots.</summary>
        public int Seed { get; init; }
    }

    /// <inheritdoc/>
    protected override double[][] Compare(IReadOnlyList<Compared> groups) =>
        [
            .. groups.Select(g =>
            {
                var reference = g.Scores[
                    new RandomStream(RandomStream.Derive((ulong)options.Seed, "bootstrapped-reference", g.Number)).Next(
                        g.Scores.Length
                    )
                ];
                return Array.ConvertAll(g.Scores, r =>
                    Math.Abs(r - reference) <= options.Margin ? 0.0 : Math.Sign(r - reference)
                );
            }),
        ];
}
