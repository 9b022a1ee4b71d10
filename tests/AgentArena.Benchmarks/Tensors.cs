// What an operator costs from .NET, beside libtorch's own time in a loop of products, and how near products come to the
// machine's peak.
using System.Diagnostics;
using static TorchSharp.torch;

namespace AgentArena.Benchmarks;

/// <summary>Microseconds an operator; GFLOP/s of a 1024-cube float32 product on one and on two threads.</summary>
internal static class Tensors
{
    public static void Run(string[] args)
    {
        Console.WriteLine($"libtorch {__version__}; {string.Join(", ", Libraries())}");
        set_num_threads(1);
        using (no_grad())
        {
            Operators("without gradients", false);
        }
        Operators("with gradients", true);
        FlatUpdate();
        foreach (int threads in new[] { 1, 2 })
        {
            set_num_threads(threads);
            foreach (int n in new[] { 64, 256, 1024 })
            {
                Console.WriteLine($"  {threads} thread(s)  {n, 4}^3 float32 product  {Gflops(n), 8:F1} GFLOP/s");
            }
        }
    }

    /// <summary>The BLAS, OpenMP and libtorch files mapped into this process.</summary>
    private static IEnumerable<string> Libraries() =>
        Process
            .GetCurrentProcess()
            .Modules.Cast<ProcessModule>()
            .Select(m => m.ModuleName)
            .Where(m => new[] { "blas", "mkl", "gomp", "iomp", "libtorch_c" }.Any(m.Contains))
            .Distinct()
            .Order(StringComparer.Ordinal);

    private static void Operators(string title, bool grad)
    {
        using var outer = NewDisposeScope();
        var a = randn(16, 16);
        var w = randn(16, 16).requires_grad_(grad);
        var b = randn(16, 16);
        var index = zeros(16, ScalarType.Int64);
        Console.WriteLine(title);
        Each("add", () => w + b);
        Each("add scalar", () => w + 1.0);
        Each("mul in place", () => a.mul_(b));
        Each("view", () => w.view(4, 64));
        Each("narrow", () => w.narrow(0, 2, 4));
        Each("16x16 product", () => a.mm(w));
        Each("silu", () => w.silu());
        Each("log_softmax", () => w.log_softmax(-1));
        Each("index_select", () => w.index_select(0, index));
        Each("sum", () => w.sum());
        Each("shape (no operator)", () =>
        {
            _ = w.size(0);
            return null;
        });
    }

    /// <summary>Best window of a hundred calls in 400; a scope disposes their tensors, as in a training step.</summary>
    private static void Each(string name, Func<Tensor?> call)
    {
        const int Windows = 400,
            Calls = 100;
        var best = double.MaxValue;
        for (var w = 0; w < Windows; w++)
        {
            var watch = Stopwatch.StartNew();
            using (NewDisposeScope())
            {
                for (var i = 0; i < Calls; i++)
                    call();
            }
            best = Math.Min(best, watch.Elapsed.TotalMicroseconds / Calls);
        }
        Console.WriteLine($"  {name, -22} {best, 7:F2} us");
    }

    /// <summary>
    /// AdamW over one flat vector of 100,000 numbers: about ten operators whatever the number of layers.
    /// </summary>
    private static void FlatUpdate()
    {
        using var off = no_grad();
        using var outer = NewDisposeScope();
        const int N = 100_000;
        Tensor p = randn(N),
            g = randn(N),
            m = zeros(N),
            v = zeros(N);
        var best = double.MaxValue;
        for (var round = 0; round < 200; round++)
        {
            using var scope = NewDisposeScope();
            var watch = Stopwatch.StartNew();
            var norm = g.norm();
            g.mul_((1 / (norm + 1e-6)).clamp_max(1));
            m.mul_(0.9).add_(g, 0.1);
            v.mul_(0.99).addcmul_(g, g, 0.01);
            p.mul_(1 - 1e-5);
            p.addcdiv_(m, v.sqrt().add_(1e-8), -1e-3);
            best = Math.Min(best, watch.Elapsed.TotalMicroseconds);
        }
        Console.WriteLine(
            $"clip and AdamW over {N:N0} numbers: {best:F0} us, {(16.0 * 4 * N) / best / 1e3:F1} GB/s of an estimated 16 passes"
        );
    }

    private static double Gflops(int n)
    {
        using var scope = NewDisposeScope();
        Tensor a = randn(n, n),
            b = randn(n, n),
            c = a.mm(b);
        var best = double.MaxValue;
        for (var i = 0; i < Math.Clamp(200_000_000 / (n * n * n), 10, 2000); i++)
        {
            var watch = Stopwatch.StartNew();
            using var product = a.mm(b);
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }
        return 2.0 * n * n * n / best / 1e9;
    }
}
