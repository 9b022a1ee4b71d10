// Small models and questions that the tests share: the twelve decisions of a three-card game, worded shortly.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Models.Losses;
using AgentArena.Models.Networks;
using AgentArena.Models.Tokens;
using AgentArena.Models.Training;
using static TorchSharp.torch;

namespace AgentArena.Models.Tests;

internal static class Toys
{
    public static readonly string[] Moves = ["check", "bet", "fold", "call"];

    public static readonly ImmutableArray<(ImmutableArray<Message> Messages, ImmutableArray<string> Legal)> Questions =
    [
        .. from card in "JQK"
        from history in new[] { "", " check", " bet", " check bet" }
        let legal = history.EndsWith("bet", StringComparison.Ordinal)
            ? ImmutableArray.Create("fold", "call")
            : ["check", "bet"]
        select (ImmutableArray.Create(new Message(Speaker.User, $"card {card} history{history} move")), legal),
    ];

    private static readonly Lazy<TextTokenizer> Shared = new(() =>
        new(BpeTrainer.Train(Questions.Select(q => q.Messages[0].Text), Moves, new() { Vocabulary = 320 }), false)
    );

    public static TextTokenizer Tokenizer => Shared.Value;

    public static TransformerOptions Options =>
        new()
        {
            Width = 32,
            Layers = 2,
            Heads = 2,
            Context = 64,
        };

    public static UpdateRule Learn(PolicyGradientOptions? loss = null, AdamWOptions? optimiser = null) =>
        new(new PolicyGradient(loss ?? new()), optimiser ?? new());

    // Weights five times the usual size: first weights give nearly uniform distributions, on which a mistake would not
    // show.
    public static TransformerModel Model(
        UpdateRule? learning = null,
        ulong seed = 1,
        ScalarType type = ScalarType.Float32,
        bool merge = true,
        TransformerOptions? options = null,
        float scale = 5
    )
    {
        var model = new TransformerModel("student", options ?? Options, Tokenizer, seed, learning, CPU, type, merge);
        model.ScaleMatrices(scale);
        return model;
    }

    public static SequenceRequest Ask(
        long id,
        int question,
        ulong? seed = null,
        int budget = 8,
        Sampling? sampling = null
    ) =>
        new()
        {
            Id = id,
            Messages = Questions[question].Messages,
            Legal = Questions[question].Legal,
            Seed = seed ?? RandomStream.Derive(7, "ask", id),
            Budget = budget,
            Sampling = sampling ?? new(),
        };

    public static SequenceRequest Free(
        long id,
        string text,
        int budget = 8,
        Sampling? sampling = null,
        ulong? seed = null
    ) =>
        new()
        {
            Id = id,
            Messages = [new(Speaker.User, text)],
            Seed = seed ?? RandomStream.Derive(8, "free", id),
            Budget = budget,
            Sampling = sampling ?? new(),
        };

    public static Dictionary<long, Utterance> Finish(ILanguageModel model, List<SequenceResult>? finished = null)
    {
        finished ??= [];
        while (model.Active > 0)
            model.Step(finished);
        return finished.ToDictionary(r => r.Id, r => r.Said);
    }

    public static TrainingRow Row(Utterance said, float weight, int trajectory) =>
        new()
        {
            Prompt = said.Prompt,
            Tokens = said.Tokens,
            LogProbs = said.LogProbs,
            Allowed = said.Allowed,
            Version = said.Version,
            Temperature = said.Temperature,
            Weights = [.. said.Tokens.Select(_ => weight)],
            Trajectory = trajectory,
        };

    /// <summary>Rows of masked and free replies at several temperatures, many of them equal.</summary>
    public static TrainingBatch Batch(
        ILanguageModel model,
        int masked = 40,
        int free = 6,
        ulong seed = 3,
        double progress = 0
    )
    {
        for (var i = 0; i < masked; i++)
            model.Add(
                Ask(
                    i,
                    i % Questions.Length,
                    RandomStream.Derive(seed, "m", i),
                    sampling: i % 5 == 0 ? new() { Temperature = 0.7f } : null
                )
            );
        for (var i = 0; i < free; i++)
            model.Add(
                Free(
                    1000 + i,
                    i % 2 == 0 ? "card J" : "card J history",
                    5,
                    i % 3 == 0 ? new() { TopK = 20 } : null,
                    RandomStream.Derive(seed, "f", i)
                )
            );
        var weights = new RandomStream(seed);
        var rows = Finish(model)
            .OrderBy(s => s.Key)
            .Select((s, i) => Row(s.Value, (float)(weights.NextDouble() * 4 - 2), i / 2))
            .ToImmutableArray();
        return new TrainingBatch(rows, rows.Max(r => r.Trajectory) + 1, rows.Max(r => r.Trajectory) / 2 + 1, progress);
    }
}
