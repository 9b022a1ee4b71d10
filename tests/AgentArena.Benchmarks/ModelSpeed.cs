// Sampling and learning of the models room alone, beside the machine's own matrix product: few prompts asked often, and
// many different ones.
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Models.Losses;
using AgentArena.Models.Networks;
using AgentArena.Models.Tokens;
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Benchmarks;

internal static class ModelSpeed
{
    private static readonly PolicyGradientOptions Magnetic = new()
    {
        Kl = 1,
        Entropy = 0.1,
        Reference = Following.Ema,
    };

    /// <summary>Options: <c>--threads N --width N --layers N</c>.</summary>
    public static void Run(string[] args)
    {
        var (threads, width, layers) = (
            Option(args, "--threads", 1),
            Option(args, "--width", 64),
            Option(args, "--layers", 2)
        );
        set_num_threads(threads);
        var peak = Peak();
        Line("peak", $"{peak / 1e9:0.0} GFLOP/s, a 1024x1024x1024 float32 product on {threads} thread(s)");
        var options = new TransformerOptions
        {
            Width = width,
            Layers = layers,
            Heads = 4,
            Context = 128,
            Threads = threads,
            CachedTokens = 1 << 15,
        };
        FewPrompts(options);
        ManyPrompts(options, peak);
        ManyRows(options, peak);
    }

    private static void FewPrompts(TransformerOptions options)
    {
        var questions = (
            from card in "JQK"
            from history in new[] { "", " check", " bet", " check bet" }
            select (
                Messages: ImmutableArray.Create(
                    new Message(
                        Speaker.User,
                        $"kuhn poker seat {(history.Contains(' ') ? 1 : 0)} card {card} history{history} move:"
                    )
                ),
                Legal: history.EndsWith("bet", StringComparison.Ordinal)
                    ? ImmutableArray.Create("fold", "call")
                    : ["check", "bet"]
            )
        ).ToArray();
        var tokenizer = new TextTokenizer(
            BpeTrainer.Train(questions.Select(q => q.Messages[0].Text), ["check", "bet", "fold", "call"], new()),
            false
        );
        using var model = new TransformerModel(
            "student",
            options,
            tokenizer,
            1,
            new UpdateRule(new PolicyGradient(Magnetic), new AdamWOptions())
        );
        var finished = new List<SequenceResult>(300);
        var (fresh, known, update, report) = (
            new List<double>(),
            new List<double>(),
            new List<double>(),
            new UpdateReport { Version = 0 }
        );
        var allocated = 0L;
        for (var round = 0; round < 400; round++)
        {
            fresh.Add(Time(() => Ask(12)));
            var before = GC.GetAllocatedBytesForCurrentThread();
            known.Add(Time(() => Ask(288)));
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var rows = finished
                .Select(
                    (r, i) =>
                        new TrainingRow
                        {
                            Prompt = r.Said.Prompt,
                            Tokens = r.Said.Tokens,
                            LogProbs = r.Said.LogProbs,
                            Allowed = r.Said.Allowed,
                            Version = r.Said.Version,
                            Weights = [(i % 5) - 2f],
                            Trajectory = i / 2,
                        }
                )
                .ToImmutableArray();
            finished.Clear();
            update.Add(Time(() => report = model.Update(new TrainingBatch(rows, 150, 75, round / 400.0))));
        }
        Line("12 prompts, first time", $"{Median(fresh) * 1e3:0.000} ms");
        Line(
            "288 known requests",
            $"{Median(known) * 1e6 / 288:0.00} µs a request ({allocated / 288} bytes), {288 / Median(known):0} replies/s"
        );
        Line(
            "update, 300 tokens",
            $"{Median(update) * 1e3:0.00} ms ({report.ComputedTokens} positions computed), magnetic policy gradient, AdamW, EMA"
        );

        void Ask(int count)
        {
            for (var i = 0; i < count; i++)
                model.Add(
                    new SequenceRequest
                    {
                        Id = i,
                        Messages = questions[i % 12].Messages,
                        Legal = questions[i % 12].Legal,
                        Seed = RandomStream.Derive(1, "bench", i),
                        Budget = 4,
                    }
                );
            model.Step(finished);
        }
    }

