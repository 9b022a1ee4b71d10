// Takes the dressing off an answer: math delimiters, spacing, fonts, thousands separators, other spellings of the same sign. Decides nothing.
using System.Text;
using System.Text.RegularExpressions;

namespace AgentArena.Core.Answers;

internal static partial class AnswerText
{
    /// <summary>A currency sign after cleaning, so that it is not taken for a math delimiter.</summary>
    public const char Currency = '¤';

    /// <summary>The end of a matrix row after cleaning.</summary>
    public const char RowEnd = '␤';

    private static readonly (string From, string To)[] Spellings =
    [
        (@"\\", "␤"), (@"\$", "¤"), (@"\!", ""), (@"\,", " "), (@"\;", " "), (@"\:", " "), (@"\quad", " "), (@"\qquad", " "), (@"\ ", " "), ("~", " "), ("\u00a0", " "),
        (@"\(", ""), (@"\)", ""), (@"\[", ""), (@"\]", ""), (@"\displaystyle", ""), (@"\dfrac", @"\frac"), (@"\tfrac", @"\frac"), (@"\cfrac", @"\frac"),
        (@"^{\circ}", "°"), (@"^\circ", "°"), (@"^ \circ", "°"), (@"^{ \circ }", "°"), (@"\circ", "°"), (@"\degree", "°"), (@"\%", "%"), (@"\#", "#"),
        ("−", "-"), ("–", "-"), ("×", @"\times "), ("·", @"\cdot "), ("÷", @"\div "), ("π", @"\pi "), ("∞", @"\infty "), ("±", @"\pm "), ("∪", @"\cup "), ("∈", @"\in "),
        ("√", @"\sqrt "), ("²", "^2"), ("³", "^3"), ("½", @"\frac{1}{2}"), ("¼", @"\frac{1}{4}"), ("¾", @"\frac{3}{4}"), ("’", "'"), ("**", "^"),
        (@"\lbrace", @"\{"), (@"\rbrace", @"\}"), (@"\ldots", "..."), (@"\dots", "..."), (@"\le ", @"\leq "), (@"\ge ", @"\geq "), (@"{,}", ","),
    ];

    /// <summary>The answer's bare text.</summary>
    public static string Clean(string answer)
    {
        var s = answer.Trim();
        foreach (var (from, to) in Spellings)
            if (s.Contains(from, StringComparison.Ordinal)) s = s.Replace(from, to);
        s = Sizes().Replace(s, "");
        s = Delimiters(s);
        for (var i = 0; i < 8 && Fonts().Match(s) is { Success: true } font; i++)
        {
            var open = font.Index + font.Length - 1;
            var close = Closing(s, open);
            if (close < 0) break;
            s = $"{s[..font.Index]} {s[(open + 1)..close]} {s[(close + 1)..]}";
        }
        s = Spaces().Replace(s, " ").Trim();
        while (s.Length > 0 && s[^1] is '.' or ';' or ',' && !s.EndsWith("...", StringComparison.Ordinal)) s = s[..^1].TrimEnd();
        return Thousands(s);
    }

    /// <summary>Where the bracket opened at <paramref name="open"/> closes; -1 where it does not.</summary>
    public static int Closing(string s, int open)
    {
        var depth = 0;
        for (var i = open; i < s.Length; i++)
        {
            if (s[i] is '(' or '[' or '{') depth++;
            else if (s[i] is ')' or ']' or '}' && --depth == 0) return i;
        }
        return -1;
    }

    /// <summary>The parts of <paramref name="s"/> between <paramref name="separator"/>s that stand in no bracket.</summary>
    public static List<string> Split(string s, string separator)
    {
        var parts = new List<string>();
        int depth = 0, start = 0;
        for (var i = 0; i < s.Length; i++)
        {
            if (s[i] is '(' or '[' or '{') depth++;
            else if (s[i] is ')' or ']' or '}') depth--;
            else if (depth == 0 && string.CompareOrdinal(s, i, separator, 0, separator.Length) == 0)
            {
                parts.Add(s[start..i].Trim());
                start = i + separator.Length;
                i = start - 1;
            }
        }
        parts.Add(s[start..].Trim());
        return parts;
    }

    // Paired dollars are math delimiters; a lone one before a number is money.
    private static string Delimiters(string s)
    {
        var dollars = s.Count(c => c == '$');
        if (dollars == 0) return s;
        return dollars % 2 == 0 ? s.Replace("$", "") : s.Replace('$', Currency);
    }

    // 1,234,567 outside brackets (or after \!, which is gone by now, with a space) is one number; (1,234) may be a pair.
    private static string Thousands(string s)
    {
        if (!s.Contains(',')) return s;
        var tight = SpacedGroups().IsMatch(s) ? s.Replace(", ", ",") : s;
        var kept = new StringBuilder(s.Length);
        var depth = 0;
        for (var i = 0; i < tight.Length; i++)
        {
            var c = tight[i];
            if (c is '(' or '[' or '{') depth++;
            else if (c is ')' or ']' or '}') depth--;
            if (c == ',' && depth == 0 && IsGroup(tight, i)) continue;
            kept.Append(c);
        }
        return kept.ToString();
    }

    private static bool IsGroup(string s, int comma)
    {
        for (var i = 1; i <= 3; i++)
            if (comma + i >= s.Length || !char.IsAsciiDigit(s[comma + i])) return false;
        if (comma + 4 < s.Length && char.IsAsciiDigit(s[comma + 4])) return false;
        var start = comma;
        while (start > 0 && (char.IsAsciiDigit(s[start - 1]) || s[start - 1] == ',')) start--;
        var first = s.IndexOf(',', start);
        if (first - start is < 1 or > 3 || start > 0 && s[start - 1] == '.' || s[start] == '0') return false;
        for (var i = first; i < comma; i += 4)
            if (s[i] != ',') return false;
        return true;
    }

    [GeneratedRegex(@"\\(left|right|bigl|bigr|Bigl|Bigr|big|Big)\b ?\.?", RegexOptions.NonBacktracking)]
    private static partial Regex Sizes();

    [GeneratedRegex(@"\\(text|textbf|textit|textrm|mathrm|mathbf|mathit|mathsf|mbox|hbox|boxed|operatorname|emph)\s*\{", RegexOptions.NonBacktracking)]
    private static partial Regex Fonts();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^\d{1,3}(, \d\d\d){2,}$", RegexOptions.NonBacktracking)]
    private static partial Regex SpacedGroups();
}
