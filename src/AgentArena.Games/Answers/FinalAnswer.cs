// Where a worked solution holds its final answer. Knows the marks people use; never what the right answer is. Linear,
// total.
using System.Text.RegularExpressions;
using AgentArena.Core.Roles;

namespace AgentArena.Games.Answers;

/// <summary>Finds the final answer of a reply.</summary>
public static partial class FinalAnswer
{
    private const int LongestSentence = 2000,
        Near = 4000;

    /// <summary>A mark: where what it holds begins, the text, and whether nothing but an answer stands in such a
    /// mark.</summary>
    /// <param name="Sentence">Of a phrase, all that followed it.</param>
    private readonly record struct Mark(int Start, string Text, bool Firm, string? Sentence = null);

    private static readonly string[] TurnEnds =
    [
        "<|im_end|>",
        "<|im_start|>",
        "<|eot_id|>",
        "<|endoftext|>",
        "<|end_of_text|>",
    ];

    /// <summary>
    /// What the last complete mark holds: <c>\boxed{…}</c>, <c>&lt;answer&gt;…&lt;/answer&gt;</c>, <c>#### …</c>, "the
    /// answer is …"; null
    /// where there is none. What follows the last <c>&lt;/think&gt;</c> counts, where there is anything; a phrase does
    /// not outdo a box
    /// or tag before it unless a number or formula follows it.
    /// </summary>
    public static string? Marked(string reply) => Read(reply)?.Answer;

    /// <summary>As <see cref="Marked"/>; beside it, where the mark was a phrase, the whole sentence that
    /// followed.</summary>
    internal static (string Answer, string? Sentence)? Read(string reply)
    {
        var (said, thought) = Parts(reply);
        return Of(said) ?? (thought.Length > 0 && Formulas.Last(said) is null ? Of(thought) : null);
    }

    /// <summary>The marked answer, or else the last formula or number; null where there is neither.</summary>
    public static string? Last(string reply)
    {
        var (said, thought) = Parts(reply);
        if (Of(said)?.Answer is { } marked)
            return marked;
        if (LastChoice().Match(said[Math.Max(0, said.Length - 40)..]) is { Success: true } choice)
            return choice.Groups[1].Value;
        return Formulas.Last(said) ?? Of(thought)?.Answer ?? Formulas.Last(thought);
    }

    // What was said, and what was thought before; what comes after the turn's end is not part of the reply.
    private static (string Said, string Thought) Parts(string reply)
    {
        var from = 0;
        while (TurnEnds.FirstOrDefault(e => reply.AsSpan(from).TrimStart().StartsWith(e)) is { } before)
            from = reply.IndexOf(before, from, StringComparison.Ordinal) + before.Length;
        reply = reply[from..];
        foreach (var end in TurnEnds)
            if (reply.IndexOf(end, StringComparison.Ordinal) is > 0 and var at)
                reply = reply[..at];
        var close = reply.LastIndexOf("</think>", StringComparison.OrdinalIgnoreCase);
        return close < 0 ? (reply, "") : (reply[(close + 8)..], reply[..close]);
    }

    private static (string Answer, string? Sentence)? Of(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        Mark? best = null;
        foreach (var mark in (Mark?[])[Box(text), Tag(text)])
            if (mark is { } firm && (best is null || firm.Start > best.Value.Start))
                best = firm;
        foreach (
            var mark in new[] { Hashes(text), Phrase(text) }.Where(m => m is not null).OrderBy(m => m!.Value.Start)
        )
        {
            var soft = mark!.Value;
            if (best is null || soft.Start > best.Value.Start && Formulas.IsAnswer(soft.Text))
                best = soft;
        }
        return best is { } found && !string.IsNullOrWhiteSpace(found.Text) ? (found.Text.Trim(), found.Sentence) : null;
    }

    // The last box; boxes with no more than a comma or an "and" between them are one list.
    private static Mark? Box(string text)
    {
        if (!text.Contains("box", StringComparison.Ordinal) && !text.Contains("Box", StringComparison.Ordinal))
            return null;
        var boxes = Answer.Boxes(text);
        if (boxes.Count == 0)
            return
                LastMatch(Bare(), text) is var (index, length)
                && Bare().Match(text[index..(index + length)]) is { Success: true } bare
                ? new(index + bare.Groups[1].Index, bare.Groups[1].Value.TrimEnd('.', ','), true)
                : null;
        var last = boxes.Count - 1;
        var parts = new List<string> { boxes[last].Text(text) };
        for (; last > 0 && boxes.Count - last < 40; last--)
        {
            var between = text[(boxes[last - 1].End + 1)..boxes[last].Outer];
            if (between.Length > 60 || !Joint().IsMatch(between))
                break;
            parts.Insert(0, boxes[last - 1].Text(text));
        }
        parts = [.. parts.Select(p => p.Trim()).Distinct(StringComparer.Ordinal)];
        return new(boxes[last].Start, parts.Count == 1 ? boxes[^1].Text(text) : string.Join(", ", parts), true);
    }

    private static Mark? Tag(string text)
    {
        var lower =
            text.Contains("<Answer>", StringComparison.Ordinal) || text.Contains("<ANSWER>", StringComparison.Ordinal)
                ? text.ToLowerInvariant()
                : text;
        return Answer.TagSpan(lower, Answer.Tag) is var (start, end) ? new(start, text[start..end], true) : null;
    }

