// A kind of network as a scenario names it: what it needs to become a model, and what it will cost in memory.
using AgentArena.Core.Models;
using AgentArena.Models.Networks;
using AgentArena.Models.Storage;
using AgentArena.Models.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models;

/// <summary>Memory in bytes, before anything is allocated.</summary>
/// <param name="Weights">The weights.</param>
/// <param name="Optimiser">The optimiser's state and the gradient; 0 for a model that only plays.</param>
/// <param name="References">Reference weights.</param>
/// <param name="Cache">Keys, values and logits kept between steps, at most.</param>
/// <param name="Pass">Activations of the largest pass of an update, roughly.</param>
public sealed record MemoryBudget(long Weights, long Optimiser, long References, long Cache, long Pass)
{
    /// <summary>All of it.</summary>
    public long Total => Weights + Optimiser + References + Cache + Pass;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Mib(Total)} MiB (weights {Mib(Weights)}, optimiser {Mib(Optimiser)}, references {Mib(References)}, cache up to {Mib(Cache)}, pass up to {Mib(Pass)})";

    private static string Mib(long bytes) =>
        (bytes / 1048576.0).ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A kind of network.</summary>
public abstract class Architecture
{
    /// <summary>Makes a model.</summary>
    /// <param name="policy">Its policy.</param>
    /// <param name="seed">Seed of first weights, unless the options give one.</param>
    /// <param name="corpus">Text as the model will see it, for its vocabulary.</param>
    /// <param name="moves">Texts that should be one token.</param>
    /// <param name="learning">How it learns; null for one that only plays.</param>
    /// <param name="checkpoint">A folder to start from, or null.</param>
    public abstract ILanguageModel Create(
        string policy,
        ulong seed,
        IReadOnlyList<string> corpus,
        IReadOnlyList<string> moves,
        UpdateRule? learning,
        string? checkpoint
    );

    /// <summary>Whether it learns a value of each state beside the scores of ids.</summary>
    public virtual bool HasValues => false;

    /// <summary>What is wrong with running it on this machine; null where nothing is.</summary>
    public abstract string? Missing();

    /// <summary>What it will take.</summary>
    public abstract MemoryBudget Budget(UpdateRule? learning);
}

/// <summary>The transformer of this room.</summary>
public sealed class TransformerArchitecture : Architecture
{
    private readonly TransformerOptions _options;

    /// <summary>Checks the shape.</summary>
    /// <exception cref="ArgumentException">The shape contradicts itself.</exception>
    public TransformerArchitecture(TransformerOptions options)
    {
        options.Check();
        _options = options;
    }

    /// <inheritdoc/>
    public override bool HasValues => _options.ValueHead;

    /// <inheritdoc/>
    public override string? Missing() =>
        _options.Device == DeviceChoice.Cuda && !cuda.is_available()
            ? "is cuda, but the tensor library sees no GPU. Install the driver, and build with -p:Device=cuda or set LIBTORCH to the libraries of a CUDA build (the doctor command says what was found); or set device = auto or cpu."
            : null;

    /// <inheritdoc/>
    public override ILanguageModel Create(
        string policy,
        ulong seed,
        IReadOnlyList<string> corpus,
        IReadOnlyList<string> moves,
        UpdateRule? learning,
        string? checkpoint
    )
    {
        if (Missing() is { } fault)
            throw new ArgumentException($"device: {fault}");
        if (_options.Threads > 0)
            set_num_threads(_options.Threads);
        var device = _options.Device != DeviceChoice.Cpu && cuda.is_available() ? CUDA : CPU;
        ITokenizer tokenizer = checkpoint is null
            ? new TextTokenizer(BpeTrainer.Train(corpus, moves, _options.Tokenizer), _options.Tokenizer.SingleDigits)
            : ModelFolder.ReadTokenizer(checkpoint);
        var model = new TransformerModel(
            policy,
            _options,
            tokenizer,
            _options.Seed != 0 ? (ulong)_options.Seed : seed,
            learning,
            device
        );
        if (checkpoint is not null)
            model.Load(checkpoint);
        return model;
    }

    /// <inheritdoc/>
    public override MemoryBudget Budget(UpdateRule? learning)
    {
        var (o, number) = (_options, sizeof(float));
        long perLayer = 4L * o.Width * o.Width + 3L * o.Width * o.HiddenWidth;
        var weights = number * ((long)o.Tokenizer.Vocabulary * o.Width + o.Layers * perLayer);
        var cache = (long)o.CachedTokens * number * (2L * o.Layers * o.Width + o.Tokenizer.Vocabulary);
        // A pass keeps about 14 rows of the width and 5 of the hidden width a layer for its gradient, and its scores.
        var pass = learning is null
            ? 0
            : (long)o.PassTokens
                * number
                * (o.Layers * (14L * o.Width + 5L * o.HiddenWidth + 3L * o.Heads * 128) + 4L * o.Tokenizer.Vocabulary);
        var references = learning is null || learning.Loss.Reference.Following == Training.Following.None ? 0 : weights;
        return new MemoryBudget(weights, learning is null ? 0 : 4 * weights, references, cache, pass);
    }
}
