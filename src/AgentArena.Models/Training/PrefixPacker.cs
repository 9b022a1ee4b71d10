// Rows to token positions, each computed once: equal beginnings are merged into a tree, and the tree is cut into packs.
// Plain numbers, no tensor.
using System.Collections.Immutable;
using AgentArena.Core.Models;

namespace AgentArena.Models.Training;

/// <summary>A run of queries that are attended together.</summary>
/// <param name="Queries">Token positions [First, First + Count) of the pass.</param>
/// <param name="Needed">Decisions [First, First + Count) whose position lies in this pack.</param>
/// <param name="Keys">Positions that any of the queries sees.</param>
/// <param name="Mask">[queries, keys]: 0 where the query sees the key, else minus infinity.</param>
/// <param name="NeededMask">The same for the needed ones, [decisions, keys].</param>
internal sealed record Pack(
    (int First, int Count) Queries,
    (int First, int Count) Needed,
    long[] Keys,
    float[] Mask,
    float[] NeededMask
);

/// <summary>One distribution that tokens were drawn from.</summary>
/// <param name="Position">Place in the pass of the token before it.</param>
/// <param name="Allowed">Its mask; default where free.</param>
/// <param name="Temperature">Divides the logits.</param>
internal sealed record Decision(int Position, ImmutableArray<int> Allowed, float Temperature);

/// <summary>What one pass computes, and which sampled token belongs to which decision.</summary>
internal sealed class MergedRows
{
    /// <summary>Token ids, [n].</summary>
    public required long[] Ids { get; init; }

    /// <summary>Places in their sequences, [n].</summary>
    public required long[] Places { get; init; }

    /// <summary>Packs that cover all positions.</summary>
    public required List<Pack> Packs { get; init; }

    /// <summary>Distinct decisions, in order of their packs.</summary>
    public required Decision[] Decisions { get; init; }

    /// <summary>For each sampled token of the pass, its decision.</summary>
    public required int[] TokenDecisions { get; init; }

    /// <summary>For each sampled token of the pass, its id.</summary>
    public required int[] TokenIds { get; init; }

    /// <summary>Rows [First, First + Count) of the batch are in this pass, and so are their tokens in order.</summary>
    public required (int First, int Count) Rows { get; init; }
}

/// <summary>Builds a <see cref="MergedRows"/>.</summary>
internal sealed class PrefixPacker
{
    private const int OnePack = 128 * 128,
        SmallPack = 32 * 32;
    private readonly List<(int Parent, int Id, int Place)> _nodes = [];
    private readonly Dictionary<long, int> _children = [];
    private readonly Dictionary<RowKey, int[]> _paths = [];
    private readonly List<int[]> _order = [];
    private readonly List<Decision> _decisions = [];
    private readonly List<List<int>?> _decisionsAt = [];
    private readonly List<int> _tokenDecisions = [],
        _tokenIds = [];
    private readonly bool _merge;

    private PrefixPacker(bool merge) => _merge = merge;

    /// <summary>Merges rows from <paramref name="first"/> on until a pass is full (at least one row).</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="first">The first of this pass.</param>
    /// <param name="most">The most positions of a pass.</param>
    /// <param name="merge">Off: every row is computed by itself. Same gradient, for checks.</param>
    /// <param name="together">Rows of one group stay in one pass, however large.</param>
    public static MergedRows Merge(
        ImmutableArray<TrainingRow> rows,
        int first,
        int most,
        bool merge = true,
        bool together = false
    )
    {
        var build = new PrefixPacker(merge);
        var next = first;
        for (
            ;
            next < rows.Length
                && (
                    next == first
                    || build._nodes.Count + rows[next].Prompt.Length + rows[next].Tokens.Length <= most
                    || merge && build._paths.ContainsKey(new(rows[next]))
                    || together && rows[next].Group == rows[next - 1].Group
                );
            next++
        )
            build.Add(rows[next], next);
        return build.Finish((first, next - first));
    }

    private void Add(TrainingRow row, int index)
    {
        if (row.Prompt.IsDefaultOrEmpty)
            throw new ArgumentException($"rows[{index}]: has no prompt. A reply needs at least one id before it.");
        if (
            row.LogProbs.Length != row.Tokens.Length
            || row.Weights.Length != row.Tokens.Length
            || (!row.Allowed.IsDefault && row.Allowed.Length != row.Tokens.Length)
        )
            throw new ArgumentException(
                $"rows[{index}]: {row.Tokens.Length} tokens, {row.LogProbs.Length} log-probabilities, {row.Weights.Length} weights and {(row.Allowed.IsDefault ? "no" : row.Allowed.Length)} masks do not match. Give one of each a token."
            );
        if (row.Tokens.IsEmpty)
            return;
        var key = new RowKey(row);
        if (!_merge || !_paths.TryGetValue(key, out var path))
        {
            path = Path(row);
            _order.Add(path);
            if (_merge)
                _paths.Add(key, path);
        }
        for (var t = 0; t < row.Tokens.Length; t++)
        {
            _tokenDecisions.Add(
                DecisionAt(
                    path[row.Prompt.Length - 1 + t],
                    row.Allowed.IsDefault ? default : row.Allowed[t],
                    row.Temperature > 0 ? row.Temperature : 1
                )
            );
            _tokenIds.Add(row.Tokens[t]);
        }
    }

    private int[] Path(TrainingRow row)
    {
        var path = new int[row.Prompt.Length + row.Tokens.Length - 1];
        var parent = -1;
        for (var i = 0; i < path.Length; i++)
        {
            var id = i < row.Prompt.Length ? row.Prompt[i] : row.Tokens[i - row.Prompt.Length];
            var edge = ((long)(parent + 1) << 32) | (uint)id;
            if (!_merge || !_children.TryGetValue(edge, out var node))
            {
                node = _nodes.Count;
                _nodes.Add((parent, id, i));
                _decisionsAt.Add(null);
                if (_merge)
                    _children.Add(edge, node);
            }
            path[i] = parent = node;
        }
        return path;
    }

