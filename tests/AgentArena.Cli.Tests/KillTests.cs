using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Actors.Journal;
using AgentArena.Core;
using AgentArena.Core.Games;
using AgentArena.Core.Runs;
using AgentArena.Testing;
using Akka.Configuration;

namespace AgentArena.Cli.Tests;

/// <summary>kill -9 at random moments of a real run, with a real network; the journal must prove that nothing was lost or learned twice.</summary>
public sealed class KillTests : IDisposable
{
    private const int Batch = 16;
    private readonly string _temp = Directory.CreateTempSubdirectory("arena-kill-").FullName;

    public void Dispose() => Directory.Delete(_temp, recursive: true);

    [Fact]
    public async Task Ten_kills_lose_nothing_and_teach_nothing_twice() => await KillAndAudit(kills: 10, updates: 3000, "killed", []);

    [Fact]
    public async Task A_kill_on_postgresql_loses_nothing_either()
    {
        using var postgres = new PrivatePostgres();
        var machine = Path.Combine(_temp, "machine.conf");
        await File.WriteAllTextAsync(machine, $$"""akka.persistence.journal.sql { provider-name = "PostgreSQL.15", connection-string = "{{postgres.FreshConnectionString()}}" }""");
        await KillAndAudit(kills: 3, updates: 600, "on-postgres", ["--config", machine], ConfigurationFactory.ParseString(await File.ReadAllTextAsync(machine)));
    }

    [Fact]
    public async Task A_run_that_was_killed_ends_with_the_weights_and_games_of_one_that_was_not()
    {
        await KillAndAudit(kills: 3, updates: 1200, "killed", []);
        await KillAndAudit(kills: 0, updates: 1200, "undisturbed", []);
        byte[] Weights(string run) => File.ReadAllBytes(Path.Combine(_temp, run, "checkpoints", "student", "v00001200", "weights.safetensors"));
        Weights("killed").ShouldBe(Weights("undisturbed"));
        Games("killed").ShouldBe(Games("undisturbed"));
    }

    private async Task KillAndAudit(int kills, int updates, string name, string[] more, Config? config = null)
    {
        var folder = Path.Combine(_temp, name);
        var moments = new RandomStream(RandomStream.Derive(1, "kill", Environment.TickCount64)); // other moments each time: the law must hold at any
        string[] arguments = ["run", Repository.Path("scenarios/kuhn-poker.conf"), "--out", folder, "--seed", "5",
            "--set", $"learn.updates={updates}", "--set", $"learn.batch={Batch}", "--set", "run.checkpoint-every=30", "--set", "run.evaluate-every=100", "--json", .. more];
        for (var killed = 0; killed < kills;)
        {
            using var arena = Start(arguments);
            // Early kills fall into start-up and recovery; the others wait for play to have gone on since the last one.
            var before = Progress(folder, config);
            var deadline = Environment.TickCount64 + 60_000;
            while (killed > 1 && Progress(folder, config) <= before && !arena.HasExited && Environment.TickCount64 < deadline) await Task.Delay(50);
            await Task.WhenAny(arena.WaitForExitAsync(), Task.Delay(20 + moments.Next(600)));
            arena.HasExited.ShouldBeFalse($"the run was over before kill {killed + 1} of {kills}; give it more updates");
            arena.Kill();
            await arena.WaitForExitAsync();
            killed++;
            if (File.Exists(Path.Combine(folder, "scenario.conf"))) arguments = ["resume", folder, "--json"];
            else if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }

        var last = await Finish(arguments);
        last["updates"]!.GetValue<int>().ShouldBe(updates);
        var measured = File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Select(line => JsonNode.Parse(line)!).Last(line => line["exploitability"] is not null);
        measured["update"]!.GetValue<int>().ShouldBe(updates);
        last["exploitability"]!.GetValue<double>().ShouldBe(measured["exploitability"]!.GetValue<double>()); // the last iterate's, not an earlier one's

        using (var reader = JournalReader.Open(RunFolder.Open(folder), config))
        {
            var audit = RunAudit.Check(reader);
            audit.Faults.ShouldBeEmpty();                                                // no gap, no illegal move, no entry twice
            audit.Finished.ShouldBe((long)updates * Batch);
            audit.Consumed.ShouldHaveSingleItem().Value.ShouldBe((long)updates * Batch); // every finished game exactly once
            reader.ReadRun().OfType<WeightsUpdated>().Select(u => u.Version).ShouldBe(Enumerable.Range(1, updates));
        }

        var newest = CheckpointFolder.Newest(Path.Combine(folder, "checkpoints", "student"))!;
        CheckpointFolder.Verify(newest);
        Path.GetFileName(newest).ShouldBe("v" + updates.ToString("D8", CultureInfo.InvariantCulture));
        (await Finish(["eval", folder, "--games", "50", "--json"]))["exploitability"]!.GetValue<double>().ShouldBeInRange(0, 0.46);
    }

    /// <summary>A rough measure of how far a run has come; it only has to grow.</summary>
    private static long Progress(string folder, Config? config)
    {
        if (config is null) return new[] { "journal.db", "journal.db-wal" }.Select(f => new FileInfo(Path.Combine(folder, f))).Where(f => f.Exists).Sum(f => f.Length);
        try
        {
            using var reader = JournalReader.Open(RunFolder.Open(folder), config);
            return reader.Numbers().Count;
        }
        catch (UserException)
        {
            return 0; // not yet begun
        }
    }

    private string[] Games(string name)
    {
        using var reader = JournalReader.Open(RunFolder.Open(Path.Combine(_temp, name)));
        return [.. reader.ReadGames().Select(g => string.Join(' ', ((GameStarted)g.Events[0]).Chance.Concat(g.Events.OfType<MoveMade>().Select(m => $"{m.Move}@{m.Said!.Version}"))))];
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
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["OMP_NUM_THREADS"] = "1";
        return Process.Start(start)!;
    }
}
