// Where a reply holds its answer. The last complete one counts, nothing is guessed; the work is bounded by the reply's
// length.

namespace AgentArena.Core.Roles;

/// <summary>Formats of answers.</summary>
public static class Answer
{
    /// <summary>The usual tag.</summary>
    public const string Tag = "answer";

    private const string BoxOpen = @"\boxed{";

    private static readonly string[] BoxNames = [@"\boxed", @"\fbox", @"\framebox", @"\Boxed", @"\bbox"];

    /// <summary>What a player is told about the format.</summary>
    public static string Ask(AnswerFormat format, string tag = Tag) =>
        format switch
        {
            AnswerFormat.Boxed => @"Think step by step, then give your answer as \boxed{answer}.",
            AnswerFormat.Tag =>
                $"Think step by step, then give your answer as <{tag}>{(tag == Tag ? Tag : "…")}</{tag}>.",
            AnswerFormat.Whole => "Give an answer that is not empty.",
            _ => "Give your answer alone on the last line.",
        };

    /// <summary>An answer in its format.</summary>
    public static string Print(AnswerFormat format, string answer, string tag = Tag) =>
        format switch
        {
            AnswerFormat.Boxed => BoxOpen + answer + "}",
            AnswerFormat.Tag => $"<{tag}>{answer}</{tag}>",
            AnswerFormat.Whole => answer,
            _ => " " + answer,
        };

    /// <summary>The last complete answer, trimmed; null where there is none. <paramref name="wholeReply"/>: a plain
    /// answer may have many lines.</summary>
    public static string? Last(AnswerFormat format, string reply, bool wholeReply, string tag = Tag)
    {
        var answer = format switch
        {
            AnswerFormat.Boxed => Boxes(reply) is [.., var box] ? box.Text(reply) : null,
            AnswerFormat.Tag => TagSpan(reply, tag) is var (start, end) ? reply[start..end] : null,
            AnswerFormat.Whole => reply,
            _ => wholeReply ? reply : LastLine(reply),
        };
        return string.IsNullOrWhiteSpace(answer) ? null : answer.Trim();
    }

    private static string LastLine(string reply)
    {
        var text = reply.AsSpan().TrimEnd();
        return text[(text.LastIndexOfAny('\n', '\r') + 1)..].ToString();
    }

    /// <summary>
    /// What stands between the last tag that closes and the one that opened it: an answer may hold tags of the same
    /// name, which then
    /// belong to it. Null where none is complete.
    /// </summary>
    public static (int Start, int End)? TagSpan(string reply, string tag)
    {
        string open = $"<{tag}>",
            close = $"</{tag}>";
        var end = reply.LastIndexOf(close, StringComparison.Ordinal);
        for (var (at, depth) = (end, 1); at > 0; )
        {
            var opens = reply.LastIndexOf(open, at - 1, StringComparison.Ordinal);
            if (opens < 0)
                return null;
            // Every further pair that closes between has to be opened as well.
            for (var closes = reply.LastIndexOf(close, at - 1, at - opens, StringComparison.Ordinal); closes >= opens; )
            {
                depth++;
                closes =
                    closes <= opens
                        ? -1
                        : reply.LastIndexOf(close, closes - 1, closes - opens, StringComparison.Ordinal);
            }
            if (--depth == 0)
                return (opens + open.Length, end);
            at = opens;
        }
        return null;
    }

    /// <summary>A box: where its command begins, and what it holds.</summary>
    public readonly record struct Box(int Outer, int Start, int End)
    {
        public string Text(string reply) => reply[Start..End];
    }

    /// <summary>The complete boxes that stand in no other, in order. They may hold braces, escaped ones (a set's) are
    /// not counted. One pass.</summary>
    public static IReadOnlyList<Box> Boxes(string reply)
    {
        var open = new Stack<(int Outer, int Start)>();
        var boxes = new List<Box>();
        for (var i = 0; i < reply.Length; i++)
        {
            if (reply[i] == '\\' && i + 1 < reply.Length && reply[i + 1] is '{' or '}' or '\\')
                i += reply[i + 1] == '\\' && IsCommand(reply, i + 2) ? 0 : 1;
            else if (reply[i] == '{')
                open.Push((Opened(reply, i), i + 1));
            else if (reply[i] == '}' && open.TryPop(out var start) && start.Outer >= 0)
            {
                while (boxes.Count > 0 && boxes[^1].Outer > start.Outer)
                    boxes.RemoveAt(boxes.Count - 1);
                boxes.Add(new(start.Outer, start.Start, i));
            }
        }
        return boxes;
    }

    // Two backslashes before letters: a command whose backslash was escaped.
    private static bool IsCommand(string reply, int at) => at < reply.Length && char.IsAsciiLetter(reply[at]);

    // Where the command of the box begins whose brace is at this place; -1 where the brace is of something else.
    private static int Opened(string reply, int brace)
    {
        var before = reply.AsSpan(0, brace).TrimEnd(' ');
        if (
            before.Length > 0
            && before[^1] == ']'
            && before[Math.Max(0, before.Length - 40)..].LastIndexOf('[') is >= 0 and var option
        )
            before = before[..(Math.Max(0, before.Length - 40) + option)];
        foreach (var name in BoxNames)
            if (before.EndsWith(name))
                return before.Length - name.Length - (before[..^name.Length].EndsWith(@"\") ? 1 : 0);
        return -1;
    }
}
