using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Actors.Journal;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Testing;
using Akka.Configuration;

namespace AgentArena.Cli.Tests;

/// <summary>
/// kill -9 at random moments of a real run, with a real network; the journal must prove that nothing was lost or
/// learned twice.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int Batch = 16;
    private readonly string _temp = Directory.CreateTempSubdirectory("arena-kill-").FullName;

    public void Dispose() => Directory.Delete(_temp, recursive: true);

    [Fact]
    public async Task Twenty_kills_lose_nothing_and_teach_nothing_twice() =>
        await KillAndAudit(kills: 20, updates: 900, "killed");

    [Fact]
    public async Task Twenty_kills_on_postgresql_lose_nothing_either()
    {
        using var postgres = new PrivatePostgres();
        await KillAndAudit(
            kills: 20,
            updates: 900,
            "on-postgres",
            $"provider-name = \"PostgreSQL.15\", connection-string = \"{postgres.FreshConnectionString()}\""
        );
        // Another run's tables in a schema beside are not this one's.
        await KillAndAudit(
            kills: 0,
            updates: 20,
            "beside-it",
            $"provider-name = \"PostgreSQL.15\", connection-string = \"{postgres.FreshConnectionString()}\""
        );
    }

    [Fact]
    public async Task A_run_that_was_killed_ends_with_the_weights_and_games_of_one_that_was_not()
    {
        await KillAndAudit(kills: 3, updates: 300, "killed");
        await KillAndAudit(kills: 0, updates: 300, "undisturbed");
        byte[] Weights(string run) =>
            File.ReadAllBytes(Path.Combine(_temp, run, "checkpoints", "student", "v00000300", "weights.safetensors"));
        Weights("killed").ShouldBe(Weights("undisturbed"));
        Games("killed").ShouldBe(Games("undisturbed"));
    }

    // Most kills come from within: at a write of a group of events, before it, while it is under way or after it; every
    // fourth at a snapshot, every fifth from outside, whatever is going on.
    private async Task KillAndAudit(int kills, int updates, string name, string store = "")
    {
        var folder = Path.Combine(_temp, name);
        var seed = (ulong)Environment.TickCount64; // other moments each time: the law must hold at any
        var moments = new RandomStream(RandomStream.Derive(1, "kill", (long)seed));
        string[] run =
        [
            "run",
            Repository.Path("scenarios/zero-sum/kuhn-poker.conf"),
            "--out",
            folder,
            "--seed",
            "5",
            "--set",
            $"learn.updates={updates}",
            "--set",
            $"learn.batch={Batch}",
            "--set",
            "run.checkpoint-every=30",
            "--set",
            "run.evaluate-every=100",
            "--json",
        ];
        string[] resume = ["resume", folder, "--json"];
        for (var killed = 0; killed < kills; killed++)
        {
            var begun = File.Exists(Path.Combine(folder, "scenario.conf"));
            if (!begun && Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            var (atWrite, atSnapshot) =
                killed % 5 == 4 ? (0, 0)
                : killed % 4 == 3 ? (0, 1 + moments.Next(3))
                : (1 + moments.Next(90), 0);
            using var arena = Start([
                .. begun ? resume : run,
                "--config",
                Machine(store, atWrite, atSnapshot, moments.Next(1 << 30)),
            ]);
            var output = (arena.StandardOutput.ReadToEndAsync(), arena.StandardError.ReadToEndAsync());
            if (atWrite == 0 && atSnapshot == 0)
            {
                await Task.WhenAny(arena.WaitForExitAsync(), Task.Delay(500 + moments.Next(2500)));
                arena.Kill();
            }
            await arena.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
            arena.ExitCode.ShouldBe(
                137,
                $"seed {seed}: kill {killed + 1} of {kills} did not happen; give it more updates. {await output.Item2}"
            );
        }

        var last = await Finish([
            .. File.Exists(Path.Combine(folder, "scenario.conf")) ? resume : run,
            "--config",
            Machine(store, 0, 0, 0),
        ]);
        last["updates"]!.GetValue<int>().ShouldBe(updates);
        var lines = File.ReadLines(Path.Combine(folder, "metrics.jsonl"))
            .Select(line => JsonNode.Parse(line)!)
            .ToArray();
        lines
            .Where(l => l["loss"] is not null)
            .Select(l => l["update"]!.GetValue<int>())
            .ShouldBe(Enumerable.Range(1, updates), $"seed {seed}: a line an update, whatever was killed");
        var measured = lines.Last(line => line["exploitability"] is not null);
        measured["update"]!.GetValue<int>().ShouldBe(updates);
        // the last iterate's, not an earlier one's
        last["exploitability"]!.GetValue<double>().ShouldBe(measured["exploitability"]!.GetValue<double>());

        using (
            var reader = JournalReader.Open(
                RunFolder.Open(folder),
                ConfigurationFactory.ParseString(await File.ReadAllTextAsync(Machine(store, 0, 0, 0)))
            )
        )
        {
            var audit = RunAudit.Check(reader, _ => Standard.Catalog);
            audit.Faults.ShouldBeEmpty($"seed {seed}"); // no gap, no illegal move, no entry twice
            audit.Finished.ShouldBe((long)updates * Batch);
            // every finished game exactly once
            audit.Consumed.ShouldHaveSingleItem().Value.ShouldBe((long)updates * Batch);
            reader.ReadRun().OfType<WeightsUpdated>().Select(u => u.Version).ShouldBe(Enumerable.Range(1, updates));
        }

        var newest = CheckpointFolder.Newest(Path.Combine(folder, "checkpoints", "student"))!;
        CheckpointFolder.Verify(newest);
        Path.GetFileName(newest).ShouldBe("v" + updates.ToString("D8", CultureInfo.InvariantCulture));
        if (updates < 100)
            return; // too few to have learned anything
        // Learned: the untrained policy's exploitability is 0.458.
        (await Finish(["eval", folder, "--games", "50", "--json"]))["exploitability"]!
            .GetValue<double>()
            .ShouldBeInRange(0, 0.4);
    }

    private string Machine(string store, int atWrite, int atSnapshot, int seed)
    {
        var file = Path.Combine(_temp, "machine.conf");
        File.WriteAllText(
            file,
            $$"""
            arena.rows-per-snapshot = 10
            akka.persistence {
              journal.sql { class = "AgentArena.Cli.Tests.KillingJournal, AgentArena.Cli.Tests", kill-at = {{atWrite}}, kill-seed = {{seed}}, {{store}} }
              snapshot-store.sql { class = "AgentArena.Cli.Tests.KillingSnapshots, AgentArena.Cli.Tests", kill-at = {{atSnapshot}}, kill-seed = {{seed}} }
            }
            """
        );
        return file;
    }

    private string[] Games(string name)
    {
        using var reader = JournalReader.Open(RunFolder.Open(Path.Combine(_temp, name)));
        return
        [
            .. reader
                .ReadGames()
                .Select(g =>
                    string.Join(
                        ' ',
                        ((GameStarted)g.Events[0]).Chance.Concat(
                            g.Events.OfType<MoveMade>().Select(m => $"{m.Move}@{m.Said!.Version}")
                        )
                    )
                ),
        ];
    }

    private static async Task<JsonNode> Finish(string[] arguments)
    {
        using var arena = Start(arguments);
        var output = arena.StandardOutput.ReadToEndAsync();
        var errors = arena.StandardError.ReadToEndAsync();
        await arena.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        arena.ExitCode.ShouldBe(0, await errors + await output);
        return JsonNode.Parse((await output).TrimEnd().Split('\n')[^1])!;
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(typeof(KillChild).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["OMP_NUM_THREADS"] = "1";
        return Process.Start(start)!;
    }
}
