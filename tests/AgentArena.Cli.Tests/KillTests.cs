using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Core;
using AgentArena.Core.Runs;

namespace AgentArena.Cli.Tests;

/// <summary>kill -9 at random moments of a real run, with a real network; the journal must prove that nothing was lost or learned twice.</summary>
public sealed class KillTests : IDisposable
{
    private const int Updates = 1200, Batch = 16, Kills = 10;
    private readonly string _temp = Directory.CreateTempSubdirectory("arena-kill-").FullName;

    public void Dispose() => Directory.Delete(_temp, recursive: true);

    [Fact]
    public void Ten_kills_lose_nothing_and_teach_nothing_twice()
    {
        var folder = Path.Combine(_temp, "run");
        var moments = new RandomStream(RandomStream.Derive(1, "kill", Environment.TickCount64)); // other moments each time: the law must hold at any
        string[] arguments = ["run", Repository.Path("scenarios/kuhn-poker.conf"), "--out", folder, "--seed", "5",
            "--set", $"learn.updates={Updates}", "--set", $"learn.batch={Batch}", "--set", "run.checkpoint-every=40", "--set", "run.evaluate-every=200", "--json"];
        var kills = 0;
        while (true)
        {
            using var arena = Start(arguments);
            if (kills < Kills)
            {
                // The first kills fall early (start-up, recovery), the later ones deep in play and learning.
                var wait = 300 + moments.Next(600 + 250 * kills);
                if (!arena.WaitForExit(wait))
                {
                    arena.Kill();
                    arena.WaitForExit();
                    kills++;
                    if (File.Exists(Path.Combine(folder, "journal.db"))) arguments = ["resume", folder, "--json"];
                    else if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
                    continue;
                }
                Assert.Fail($"the run ended after {kills} kills with exit code {arena.ExitCode}; make it longer: {arena.StandardError.ReadToEnd()}");
            }
            var output = arena.StandardOutput.ReadToEndAsync();
            var errors = arena.StandardError.ReadToEndAsync();
            arena.WaitForExit(120_000).ShouldBeTrue("the last resume must end");
            arena.ExitCode.ShouldBe(0, errors.GetAwaiter().GetResult());
            var last = JsonNode.Parse(output.GetAwaiter().GetResult().TrimEnd().Split('\n')[^1])!;
            last["updates"]!.GetValue<int>().ShouldBe(Updates);
            break;
        }

        using var reader = JournalReader.Open(RunFolder.Open(folder));
        var audit = RunAudit.Check(reader);
        audit.Faults.ShouldBeEmpty();                                        // no gap, no illegal move, no entry twice
        audit.Consumed.ShouldHaveSingleItem().Value.ShouldBe((long)Updates * Batch); // every finished game exactly once
        audit.Finished.ShouldBe((long)Updates * Batch);
        var versions = reader.ReadRun().OfType<WeightsUpdated>().Select(u => u.Version).ToArray();
        versions.ShouldBe(Enumerable.Range(1, Updates));

        var newest = CheckpointFolder.Newest(Path.Combine(folder, "checkpoints", "student"))!;
        CheckpointFolder.Verify(newest);
        Path.GetFileName(newest).ShouldBe("v" + Updates.ToString("D8", CultureInfo.InvariantCulture));
        using var eval = Start(["eval", folder, "--games", "50", "--json"]);
        var result = eval.StandardOutput.ReadToEndAsync();
        eval.WaitForExit(60_000).ShouldBeTrue();
        eval.ExitCode.ShouldBe(0);
        JsonNode.Parse(result.GetAwaiter().GetResult().TrimEnd().Split('\n')[^1])!["exploitability"]!.GetValue<double>().ShouldBeInRange(0, 0.46);
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
