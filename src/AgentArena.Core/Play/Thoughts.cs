// Where a reply ends thinking and begins to speak. Knows the marks that reasoning models put around their thoughts.
// Linear, total.
using System.Text;

namespace AgentArena.Core.Play;

/// <summary>
/// Thoughts are what stands between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c> or their likes, or before a closing
/// mark whose opening one was part of the prompt. What is thought is no answer; a thought that was never finished
/// leaves none.
/// </summary>
public static class Thoughts
{
    private static readonly (string Open, string Close)[] Marks =
    [
        ("<think>", "</think>"),
        ("<thinking>", "</thinking>"),
        ("<thought>", "</thought>"),
        ("<reasoning>", "</reasoning>"),
        ("<seed:think>", "</seed:think>"),
        ("[THINK]", "[/THINK]"),
        ("◁think▷", "◁/think▷"),
    ];

    /// <summary>What is spoken; null where the reply ends within a thought.</summary>
    /// <param name="reply">The whole reply.</param>
    /// <param name="leading">
    /// Whether only the thought that the reply begins with is taken off; what stands within the answer is the answer's
    /// own then.
    /// </param>
    public static string? Without(string reply, bool leading = false)
    {
        if (reply.AsSpan().IndexOfAny('<', '[', '◁') < 0)
            return reply;
        var spoken = new StringBuilder();
        int depth = 0,
            from = 0;
        var own = false; // within a thought that belongs to the answer
        for (var at = 0; at < reply.Length; at++)
        {
            if (reply[at] is not ('<' or '[' or '◁') || Mark(reply.AsSpan(at)) is not { Length: > 0 } mark)
                continue;
            var end = at + mark.Length;
            if (mark.Opens)
            {
                if (depth++ == 0)
                {
                    spoken.Append(reply, from, at - from);
                    own = leading && !IsBlank(spoken);
                    from = at;
                }
            }
            else if (depth > 0)
            {
                if (--depth == 0)
                {
                    if (own)
                        spoken.Append(reply, from, end - from);
                    from = end;
                }
            }
            else
            {
                spoken.Clear(); // its opening mark was part of the prompt
                from = end;
            }
            at = end - 1;
        }
        return depth > 0 ? null : spoken.Append(reply, from, reply.Length - from).ToString();
    }

    private static (int Length, bool Opens) Mark(ReadOnlySpan<char> text)
    {
        foreach (var (open, close) in Marks)
        {
            if (text.StartsWith(open, StringComparison.OrdinalIgnoreCase))
                return (open.Length, true);
            if (text.StartsWith(close, StringComparison.OrdinalIgnoreCase))
                return (close.Length, false);
        }
        return default;
    }

    private static bool IsBlank(StringBuilder text)
    {
        for (var i = 0; i < text.Length; i++)
            if (!char.IsWhiteSpace(text[i]))
                return false;
        return true;
    }
}
