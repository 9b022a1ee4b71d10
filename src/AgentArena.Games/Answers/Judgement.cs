// What a checker says of an answer: right, wrong, or that it cannot tell.
namespace AgentArena.Games.Answers;

/// <summary>Whether an answer is the right one. Only <see cref="Right"/> earns anything.</summary>
public enum Verdict
{
    /// <summary>It is another answer.</summary>
    Wrong,

    /// <summary>Both could not be read, or not be computed far enough, to tell.</summary>
    Undecided,

    /// <summary>It is the same answer.</summary>
    Right,
}

/// <summary>A verdict, what was read as the answer (null where nothing was), and why, in a few words.</summary>
public readonly record struct Judgement(Verdict Verdict, string? Read, string Why)
{
    /// <summary>Whether the answer is right.</summary>
    public bool IsRight => Verdict == Verdict.Right;

    internal static Judgement Right(string why) => new(Verdict.Right, null, why);

    internal static Judgement Wrong(string why) => new(Verdict.Wrong, null, why);

    internal static Judgement Undecided(string why) => new(Verdict.Undecided, null, why);
}

/// <summary>
/// The work one comparison may do, in steps of about a tenth of a microsecond, so that hostile text costs no more than
/// this
/// whatever it says. What is left undone is undecided.
/// </summary>
internal sealed class Budget(int steps)
{
    private int _left = steps;

    /// <summary>Whether <paramref name="steps"/> more may be done; once refused, always refused.</summary>
    public bool Spend(int steps)
    {
        if (_left <= 0)
            return false;
        _left -= Math.Max(1, steps);
        return _left > 0;
    }
}
