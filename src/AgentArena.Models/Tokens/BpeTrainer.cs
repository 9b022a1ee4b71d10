// Learns merges from text: the most frequent neighbours first. Knows frequencies, never what the text is about.
using System.Text.RegularExpressions;

namespace AgentArena.Models.Tokens;

/// <summary>How text is cut and how large the vocabulary may grow.</summary>
public sealed record TokenizerOptions
{
    /// <summary>
    /// The most ids; at least the special tokens and 256 bytes. Fewer are made where the text repeats little.
    /// </summary>
    public int Vocabulary { get; init; } = 512;

    /// <summary>How often two neighbours must meet before they are merged.</summary>
    public int LeastCount { get; init; } = 2;

    /// <summary>Whether each digit stays a token of its own (arithmetic wants it).</summary>
    public bool SingleDigits { get; init; }
}

/// <summary>
/// Byte-level BPE training (Sennrich et al. 2016), with listed texts brought to one token where the cut allows it.
/// </summary>
public static partial class BpeTrainer
{
    /// <summary>Cuts text into pieces that no token may cross. The pieces together are the text.</summary>
    public static Regex Pieces(bool singleDigits) => singleDigits ? DigitPieces() : WordPieces();

    /// <summary>Learns a vocabulary.</summary>
    /// <param name="corpus">Text as the model will see it; repeats count.</param>
    /// <param name="whole">Texts that should become one token, the first in the list first.</param>
    /// <param name="options">Size and cut.</param>
    public static Vocabulary Train(IEnumerable<string> corpus, IEnumerable<string> whole, TokenizerOptions options)
    {
        var least = Tokens.Vocabulary.Specials.Count + 256;
        if (options.Vocabulary < least)
            throw new ArgumentException(
                $"vocabulary: {options.Vocabulary} is too small for {least} special tokens and bytes. Give at least {least}."
            );
        var wanted = whole.Distinct(StringComparer.Ordinal).ToList();
        var cut = Pieces(options.SingleDigits);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in corpus)
        foreach (Match piece in cut.Matches(text))
            counts[ByteAlphabet.Spell(piece.Value)] = counts.GetValueOrDefault(ByteAlphabet.Spell(piece.Value)) + 1;

        var merges = new List<(string Left, string Right)>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var words = counts.Select(c => (Parts: c.Key.Select(ch => ch.ToString()).ToList(), Count: c.Value)).ToList();

        // Room is kept for the listed texts, since a move of one token is sampled in one step.
        var pieces = wanted
            .SelectMany(t => cut.Matches(t).Select(m => ByteAlphabet.Spell(m.Value)))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var reserve = Math.Min(options.Vocabulary - least, pieces.Sum(p => Math.Max(0, p.Length - 1)));
        while (
            least + merges.Count < options.Vocabulary - reserve
            && Best(words) is ({ } pair, var count)
            && count >= options.LeastCount
        )
            Apply(pair);

        foreach (var piece in pieces)
        {
            var parts = piece.Select(ch => ch.ToString()).ToList();
            foreach (var merge in merges)
                Merge(parts, merge);
            while (parts.Count > 1 && least + merges.Count < options.Vocabulary)
            {
                var at = Enumerable
                    .Range(0, parts.Count - 1)
                    .FirstOrDefault(i => !known.Contains(parts[i] + parts[i + 1]), -1);
                if (at < 0)
                    break;
                var pair = (parts[at], parts[at + 1]);
                Apply(pair);
                Merge(parts, pair);
            }
        }
        while (
            least + merges.Count < options.Vocabulary
            && Best(words) is ({ } pair, var count)
            && count >= options.LeastCount
        )
            Apply(pair);
        return new Vocabulary(merges);

        void Apply((string, string) pair)
        {
            merges.Add(pair);
            known.Add(pair.Item1 + pair.Item2);
            foreach (var (parts, _) in words)
                Merge(parts, pair);
        }

        ((string, string)?, int) Best(List<(List<string> Parts, int Count)> from)
        {
            var pairs = new Dictionary<(string, string), int>();
            foreach (var (parts, n) in from)
                for (var i = 1; i < parts.Count; i++)
                    pairs[(parts[i - 1], parts[i])] = pairs.GetValueOrDefault((parts[i - 1], parts[i])) + n;
            ((string, string)? Pair, int Count) best = (null, 0);
            foreach (var (pair, n) in pairs)
            {
                // Two ways to spell one token would make its id ambiguous; ties go to the smaller spelling, so that
                // order does not matter.
                if (n < best.Count || known.Contains(pair.Item1 + pair.Item2))
                    continue;
                if (n > best.Count || best.Pair is null || Compare(pair, best.Pair.Value) < 0)
                    best = (pair, n);
            }
            return best;
        }

        static int Compare((string A, string B) x, (string A, string B) y) =>
            string.CompareOrdinal(x.A, y.A) is not 0 and var c ? c : string.CompareOrdinal(x.B, y.B);
    }

    private static void Merge(List<string> parts, (string Left, string Right) pair)
    {
        for (var i = 0; i + 1 < parts.Count; i++)
        {
            if (parts[i] != pair.Left || parts[i + 1] != pair.Right)
                continue;
            parts[i] += parts[i + 1];
            parts.RemoveAt(i + 1);
        }
    }

    [GeneratedRegex(@" ?[^\s]+|\s")]
    private static partial Regex WordPieces();

    [GeneratedRegex(@" ?[^\s0-9]+|[0-9]|\s")]
    private static partial Regex DigitPieces();
}
