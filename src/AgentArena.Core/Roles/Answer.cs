// Where a reply holds its answer. The last complete one counts, nothing is guessed; the work is bounded by the reply's length.
using AgentArena.Core.Games;

namespace AgentArena.Core.Roles;

/// <summary>Formats of answers.</summary>
public static class Answer
{
    /// <summary>The usual tag.</summary>
    public const string Tag = "answer";

    private const string BoxOpen = @"\boxed{";

    /// <summary>What a player is told about the format.</summary>
    public static string Ask(AnswerFormat format, string tag = Tag) => format switch
    {
        AnswerFormat.Boxed => @"Think step by step, then give your answer as \boxed{answer}.",
        AnswerFormat.Tag => $"Think step by step, then give your answer as <{tag}>{(tag == Tag ? Tag : "…")}</{tag}>.",
        AnswerFormat.Whole => "Give an answer that is not empty.",
        _ => "Give your answer alone on the last line.",
    };

    /// <summary>An answer in its format.</summary>
    public static string Print(AnswerFormat format, string answer, string tag = Tag) => format switch
    {
        AnswerFormat.Boxed => BoxOpen + answer + "}",
        AnswerFormat.Tag => $"<{tag}>{answer}</{tag}>",
        AnswerFormat.Whole => answer,
        _ => " " + answer,
    };

    /// <summary>The last complete answer, trimmed; null where there is none. <paramref name="wholeReply"/>: a plain answer may have many lines.</summary>
    public static string? Last(AnswerFormat format, string reply, bool wholeReply, string tag = Tag)
    {
        var answer = format switch
        {
            AnswerFormat.Boxed => LastBox(reply),
            AnswerFormat.Tag => LastTag(reply, $"<{tag}>", $"</{tag}>"),
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

    // An answer may hold tags of the same name: the pair that closes last counts, with all that is within it.
    private static string? LastTag(string reply, string open, string close)
    {
        var end = reply.LastIndexOf(close, StringComparison.Ordinal);
        for (var (at, depth) = (end, 1); at > 0;)
        {
            var opens = reply.LastIndexOf(open, at - 1, StringComparison.Ordinal);
            if (opens < 0) return null;
            // Every further pair that closes between has to be opened as well.
            for (var closes = reply.LastIndexOf(close, at - 1, at - opens, StringComparison.Ordinal); closes >= opens; closes = closes <= opens ? -1 : reply.LastIndexOf(close, closes - 1, closes - opens, StringComparison.Ordinal)) depth++;
            if (--depth == 0) return reply[(opens + open.Length)..end];
            at = opens;
        }
        return null;
    }

    // Boxes may hold braces. One pass with a stack of what is open; the box that closes last counts.
    private static string? LastBox(string reply)
    {
        var open = new Stack<int>();
        (int Start, int End)? last = null;
        for (var i = 0; i < reply.Length; i++)
        {
            if (reply[i] == '{') open.Push(reply.AsSpan(0, i + 1).EndsWith(BoxOpen) ? i + 1 : -1);
            else if (reply[i] == '}' && open.TryPop(out var start) && start >= 0) last = (start, i);
        }
        return last is { } box ? reply[box.Start..box.End] : null;
    }
}
