// Leaves, switches, and the law of the flat buffer: parameters and gradients as views of two vectors.
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class AutogradLaws : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void BackwardAddsToTheGradientOfLeaves()
    {
        Tensor x = tensor(new[] { 1f, 2f }, requires_grad: true);
        x.is_leaf.ShouldBeTrue();
        x.grad.ShouldBeNull();
        (x * x).sum().backward();
        x.grad!.data<float>().ToArray().ShouldBe([2f, 4f]);
        (x * 3).sum().backward();
        x.grad!.data<float>().ToArray().ShouldBe([5f, 7f]);
    }

    [Fact]
    public void ParametersThatAreViewsOfOneBufferCollectInPlaceIntoViewsOfAnother()
    {
        long[][] shapes = [[3, 4], [4], [4, 2]];
        long total = shapes.Sum(s => s.Aggregate(1L, (p, q) => p * q));
        Tensor flat, grads = zeros(total);
        var parameters = new List<Tensor>();
        using (no_grad())
        {
            flat = randn(total, generator: new Generator(5));
            long at = 0;
            foreach (long[] shape in shapes)
            {
                long n = shape.Aggregate(1L, (p, q) => p * q);
                Tensor p = flat.narrow(0, at, n).view(shape).detach().requires_grad_();
                p.grad = grads.narrow(0, at, n).view(shape);
                parameters.Add(p);
                at += n;
            }
        }
        Tensor x = randn(5, 3, generator: new Generator(6));
        nint[] before = parameters.Select(p => p.grad!.Handle).ToArray();

        double first = Loss();
        parameters.Select(p => p.grad!.Handle).ShouldBe(before);
        double[] once = grads.to_type(ScalarType.Float64).data<double>().ToArray();
        Loss().ShouldBe(first, 1e-6);
        double[] twice = grads.to_type(ScalarType.Float64).data<double>().ToArray();
        for (int i = 0; i < total; i++)
        {
            once[i].ShouldNotBe(0);
            twice[i].ShouldBe(2 * once[i], 1e-5);
        }

        // a step on the flat vector is a step of every parameter, and descends
        using (no_grad())
        {
            flat.add_(grads, -0.01);
            parameters[0].flatten().Equals(flat.narrow(0, 0, 12)).ShouldBeTrue();
            grads.zero_();
        }
        Loss().ShouldBeLessThan(first);

        double Loss()
        {
            using DisposeScope inner = NewDisposeScope();
            Tensor loss = (x.mm(parameters[0]) + parameters[1]).tanh().mm(parameters[2]).square().sum();
            loss.backward();
            return loss.ToDouble();
        }
    }

    [Fact]
    public void AGradientOfAnotherShapeOrTypeIsRefused()
    {
        Tensor x = zeros(2, requires_grad: true);
        Should.Throw<ExternalException>(() => x.grad = zeros(3)).Message.ShouldContain("size");
        Should.Throw<ExternalException>(() => x.grad = zeros(2, ScalarType.Float64)).Message.ShouldContain("type");
        x.grad = ones(2);
        x.grad = null;
        x.grad.ShouldBeNull();
    }

    [Fact]
    public void SwitchesNestAndRestore()
    {
        is_grad_enabled().ShouldBeTrue();
        Tensor x = ones(2, requires_grad: true);
        using (no_grad())
        {
            is_grad_enabled().ShouldBeFalse();
            (x * 2).requires_grad.ShouldBeFalse();
            using (enable_grad())
            {
                (x * 2).requires_grad.ShouldBeTrue();
            }
            is_grad_enabled().ShouldBeFalse();
        }
        is_grad_enabled().ShouldBeTrue();
        using (inference_mode())
        {
            is_inference_mode_enabled().ShouldBeTrue();
            (x * 2).requires_grad.ShouldBeFalse();
        }
        is_inference_mode_enabled().ShouldBeFalse();
        is_grad_enabled().ShouldBeTrue();
    }

    [Fact]
    public void SwitchesAreOfOneThread()
    {
        using IDisposable off = no_grad();
        bool elsewhere = false;
        var thread = new Thread(() => elsewhere = is_grad_enabled());
        thread.Start();
        thread.Join();
        elsewhere.ShouldBeTrue();
        is_grad_enabled().ShouldBeFalse();
    }

    [Fact]
    public void DetachSharesMemoryAndCutsTheGraph()
    {
        Tensor x = ones(2, requires_grad: true), y = x * 2, d = y.detach();
        d.requires_grad.ShouldBeFalse();
        d.add_(1);
        y.data<float>().ToArray().ShouldBe([3f, 3f]);
        y.detach_().ShouldBeSameAs(y);
        y.requires_grad.ShouldBeFalse();
    }

    [Fact]
    public void GradDoesNotTouchLeavesAndNamesUnusedInputs()
    {
        Tensor x = tensor(new[] { 3.0 }, requires_grad: true), unused = zeros(1, requires_grad: true);
        Tensor y = x.pow(3).sum();
        IList<Tensor> first = autograd.grad([y], [x], create_graph: true);
        IList<Tensor> second = autograd.grad([first[0].sum()], [x]);
        first[0].ToDouble().ShouldBe(27, 1e-9);
        second[0].ToDouble().ShouldBe(18, 1e-9);
        x.grad.ShouldBeNull();
        autograd.grad([x.sum()], [unused], allow_unused: true)[0].ShouldBeNull();
        Should.Throw<ExternalException>(() => autograd.grad([x.sum()], [unused])).Message.ShouldContain("allow_unused");
    }

    [Fact]
    public void AGraphIsUsedOnceUnlessRetained()
    {
        Tensor x = ones(2, requires_grad: true), y = (x * x).sum();
        y.backward(retain_graph: true);
        y.backward();
        x.grad!.data<float>().ToArray().ShouldBe([4f, 4f]);
        Should.Throw<ExternalException>(() => y.backward()).Message.ShouldContain("second time");
    }

    [Fact]
    public void AChangeInPlaceOfALeafOrOfASavedTensorIsRefused()
    {
        Tensor x = ones(2, requires_grad: true);
        Should.Throw<ExternalException>(() => x.add_(1)).Message.ShouldContain("leaf");
        Tensor y = x.exp(), z = y.sum();
        y.mul_(2);
        Should.Throw<ExternalException>(() => z.backward());    // exp keeps its result for the way back
    }

    [Fact]
    public void ParametersAndClipping()
    {
        Tensor data = ones(3);
        Modules.Parameter p = nn.Parameter(data), q = nn.Parameter(ones(4));
        data.IsInvalid.ShouldBeTrue();
        (p.sum() * 2 + q.sum() * 3).backward();
        double norm = Math.Sqrt(3 * 4 + 4 * 9);
        nn.utils.clip_grad_norm_([p, q], 1).ShouldBe(norm, 1e-5);
        p.grad!.data<float>()[0].ShouldBe((float)(2 / norm), 1e-5f);
        nn.utils.clip_grad_norm_([p, q], 5).ShouldBe(1, 1e-5);
        p.grad!.data<float>()[0].ShouldBe((float)(2 / norm), 1e-5f);
        p.Dispose();
        q.Dispose();
    }

    [Fact]
    public void InitialisersFillLeavesUnrecorded()
    {
        Tensor w = empty(400, 100, requires_grad: true);
        manual_seed(3);
        nn.init.kaiming_normal_(w, nonlinearity: nn.init.NonlinearityType.ReLU);
        w.is_leaf.ShouldBeTrue();
        w.std().ToDouble().ShouldBe(Math.Sqrt(2 / 100.0), 0.003);
        nn.init.xavier_uniform_(w);
        w.std().ToDouble().ShouldBe(Math.Sqrt(2 / 500.0), 0.002);
        w.max().ToDouble().ShouldBeLessThan(Math.Sqrt(6 / 500.0) + 1e-6);
        nn.init.normal_(w, 2, 0.5);
        w.mean().ToDouble().ShouldBe(2, 0.02);
    }
}
