// The network: token ids to states and logits. Knows tensors only; it has never heard of a game, a reply or a loss.
using System.Collections.Immutable;
using AgentArena.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Networks;

/// <summary>
/// Token positions to compute together, in any order: who may look at whom is the attention's business.
/// </summary>
/// <param name="Ids">Token ids, [n] int64.</param>
/// <param name="Positions">Each token's place in its sequence, [n] int64.</param>
/// <param name="Needed">
/// Places in [0, n) whose states are wanted, [m] int64: past the last attention only those are computed.
/// </param>
public sealed record TokenBatch(Tensor Ids, Tensor Positions, Tensor Needed);

/// <summary>
/// Who looks at whom: the one thing in which sampling (keys and values kept) and training (all at once) differ.
/// </summary>
public abstract class Attention
{
    /// <summary>Whether a token's state must be the same to the last bit whatever tokens are computed beside
    /// it.</summary>
    public virtual bool Alone => false;

    /// <summary>
    /// Mixes values. <paramref name="queries"/> (scaled already) is [n, width], or [m, width] of the needed tokens
    /// where <paramref name="needed"/>; keys and values are [n, width].
    /// </summary>
    public abstract Tensor Mix(int layer, Tensor queries, Tensor keys, Tensor values, bool needed);
}

/// <summary>
/// Decoder-only transformer: RMSNorm, rotary positions, SwiGLU, tied embeddings. Holds tables, no weights: those come
/// with each call, so that one network serves the policy, its references and its snapshots. Matrices are stored [in,
/// out].
/// </summary>
public sealed class Transformer : IDisposable
{
    private const double Epsilon = 1e-6;
    private const int PerLayer = 5;
    private readonly Tensor _cosine,
        _sine,
        _turn,
        _mean,
        _epsilon;

    /// <summary>Makes the tables for a shape.</summary>
    public Transformer(TransformerOptions options, int vocabulary, Device device, ScalarType type = ScalarType.Float32)
    {
        options.Check();
        (Options, Vocabulary, Device, Type) = (options, vocabulary, device, type);
        var (width, hidden, offset, slices) = (options.Width, options.HiddenWidth, 0L, new List<Slice>());
        Slice("embedding", vocabulary, width);
        for (var layer = 0; layer < options.Layers; layer++)
        {
            Slice($"layers.{layer}.queries-keys", width, 2 * width);
            Slice($"layers.{layer}.values", width, width);
            Slice($"layers.{layer}.out", width, width);
            Slice($"layers.{layer}.gate-up", width, 2 * hidden);
            Slice($"layers.{layer}.down", hidden, width);
        }
        if (options.ValueHead)
            Slice("value", width, 1);
        Slices = slices;
        (_cosine, _sine, _turn) = Rotary();
        using var scope = NewDisposeScope();
        _mean = Held.Full([width, width], 1.0 / width, type, device).DetachFromDisposeScope();
        _epsilon = Held.Full([1], Epsilon, type, device).DetachFromDisposeScope();

        void Slice(string name, params long[] shape)
        {
            var slice = new Slice(name, shape, offset);
            slices.Add(slice);
            offset += slice.Count;
        }
    }

    /// <summary>The shape.</summary>
    public TransformerOptions Options { get; }

    /// <summary>How many ids.</summary>
    public int Vocabulary { get; }

    /// <summary>Ids that replies without a mask are drawn from; default where all are.</summary>
    public ImmutableArray<int> Free { get; set; }

    /// <summary>Where the tables are, and the weights should be.</summary>
    public Device Device { get; }

    /// <summary>Float32, or Float64 for checks of gradients.</summary>
    public ScalarType Type { get; }

    /// <summary>Names and shapes of the weights.</summary>
    public IReadOnlyList<Slice> Slices { get; }

    /// <summary>How many numbers the weights are.</summary>
    public long Count => Slices[^1].Offset + Slices[^1].Count;

    /// <summary>Width of a head.</summary>
    public int HeadWidth => Options.Width / Options.Heads;

