// A question in plain words, as games make, keep and deal them. Knows no game.
using AgentArena.Core.Answers;

namespace AgentArena.Core.Games.Questions;

/// <summary>A question and, where it is known, its right answer (bare, or a worked solution with a marked one).</summary>
public sealed record PosedQuestion(string Question)
{
    /// <summary>The right answer; null where nobody knows.</summary>
    public string? Answer { get; init; }

    /// <summary>What a reply's final answer is worth: right, wrong, or not to be decided; null where nobody knows the right one.</summary>
    public Verdict? Judge(string reply) => Answer is null ? null : AnswerChecker.Judge(Answer, reply).Verdict;

    /// <summary>Whether a reply's final answer is right; null where nobody knows.</summary>
    public bool? IsRight(string reply) => Judge(reply) is { } verdict ? verdict == Verdict.Right : null;
}
