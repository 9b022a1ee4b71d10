// A pretraining run: documents in, weights out, checkpoints on the way. Knows the stream, the loss and the optimiser;
// no command line.
using System.Diagnostics;
using System.Text.Json;
using AgentArena.Core;
using AgentArena.Core.Runs;
using AgentArena.Models.Networks;
using AgentArena.Models.Storage;
using AgentArena.Models.Tokens;
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Pretraining;

/// <summary>What an update did.</summary>
/// <param name="Update">Its number, from 1.</param>
/// <param name="Documents">Documents read so far.</param>
/// <param name="Tokens">Token positions computed so far.</param>
/// <param name="Loss">Mean -log p of what was learned, in nats a token.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Norm">Norm of the gradient before clipping.</param>
/// <param name="TokensPerSecond">Token positions a second, over the update.</param>
/// <param name="Seconds">Seconds of training so far.</param>
public sealed record PretrainStep(
    int Update,
    long Documents,
    long Tokens,
    double Loss,
    double Rate,
    double Norm,
    double TokensPerSecond,
    double Seconds
);

/// <summary>
/// Trains a network from nothing on a stream of documents. On one machine with one thread two runs of one recipe and
/// length end with the same weights to the last bit, however often one of them was killed and continued.
/// </summary>
public sealed class Pretrainer : IDisposable
{
    private readonly PretrainOptions _options;
    private readonly DocumentStream _stream;
    private readonly string _folder;
    private readonly Transformer _network;
    private readonly Parameters _weights;
    private readonly AdamW _optimiser;
    private readonly DocumentLoss _loss;

