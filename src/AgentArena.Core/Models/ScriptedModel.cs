// A language model without weights: it says what it is told to, or any legal text alike. Its tokens are the bytes of
// UTF-8.
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AgentArena.Core.Models;

/// <summary>
/// For specifications and for measuring everything but the network. Without a script each legal text is equally likely,
/// and a free reply is one of the request's examples (empty where it has none); with one, the script's answer has
/// probability 1. <see cref="Update"/> counts versions and changes nothing else.
/// </summary>
/// <param name="policy">Stamped on every utterance.</param>
/// <param name="script">
/// What to say to a request; where the request lists legal texts it must return one of them.
/// </param>
/// <param name="context">The longest prompt and reply, in bytes.</param>
/// <param name="values">Whether it records the values of states, each 0, for advantages that read them.</param>
public sealed class ScriptedModel(
    string policy,
    Func<SequenceRequest, string>? script = null,
    int context = 1 << 20,
    bool values = false
) : ILanguageModel
{
    private const int End = 256,
        FirstSpeaker = 257,
        MostCached = 1 << 14;
    private const string File = "scripted.json";
    private readonly Dictionary<Question, Known> _known = [];
    private readonly List<Waiting> _waiting = [];

    /// <summary>Says these texts in turn, over and over.</summary>
    public static ScriptedModel Saying(string policy, params string[] replies)
    {
        ArgumentOutOfRangeException.ThrowIfZero(replies.Length);
        var next = 0;
        return new(policy, _ => replies[next++ % replies.Length]);
    }

    /// <inheritdoc/>
    public ModelFacts Facts => new("scripted", 0, FirstSpeaker + 4, context, "none");

    /// <inheritdoc/>
    public string Policy => policy;

    /// <inheritdoc/>
    public int Version { get; private set; }

    /// <inheritdoc/>
    public int Active => _waiting.Count;

    /// <inheritdoc/>
    public void Add(SequenceRequest request)
    {
        var question = new Question(request);
        if (!_known.TryGetValue(question, out var known))
        {
            if (_known.Count >= MostCached)
                _known.Clear();
            _known.Add(question, known = new Known(question));
        }
        if (request.Budget < 1 || known.Prompt.Length + request.Budget > context)
            throw new ArgumentException(
                $"sequence {request.Id}: a prompt of {known.Prompt.Length} tokens and a budget of {request.Budget} do not fit the context of {context}. Shorten the prompt or lower the budget."
            );
        var reply = known.Reply(request, script);
        _waiting.Add(new Waiting(request, known.Prompt, reply, Version, Math.Min(request.Budget, reply.Tokens.Length)));
    }

    /// <inheritdoc/>
    public void Cancel(long id) => _waiting.RemoveAll(w => w.Request.Id == id);

    /// <inheritdoc/>
    public void Step(ICollection<SequenceResult> finished)
    {
        var kept = 0;
        var waiting = CollectionsMarshal.AsSpan(_waiting);
        foreach (ref var one in waiting)
        {
            if (--one.Left > 0)
                waiting[kept++] = one;
            else
                finished.Add(new SequenceResult(one.Request.Id, one.Say(policy, values)));
        }
        CollectionsMarshal.SetCount(_waiting, kept);
    }

    /// <inheritdoc/>
    public IReadOnlyList<double[]> MoveProbabilities(
        IReadOnlyList<(ImmutableArray<Message> Messages, ImmutableArray<string> Legal)> questions
    )
    {
        var all = new double[questions.Count][];
        for (var q = 0; q < all.Length; q++)
        {
            var (messages, legal) = questions[q];
            all[q] = new double[legal.Length];
            if (script is null)
                all[q].AsSpan().Fill(1.0 / legal.Length);
            else
                all[q][
                    legal.IndexOf(
                        script(
                            new SequenceRequest
                            {
                                Id = 0,
                                Messages = messages,
                                Legal = legal,
                                Seed = 0,
                                Budget = 1,
                            }
                        )
                    )
                ] = 1;
        }
        return all;
    }

    /// <summary>What was recorded: this model's distribution never changes.</summary>
    public IReadOnlyList<float[]> Score(IReadOnlyList<TrainingRow> rows) => [.. rows.Select(r => r.LogProbs.ToArray())];

    /// <summary>
    /// -1 a token (a byte of UTF-8 where the text was not sampled): whatever it is asked, no text is likelier than
    /// another of its length.
    /// </summary>
    public IReadOnlyList<float[]> Measure(IReadOnlyList<TextQuestion> questions) =>
        [
            .. questions.Select(q =>
                Enumerable
                    .Repeat(-1f, q.Text is { } text ? Encoding.UTF8.GetByteCount(text) : q.Tokens.Length)
                    .ToArray()
            ),
        ];

    /// <inheritdoc/>
    public UpdateReport Update(TrainingBatch batch)
    {
        var tokens = batch.Rows.Sum(r => r.Tokens.Length);
        return new UpdateReport
        {
            Version = ++Version,
            Tokens = tokens,
            ComputedTokens = tokens,
        };
    }

    /// <summary>Nothing: one scripted model is like another.</summary>
    public void Adopt(ILanguageModel other) { }

    /// <inheritdoc/>
    public void Save(string folder) =>
        System.IO.File.WriteAllText(Path.Combine(folder, File), JsonSerializer.Serialize(new Saved(policy, Version)));

    /// <inheritdoc/>
    public void Load(string folder)
    {
        var path = Path.Combine(folder, File);
        try
        {
            var saved = JsonSerializer.Deserialize<Saved>(System.IO.File.ReadAllText(path))
                ?? throw new JsonException("it is empty");
            if (saved.Policy != policy)
                throw new InvalidDataException(
                    $"{path}: belongs to policy '{saved.Policy}', not '{policy}'. Give the folder of this policy."
                );
            Version = saved.Version;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new InvalidDataException($"{path}: cannot be read ({e.Message}). Use an earlier checkpoint.", e);
        }
    }

    /// <inheritdoc/>
    public ILanguageModel Snapshot() => new ScriptedModel(policy, script, context, values) { Version = Version };

    /// <inheritdoc/>
    public void Dispose() { }

    private sealed record Saved(string Policy, int Version);

    private sealed record Reply(
        string Text,
        ImmutableArray<int> Tokens,
        ImmutableArray<float> LogProbs,
        ImmutableArray<ImmutableArray<int>> Allowed
    );

    private struct Waiting(SequenceRequest request, ImmutableArray<int> prompt, Reply reply, int version, int left)
    {
        public int Left = left;

        public readonly SequenceRequest Request => request;

        public readonly Utterance Say(string policy, bool values)
        {
            var cut = reply.Tokens.Length > request.Budget;
            return new Utterance
            {
                Policy = policy,
                Version = version,
                Prompt = prompt,
                Temperature = request.Sampling.Temperature,
                Truncated = cut,
                Text = cut
                    ? Encoding.UTF8.GetString([.. reply.Tokens.Take(request.Budget).Select(t => (byte)t)])
                    : reply.Text,
                Tokens = cut ? reply.Tokens[..request.Budget] : reply.Tokens,
                Values = values
                    ? ImmutableCollectionsMarshal.AsImmutableArray(
                        new float[Math.Min(reply.Tokens.Length, request.Budget)]
                    )
                    : default,
                LogProbs = cut ? reply.LogProbs[..request.Budget] : reply.LogProbs,
                Allowed = cut && !reply.Allowed.IsDefault ? reply.Allowed[..request.Budget] : reply.Allowed,
            };
        }
    }

    // One question: its prompt, and for listed texts every reply with its log-probabilities.
    private sealed class Known
    {
        private readonly Reply[]? _uniform;
        private readonly Reply[]? _certain;

        public Known(Question question)
        {
            var ids = new List<int>(question.Prefix);
            foreach (var (speaker, text) in question.Messages)
            {
                ids.Add(FirstSpeaker + (int)speaker);
                ids.AddRange(Bytes(text));
            }
            Prompt = [.. ids];
            if (question.Legal.IsDefault)
                return;
            var trie = new LegalTrie([.. question.Legal.Select(Bytes)], End);
            _uniform = [.. question.Legal.Select((text, i) => Spell(trie, i, text, certain: false))];
            _certain = [.. question.Legal.Select((text, i) => Spell(trie, i, text, certain: true))];
        }

        public ImmutableArray<int> Prompt { get; }

        public Reply Reply(SequenceRequest request, Func<SequenceRequest, string>? script)
        {
            if (script is null && _uniform is not null)
                return _uniform[new RandomStream(request.Seed).Next(_uniform.Length)];
            var text =
                script is not null ? script(request)
                : request.Examples.IsDefaultOrEmpty ? ""
                : request.Examples[new RandomStream(request.Seed).Next(request.Examples.Length)];
            if (_certain is null)
            {
                ImmutableArray<int> tokens = [.. Bytes(text), End];
                return new Reply(
                    text,
                    tokens,
                    ImmutableCollectionsMarshal.AsImmutableArray(new float[tokens.Length]),
                    default
                );
            }
            return Array.Find(_certain, r => r.Text == text)
                ?? throw new ArgumentException(
                    $"sequence {request.Id}: the script says '{text}', which is none of the legal texts {string.Join(", ", request.Legal)}. Let it answer with one of them."
                );
        }

        private static int[] Bytes(string text) => Array.ConvertAll(Encoding.UTF8.GetBytes(text), b => (int)b);

        private static Reply Spell(LegalTrie trie, int index, string text, bool certain)
        {
            List<int> tokens = [.. Bytes(text), End];
            var (node, logProbs, allowed) = (LegalTrie.Root, new List<float>(), new List<ImmutableArray<int>>());
            while (!trie.IsComplete(node))
            {
                allowed.Add(trie.Ids(node));
                var next = trie.Next(node, trie.Ids(node).IndexOf(tokens[logProbs.Count]));
                logProbs.Add(certain ? 0 : (float)Math.Log((double)trie.Leaves(next) / trie.Leaves(node)));
                node = next;
            }
            System.Diagnostics.Debug.Assert(trie.Sequence(node) == index);
            return new Reply(text, [.. tokens.Take(logProbs.Count)], [.. logProbs], [.. allowed]);
        }
    }
}
