// Where a reply of a player holds its answer, once its thoughts are taken off. Forgives what servers and templates do
// to the marks.
using AgentArena.Core.Play;

namespace AgentArena.Core.Roles;

/// <summary>The answer in a reply. The last complete one counts; one within a thought is none.</summary>
public static class ReplyText
{
    private const string Box = @"\boxed";

    /// <summary>The answer, trimmed; null where there is none.</summary>
    /// <param name="format">How it is marked.</param>
    /// <param name="reply">The whole reply.</param>
    /// <param name="free">Whether any words may be an answer: what is thought within it is its own then.</param>
    /// <param name="tag">The tag of format <see cref="AnswerFormat.Tag"/>.</param>
    public static string? Answer(AnswerFormat format, string reply, bool free, string tag)
    {
        // A whole reply in free words is the game's to read, thoughts and all.
        if (free && format == AnswerFormat.Whole)
            return Some(MoveText.WithoutEnd(reply));
        if (Thoughts.Without(reply, leading: free) is not { } spoken)
            return null;
        if (free && format == AnswerFormat.Plain)
            return Some(MoveText.WithoutEnd(reply));
        return Some(
            format switch
            {
                AnswerFormat.Boxed => LastBox(spoken),
                AnswerFormat.Tag => LastTag(spoken, tag),
                AnswerFormat.Whole => spoken,
                _ => LastLine(spoken),
            }
        );
    }

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    // A closing fence or a rule below the move says nothing.
    private static string LastLine(string spoken)
    {
        var text = MoveText.WithoutEnd(spoken).AsSpan();
        while (true)
        {
            text = text.TrimEnd();
            var start = text.LastIndexOfAny('\n', '\r') + 1;
            if (start == 0 || text[start..].Trim("`-*_ ").Length > 0)
                return text[start..].ToString();
            text = text[..start];
        }
    }

    // Case does not matter. Where no tag was closed, a stop string may have eaten the last closing one.
    private static string? LastTag(string spoken, string tag)
    {
        var (open, close) = ($"<{tag}>", $"</{tag}>");
        if (spoken.Contains(close, StringComparison.OrdinalIgnoreCase))
            return Roles.Answer.Last(AnswerFormat.Tag, Lower(spoken, tag), wholeReply: false, tag);
        var at = spoken.LastIndexOf(open, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : MoveText.WithoutEnd(spoken[(at + open.Length)..]);
    }

    private static string Lower(string spoken, string tag) =>
        spoken
            .Replace($"<{tag}>", $"<{tag}>", StringComparison.OrdinalIgnoreCase)
            .Replace($"</{tag}>", $"</{tag}>", StringComparison.OrdinalIgnoreCase);

    // Boxes may hold braces; those with a backslash are signs. One pass with a stack of what is open; the box that
    // closes last counts.
    private static string? LastBox(string spoken)
    {
        var open = new Stack<int>();
        (int Start, int End)? last = null;
        for (var i = 0; i < spoken.Length; i++)
        {
            if (spoken[i] == '\\' && i + 1 < spoken.Length && spoken[i + 1] is '{' or '}' or '\\')
                i++;
            else if (spoken[i] == '{')
                open.Push(spoken.AsSpan(0, i).TrimEnd().EndsWith(Box) ? i + 1 : -1);
            else if (spoken[i] == '}' && open.TryPop(out var start) && start >= 0)
                last = (start, i);
        }
        return last is { } box ? spoken[box.Start..box.End] : null;
    }
}
