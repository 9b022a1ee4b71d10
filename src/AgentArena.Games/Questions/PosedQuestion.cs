// A question in plain words, as games make, keep and deal them. Knows no game.
using System.Collections.Immutable;
using AgentArena.Games.Answers;

namespace AgentArena.Games.Questions;

/// <summary>
/// A question and, where it is known, its right answer (bare, or a worked solution with a marked one).
/// </summary>
public sealed record PosedQuestion(string Question)
{
    /// <summary>The right answer; null where nobody knows.</summary>
    public string? Answer { get; init; }

    /// <summary>Other answers that are as right; null where there are none.</summary>
    public ImmutableArray<string>? Alternatives { get; init; }

    /// <summary>
    /// What a reply's final answer is worth: right where any of the answers is, undecided where none is right and one
    /// cannot be decided; null where nobody knows the right one.
    /// </summary>
    public Verdict? Judge(string reply)
    {
        if (Answer is null)
            return null;
        var best = AnswerChecker.Judge(Answer, reply).Verdict;
        foreach (var other in Alternatives ?? [])
        {
            if (best == Verdict.Right)
                break;
            var verdict = AnswerChecker.Judge(other, reply).Verdict;
            if (verdict != Verdict.Wrong)
                best = verdict;
        }
        return best;
    }

    /// <summary>Whether a reply's final answer is right; null where nobody knows.</summary>
    public bool? IsRight(string reply) => Judge(reply) is { } verdict ? verdict == Verdict.Right : null;
}
