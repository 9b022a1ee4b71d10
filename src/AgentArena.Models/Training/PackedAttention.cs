// Attention of a whole pass at once, pack by pack, with gradients. Knows masks, not rows.
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Training;

/// <summary>Each pack is one masked product of its queries with the keys they may see.</summary>
internal sealed class PackedAttention : Attention
{
    private readonly Transformer _network;
    private readonly List<(Pack Pack, Tensor? Keys, Tensor Mask, Tensor NeededMask)> _packs;

    /// <summary>Puts masks and indices on the device; they live as long as the scope they are made in.</summary>
    public PackedAttention(Transformer network, MergedRows rows)
    {
        _network = network;
        _packs = [.. rows.Packs.Select(p => (p, rows.Packs.Count == 1 ? null : (Tensor?)tensor(p.Keys).to(network.Device), Mask(p.Mask, p.Queries.Count, p.Keys.Length), Mask(p.NeededMask, p.Needed.Count, p.Keys.Length)))];

        Tensor Mask(float[] values, long rowCount, long keys) => tensor(values, [1, rowCount, keys]).to(network.Type).to(network.Device).expand(network.Options.Heads, rowCount, keys);
    }

    /// <inheritdoc/>
    public override Tensor Mix(int layer, Tensor queries, Tensor keys, Tensor values, bool needed)
    {
        var (heads, width) = (_network.Options.Heads, _network.HeadWidth);
        var parts = new List<Tensor>(_packs.Count);
        foreach (var (pack, seen, mask, neededMask) in _packs)
        {
            var (first, count) = needed ? pack.Needed : pack.Queries;
            if (count == 0) continue;
            var q = seen is null ? queries : queries.narrow(0, first, count);
            var k = seen is null ? keys : keys.index_select(0, seen);
            var v = seen is null ? values : values.index_select(0, seen);
            var scores = (needed ? neededMask : mask).baddbmm(Heads(q), Heads(k).transpose(1, 2));
            parts.Add(scores.softmax(-1).bmm(Heads(v)).transpose(0, 1).reshape(count, heads * width));
        }
        return parts.Count == 1 ? parts[0] : cat(parts, 0);

        Tensor Heads(Tensor x) => x.view(x.shape[0], heads, width).transpose(0, 1);
    }
}
