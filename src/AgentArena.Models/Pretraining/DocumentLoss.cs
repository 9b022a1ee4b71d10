// The network of this room read over whole documents, with the products of matrices in bfloat16 where asked: the loss
// of the next token. Knows tensors; draws no document.
using AgentArena.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Pretraining;

/// <summary>
/// The forward pass of <see cref="Transformer"/> for pretraining. It computes what that does, with another order of
/// rounding: the residual stream, norms and the loss are float32, the products of matrices as the run says.
/// </summary>
internal sealed class DocumentLoss : IDisposable
{
    private const double Epsilon = 1e-6;
    private const int PerLayer = 5;
    private readonly TransformerOptions _options;
    private readonly ScalarType _type;
    private readonly Tensor _cosine,
        _sine,
        _turn;

    /// <param name="options">The shape.</param>
    /// <param name="type">Float32 or BFloat16.</param>
    public DocumentLoss(TransformerOptions options, ScalarType type)
    {
        (_options, _type) = (options, type);
        var head = options.Width / options.Heads;
        int columns = 2 * options.Width,
            context = options.Context;
        var (cosine, sine, turn) = (new float[context * columns], new float[context * columns], new float[head * head]);
        for (var position = 0; position < context; position++)
        for (var c = 0; c < columns; c++)
        {
            var scale = c < options.Width ? 1 / Math.Sqrt(head) : 1;
            var (s, k) = Math.SinCos(position * Math.Pow(options.RotaryBase, -2.0 * (c % (head / 2)) / head));
            (sine[position * columns + c], cosine[position * columns + c]) = ((float)(s * scale), (float)(k * scale));
        }
        for (var i = 0; i < head / 2; i++)
            (turn[(i + head / 2) * head + i], turn[i * head + i + head / 2]) = (-1, 1);
        using var scope = NewDisposeScope();
        _cosine = Kept(tensor(cosine, [context, columns]));
        _sine = Kept(tensor(sine, [context, columns]));
        _turn = Kept(tensor(turn, [head, head]));

        Tensor Kept(Tensor table) => table.to(type).DetachFromDisposeScope();
    }

    /// <summary>The sum of -log p of the targets, each times its weight; a scalar with gradient.</summary>
    /// <param name="weights">In the order of <see cref="Transformer.Slices"/>, float32.</param>
    /// <param name="batch">The documents.</param>
    public Tensor Of(Tensor[] weights, DocumentBatch batch)
    {
        int width = _options.Width,
            hidden = _options.HiddenWidth,
            heads = _options.Heads,
            head = width / heads,
            count = batch.Ids.Length;
        var cast = weights.Select(w => w.to(_type)).ToArray();
        var (positions, needed) = (tensor(batch.Positions), tensor(batch.Needed));
        var mask = tensor(batch.Mask, [batch.Rows, 1, batch.Length, batch.Length]).to(_type);
        var (cosine, sine) = (_cosine.index_select(0, positions), _sine.index_select(0, positions));
        var x = weights[0].index_select(0, tensor(batch.Ids));
        for (var layer = 0; layer < _options.Layers; layer++)
        {
            var w = cast.AsSpan(1 + layer * PerLayer, PerLayer);
            var h = Norm(x).to(_type);
            var qk = h.mm(w[0]);
            var turned = qk.view(-1, head).mm(_turn).view(count, 2 * width);
            var parts = (qk * cosine).PlusProduct(turned, sine).split([width, width], 1);
            var scores = Heads(parts[0]).matmul(Heads(parts[1]).transpose(2, 3)).Plus(mask);
            var mixed = scores.softmax(-1).matmul(Heads(h.mm(w[1]))).transpose(1, 2).reshape(count, width);
            if (layer == _options.Layers - 1)
                (mixed, x) = (mixed.index_select(0, needed), x.index_select(0, needed));
            x = x.Plus(mixed.mm(w[2]).to(ScalarType.Float32));
            var gates = Norm(x).to(_type).mm(w[3]).split([hidden, hidden], 1);
            x = x.Plus((gates[0].silu() * gates[1]).mm(w[4]).to(ScalarType.Float32));
        }
        var logits = Norm(x).to(_type).mm(cast[0].t()).to(ScalarType.Float32);
        var nats = nn.functional.cross_entropy(logits, tensor(batch.Targets), reduction: nn.Reduction.None);
        // No dot product: the library's rounds by where its operands lie in memory.
        return (nats * tensor(batch.Weights)).sum();

        // [rows x length, width] to [rows, heads, length, head width].
        Tensor Heads(Tensor t) => t.view(batch.Rows, batch.Length, heads, head).transpose(1, 2);
    }

    private static Tensor Norm(Tensor x) => x * (x * x).mean([1], keepdim: true).Plus(Epsilon).rsqrt();

    /// <inheritdoc/>
    public void Dispose()
    {
        _cosine.Dispose();
        _sine.Dispose();
        _turn.Dispose();
    }
}
