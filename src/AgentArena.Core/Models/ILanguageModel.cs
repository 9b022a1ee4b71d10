// The seam to the models room: token ids, floats and text cross it, never a tensor, never an actor.
using System.Collections.Immutable;

namespace AgentArena.Core.Models;

/// <summary>How tokens are drawn. Defaults draw from the policy as it is.</summary>
public sealed record Sampling
{
    /// <summary>Divides the logits; 0 takes the likeliest token.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Keep the k likeliest tokens; 0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Keep the smallest set of tokens with at least this mass.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Texts that end a reply; the reply's text stops before them, its tokens include them.</summary>
    public ImmutableArray<string> Stop { get; init; } = [];
}

/// <summary>A sequence to generate. Equal prompts at one version are computed once, whoever asks.</summary>
public sealed record SequenceRequest
{
    /// <summary>Chosen by the caller, unique among its open requests.</summary>
    public required long Id { get; init; }

    /// <summary>
    /// Ids of the conversation so far (earlier prompts and replies), kept byte for byte; empty at its start.
    /// </summary>
    public ImmutableArray<int> Prefix { get; init; } = [];

    /// <summary>Messages appended after the prefix.</summary>
    public required ImmutableArray<Message> Messages { get; init; }

    /// <summary>
    /// When set, the reply is exactly one of these texts: every position is masked to what can still become one.
    /// </summary>
    public ImmutableArray<string> Legal { get; init; }

    /// <summary>
    /// Replies that would be well-formed here, for models without weights; a network never sees them.
    /// </summary>
    public ImmutableArray<string> Examples { get; init; } = [];

    /// <summary>How tokens are drawn.</summary>
    public Sampling Sampling { get; init; } = new();

    /// <summary>Seed of this reply's own stream.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The most tokens to sample, at least 1.</summary>
    public required int Budget { get; init; }
}

/// <summary>
/// How likely is a text after a prompt? What <see cref="AgentArena.Core.Learning.Measurement"/> says, in the ids that
/// were recorded.
/// </summary>
public sealed record TextQuestion
{
    /// <summary>
    /// Ids before the text, as they were sampled or rendered; the beginning of a conversation where empty.
    /// </summary>
    public ImmutableArray<int> Prompt { get; init; } = [];

    /// <summary>Said by the user at the end of the prompt, before the reply is asked for.</summary>
    public string? Hint { get; init; }

    /// <summary>How the reply begins before the text.</summary>
    public string Given { get; init; } = "";

    /// <summary>The text, where it was not sampled.</summary>
    public string? Text { get; init; }

    /// <summary>The text's ids, where it was.</summary>
    public ImmutableArray<int> Tokens { get; init; } = [];

    /// <summary>Ids allowed at each of them; default where sampling was free.</summary>
    public ImmutableArray<ImmutableArray<int>> Allowed { get; init; }

    /// <summary>KL(U || p) over the allowed ids in place of log-probabilities.</summary>
    public bool Certainty { get; init; }
}

/// <summary>A finished sequence.</summary>
public sealed record SequenceResult(long Id, Utterance Said);

/// <summary>What a model is, for people and for checks before start.</summary>
public sealed record ModelFacts(string Architecture, long Parameters, int Vocabulary, int Context, string Device);

/// <summary>
/// One policy's weights on one device. Not thread-safe: its owner calls it from one thread at a time. Every version of
/// the weights has a number; <see cref="Update"/> makes the next.
/// </summary>
public interface ILanguageModel : IDisposable
{
    /// <summary>What it is.</summary>
    ModelFacts Facts { get; }

    /// <summary>The policy's name, as stamped on every <see cref="Utterance"/>.</summary>
    string Policy { get; }

    /// <summary>The version of the weights, 0 before the first update.</summary>
    int Version { get; }

    /// <summary>Sequences that still wait for tokens.</summary>
    int Active { get; }

    /// <summary>Lets a sequence join at the next step.</summary>
    /// <exception cref="ArgumentException">
    /// The prompt and budget exceed the context, or the request contradicts itself; the message says by how much.
    /// </exception>
    void Add(SequenceRequest request);

    /// <summary>Drops a sequence that nobody waits for; unknown ids are ignored.</summary>
    void Cancel(long id);

    /// <summary>
    /// Advances every active sequence by one token; those that are complete are appended to
    /// <paramref name="finished"/>.
    /// </summary>
    void Step(ICollection<SequenceResult> finished);

    /// <summary>
    /// For each prompt with listed moves: the probability of each move under the current weights, restricted to those
    /// moves (sums to 1, temperature 1).
    /// </summary>
    IReadOnlyList<double[]> MoveProbabilities(
        IReadOnlyList<(ImmutableArray<Message> Messages, ImmutableArray<string> Legal)> questions
    );

    /// <summary>
    /// Log-probabilities (nats) of each row's tokens under the current weights and the row's own masks; one array a
    /// row.
    /// </summary>
    IReadOnlyList<float[]> Score(IReadOnlyList<TrainingRow> rows);

    /// <summary>
    /// One value (nats) a token of each question's text under the current weights; none where the question does not fit
    /// the context.
    /// </summary>
    IReadOnlyList<float[]> Measure(IReadOnlyList<TextQuestion> questions);

    /// <summary>One optimiser step (or as many as the recipe makes of a batch); the version rises by one.</summary>
    UpdateReport Update(TrainingBatch batch);

    /// <summary>
    /// Takes over another's weights and all that <see cref="Save"/> would write of it, save the version, which stays.
    /// </summary>
    /// <exception cref="ArgumentException">It has another shape.</exception>
    void Adopt(ILanguageModel other);

    /// <summary>Writes weights, optimiser, schedule, references and random state below an existing folder.</summary>
    void Save(string folder);

    /// <summary>Restores what <see cref="Save"/> wrote, version included.</summary>
    /// <exception cref="InvalidDataException">
    /// Cut short, altered, or of another shape; the message names file, fault and remedy.
    /// </exception>
    void Load(string folder);

    /// <summary>A frozen copy of the weights as they are now, for opponents and references.</summary>
    ILanguageModel Snapshot();
}