    /// <summary>
    /// First weights: normal with the option's deviation, smaller by sqrt(2 x layers) into the residual stream. The
    /// same seed gives the same weights on any device.
    /// </summary>
    public Parameters Initialise(ulong seed)
    {
        var flat = new float[Count];
        foreach (var slice in Slices)
        {
            var span = flat.AsSpan((int)slice.Offset, (int)slice.Count);
            var deviation =
                slice.Name.EndsWith("out", StringComparison.Ordinal)
                || slice.Name.EndsWith("down", StringComparison.Ordinal)
                    ? Options.Deviation / Math.Sqrt(2 * Options.Layers)
                    : Options.Deviation;
            var chance = new RandomStream(RandomStream.Derive(seed, slice.Name));
            for (var i = 0; i < span.Length; i += 2)
            {
                // Box and Muller: two normals from two uniforms.
                var radius = deviation * Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble()));
                var (sine, cosine) = Math.SinCos(2 * Math.PI * chance.NextDouble());
                span[i] = (float)(radius * cosine);
                if (i + 1 < span.Length)
                    span[i + 1] = (float)(radius * sine);
            }
        }
        using var scope = NewDisposeScope();
        return new Parameters(Slices, tensor(flat).to(Type).to(Device));
    }

    /// <summary>States of the needed tokens after the last norm, [m, width].</summary>
    /// <param name="weights">In the order of <see cref="Slices"/>.</param>
    /// <param name="batch">The tokens.</param>
    /// <param name="attention">Who looks at whom.</param>
    public Tensor States(Tensor[] weights, TokenBatch batch, Attention attention)
    {
        var (width, hidden) = (Options.Width, Options.HiddenWidth);
        var x = weights[0].index_select(0, batch.Ids);
        var (cosine, sine) = (_cosine.index_select(0, batch.Positions), _sine.index_select(0, batch.Positions));
        var rows = batch.Ids.shape[0];
        for (var layer = 0; layer < Options.Layers; layer++)
        {
            var w = weights.AsSpan(1 + layer * PerLayer, PerLayer);
            var last = layer == Options.Layers - 1;
            var h = Norm(x);
            var qk = h.mm(w[0]);
            var turned = qk.view(-1, HeadWidth).mm(_turn).view(rows, 2 * width);
            var parts = (qk * cosine).PlusProduct(turned, sine).split([width, width], 1);
            var queries = parts[0];
            if (last)
            {
                queries = queries.index_select(0, batch.Needed);
                x = x.index_select(0, batch.Needed);
            }
            x = x.addmm(attention.Mix(layer, queries, parts[1], h.mm(w[1]), last), w[2]);
            var gates = Norm(x).mm(w[3]).split([hidden, hidden], 1);
            x = x.addmm((attention.Alone ? Sigmoidal(gates[0]) : gates[0].silu()) * gates[1], w[4]);
        }
        return Norm(x);
    }

    /// <summary>Scores of all ids, [m, vocabulary].</summary>
    public static Tensor Logits(Tensor[] weights, Tensor states) => states.mm(weights[0].t());

    /// <summary>The value head's estimates, [m]; only where the shape has one.</summary>
    /// <remarks>As one of several equal columns: a product with a single one sums a row in another order at another
    /// place.</remarks>
    public static Tensor Values(Tensor[] weights, Tensor states) => states.mm(weights[^1].repeat(1, 16)).select(1, 0);

    // The mean as a product with a matrix of 1/width: fewer and simpler operations than a reduction, forward and back.
    // No gain: the matrix that follows every norm can hold one.
    private Tensor Norm(Tensor x) => x * _epsilon.addmm(x * x, _mean).rsqrt();

    // SiLU again. The library's own rounds otherwise at the end of what a thread is given, wherever that is; each of
    // these does not.
    private static Tensor Sigmoidal(Tensor x) => x / x.neg().exp_().Plus_(1);

    /// <inheritdoc/>
    public void Dispose()
    {
        _cosine.Dispose();
        _sine.Dispose();
        _turn.Dispose();
        _mean.Dispose();
        _epsilon.Dispose();
    }

    // Cosines and sines by position for queries and keys side by side, and the matrix that turns a head by a quarter:
    // (a, b) to (-b, a).
    private (Tensor, Tensor, Tensor) Rotary()
    {
        var (head, columns) = (HeadWidth, 2 * Options.Width);
        var (cosine, sine, turn) = (
            new double[Options.Context * columns],
            new double[Options.Context * columns],
            new double[head * head]
        );
        for (var position = 0; position < Options.Context; position++)
        for (var c = 0; c < columns; c++)
        {
            var angle = position * Math.Pow(Options.RotaryBase, -2.0 * (c % (head / 2)) / head);
            // Queries are scaled here, once for all.
            var scale = c < Options.Width ? 1 / Math.Sqrt(head) : 1;
            var (s, k) = Math.SinCos(angle);
            (sine[position * columns + c], cosine[position * columns + c]) = (s * scale, k * scale);
        }
        for (var i = 0; i < head / 2; i++)
        {
            turn[(i + head / 2) * head + i] = -1;
            turn[i * head + i + head / 2] = 1;
        }
        using var scope = NewDisposeScope();
        return (
            Table(cosine, Options.Context, columns),
            Table(sine, Options.Context, columns),
            Table(turn, head, head)
        );

        Tensor Table(double[] values, long rows, long width) =>
            tensor(values, [rows, width]).to(Type).to(Device).DetachFromDisposeScope();
    }
}
