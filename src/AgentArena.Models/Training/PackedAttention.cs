// Attention of a whole pass at once, all packs side by side, with gradients. Knows masks, not rows.
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Training;

/// <summary>
/// Each pack is a masked product of its queries with the keys they may see; the packs are padded to one size and
/// multiplied together, so that many small ones cost no more operations than one.
/// </summary>
internal sealed class PackedAttention : Attention
{
    private readonly Transformer _network;
    private readonly Side _all,
        _needed;
    private readonly Tensor? _keys;
    private readonly long _packs;

    // Where a side's queries go: padded places to take them from, real places to take the answers from, and the mask.
    private sealed record Side(long Count, Tensor? Padded, Tensor? Real, Tensor Mask);

    /// <summary>Puts masks and indices on the device; they live as long as the scope they are made in.</summary>
    public PackedAttention(Transformer network, MergedRows rows)
    {
        (_network, _packs) = (network, rows.Packs.Count);
        var width = rows.Packs.Max(p => p.Keys.Length);
        if (_packs > 1)
        {
            var keys = new long[_packs * width];
            for (var p = 0; p < _packs; p++)
                rows.Packs[p].Keys.CopyTo(keys, p * width);
            _keys = tensor(keys).to(network.Device);
        }
        _all = Lay(rows, width, p => p.Queries, p => p.Mask);
        _needed = Lay(rows, width, p => p.Needed, p => p.NeededMask);
    }

    /// <inheritdoc/>
    public override Tensor Mix(int layer, Tensor queries, Tensor keys, Tensor values, bool needed)
    {
        var (heads, side) = (_network.Options.Heads, needed ? _needed : _all);
        if (side.Padded is not null)
            queries = queries.index_select(0, side.Padded);
        if (_keys is not null)
            (keys, values) = (keys.index_select(0, _keys), values.index_select(0, _keys));
        var mixed = Heads(queries).bmm(Heads(keys).transpose(1, 2)).Plus(side.Mask).softmax(-1).bmm(Heads(values));
        var joined = mixed
            .view(_packs, heads, side.Count, _network.HeadWidth)
            .transpose(1, 2)
            .reshape(_packs * side.Count, heads * _network.HeadWidth);
        return side.Real is null ? joined : joined.index_select(0, side.Real);

        // [packs x places, width] to [packs x heads, places, head width].
        Tensor Heads(Tensor x) =>
            x.view(_packs, -1, heads, _network.HeadWidth)
                .transpose(1, 2)
                .reshape(_packs * heads, -1, _network.HeadWidth);
    }

    private Side Lay(MergedRows rows, int width, Func<Pack, (int First, int Count)> side, Func<Pack, float[]> masks)
    {
        var count = rows.Packs.Max(p => side(p).Count);
        var mask = new float[_packs * count * width];
        Array.Fill(mask, float.NegativeInfinity);
        var (padded, real) = (new long[_packs * count], new List<long>());
        for (var p = 0; p < _packs; p++)
        {
            var pack = rows.Packs[p];
            var ((first, queries), own) = (side(pack), masks(pack));
            for (var q = 0; q < count; q++)
            {
                var place = p * count + q;
                if (q < queries)
                {
                    padded[place] = first + q;
                    real.Add(place);
                    own.AsSpan(q * pack.Keys.Length, pack.Keys.Length).CopyTo(mask.AsSpan(place * width));
                }
                else
                    // a padded query sees something, so that its answer is a number nobody reads
                    mask[place * width] = 0;
            }
        }
        var (device, heads) = (_network.Device, _network.Options.Heads);
        var shaped = tensor(mask, [_packs, 1, count, width])
            .to(_network.Type)
            .to(device)
            .expand(_packs, heads, count, width)
            .reshape(_packs * heads, count, width);
        var full = real.Count == padded.Length && _packs == 1;
        return new Side(
            count,
            full ? null : tensor(padded).to(device),
            full ? null : tensor(real.ToArray()).to(device),
            shaped
        );
    }
}
