// Pairs of tags in a reply: the last complete one, and how many there are. Linear in the reply's length; decides nothing.
namespace AgentArena.Core.Roles;

/// <summary><c>&lt;name&gt;…&lt;/name&gt;</c> in a text.</summary>
public static class Tags
{
    /// <summary>What the last complete pair holds; null where there is none.</summary>
    public static string? Last(string text, string name)
    {
        var (open, close) = ($"<{name}>", $"</{name}>");
        var end = text.LastIndexOf(close, StringComparison.Ordinal);
        if (end < 0) return null;
        var start = text.LastIndexOf(open, end, StringComparison.Ordinal);
        return start < 0 ? null : text[(start + open.Length)..end];
    }

    /// <summary>What each pair holds, in order; a tag that is opened again before it is closed begins anew.</summary>
    public static IEnumerable<string> All(string text, string name)
    {
        var (open, close) = ($"<{name}>", $"</{name}>");
        for (var at = 0; text.IndexOf(close, at, StringComparison.Ordinal) is >= 0 and var end; at = end + close.Length)
            if (text.LastIndexOf(open, end, end - at + 1, StringComparison.Ordinal) is >= 0 and var start) yield return text[(start + open.Length)..end];
    }

    /// <summary>How many times the tag is opened and closed.</summary>
    public static (int Opened, int Closed) Count(string text, string name) => (Occurrences(text, $"<{name}>"), Occurrences(text, $"</{name}>"));

    private static int Occurrences(string text, string part)
    {
        var count = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal)) count++;
        return count;
    }
}
