// A full update beside a PyTorch loop of the same network, rows and loss: what packing without padding is worth.
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Models.Losses;
using AgentArena.Models.Networks;
using AgentArena.Models.Tokens;
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Benchmarks;

/// <summary>
/// PPO-clipped update of 64 rows, from half as long as the longest to all of it, every token trained on: forward,
/// backward, clip, AdamW.
/// </summary>
internal static class UpdateBench
{
    private const int Rows = 64,
        Rounds = 3;

    public static void Run(string[] args)
    {
        set_num_threads(1);
        var peak = ModelSpeed.Peak();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"peak {peak / 1e9:0.0} GFLOP/s (1024x1024x1024 float32 product, one thread)"
            )
        );
        foreach (var (width, layers, length) in new[] { (64, 2, 32), (128, 4, 64) })
        {
            var tokenizer = new TextTokenizer(BpeTrainer.Train(["some words of a corpus"], [], new()), false);
            var pairs = new List<(double Ours, double Peer)>();
            double share = 0;
            for (var round = 0; round < Rounds; round++)
            {
                var (ours, used) = Ours(tokenizer, width, layers, length, peak);
                pairs.Add((ours, Peer(tokenizer.Vocabulary.Count, width, layers, length)));
                share = Math.Max(share, used);
            }
            var (median, ratio) = (
                pairs.OrderBy(p => p.Ours).ElementAt(Rounds / 2),
                pairs.Select(p => p.Ours / p.Peer).Order().ElementAt(Rounds / 2)
            );
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"width {width}, {layers} layers, {Rows} rows of {length / 2} to {length} tokens: ours {median.Ours:0} tokens/s ({share:P0} of the peak), PyTorch {median.Peer:0}: {ratio:0.00} x (median of {Rounds})   aim >= 1 x"
                )
            );
        }
    }

    private static (double TokensPerSecond, double Share) Ours(
        TextTokenizer tokenizer,
        int width,
        int layers,
        int length,
        double peak
    )
    {
        using var model = new TransformerModel(
            "student",
            new TransformerOptions
            {
                Width = width,
                Layers = layers,
                Heads = 4,
                Context = 128,
                Threads = 1,
            },
            tokenizer,
            1,
            new UpdateRule(
                new PolicyGradient(new() { Clip = true, Normalise = Normaliser.PerToken }),
                new AdamWOptions()
            )
        );
        var chance = new RandomStream(3);
        var free = model.Facts.Vocabulary - 10;
        var rows = Enumerable
            .Range(0, Rows)
            .Select(r =>
            {
                var count = (int)Math.Round(length / 2.0 + length / 2.0 * r / (Rows - 1));
                return new TrainingRow
                {
                    Prompt = [10 + chance.Next(free)],
                    Tokens = [.. Enumerable.Range(0, count).Select(_ => 10 + chance.Next(free))],
                    LogProbs = [.. Enumerable.Repeat(-5.5f, count)],
                    Weights = [.. Enumerable.Range(0, count).Select(_ => (float)chance.NextDouble() - 0.5f)],
                    Trajectory = r,
                };
            })
            .ToImmutableArray();
        var (times, computed) = (new List<double>(), 0);
        for (var i = 0; i < 23; i++)
        {
            var started = Stopwatch.GetTimestamp();
            computed = model.Update(new TrainingBatch(rows, Rows, Rows, 0)).ComputedTokens;
            if (i >= 3)
                times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        times.Sort();
        var median = times[times.Count / 2];
        var tokens = rows.Sum(r => r.Tokens.Length);
        var flops =
            computed * 6.0 * (model.Facts.Parameters - (long)model.Facts.Vocabulary * width)
            + tokens * 6.0 * model.Facts.Vocabulary * width;
        return (tokens / median, flops / median / peak);
    }

    private static double Peer(int vocabulary, int width, int layers, int length) =>
        EndToEnd.Script(
            "update_step.py",
            "--batch",
            $"{Rows}",
            "--length",
            $"{length}",
            "--width",
            $"{width}",
            "--layers",
            $"{layers}",
            "--vocabulary",
            $"{vocabulary}",
            "--threads",
            "1"
        )["real_tokens_per_second"]!.GetValue<double>();
}
