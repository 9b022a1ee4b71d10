// Attention over kept keys and values by tensor operations, for devices and precisions that plain loops cannot reach.
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Generation;

/// <summary>
/// Each token's path is gathered from its beginning. The layout of a token's path depends on nothing but the path, and
/// every sum runs along it, so that a token's state is the same to the last bit whoever else is computed beside it.
/// </summary>
internal sealed class TensorKvAttention(Transformer network) : KvCache(network)
{
    private const long MostGathered = 1 << 22;
    private readonly Transformer _network = network;
    private readonly Tensor[] _keys = new Tensor[network.Options.Layers],
        _values = new Tensor[network.Options.Layers];
    private int _capacity;
    private Tensor? _slots,
        _paths,
        _mask,
        _neededPaths,
        _neededMask;

    /// <inheritdoc/>
    public override void Prepare(List<TokenNode> nodes, List<int> needed)
    {
        Grow();
        // Whole vectors only: the last few of a row are computed by other instructions, which round otherwise.
        var longest = (nodes.Max(n => n.Position) / 16 + 1) * 16;
        var (slots, paths, mask) = (
            new long[nodes.Count],
            new long[nodes.Count * longest],
            new float[nodes.Count * longest]
        );
        for (var i = 0; i < nodes.Count; i++)
        {
            slots[i] = nodes[i].Slot;
            mask.AsSpan(i * longest + nodes[i].Position + 1, longest - nodes[i].Position - 1)
                .Fill(float.NegativeInfinity);
            for (var node = nodes[i]; node is not null; node = node.Parent)
                paths[i * longest + node.Position] = node.Slot;
        }
        _slots = tensor(slots).to(_network.Device);
        _paths = tensor(paths, [nodes.Count, longest]).to(_network.Device);
        _mask = tensor(mask, [nodes.Count, longest, 1]).to(_network.Type).to(_network.Device);
        var rows = tensor(needed.Select(i => (long)i).ToArray()).to(_network.Device);
        (_neededPaths, _neededMask) = (_paths.index_select(0, rows), _mask.index_select(0, rows));
    }

    /// <inheritdoc/>
    public override Tensor Mix(int layer, Tensor queries, Tensor keys, Tensor values, bool needed)
    {
        _keys[layer].index_copy_(0, _slots!, keys);
        _values[layer].index_copy_(0, _slots!, values);
        var (paths, mask) = needed ? (_neededPaths!, _neededMask!) : (_paths!, _mask!);
        var (rows, longest, width) = (queries.shape[0], paths.shape[1], queries.shape[1]);
        var most = Math.Max(1, MostGathered / (longest * width));
        if (rows <= most)
            return Mix(layer, queries, paths, mask);
        var parts = new List<Tensor>();
        for (long from = 0; from < rows; from += most)
        {
            var count = Math.Min(most, rows - from);
            parts.Add(
                Mix(layer, queries.narrow(0, from, count), paths.narrow(0, from, count), mask.narrow(0, from, count))
            );
        }
        return cat(parts, 0);
    }

    // Sums of products, one query at a time, instead of matrix products: those of such small shapes change their order
    // with their size.
    private Tensor Mix(int layer, Tensor queries, Tensor paths, Tensor mask)
    {
        var (rows, longest, heads, width) = (
            paths.shape[0],
            paths.shape[1],
            _network.Options.Heads,
            _network.HeadWidth
        );
        var flat = paths.reshape(-1);
        var keys = _keys[layer].index_select(0, flat).view(rows, longest, heads, width);
        var values = _values[layer].index_select(0, flat).view(rows, longest, heads, width);
        var scores = (queries.reshape(rows, 1, heads, width) * keys).sum(-1);
        var shares = scores.Plus(mask).softmax(1);
        return (shares.unsqueeze(-1) * values).sum(1).reshape(rows, heads * width);
    }

    private void Grow()
    {
        if (Used <= _capacity)
            return;
        var capacity = Math.Max(FirstSlots, _capacity);
        while (capacity < Used)
            capacity *= 2;
        for (var layer = 0; layer < _keys.Length; layer++)
        {
            _keys[layer] = Larger(_keys[layer]);
            _values[layer] = Larger(_values[layer]);
        }
        _capacity = capacity;

        Tensor Larger(Tensor? old)
        {
            var larger = zeros([capacity, _network.Options.Width], _network.Type, _network.Device);
            if (old is null)
                return larger.DetachFromDisposeScope();
            larger.narrow(0, 0, old.shape[0]).copy_(old);
            old.Dispose();
            return larger.DetachFromDisposeScope();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var kept in _keys.Concat(_values))
            kept?.Dispose();
    }
}
