// A question in plain words, as games make, keep and deal them. Knows no game.
using System.Collections.Immutable;
using AgentArena.Core.Answers;

namespace AgentArena.Core.Games.Questions;

/// <summary>A question and, where it is known, its right answer (bare, or a worked solution with a marked one).</summary>
public sealed record PosedQuestion(string Question)
{
    /// <summary>The right answer; null where nobody knows.</summary>
    public string? Answer { get; init; }

    /// <summary>Other answers that are as right; null where there are none.</summary>
    public ImmutableArray<string>? Alternatives { get; init; }

    /// <summary>Whether a reply's final answer is right; null where nobody knows.</summary>
    public bool? IsRight(string reply) =>
        Answer is null ? null : AnswerChecker.Check(Answer, reply) || Alternatives is { } others
        && others.Any(a => AnswerChecker.Check(a, reply));
}
