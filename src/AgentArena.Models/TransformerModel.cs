// The seam's model: one network with weights, a sampler and a trainer over them. Knows ids, floats and text; hands out
// no tensor.
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Models.Generation;
using AgentArena.Models.Losses;
using AgentArena.Models.Networks;
using AgentArena.Models.Tokens;
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models;

/// <summary>How a model learns; null options make a model that only plays.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Optimiser">The optimiser's options.</param>
public sealed record UpdateRule(Loss Loss, AdamWOptions Optimiser);

/// <summary>A transformer behind the seam.</summary>
public sealed class TransformerModel : ILanguageModel
{
    private readonly Transformer _network;
    private readonly Parameters _weights;
    private readonly PrefixTree _tree;
    private readonly Trainer? _trainer;
    private readonly Checkpoint _checkpoint;
    private ITokenizer _tokenizer;
    private Sampler _sampler;

    /// <summary>A model with first weights drawn from <paramref name="seed"/>.</summary>
    public TransformerModel(
        string policy,
        TransformerOptions options,
        ITokenizer tokenizer,
        ulong seed,
        UpdateRule? learning,
        Device? device = null,
        ScalarType type = ScalarType.Float32,
        bool merge = true
    )
        : this(
            policy,
            new Transformer(options, tokenizer.Count, device ?? CPU, type),
            tokenizer,
            n => n.Initialise(seed),
            learning,
            merge
        ) { }

    private TransformerModel(
        string policy,
        Transformer network,
        ITokenizer tokenizer,
        Func<Transformer, Parameters> weights,
        UpdateRule? learning,
        bool merge
    )
    {
        (Policy, _network, _tokenizer) = (policy, network, tokenizer);
        if (tokenizer.Ends.IsEmpty)
            throw new ArgumentException(
                $"policy {policy}: its tokenizer names no token that ends a reply. "
                    + "Name one as eos_token in tokenizer_config.json."
            );
        network.Free = tokenizer.Free;
        _weights = weights(network);
        _tree = new PrefixTree(network, _weights);
        _sampler = new Sampler(_tree, tokenizer, policy, network.Options.Context);
        if (learning is not null)
            _trainer = new Trainer(network, _weights, learning.Loss, learning.Optimiser, merge);
        _checkpoint = new Checkpoint(network, _weights, _trainer);
    }

    /// <inheritdoc/>
    public ModelFacts Facts =>
        new("transformer", _network.Count, _network.Vocabulary, _network.Options.Context, _network.Device.ToString());

    /// <inheritdoc/>
    public string Policy { get; }

    /// <inheritdoc/>
    public int Version { get; private set; }

    /// <inheritdoc/>
    public int Active => _sampler.Active;

    /// <summary>Text to ids and back.</summary>
    public ITokenizer Tokenizer => _tokenizer;

    /// <summary>
    /// Token positions the sampler has computed so far: what was served from kept beginnings is not among them.
    /// </summary>
    public long ComputedTokens => _tree.Computed;

    internal Transformer Network => _network;

    internal Parameters Weights => _weights;

    internal Trainer? Training => _trainer;

    /// <inheritdoc/>
    public void Add(SequenceRequest request) => _sampler.Add(request);

    /// <inheritdoc/>
    public void Cancel(long id) => _sampler.Cancel(id);

    /// <inheritdoc/>
    public void Step(ICollection<SequenceResult> finished) => _sampler.Step(Version, finished);

    /// <inheritdoc/>
    public IReadOnlyList<double[]> MoveProbabilities(
        IReadOnlyList<(ImmutableArray<Message> Messages, ImmutableArray<string> Legal)> questions
    ) => _sampler.MoveProbabilities(questions);

    /// <inheritdoc/>
    public IReadOnlyList<float[]> Score(IReadOnlyList<TrainingRow> rows) => Score(rows, certainty: false);