    private static Mark? Hashes(string text)
    {
        var at = text.LastIndexOf("####", StringComparison.Ordinal);
        if (at < 0)
            return null;
        var line = Trimmed(FirstLine(text, at + 4));
        return line.Length == 0 ? null : new(at + 4, line, false);
    }

    private static string FirstLine(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        var end = text.AsSpan(at).IndexOfAny('\n', '\r');
        return end < 0 ? text[at..] : text.Substring(at, end);
    }

    private static Mark? Phrase(string text)
    {
        if (LastMatch(Phrases(), text) is not var (index, length))
            return null;
        var at = index + length;
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] is ':' or '*' or '_' or '=' or '"'))
            at++;
        var sentence = Trimmed(Sentence(text, at));
        if (sentence.Length == 0)
            return null;
        return Stated(sentence) is { Length: > 0 } stated ? new(at, stated, false, sentence) : null;
    }

    // The last match, looked for near the end first.
    private static (int Index, int Length)? LastMatch(Regex regex, string text)
    {
        foreach (var from in (int[])[Math.Max(0, text.Length - Near), 0])
        {
            (int, int)? last = null;
            foreach (var match in regex.EnumerateMatches(text.AsSpan(from)))
                last = (from + match.Index, match.Length);
            if (last is not null)
                return last;
        }
        return null;
    }

    // Up to the full stop or the line's end, whichever comes first outside mathematics.
    private static string Sentence(string text, int start)
    {
        var end = Math.Min(text.Length, start + LongestSentence);
        for (var i = start; i < end; i++)
        {
            if (Formulas.Delimited(text, i, end) is var (_, _, after))
            {
                i = after - 1;
                continue;
            }
            if (
                text[i] is '\n' or '\r'
                || text[i] is '.' or '!' or '?'
                    && i + 1 < end
                    && char.IsWhiteSpace(text[i + 1])
                    && !(text[i] == '!' && i > start && (char.IsLetterOrDigit(text[i - 1]) || text[i - 1] == '\\'))
            )
                return text[start..i];
        }
        return text[start..end];
    }

    // What a sentence that begins after "the answer is" says: all of it, what its last "is" says, its first formula, a
    // choice, its first words.
    private static string? Stated(string sentence)
    {
        if (sentence.StartsWith("not ", StringComparison.OrdinalIgnoreCase))
            return sentence;
        // A number with its working or an exclamation mark behind it, outside mathematics: 72 (48 + 24), 72!
        if (!sentence.AsSpan().ContainsAny('$', '\\') && Explained().Match(sentence) is { Success: true } explained)
            return explained.Groups[1].Value;
        if (Formulas.IsAnswer(sentence))
            return sentence;
        foreach (var verb in (string[])[" is ", " are ", " equals "])
        {
            var at = sentence.LastIndexOf(verb, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && Trimmed(sentence[(at + verb.Length)..]) is { Length: > 0 } rest && Formulas.IsAnswer(rest))
                return rest;
        }
        if (Letter().Match(sentence) is { Success: true } letter && letter.Index < 24)
            return letter.Groups[1].Value;
        if (Formulas.First(sentence) is { } formula)
            return formula;
        var clause = Clause().Match(sentence);
        return Trimmed(clause.Success ? sentence[..clause.Index] : sentence);
    }

    private static string Trimmed(string text)
    {
        var s = text.Trim();
        for (var length = -1; length != s.Length; )
        {
            length = s.Length;
            s = s.TrimEnd('.', ',', ';', ':', ' ', '"').Trim('*', '_', '`').Trim();
            if (s.EndsWith("..", StringComparison.Ordinal))
                break;
        }
        return s;
    }

    [GeneratedRegex(@"\\[bB]oxed ?([^\s{}$\\]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Bare();

    // \boxed{1}, \boxed{2}; \boxed{1}$ and $\boxed{2}; side by side.
    [GeneratedRegex(
        @"^(\s|\$|\\[()\[\],;! ]|\\q?quad)*"
            + @"((,|;|&|\+|and|or|\\text ?\{ ?,? ?(and|or) ?\})(\s|\$|\\[()\[\],;! ]|\\q?quad)*)+$|^$",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Joint();

    [GeneratedRegex(
        @"\bfinal[ \t]+answers?\b([ \t*_""':]{0,4}(is\b|are\b|:|=))?"
            + @"|\banswers?[ \t*_""']{0,4}(is\b|are\b|:|=)|\b(option|choice)[ \t]+is\b",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase
    )]
    private static partial Regex Phrases();

    // A choice that leads a sentence: D, it can't be …; for sure (D). The article A is none.
    [GeneratedRegex(
        @"(?<![A-Za-z0-9\\$_^(])\(?([B-J]|A(?=\)|,|\.|:|$))\)?(?=[,.:;]? |[,.:;]?$)(?!,? (=|[<>+*/^-]))",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Letter();

    [GeneratedRegex(@"^([-+]?[0-9][0-9.,]*)( \([^()]*\)|!)$", RegexOptions.NonBacktracking)]
    private static partial Regex Explained();

    // … so it is B.
    [GeneratedRegex(@"(?:\bis|'s|\bchoose|:) ?\*{0,2}\(?([A-J])\)?[.*]{0,3}\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex LastChoice();

    [GeneratedRegex(@", | because | since | which | so | as | where ", RegexOptions.NonBacktracking)]
    private static partial Regex Clause();
}
