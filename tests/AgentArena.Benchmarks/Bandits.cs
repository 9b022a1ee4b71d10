// A table of what each estimator does: the real network, sampler, advantages and losses on three tasks of one move.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AgentArena.Core;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Models;
using AgentArena.Models.Networks;
using AgentArena.Models.Tokens;
using AgentArena.Models.Training;

namespace AgentArena.Benchmarks;

/// <summary><c>-- bandits [--seeds N] [--updates N] [--only TEXT] [--out FILE]</c></summary>
internal static class Bandits
{
    private const int Prompts = 6, Samples = 8;
    private const string Said = "\n## What it shows";

    /// <summary>A task: what may be said, how likely each answer to each question pays 1 (else 0).</summary>
    private sealed record Task(string Name, string What, ImmutableArray<string> Arms, Func<int, int, double> Pays);

    private static readonly string[] Letters = ["a", "b", "c", "d", "e", "f"];

    private static readonly Task[] Tasks =
    [
        new("noisy", "six answers; the right one pays with probability 0.8, each other one with 0.3", [.. Letters], (q, a) => a == q ? 0.8 : 0.3),
        new("rare", "36 answers of two tokens; one of them pays", [.. from x in Letters from y in Letters select x + y], (q, a) => a == 7 * q % 36 ? 1 : 0),
        new("two", "six answers; two of them pay. Keeping both is entropy ln 2 = 0.69", [.. Letters], (q, a) => a == q || a == (q + 2) % 6 ? 1 : 0),
    ];

    private sealed record Result(double Reward, double Entropy, double Seconds);

    public static void Run(string[] args)
    {
        string? Given(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
        var (seeds, updates, only) = (int.Parse(Given("--seeds") ?? "3", CultureInfo.InvariantCulture), int.Parse(Given("--updates") ?? "100", CultureInfo.InvariantCulture), Given("--only") ?? "");
        var pairs = Pairings.All.Where(p => $"{p.Loss} {p.Advantage}".Contains(only, StringComparison.Ordinal)).ToArray();
        var began = Stopwatch.GetTimestamp();
        var results = new ConcurrentDictionary<(int Pair, int Task, int Seed), Result>();
        var done = 0;
        Parallel.For(0, pairs.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            for (var task = 0; task < Tasks.Length; task++)
                for (var seed = 0; seed < seeds; seed++) results[(i, task, seed)] = Learn(Tasks[task], pairs[i].Loss, pairs[i].Advantage, (ulong)seed + 1, updates);
            Console.Error.WriteLine($"{Interlocked.Increment(ref done)}/{pairs.Length} {pairs[i].Loss} {pairs[i].Advantage}: {string.Join("  ", Enumerable.Range(0, Tasks.Length).Select(t => Cell(results, i, t, seeds)))}");
        });
        var page = Page(pairs, results, seeds, updates, Stopwatch.GetElapsedTime(began).TotalSeconds);
        if (Given("--out") is { } path) File.WriteAllText(path, page + Comment(path));
        else Console.Write(page);
    }

    // What people have written below the table stays.
    private static string Comment(string path) =>
        File.Exists(path) && File.ReadAllText(path) is var old && old.IndexOf(Said, StringComparison.Ordinal) is >= 0 and var at ? old[at..] : "";

