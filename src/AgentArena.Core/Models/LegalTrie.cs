// Which ids may come next when a reply must be one of a list of texts. Knows ids only: whoever made them from text
// decodes them.
using System.Collections.Immutable;

namespace AgentArena.Core.Models;

/// <summary>
/// A trie over token sequences. From <see cref="Root"/>, each node lists the ids that can still become one of the
/// sequences; the walk is over at a node without ids. Where one sequence is the beginning of another (or is empty), an
/// end id is one of the choices, and only there.
/// </summary>
public sealed class LegalTrie
{
    /// <summary>Node of the empty reply.</summary>
    public const int Root = 0;

    private readonly ImmutableArray<int>[] _ids;
    private readonly int[][] _children;
    private readonly int[] _text;
    private readonly int[] _leaves;

    /// <summary>Builds the trie. <paramref name="endId"/> must not occur in the sequences.</summary>
    /// <exception cref="ArgumentException">No sequence, two equal ones, or one with the end id inside.</exception>
    public LegalTrie(IReadOnlyList<int[]> sequences, int endId)
    {
        if (sequences.Count == 0)
            throw new ArgumentException(
                "legal: the list is empty. A masked reply needs at least one legal text. Leave the list out for free replies."
            );
        var children = new List<SortedDictionary<int, int>> { new() };
        var text = new List<int> { -1 };
        for (var s = 0; s < sequences.Count; s++)
        {
            var node = Root;
            foreach (var id in sequences[s])
            {
                if (id == endId)
                    throw new ArgumentException(
                        $"legal[{s}]: contains the end id {endId}. Encode the text without special tokens."
                    );
                node = Child(node, id);
            }
            if (text[node] >= 0)
                throw new ArgumentException(
                    $"legal[{s}]: is spelled with the same ids as legal[{text[node]}]. Give each legal move a spelling of its own."
                );
            text[node] = s;
        }
        for (var node = text.Count - 1; node >= 0; node--)
        {
            if (text[node] < 0 || (children[node].Count == 0 && node != Root))
                continue;
            var end = Child(node, endId);
            text[end] = text[node];
            text[node] = -1;
        }
        _text = [.. text];
        _ids = new ImmutableArray<int>[_text.Length];
        _children = new int[_text.Length][];
        _leaves = new int[_text.Length];
        Count(Root);

        int Child(int node, int id)
        {
            if (children[node].TryGetValue(id, out var next))
                return next;
            next = children.Count;
            children.Add(new());
            text.Add(-1);
            children[node].Add(id, next);
            return next;
        }

        int Count(int node)
        {
            _ids[node] = [.. children[node].Keys];
            _children[node] = [.. children[node].Values];
            var leaves = _text[node] >= 0 ? 1 : 0;
            foreach (var child in _children[node])
                leaves += Count(child);
            return _leaves[node] = leaves;
        }
    }

    /// <summary>Ids that may come next, ascending; empty where the reply is complete.</summary>
    public ImmutableArray<int> Ids(int node) => _ids[node];

    /// <summary>The node behind the i-th of <see cref="Ids"/>.</summary>
    public int Next(int node, int i) => _children[node][i];

    /// <summary>Whether the reply is complete.</summary>
    public bool IsComplete(int node) => _children[node].Length == 0;

    /// <summary>Index of the sequence that a complete walk spelled.</summary>
    public int Sequence(int node) => _text[node];

    /// <summary>How many sequences can still be spelled.</summary>
    public int Leaves(int node) => _leaves[node];

    /// <summary>How many nodes there are.</summary>
    public int Nodes => _text.Length;
}
