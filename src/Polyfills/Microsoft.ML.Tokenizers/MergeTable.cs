// Pairs of tokens with their rank and their union, and the merging of one piece: always the pair of lowest rank, leftmost first.
namespace Microsoft.ML.Tokenizers;

internal sealed class MergeTable
{
    private readonly Dictionary<(int Left, int Right), (int Rank, int Union)> _pairs = [];

    internal MergeTable(IEnumerable<string>? merges, IReadOnlyDictionary<string, int> vocabulary)
    {
        int rank = 0;
        foreach (string merge in merges ?? [])
        {
            if (!BpeOptions.TrySplit(merge, out (string Left, string Right) parts))
            {
                throw new InvalidOperationException($"merge {rank}: '{merge}' is no merge. Right would be two tokens with one space between.");
            }
            _pairs.Add((Id(parts.Left), Id(parts.Right)), (rank++, Id(parts.Left + parts.Right)));
        }

        int Id(string token) => vocabulary.TryGetValue(token, out int id)
            ? id
            : throw new InvalidOperationException($"Trying to merge a token '{token}' which not exist in the vocabulary.");
    }

    /// <summary>A run of symbols: the token and how many units (bytes or chars) it spans.</summary>
    internal readonly record struct Symbol(int Id, int Length);

    /// <summary>Merges in O(n log n): a chain of live symbols and a queue of candidate pairs, stale ones dropped when they surface.</summary>
    internal List<Symbol> Merge(ReadOnlySpan<Symbol> start)
    {
        int n = start.Length;
        Symbol[] symbols = start.ToArray();
        int[] next = new int[n], previous = new int[n];
        var queue = new PriorityQueue<(int At, int Left, int Right), (int Rank, int At)>();
        for (int i = 0; i < n; i++)
        {
            (next[i], previous[i]) = (i + 1, i - 1);
        }
        for (int i = 0; i + 1 < n; i++)
        {
            Offer(i);
        }
        while (queue.TryDequeue(out (int At, int Left, int Right) pair, out _))
        {
            int right = next[pair.At];
            if (symbols[pair.At].Length == 0 || symbols[pair.At].Id != pair.Left || right >= n || symbols[right].Id != pair.Right)
            {
                continue;       // one of the two was merged away meanwhile
            }
            symbols[pair.At] = new Symbol(_pairs[(pair.Left, pair.Right)].Union, symbols[pair.At].Length + symbols[right].Length);
            symbols[right] = default;
            next[pair.At] = next[right];
            if (next[pair.At] < n)
            {
                previous[next[pair.At]] = pair.At;
                Offer(pair.At);
            }
            if (previous[pair.At] >= 0)
            {
                Offer(previous[pair.At]);
            }
        }
        List<Symbol> merged = [];
        for (int i = 0; i < n; i = next[i])
        {
            merged.Add(symbols[i]);
        }
        return merged;

        void Offer(int at)
        {
            (int, int) pair = (symbols[at].Id, symbols[next[at]].Id);
            if (_pairs.TryGetValue(pair, out (int Rank, int Union) found))
            {
                queue.Enqueue((at, pair.Item1, pair.Item2), (found.Rank, at));
            }
        }
    }
}
