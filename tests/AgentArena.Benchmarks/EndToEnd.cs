// The whole system beside two PyTorch loops of the same network on the same game, on each journal.
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Testing;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace AgentArena.Benchmarks;

/// <summary>
/// Plays and learns Kuhn poker, batches of one size, in turn: this system (actors, journal, learner) on SQLite, on
/// PostgreSQL, and on a journal that keeps nothing, which shows what the journal costs; a PyTorch loop that computes
/// every prompt; and one that merges equal prompts but has neither actors nor journal.
/// </summary>
internal static class EndToEnd
{
    private sealed record Run(string Name, double Games, double Seconds, double Cpu, double Bytes)
    {
        public double Rate => Games / Seconds;
        public double CpuAGame => 1e6 * Cpu / Games;
    }

    public static void Start(string[] args)
    {
        var updates = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 800;
        var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
        var peers = !args.Contains("--alone");
        var folder = Directory.CreateTempSubdirectory("arena-bench-").FullName;
        using var postgres = new PrivatePostgres();
        try
        {
            Ours(folder, "warm-up", 800, null);
            var all = new List<(Run Sqlite, Run Overlapped, Run Postgres, Run None, double Plain, double Merged)>();
            for (var round = 0; round < rounds; round++)
                all.Add(
                    (
                        Ours(folder, $"sqlite-{round}", updates, null),
                        Ours(folder, $"overlapped-{round}", updates, null, "--set", "learn.max-staleness=1"),
                        Ours(
                            folder,
                            $"postgres-{round}",
                            updates,
                            $$"""{ provider-name = "PostgreSQL.15", connection-string = "{{postgres.FreshConnectionString()}}" }"""
                        ),
                        Ours(
                            folder,
                            $"none-{round}",
                            updates,
                            $$"""{ class = "{{typeof(ForgetfulJournal).FullName}}, {{typeof(ForgetfulJournal).Assembly.GetName().Name}}" }"""
                        ),
                        // Small products gain little from a second thread and may lose by it: each peer is given its
                        // better figure.
                        peers ? Math.Max(Peer("kuhn_plain.py", 40, 1), Peer("kuhn_plain.py", 40, 2)) : double.NaN,
                        peers
                            ? Math.Max(Peer("kuhn_merged.py", updates, 1), Peer("kuhn_merged.py", updates, 2))
                            : double.NaN
                    )
                );

            Console.WriteLine($"\nmedian of {rounds} rounds   games/s   CPU µs/game   bytes/game");
            foreach (
                var of in new Func<(Run Sqlite, Run Overlapped, Run Postgres, Run None, double, double), Run>[]
                {
                    r => r.Sqlite,
                    r => r.Overlapped,
                    r => r.Postgres,
                    r => r.None,
                }
            )
            {
                var runs = all.Select(of).OrderBy(r => r.Rate).ToArray();
                var middle = runs[rounds / 2];
                Console.WriteLine(
                    $"{middle.Name.Split('-')[0], -24}{middle.Rate, 10:F0}{middle.CpuAGame, 14:F1}{(middle.Bytes > 0 ? $"{middle.Bytes, 13:F0}" : "            -")}"
                );
            }
            double plain = Median(all.Select(r => r.Plain)),
                merged = Median(all.Select(r => r.Merged));
            Console.WriteLine($"{"plain PyTorch", -24}{plain, 10:F0}\n{"merged PyTorch", -24}{merged, 10:F0}");
            Console.WriteLine(
                $"ours / plain, by round:  {string.Join("  ", all.Select(r => $"{r.Sqlite.Rate / r.Plain:F1} x (overlapped {r.Overlapped.Rate / r.Plain:F1} x)"))}   aim >= 10 x"
            );
            Console.WriteLine(
                $"ours / merged, by round: {string.Join("  ", all.Select(r => $"{r.Sqlite.Rate / r.Merged:F2} x (overlapped {r.Overlapped.Rate / r.Merged:F2} x)"))}   aim >= 0.5 x"
            );
            var (with, without) = (
                Median(all.Select(r => r.Sqlite.CpuAGame)),
                Median(all.Select(r => r.None.CpuAGame))
            );
            Console.WriteLine(
                $"the journal's share of the processor time: {(with - without) / with:P1} (with SQLite {with:F1} µs a game, without a journal {without:F1})   aim <= 5 %"
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Median(IEnumerable<double> values) =>
        values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private static Run Ours(string parent, string name, int updates, string? journal, params string[] more)
    {
        using var captured = new StringWriter();
        using var faults = new StringWriter();
        var folder = Path.Combine(parent, name);
        string[] machine = [];
        if (journal is not null)
        {
            var file = Path.Combine(parent, name + ".conf");
            File.WriteAllText(file, $"akka.persistence.journal.sql = {journal}");
            machine = ["--config", file];
        }
        var before = ThreadTimes.Read();
        Dictionary<string, double>? after = null;
        // threads end with the run: the last look before counts
        using var sampler = new Timer(_ => after = ThreadTimes.Read(), null, 200, 200);
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var code = Cli.Program.Invoke(
            [
                "run",
                Path.Combine(Root(), "scenarios/zero-sum/kuhn-poker.conf"),
                "--out",
                folder,
                "--json",
                "--set",
                $"learn.updates={updates}",
                .. machine,
                .. more,
            ],
            new Cli.Door(captured, faults, false)
        );
        process.Refresh();
        var used = (process.TotalProcessorTime - cpu).TotalSeconds;
        if (code != 0)
            throw new InvalidOperationException($"the run ended with exit code {code}: {faults}");
        var result = JsonNode.Parse(captured.ToString().TrimEnd().Split('\n')[^1])!;
        var (games, seconds) = (result["games"]!.GetValue<double>(), result["seconds"]!.GetValue<double>());
        var bytes = new[] { "journal.db", "journal.db-wal" }
            .Select(f => new FileInfo(Path.Combine(folder, f)))
            .Where(f => f.Exists)
            .Sum(f => (double)f.Length);
        Console.WriteLine(
            $"{name}: {games:F0} games, {updates} updates in {seconds:F1} s, {games / seconds:F0} games/s; CPU by thread:"
        );
        foreach (
            var (thread, time) in after!
                .Select(t => (t.Key, Used: t.Value - before.GetValueOrDefault(t.Key)))
                .Where(t => t.Used > 0.1)
                .OrderByDescending(t => t.Used)
                .Take(6)
        )
            Console.WriteLine(
                $"  {thread, -18} {time, 7:F2} s  {1e6 * time / games, 6:F1} us a game  {time / (2 * seconds), 6:P1} of two cores"
            );
        return new Run(name, games, seconds, used, bytes / games);
    }

    private static double Peer(string script, int updates, int threads)
    {
        var last = Script(
            script,
            "--updates",
            updates.ToString(CultureInfo.InvariantCulture),
            "--threads",
            threads.ToString(CultureInfo.InvariantCulture)
        );
        Console.WriteLine($"{script}, {threads} thread{(threads == 1 ? "" : "s")}: {last.ToJsonString()}");
        return last["games_per_second"]!.GetValue<double>();
    }

    /// <summary>Runs one of the peers; its last line is its result.</summary>
    internal static JsonNode Script(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var a in arguments.Prepend(Path.Combine(Root(), "tests/peers", script)))
            start.ArgumentList.Add(a);
        using var process = Process.Start(start)!;
        var lines = process.StandardOutput.ReadToEnd().TrimEnd().Split('\n');
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonNode.Parse(lines[^1])!
            : throw new InvalidOperationException(
                $"{script} ended with exit code {process.ExitCode}. It needs Debian's python3-torch and python3-numpy."
            );
    }

    internal static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AgentArena.slnx")))
            folder = Path.GetDirectoryName(folder)
                ?? throw new DirectoryNotFoundException("AgentArena.slnx was not found above the benchmark.");
        return folder;
    }
}

/// <summary>Acknowledges at once and keeps nothing: what a run costs beside its journal.</summary>
public sealed class ForgetfulJournal : AsyncWriteJournal
{
    private static readonly Task<IImmutableList<Exception>> Written = Task.FromResult<IImmutableList<Exception>>(null!);

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(
        Akka.Actor.IActorContext context,
        string persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Action<IPersistentRepresentation> recoveryCallback
    ) => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(
        string persistenceId,
        long fromSequenceNr,
        CancellationToken cancellationToken
    ) => Task.FromResult(0L);

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages,
        CancellationToken cancellationToken
    ) => Written;

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(
        string persistenceId,
        long toSequenceNr,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;
}
