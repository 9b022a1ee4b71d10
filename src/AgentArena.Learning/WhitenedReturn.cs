// REINFORCE++ and its kin: each token's return to go, brought to mean 0 and deviation 1 over the tokens it is compared
// with.
using AgentArena.Core.Learning;

namespace AgentArena.Learning;

/// <summary>
/// G_t = r_t + gamma G_{t+1} over a trajectory's tokens, the reward at the last one and credits at the last of theirs;
/// A_t = (G_t - mean) / sqrt(variance + epsilon) over all tokens of the batch (REINFORCE++, Hu et al. 2025, arXiv
/// 2501.03262). With a group baseline the reward is centred within its group first (REINFORCE++-baseline). Per task and
/// role each game and role is whitened by itself (TRR++, Absolute Zero, arXiv 2505.03335; Multi-Agent Evolve, arXiv
/// 2510.23595).
/// </summary>
public sealed class WhitenedReturn(WhitenedReturn.Options options) : Advantage
{
    /// <summary>Options of <see cref="WhitenedReturn"/>: those of REINFORCE++.</summary>
    public record Options
    {
        /// <summary>Discount of a token.</summary>
        public double Gamma { get; init; } = 1;

        /// <summary>Added to the variance.</summary>
        public double Epsilon { get; init; } = 1e-8;

        /// <summary>Whether the reward is centred within its group first (a sample alone stays as it is).</summary>
        public bool GroupBaseline { get; init; }

        /// <summary>Whether each game and role is whitened by itself.</summary>
        public bool PerRole { get; init; }
    }

    /// <summary>Centred within groups first.</summary>
    public sealed record WithGroups : Options
    {
        /// <summary>The source's settings.</summary>
        public WithGroups() => GroupBaseline = true;
    }

    /// <summary>Each game and role by itself.</summary>
    public sealed record PerTask : Options
    {
        /// <summary>The source's settings.</summary>
        public PerTask() => PerRole = true;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<float[][]> Weigh(IReadOnlyList<Trajectory> batch)
    {
        var means = options.GroupBaseline
            ? batch
                .Where(t => !double.IsNaN(t.Reward))
                .GroupBy(t => t.Compared)
                .ToDictionary(g => g.Key, g => g.Count() > 1 ? g.Average(t => t.Reward) : 0)
            : null;
        var returns = batch
            .Select(t => Returns(t, double.IsNaN(t.Reward) ? 0 : t.Reward - (means is null ? 0 : means[t.Compared])))
            .ToArray();
        var all = new float[batch.Count][][];
        foreach (
            var together in Enumerable
                .Range(0, batch.Count)
                .GroupBy(i => options.PerRole ? (batch[i].Game, batch[i].Role) : default)
        )
        {
            double count = 0,
                sum = 0,
                squares = 0;
            foreach (var i in together)
                if (!double.IsNaN(batch[i].Reward))
                    foreach (var g in returns[i].SelectMany(s => s))
                        (count, sum) = (count + 1, sum + g);
            var mean = count > 0 ? sum / count : 0;
            foreach (var i in together)
                if (!double.IsNaN(batch[i].Reward))
                    foreach (var g in returns[i].SelectMany(s => s))
                        squares += (g - mean) * (g - mean);
            // One token has no deviation: its return stays as it is.
            var (centre, scale) = count > 1 ? (mean, Math.Sqrt(squares / (count - 1) + options.Epsilon)) : (0, 1);
            foreach (var i in together)
                all[i] = Array.ConvertAll(returns[i], s =>
                    Array.ConvertAll(s, g => double.IsNaN(batch[i].Reward) ? 0 : (float)((g - centre) / scale))
                );
        }
        return all;
    }

    private double[][] Returns(Trajectory trajectory, double reward)
    {
        var steps = trajectory.Steps.Select(s => new double[s.Said.Tokens.Length]).ToArray();
        if (Array.FindLast(steps, s => s.Length > 0) is { } last)
            last[^1] += reward;
        foreach (var credit in trajectory.Credits)
        {
            var (from, to) = trajectory.TokensOf(credit);
            if (to > from && !double.IsNaN(credit.Score))
                steps[credit.Step][to - 1] += credit.Score;
        }
        var next = 0.0;
        for (var s = steps.Length - 1; s >= 0; s--)
        for (var t = steps[s].Length - 1; t >= 0; t--)
            steps[s][t] = next = steps[s][t] + options.Gamma * next;
        return steps;
    }
}
