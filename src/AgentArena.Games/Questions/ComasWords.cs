// What the seats of CoMAS are told, its own small questions, and the sample answers of its turns. Decides nothing.
using System.Collections.Immutable;
using System.Globalization;

namespace AgentArena.Games.Questions;

internal static class ComasWords
{
    public const string Solve =
        "Solve the question together with others. Below are earlier solutions and what was found wrong with them; learn from both, trust neither. Give your reasoning and end with the answer.";

    public const string Evaluate =
        "Examine the solution of the question and find what is wrong with it. Look at every step for errors, gaps and unproved claims, and name the worst fault you find, with the reason why it is one.";

    public const string Score =
        "A solution of the question was examined. Weigh solution and evaluation against each other. Say 3 where the solution is right and the evaluation finds nothing that counts, "
        + "2 where the solution has minor flaws, 1 where the evaluation is right about an error that makes the solution wrong.";

    public static ImmutableArray<string> Evaluations { get; } =
    ["Every step holds.", "The last step is wrong, so the answer is.", "It gives no reason."];

    /// <summary>A sum and its answer.</summary>
    public static PosedQuestion Sum(int left, string sign, int right) =>
        new($"What is {left} {sign} {right}?")
        {
            Answer = (
                sign switch
                {
                    "+" => left + right,
                    "-" => left - right,
                    _ => left * right,
                }
            ).ToString(CultureInfo.InvariantCulture),
        };

    public static string ToSolve(string question) => $"Question:\n{question}";

    public static string ToEvaluate(string question, string solution) =>
        $"Question:\n{question}\nSolution:\n{solution}";

    public static string ToScore(string question, string solution, string evaluation) =>
        $"Question:\n{question}\nSolution:\n{solution}\nEvaluation:\n{evaluation}";

    /// <summary>The right answer where it is known, and others.</summary>
    public static ImmutableArray<string> Solutions(PosedQuestion question) =>
        question.Answer is { } answer && answer.Length < 20
            ? [$"The answer is {answer}", "The answer is 1000", "I do not know"]
            : ["The answer is 1000", "I do not know"];
}
