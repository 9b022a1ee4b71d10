// Ratings of players from the outcomes of their games. Pure numbers; knows no game and no policy.
namespace AgentArena.Learning;

/// <summary>
/// Elo's rating: expected score 1 / (1 + 10^((r' - r) / 400)), r moves by k (score - expected) (Elo 1978).
/// </summary>
public static class Elo
{
    /// <summary>Where everybody begins.</summary>
    public const double Start = 1500;

    /// <summary>The score that <paramref name="rating"/> is expected to make against another.</summary>
    public static double Expected(double rating, double other) => 1 / (1 + Math.Pow(10, (other - rating) / 400));

    /// <summary>Both ratings after a game of which the first made <paramref name="score"/> (1, 0.5 or 0).</summary>
    public static (double First, double Second) Update(double first, double second, double score, double k)
    {
        var moved = k * (score - Expected(first, second));
        return (first + moved, second - moved);
    }
}

/// <summary>A belief about a player's skill.</summary>
/// <param name="Mean">mu.</param>
/// <param name="Deviation">sigma.</param>
public readonly record struct Skill(double Mean, double Deviation)
{
    /// <summary>Where everybody begins: 25, 25/3.</summary>
    public static Skill Start => new(25, 25.0 / 3);

    /// <summary>A skill the player has with near certainty: mu - 3 sigma.</summary>
    public double Least => Mean - 3 * Deviation;
}

/// <summary>
/// TrueSkill for two players (Herbrich, Minka and Graepel 2006): beta = 25/6, tau = 25/300, one step of expectation
/// propagation.
/// </summary>
public static class TrueSkill
{
    private const double Beta = 25.0 / 6,
        Tau = 25.0 / 300;

    /// <summary>Both skills after a game.</summary>
    /// <param name="first">One player.</param>
    /// <param name="second">The other.</param>
    /// <param name="score">1 where the first won, 0.5 for a draw, 0 where it lost.</param>
    /// <param name="draws">How often equals draw; it sets the margin that counts as a draw.</param>
    public static (Skill First, Skill Second) Update(Skill first, Skill second, double score, double draws = 0.1)
    {
        if (score == 0)
        {
            var (winner, loser) = Update(second, first, 1, draws);
            return (loser, winner);
        }
        var (a, b) = (first.Deviation * first.Deviation + Tau * Tau, second.Deviation * second.Deviation + Tau * Tau);
        var c = Math.Sqrt(2 * Beta * Beta + a + b);
        var margin = Quantile((draws + 1) / 2) * Math.Sqrt(2) * Beta / c;
        var t = (first.Mean - second.Mean) / c;
        double v,
            w;
        if (score == 1)
        {
            v = Density(t - margin) / Math.Max(Cumulative(t - margin), 1e-300);
            w = v * (v + t - margin);
        }
        else
        {
            var mass = Math.Max(Cumulative(margin - t) - Cumulative(-margin - t), 1e-300);
            v = (Density(-margin - t) - Density(margin - t)) / mass;
            w = v * v + ((margin - t) * Density(margin - t) + (margin + t) * Density(-margin - t)) / mass;
        }
        return (
            new(first.Mean + a / c * v, Math.Sqrt(a * (1 - a / (c * c) * w))),
            new(second.Mean - b / c * v, Math.Sqrt(b * (1 - b / (c * c) * w)))
        );
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>
    /// The standard normal distribution below <paramref name="x"/>: a series near 0, a continued fraction beyond 3.
    /// </summary>
    public static double Cumulative(double x)
    {
        if (x < -3)
            return Tail(-x);
        if (x > 3)
            return 1 - Tail(x);
        double term = x,
            sum = x;
        for (var n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum) && n < 200; n++)
            sum += term *= x * x / (2 * n + 1);
        return 0.5 + Density(x) * sum;

        static double Tail(double y)
        {
            var fraction = 0.0;
            for (var n = 60; n > 0; n--)
                fraction = n / (y + fraction);
            return Density(y) / (y + fraction);
        }
    }

    // The point below which a standard normal lies with this probability, by bisection: used once an update, exact
    // enough.
    private static double Quantile(double probability)
    {
        double low = -10,
            high = 10;
        for (var i = 0; i < 80; i++)
        {
            var middle = (low + high) / 2;
            if (Cumulative(middle) < probability)
                low = middle;
            else
                high = middle;
        }
        return (low + high) / 2;
    }
}
