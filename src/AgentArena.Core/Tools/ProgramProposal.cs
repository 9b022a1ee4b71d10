// What a reply proposes or answers: its labelled blocks. The last complete one counts; work is linear in the reply's length. Judges nothing.
using System.Collections.Immutable;

namespace AgentArena.Core.Tools;

/// <summary>Labelled blocks of a reply: a line of three backticks and a label, lines, a line of three backticks.</summary>
public static class ProgramProposal
{
    /// <summary>Longest text of a block that is read; longer ones are as if absent.</summary>
    public const int MaxLength = 16_384;

    private const string Fence = "```";

    /// <summary>A program and its arguments, for deduction and abduction; a null program comes with the fault.</summary>
    public sealed record Single(string? Program, string? Input, string? Fault);

    /// <summary>Arguments to show a given program at work, and a hint; null inputs come with the fault.</summary>
    public sealed record Many(ImmutableArray<string>? Inputs, string? Message, string? Fault);

    /// <summary>The last block labelled <paramref name="label"/> (in any case), without surrounding blank lines; null where there is none.</summary>
    public static string? Last(string reply, string label) => All(reply, label) is [.., var last] ? last : null;

    /// <summary>All blocks labelled <paramref name="label"/>, in their order.</summary>
    public static ImmutableArray<string> All(string reply, string label)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        int start = -1;
        var wanted = false;
        for (var at = 0; at < reply.Length;)
        {
            var end = reply.IndexOf('\n', at);
            if (end < 0) end = reply.Length;
            var line = reply.AsSpan(at, end - at).Trim();
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                if (start < 0)
                {
                    start = Math.Min(end + 1, reply.Length);
                    wanted = line[Fence.Length..].Trim().Equals(label, StringComparison.OrdinalIgnoreCase);
                }
                else if (line.Length == Fence.Length)
                {
                    if (wanted && at - start is > 0 and <= MaxLength) found.Add(Trimmed(reply.AsSpan(start, at - start)));
                    start = -1;
                }
            }
            at = end + 1;
        }
        return found.ToImmutable();
    }

    /// <summary>Reads a proposal for deduction or abduction.</summary>
    public static Single ReadSingle(string reply)
    {
        if (Last(reply, "python") is not { Length: > 0 } program) return new(null, null, "No program was found. Give it as lines between ```python and ```.");
        if (Last(reply, "input") is not { } input) return new(null, null, "No input was found. Give it as lines between ```input and ```.");
        return new(program, input, null);
    }

    /// <summary>Reads a proposal for induction: exactly <paramref name="count"/> inputs and a message.</summary>
    public static Many ReadMany(string reply, int count)
    {
        var inputs = All(reply, "input");
        if (inputs.Length != count) return new(null, null, $"{inputs.Length} inputs were found; exactly {count} are asked for, each as lines between ```input and ```.");
        if (Last(reply, "message") is not { Length: > 0 } message) return new(null, null, "No message was found. Give it as lines between ```message and ```.");
        return new(inputs, message, null);
    }

    private static string Trimmed(ReadOnlySpan<char> block) => block.TrimEnd().TrimStart("\r\n").ToString().Replace("\r\n", "\n");
}