    private Pretrainer(PretrainOptions options, DocumentStream stream, string folder, TextTokenizer tokenizer)
    {
        (_options, _stream, _folder, Tokenizer) = (options, stream, folder, tokenizer);
        _network = new Transformer(options.Model, tokenizer.Vocabulary.Count, CPU);
        _weights = _network.Initialise(RandomStream.Derive((ulong)options.Seed, "weights"));
        _optimiser = new AdamW(options.Optimizer, _weights);
        _loss = new DocumentLoss(options.Model, options.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
    }

    /// <summary>Where the run stands.</summary>
    public PretrainPlace Place { get; private set; } = new();

    /// <summary>Text to ids and back.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>How many numbers the weights are.</summary>
    public long Count => _network.Count;

    /// <summary>Whether all updates are made.</summary>
    public bool Finished => Place.Updates >= _options.Updates;

    /// <summary>The folder of the checkpoints of a run.</summary>
    public static string CheckpointsOf(string folder) => Path.Combine(folder, "checkpoints");

    /// <summary>The newest checkpoint of a run; null where there is none.</summary>
    public static string? Newest(string folder) => CheckpointFolder.Newest(CheckpointsOf(folder));

    /// <summary>Begins a run, or goes on with the newest checkpoint in its folder.</summary>
    /// <exception cref="InvalidDataException">
    /// The checkpoint is damaged, or of a run with another recipe.
    /// </exception>
    public static Pretrainer Open(PretrainOptions options, DocumentStream stream, string folder)
    {
        if (options.Model.Threads > 0)
            set_num_threads(options.Model.Threads);
        if (Newest(folder) is not { } newest)
            return Begin(options, stream, folder);
        CheckpointFolder.Verify(newest);
        var place = PretrainPlace.Read(newest);
        if (place.Recipe != Recipe(options))
            throw new InvalidDataException(
                $"{newest}: was made with another recipe, so it cannot be gone on with. Give the run another folder "
                    + $"(out), or take back what was changed.\nthere: {place.Recipe}\nhere:  {Recipe(options)}"
            );
        var stored = ModelFolder.Read(newest);
        var made = new Pretrainer(options, stream, folder, Own(stored.Tokenizer, newest)) { Place = place };
        made.Take(newest, stored);
        return made;
    }

    // What is trained here is exported with the arena's own marks of speakers.
    private static TextTokenizer Own(ITokenizer tokenizer, string folder) =>
        tokenizer as TextTokenizer
        ?? throw new InvalidDataException(
            $"{folder}: has a published tokenizer, which this command does not go on with. Start from a folder that it made itself, or leave start out."
        );

    private static Pretrainer Begin(PretrainOptions options, DocumentStream stream, string folder)
    {
        var place = new PretrainPlace { Recipe = Recipe(options) };
        if (options.Start.Length == 0)
            return new Pretrainer(
                options,
                stream,
                folder,
                new TextTokenizer(
                    stream.Learn(options.Model.Tokenizer, options.VocabularyDocuments),
                    options.Model.Tokenizer.SingleDigits
                )
            )
            {
                Place = place,
            };
        CheckpointFolder.Verify(options.Start);
        var stored = ModelFolder.Read(options.Start);
        var begun = new Pretrainer(options, stream, folder, Own(stored.Tokenizer, options.Start)) { Place = place };
        begun.TakeWeights(options.Start, stored);
        return begun;
    }

    // What a run's weights follow from; what is logged, kept and measured does not change them. Its length does, but
    // may be changed on the way: the rate then follows the new length from there.
    private static string Recipe(PretrainOptions options) =>
        JsonSerializer.Serialize(
            new
            {
                options.Seed,
                options.Start,
                options.Model,
                options.VocabularyDocuments,
                Mixture = options.Mixture.Where(m => m.Value.Share > 0).OrderBy(m => m.Key, StringComparer.Ordinal),
                options.BatchTokens,
                options.PassTokens,
                options.PromptWeight,
                options.Bfloat16,
                options.Optimizer,
            }
        );

    private void Take(string folder, StoredModel stored)
    {
        if (stored.Training is not { } training)
            throw new InvalidDataException(
                $"{folder}: holds no state of the optimiser. Delete this checkpoint; the one before it will do."
            );
        TakeWeights(folder, stored);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        _optimiser.Mean.copy_(tensor((float[])training["mean"].Numbers));
        _optimiser.Square.copy_(tensor((float[])training["square"].Numbers));
        _optimiser.Steps = stored.Manifest.Steps;
    }

    private void TakeWeights(string folder, StoredModel stored)
    {
        var file = Path.Combine(folder, ModelFolder.Weights);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        _weights.Flat.copy_(
            tensor((float[])ModelFolder.Flatten(file, stored.Weights, _network.Slices, doubles: false))
        );
    }

    /// <summary>One update.</summary>
    public PretrainStep Step()
    {
        var started = Stopwatch.GetTimestamp();
        var (documents, next, tokens) = (new List<TokenDocument>(), Place.Documents, 0L);
        while (tokens < _options.BatchTokens)
        {
            var lesson = _stream[next++];
            if (DocumentStream.Encode(Tokenizer, lesson, _options.Model.Context) is not { } document)
                continue;
            documents.Add(document);
            tokens += document.Ids.Length - 1;
        }
        DocumentBatch[] passes = [.. DocumentBatch.Lay(documents, _options.PassTokens, _options.PromptWeight)];
        var weight = passes.Sum(p => p.Weights.Sum(w => (double)w));
        using var scope = NewDisposeScope();
        Tensor? gradient = null;
        var loss = 0.0;
        foreach (var pass in passes)
        {
            using var within = NewDisposeScope();
            var (leaf, views) = _weights.Differentiable();
            var sum = _loss.Of(views, pass).Times(1 / weight);
            var part = autograd.grad([sum], [leaf])[0];
            loss += sum.item<float>();
            if (gradient is null)
                gradient = part.MoveToOuterDisposeScope();
            else
                gradient.Plus_(part);
        }
        var rate = _optimiser.RateAt((double)Place.Updates / _options.Updates);
        var norm = _optimiser.Step(_weights.Flat, gradient!, rate);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Place = Place with
        {
            Updates = Place.Updates + 1,
            Documents = next,
            Tokens = Place.Tokens + tokens,
            Learned = Place.Learned + passes.Sum(p => (long)p.Targets.Length),
            Seconds = Place.Seconds + seconds,
        };
        return new PretrainStep(
            Place.Updates,
            Place.Documents,
            Place.Tokens,
            loss,
            rate,
            norm,
            tokens / seconds,
            Place.Seconds
        );
    }

    /// <summary>Writes a checkpoint, removes those too many, and returns its folder.</summary>
    public string Save()
    {
        var all = CheckpointsOf(_folder);
        Directory.CreateDirectory(all);
        var folder = Path.Combine(all, CheckpointFolder.Name(Place.Updates));
        if (!Directory.Exists(folder))
            CheckpointFolder.Write(folder, into =>
            {
                Write(into, training: true);
                Place.Write(into);
            });
        CheckpointFolder.Prune(all, _options.KeepCheckpoints);
        return folder;
    }

    /// <summary>Writes weights and tokenizer as scenarios seat them.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="training">Whether the optimiser's state goes along.</param>
    public void Write(string folder, bool training)
    {
        Directory.CreateDirectory(folder);
        var flat = Numbers(_weights.Flat);
        ModelFolder.Write(
            folder,
            new ModelManifest
            {
                Version = 0,
                Updates = Place.Updates,
                Steps = _optimiser.Steps,
                SingleDigits = Tokenizer.SingleDigits,
                Heads = _options.Model.Heads,
                RotaryBase = _options.Model.RotaryBase,
                Shapes = _network.Slices.ToDictionary(s => s.Name, s => s.Shape),
            },
            [
                .. _network.Slices.Select(s =>
                    (s.Name, new StoredTensor(s.Shape, flat.AsSpan((int)s.Offset, (int)s.Count).ToArray()))
                ),
            ],
            training
                ?
                [
                    ("mean", new StoredTensor([Count], Numbers(_optimiser.Mean))),
                    ("square", new StoredTensor([Count], Numbers(_optimiser.Square))),
                ]
                : null,
            Tokenizer
        );
    }

    /// <summary>Writes the model as a Hugging Face folder of the Llama family.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="card">The text of its README.md.</param>
    public void Export(string folder, string card)
    {
        Directory.CreateDirectory(folder);
        LlamaFolder.Write(folder, _options.Model, _network.Slices, Numbers(_weights.Flat), Tokenizer, card);
    }

    private static float[] Numbers(Tensor flat)
    {
        using var scope = NewDisposeScope();
        return System
            .Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(flat.detach().contiguous().bytes)
            .ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loss.Dispose();
        _optimiser.Dispose();
        _weights.Dispose();
        _network.Dispose();
    }
}
