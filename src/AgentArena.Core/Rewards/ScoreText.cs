// Numbers and verdicts in what a judge wrote. Linear, total; knows no scale.
using System.Globalization;
using System.Text.RegularExpressions;
using AgentArena.Core.Answers;

namespace AgentArena.Core.Rewards;

/// <summary>Reads scores.</summary>
public static partial class ScoreText
{
    /// <summary>Every number in a text, in order; a fraction is one number. Digits of any script count.</summary>
    public static List<double> Numbers(string text)
    {
        var all = new List<double>();
        foreach (Match match in Number().Matches(Folding.Digits(text)))
        {
            var over = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            var under = match.Groups[4].Success ? double.Parse(match.Groups[4].ValueSpan, CultureInfo.InvariantCulture) : 1;
            if (under != 0 && double.IsFinite(over / under)) all.Add(over / under);
        }
        return all;
    }

    /// <summary>
    /// The scores of a judge's text: the last number within each <c>&lt;tag&gt;…&lt;/tag&gt;</c>; where there is no such tag, the last
    /// number of the text; none where there is no number.
    /// </summary>
    public static List<double> Scores(string text, string tag)
    {
        var scores = new List<double>();
        var tagged = false;
        foreach (var part in Tagged(text, tag))
        {
            tagged = true;
            if (Numbers(part) is [.., var last]) scores.Add(last);
        }
        if (!tagged && Numbers(text) is [.., var lone]) scores.Add(lone);
        return scores;
    }

    /// <summary>What stands within each complete tag, in order.</summary>
    public static IEnumerable<string> Tagged(string text, string tag)
    {
        if (tag.Length == 0) yield break;
        string open = $"<{tag}>", close = $"</{tag}>";
        for (var at = text.IndexOf(open, StringComparison.Ordinal); at >= 0; at = text.IndexOf(open, at, StringComparison.Ordinal))
        {
            at += open.Length;
            var end = text.IndexOf(close, at, StringComparison.Ordinal);
            if (end < 0) yield break;
            yield return text[at..end];
            at = end + close.Length;
        }
    }

    /// <summary>How often a text holds another, without overlaps.</summary>
    public static int Count(string text, string part)
    {
        var count = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal)) count++;
        return count;
    }

    [GeneratedRegex(@"([-+]?([0-9]+(\.[0-9]+)?|\.[0-9]+))(?: ?/ ?([0-9]+(?:\.[0-9]+)?))?", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
