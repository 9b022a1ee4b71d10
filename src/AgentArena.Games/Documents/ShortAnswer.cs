// Short answers in normal form, as open-domain question answering compares them. Knows nothing of what they are about.
using System.Globalization;
using System.Text;

namespace AgentArena.Games.Documents;

/// <summary>
/// Exact match after normalisation: lower case, no punctuation, no articles, single spaces (Rajpurkar et al. 2016).
/// </summary>
public static class ShortAnswer
{
    /// <summary>The words of a text in normal form.</summary>
    public static string[] Words(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (
                char.IsLetterOrDigit(c)
                || char.IsSurrogate(c)
                || char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark
            )
                kept.Append(char.ToLowerInvariant(c));
            else if (c is not ('\'' or '’'))
                kept.Append(' ');
        }
        return
        [
            .. kept.ToString()
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Where(w => w is not ("a" or "an" or "the")),
        ];
    }

    /// <summary>The normal form.</summary>
    public static string Normal(string text) => string.Join(' ', Words(text));

    /// <summary>Whether two answers are the same; an empty one is no answer.</summary>
    public static bool Same(string one, string other) =>
        Normal(one) is { Length: > 0 } normal && normal == Normal(other);
}
