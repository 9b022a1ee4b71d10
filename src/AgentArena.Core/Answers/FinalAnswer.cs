// Where a worked solution holds its final answer. Knows the marks people use; never what the right answer is. Linear, total.
using System.Text.RegularExpressions;
using AgentArena.Core.Roles;

namespace AgentArena.Core.Answers;

/// <summary>Finds the final answer of a reply.</summary>
public static partial class FinalAnswer
{
    private static readonly string[] Phrases = ["answer is", "answer:", "answer =", "answers are"];

    /// <summary>
    /// The last complete mark of the strongest kind: <c>\boxed{…}</c>, then <c>&lt;answer&gt;…&lt;/answer&gt;</c>, then <c>#### …</c>, then
    /// "answer is …"; null where there is none of them.
    /// </summary>
    public static string? Marked(string reply)
    {
        if (reply.Contains("box{", StringComparison.Ordinal)) reply = reply.Replace(@"\fbox{", @"\boxed{").Replace(@"\framebox{", @"\boxed{");
        return Answer.Last(AnswerFormat.Boxed, reply, wholeReply: false) ?? Answer.Last(AnswerFormat.Tag, reply, wholeReply: false) ?? Hashes(reply) ?? Phrase(reply);
    }

    /// <summary>The marked answer, or else the last number; null where there is neither.</summary>
    public static string? Last(string reply) => Marked(reply) ?? (Number().Matches(reply) is [.., var last] ? last.Value : null);

    private static string? Hashes(string reply)
    {
        var at = reply.LastIndexOf("####", StringComparison.Ordinal);
        return at < 0 ? null : Kept(FirstLine(reply.AsSpan(at + 4)));
    }

    private static string? Phrase(string reply)
    {
        int at = -1, length = 0;
        foreach (var phrase in Phrases)
        {
            var found = reply.LastIndexOf(phrase, StringComparison.OrdinalIgnoreCase);
            if (found > at) (at, length) = (found, phrase.Length);
        }
        if (at < 0) return null;
        var rest = FirstLine(reply.AsSpan(at + length).TrimStart(": \n\r\t"));
        var end = rest.IndexOf(". ");
        return Kept(end < 0 ? rest : rest[..end]);
    }

    private static ReadOnlySpan<char> FirstLine(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        var end = text.IndexOfAny('\n', '\r');
        return end < 0 ? text : text[..end];
    }

    private static string? Kept(ReadOnlySpan<char> text)
    {
        text = text.Trim().Trim('*').TrimEnd('.').Trim();
        return text.IsEmpty ? null : text.ToString();
    }

    [GeneratedRegex(@"-?\$?(\d+(,\d\d\d)*(\.\d+)?|\.\d+)(/\d+)?%?", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
