// The whole system beside two PyTorch loops of the same network on the same game.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AgentArena.Benchmarks;

/// <summary>
/// Plays and learns Kuhn poker, batches of one size, in three ways, in turn: this system (actors, journal, learner),
/// a PyTorch loop that computes every prompt, and one that merges equal prompts but has neither actors nor journal.
/// </summary>
internal static class EndToEnd
{
    public static void Run(string[] args)
    {
        var root = Root();
        var updates = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 800;
        var folder = Path.Combine(Path.GetTempPath(), "arena-bench-" + Environment.ProcessId);
        try
        {
            var ours = Ours(root, folder, updates);
            var overlapped = Ours(root, folder + "-overlapped", updates, "--set", "learn.max-staleness=1");
            // Small products gain little from a second thread and may lose by it: each peer is given its better figure.
            var plain = Math.Max(Peer("kuhn_plain.py", 40, 1), Peer("kuhn_plain.py", 40, 2));
            var merged = Math.Max(Peer("kuhn_merged.py", updates, 1), Peer("kuhn_merged.py", updates, 2));
            Console.WriteLine();
            Console.WriteLine($"games a second      ours {ours,10:F0}   with play and learning overlapped (max-staleness = 1) {overlapped,10:F0}");
            Console.WriteLine($"  plain PyTorch          {plain,10:F0}   ours / plain  {ours / plain:F1} x");
            Console.WriteLine($"  merged PyTorch         {merged,10:F0}   ours / merged {ours / merged:F3} x");
        }
        finally
        {
            foreach (var made in new[] { folder, folder + "-overlapped" })
                if (Directory.Exists(made)) Directory.Delete(made, recursive: true);
        }
    }

    private static double Ours(string root, string folder, int updates, params string[] more)
    {
        using var captured = new StringWriter();
        using var faults = new StringWriter();
        var before = ThreadTimes.Read();
        Dictionary<string, double>? after = null;
        using var sampler = new Timer(_ => after = ThreadTimes.Read(), null, 200, 200); // threads end with the run: the last look before counts
        var clock = Stopwatch.StartNew();
        var code = Cli.Program.Invoke(["run", Path.Combine(root, "scenarios/kuhn-poker.conf"), "--out", folder, "--json", "--set", $"learn.updates={updates}", .. more], new Cli.Door(captured, faults, false));
        var wall = clock.Elapsed.TotalSeconds;
        var lines = captured.ToString().TrimEnd().Split('\n');
        if (code != 0) throw new InvalidOperationException($"the run ended with exit code {code}: {faults}");
        var result = JsonNode.Parse(lines[^1])!;
        var games = result["games"]!.GetValue<double>();
        var seconds = result["seconds"]!.GetValue<double>();
        Console.WriteLine($"ours {string.Join(' ', more)}: {games:F0} games, {updates} updates in {seconds:F1} s (with start-up {wall:F1} s); CPU seconds by part:");
        foreach (var (name, used) in after!.Select(t => (t.Key, Used: t.Value - before.GetValueOrDefault(t.Key))).Where(t => t.Used > 0.05).OrderByDescending(t => t.Used))
            Console.WriteLine($"  {name,-18} {used,7:F2} s  {1e6 * used / games,6:F1} us a game  {used / (2 * seconds),6:P1} of two cores");
        return games / seconds;
    }

    private static double Peer(string script, int updates, int threads)
    {
        var last = Script(script, "--updates", updates.ToString(CultureInfo.InvariantCulture), "--threads", threads.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine($"{script}, {threads} thread{(threads == 1 ? "" : "s")}: {last.ToJsonString()}");
        return last["games_per_second"]!.GetValue<double>();
    }

    /// <summary>Runs one of the peers; its last line is its result.</summary>
    internal static JsonNode Script(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true };
        foreach (var a in arguments.Prepend(Path.Combine(Root(), "tests/peers", script))) start.ArgumentList.Add(a);
        using var process = Process.Start(start)!;
        var lines = process.StandardOutput.ReadToEnd().TrimEnd().Split('\n');
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonNode.Parse(lines[^1])! : throw new InvalidOperationException($"{script} ended with exit code {process.ExitCode}. It needs Debian's python3-torch and python3-numpy.");
    }

    internal static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AgentArena.slnx"))) folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("AgentArena.slnx was not found above the benchmark.");
        return folder;
    }
}