    private static void ManyPrompts(TransformerOptions options, double peak)
    {
        var tokenizer = new TextTokenizer(BpeTrainer.Train(["some words of a corpus"], [], new()), false);
        using var model = new TransformerModel("student", options, tokenizer, 1, null);
        const int sequences = 128,
            prompt = 32,
            reply = 32;
        var finished = new List<SequenceResult>();
        var tokens = 0;
        var best = double.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var chance = new RandomStream((ulong)round);
            for (var i = 0; i < sequences; i++)
                model.Add(
                    new SequenceRequest
                    {
                        Id = i,
                        Messages =
                        [
                            new(
                                Speaker.User,
                                string.Concat(
                                    Enumerable.Range(0, prompt - 3).Select(_ => (char)('a' + chance.Next(26)))
                                )
                            ),
                        ],
                        Seed = (ulong)(i + round * 1000),
                        Budget = reply,
                    }
                );
            finished.Clear();
            var seconds = Time(() =>
            {
                while (model.Active > 0)
                    model.Step(finished);
            });
            tokens = finished.Sum(r => r.Said.Tokens.Length);
            best = Math.Min(best, seconds / tokens);
        }
        var positions = sequences * prompt + tokens;
        var flops =
            positions * 2.0 * (model.Facts.Parameters - (long)model.Facts.Vocabulary * options.Width)
            + (tokens + sequences) * 2.0 * model.Facts.Vocabulary * options.Width;
        Line(
            "128 different prompts",
            $"{1 / best:0} sampled tokens/s (32-token prompts included), {flops / (best * tokens) / peak:P1} of the peak"
        );
    }

    private static void ManyRows(TransformerOptions options, double peak)
    {
        var tokenizer = new TextTokenizer(BpeTrainer.Train(["some words of a corpus"], [], new()), false);
        using var model = new TransformerModel(
            "student",
            options,
            tokenizer,
            1,
            new UpdateRule(new PolicyGradient(new() { Clip = true }), new AdamWOptions())
        );
        var chance = new RandomStream(3);
        var count = model.Facts.Vocabulary - 10;
        var rows = Enumerable
            .Range(0, 64)
            .Select(r =>
            {
                var length = 16 + r / 4;
                return new TrainingRow
                {
                    Prompt = [.. Enumerable.Range(0, length / 2).Select(_ => 10 + chance.Next(count))],
                    Tokens = [.. Enumerable.Range(0, length - length / 2 + 1).Select(_ => 10 + chance.Next(count))],
                    LogProbs = [.. new float[length - length / 2 + 1].Select(_ => -5.5f)],
                    Weights = [.. new float[length - length / 2 + 1].Select(_ => (float)chance.NextDouble() - 0.5f)],
                    Trajectory = r,
                };
            })
            .ToImmutableArray();
        var (times, report) = (new List<double>(), new UpdateReport { Version = 0 });
        for (var round = 0; round < 30; round++)
            times.Add(Time(() => report = model.Update(new TrainingBatch(rows, 64, 64, 0))));
        var flops =
            report.ComputedTokens * 6.0 * (model.Facts.Parameters - (long)model.Facts.Vocabulary * options.Width)
            + report.Tokens * 6.0 * model.Facts.Vocabulary * options.Width;
        Line(
            "update, 64 rows",
            $"{Median(times) * 1e3:0.0} ms for {report.ComputedTokens} positions, {report.ComputedTokens / Median(times):0} positions/s, {flops / Median(times) / peak:P1} of the peak"
        );
    }

    /// <summary>The best of six square products, in floating-point operations a second.</summary>
    internal static double Peak()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var a = rand([1024, 1024]);
        var best = double.MaxValue;
        for (var i = 0; i < 6; i++)
            best = Math.Min(best, Time(() => a.mm(a).Dispose()));
        return 2.0 * 1024 * 1024 * 1024 / best;
    }

    private static double Time(Action action)
    {
        var started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(List<double> times) =>
        times.Skip(times.Count / 4).Order().ElementAt(times.Count * 3 / 8);

    private static int Option(string[] args, string name, int otherwise) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length
            ? int.Parse(args[at + 1], CultureInfo.InvariantCulture)
            : otherwise;

    private static void Line(string what, FormattableString figure) =>
        Console.WriteLine($"{what, -24} {figure.ToString(CultureInfo.InvariantCulture)}");
}
