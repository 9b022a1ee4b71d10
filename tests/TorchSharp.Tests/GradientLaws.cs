// Each differentiable operator's gradient against central differences in float64, in a random direction of the output.
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class GradientLaws
{
    private static readonly long[] Rows = [0, 2, 1, 2];

    /// <summary>Functions of two [3, 4] inputs with elements in (0.3, 1.7).</summary>
    public static TheoryData<string> Names => [.. Functions.Keys];

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Functions = new()
    {
        ["add"] = (a, b) => a.add(b, 0.7),
        ["sub"] = (a, b) => a - b,
        ["mul"] = (a, b) => a * b,
        ["div"] = (a, b) => a / b,
        ["scalar arithmetic"] = (a, b) => 2 - 3 / (a * 0.5 + 1) - b % 5,
        ["neg"] = (a, b) => -a,
        ["broadcast"] = (a, b) => a * b.narrow(0, 1, 1),
        ["pow"] = (a, b) => a.pow(b) + b.pow(2.5),
        ["sqrt, rsqrt"] = (a, b) => a.sqrt() * b.rsqrt(),
        ["exp, expm1"] = (a, b) => a.exp() + b.expm1(),
        ["log, log1p"] = (a, b) => a.log() * b.log1p(),
        ["abs, square"] = (a, b) => (a - 1).abs() + b.square(),
        ["sin, cos, tanh"] = (a, b) => a.sin() * b.cos() + a.tanh(),
        ["sigmoid, silu"] = (a, b) => a.sigmoid() * b.silu(),
        ["gelu, relu, softplus"] = (a, b) => (a - 1).gelu() + (b - 1).relu() + a.softplus(2),
        ["erf"] = (a, b) => a.erf() * b,
        ["clamp"] = (a, b) => a.clamp(0.6, 1.2) * b,
        ["maximum, minimum"] = (a, b) => a.maximum(b) * a.minimum(b),
        ["lerp"] = (a, b) => a.lerp(b, full_like(a, 0.3)),
        ["addcmul, addcdiv"] = (a, b) => a.addcmul(a, b, 0.5).addcdiv(b, a + 1, 2),
        ["logaddexp"] = (a, b) => a.logaddexp(b),
        ["where, masked_fill"] = (a, b) => a.where(a > b, b * 2).masked_fill(b > 1.5, 0),
        ["sum, mean"] = (a, b) => a.sum(0L) * b.mean([0L]),
        ["var, std"] = (a, b) => a.var(1) * b.std(1, unbiased: false),
        ["prod, cumsum"] = (a, b) => a.prod(1).unsqueeze(1) * b.cumsum(0),
        ["max, min, amax"] = (a, b) => a.max(1).values + b.min(1).values + a.amax([1L]),
        ["norm"] = (a, b) => a.norm() * b.norm(1, p: 3),
        ["logsumexp"] = (a, b) => a.logsumexp(1) * b.logsumexp(1),
        ["softmax"] = (a, b) => a.softmax(-1) * b,
        ["log_softmax"] = (a, b) => a.log_softmax(-1) * b,
        ["matmul, mm"] = (a, b) => a.matmul(b.t()).mm(a),
        ["bmm"] = (a, b) => a.view(3, 2, 2).bmm(b.view(3, 2, 2)),
        ["addmm"] = (a, b) => b.t().matmul(b).addmm(a.t(), b, 0.5f, 2f),
        ["dot, outer"] = (a, b) => a.flatten().dot(b.flatten()) * a.flatten().outer(b.flatten()),
        ["einsum"] = (a, b) => einsum("ij,kj->ik", a, b),
        ["linear"] = (a, b) => nn.functional.linear(a, b, b.select(1, 0)),
        ["view, reshape, permute"] = (a, b) => a.view(2, 6).permute(1, 0).reshape(4, 3) * b.t(),
        ["expand, repeat"] = (a, b) => a.unsqueeze(0).expand(2, 3, 4) * b.repeat(2, 1).view(2, 3, 4),
        ["narrow, slice, select"] = (a, b) => a.narrow(1, 1, 2) * b.slice(1, 0, 4, 2) * a.select(1, 3).unsqueeze(1),
        ["cat, stack"] = (a, b) => cat([a, b], 1).mm(stack([a, b]).view(8, 3)),
        ["split, chunk, unbind"] = (a, b) => a.split(2, 1)[1] * b.chunk(2, 1)[0] + a.unbind(1)[2].unsqueeze(1),
        ["flip, roll, tril"] = (a, b) => a.flip(0) * b.roll(1, 1) + a.tril() * b.triu(1),
        ["index_select"] = (a, b) => a.index_select(0, tensor(Rows)) * b.index_select(0, tensor(Rows)),
        ["gather"] = (a, b) => a.gather(1, tensor(new long[,] { { 0, 3 }, { 1, 1 }, { 2, 0 } })) * b.narrow(1, 0, 2),
        ["scatter_add"] = (a, b) => a.scatter_add(0, tensor(new long[,] { { 0, 1, 2, 0 }, { 1, 1, 0, 0 }, { 2, 0, 2, 1 } }), b),
        ["index_add"] = (a, b) => a.index_add(0, tensor(new long[] { 2, 0, 2 }), b, 1.5),
        ["index with tensors"] = (a, b) => a[tensor(new long[] { 0, 2 }), tensor(new long[] { 1, 3 })] * b[TensorIndex.Ellipsis, TensorIndex.Single(0)].narrow(0, 0, 2),
        ["diag, trace"] = (a, b) => a.mm(b.t()).trace() * a.mm(b.t()).diagonal(),
        ["layer_norm"] = (a, b) => nn.functional.layer_norm(a, [4], b.select(0, 0), b.select(0, 1)),
        ["attention"] = (a, b) => nn.functional.scaled_dot_product_attention(a.view(1, 3, 4), b.view(1, 3, 4), (a + b).view(1, 3, 4), is_casual: true),
        ["cross_entropy"] = (a, b) => nn.functional.cross_entropy(a * b, tensor(new long[] { 0, 3, 1 }), label_smoothing: 0.1),
        ["nll_loss"] = (a, b) => nn.functional.nll_loss((a * b).log_softmax(1), tensor(new long[] { 0, 3, 1 }), reduction: nn.Reduction.None),
        ["binary cross entropy"] = (a, b) => nn.functional.binary_cross_entropy_with_logits(a, (b > 1).to_type(ScalarType.Float64), reduction: nn.Reduction.Sum),
        ["mse, huber"] = (a, b) => nn.functional.mse_loss(a, b) + nn.functional.huber_loss(a, b, 0.4) + nn.functional.smooth_l1_loss(a, b, beta: 0.3),
        ["kl_div"] = (a, b) => nn.functional.kl_div(a.log_softmax(1), b.log_softmax(1)),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void MatchesCentralDifferences(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        Func<Tensor, Tensor, Tensor> f = Functions[name];
        using Generator random = new(17);
        Tensor a = rand(3, 4, ScalarType.Float64, generator: random) * 1.4 + 0.3, b = rand(3, 4, ScalarType.Float64, generator: random) * 1.4 + 0.3;
        Tensor direction = randn(f(a, b).shape, ScalarType.Float64, generator: random);
        Tensor[] inputs = [a, b];
        foreach (Tensor input in inputs)
        {
            input.requires_grad = true;
        }
        IList<Tensor?> gradients = autograd.grad([(f(a, b) * direction).sum()], inputs, allow_unused: true)!;
        const double Step = 1e-6;
        for (int which = 0; which < 2; which++)
        {
            double[] exact = gradients[which]?.contiguous().data<double>().ToArray() ?? new double[12];
            for (int i = 0; i < 12; i++)
            {
                (At(which, i, Step) - At(which, i, -Step)).ShouldBe(2 * Step * exact[i], 2 * Step * 1e-5 * Math.Max(1, Math.Abs(exact[i])), $"{name}: input {which}, element {i}");
            }
        }

        double At(int which, int element, double by)
        {
            using DisposeScope inner = NewDisposeScope();
            using IDisposable off = no_grad();
            Tensor[] moved = [a.clone(), b.clone()];
            moved[which].view(-1).narrow(0, element, 1).add_(by);
            return (f(moved[0], moved[1]) * direction).sum().ToDouble();
        }
    }
}
