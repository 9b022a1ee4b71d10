// Views, joins, index expressions: against arrays indexed by hand.
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class ShapeLaws : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static Tensor Cube => arange(24).view(2, 3, 4);

    private static long[] Flat(Tensor t) => t.data<long>().ToArray();

    [Fact]
    public void FactsOfATensor()
    {
        Tensor t = zeros(2, 3, ScalarType.Float64);
        t.shape.ShouldBe([2L, 3L]);
        t.size(-1).ShouldBe(3);
        Should.Throw<ArgumentOutOfRangeException>(() => t.size(2));
        t.ndim.ShouldBe(2);
        t.numel().ShouldBe(6);
        t.stride().ShouldBe([3L, 1L]);
        t.element_size().ShouldBe(8);
        t.dtype.ShouldBe(ScalarType.Float64);
        t.device.ShouldBe(CPU);
        t.ToString().ShouldBe("[2x3], type = Float64, device = cpu");
        zeros([]).ndim.ShouldBe(0);
        t.t().is_contiguous().ShouldBeFalse();
        t.t().contiguous().is_contiguous().ShouldBeTrue();
    }

    [Fact]
    public void ViewsShareMemory()
    {
        Tensor t = arange(6), v = t.view(2, 3), n = v.narrow(1, 1, 2);
        n.fill_(9);
        Flat(t).ShouldBe([0L, 9, 9, 3, 9, 9]);
        n.storage_offset().ShouldBe(1);
        Flat(n).ShouldBe([9L, 9, 9, 9]);
        Should.Throw<ExternalException>(() => t.view(4)).Message.ShouldBe("shape '[4]' is invalid for input of size 6");
    }

    [Fact]
    public void Rearrangements()
    {
        Tensor m = arange(6).view(2, 3);
        Flat(m.t()).ShouldBe([0L, 3, 1, 4, 2, 5]);
        Flat(m.transpose(0, 1)).ShouldBe([0L, 3, 1, 4, 2, 5]);
        Cube.permute(2, 0, 1).shape.ShouldBe([4L, 2L, 3L]);
        Cube.permute(2, 0, 1).data<long>()[1, 1, 2].ShouldBe(21);
        Flat(m.flip(1)).ShouldBe([2L, 1, 0, 5, 4, 3]);
        Flat(m.roll(1, 1)).ShouldBe([2L, 0, 1, 5, 3, 4]);
        Flat(m.repeat(1, 2)).ShouldBe([0L, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]);
        Flat(arange(2).repeat_interleave(2)).ShouldBe([0L, 0, 1, 1]);
        Flat(arange(2).repeat_interleave(tensor(new long[] { 1, 3 }))).ShouldBe([0L, 1, 1, 1]);
        Flat(arange(3).unsqueeze(1).expand(3, 2)).ShouldBe([0L, 0, 1, 1, 2, 2]);
        Flat(ones(3, 3, ScalarType.Int64).tril(-1)).ShouldBe([0L, 0, 0, 1, 0, 0, 1, 1, 0]);
        Flat(ones(2, 2, ScalarType.Int64).triu(1)).ShouldBe([0L, 1, 0, 0]);
        zeros(1, 2, 1).squeeze().shape.ShouldBe([2L]);
        zeros(1, 2, 1).squeeze(0).shape.ShouldBe([2L, 1L]);
        Cube.flatten(1).shape.ShouldBe([2L, 12L]);
        arange(12).unflatten(0, 3, 4).shape.ShouldBe([3L, 4L]);
    }

    [Fact]
    public void JoinsAndPieces()
    {
        Tensor a = arange(4).view(2, 2), b = a + 10;
        Flat(cat([a, b], 1)).ShouldBe([0L, 1, 10, 11, 2, 3, 12, 13]);
        stack([a, b], 1).shape.ShouldBe([2L, 2L, 2L]);
        arange(7).split(3).Select(Flat).ShouldBe([[0L, 1, 2], [3L, 4, 5], [6L]]);
        arange(7).split([2L, 5L], 0L)[1].numel().ShouldBe(5);
        arange(6).chunk(2).Select(Flat).ShouldBe([[0L, 1, 2], [3L, 4, 5]]);
        a.unbind().Select(Flat).ShouldBe([[0L, 1], [2L, 3]]);
    }

    [Fact]
    public void IndexExpressions()
    {
        Tensor t = Cube;
        t[1, 2, 3].ToInt64().ShouldBe(23);
        Flat(t[1][0]).ShouldBe([12L, 13, 14, 15]);
        Flat(t[TensorIndex.Single(0), TensorIndex.Slice(1, 3), TensorIndex.Slice(0, 4, 2)]).ShouldBe([4L, 6, 8, 10]);
        Flat(t[TensorIndex.Ellipsis, TensorIndex.Single(-1)]).ShouldBe([3L, 7, 11, 15, 19, 23]);
        t[TensorIndex.Null, TensorIndex.Colon].shape.ShouldBe([1L, 2L, 3L, 4L]);
        Flat(t[TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 2, 0 })), TensorIndex.Single(1)]).ShouldBe([9L, 1, 21, 13]);
        Flat(t[t > 20]).ShouldBe([21L, 22, 23]);
        Tensor mask = tensor(new bool[,] { { true, false, false }, { false, false, true } });
        t[TensorIndex.Tensor(mask), TensorIndex.Slice(1, 3)].shape.ShouldBe([2L, 2L]);
        Flat(t[TensorIndex.Tensor(mask), TensorIndex.Slice(1, 3)]).ShouldBe([1L, 2, 21, 22]);
        Flat(t[TensorIndex.Tensor(mask), TensorIndex.Tensor(tensor(new long[] { 3, 0 }))]).ShouldBe([3L, 20]);
        t[.., 1..2, ^1].shape.ShouldBe([2L, 1L]);
    }

    [Fact]
    public void WritingThroughAnIndex()
    {
        Tensor t = zeros(2, 3, ScalarType.Int64);
        t[1, 2] = tensor(5L);
        t[TensorIndex.Colon, TensorIndex.Single(0)] = tensor(new long[] { 7, 8 });
        Flat(t).ShouldBe([7L, 0, 0, 8, 0, 5]);
        t.index_put_(tensor(new long[] { 1, 1 }), [tensor(new long[] { 0, 0 }), tensor(new long[] { 1, 1 })], accumulate: true);
        t[0, 1].ToInt64().ShouldBe(2);
        t.masked_fill_(t > 4, -1);
        Flat(t).ShouldBe([-1L, 2, 0, -1, 0, -1]);
        t.index_put_(9, TensorIndex.Single(0));
        Flat(t[0]).ShouldBe([9L, 9, 9]);
    }

    [Fact]
    public void GatherAndScatter()
    {
        Tensor t = arange(6).view(2, 3), index = tensor(new long[,] { { 2, 0 }, { 1, 1 } });
        Flat(t.gather(1, index)).ShouldBe([2L, 0, 4, 4]);
        Flat(zeros(2, 3, ScalarType.Int64).scatter_(1, index, ones(2, 2, ScalarType.Int64))).ShouldBe([1L, 0, 1, 0, 1, 0]);
        Flat(zeros(2, 3, ScalarType.Int64).scatter_add_(1, index, ones(2, 2, ScalarType.Int64))).ShouldBe([1L, 0, 1, 0, 2, 0]);
        Flat(zeros(3, ScalarType.Int64).index_add_(0, tensor(new long[] { 0, 2, 0 }), arange(1, 4), 2)).ShouldBe([8L, 0, 4]);
        Flat(t.index_select(1, tensor(new long[] { 2, 2 }))).ShouldBe([2L, 2, 5, 5]);
        Flat(t.masked_select(t % 2 == 0)).ShouldBe([0L, 2, 4]);
        Flat(t.take_along_dim(index, 1)).ShouldBe([2L, 0, 4, 4]);
        Flat(where(t > 2, t, zeros_like(t))).ShouldBe([0L, 0, 0, 3, 4, 5]);
        Flat(nn.functional.one_hot(tensor(new long[] { 1, 0 }), 3)).ShouldBe([0L, 1, 0, 1, 0, 0]);
        Flat(searchsorted(tensor(new long[] { 1, 3, 5 }), tensor(new long[] { 0, 3, 9 }))).ShouldBe([0L, 1, 3]);
        Should.Throw<ExternalException>(() => t.index_select(0, tensor(new long[] { 9 }))).Message.ShouldContain("index out of range");
    }
}
