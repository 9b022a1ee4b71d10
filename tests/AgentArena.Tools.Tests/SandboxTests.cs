// The executor's own promises: bounded concurrency, replacement, cancellation, no orphans, no fall-back to the host.
using System.Diagnostics;
using AgentArena.Actors.Tools;
using AgentArena.Games.Python;

namespace AgentArena.Tools.Tests;

public class SandboxTests
{
    private static readonly ExecutionRequest Endless = new()
    {
        Program = "def f(x):\n    while True: pass",
        Inputs = ["1"],
        Limits = ExecutionLimits.Default with { CpuSeconds = 60, WallSeconds = 60 },
    };
    private static readonly ExecutionRequest Honest = new() { Program = "def f(x):\n    return x + 1", Inputs = ["1"] };

    // Every process below this one, by /proc.
    private static List<int> Descendants()
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid))
                continue;
            try
            {
                var stat = File.ReadAllText(folder + "/stat");
                parents[pid] = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }
        bool Below(int pid) =>
            parents.TryGetValue(pid, out var parent) && (parent == Environment.ProcessId || Below(parent));
        return [.. parents.Keys.Where(Below)];
    }

    [Fact]
    public async Task Nothing_is_left_after_the_end_even_with_checks_in_flight()
    {
        var before = Descendants();
        var sandbox = await PythonSandbox.StartAsync(new() { Workers = 3 }, TimeProvider.System);
        var flights = Enumerable.Range(0, 8).Select(_ => sandbox.RunAsync(Endless)).ToArray();
        await sandbox.RunAsync(Honest with { Variant = 1 });
        while (Descendants().Except(before).Count() < 3 * 3 + 2)
            await Task.Delay(20); // bwrap, interpreter and child of each
        var mine = Descendants().Except(before).ToArray();
        await sandbox.DisposeAsync();
        foreach (var flight in flights)
            await Should.ThrowAsync<ExecutorException>(flight);
        mine.Where(pid => Directory.Exists($"/proc/{pid}")).ShouldBeEmpty();
        await Should.ThrowAsync<ObjectDisposedException>(() => sandbox.RunAsync(Honest));
        await sandbox.DisposeAsync();
    }

    [Fact]
    public async Task A_check_that_is_cancelled_is_killed_and_its_place_filled_again()
    {
        await using var sandbox = await PythonSandbox.StartAsync(new() { Workers = 1 }, TimeProvider.System);
        using var cancel = new CancellationTokenSource(300);
        await Should.ThrowAsync<OperationCanceledException>(() => sandbox.RunAsync(Endless, cancel.Token));
        (await sandbox.RunAsync(Honest)).Calls[0].Value.ShouldBe("2");
        sandbox.Replaced.ShouldBe(1);
    }

    [Fact]
    public async Task An_interpreter_that_is_killed_from_outside_is_replaced_and_the_check_done_again()
    {
        var before = Descendants();
        await using var sandbox = await PythonSandbox.StartAsync(new() { Workers = 1 }, TimeProvider.System);
        foreach (var pid in Descendants().Except(before))
            Process.GetProcessById(pid).Kill();
        (await sandbox.RunAsync(Honest)).Calls[0].Value.ShouldBe("2");
        sandbox.Replaced.ShouldBe(1);
    }

    [Fact]
    public async Task An_interpreter_that_stops_answering_is_killed_by_the_watch()
    {
        var before = Descendants();
        await using var sandbox = await PythonSandbox.StartAsync(
            new() { Workers = 1, Grace = TimeSpan.FromMilliseconds(300) },
            TimeProvider.System
        );
        foreach (var pid in Descendants().Except(before))
            Process.Start("kill", ["-STOP", $"{pid}"]).WaitForExit();
        var call = (
            await sandbox.RunAsync(Honest with { Limits = ExecutionLimits.Default with { WallSeconds = 0.2 } })
        ).Calls[0];
        call.Status.ShouldBe(CallStatus.Timeout);
        call.Detail!.ShouldContain("killed");
        (await sandbox.RunAsync(Honest)).Calls[0].Value.ShouldBe("2");
    }

    [Fact]
    public async Task It_outlives_the_thread_that_started_it()
    {
        PythonSandbox sandbox = null!;
        var thread = new Thread(() =>
            sandbox = PythonSandbox.StartAsync(new() { Workers = 1 }, TimeProvider.System).GetAwaiter().GetResult()
        );
        thread.Start();
        thread.Join();
        await Task.Delay(200);
        await using (sandbox)
        {
            (await sandbox.RunAsync(Honest)).Calls[0].Value.ShouldBe("2");
            sandbox.Replaced.ShouldBe(0);
        }
    }

    [Fact]
    public async Task No_more_checks_run_at_a_time_than_there_are_workers()
    {
        var before = Descendants();
        await using var sandbox = await PythonSandbox.StartAsync(new() { Workers = 2 }, TimeProvider.System);
        var limits = ExecutionLimits.Default with { CpuSeconds = 0.3 };
        var flights = Enumerable.Range(0, 6).Select(_ => sandbox.RunAsync(Endless with { Limits = limits })).ToArray();
        var most = 0;
        while (!flights.All(f => f.IsCompleted))
        {
            most = Math.Max(most, Descendants().Except(before).Count());
            await Task.Delay(20);
        }
        most.ShouldBeLessThanOrEqualTo(2 * 3 + 1);
        most.ShouldBeGreaterThan(3);
        (await Task.WhenAll(flights)).ShouldAllBe(e => e.Calls[0].Status == CallStatus.Timeout);
    }

    [Theory]
    [InlineData("/nonexistent/bwrap", "", "apt-get install bubblewrap")]
    [InlineData("", "/nonexistent/python3", "apt-get install python3")]
    [InlineData("", "/bin/cat", "below /usr")]
    [InlineData("/bin/true", "", "user namespaces")]
    [InlineData("/bin/cat", "", "never run unconfined")]
    [InlineData("", "/usr/bin/true", "did not start")]
    public async Task Without_confinement_it_refuses_to_start(string bwrap, string python, string remedy) =>
        (
            await Should.ThrowAsync<ExecutorException>(() =>
                PythonSandbox.StartAsync(new() { Bubblewrap = bwrap, Python = python }, TimeProvider.System)
            )
        ).Message.ShouldContain(remedy);

    // A stand-in that runs the interpreter on the host instead of confining it: the interpreter notices that it is not
    // process 1.
    [Fact]
    public async Task A_wrapper_that_does_not_confine_is_not_believed()
    {
        var fake = Path.Combine(Path.GetTempPath(), $"fake-bwrap-{Environment.ProcessId}");
        File.WriteAllText(fake, "#!/bin/sh\nwhile [ \"$1\" != /usr/bin/python3 ]; do shift; done\nexec \"$@\"\n");
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(fake, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        try
        {
            (
                await Should.ThrowAsync<ExecutorException>(() =>
                    PythonSandbox.StartAsync(
                        new() { Bubblewrap = fake, Python = "/usr/bin/python3" },
                        TimeProvider.System
                    )
                )
            ).Message.ShouldContain("never run unconfined");
        }
        finally
        {
            File.Delete(fake);
        }
    }
}
