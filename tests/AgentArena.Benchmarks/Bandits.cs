// Every advantage with every loss that makes sense of it on three bandits: one table, so that a user sees at a glance
// what each does.
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;

namespace AgentArena.Benchmarks;

/// <summary>
/// Runs all pairs on all tasks with all seeds on two threads, prints each row as it comes, and writes the page from its
/// marker on. Options: <c>--seeds N</c>, <c>--updates N</c>, <c>--only NAME</c> (an advantage or a loss); with any of
/// them the page is left as it is.
/// </summary>
internal static class Bandits
{
    private const int Workers = 2;
    private const string Marker =
        "<!-- All below is written by `dotnet run -c Release --project tests/AgentArena.Benchmarks -- bandits`. -->";

    private sealed record Row(string Advantage, string Loss, BanditResult[][] Results, double[] Seconds)
    {
        public IEnumerable<double> Rewards(int task) => Results[task].Select(r => r.Reward);

        public IEnumerable<double> Entropies(int task) => Results[task].Select(r => r.Entropy);
    }

    public static void Run(string[] args)
    {
        var (seeds, updates, only) = (3, 100, (string?)null);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value =
                i + 1 < args.Length
                    ? args[i + 1]
                    : throw new ArgumentException(
                        $"bandits: {args[i]} has no value. Give one: --seeds N, --updates N or --only NAME."
                    );
            if (args[i] == "--seeds")
                seeds = int.Parse(value, CultureInfo.InvariantCulture);
            else if (args[i] == "--updates")
                updates = int.Parse(value, CultureInfo.InvariantCulture);
            else if (args[i] == "--only")
                only =
                    Standard.Catalog.Advantages.Knows(value) || Standard.Catalog.Losses.Knows(value)
                        ? value
                        : throw new ArgumentException(
                            $"bandits: --only {value}: there is no such advantage or loss. Advantages: {string.Join(", ", Standard.Catalog.Advantages.Names)}. Losses: {string.Join(", ", Standard.Catalog.Losses.Names)}."
                        );
            else
                throw new ArgumentException(
                    $"bandits: {args[i]} is unknown. Options are --seeds N, --updates N and --only NAME."
                );
        }
        if (seeds < 1 || updates < 1)
            throw new ArgumentException($"bandits: {seeds} seeds and {updates} updates. Both should be 1 or more.");

