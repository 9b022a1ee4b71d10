// A reply does not depend on its company and an update not on when it is made: on other processors' instructions too,
// as far as this processor has them, and on several threads.
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;

namespace AgentArena.Models.Tests;

public class DeterminismTests
{
    // What libtorch's own loops may use, and what the products of its BLAS may; null leaves either as this processor
    // has it.
    public static readonly TheoryData<string?, string?, int> Processors = new()
    {
        { "default", "SSE4_2", 1 },
        { "default", "SSE4_2", 2 },
        { "avx2", "AVX2", 1 },
        { "avx2", "AVX2", 2 },
        { null, null, 1 },
        { null, null, 2 },
        { null, null, 3 },
    };

    [Theory, MemberData(nameof(Processors))]
    public async Task Replies_are_the_same_in_any_company_and_updates_whenever_they_are_made(
        string? loops,
        string? products,
        int threads
    )
    {
        if (loops == "avx2" && !Avx2.IsSupported)
            return;
        var start = new ProcessStartInfo("dotnet", [typeof(Company).Assembly.Location, threads.ToString()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (start.Environment["ATEN_CPU_CAPABILITY"], start.Environment["MKL_ENABLE_INSTRUCTIONS"]) = (loops, products);
        // As many threads as asked for, also where there are fewer processors; and none that waits in a loop for the
        // others.
        (start.Environment["MKL_DYNAMIC"], start.Environment["OMP_WAIT_POLICY"]) = ("FALSE", "PASSIVE");
        using var child = Process.Start(start)!;
        var (said, complaint) = (child.StandardOutput.ReadToEndAsync(), child.StandardError.ReadToEndAsync());
        await child.WaitForExitAsync();
        child.ExitCode.ShouldBe(0, await complaint);
        var found = JsonSerializer.Deserialize<Company>(await said)!;
        found.Replies.ShouldBe(180);
        found.OtherTokens.ShouldBe(0, found.ToString());
        found.Furthest.ShouldBeLessThan(1e-5f, found.ToString());
        found.FurthestOfTraining.ShouldBeLessThan(1e-5f, found.ToString());
        found.SameWeights.ShouldBeTrue(found.ToString());
        // To the last bit with the libtorch of the packages, whose products are MKL's. Of another's nothing is known.
        if (
            RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64
            && Environment.GetEnvironmentVariable("LIBTORCH") is null
        )
            found.OtherBits.ShouldBe(0, found.ToString());
    }
}
