// What makes a clue lawful: one sentence, its own words, and never the word itself. Knows text only.
using System.Text;

namespace AgentArena.Games.Words;

internal static class Clue
{
    private static readonly string[] Endings = ["ing", "ers", "ies", "es", "ed", "er", "ly", "s", "e", "y"];

    /// <summary>Letters and digits in lower case, words parted by one space: equal clues are equal here.</summary>
    public static string Normal(string clue)
    {
        var text = new StringBuilder(clue.Length);
        foreach (var c in clue)
            if (char.IsLetterOrDigit(c))
                text.Append(char.ToLowerInvariant(c));
            else if (text.Length > 0 && text[^1] != ' ')
                text.Append(' ');
        return text.ToString().TrimEnd();
    }

    /// <summary>No line break, and nothing after the mark that ends it.</summary>
    public static bool IsOneSentence(string clue)
    {
        if (clue.AsSpan().IndexOfAny('\n', '\r') >= 0)
            return false;
        var body = clue.AsSpan().TrimEnd(" .!?\"'");
        for (var i = 0; i + 1 < body.Length; i++)
            if (body[i] is '.' or '!' or '?' && body[i + 1] == ' ')
                return false;
        return true;
    }

    /// <summary>Whether a word of the clue begins with the stem of the name.</summary>
    public static bool Names(string clue, string name)
    {
        var stem = Stem(name);
        foreach (var word in Normal(clue).Split(' '))
            if (word.StartsWith(stem, StringComparison.Ordinal) && word.Length - stem.Length <= 4)
                return true;
        return false;
    }

    private static string Stem(string name)
    {
        foreach (var ending in Endings)
            if (name.Length - ending.Length >= 3 && name.EndsWith(ending, StringComparison.Ordinal))
                return name[..^ending.Length];
        return name;
    }
}
