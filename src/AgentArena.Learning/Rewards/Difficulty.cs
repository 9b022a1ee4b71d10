// What a proposer is paid for how hard its task was. Knows the solve rate that the rules measured, never the task.
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// R of the seats of <c>to</c> = novelty · f(s), s the outcome's measure (<c>solved</c> exact, <c>graded</c> in parts),
/// novelty another measure, 1 where it is not named. OneMinus 1 − s (SSP; best where nobody can). OneMinusZeroed: 1 −
/// s, but 0 at s = 0 and s = 1 (Absolute Zero). Parabola 4s(1 − s). Bell (4s(1 − s))^power (TTCS; 1.2). Triangle min(s,
/// 1 − s) (R-Zero's and Active-Zero's code). Tent 1 − 2|s − ½| (R-Zero's paper). Window: 1 where low ≤ s ≤ high (SvS
/// 0.125 to 0.625; R-Zero 0.3 to 0.8). Barely: 1 where low &lt; s &lt; high (STP 0 to ¼). Where measure <c>valid</c> is
/// 0 the reward is <c>invalid</c> instead (R-Zero −1); both measures may be had per seat, as <c>name/seat</c>. Nothing
/// is said where a game has no such measure, or the seat did not move.
/// </summary>
public sealed class Difficulty : Reward
{
    /// <summary>What a solve rate is worth.</summary>
    public enum Kind
    {
        /// <summary>1 − s.</summary>
        OneMinus,

        /// <summary>1 − s strictly between 0 and 1, else 0.</summary>
        OneMinusZeroed,

        /// <summary>4s(1 − s).</summary>
        Parabola,

        /// <summary>(4s(1 − s))^power.</summary>
        Bell,

        /// <summary>min(s, 1 − s).</summary>
        Triangle,

        /// <summary>1 − 2|s − ½|.</summary>
        Tent,

        /// <summary>1 within a closed window.</summary>
        Window,

        /// <summary>1 within an open one.</summary>
        Barely,
    }

    /// <summary>Options of <see cref="Difficulty"/>.</summary>
    public sealed record Options
    {
        /// <summary>What a solve rate is worth.</summary>
        public Kind Form { get; init; } = Kind.Parabola;

        /// <summary>The measure that is the solve rate.</summary>
        public string Measure { get; init; } = "solved";

        /// <summary>
        /// The measure that says whether the task is valid; one that is absent says nothing against it.
        /// </summary>
        public string Valid { get; init; } = "valid";

        /// <summary>The reward of a task that is not valid.</summary>
        public double Invalid { get; init; } = -1;

        /// <summary>A measure in [0, 1] that f(s) is multiplied by; none where empty.</summary>
        public string Novelty { get; init; } = "";

        /// <summary>The role that is paid.</summary>
        public string To { get; init; } = "proposer";

        /// <summary>Exponent of the bell.</summary>
        public double Power { get; init; } = 1.2;

        /// <summary>The window's lower end; SvS where unset, 0 for barely.</summary>
        public double? Low { get; init; }

        /// <summary>The window's upper end; SvS where unset, ¼ for barely.</summary>
        public double? High { get; init; }
    }

    private readonly Options _options;

    /// <exception cref="ArgumentException">A window that is empty, or an exponent that is not positive.</exception>
    public Difficulty(Options options)
    {
        _options = options;
        if (Low > High)
            throw new ArgumentException($"low is {Low} and high {High}; low should not be above high.");
        if (!(options.Power > 0))
            throw new ArgumentException($"power is {options.Power}; it should be above 0.");
    }

    private double Low => _options.Low ?? (_options.Form == Kind.Barely ? 0 : 0.125);

    private double High => _options.High ?? (_options.Form == Kind.Barely ? 0.25 : 0.625);

    /// <summary>f(s).</summary>
    public double Of(double s) =>
        _options.Form switch
        {
            Kind.OneMinus => 1 - s,
            Kind.OneMinusZeroed => s is > 0 and < 1 ? 1 - s : 0,
            Kind.Parabola => 4 * s * (1 - s),
            Kind.Bell => Math.Pow(Math.Max(0, 4 * s * (1 - s)), _options.Power),
            Kind.Triangle => Math.Min(s, 1 - s),
            Kind.Tent => 1 - 2 * Math.Abs(s - 0.5),
            Kind.Window => s >= Low && s <= High ? 1 : 0,
            _ => s > Low && s < High ? 1 : 0,
        };

    /// <inheritdoc/>
    public override IEnumerable<string> Reads =>
        _options.Novelty.Length == 0 ? [_options.Measure] : [_options.Measure, _options.Novelty];

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = SeatsOf.Silent(episode);
        foreach (var seat in SeatsOf.Role(episode, _options.To))
        {
            if (Reply.Of(episode, seat).IsEmpty)
                continue; // chance proposed in its place
            if (Measured(episode, _options.Valid, seat) is 0)
                scores[seat] = _options.Invalid;
            else if (Measured(episode, _options.Measure, seat) is { } solved)
                scores[seat] =
                    Of(solved) * (_options.Novelty.Length == 0 ? 1 : Measured(episode, _options.Novelty, seat) ?? 1);
        }
        return scores;
    }

    private static double? Measured(Episode episode, string name, int seat) =>
        episode.Outcome!.Measures.TryGetValue(FormattableString.Invariant($"{name}/{seat}"), out var own)
        || episode.Outcome.Measures.TryGetValue(name, out own)
            ? own
            : null;
}
