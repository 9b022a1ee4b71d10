// Replies alone and in company, and updates made twice, under the settings of this process. Run as a program, it prints
// what it found: the instructions that the tensor library may use are chosen when it is loaded.
using System.Text.Json;
using AgentArena.Core;
using AgentArena.Core.Models;
using AgentArena.Models.Losses;
using AgentArena.Models.Networks;
using AgentArena.Models.Training;
using static TorchSharp.torch;

namespace AgentArena.Models.Tests;

/// <summary>How replies in company differ from the same ones alone.</summary>
/// <param name="Replies">Compared.</param>
/// <param name="OtherTokens">Replies of which a token differs.</param>
/// <param name="OtherBits">Replies of which a log-probability or a value differs in any bit.</param>
/// <param name="Furthest">The largest difference of a log-probability, in nats.</param>
/// <param name="FurthestOfTraining">The same between sampling and training.</param>
/// <param name="SameWeights">Whether updates, made again and made after a checkpoint, gave the same bits.</param>
internal sealed record Company(
    int Replies,
    int OtherTokens,
    int OtherBits,
    float Furthest,
    float FurthestOfTraining,
    bool SameWeights
)
{
    private static readonly TransformerOptions[] Shapes =
    [
        new()
        {
            Width = 64,
            Layers = 2,
            Heads = 4,
            Context = 80,
        },
        new()
        {
            Width = 96,
            Layers = 2,
            Heads = 2,
            Context = 80,
            Hidden = 250,
            ValueHead = true,
        },
        new()
        {
            Width = 20,
            Layers = 1,
            Heads = 5,
            Context = 80,
        },
    ];

    private static readonly PolicyGradientOptions Loss = new()
    {
        Kl = 0.5,
        Entropy = 0.05,
        Reference = Following.Ema,
    };

    public static void Main(string[] args) => Console.WriteLine(JsonSerializer.Serialize(Find(int.Parse(args[0]))));

    public static Company Find(int threads)
    {
        set_num_threads(threads);
        var all = Shapes.Select(Find).ToList();
        return new(
            all.Sum(c => c.Replies),
            all.Sum(c => c.OtherTokens),
            all.Sum(c => c.OtherBits),
            all.Max(c => c.Furthest),
            all.Max(c => c.FurthestOfTraining),
            all.TrueForAll(c => c.SameWeights)
        );
    }

    private static Company Find(TransformerOptions shape)
    {
        shape = shape with { Threads = 0 };
        const int count = 60;
        using var model = Toys.Model(options: shape, scale: 3);
        var (together, order) = (new List<SequenceResult>(), new RandomStream(4));
        foreach (var i in Enumerable.Range(0, count).OrderBy(_ => order.Next(1000)))
        {
            model.Add(Request(i));
            if (i % 9 == 0)
                model.Step(together);
        }
        var (found, (tokens, bits, furthest, training)) = (Toys.Finish(model, together), (0, 0, 0f, 0f));
        var scores = model.Score([.. Enumerable.Range(0, count).Select(i => Toys.Row(found[i], 1, i))]);
        for (var i = 0; i < count; i++)
        {
            using var fresh = Toys.Model(options: shape, scale: 3);
            fresh.Add(Request(i));
            var (alone, said) = (Toys.Finish(fresh)[i], found[i]);
            if (!alone.Tokens.SequenceEqual(said.Tokens))
                tokens++;
            if (
                !alone.LogProbs.SequenceEqual(said.LogProbs)
                || (shape.ValueHead && !alone.Values.SequenceEqual(said.Values))
            )
                bits++;
            furthest = Math.Max(furthest, Furthest(alone.LogProbs, said.LogProbs));
            training = Math.Max(training, Furthest(said.LogProbs, scores[i]));
        }
        return new(
            count,
            tokens,
            bits,
            furthest,
            training,
            Learned(shape, null).SequenceEqual(Learned(shape, Directory.CreateTempSubdirectory().FullName))
        );

        static float Furthest(IEnumerable<float> a, IEnumerable<float> b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
    }

    private static SequenceRequest Request(int i) =>
        i % 3 == 0
            ? Toys.Ask(i, i / 3 % 12)
            : Toys.Free(
                i,
                $"{i} {new string((char)('a' + i % 26), 1 + i * 7 % 40)}",
                12,
                i % 3 == 1 ? null : new() { TopP = 0.9f }
            );

    private static float[] Learned(TransformerOptions shape, string? folder)
    {
        var model = Toys.Model(Toys.Learn(Loss), options: shape);
        for (ulong n = 0; n < 4; n++)
        {
            model.Update(Toys.Batch(model, seed: n));
            if (n != 1 || folder is null)
                continue;
            model.Save(folder);
            model.Dispose();
            model = Toys.Model(Toys.Learn(Loss), seed: 9, options: shape);
            model.Load(folder);
            Directory.Delete(folder, true);
        }
        var weights = model.WeightNumbers();
        model.Dispose();
        return weights;
    }
}
