// The machine underneath: which BLAS runs, whether memory stays flat. Resident memory is the whole process's, so these run alone.
using System.Diagnostics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Tests that measure the whole process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class NativeLaws
{
    [Fact]
    public void AFastBlasIsLoadedAndUsed()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor a = randn(512, 512), b = randn(512, 512);
        a.mm(b);
        if (Process.GetCurrentProcess().Modules.Cast<ProcessModule>().Any(m => m.ModuleName.StartsWith("libblas.so", StringComparison.Ordinal)))
        {
            File.ReadAllText("/proc/self/maps").ShouldContain("libopenblas");
            Marshal.PtrToStringUTF8(PInvoke.Shim.ts_blas())!.ShouldContain("OpenBLAS");
        }
    }

    [Fact]
    public void TenThousandStepsLeaveMemoryFlat()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor w = randn(16, 16, requires_grad: true), x = randn(8, 16);
        w.grad = zeros(16, 16);
        Steps(2000);
        long before = Resident();
        Steps(10_000);
        (Resident() - before).ShouldBeLessThan(8 << 20);

        void Steps(int n)
        {
            for (int i = 0; i < n; i++)
            {
                using DisposeScope scope = NewDisposeScope();
                x.mm(w).tanh().log_softmax(-1).gather(1, zeros(8, 1, ScalarType.Int64)).sum().backward();
                using (no_grad())
                {
                    w.add_(w.grad!, -1e-3);
                    w.grad!.zero_();
                }
            }
        }

        static long Resident()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
        }
    }

    [Fact]
    public void ForgottenTensorsAreFreedByTheCollector()
    {
        long before = Tensor.TotalCount;
        Forget();
        for (int i = 0; i < 20 && Tensor.TotalCount >= before + 1000; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Tensor.TotalCount.ShouldBeLessThan(before + 1000);

        static void Forget()
        {
            for (int i = 0; i < 1000; i++)
            {
                _ = zeros(1).numel();
            }
        }
    }

    [Fact]
    public void TemporariesSurviveTheCollectorWhileAnOperatorReadsThem()
    {
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
            }
        });
        collector.Start();
        for (int i = 0; i < 3000; i++)
        {
            full([64], i).add(full([64], 1)).sum().ToSingle().ShouldBe(64 * (i + 1));
        }
        stop.Cancel();
        collector.Join();
    }

    [Fact]
    public void ThreadCountsAreSet()
    {
        int before = get_num_threads();
        set_num_threads(1);
        get_num_threads().ShouldBe(1);
        set_num_threads(before);
        get_num_threads().ShouldBe(before);
        __version__.ShouldMatch(@"^\d+\.\d+");
    }
}