    private float[][] Score(IReadOnlyList<TrainingRow> rows, bool certainty)
    {
        var all = Trainer.Score(_network, _weights.Views, [.. rows], certainty: certainty);
        var (result, from) = (new float[rows.Count][], 0);
        for (var r = 0; r < result.Length; r++)
        {
            result[r] = all[from..(from + rows[r].Tokens.Length)];
            from += rows[r].Tokens.Length;
        }
        return result;
    }

    /// <inheritdoc/>
    public IReadOnlyList<float[]> Measure(IReadOnlyList<TextQuestion> questions)
    {
        var rows = questions.Select(RowOf).ToArray();
        var result = new float[rows.Length][];
        Array.Fill(result, []);
        foreach (
            var kind in Enumerable
                .Range(0, rows.Length)
                .Where(q => rows[q] is not null)
                .GroupBy(q => questions[q].Certainty)
        )
        {
            int[] asked = [.. kind];
            var values = Score([.. asked.Select(q => rows[q]!)], kind.Key);
            for (var i = 0; i < asked.Length; i++)
                result[asked[i]] = values[i];
        }
        return result;
    }

    private TrainingRow? RowOf(TextQuestion question)
    {
        var prompt = question.Prompt.IsEmpty ? _tokenizer.Append([], []) : question.Prompt;
        if (question.Hint is { } hint)
            prompt = Hinted(prompt, hint);
        prompt = prompt.AddRange(_tokenizer.Encode(question.Given));
        var tokens = question.Text is { } text ? _tokenizer.Encode(text) : question.Tokens;
        if (prompt.Length + tokens.Length - 1 > _network.Options.Context)
            return null;
        var none = ImmutableCollectionsMarshal.AsImmutableArray(new float[tokens.Length]);
        return new TrainingRow
        {
            Prompt = prompt,
            Tokens = tokens,
            LogProbs = none,
            Weights = none,
            Allowed = question.Allowed,
            Trajectory = 0,
        };
    }

    // A message of the user's after the prompt, before the reply it asks for.
    private ImmutableArray<int> Hinted(ImmutableArray<int> prompt, string hint) =>
        _tokenizer.Interpose(prompt, [new Message(Speaker.User, hint)]);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model does not learn, or the gradient is not finite.</exception>
    public UpdateReport Update(TrainingBatch batch)
    {
        if (_trainer is null)
            throw new InvalidOperationException(
                $"policy {Policy}: does not learn. Set train = on for it in the scenario, or send the batch to the policy that does."
            );
        if (!batch.Demonstrations.IsEmpty)
            batch = batch with { Rows = [.. batch.Rows, .. batch.Demonstrations.Select(RowOf)], Demonstrations = [] };
        if (_trainer.Loss.Taught)
            batch = batch with { Rows = [.. batch.Rows.Select(Told)] };
        var report = _trainer.Update(batch, Version);
        Version = report.Version;
        _tree.Forget();
        return report;
    }

    // The teacher's prompt. Where it does not fit into the context the reply has no teacher, as where there is nothing
    // to tell.
    private TrainingRow Told(TrainingRow row)
    {
        if (row.Hint is not { } hint)
            return row;
        var prompt = Hinted(row.Prompt, hint);
        return prompt.Length + row.Tokens.Length - 1 > _network.Options.Context
            ? row
            : row with
            {
                Privileged = prompt,
            };
    }

