// Takes the wrapping off an answer: quotes, stars, dollars, full stops, escapes that were escaped again. Decides
// nothing.
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentArena.Games.Answers;

/// <summary>Unwraps answers.</summary>
internal static partial class AnswerText
{
    private static readonly string[] Hedges =
    [
        @"\approx",
        "≈",
        "=",
        ":",
        "approximately",
        "about",
        "roughly",
        "exactly",
        "only",
        "just",
        "simply",
        "thus",
        "therefore",
        "probably",
        @"\therefore",
        "∴",
    ];

    /// <summary>The bare text, in one spelling.</summary>
    public static string Clean(string answer)
    {
        var s = Folding.Fold(answer);
        if (s.Contains(@"\\", StringComparison.Ordinal))
            s = Unescaped(s);
        return Bare(Dollars(Bare(s)));
    }

    private static string Bare(string s)
    {
        for (var length = -1; length != s.Length; )
        {
            length = s.Length;
            s = Unwrapped(s.Trim());
        }
        return s;
    }

    private static string Unwrapped(string s)
    {
        foreach (var mark in (string[])["**", "*", "__", "_", "`", "\"", "'", "$$"])
            if (
                s.Length > 2 * mark.Length
                && s.StartsWith(mark, StringComparison.Ordinal)
                && s.EndsWith(mark, StringComparison.Ordinal)
            )
                return s[mark.Length..^mark.Length];
        foreach (var (open, close) in ((string, string)[])[(@"\(", @"\)"), (@"\[", @"\]")])
            if (
                s.Length >= 4
                && s.StartsWith(open, StringComparison.Ordinal)
                && s.EndsWith(close, StringComparison.Ordinal)
                && s.IndexOf(close, StringComparison.Ordinal) == s.Length - 2
            )
                return s[2..^2];
        foreach (var hedge in Hedges)
            if (
                s.Length > hedge.Length
                && s.StartsWith(hedge, StringComparison.OrdinalIgnoreCase)
                && !(char.IsLetter(hedge[^1]) && char.IsLetter(s[hedge.Length]))
            )
                return s[hedge.Length..];
        if (
            s.Length > 1
            && s[^1] is '.' or ';' or ',' or ':' or '?'
            && !s.EndsWith("...", StringComparison.Ordinal)
            && !s.EndsWith(@"\right.", StringComparison.Ordinal)
        )
            return s[..^1];
        if (s.EndsWith('\\') && !s.EndsWith(@"\\", StringComparison.Ordinal))
            return s[..^1];
        // One star or two at one end only: the other was cut off with a sentence.
        if (s.EndsWith("**", StringComparison.Ordinal))
            return s[..^2];
        if (s.StartsWith("**", StringComparison.Ordinal))
            return s[2..];
        return s;
    }

    // \\frac outside a matrix, and every \\ where the text was escaped as a whole.
    private static string Unescaped(string s)
    {
        if (s.Contains(@"\\begin", StringComparison.Ordinal))
            return s.Replace(@"\\", @"\");
        if (s.Contains(@"\begin", StringComparison.Ordinal))
            return s;
        return Doubled()
            .Replace(s, m =>
                Signs.IsKnown(m.Groups[1].Value) || !char.IsAsciiLetter(m.Value[^1]) ? m.Value[1..] : m.Value
            );
    }

    // Paired dollars hold mathematics; others are money.
    private static string Dollars(string s)
    {
        if (!s.Contains('$'))
            return s;
        var plain = new StringBuilder(s.Length);
        var count = 0;
        for (var i = 0; i < s.Length; i++)
            if (s[i] == '$' && (i == 0 || s[i - 1] != '\\'))
                count++;
        for (var i = 0; i < s.Length; i++)
        {
            if (s[i] != '$' || i > 0 && s[i - 1] == '\\')
                plain.Append(s[i]);
            else
                plain.Append(count % 2 == 0 ? ' ' : '¤');
        }
        return plain.ToString().Trim();
    }

    /// <summary>The strings of a list that became text as JSON; null where the text is none.</summary>
    public static List<string>? Listed(string text)
    {
        var s = text.Trim();
        if (s.Length < 4 || s[0] != '[' || s[^1] != ']' || !s.Contains('"'))
            return null;
        try
        {
            using var json = JsonDocument.Parse(s);
            var items = json.RootElement.EnumerateArray().ToList();
            return items.Count > 0 && items.All(i => i.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                ? [.. items.Select(i => i.ToString())]
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null; // a bracket and a quote, and no JSON, or half a character within
        }
    }

    [GeneratedRegex(@"(?<!\\)\\\\([A-Za-z]+|[(){}\[\],;!%$])", RegexOptions.CultureInvariant)]
    private static partial Regex Doubled();
}

/// <summary>Finds what closes a bracket.</summary>
internal static class Brackets
{
    /// <summary>Where the brace opened at <paramref name="open"/> closes, escaped braces not counted; -1 where it does
    /// not.</summary>
    public static int Closing(string s, int open, int end)
    {
        var depth = 0;
        for (var i = open; i < end; i++)
        {
            if (s[i] == '\\')
                i++;
            else if (s[i] == '{')
                depth++;
            else if (s[i] == '}' && --depth == 0)
                return i;
        }
        return -1;
    }
}
