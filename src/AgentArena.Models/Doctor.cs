// What this room stands on, looked at rather than assumed: which libraries were loaded, and whether they can compute.
using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models;

/// <summary>One finding.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Found">What was found, or what went wrong and what to do.</param>
/// <param name="Sound">Whether it is as it should be.</param>
public sealed record Finding(string Name, string Found, bool Sound);

/// <summary>Examines the tensor library.</summary>
public static class Doctor
{
    private const double SlowProduct = 20;

    /// <summary>Loads the library, says which files and versions were taken, and runs one product on each device.</summary>
    public static IReadOnlyList<Finding> Examine()
    {
        var findings = new List<Finding>();
        try
        {
            findings.Add(new("libtorch version", __version__, true));
            var speed = Product(CPU, 384);
            foreach (var (name, pattern) in new[] { ("libtorch", "libtorch_cpu"), ("BLAS", "blas"), ("CUDA runtime", "libcudart") })
                if (Loaded(pattern) is { Length: > 0 } files) findings.Add(new(name, string.Join(", ", files), true));
            findings.Add(new("threads", get_num_threads().ToString(CultureInfo.InvariantCulture), true));
            var slow = speed < SlowProduct;
            findings.Add(new("cpu", string.Create(CultureInfo.InvariantCulture, $"384x384 float32 product at {speed:0} GFLOP/s{(slow ? ". That is the speed of a generic BLAS: install OpenBLAS (libopenblas0-pthread) or MKL." : "")}"), !slow));
            findings.Add(cuda.is_available()
                ? new("cuda", string.Create(CultureInfo.InvariantCulture, $"{cuda.device_count()} device(s), 384x384 float32 product at {Product(CUDA, 384):0} GFLOP/s"), true)
                : new("cuda", "no GPU seen by this libtorch", true));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            findings.Add(new("libtorch", $"{e.GetType().Name}: {e.Message}", false));
        }
        return findings;
    }

    private static double Product(Device device, int size)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var a = ones([size, size], ScalarType.Float32, device);
        var best = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var sum = a.mm(a).sum().cpu().item<float>();
            if (sum != (float)size * size * size) throw new InvalidOperationException($"a product of ones on {device} sums to {sum} instead of {(float)size * size * size}");
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return 2.0 * size * size * size / best / 1e9;
    }

    private static string[] Loaded(string pattern) => File.Exists("/proc/self/maps")
        ? [.. File.ReadLines("/proc/self/maps").Where(l => l.Contains('/')).Select(l => l[l.IndexOf('/')..]).Where(p => Path.GetFileName(p).Contains(pattern, StringComparison.Ordinal)).Distinct()]
        : [.. Process.GetCurrentProcess().Modules.Cast<ProcessModule>().Select(m => m.FileName).Where(f => Path.GetFileName(f).Contains(pattern, StringComparison.OrdinalIgnoreCase))];
}
