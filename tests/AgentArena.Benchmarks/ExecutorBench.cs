// Checks a second of the code executor: small programs, real proposals where the data is at hand, and where the
// processor's time goes.
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using AgentArena.Actors.Tools;
using AgentArena.Games.Python;

namespace AgentArena.Benchmarks;

internal static class ExecutorBench
{
    public static void Run(string[] args) =>
        RunAsync(args.Length > 0 ? int.Parse(args[0]) : 4000).GetAwaiter().GetResult();

    private static async Task RunAsync(int checks)
    {
        var clock = Stopwatch.StartNew();
        await using var sandbox = await PythonSandbox.StartAsync(new(), TimeProvider.System);
        Console.WriteLine($"start of the first interpreter  {clock.ElapsedMilliseconds} ms");
        ExecutionRequest Small(int i) =>
            new()
            {
                Program = "def f(x):\n    return sorted([x * k % 7 for k in range(20)])",
                Inputs = [$"{i}"],
                Variant = i % 2,
            };
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => sandbox.RunAsync(Small(i))));
        foreach (var flight in (int[])[1, Environment.ProcessorCount, 4 * Environment.ProcessorCount])
            Print($"small programs, {flight} at a time", checks, await TimeAsync(sandbox, checks, flight, Small));

        var data = Path.Combine(Directory.GetCurrentDirectory(), "tests", "data", "azr", "7b_seed_io.jsonl");
        if (!File.Exists(data))
            return;
        var rows = File.ReadLines(data)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(r => (Program: r.GetProperty("snippet").GetString()!, Input: r.GetProperty("input").GetString()!))
            .ToArray();
        ExecutionRequest Real(int i) =>
            new()
            {
                Program = rows[i % rows.Length].Program,
                Inputs = [rows[i % rows.Length].Input],
                Variant = i / rows.Length % 2,
            };
        Print("real programs", checks, await TimeAsync(sandbox, checks, 4 * Environment.ProcessorCount, Real));
        var judge = new ProgramJudge(sandbox);
        var before = ProcessorSeconds();
        clock.Restart();
        await Task.WhenAll(rows.Select(r => judge.ProposeAsync(r.Program, [r.Input])));
        Print(
            "validity of real proposals (two runs each)",
            rows.Length,
            (clock.Elapsed.TotalSeconds, ProcessorSeconds() - before)
        );
        var wide = Enumerable.Range(0, 10).Select(i => $"{i}").ToImmutableArray();
        Print(
            "ten inputs a check",
            checks / 4,
            await TimeAsync(sandbox, checks / 4, 4 * Environment.ProcessorCount, i => Small(i) with { Inputs = wide })
        );
    }

    private static async Task<(double Seconds, double Cpu)> TimeAsync(
        PythonSandbox sandbox,
        int checks,
        int flight,
        Func<int, ExecutionRequest> request
    )
    {
        var next = -1;
        var before = ProcessorSeconds();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(
            Enumerable
                .Range(0, flight)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        for (int i; (i = Interlocked.Increment(ref next)) < checks; )
                            await sandbox.RunAsync(request(i));
                    })
                )
        );
        return (clock.Elapsed.TotalSeconds, ProcessorSeconds() - before);
    }

    // On a busy machine the clock says little; processor time of this process, the interpreters and all their children
    // says what it costs.
    private static void Print(string what, int checks, (double Seconds, double Cpu) time) =>
        Console.WriteLine(
            $"{what, -44} {checks / time.Seconds, 6:0} a second; {1000 * time.Cpu / checks, 5:0.00} ms of processor in all, so {Environment.ProcessorCount * checks / time.Cpu, 5:0} a second on {Environment.ProcessorCount} idle cores"
        );

    // This process and every one below it, with the children they have reaped (hundredths of a second, by /proc).
    private static double ProcessorSeconds()
    {
        var all = new Dictionary<int, (int Parent, double Seconds)>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid))
                continue;
            try
            {
                var stat = File.ReadAllText(folder + "/stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                all[pid] = (int.Parse(fields[1]), fields[11..15].Sum(double.Parse) / 100);
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }
        bool Mine(int pid) => pid == Environment.ProcessId || all.TryGetValue(pid, out var p) && Mine(p.Parent);
        return all.Where(p => Mine(p.Key)).Sum(p => p.Value.Seconds);
    }
}
