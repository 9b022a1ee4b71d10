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
        var cut = Pieces(options.SingleDigits);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in corpus)
        foreach (Match piece in cut.Matches(text))
            counts[ByteAlphabet.Spell(piece.Value)] = counts.GetValueOrDefault(ByteAlphabet.Spell(piece.Value)) + 1;
        var merging = new Merging(counts);

        // Room is kept for the listed texts, since a move of one token is sampled in one step.
        var pieces = whole
            .Distinct(StringComparer.Ordinal)
            .SelectMany(t => cut.Matches(t).Select(m => ByteAlphabet.Spell(m.Value)))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var room = options.Vocabulary - least;
        merging.Frequent(room - Math.Min(room, pieces.Sum(p => Math.Max(0, p.Length - 1))), options.LeastCount);
        foreach (var piece in pieces)
            merging.Whole(piece, room);
        merging.Frequent(room, options.LeastCount);
        return new Vocabulary(merging.Merges);
    }

    // The merges so far, and the words of the corpus as they cut them.
    private sealed class Merging(SortedDictionary<string, int> counts)
    {
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);
        private readonly List<(List<string> Parts, int Count)> _words =
        [
            .. counts.Select(c => (c.Key.Select(ch => ch.ToString()).ToList(), c.Value)),
        ];

        public List<(string Left, string Right)> Merges { get; } = [];

        /// <summary>Merges the most frequent neighbours, up to so many merges.</summary>
        public void Frequent(int most, int leastCount)
        {
            while (Merges.Count < most && Best() is ({ } pair, var count) && count >= leastCount)
                Apply(pair);
        }

        /// <summary>Merges a piece from its beginning, until it is one token or there are so many merges.</summary>
        public void Whole(string piece, int most)
        {
            var parts = piece.Select(ch => ch.ToString()).ToList();
            foreach (var merge in Merges)
                Merge(parts, merge);
            while (parts.Count > 1 && Merges.Count < most)
            {
                var at = Enumerable
                    .Range(0, parts.Count - 1)
                    .FirstOrDefault(i => !_known.Contains(parts[i] + parts[i + 1]), -1);
                if (at < 0)
                    break;
                var pair = (parts[at], parts[at + 1]);
                Apply(pair);
                Merge(parts, pair);
            }
        }

        private void Apply((string Left, string Right) pair)
        {
            Merges.Add(pair);
            _known.Add(pair.Left + pair.Right);
            foreach (var (parts, _) in _words)
                Merge(parts, pair);
        }

        private ((string, string)?, int) Best()
        {
            var pairs = new Dictionary<(string, string), int>();
            foreach (var (parts, n) in _words)
                for (var i = 1; i < parts.Count; i++)
                    pairs[(parts[i - 1], parts[i])] = pairs.GetValueOrDefault((parts[i - 1], parts[i])) + n;
            ((string, string)? Pair, int Count) best = (null, 0);
            foreach (var (pair, n) in pairs)
            {
                // Two ways to spell one token would make its id ambiguous; ties go to the smaller spelling, so that
                // order does not matter.
                if (n < best.Count || _known.Contains(pair.Item1 + pair.Item2))
                    continue;
                if (n > best.Count || best.Pair is null || Compare(pair, best.Pair.Value) < 0)
                    best = (pair, n);
            }
            return best;
        }

        private static int Compare((string A, string B) x, (string A, string B) y) =>
            string.CompareOrdinal(x.A, y.A) is not 0 and var c ? c : string.CompareOrdinal(x.B, y.B);

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
    }

    [GeneratedRegex(@" ?[^\s]+|\s")]
    private static partial Regex WordPieces();

    [GeneratedRegex(@" ?[^\s0-9]+|[0-9]|\s")]
    private static partial Regex DigitPieces();
}
