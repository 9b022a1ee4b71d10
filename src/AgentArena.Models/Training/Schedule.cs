// How a coefficient moves over a run of known length. Knows the share of updates made, never the clock.
namespace AgentArena.Models.Training;

/// <summary>Shape of a schedule.</summary>
public enum Curve
{
    /// <summary>Stays at its start.</summary>
    Constant,

    /// <summary>A straight line from start to end.</summary>
    Linear,

    /// <summary>Half a cosine from start to end.</summary>
    Cosine,

    /// <summary>A parabola that arrives at the end without slope.</summary>
    Quadratic,

    /// <summary>
    /// The same factor for each share of the run; start and end must have one sign, and neither may be 0.
    /// </summary>
    Geometric,
}

/// <summary>Values along a run.</summary>
public static class Schedule
{
    /// <summary>The value at <paramref name="progress"/> in [0, 1]; beyond the end it stays at the end.</summary>
    public static double At(Curve curve, double start, double end, double progress)
    {
        var share = Math.Clamp(progress, 0, 1);
        return curve switch
        {
            Curve.Constant => start,
            Curve.Linear => start + (end - start) * share,
            Curve.Cosine => end + (start - end) * 0.5 * (1 + Math.Cos(Math.PI * share)),
            Curve.Quadratic => end + (start - end) * (1 - share) * (1 - share),
            Curve.Geometric => start * Math.Pow(end / start, share),
            _ => throw new ArgumentOutOfRangeException(nameof(curve)),
        };
    }
}
