// Every operator of the binding's table is in this libtorch, and calling conventions survive the trip.
using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp.PInvoke;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class OperatorLaws
{
    [Fact]
    public void EveryOperatorOfTheTableIsInThisLibtorch()
    {
        string[] absent = typeof(Ops).GetFields(BindingFlags.NonPublic | BindingFlags.Static)
            .Select(f => (Operator)f.GetValue(null)!).Where(o => !o.Exists).Select(o => o.Name).ToArray();
        absent.Except(["scaled_dot_product_attention"]).ShouldBeEmpty();
    }

    [Fact]
    public void AFailedOperatorThrowsLibtorchsFirstLine()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = zeros(2, 3), b = zeros(2, 3);
        ExternalException e = Should.Throw<ExternalException>(() => a.mm(b));
        e.Message.ShouldBe("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)");
        e.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void AnArgumentOfTheWrongKindIsRefusedNotMisread()
    {
        using Tensor a = zeros(2);
        Should.Throw<ExternalException>(() => Ops.sum_dim_IntList.Call(a, 1L, false, Arg.None)).Message.ShouldContain("a list of integers");
    }

    [Fact]
    public void AnUnknownOperatorSaysSo()
    {
        var none = new Operator("no_such_operator");
        none.Exists.ShouldBeFalse();
        Should.Throw<NotSupportedException>(() => none.Call()).Message.ShouldContain("no_such_operator");
    }

    [Fact]
    public void LongListsOfTensorsAndSizesArrive()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] many = Enumerable.Range(0, 1000).Select(i => tensor(new[] { (float)i })).ToArray();
        cat(many).data<float>().ToArray().ShouldBe(Enumerable.Range(0, 1000).Select(i => (float)i));
        zeros(Enumerable.Repeat(1L, 60).ToArray()).ndim.ShouldBe(60);
    }

    [Fact]
    public void ADisposedTensorIsRefused()
    {
        Tensor t = zeros(2);
        t.Dispose();
        t.Dispose();
        t.IsInvalid.ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => t + 1);
    }
}
