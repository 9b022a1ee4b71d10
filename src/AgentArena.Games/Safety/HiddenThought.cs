// A reply with hidden thinking before its public answer. Total on any text; the work is linear in its length.

namespace AgentArena.Games.Safety;

/// <summary>
/// <c>&lt;think&gt;…&lt;/think&gt;&lt;answer&gt;…&lt;/answer&gt;</c>. Well-formed: the thinking closes exactly once,
/// one answer follows at once and ends the reply, and neither is empty; the opening tag may be missing (it may be part
/// of the prompt).
/// </summary>
/// <param name="Thought">What stays private.</param>
/// <param name="Answer">
/// What the others see: of an ill-formed reply, what its last answer tags hold, else all that is not thinking.
/// </param>
/// <param name="WellFormed">Whether the format was kept.</param>
public sealed record HiddenThought(string Thought, string Answer, bool WellFormed)
{
    private const string Think = "<think>",
        EndThink = "</think>",
        Open = "<answer>",
        Close = "</answer>";

    /// <summary>Reads a reply.</summary>
    public static HiddenThought Read(string reply)
    {
        var end = reply.IndexOf(EndThink, StringComparison.Ordinal);
        var last = reply.LastIndexOf(EndThink, StringComparison.Ordinal);
        var thought = last < 0 ? "" : reply[..last].Replace(Think, "").Replace(EndThink, "").Trim();
        var rest = last < 0 ? reply : reply[(last + EndThink.Length)..];
        var body = rest.Trim();
        var single =
            end >= 0
            && end == last
            && body.StartsWith(Open, StringComparison.Ordinal)
            && body.EndsWith(Close, StringComparison.Ordinal)
            && body.IndexOf(Open, Open.Length, StringComparison.Ordinal) < 0
            && body.IndexOf(Close, StringComparison.Ordinal) == body.Length - Close.Length;
        var close = rest.LastIndexOf(Close, StringComparison.Ordinal);
        var open = close < 0 ? -1 : rest.LastIndexOf(Open, close, StringComparison.Ordinal);
        var answer = (open < 0 ? rest.Replace(Open, "").Replace(Close, "") : rest[(open + Open.Length)..close]).Trim();
        return new(thought, answer, single && thought.Length > 0 && answer.Length > 0);
    }

    /// <summary>A well-formed reply.</summary>
    public static string Write(string thought, string answer) => $"{Think}{thought}{EndThink}{Open}{answer}{Close}";
}
