// BNPO: a group's accuracy is divided by a Beta density that the whole batch's accuracies were fitted with.
namespace AgentArena.Learning;

/// <summary>
/// A = (r - p) * min(1 / Beta(p; alpha, beta), most), p the group's mean reward in [0, 1]. With m and v mean and
/// variance of p over the batch: a = (m(1 - m)/v - 1) m, b = (m(1 - m)/v - 1)(1 - m), alpha = max(1, 1 + a/3), beta =
/// max(1, 1 + b/3) (BNPO, Xiao et al. 2025, arXiv 2506.02864). A batch of one group, or of equal accuracies, has no
/// spread to fit: the density is flat and A = r - p.
/// </summary>
public sealed class BetaNormalised(BetaNormalised.Options options) : GroupAdvantage(options)
{
    /// <summary>Options of <see cref="BetaNormalised"/>.</summary>
    public sealed record Options : GroupOptions
    {
        /// <summary>The largest factor.</summary>
        public double Most { get; init; } = 1e6;
    }

    /// <inheritdoc/>
    protected override double[][] Compare(IReadOnlyList<Compared> groups)
    {
        var rates = groups.Select(g => g.Scores.Average()).ToArray();
        if (rates.FirstOrDefault(p => p is < 0 or > 1, 0.5) is var odd and (< 0 or > 1))
            throw new InvalidOperationException(
                $"bnpo: a group's mean reward is {odd}. It should be a share of right answers, from 0 to 1. Give right answers 1 and wrong ones 0, or take grpo."
            );
        var (alpha, beta) = Fit(rates);
        return
        [
            .. groups.Select(
                (g, i) =>
                {
                    var factor = Math.Min(1 / Density(rates[i], alpha, beta), options.Most);
                    return Array.ConvertAll(g.Scores, r => (r - rates[i]) * factor);
                }
            ),
        ];
    }

    /// <summary>The density's parameters for these accuracies.</summary>
    public static (double Alpha, double Beta) Fit(double[] rates)
    {
        if (rates.Length < 2)
            return (1, 1);
        var mean = rates.Average();
        var variance = rates.Sum(p => (p - mean) * (p - mean)) / (rates.Length - 1);
        if (variance < 1e-12)
            return (1, 1);
        var size = mean * (1 - mean) / variance - 1;
        return (Math.Max(1, 1 + size * mean / 3), Math.Max(1, 1 + size * (1 - mean) / 3));
    }

    /// <summary>The Beta density at p.</summary>
    public static double Density(double p, double alpha, double beta) =>
        Math.Pow(p, alpha - 1)
        * Math.Pow(1 - p, beta - 1)
        * Math.Exp(LogGamma(alpha + beta) - LogGamma(alpha) - LogGamma(beta));

    // Stirling's series, after the recurrence has brought x above 10: exact to 1e-11.
    private static double LogGamma(double x)
    {
        var below = 0.0;
        for (; x < 10; x++)
            below += Math.Log(x);
        var (inverse, square) = (1 / x, 1 / (x * x));
        return (x - 0.5) * Math.Log(x)
            - x
            + 0.5 * Math.Log(2 * Math.PI)
            + inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)))
            - below;
    }
}
