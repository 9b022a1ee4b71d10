// Who disposes what: scopes, their nesting, their threads, and the counts that tell of leaks.
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public sealed class ScopeLaws
{
    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [Fact]
    public void AScopeDisposesWhatWasMadeUnderItAndNothingElse()
    {
        long before = Live;
        using Tensor outside = ones(2);
        Tensor inside;
        using (DisposeScope scope = NewDisposeScope())
        {
            inside = outside + outside;
            _ = inside.exp().sum();
            scope.DisposablesCount.ShouldBe(3);
            scope.Contains(inside).ShouldBeTrue();
            scope.Contains(outside).ShouldBeFalse();
        }
        inside.IsInvalid.ShouldBeTrue();
        outside.IsInvalid.ShouldBeFalse();
        Live.ShouldBe(before + 1);
    }

    [Fact]
    public void TensorsMoveOutwardsOneScopeAtATime()
    {
        long before = Live;
        Tensor kept;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                kept = ones(3).MoveToOuterDisposeScope();
                ones(4);
            }
            kept.IsInvalid.ShouldBeFalse();
            Live.ShouldBe(before + 1);
        }
        kept.IsInvalid.ShouldBeTrue();
        Live.ShouldBe(before);
    }

    [Fact]
    public void DetachedTensorsOutliveAllScopes()
    {
        Tensor a, b;
        using (DisposeScope scope = NewDisposeScope())
        {
            a = ones(1).DetachFromDisposeScope();
            b = scope.Detach(zeros(1));
        }
        (a + b).ToSingle().ShouldBe(1);
        a.Dispose();
        b.Dispose();
    }

    [Fact]
    public void AttachTakesOver()
    {
        Tensor loose = ones(1);
        using (DisposeScope scope = NewDisposeScope())
        {
            scope.Attach(loose);
            scope.Contains(loose).ShouldBeTrue();
        }
        loose.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void DisposeEverythingButKeepsExactlyThese()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] all = [.. Enumerable.Range(0, 300).Select(i => full([1], i))];
        scope.DisposeEverythingBut(all[7], all[299]);
        all.Where(t => !t.IsInvalid).ShouldBe([all[7], all[299]]);
        scope.DisposablesCount.ShouldBe(2);
    }

    [Fact]
    public void DisposingATensorTakesItOutOfItsScopeInAnyOrder()
    {
        long before = Live;
        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor[] all = [.. Enumerable.Range(0, 50).Select(i => full([1], i))];
            var order = new Random(3);
            foreach (Tensor t in all.OrderBy(_ => order.Next()).Take(30))
            {
                t.Dispose();
            }
            scope.DisposablesCount.ShouldBe(20);
            all.Where(t => !t.IsInvalid).ShouldAllBe(t => scope.Contains(t));
        }
        Live.ShouldBe(before);
    }

    [Fact]
    public void WrappedExpressionsKeepTheirResultOnly()
    {
        long before = Live;
        using (Tensor r = WrappedTensorDisposeScope(() => ones(2) + ones(2) * 3))
        {
            r.data<float>().ToArray().ShouldBe([4f, 4f]);
            Live.ShouldBe(before + 1);
        }
        Live.ShouldBe(before);
    }

    [Fact]
    public void AStepOfTrainingLeavesNoTensorBehind()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor w = randn(4, 4, requires_grad: true), x = randn(8, 4);
        w.grad = zeros(4, 4);
        long before = Live, all = Tensor.TotalCount;
        for (int step = 0; step < 3; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            x.mm(w).log_softmax(-1).sum().backward();
            w.grad!.norm().ToDouble();
        }
        Live.ShouldBe(before);
        Tensor.PeakCount.ShouldBeGreaterThanOrEqualTo(all);
    }

    [Fact]
    public void AForgottenScopeIsFreedByTheCollector()
    {
        var gone = new ManualResetEventSlim();
        long before = Tensor.TotalCount;
        var thread = new Thread(() =>
        {
            _ = NewDisposeScope();
            for (int i = 0; i < 1000; i++)
            {
                _ = zeros(1);
            }
            gone.Set();
        });
        thread.Start();
        thread.Join();
        gone.IsSet.ShouldBeTrue();
        for (int i = 0; i < 50 && Tensor.TotalCount >= before + 900; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Tensor.TotalCount.ShouldBeLessThan(before + 900);
    }

    [Fact]
    public void AParameterLivesWhereItsDataLived()
    {
        Tensor loose = ones(2);
        Modules.Parameter kept, scoped;
        using (NewDisposeScope())
        {
            kept = nn.Parameter(loose);
            scoped = nn.Parameter(ones(2));
        }
        kept.IsInvalid.ShouldBeFalse();
        scoped.IsInvalid.ShouldBeTrue();
        kept.Dispose();
    }

    [Fact]
    public void ScopesAreOfOneThread()
    {
        using DisposeScope mine = NewDisposeScope();
        ones(1);
        int theirs = -1;
        Tensor? made = null;
        bool scoped = true;
        var thread = new Thread(() =>
        {
            scoped = CurrentDisposeScope is not null;
            made = ones(1);
            using DisposeScope own = NewDisposeScope();
            ones(1);
            theirs = own.DisposablesCount;
        });
        thread.Start();
        thread.Join();
        scoped.ShouldBeFalse();
        theirs.ShouldBe(1);
        mine.DisposablesCount.ShouldBe(1);
        made!.IsInvalid.ShouldBeFalse();
        made.Dispose();
    }

    [Fact]
    public void ScopesClosedOutOfOrderLeaveTheStackWhole()
    {
        DisposeScope outer = NewDisposeScope(), inner = NewDisposeScope();
        outer.Dispose();
        CurrentDisposeScope.ShouldBeSameAs(inner);
        inner.Dispose();
        CurrentDisposeScope.ShouldBeNull();
        Should.Throw<ObjectDisposedException>(() => inner.DisposablesCount);
    }

    [Fact]
    public void ManyThreadsAtOnceLeakNothingAndGetTheirOwnErrors()
    {
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        Thread[] threads = [.. Enumerable.Range(1, 4).Select(k => new Thread(() =>
        {
            for (int i = 0; i < 300; i++)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor a = full([k], k);
                if (a.sum().ToSingle() != k * k)
                {
                    failures.Add($"sum on thread {k}");
                }
                try
                {
                    a.mm(a);
                    failures.Add("no error");
                }
                catch (System.Runtime.InteropServices.ExternalException e) when (e.Message.Contains("self must be a matrix"))
                {
                }
            }
            if (Live != 0)
            {
                failures.Add($"thread {k} left {Live}");
            }
        }))];
        foreach (Thread t in threads)
        {
            t.Start();
        }
        foreach (Thread t in threads)
        {
            t.Join();
        }
        failures.ShouldBeEmpty();
    }
}
