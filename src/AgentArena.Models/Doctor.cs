// What this room stands on, looked at rather than assumed: which libraries were loaded, and whether they can compute.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AgentArena.Models.Native;
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
    private const int Size = 384;

    /// <summary>
    /// Loads the library, says which files and versions were taken, and runs one product on each device.
    /// </summary>
    /// <param name="gpu">Whether a GPU must be there.</param>
    public static IReadOnlyList<Finding> Examine(bool gpu = false)
    {
        var findings = new List<Finding>();
        try
        {
            var speed = Product(CPU);
            findings.Add(TorchSharpFound());
            findings.Add(LibtorchFound());
            foreach (var (name, pattern) in new[] { ("BLAS", "blas"), ("CUDA runtime", "libcudart") })
                if (Loaded(pattern) is { Length: > 0 } files)
                    findings.Add(new(name, string.Join(", ", files), true));
            findings.Add(new("threads", get_num_threads().ToString(CultureInfo.InvariantCulture), true));
            var hint =
                speed < SlowProduct
                    ? ". That is the speed of a busy machine or of a generic BLAS: a libtorch that LIBTORCH names should be built with MKL or OpenBLAS."
                    : "";
            findings.Add(new("cpu", Speed(speed) + hint, true));
            var devices = cuda.is_available() ? cuda.device_count() : 0;
            for (var i = 0; i < devices; i++)
                findings.Add(new($"cuda:{i}", Speed(Product(new Device(DeviceType.CUDA, i))), true));
            if (devices == 0)
                findings.Add(
                    new(
                        "cuda",
                        gpu
                            ? "no GPU is seen by this libtorch. Install the driver, build with -p:Device=cuda or set LIBTORCH to the libraries of a CUDA build, or ask for cpu."
                            : "no GPU is seen by this libtorch",
                        !gpu
                    )
                );
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            findings.Add(new("libtorch", $"{e.GetType().Name}: {e.Message}", false));
        }
        return findings;

        static string Speed(double found) =>
            string.Create(CultureInfo.InvariantCulture, $"{Size}x{Size} float32 product at {found:0} GFLOP/s");
    }

    private static Finding TorchSharpFound()
    {
        var version = typeof(torch).Assembly.GetName().Version;
        var file = Loaded("libLibTorchSharp").FirstOrDefault();
        if (file is null || !file.EndsWith(".so", StringComparison.Ordinal))
            return new("TorchSharp", $"{version}, {file}", true);
        var weak = SymbolVersions.Of(file).Needs.Where(n => n.Weak).ToList();
        return new(
            "TorchSharp",
            $"{version}, {file}{(weak.Count > 0 ? $", made to load on a libstdc++ without {weak[0].Version}" : "")}",
            true
        );
    }

    private static Finding LibtorchFound()
    {
        var files = Loaded("libtorch_cpu");
        var found = $"{BuiltWith(files.FirstOrDefault()) ?? $"made for {__version__}"}, {string.Join(", ", files)}";
        if (Environment.GetEnvironmentVariable("LIBTORCH") is not { Length: > 0 } wanted)
            return new("libtorch", found, files.Length == 1);
        // By what it is, not by its path, in which any folder may be a link.
        var (want, have) = (new FileInfo(Path.Combine(wanted, "libtorch_cpu.so")), new FileInfo(files[^1]));
        var taken =
            files.Length == 1
            && want.Exists
            && (want.ResolveLinkTarget(true) as FileInfo ?? want) is var real
            && (real.Length, real.LastWriteTimeUtc) == (have.Length, have.LastWriteTimeUtc);
        return new(
            "libtorch",
            taken
                ? found
                : $"{found}, but LIBTORCH={wanted}. Build again with LIBTORCH set, as ./arena does; LD_LIBRARY_PATH must name the folder too.",
            taken
        );
    }

    // The library's own account of itself, cut to what tells two builds apart; null where it gives none.
    private static unsafe string? BuiltWith(string? file)
    {
        if (
            file is null
            || !NativeLibrary.TryLoad(file, out var library)
            || !NativeLibrary.TryGetExport(library, "_ZN2at11show_configB5cxx11Ev", out var export)
        )
            return null;
        // at::show_config() returns a std::string: where its text is, how long it is, and room for a short one.
        var text = stackalloc nint[4];
        ((delegate* unmanaged<nint*, nint*>)export)(text);
        var account = Encoding.UTF8.GetString((byte*)text[0], (int)text[1]).Split('\n', StringSplitOptions.TrimEntries);
        string Said(string of, char end) =>
            account.FirstOrDefault(l => l.Contains(of, StringComparison.Ordinal)) is { } line
            && line.IndexOf(of, StringComparison.Ordinal) + of.Length is var at
                ? line[at..].Split(end)[0]
                : "";
        return string.Join(
            ", ",
            new[]
            {
                Said("TORCH_VERSION=", ','),
                Said("- Intel(R) oneAPI Math Kernel Library Version ", ' ') is { Length: > 0 } mkl ? $"MKL {mkl}" : "",
                Said("CPU capability usage: ", '\n'),
            }.Where(s => s.Length > 0)
        );
    }

    private static double Product(Device device)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var a = ones([Size, Size], ScalarType.Float32, device);
        var best = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var sum = a.mm(a).sum().cpu().item<float>();
            if (sum != (float)Size * Size * Size)
                throw new InvalidOperationException(
                    $"a product of ones on {device} sums to {sum} instead of {(float)Size * Size * Size}"
                );
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return 2.0 * Size * Size * Size / best / 1e9;
    }

    /// <summary>The files of loaded libraries whose name contains <paramref name="pattern"/>, links followed.</summary>
    public static string[] Loaded(string pattern) =>
        File.Exists("/proc/self/maps")
            ?
            [
                .. File.ReadLines("/proc/self/maps")
                    .Where(l => l.Contains('/'))
                    .Select(l => l[l.IndexOf('/')..])
                    .Where(p => Path.GetFileName(p).Contains(pattern, StringComparison.Ordinal))
                    .Distinct(),
            ]
            :
            [
                .. Process
                    .GetCurrentProcess()
                    .Modules.Cast<ProcessModule>()
                    .Select(m => m.FileName)
                    .Where(f => Path.GetFileName(f).Contains(pattern, StringComparison.OrdinalIgnoreCase)),
            ];
}
