// Names that nobody has heard of: put together from syllables, so that nothing a model knows of the real world helps
// it.
using System.Collections.Immutable;
using AgentArena.Core;

namespace AgentArena.Games.Documents;

/// <summary>Where the names of a world come from.</summary>
public enum Naming
{
    /// <summary>A fixed list, dealt anew in every world: a small vocabulary holds each name as one token.</summary>
    Lexicon,

    /// <summary>Made anew in every world.</summary>
    Syllables,
}

/// <summary>Makers of names.</summary>
internal static class NamePool
{
    /// <summary>The longest fixed list.</summary>
    public const int Most = 500;

    private const string Consonants = "bdfgklmnprstvz",
        Vowels = "aeiou";

    private static readonly ImmutableArray<string> Fixed = Draw(
        new RandomStream(RandomStream.Derive(0, "lexicon")),
        Most,
        syllables: (2, 2)
    );

    /// <summary>The first names of the fixed list, all of four letters.</summary>
    public static ImmutableArray<string> Lexicon(int count) => Fixed[..count];

    /// <summary>Distinct names of two to four syllables with a capital.</summary>
    public static ImmutableArray<string> Fresh(RandomStream stream, int count) =>
        [.. Draw(stream, count, (2, 4)).Select(n => char.ToUpperInvariant(n[0]) + n[1..])];

    private static ImmutableArray<string> Draw(RandomStream stream, int count, (int Least, int Most) syllables)
    {
        var names = new List<string>(count);
        var taken = new HashSet<string>(Relation.All.Select(r => r.Name), StringComparer.Ordinal);
        Span<char> letters = stackalloc char[2 * syllables.Most];
        while (names.Count < count)
        {
            var length = 2 * (syllables.Least + stream.Next(syllables.Most - syllables.Least + 1));
            for (var i = 0; i < length; i++)
                letters[i] =
                    i % 2 == 0 ? Consonants[stream.Next(Consonants.Length)] : Vowels[stream.Next(Vowels.Length)];
            var name = letters[..length].ToString();
            // No name within another: a question that names one must not seem to name the other.
            if (
                names.TrueForAll(n =>
                    !n.Contains(name, StringComparison.Ordinal) && !name.Contains(n, StringComparison.Ordinal)
                ) && taken.Add(name)
            )
                names.Add(name);
        }
        return [.. names];
    }
}
