// Where a reply holds its answer. The last complete one counts, nothing is guessed; the work is bounded by the reply's length.
using AgentArena.Core.Games;

namespace AgentArena.Core.Roles;

/// <summary>Formats of answers.</summary>
public static class Answer
{
    private const string BoxOpen = @"\boxed{", TagOpen = "<answer>", TagClose = "</answer>";

    /// <summary>What a player is told about the format.</summary>
    public static string Ask(AnswerFormat format) => format switch
    {
        AnswerFormat.Boxed => @"Think step by step, then give your answer as \boxed{answer}.",
        AnswerFormat.Tag => "Think step by step, then give your answer as <answer>answer</answer>.",
        _ => "Give your answer alone on the last line.",
    };

    /// <summary>An answer in its format.</summary>
    public static string Print(AnswerFormat format, string answer) => format switch
    {
        AnswerFormat.Boxed => BoxOpen + answer + "}",
        AnswerFormat.Tag => TagOpen + answer + TagClose,
        _ => " " + answer,
    };

    /// <summary>The last complete answer, trimmed; null where there is none. <paramref name="wholeReply"/>: a plain answer may have many lines.</summary>
    public static string? Last(AnswerFormat format, string reply, bool wholeReply)
    {
        var answer = format switch
        {
            AnswerFormat.Boxed => LastBox(reply),
            AnswerFormat.Tag => LastTag(reply),
            _ => wholeReply ? reply : LastLine(reply),
        };
        return string.IsNullOrWhiteSpace(answer) ? null : answer.Trim();
    }

    private static string LastLine(string reply)
    {
        var text = reply.AsSpan().TrimEnd();
        return text[(text.LastIndexOfAny('\n', '\r') + 1)..].ToString();
    }

    private static string? LastTag(string reply)
    {
        var close = reply.LastIndexOf(TagClose, StringComparison.Ordinal);
        if (close < 0) return null;
        var open = reply.LastIndexOf(TagOpen, close, StringComparison.Ordinal);
        return open < 0 ? null : reply[(open + TagOpen.Length)..close];
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