    private int DecisionAt(int node, ImmutableArray<int> allowed, float temperature)
    {
        var here = _decisionsAt[node] ??= [];
        foreach (var known in here)
        {
            var decision = _decisions[known];
            if (
                decision.Temperature == temperature
                && decision.Allowed.IsDefault == allowed.IsDefault
                && (decision.Allowed == allowed || decision.Allowed.AsSpan().SequenceEqual(allowed.AsSpan()))
            )
                return known;
        }
        here.Add(_decisions.Count);
        _decisions.Add(new Decision(node, allowed, temperature));
        return _decisions.Count - 1;
    }

    private MergedRows Finish((int, int) rows)
    {
        var place = new int[_nodes.Count];
        Array.Fill(place, -1);
        var sorted = new List<int>(_nodes.Count);
        var packs = new List<(int First, int Count, List<int> Keys)>();
        var keys = new List<int>();
        var keyOf = new int[_nodes.Count];
        Array.Fill(keyOf, -1);
        var first = 0;
        // All packs are padded to one size: none need be larger than the longest row, save where all fits into one.
        var longest = _order.Count == 0 ? 0 : _order.Max(path => path.Length);
        var most = (long)_nodes.Count * _nodes.Count <= OnePack ? OnePack : Math.Max(SmallPack, longest * longest);
        foreach (var path in _order)
        {
            var (newQueries, newKeys) = (0, 0);
            foreach (var node in path)
            {
                if (place[node] < 0)
                    newQueries++;
                if (keyOf[node] < 0)
                    newKeys++;
            }
            if (sorted.Count > first && (long)(sorted.Count - first + newQueries) * (keys.Count + newKeys) > most)
                Close();
            foreach (var node in path)
            {
                if (place[node] < 0)
                {
                    place[node] = sorted.Count;
                    sorted.Add(node);
                }
                if (keyOf[node] >= 0)
                    continue;
                keyOf[node] = keys.Count;
                keys.Add(node);
            }
        }
        if (sorted.Count > first)
            Close();

        // Decisions in the order of their positions' packs, so that a pack's are side by side.
        var order = Enumerable.Range(0, _decisions.Count).OrderBy(d => place[_decisions[d].Position]).ToArray();
        var rank = new int[order.Length];
        for (var r = 0; r < order.Length; r++)
            rank[order[r]] = r;
        var decisions = Array.ConvertAll(order, d => _decisions[d] with { Position = place[_decisions[d].Position] });
        var made = new List<Pack>();
        var needed = 0;
        foreach (var pack in packs)
        {
            var end = needed;
            while (end < decisions.Length && decisions[end].Position < pack.First + pack.Count)
                end++;
            made.Add(Masked(pack, (needed, end - needed), decisions, sorted, place, keyOf));
            needed = end;
        }
        return new MergedRows
        {
            Ids = [.. sorted.Select(n => (long)_nodes[n].Id)],
            Places = [.. sorted.Select(n => (long)_nodes[n].Place)],
            Packs = made,
            Decisions = decisions,
            TokenDecisions = [.. _tokenDecisions.Select(d => rank[d])],
            TokenIds = [.. _tokenIds],
            Rows = rows,
        };

        void Close()
        {
            packs.Add((first, sorted.Count - first, keys));
            foreach (var key in keys)
                keyOf[key] = -1;
            first = sorted.Count;
            keys = [];
        }
    }

    private Pack Masked(
        (int First, int Count, List<int> Keys) pack,
        (int First, int Count) needed,
        Decision[] decisions,
        List<int> sorted,
        int[] place,
        int[] keyOf
    )
    {
        var width = pack.Keys.Count;
        for (var k = 0; k < width; k++)
            keyOf[pack.Keys[k]] = k;
        var (mask, neededMask) = (new float[pack.Count * width], new float[needed.Count * width]);
        Array.Fill(mask, float.NegativeInfinity);
        for (var q = 0; q < pack.Count; q++)
        for (var node = sorted[pack.First + q]; node >= 0; node = _nodes[node].Parent)
            mask[q * width + keyOf[node]] = 0;
        for (var d = 0; d < needed.Count; d++)
            mask.AsSpan((decisions[needed.First + d].Position - pack.First) * width, width)
                .CopyTo(neededMask.AsSpan(d * width));
        return new Pack((pack.First, pack.Count), needed, [.. pack.Keys.Select(k => (long)place[k])], mask, neededMask);
    }

    // Prompt and all sampled ids but the last: what the network reads.
    private readonly struct RowKey : IEquatable<RowKey>
    {
        private readonly ImmutableArray<int> _prompt,
            _tokens;
        private readonly int _hash;

        public RowKey(TrainingRow row)
        {
            (_prompt, _tokens) = (row.Prompt, row.Tokens);
            var hash = _prompt.Length;
            foreach (var id in _prompt)
                hash = hash * 31 + id;
            foreach (var id in Read)
                hash = hash * 31 + id;
            _hash = hash;
        }

        private ReadOnlySpan<int> Read => _tokens.Length > 0 ? _tokens.AsSpan()[..^1] : [];

        public bool Equals(RowKey other) =>
            _hash == other._hash
            && (_prompt == other._prompt || _prompt.AsSpan().SequenceEqual(other._prompt.AsSpan()))
            && Read.SequenceEqual(other.Read);

        public override bool Equals(object? obj) => obj is RowKey other && Equals(other);

        public override int GetHashCode() => _hash;
    }
}
