// Operators against values computed by hand or in closed form.
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class ValueLaws : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static Tensor Row(params float[] values) => tensor(values);

    private static void Same(Tensor actual, params double[] expected)
    {
        using Tensor flat = actual.to_type(ScalarType.Float64).contiguous().flatten();
        double[] got = flat.data<double>().ToArray();
        got.Length.ShouldBe(expected.Length);
        for (int i = 0; i < got.Length; i++)
        {
            got[i].ShouldBe(expected[i], 1e-5);
        }
    }

    [Fact]
    public void Arithmetic()
    {
        Tensor a = Row(1, 2, 3), b = Row(4, 5, 6);
        Same(a + b, 5, 7, 9);
        Same(a - b, -3, -3, -3);
        Same(a * b, 4, 10, 18);
        Same(b / a, 4, 2.5, 2);
        Same(a + 1, 2, 3, 4);
        Same(1 - a, 0, -1, -2);
        Same(2.0 / a, 2, 1, 2 / 3.0);
        Same(-a, -1, -2, -3);
        Same(b % a, 0, 1, 0);
        Same(a.add(b, 0.5), 3, 4.5, 6);
        Same(a.addcmul(a, b, 2), 9, 22, 39);
        Same(a.addcdiv(b, a, 2), 9, 7, 7);
        Same(a.lerp(b, full([3], 0.5)), 2.5, 3.5, 4.5);
        Same(a.pow(2), 1, 4, 9);
        Same(b.div(a, RoundingMode.floor), 4, 2, 2);
        Same(tensor(new[] { -7f }).div(2, RoundingMode.trunc), -3);
    }

    [Fact]
    public void InPlaceChangesTheTensorItselfAndReturnsIt()
    {
        Tensor a = Row(1, 2, 3);
        a.add_(Row(1, 1, 1), 2).ShouldBeSameAs(a);
        Same(a, 3, 4, 5);
        a.mul_(2).sub_(1).div_(Row(5, 7, 9));
        Same(a, 1, 1, 1);
        a.addcmul_(Row(1, 2, 3), Row(1, 1, 1), 1).addcdiv_(Row(4, 4, 4), Row(2, 4, 8), 2);
        Same(a, 6, 5, 5);
        a.zero_();
        Same(a, 0, 0, 0);
        a.fill_(7);
        Same(a, 7, 7, 7);
        a.clamp_(null, (Scalar)3);
        Same(a, 3, 3, 3);
    }

    [Fact]
    public void Pointwise()
    {
        Tensor x = Row(-1, 0, 2);
        double[] v = [-1, 0, 2];
        void Is(Tensor t, Func<double, double> f) => Same(t, v.Select(f).ToArray());
        Is(x.exp(), Math.Exp);
        Is(x.expm1(), y => Math.Exp(y) - 1);
        Is((x + 2).log(), y => Math.Log(y + 2));
        Is((x + 1).log1p(), y => Math.Log(y + 2));
        Is((x + 2).sqrt(), y => Math.Sqrt(y + 2));
        Is((x + 2).rsqrt(), y => 1 / Math.Sqrt(y + 2));
        Is(x.abs(), Math.Abs);
        Is(x.sin(), Math.Sin);
        Is(x.cos(), Math.Cos);
        Is(x.tanh(), Math.Tanh);
        Is(x.sigmoid(), Sigma);
        Is(x.silu(), y => y * Sigma(y));
        Is(x.relu(), y => Math.Max(0, y));
        Is(x.softplus(), y => Math.Log(1 + Math.Exp(y)));
        Is(x.sign(), y => Math.Sign(y));
        Is(x.clamp(-0.5, 1), y => Math.Clamp(y, -0.5, 1));
        Is(x.clamp_min(0), y => Math.Max(0, y));
        Is(x.clamp_max(0), y => Math.Min(0, y));
        Is((x * 1.3).floor(), y => Math.Floor(y * 1.3));
        Is((x * 1.3).round(), y => Math.Round(y * 1.3));
        Same(Row(0.5f).erf(), 0.5204998778);
        Same(Row(1f).gelu(), 0.8413447461);

        static double Sigma(double y) => 1 / (1 + Math.Exp(-y));
    }

    [Fact]
    public void Comparisons()
    {
        Tensor a = Row(1, 2, 3), b = Row(3, 2, 1);
        Same(a.eq(b), 0, 1, 0);
        Same(a < b, 1, 0, 0);
        Same(a >= b, 0, 1, 1);
        Same(a != b, 1, 0, 1);
        Same(2 < a, 0, 0, 1);
        Same((a > 1).logical_and(b > 1), 0, 1, 0);
        Same((a > 1).logical_not(), 1, 0, 0);
        Same(a.maximum(b), 3, 2, 3);
        Same(a.minimum(b), 1, 2, 1);
        Same(Row(1, float.NaN, float.PositiveInfinity).isnan(), 0, 1, 0);
        Same(Row(1, float.NaN, float.PositiveInfinity).isfinite(), 1, 0, 0);
        a.Equals(Row(1, 2, 3)).ShouldBeTrue();
        a.allclose(Row(1, 2, 3.0000001f)).ShouldBeTrue();
        a.allclose(b).ShouldBeFalse();
        (a > 2).any().ToBoolean().ShouldBeTrue();
        (a > 2).all().ToBoolean().ShouldBeFalse();
    }

    [Fact]
    public void Reductions()
    {
        Tensor m = tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Same(m.sum(), 21);
        Same(m.sum(0L), 5, 7, 9);
        Same(m.sum([0L, 1L]), 21);
        Same(m.mean([1L], keepdim: true), 2, 5);
        m.mean([1L], keepdim: true).shape.ShouldBe([2L, 1L]);
        Same(m.var(), 3.5);
        Same(m.var([1L], unbiased: false), 2 / 3.0, 2 / 3.0);
        Same(m.std(), Math.Sqrt(3.5));
        Same(m.prod(), 720);
        Same(m.max(1).values, 3, 6);
        Same(m.max(1).indexes, 2, 2);
        Same(m.min(0).values, 1, 2, 3);
        Same(m.argmax(), 5);
        Same(m.argmin(1), 0, 0);
        Same(m.cumsum(1), 1, 3, 6, 4, 9, 15);
        Same(m.logsumexp(1), Lse(1, 2, 3), Lse(4, 5, 6));
        Same(m.norm(), Math.Sqrt(91));
        Same(m.amax([0L]), 4, 5, 6);
        (Tensor top, Tensor at) = Row(3, 9, 1, 7).topk(2);
        Same(top, 9, 7);
        Same(at, 1, 3);
        (Tensor sorted, Tensor order) = Row(3, 9, 1).sort(descending: true);
        Same(sorted, 9, 3, 1);
        Same(order, 1, 0, 2);
        Same(m.count_nonzero(), 6);

        static double Lse(params double[] x) => Math.Log(x.Sum(Math.Exp));
    }

    [Fact]
    public void SoftmaxSumsToOneAndLogSoftmaxIsItsLogarithm()
    {
        Tensor x = Row(1, 2, 3);
        double z = Math.Exp(1) + Math.Exp(2) + Math.Exp(3);
        Same(x.softmax(-1), Math.Exp(1) / z, Math.Exp(2) / z, Math.Exp(3) / z);
        Same(x.log_softmax(-1), 1 - Math.Log(z), 2 - Math.Log(z), 3 - Math.Log(z));
        nn.functional.softmax(x, 0, ScalarType.Float64).dtype.ShouldBe(ScalarType.Float64);
    }

    [Fact]
    public void Products()
    {
        Tensor a = tensor(new float[,] { { 1, 2 }, { 3, 4 } }), b = tensor(new float[,] { { 5, 6 }, { 7, 8 } });
        double[] ab = [19, 22, 43, 50];
        Same(a.mm(b), ab);
        Same(a.matmul(b), ab);
        Same(a.unsqueeze(0).bmm(b.unsqueeze(0)), ab);
        Same(einsum("ij,jk->ik", a, b), ab);
        Same(nn.functional.linear(a, b.t()), ab);
        Same(nn.functional.linear(a, b.t(), Row(1, -1)), 20, 21, 44, 49);
        Same(Row(1, 2).dot(Row(3, 4)), 11);
        Same(Row(1, 2).outer(Row(3, 4)), 3, 4, 6, 8);
        Same(b.addmm(a, a, 2, 1), 17, 22, 29, 38);
        Same(a.mv(Row(1, 1)), 3, 7);
    }
}
