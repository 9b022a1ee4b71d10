// Attention over kept keys and values in plain loops on the CPU: each query walks its own path, and nothing is gathered
// or padded.
using System.Numerics;
using System.Runtime.InteropServices;
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Generation;

/// <summary>
/// Keys and values in arrays by slot. Every sum runs along the path from its beginning, so that a token's state is the
/// same to the last bit whoever else is computed beside it. A dozen small tensor operations a layer cost more than
/// these loops.
/// </summary>
internal sealed class CpuKvAttention(Transformer network) : KvCache(network)
{
    private readonly int _width = network.Options.Width,
        _heads = network.Options.Heads,
        _head = network.HeadWidth;
    private readonly float[][] _keys = new float[network.Options.Layers][],
        _values = new float[network.Options.Layers][];
    private int[] _slots = [],
        _paths = [],
        _starts = [],
        _needed = [];
    private float[] _scores = [];

    /// <inheritdoc/>
    public override void Prepare(List<TokenNode> nodes, List<int> needed)
    {
        for (var layer = 0; layer < _keys.Length; layer++)
        {
            _keys[layer] = Grown(_keys[layer]);
            _values[layer] = Grown(_values[layer]);
        }
        var total = nodes.Sum(n => n.Position + 1);
        (_slots, _starts, _paths, _needed) = (
            new int[nodes.Count],
            new int[nodes.Count + 1],
            new int[total],
            [.. needed]
        );
        var longest = 0;
        for (var i = 0; i < nodes.Count; i++)
        {
            _slots[i] = nodes[i].Slot;
            var end = _starts[i + 1] = _starts[i] + nodes[i].Position + 1;
            longest = Math.Max(longest, nodes[i].Position + 1);
            for (var node = nodes[i]; node is not null; node = node.Parent)
                _paths[--end] = node.Slot;
        }
        if (_scores.Length < longest * _heads)
            _scores = new float[longest * _heads];
    }

    /// <inheritdoc/>
    public override Tensor Mix(int layer, Tensor queries, Tensor keys, Tensor values, bool needed)
    {
        var k = Numbers(keys);
        var v = Numbers(values);
        for (var i = 0; i < _slots.Length; i++)
        {
            k.Slice(i * _width, _width).CopyTo(_keys[layer].AsSpan(_slots[i] * _width));
            v.Slice(i * _width, _width).CopyTo(_values[layer].AsSpan(_slots[i] * _width));
        }
        var q = Numbers(queries);
        var rows = needed ? _needed.Length : _slots.Length;
        var mixed = new float[rows * _width];
        for (var r = 0; r < rows; r++)
        {
            var token = needed ? _needed[r] : r;
            Mix(
                q.Slice(r * _width, _width),
                _paths.AsSpan(_starts[token].._starts[token + 1]),
                _keys[layer],
                _values[layer],
                mixed.AsSpan(r * _width, _width)
            );
        }
        return tensor(mixed, [rows, _width]);
    }

    private void Mix(ReadOnlySpan<float> query, ReadOnlySpan<int> path, float[] keys, float[] values, Span<float> mixed)
    {
        var length = path.Length;
        for (var p = 0; p < length; p++)
        {
            var key = keys.AsSpan(path[p] * _width, _width);
            for (var h = 0; h < _heads; h++)
                _scores[h * length + p] = Dot(query.Slice(h * _head, _head), key.Slice(h * _head, _head));
        }
        for (var h = 0; h < _heads; h++)
        {
            var scores = _scores.AsSpan(h * length, length);
            var largest = float.NegativeInfinity;
            foreach (var score in scores)
                largest = Math.Max(largest, score);
            var sum = 0f;
            foreach (ref var score in scores)
                sum += score = MathF.Exp(score - largest);
            var share = 1 / sum;
            foreach (ref var score in scores)
                score *= share;
        }
        for (var p = 0; p < length; p++)
        {
            var value = values.AsSpan(path[p] * _width, _width);
            for (var h = 0; h < _heads; h++)
                Add(mixed.Slice(h * _head, _head), value.Slice(h * _head, _head), _scores[h * length + p]);
        }
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (sum, i) = (Vector<float>.Zero, 0);
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            sum = Vector.FusedMultiplyAdd(new Vector<float>(a[i..]), new Vector<float>(b[i..]), sum);
        var total = Vector.Sum(sum);
        for (; i < a.Length; i++)
            total += a[i] * b[i];
        return total;
    }

    private static void Add(Span<float> to, ReadOnlySpan<float> from, float times)
    {
        var (factor, i) = (new Vector<float>(times), 0);
        for (; i <= to.Length - Vector<float>.Count; i += Vector<float>.Count)
            Vector.FusedMultiplyAdd(new Vector<float>(from[i..]), factor, new Vector<float>(to[i..])).CopyTo(to[i..]);
        for (; i < to.Length; i++)
            to[i] += from[i] * times;
    }

    private static ReadOnlySpan<float> Numbers(Tensor values) =>
        MemoryMarshal.Cast<byte, float>(values.contiguous().bytes);

    private float[] Grown(float[]? kept)
    {
        var wanted = Math.Max(FirstSlots, (kept?.Length ?? 0) / _width);
        while (wanted < Used)
            wanted *= 2;
        Array.Resize(ref kept, wanted * _width);
        return kept;
    }

    /// <inheritdoc/>
    public override void Dispose() { }
}
