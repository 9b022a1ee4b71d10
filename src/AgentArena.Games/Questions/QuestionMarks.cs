// Which answers to a question are right: by its label, by the majority, by the original's answer. Pays nobody.
using System.Collections.Immutable;
using AgentArena.Core.Play;
using AgentArena.Games.Answers;

namespace AgentArena.Games.Questions;

internal sealed class QuestionMarks(ProposedQuestions.Options options)
{
    /// <summary>The answer that counts as right; null where there is none.</summary>
    public string? Label(ProposedQuestionsState state) =>
        options.Label == ProposedQuestions.Labelling.Majority
            ? MajorityVote.Of(state.Answers).Answer
            : state.Asked!.Answer;

    /// <summary>1 for each right answer, 0 for each other.</summary>
    public double[] Right(ProposedQuestionsState state) =>
        [.. Verdicts(state).Select(v => v == Verdict.Right ? 1.0 : 0)];

    /// <summary>What is said of each answer; what was never asked is wrong.</summary>
    public Verdict[] Verdicts(ProposedQuestionsState state)
    {
        if (state.Asked is null)
            return [.. Enumerable.Repeat(Verdict.Wrong, options.Solvers)];
        var judged =
            options.Label == ProposedQuestions.Labelling.Majority
                ? new PosedQuestion("") { Answer = Label(state) }
                : state.Asked;
        return [.. state.Answers.Select(a => a is { Length: > 0 } ? judged.Judge(a) ?? Verdict.Wrong : Verdict.Wrong)];
    }

    /// <summary>1 where this answers the original problem, else 0.</summary>
    public static double OriginalRight(ProposedQuestionsState state, string? answer) =>
        answer is { Length: > 0 } && state.Source.IsRight(answer) == true ? 1 : 0;

    /// <summary>Whether the original is neither too easy nor too hard to make a variant of.</summary>
    public bool CallsForVariant(ProposedQuestionsState state)
    {
        var right = state.Originals.Average(a => OriginalRight(state, a));
        return right > 0 && right >= options.OriginalLow && right <= options.OriginalHigh;
    }

    /// <summary>
    /// The group of graded answers: what nobody could be told is right or wrong, or was never said, is left out.
    /// </summary>
    public string? Group(ProposedQuestionsState state)
    {
        var right = Right(state);
        ImmutableArray<GradedAnswer> graded =
        [
            .. state.Answers.Select((a, i) => new GradedAnswer(a!, right[i] > 0)).Where(a => a.Reply.Length > 0),
        ];
        return Label(state) is { } label && graded.Length > 0
            ? TaskJson.Write(new GradedGroup(state.Asked!.Question, label, graded))
            : null;
    }
}
