// Numbers and verdicts in what a judge wrote. Linear, total; knows no scale.
using System.Globalization;

namespace AgentArena.Games.Answers;

/// <summary>Reads scores.</summary>
public static class ScoreText
{
    /// <summary>Every number in a text, in order; a fraction is one number. Digits of any script count.</summary>
    public static List<double> Numbers(string text)
    {
        var (s, all, end) = (Folding.Digits(text), new List<double>(), 0);
        for (var i = 0; i < s.Length; i++)
        {
            if (!Begins(s, i))
                continue;
            var minus = i > end && s[i - 1] == '-';
            var over = Number(s, i, out end);
            // 3/4 and 3 / 4.
            var slash = end < s.Length && s[end] == ' ' ? end + 1 : end;
            var next = slash + 1 < s.Length && s[slash + 1] == ' ' ? slash + 2 : slash + 1;
            var under = 1.0;
            if (slash < s.Length && s[slash] == '/' && next < s.Length && char.IsAsciiDigit(s[next]))
                under = Number(s, next, out end);
            if (under != 0 && double.IsFinite(over / under))
                all.Add(minus ? -over / under : over / under);
            i = end - 1;
        }
        return all;
    }

    private static bool Begins(string s, int at) =>
        char.IsAsciiDigit(s[at]) || s[at] == '.' && at + 1 < s.Length && char.IsAsciiDigit(s[at + 1]);

    // Digits, and a point with digits behind it.
    private static double Number(string s, int at, out int end)
    {
        end = at;
        while (end < s.Length && char.IsAsciiDigit(s[end]))
            end++;
        if (end < s.Length && Begins(s, end))
            for (end++; end < s.Length && char.IsAsciiDigit(s[end]); )
                end++;
        return double.Parse(s.AsSpan(at, end - at), CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The scores of a judge's text: the last number within each <c>&lt;tag&gt;…&lt;/tag&gt;</c>; where there is no
    /// such tag, the last number of the text; none where there is no number.
    /// </summary>
    public static List<double> Scores(string text, string tag)
    {
        var scores = new List<double>();
        var tagged = false;
        foreach (var part in Tagged(text, tag))
        {
            tagged = true;
            if (Numbers(part) is [.., var last])
                scores.Add(last);
        }
        if (!tagged && Numbers(text) is [.., var lone])
            scores.Add(lone);
        return scores;
    }

    /// <summary>What stands within each complete tag, in order.</summary>
    public static IEnumerable<string> Tagged(string text, string tag)
    {
        if (tag.Length == 0)
            yield break;
        string open = $"<{tag}>",
            close = $"</{tag}>";
        for (
            var at = text.IndexOf(open, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(open, at, StringComparison.Ordinal)
        )
        {
            at += open.Length;
            var end = text.IndexOf(close, at, StringComparison.Ordinal);
            if (end < 0)
                yield break;
            yield return text[at..end];
            at = end + close.Length;
        }
    }

    /// <summary>How often a text holds another, without overlaps.</summary>
    public static int Count(string text, string part)
    {
        var count = 0;
        for (
            var at = text.IndexOf(part, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal)
        )
            count++;
        return count;
    }
}
