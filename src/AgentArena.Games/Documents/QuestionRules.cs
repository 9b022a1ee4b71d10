// What a proposer's question must be before anybody is asked it, and what it earns: the rules of Search Self-Play
// (arXiv 2510.18821). Knows no table.
using System.Collections.Immutable;

namespace AgentArena.Games.Documents;

/// <summary>Bounds of a question; the defaults are the published ones.</summary>
public sealed record QuestionBounds
{
    /// <summary>The fewest characters.</summary>
    public int LeastCharacters { get; init; } = 10;

    /// <summary>The most characters.</summary>
    public int MostCharacters { get; init; } = 1_000;

    /// <summary>The fewest words between spaces.</summary>
    public int LeastWords { get; init; } = 10;

    /// <summary>The fewest searches before the question.</summary>
    public int LeastSearches { get; init; } = 2;

    /// <summary>Whether the seed answer must not have been searched for.</summary>
    public bool HideAnswer { get; init; }
}

/// <summary>What a proposer earns by the share of solvers that were right.</summary>
public enum ProposerPay
{
    /// <summary>1 − s.</summary>
    OneMinusAccuracy,

    /// <summary>4 s (1 − s): most where half are right, nothing where none or all are.</summary>
    IntermediateDifficulty,

    /// <summary>1 for any accepted question.</summary>
    FormatOnly,
}

/// <summary>The rules, one by one. All must hold; each refusal has a name.</summary>
public static class QuestionRules
{
    /// <summary>
    /// Every refusal, in the order in which rules are tried; <c>unanswerable</c> is the check against documents, made
    /// by a judge.
    /// </summary>
    public static ImmutableArray<string> Refusals { get; } =
    [
        "missing",
        "short",
        "long",
        "few-words",
        "holds-answer",
        "no-documents",
        "few-searches",
        "repeated-search",
        "searched-answer",
        Unanswerable,
    ];

    /// <summary>The refusal of a question whose answer a judge does not find in the proposer's documents.</summary>
    public const string Unanswerable = "unanswerable";

    /// <summary>There is a question.</summary>
    public static bool IsPresent(string? question) => !string.IsNullOrWhiteSpace(question);

    /// <summary>Words as the rule counts them: what stands between spaces.</summary>
    public static int Words(string question) => question.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>The question says the answer.</summary>
    public static bool HoldsAnswer(string question, string answer) =>
        question.Contains(answer, StringComparison.OrdinalIgnoreCase);

    /// <summary>At least one search gave a document.</summary>
    public static bool HasDocuments(SearchDialogue inquiry) => inquiry.Looks.Any(l => !l.Documents.IsEmpty);

    /// <summary>Two searches were for the same words.</summary>
    public static bool Repeats(SearchDialogue inquiry) =>
        inquiry.Looks.Select(l => l.Query.Trim().ToLowerInvariant()).Distinct().Count() < inquiry.Looks.Length;

    /// <summary>A search was for the answer.</summary>
    public static bool SearchedAnswer(SearchDialogue inquiry, string answer) =>
        inquiry.Looks.Any(l => HoldsAnswer(l.Query, answer));

    /// <summary>The first rule that does not hold, of those that need no judge; null where all hold.</summary>
    public static string? Refuse(SearchDialogue inquiry, string answer, QuestionBounds bounds) =>
        inquiry.Said is not { } question || !IsPresent(question) ? "missing"
        : question.Length < bounds.LeastCharacters ? "short"
        : question.Length > bounds.MostCharacters ? "long"
        : Words(question) < bounds.LeastWords ? "few-words"
        : HoldsAnswer(question, answer) ? "holds-answer"
        : !HasDocuments(inquiry) ? "no-documents"
        : inquiry.Looks.Length < bounds.LeastSearches ? "few-searches"
        : Repeats(inquiry) ? "repeated-search"
        : bounds.HideAnswer && SearchedAnswer(inquiry, answer) ? "searched-answer"
        : null;

    /// <summary>
    /// What an accepted question earns where a share <paramref name="right"/> of the solvers was right.
    /// </summary>
    public static double Pay(ProposerPay pay, double right) =>
        pay switch
        {
            ProposerPay.OneMinusAccuracy => 1 - right,
            ProposerPay.IntermediateDifficulty => right is > 0 and < 1 ? 4 * right * (1 - right) : 0,
            _ => 1,
        };

    /// <summary>
    /// What a solver earns: 1 for a right answer, a quarter of it where its reply holds more than ten answer tags.
    /// </summary>
    public static double Pay(bool right, int answerTags) =>
        right
            ? answerTags > 10
                ? 0.25
                : 1
            : 0;
}
