// Element types: what goes in comes out, conversions round as they should, wrong types are refused.
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class DtypeLaws : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void ArraysOfEachTypeRoundTrip()
    {
        tensor(new[] { 1.5f, -2f }).data<float>().ToArray().ShouldBe([1.5f, -2f]);
        tensor(new[] { 1.5, -2 }).data<double>().ToArray().ShouldBe([1.5, -2]);
        tensor(new[] { long.MaxValue, -2L }).data<long>().ToArray().ShouldBe([long.MaxValue, -2L]);
        tensor(new[] { 1, -2 }).data<int>().ToArray().ShouldBe([1, -2]);
        tensor(new short[] { 1, -2 }).data<short>().ToArray().ShouldBe([(short)1, (short)-2]);
        tensor(new byte[] { 1, 255 }).data<byte>().ToArray().ShouldBe([(byte)1, (byte)255]);
        tensor(new sbyte[] { 1, -1 }).data<sbyte>().ToArray().ShouldBe([(sbyte)1, (sbyte)-1]);
        tensor(new[] { true, false }).data<bool>().ToArray().ShouldBe([true, false]);
        tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }).shape.ShouldBe([2L, 3L]);
        tensor(new List<long> { 1, 2, 3, 4 }, 2, 2).data<long>()[1, 0].ShouldBe(3);
        tensor(new Memory<float>([1, 2, 3, 4]), [2, 2]).data<float>()[0, 1].ShouldBe(2);
        ((float[,])tensor(new float[,] { { 1, 2 }, { 3, 4 } }).data<float>().ToNDArray())[1, 0].ShouldBe(3);
        Should.Throw<ArgumentException>(() => tensor(new float[5], [2, 3])).Message.ShouldContain("5 elements");
    }

    [Fact]
    public void DefaultsAreTheReals()
    {
        zeros(1).dtype.ShouldBe(ScalarType.Float32);
        tensor(1.0).dtype.ShouldBe(ScalarType.Float64);
        tensor(1f).dtype.ShouldBe(ScalarType.Float32);
        tensor(1L).dtype.ShouldBe(ScalarType.Int64);
        tensor(1).dtype.ShouldBe(ScalarType.Int32);
        tensor(true).dtype.ShouldBe(ScalarType.Bool);
        arange(3).dtype.ShouldBe(ScalarType.Int64);
        arange(0, 1, 0.25).data<float>().ToArray().ShouldBe([0, 0.25f, 0.5f, 0.75f]);
        full([2], 1.5).dtype.ShouldBe(ScalarType.Float32);
        full([2], 3L).dtype.ShouldBe(ScalarType.Int64);
        (zeros(1) + 1.5).dtype.ShouldBe(ScalarType.Float32);
        (arange(2) + 0.5).dtype.ShouldBe(ScalarType.Float32);
        (zeros(1) > 0).dtype.ShouldBe(ScalarType.Bool);
        eye(2).data<float>().ToArray().ShouldBe([1f, 0, 0, 1]);
        linspace(0, 1, 3).data<float>().ToArray().ShouldBe([0, 0.5f, 1]);
    }

    [Fact]
    public void Conversions()
    {
        Tensor x = tensor(new[] { 1.7f, -1.7f, 0f });
        x.@long().data<long>().ToArray().ShouldBe([1L, -1, 0]);
        x.to_type(ScalarType.Bool).data<bool>().ToArray().ShouldBe([true, true, false]);
        x.to(ScalarType.Float64).dtype.ShouldBe(ScalarType.Float64);
        x.half().data<Half>()[0].ShouldBe((Half)1.7f);
        Tensor b = tensor(new[] { 1f, 1.00390625f, 3.1415927f }).bfloat16();
        b.dtype.ShouldBe(ScalarType.BFloat16);
        b.element_size().ShouldBe(2);
        b.@float().data<float>().ToArray().ShouldBe([1f, 1f, 3.140625f]);          // eight bits of mantissa, ties to even
        (b + b).dtype.ShouldBe(ScalarType.BFloat16);
        b.view(3, 1).mm(b.view(1, 3)).@float().data<float>()[0, 0].ShouldBe(1f);
        b.bytes.Length.ShouldBe(6);
    }

    [Fact]
    public void ToTheSameTypeIsANewHandleOfTheSameMemory()
    {
        Tensor x = zeros(2), same = x.to(ScalarType.Float32), copy = x.to(ScalarType.Float32, copy: true);
        same.fill_(3);
        x.data<float>()[0].ShouldBe(3);
        copy.data<float>()[0].ShouldBe(0);
        same.Dispose();
        x.IsInvalid.ShouldBeFalse();
        Tensor old = ones(1);
        using Tensor converted = old.to(ScalarType.Float64, disposeAfter: true);
        old.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void ReadingWithTheWrongTypeIsRefused()
    {
        Should.Throw<ArgumentException>(() => zeros(1).item<double>()).Message.ShouldBe("Double is not compatible with Float32");
        Should.Throw<ArgumentException>(() => zeros(2).item<float>());
        zeros(1).ToDouble().ShouldBe(0);
        tensor(2.5f).ToInt32().ShouldBe(2);
        Should.Throw<OverflowException>(() => tensor(300L).ToByte());
        Should.Throw<ExternalException>(() => zeros(2).ToSingle());
    }

    [Fact]
    public void BytesAreTheMemoryItself()
    {
        Tensor x = tensor(new[] { 1f, 2f });
        MemoryMarshal.Cast<byte, float>(x.bytes)[1] = 9;
        x.data<float>().ToArray().ShouldBe([1f, 9f]);
        x.bytes = MemoryMarshal.AsBytes<float>([5f, 6f]).ToArray();
        x.data<float>().ToArray().ShouldBe([5f, 6f]);
        Should.Throw<NotImplementedException>(() => zeros(2, 2).t().bytes.Length);
        Should.Throw<ArgumentException>(() => zeros(2).bytes = new byte[3]);
    }

    [Fact]
    public void AccessorsFollowStrides()
    {
        Tensor t = arange(6).view(2, 3).t();
        using Utils.TensorAccessor<long> a = t.data<long>();
        a.ToArray().ShouldBe([0L, 3, 1, 4, 2, 5]);
        a[1, 1].ShouldBe(4);
        a[2, 0] = 70;
        t.data<long>().ToArray().ShouldBe([0L, 3, 1, 4, 70, 5]);
        a.CopyFrom([9L, 8, 7], 0, 1);
        a.ShouldBe([0L, 9, 8, 7, 70, 5]);
        Should.Throw<IndexOutOfRangeException>(() => a[3, 0]);
        t.Dispose();
        Should.Throw<ObjectDisposedException>(() => a[0]);
    }

    [Fact]
    public void CopyConvertsAndBroadcasts()
    {
        Tensor x = zeros(2, 2);
        x.copy_(tensor(new[] { 1L, 2L })).ShouldBeSameAs(x);
        x.data<float>().ToArray().ShouldBe([1f, 2, 1, 2]);
        Tensor c = x.clone();
        c.zero_();
        x.sum().ToSingle().ShouldBe(6);
    }

    [Fact]
    public void DevicesAreNamedAndAbsentOnesRefused()
    {
        new Device("cuda:1").ToString().ShouldBe("cuda:1");
        Should.Throw<ArgumentException>(() => device("gpu")).Message.ShouldContain("cuda:0");
        new Device("cpu").ShouldBe(CPU);
        zeros(1).cpu().device_type.ShouldBe(DeviceType.CPU);
        if (!cuda.is_available())
        {
            cuda.device_count().ShouldBe(0);
            Should.Throw<NotSupportedException>(() => zeros(1, device: new Device("cuda"))).Message.ShouldContain("CUDA");
            Should.Throw<NotSupportedException>(() => zeros(1).cuda());
        }
    }
}