    // A demonstration in this model's own ids: what it would have said, with the masks it would have had.
    private TrainingRow RowOf(Demonstration demonstration)
    {
        var conversation = _sampler.Of(new Question([], demonstration.Messages, demonstration.Legal));
        List<int> tokens = [.. _tokenizer.Encode(demonstration.Text), _tokenizer.Ends[0]];
        var allowed = default(ImmutableArray<ImmutableArray<int>>);
        if (conversation.Legal is { Trie: var trie })
        {
            var masks = ImmutableArray.CreateBuilder<ImmutableArray<int>>(tokens.Count);
            for (var node = LegalTrie.Root; !trie.IsComplete(node); )
            {
                if (trie.Ids(node).IndexOf(tokens[masks.Count]) is not (>= 0 and var next))
                    throw new ArgumentException(
                        $"policy {Policy}: the demonstration '{demonstration.Text}' is none of the legal texts {string.Join(", ", demonstration.Legal)}. Demonstrate a legal reply, or list none."
                    );
                masks.Add(trie.Ids(node));
                node = trie.Next(node, next);
            }
            allowed = masks.ToImmutable();
            // the end is only said where another text goes on
            tokens.RemoveRange(masks.Count, tokens.Count - masks.Count);
        }
        if (conversation.Prompt.Length + tokens.Count - 1 > _network.Options.Context)
            throw new ArgumentException(
                $"policy {Policy}: a demonstration of {conversation.Prompt.Length} tokens of prompt and {tokens.Count} of reply exceeds the context of {_network.Options.Context}. Raise the model's context, or leave such turns out of what is imitated."
            );
        var unsampled = new float[tokens.Count];
        unsampled.AsSpan().Fill(float.NaN);
        var weights = new float[tokens.Count];
        weights.AsSpan().Fill(demonstration.Weight);
        return new TrainingRow
        {
            Prompt = conversation.Prompt,
            Tokens = [.. tokens],
            LogProbs = ImmutableCollectionsMarshal.AsImmutableArray(unsampled),
            Allowed = allowed,
            Weights = ImmutableCollectionsMarshal.AsImmutableArray(weights),
            Version = Version,
            Trajectory = demonstration.Trajectory,
            Group = -1,
        };
    }

    /// <inheritdoc/>
    public void Adopt(ILanguageModel other)
    {
        if (
            other is not TransformerModel parent
            || !parent._network.Slices.Select(Shape).SequenceEqual(_network.Slices.Select(Shape))
            || parent._trainer is null != _trainer is null
            || parent._trainer?.Reference is null != _trainer?.Reference is null
        )
            throw new ArgumentException(
                $"policy {Policy}: cannot take over the weights of {other.Policy}, which is of another shape or learns otherwise. Give the members of a population one model and one kind of loss."
            );
        using var quiet = no_grad();
        _weights.Flat.copy_(parent._weights.Flat);
        if (_trainer is not null)
        {
            _trainer.Optimiser.Mean.copy_(parent._trainer!.Optimiser.Mean);
            _trainer.Optimiser.Square.copy_(parent._trainer.Optimiser.Square);
            _trainer.Optimiser.Steps = parent._trainer.Optimiser.Steps;
            _trainer.Reference?.Weights.Flat.copy_(parent._trainer.Reference!.Weights.Flat);
        }
        _tree.Forget();

        static (string, string) Shape(Slice slice) => (slice.Name, string.Join('x', slice.Shape));
    }

    /// <inheritdoc/>
    public void Save(string folder) => _checkpoint.Write(folder, Version, _tokenizer);

    /// <inheritdoc/>
    /// <remarks>
    /// A folder written by a model that did not learn may start one that does: the optimiser then begins anew.
    /// </remarks>
    public void Load(string folder)
    {
        if (Active > 0)
            throw new InvalidOperationException(
                $"policy {Policy}: {Active} replies are being sampled while a checkpoint is loaded. Cancel them first."
            );
        (Version, _tokenizer) = _checkpoint.Read(folder);
        _network.Free = _tokenizer.Free;
        _tree.Forget();
        _sampler = new Sampler(_tree, _tokenizer, Policy, _network.Options.Context);
    }

    /// <inheritdoc/>
    public ILanguageModel Snapshot() =>
        new TransformerModel(
            Policy,
            new Transformer(_network.Options, _network.Vocabulary, _network.Device, _network.Type),
            _tokenizer,
            _ => _weights.Copy(),
            null,
            true
        )
        {
            Version = Version,
        };

    /// <inheritdoc/>
    public void Dispose()
    {
        _trainer?.Dispose();
        _tree.Dispose();
        _weights.Dispose();
        _network.Dispose();
    }
}
