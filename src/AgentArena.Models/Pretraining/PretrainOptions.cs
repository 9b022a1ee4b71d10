// What a pretraining scenario says: shape, vocabulary, mixture, steps, rate, checkpoints, measuring. Binds and checks;
// trains nothing.
using System.Collections.Immutable;
using AgentArena.Core.Configuration;
using AgentArena.Models.Networks;
using AgentArena.Models.Training;

namespace AgentArena.Models.Pretraining;

/// <summary>A share of the mixture.</summary>
public sealed record MixturePart
{
    /// <summary>Its weight among all; documents are drawn in proportion. 0: measured, never trained on.</summary>
    public double Share { get; init; } = 1;

    /// <summary>
    /// A file of problems with worked answers, for the family <c>file</c>; left out where there is none.
    /// </summary>
    public string File { get; init; } = "";
}

/// <summary>How what was learned is measured.</summary>
public sealed record MeasuringOptions
{
    /// <summary>Held-out questions of each family; 0 measures nothing.</summary>
    public int Items { get; init; } = 100;

    /// <summary>The most tokens of a reply.</summary>
    public int Longest { get; init; } = 160;

    /// <summary>Measured at every so many checkpoints, and at the end.</summary>
    public int Every { get; init; } = 1;
}

/// <summary>A pretraining run: the block <c>pretrain</c> of its file.</summary>
public sealed record PretrainOptions
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Seed of weights, documents and measuring.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Where checkpoints, log and the finished model go.</summary>
    public string Out { get; init; } = "";

    /// <summary>
    /// A checkpoint whose weights and vocabulary the run starts from: a later stage, with another mixture. Empty begins
    /// from nothing.
    /// </summary>
    public string Start { get; init; } = "";

    /// <summary>The network.</summary>
    public TransformerOptions Model { get; init; } = new();

    /// <summary>Documents that the vocabulary is learned from.</summary>
    public int VocabularyDocuments { get; init; } = 3000;

    /// <summary>Families of documents by name.</summary>
    public ImmutableSortedDictionary<string, MixturePart> Mixture { get; init; } =
        ImmutableSortedDictionary<string, MixturePart>.Empty;

    /// <summary>Token positions of an update, prompts included.</summary>
    public int BatchTokens { get; init; } = 8192;

    /// <summary>Token positions computed at once.</summary>
    public int PassTokens { get; init; } = 4096;

    /// <summary>Updates of the run.</summary>
    public int Updates { get; init; } = 1000;

    /// <summary>The weight of a prompt's tokens in the loss; a reply's weigh 1.</summary>
    public double PromptWeight { get; init; }

    /// <summary>Whether matrices are multiplied in bfloat16; sums, norms and the loss stay in float32.</summary>
    public bool Bfloat16 { get; init; } = true;

    /// <summary>The optimiser.</summary>
    public AdamWOptions Optimizer { get; init; } = new();

    /// <summary>Updates between checkpoints.</summary>
    public int CheckpointEvery { get; init; } = 200;

    /// <summary>Checkpoints kept, the newest.</summary>
    public int KeepCheckpoints { get; init; } = 3;

    /// <summary>Updates between lines of the log.</summary>
    public int LogEvery { get; init; } = 10;

    /// <summary>Measuring.</summary>
    public MeasuringOptions Evaluation { get; init; } = new();

    /// <summary>Collects what contradicts itself.</summary>
    /// <param name="families">Names of the families there are.</param>
    /// <param name="path">Where these options stand.</param>
    /// <param name="mistakes">Told of them.</param>
    public void Check(IReadOnlyList<string> families, string path, Mistakes mistakes)
    {
        foreach (var (name, part) in Mixture)
        {
            if (!families.Contains(name))
                mistakes.Add($"{path}.mixture.{name}", DidYouMean.Unknown("family", name, families));
            if (!(part.Share >= 0))
                mistakes.Add($"{path}.mixture.{name}.share", $"is {part.Share}; it should be 0 or above.");
            if (part.File.Length > 0 && name != "file")
                mistakes.Add($"{path}.mixture.{name}.file", "this family writes its own text. Remove the key.");
        }
        if (!Mixture.Values.Any(p => p.Share > 0))
            mistakes.Add(
                $"{path}.mixture",
                "no family has a share above 0. Name at least one: word-problems { share = 1 }."
            );
        Positive(BatchTokens, "batch-tokens");
        Positive(PassTokens, "pass-tokens");
        Positive(Updates, "updates");
        Positive(CheckpointEvery, "checkpoint-every");
        Positive(KeepCheckpoints, "keep-checkpoints");
        Positive(LogEvery, "log-every");
        Positive(VocabularyDocuments, "vocabulary-documents");
        Positive(Evaluation.Every, "evaluation.every");
        Positive(Evaluation.Longest, "evaluation.longest");
        if (!(PromptWeight >= 0))
            mistakes.Add($"{path}.prompt-weight", $"is {PromptWeight}; it should be 0 (replies alone) or above.");
        Try(Model.Check, "model");
        Try(() => AdamW.Check(Optimizer), "optimizer");
        if (Model.ValueHead)
            mistakes.Add($"{path}.model.value-head", "is on, but documents have no values to learn. Set it off.");

        void Positive(int value, string key)
        {
            if (value < 1)
                mistakes.Add($"{path}.{key}", $"is {value}; it should be at least 1.");
        }

        void Try(Action check, string key)
        {
            try
            {
                check();
            }
            catch (ArgumentException e)
            {
                mistakes.Add($"{path}.{key}", e.Message);
            }
        }
    }
}