    private static Result Learn(Task task, string loss, string advantage, ulong seed, int updates)
    {
        var began = Stopwatch.GetTimestamp();
        var estimator = Catalog.Advantages.Create(new Plugin(advantage));
        var options = new System.Text.Json.Nodes.JsonObject { ["epochs"] = 2, ["parts"] = 2 };
        var learning = new Learning(ModelCatalog.Losses.Create(new Plugin(loss, options)), new AdamWOptions { Rate = 3e-3, Floor = 0.1, Clip = 1 });
        var questions = Enumerable.Range(0, Prompts).Select(q => ImmutableArray.Create(new Message(Speaker.User, $"q{q}"))).ToArray();
        var tokenizer = new TextTokenizer(BpeTrainer.Train(questions.Select(q => q[0].Text), [.. Letters], new() { Vocabulary = 300 }), false);
        using var model = new TransformerModel("student", new TransformerOptions { Width = 16, Layers = 1, Heads = 2, Context = 16, Threads = 1, Deviation = 0.1, ValueHead = estimator.NeedsValues }, tokenizer, seed, learning);
        var finished = new List<SequenceResult>();
        for (var update = 0; update < updates; update++)
        {
            for (var i = 0; i < Prompts * Samples; i++)
                model.Add(new SequenceRequest { Id = i, Messages = questions[i / Samples], Legal = task.Arms, Seed = RandomStream.Derive(seed, "arm", update, i), Budget = 4 });
            finished.Clear();
            while (model.Active > 0) model.Step(finished);
            var batch = finished.OrderBy(f => f.Id).Select(f => Played(task, f, update, seed)).ToArray();
            var (weights, targets) = (estimator.Weigh(batch), estimator.Targets(batch));
            model.Update(new TrainingBatch([.. batch.Select((t, i) => t.RowOf(0, weights[i][0], targets?[i][0], i, i / Samples))], batch.Length, batch.Length, (double)update / updates));
        }
        var probabilities = model.MoveProbabilities([.. questions.Select(q => (q, task.Arms))]);
        return new Result(
            Enumerable.Range(0, Prompts).Average(q => probabilities[q].Select((p, a) => p * task.Pays(q, a)).Sum()),
            probabilities.Average(p => -p.Where(x => x > 0).Sum(x => x * Math.Log(x))), Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static Trajectory Played(Task task, SequenceResult result, int update, ulong seed)
    {
        var (question, chance) = ((int)result.Id / Samples, new RandomStream(RandomStream.Derive(seed, "pay", update, result.Id)));
        return new Trajectory
        {
            GameNumber = update * Prompts * Samples + result.Id, Game = task.Name, Seat = 0, Role = "player", Group = update * Prompts + question, Outcome = OutcomeKind.Finished,
            Steps = [new TrajectoryStep(0, result.Said, false)], Reward = chance.NextDouble() < task.Pays(question, task.Arms.IndexOf(result.Said.Text)) ? 1 : 0,
        };
    }

    private static string Cell(ConcurrentDictionary<(int, int, int), Result> results, int pair, int task, int seeds)
    {
        var all = Enumerable.Range(0, seeds).Select(s => results[(pair, task, s)]).ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{all.Average(r => r.Reward):0.00} ({all.Min(r => r.Reward):0.00} to {all.Max(r => r.Reward):0.00}) / {all.Average(r => r.Entropy):0.00}");
    }

    private static string Page((string Loss, string Advantage)[] pairs, ConcurrentDictionary<(int Pair, int Task, int Seed), Result> results, int seeds, int updates, double seconds)
    {
        var invariant = CultureInfo.InvariantCulture;
        var page = new StringBuilder();
        page.Append(invariant, $"""
            # Estimators side by side

            `dotnet run -c Release --project tests/AgentArena.Benchmarks -- bandits --out docs/learning/estimators.md` wrote this page in {seconds / 60:0.0} minutes: every loss of the catalog with
            every advantage that makes sense with it, on three tasks of one move, {seeds} seeds. A transformer of one layer and width 16, {Prompts} questions, {Samples} samples of each an update, {updates} updates,
            each of two passes in two parts (so that ratios leave 1); AdamW at 3e-3 falling to a tenth; all other options are the catalog's defaults, which are the sources'.

            | task | what pays | uniform play |
            |---|---|--:|

            """);
        foreach (var task in Tasks) page.Append(invariant, $"| {task.Name} | {task.What} | {Enumerable.Range(0, task.Arms.Length).Average(a => task.Pays(0, a)):0.00} |\n");
        page.Append("""

            A cell: the expected reward of the last weights, exactly (mean of the seeds, lowest to highest), / entropy in nats. Seconds: one run of one task, mean.

            """);
        page.Append(invariant, $"\n| loss | advantage | {string.Join(" | ", Tasks.Select(t => t.Name))} | seconds |\n|---|---|{string.Concat(Tasks.Select(_ => "---|"))}--:|\n");
        for (var i = 0; i < pairs.Length; i++)
            page.Append(invariant, $"| {pairs[i].Loss} | {pairs[i].Advantage} | {string.Join(" | ", Enumerable.Range(0, Tasks.Length).Select(t => Cell(results, i, t, seeds)))} | {results.Where(r => r.Key.Pair == i).Average(r => r.Value.Seconds):0.00} |\n");
        page.Append("\nLeft out, or with few advantages:\n\n");
        foreach (var (loss, why) in Pairings.LeftOut) page.Append(invariant, $"- {loss}: {why}.\n");
        return page.ToString();
    }
}
