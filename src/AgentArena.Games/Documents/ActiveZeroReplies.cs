// How the replies of Active-Zero are read: what stands in their tags, and whether they have their form. Judges nothing.
using System.Text.RegularExpressions;
using AgentArena.Core.Roles;

namespace AgentArena.Games.Documents;

internal static partial class ActiveZeroReplies
{
    /// <summary>Characters that what stands within a tag may have.</summary>
    public const int LongestText = 4_000;

    /// <summary>What to search for; null where that is not said.</summary>
    public static string? Query(string text) =>
        Tag(text, "query") is { Length: <= 1_000 } query && !query.Any(char.IsControl) ? query : null;

    /// <summary>What stands last within this tag; null where nothing does.</summary>
    public static string? Tag(string text, string tag) =>
        Answer.Last(AnswerFormat.Tag, text, wholeReply: false, tag) is { Length: > 0 and <= LongestText } found
            ? found
            : null;

    /// <summary>A searcher's reply in its form.</summary>
    [GeneratedRegex("<type>.*?</type>\\s*<query>.*?</query>", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    public static partial Regex SearcherForm();

    /// <summary>A questioner's.</summary>
    [GeneratedRegex(
        "<think>.*?</think>\\s*<type>.*?</type>\\s*<question>.*?</question>\\s*<answer>.*?</answer>",
        RegexOptions.Singleline | RegexOptions.NonBacktracking
    )]
    public static partial Regex QuestionerForm();
}