        var all = Pairings.All.Where(p => only is null || p.Advantage == only || p.Loss == only).ToArray();
        var pairs = all.Where(p => p.LeftOut is null).Select(p => (p.Advantage, p.Loss)).ToArray();
        var started = Stopwatch.GetTimestamp();
        BanditRun.Of(BanditTask.All[0], "raw", "ppo", 3, 0); // compiled before it counts
        var rows = Measure(pairs, seeds, updates);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        using var process = Process.GetCurrentProcess();
        var took = string.Create(
            CultureInfo.InvariantCulture,
            $"{pairs.Length} pairs x {BanditTask.All.Length} tasks x {seeds} seeds x {updates} batches: {seconds:0} seconds on {Workers} threads, {process.TotalProcessorTime.TotalSeconds:0} CPU seconds in all."
        );
        Console.WriteLine(took);
        foreach (var (name, loss, why) in all.Where(p => p.LeftOut is not null))
            Console.WriteLine($"left out: {name} x {loss}: {why}");
        if (args.Length > 0)
            return;
        var page = Path.Combine(EndToEnd.Root(), "docs/learning/estimators.md");
        var before = File.Exists(page) ? File.ReadAllText(page) : "# Estimators on bandits\n\n";
        var marker = before.IndexOf(Marker, StringComparison.Ordinal);
        File.WriteAllText(page, (marker < 0 ? before : before[..marker]) + Page(rows, all, took, seeds));
        Console.WriteLine($"wrote {page}");
    }

    // Threads of our own, since the tensor library keeps its thread count by thread and CPU time is read by thread.
    private static Row[] Measure((string Advantage, string Loss)[] pairs, int seeds, int updates)
    {
        var (rows, next, done) = (new Row[pairs.Length], -1, 0);
        Exception? failed = null;
        var threads = Enumerable
            .Range(0, Workers)
            .Select(_ => new Thread(() =>
            {
                try
                {
                    for (
                        int i;
                        Volatile.Read(ref failed) is null && (i = Interlocked.Increment(ref next)) < pairs.Length;

                    )
                    {
                        var (advantage, loss) = pairs[i];
                        var row = rows[i] = new Row(
                            advantage,
                            loss,
                            [.. BanditTask.All.Select(_ => new BanditResult[seeds])],
                            new double[seeds]
                        );
                        for (var seed = 0; seed < seeds; seed++)
                        {
                            var before = ThreadTimes.Mine();
                            for (var task = 0; task < row.Results.Length; task++)
                                row.Results[task][seed] = BanditRun.Of(
                                    BanditTask.All[task],
                                    advantage,
                                    loss,
                                    updates,
                                    (ulong)seed + 1
                                );
                            row.Seconds[seed] = ThreadTimes.Mine() - before;
                        }
                        Console.WriteLine(
                            $"{Interlocked.Increment(ref done), 4}/{pairs.Length} {Cells(row, BanditTask.All.Select(_ => 0.0).ToArray())}"
                        );
                    }
                }
                catch (Exception e)
                {
                    Volatile.Write(ref failed, e);
                }
            }))
            .ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return failed is null
            ? rows
            : throw new InvalidOperationException($"bandits: a run failed: {failed.Message}", failed);
    }

    private static string Page(
        Row[] rows,
        (string Advantage, string Loss, string? LeftOut)[] all,
        string took,
        int seeds
    )
    {
        var text = new StringBuilder(Marker).Append("\n\n## The tasks\n\n");
        foreach (var task in BanditTask.All)
            text.Append(
                CultureInfo.InvariantCulture,
                $"- **{task.Name}**: {task.What} Replies drawn alike earn {task.Chance:0.00}, the best policy {task.Best:0.00}.\n"
            );
        text.Append(
            CultureInfo.InvariantCulture,
            $"""

            Each batch has {BanditRun.Samples} replies to every prompt, which are a group, and is passed over {Pairings.Passes} times, an optimiser step each, so that ratios
            leave 1 and clips bite. AdamW starts at {BanditRun.Rate} for all and falls to a tenth. Everything else is the plug-ins' defaults, save
            that reinforce is given the batch's mean as its baseline (by default it is raw). The network has one layer of width {BanditRun.Network.Width}; gae's has a value head too.

            ## The table

            {took}
            Rewards are exact over all replies, after a third of the batches → at the end; a cell is the mean over {seeds} seeds ± their standard
            deviation at the end. Entropies are of a reply, in nats, at the end. Seconds are CPU seconds of the three tasks of one seed. Final
            rewards within 5 % of the best mean of their column are bold.


            """
        );
        var headings = BanditTask.All.SelectMany(t => new[] { $"{t.Name}: reward", $"{t.Name}: entropy" });
        text.Append(
            $"| loss | advantage | {string.Join(" | ", headings)} | seconds |\n|---|---|{string.Concat(headings.Select(_ => "--:|"))}--:|\n"
        );
        var best = BanditTask.All.Select((_, t) => 0.95 * rows.Max(r => r.Rewards(t).Average())).ToArray();
        foreach (var row in rows)
            text.Append(Cells(row, best)).Append('\n');
        text.Append("\n## Left out\n\n");
        foreach (var group in all.Where(p => p.LeftOut is not null).GroupBy(p => (p.Loss, p.LeftOut)))
            text.Append(
                $"- {group.Key.Loss} with {string.Join(", ", group.Select(p => p.Advantage))}: {group.Key.LeftOut}.\n"
            );
        return text.ToString();
    }

    private static string Cells(Row row, double[] bold)
    {
        var cells = BanditTask.All.SelectMany(
            (_, t) =>
                new[]
                {
                    string.Create(CultureInfo.InvariantCulture, $"{row.Results[t].Average(r => r.Early):0.00} → ")
                        + Cell(row.Rewards(t), bold[t] > 0 && row.Rewards(t).Average() >= bold[t]),
                    Cell(row.Entropies(t), false),
                }
        );
        return $"| {row.Loss} | {row.Advantage} | {string.Join(" | ", cells)} | {Cell(row.Seconds, false)} |";
    }

    private static string Cell(IEnumerable<double> values, bool bold)
    {
        var all = values.ToArray();
        var mean = all.Average();
        var spread = all.Length > 1 ? Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Length - 1)) : 0;
        var text = string.Create(CultureInfo.InvariantCulture, $"{mean:0.00}");
        return string.Create(CultureInfo.InvariantCulture, $"{(bold ? $"**{text}**" : text)} ±{spread:0.00}");
    }
}
