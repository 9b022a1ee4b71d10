// What a reply proposes or answers: its labelled blocks. The last complete one counts; work is linear in the reply's
// length. Judges nothing.
using System.Collections.Immutable;
using AgentArena.Core.Play;

namespace AgentArena.Games.Python;

/// <summary>
/// Labelled blocks of a reply: three backticks and a label, a text, three backticks. They are read where models put
/// them: the label may be followed by a colon or by the text itself, the closing fence may end the text's last line or
/// have words after it, a fence that was left open ends where the next labelled one begins. What Absolute Zero's own
/// expressions take is taken. Thoughts hold no block.
/// </summary>
public static class ProgramProposal
{
    /// <summary>Longest text of a block that is read; longer ones are as if absent.</summary>
    public const int MaxLength = 16_384;

    private const string Fence = "```",
        Python = "python";
    private static readonly string[] Labels = [Python, "input", "output", "message", "error"];

    /// <summary>
    /// A program and its arguments, for deduction and abduction; a null program comes with the fault.
    /// </summary>
    public sealed record Single(string? Program, string? Input, string? Fault);

    /// <summary>Arguments to show a given program at work, and a hint; null inputs come with the fault.</summary>
    public sealed record Many(ImmutableArray<string>? Inputs, string? Message, string? Fault);

    /// <summary>
    /// The last block labelled <paramref name="label"/> (in any case), without surrounding blank lines; null where
    /// there is none.
    /// </summary>
    public static string? Last(string reply, string label) => All(reply, label) is [.., var last] ? last : null;

    /// <summary>
    /// All blocks labelled <paramref name="label"/>, in their order; <c>python3</c> and <c>py</c> are <c>python</c>.
    /// </summary>
    public static ImmutableArray<string> All(string reply, string label)
    {
        if (Thoughts.Without(reply) is not { } text)
            return [];
        var found = ImmutableArray.CreateBuilder<string>();
        var fences = Fences(text);
        var closings = Closings(fences);
        for (var i = 0; i < fences.Count; )
        {
            var (open, closed) = (fences[i], closings[i]);
            if (
                closed < fences.Count
                && string.Equals(open.Label, label, StringComparison.OrdinalIgnoreCase)
                && fences[closed].Start - open.Text is > 0 and <= MaxLength
            )
                found.Add(Trimmed(text[open.Text..fences[closed].Start]));
            // A fence that opens a labelled block closes the one before it, and opens its own.
            i = closed < fences.Count && fences[closed].Opens ? closed : closed + 1;
        }
        return found.ToImmutable();
    }

    /// <summary>Reads a proposal for deduction or abduction.</summary>
    public static Single ReadSingle(string reply)
    {
        if (Last(reply, "python") is not { Length: > 0 } program)
            return new(null, null, "No program was found. Give it as lines between ```python and ```.");
        if (Last(reply, "input") is not { } input)
            return new(null, null, "No input was found. Give it as lines between ```input and ```.");
        return new(program, input, null);
    }

    /// <summary>Reads a proposal for induction: exactly <paramref name="count"/> inputs and a message.</summary>
    public static Many ReadMany(string reply, int count)
    {
        var inputs = All(reply, "input");
        if (inputs.Length != count)
            return new(
                null,
                null,
                $"{inputs.Length} inputs were found; exactly {count} are asked for, each as lines between ```input and ```."
            );
        if (Last(reply, "message") is not { Length: > 0 } message)
            return new(null, null, "No message was found. Give it as lines between ```message and ```.");
        return new(inputs, message, null);
    }

    // A run of backticks: where it starts, where a block's text would begin after it, its label, and what it can be.
    private sealed record Mark(int Start, int Text, string Label, bool Opens, bool Closes);

    private static List<Mark> Fences(string text)
    {
        var marks = new List<Mark>();
        int line = 0,
            first = 0,
            end = -1; // where the line begins, its first sign that is no blank, and where it ends
        for (
            var at = text.IndexOf(Fence, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(Fence, at, StringComparison.Ordinal)
        )
        {
            while (at > end)
            {
                line = end + 1;
                end = text.IndexOf('\n', line);
                if (end < 0)
                    end = text.Length;
                first = line + text.AsSpan(line, end - line).IndexOfAnyExcept(" \t");
            }
            var start = at;
            while (at < text.Length && text[at] == '`')
                at++;
            var rest = text.AsSpan(at, end - at);
            var word = Word(rest);
            var label = Known(word);
            var known = Labels.Contains(label);
            // Of an unknown language the whole line is its name; after a known label the text itself may begin.
            var begin = at + (rest.Length - rest.TrimStart().Length) + word.Length;
            if (known && text.AsSpan(begin, end - begin).TrimStart() is [':', .. var said])
                begin = end - said.Length;
            if (!known || label == Python && !Code(text.AsSpan(begin, end - begin)))
                begin = end;
            marks.Add(new Mark(start, begin, label, known, start == first || rest.IsWhiteSpace()));
        }
        return marks;
    }

    // Whether what follows the label is program already, or says something about the block.
    private static bool Code(ReadOnlySpan<char> rest)
    {
        rest = rest.Trim();
        foreach (var word in (ReadOnlySpan<string>)["def ", "import ", "from ", "class ", "@", "f=", "f ="])
            if (rest.StartsWith(word, StringComparison.Ordinal))
                return true;
        return rest.Contains(Fence, StringComparison.Ordinal);
    }

    // The fence that closes each block. A value ends at the next one, wherever it stands. A program may have backticks
    // in its texts: it ends at the first that opens another block or stands at the beginning or the end of its line;
    // where there is none, at the next.
    private static int[] Closings(List<Mark> fences)
    {
        var closings = new int[fences.Count];
        for (int i = fences.Count - 1, clear = fences.Count; i >= 0; i--)
        {
            closings[i] = fences[i].Opens && fences[i].Label != Python || clear == fences.Count ? i + 1 : clear;
            if (fences[i].Opens || fences[i].Closes)
                clear = i;
        }
        return closings;
    }

    private static string Word(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart();
        var end = 0;
        while (end < rest.Length && (char.IsAsciiLetterOrDigit(rest[end]) || rest[end] is '_' or '+' or '#' or '-'))
            end++;
        return end == rest.Length || char.IsWhiteSpace(rest[end]) || rest[end] is ':' or '`'
            ? rest[..end].ToString()
            : "";
    }

    private static string Known(string word) =>
        word.ToLowerInvariant() is var label && label is "py" or "python3" ? Python : label;

    // Without blank lines around it, and without the indent that all its lines have in a list item.
    private static string Trimmed(string block)
    {
        var lines = block.Replace("\r\n", "\n").TrimEnd().Split('\n').SkipWhile(string.IsNullOrWhiteSpace).ToArray();
        if (lines.Length == 0)
            return "";
        var indent = lines.Where(l => !string.IsNullOrWhiteSpace(l)).Min(l => l.Length - l.TrimStart(' ', '\t').Length);
        return string.Join('\n', lines.Select(l => l.Length >= indent ? l[indent..] : l.TrimStart()));
    }
}
