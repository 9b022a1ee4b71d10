// The tree of all beginnings computed under one version of the weights: equal beginnings are computed once, whoever
// asks.
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Generation;

/// <summary>Keeps keys, values and logits by beginning until <see cref="Forget"/>.</summary>
internal sealed class PrefixTree(Transformer network, Parameters weights) : IDisposable
{
    private const int MostTogether = 4096,
        Whole = 16;
    private readonly KvCache _kept = KvCache.For(network);
    private Dictionary<int, TokenNode> _roots = [];
    private int _pass;

    /// <summary>Rises whenever nodes handed out before are no longer part of the tree.</summary>
    public int Generation { get; private set; }

    /// <summary>Whether nodes have values beside their logits.</summary>
    public bool HasValues => network.Options.ValueHead;

    /// <summary>Token positions computed so far.</summary>
    public long Computed { get; private set; }

    /// <summary>Drops everything: the weights have changed, or the room is used up.</summary>
    public void Forget()
    {
        Generation++;
        _roots = [];
        _kept.Clear();
    }

    /// <summary>The node at the end of some ids.</summary>
    public TokenNode Node(ReadOnlySpan<int> ids)
    {
        if (!_roots.TryGetValue(ids[0], out var node))
            _roots.Add(ids[0], node = new TokenNode(null, ids[0]));
        foreach (var id in ids[1..])
            node = node.Child(id);
        return node;
    }

    /// <summary>
    /// Whether computing these would exceed what may be kept; then <see cref="Forget"/> first and find the nodes again.
    /// </summary>
    public bool IsFullFor(int tokens) => _kept.IsFull(tokens);

    /// <summary>
    /// Computes the logits of nodes that lack them, and whatever of their beginnings is not kept yet.
    /// </summary>
    public void Evaluate(IReadOnlyList<TokenNode> leaves)
    {
        for (var next = 0; next < leaves.Count; )
        {
            _pass++;
            var (nodes, needed, wanted) = (new List<TokenNode>(), new List<int>(), new List<TokenNode>());
            var asked = new HashSet<TokenNode>();
            for (; next < leaves.Count && nodes.Count < MostTogether; next++)
            {
                var leaf = leaves[next];
                if (leaf.Logits is not null || !asked.Add(leaf))
                    continue;
                for (
                    var node = leaf;
                    node is not null && node.Pass != _pass && (node.Slot < 0 || node == leaf);
                    node = node.Parent
                )
                {
                    node.Pass = _pass;
                    if (node.Slot < 0)
                        node.Slot = _kept.Take();
                    nodes.Add(node);
                }
                wanted.Add(leaf);
            }
            if (nodes.Count == 0)
                continue;
            var index = new Dictionary<TokenNode, int>(nodes.Count);
            for (var i = 0; i < nodes.Count; i++)
                index.Add(nodes[i], i);
            foreach (var leaf in wanted)
                needed.Add(index[leaf]);
            try
            {
                Compute(nodes, needed, wanted);
            }
            catch
            {
                Forget();
                throw;
            }
        }
    }

    private void Compute(List<TokenNode> nodes, List<int> needed, List<TokenNode> wanted)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        // A product of a few rows, or a thread's share of it, is summed in another order than one of many. Filled up
        // with rows that are there already, each is the same whatever its company.
        Computed += nodes.Count;
        while (nodes.Count % Whole != 0)
            nodes.Add(nodes[0]);
        while (needed.Count % Whole != 0)
            needed.Add(needed[0]);
        _kept.Prepare(nodes, needed);
        var batch = new TokenBatch(
            tensor(nodes.Select(n => (long)n.Id).ToArray()).to(network.Device),
            tensor(nodes.Select(n => (long)n.Position).ToArray()).to(network.Device),
            tensor(needed.Select(i => (long)i).ToArray()).to(network.Device)
        );
        var states = network.States(weights.Views, batch, _kept);
        var flat = Transformer.Logits(weights.Views, states).to(ScalarType.Float32).cpu().contiguous();
        var logits = MemoryMarshal.Cast<byte, float>(flat.bytes);
        for (var i = 0; i < wanted.Count; i++)
            wanted[i].Logits = logits.Slice(i * network.Vocabulary, network.Vocabulary).ToArray();
        if (network.Options.ValueHead)
        {
            var estimates = Transformer.Values(weights.Views, states).to(ScalarType.Float32).cpu().contiguous();
            var values = MemoryMarshal.Cast<byte, float>(estimates.bytes);
            for (var i = 0; i < wanted.Count; i++)
                wanted[i].Value = values[i];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();
}
