using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using AgentArena.Core.Runs;

namespace AgentArena.Cli.Tests;

/// <summary>
/// What a machine does to a run: folders that are missing, held or damaged, a full disk, Ctrl-C. Each has its message
/// and exit code.
/// </summary>
public sealed partial class FailureTests : IDisposable
{
    private const int Interrupt = 2;
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_folder_that_holds_a_run_is_not_overwritten()
    {
        Play();
        var again = Arena.Invoke(RunTests.Arguments("kuhn-poker.conf", Run, 2));
        again.Code.ShouldBe(2);
        Golden.Holds("folder-used", again, _temp.Path);
    }

    [Fact]
    public void A_folder_that_is_no_run_is_named()
    {
        foreach (var command in new[] { "resume", "replay", "eval", "status" })
        {
            var outcome = Arena.Invoke(command, _temp.Path);
            outcome.Code.ShouldBe(2);
            Golden.Holds("folder-no-run", outcome, _temp.Path);
        }
    }

    [Fact]
    public void A_folder_in_use_is_refused_and_Ctrl_C_stops_in_good_order()
    {
        using var running = Start(updates: 1_000_000);
        var refused = Arena.Invoke("resume", Run);
        refused.Code.ShouldBe(2);
        refused.Error.ShouldContain($"is in use by process {running.Id}.");
        Golden.Holds(
            "folder-locked",
            refused with
            {
                Error = refused.Error.Replace($"process {running.Id}", "process PID"),
                Out = "",
            },
            _temp.Path
        );
        Arena.Invoke("status", Run).Out.ShouldContain($"running in process {running.Id}");

        Signal(running.Id, Interrupt).ShouldBe(0);
        var stopped = Arena.Finish(running);
        stopped.Code.ShouldBe(130, stopped.Error);
        stopped.Error.ShouldContain("stopping: the update in hand is finished");
        stopped.Error.ShouldContain($"go on:   ./arena resume {Run}");
        var made = JsonNode.Parse(stopped.LastLine)!["updates"]!.GetValue<int>();
        CheckpointFolder.Verify(CheckpointFolder.Newest(Path.Combine(Run, "checkpoints", "student"))!);
        Arena.Invoke("replay", Run, "--check").Code.ShouldBe(0);

        var resumed = Arena.Invoke("resume", Run, "--time", "1s", "--json");
        resumed.Code.ShouldBe(0, resumed.Error);
        JsonNode.Parse(resumed.LastLine)!["updates"]!.GetValue<int>().ShouldBeGreaterThan(made);
        Arena.Invoke("replay", Run, "--check").Code.ShouldBe(0);
    }

    [Fact]
    public void A_second_Ctrl_C_ends_at_once_and_loses_nothing()
    {
        using var running = Start(updates: 1_000_000);
        Signal(running.Id, Interrupt).ShouldBe(0);
        while (!running.StandardError.ReadLine().ShouldNotBeNull().Contains("Once more ends at once")) { }
        Signal(running.Id, Interrupt).ShouldBe(0);
        var ended = Arena.Finish(running);
        ended.Code.ShouldBe(130);
        ended.Error.ShouldContain("ended at once; what was acknowledged is in the journal");
        var resumed = Arena.Invoke("resume", Run, "--time", "1s");
        resumed.Code.ShouldBe(0, resumed.Error);
        Arena.Invoke("replay", Run, "--check").Code.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3000)]
    [InlineData(20_000)]
    public void A_journal_that_was_cut_short_is_recognised(int bytes)
    {
        Arena.Finish(Arena.Start(RunTests.Arguments("kuhn-poker.conf", Run, 20))).Code.ShouldBe(0);
        using (var journal = new FileStream(Path.Combine(Run, "journal.db"), FileMode.Open))
            journal.SetLength(bytes);
        foreach (var command in new[] { new[] { "replay", Run, "--check" }, ["resume", Run] })
        {
            // As processes: a pooled connection of this one would still know the pages that are gone.
            var outcome = Arena.Finish(Arena.Start(command));
            outcome.Code.ShouldBeOneOf(1, 2);
            outcome.Error.ShouldContain("journal");
            outcome.Error.ShouldNotContain("   at ");
        }
    }

    [Fact]
    public void A_journal_that_is_missing_is_named()
    {
        Play();
        File.Delete(Path.Combine(Run, "journal.db"));
        var outcome = Arena.Invoke("replay", Run, "0");
        outcome.Code.ShouldBe(2);
        Golden.Holds("journal-missing", outcome, _temp.Path);
    }

    [Fact]
    public void A_checkpoint_that_was_cut_short_is_recognised()
    {
        Play();
        var newest = CheckpointFolder.Newest(Path.Combine(Run, "checkpoints", "student"))!;
        using (var file = new FileStream(Path.Combine(newest, "scripted.json"), FileMode.Open))
            file.SetLength(3);
        var resumed = Arena.Invoke("resume", Run);
        resumed.Code.ShouldBe(2);
        Golden.Holds("checkpoint-truncated-resume", resumed with { Out = "" }, _temp.Path);
        var measured = Arena.Invoke("eval", Run);
        measured.Code.ShouldBe(2);
        Golden.Holds("checkpoint-truncated-eval", measured, _temp.Path);
    }

    [Fact]
    public void A_full_disk_ends_the_run_with_a_word_and_it_goes_on_later()
    {
        // No file may grow beyond the limit, which is how a full disk looks to whoever appends. SIGXFSZ is ignored so
        // that the write itself fails; the runtime maps its code through a file unless told not to.
        var command = string.Join(' ', RunTests.Arguments("kuhn-poker.conf", Run, 1_000_000).Select(a => $"'{a}'"));
        var outcome = Arena.Finish(
            Arena.StartIn(
                "bash",
                [
                    "-c",
                    $"trap '' XFSZ; ulimit -f 2000; DOTNET_EnableWriteXorExecute=0 exec dotnet '{typeof(KillChild).Assembly.Location}' {command}",
                ]
            )
        );
        outcome.Code.ShouldBe(1, outcome.Error);
        var last = outcome.Error.TrimEnd().Split('\n')[^1];
        last.ShouldStartWith("journal: ");
        last.ShouldMatch("(?i)disk.*full|no space|disk I/O error|too large");
        last.ShouldEndWith($"./arena resume {Run}");
        outcome.Error.ShouldNotContain("   at ");
        var resumed = Arena.Invoke("resume", Run, "--time", "1s");
        resumed.Code.ShouldBe(0, resumed.Error);
        Arena.Invoke("replay", Run, "--check").Code.ShouldBe(0);
    }

    private string Run => _temp.In("run");

    private void Play()
    {
        var outcome = Arena.Invoke(RunTests.Arguments("kuhn-poker.conf", Run, 4));
        outcome.Code.ShouldBe(0, outcome.Error);
    }

    /// <summary>A run as a process of its own, once it has learned something.</summary>
    private Process Start(int updates)
    {
        var process = Arena.Start(RunTests.Arguments("kuhn-poker.conf", Run, updates, "--json"));
        var checkpoints = Path.Combine(Run, "checkpoints", "student");
        for (var waited = 0; CheckpointFolder.Newest(checkpoints) is null; waited += 50)
        {
            if (process.HasExited || waited > 60_000)
                Assert.Fail($"no checkpoint: {process.StandardError.ReadToEnd()}");
            Thread.Sleep(50);
        }
        return process;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
