// What proposers, solvers and judges of questions are told, and the sample answers of their turns. Decides nothing.
using System.Collections.Immutable;

namespace AgentArena.Games.Questions;

internal static class JudgingWords
{
    public const string Propose =
        "Write one question that can be answered by thinking alone and has one definite answer. Several solvers will try it, and judges score it and their "
        + "answers. You earn by a question that is clear, complete and solvable, and that solvers get wrong. Your question alone is passed on.";

    public const string Solve =
        "Answer the question. Give the reasoning that is needed to see that the answer is right, and the answer; judges see both.";

    private const string Bands =
        "Any error, contradiction or missing condition that spoils it: 1 to 3. No error, but something vague, incomplete or left out: 4 to 7. Without a flaw: 8 to 10. ";

    private static readonly string[] SampleScores = ["2", "9", "10", "8.5"];

    public static ImmutableArray<string> Questions { get; } =
    [
        "A shop sells pens at 3 for 2 euros. What do 21 pens cost, in euros?",
        "What is the smallest number above 50 that leaves 3 when divided by 7 and 1 when divided by 4?",
        "Which number am I thinking of?",
    ];

    public static ImmutableArray<string> Answers { get; } =
    [
        "21 pens are 7 times 3 pens, so they cost 14.",
        "73: it is 10 times 7 and 3, and 18 times 4 and 1.",
        "It cannot be known.",
    ];

    /// <summary>What a proposer starts from.</summary>
    public static string ToPropose(string? reference) =>
        reference is null
            ? "Choose the subject yourself."
            : $"Make a harder question out of this one, which no longer has the same answer:\n{reference}";

    public static string JudgeQuestion(int tags) =>
        $"Judge the question strictly: is it clear, complete, free of contradiction, and can it be solved? {Bands}Think first. {Asked(tags)}";

    public static string JudgeAnswer(int tags) =>
        $"Judge the answer to the question strictly: is every step and the result right? {Bands}Think first. {Asked(tags)}";

    public static string ToJudge(string question, string? answer) =>
        answer is null ? $"Question:\n{question}" : $"Question:\n{question}\nAnswer:\n{answer}";

    public static ImmutableArray<string> Verdicts(int tags) =>
        [
            "It depends.",
            .. SampleScores.Select(score => string.Concat(Enumerable.Repeat($"<score>{score}</score>", tags))),
        ];

    private static string Asked(int tags) =>
        tags == 1
            ? "End with your score, an integer from 1 to 10, as <score>X</score>."
            : $"End with {tags} scores, integers from 1 to 10, one for each quality you looked at, each as <score>X</score>.";
}
