// Sampling: sequences join and leave at any token, and each step is one pass over what nobody has computed yet. Knows
// no loss.
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using AgentArena.Core;
using AgentArena.Core.Models;
using AgentArena.Models.Tokens;

namespace AgentArena.Models.Generation;

/// <summary>
/// Continuous batching at the token over a <see cref="PrefixTree"/>. A sequence draws from its own stream, in plain
/// numbers.
/// </summary>
internal sealed class Sampler(PrefixTree tree, ITokenizer tokenizer, string policy, int context)
{
    private readonly Conversations _conversations = new(tokenizer, context);
    private readonly int[] _free = ImmutableCollectionsMarshal.AsArray(tokenizer.Free)!;
    private readonly List<Sequence> _active = [];
    private readonly List<TokenNode> _missing = [];

    /// <summary>Sequences that wait for tokens.</summary>
    public int Active => _active.Count;

    /// <summary>A question as ids.</summary>
    public Conversation Of(Question question) => _conversations.Of(question);

    /// <summary>Lets a sequence join.</summary>
    public void Add(SequenceRequest request)
    {
        var conversation = _conversations.Of(new Question(request));
        _conversations.Check(request, conversation);
        _active.Add(new Sequence(request, conversation));
    }

    /// <summary>Drops a sequence.</summary>
    public void Cancel(long id) => _active.RemoveAll(s => s.Request.Id == id);

    /// <summary>One token for each.</summary>
    public void Step(int version, ICollection<SequenceResult> finished)
    {
        if (!FindMissing())
        {
            tree.Forget();
            FindMissing();
        }
        if (_missing.Count > 0)
            tree.Evaluate(_missing);
        var active = CollectionsMarshal.AsSpan(_active);
        var kept = 0;
        foreach (var sequence in active)
        {
            if (Advance(sequence, version) is { } said)
                finished.Add(new SequenceResult(sequence.Request.Id, said));
            else
                active[kept++] = sequence;
        }
        CollectionsMarshal.SetCount(_active, kept);
    }

    /// <summary>The probability of each legal text as a sequence of masked draws at temperature 1.</summary>
    public IReadOnlyList<double[]> MoveProbabilities(
        IReadOnlyList<(ImmutableArray<Message> Messages, ImmutableArray<string> Legal)> questions
    )
    {
        var all = new double[questions.Count][];
        var frontier = new List<(int Question, LegalTrie Trie, int Node, TokenNode At, double Probability)>();
        if (tree.IsFullFor(questions.Count * context))
            tree.Forget();
        for (var q = 0; q < all.Length; q++)
        {
            var conversation = _conversations.Of(new Question([], questions[q].Messages, questions[q].Legal));
            _conversations.Check(
                new SequenceRequest
                {
                    Id = q,
                    Messages = [],
                    Seed = 0,
                    Budget = context,
                },
                conversation
            );
            all[q] = new double[questions[q].Legal.Length];
            frontier.Add((q, conversation.Legal!.Trie, LegalTrie.Root, conversation.Node(tree), 1));
        }
        var plain = new Sampling();
        while (frontier.Count > 0)
        {
            tree.Evaluate([.. frontier.Select(f => f.At)]);
            var next = new List<(int, LegalTrie, int, TokenNode, double)>();
            foreach (var (q, trie, node, at, probability) in frontier)
            {
                var distribution = at.Draw(trie, node, _free, plain);
                for (var i = 0; i < trie.Ids(node).Length; i++)
                {
                    var (child, here) = (trie.Next(node, i), probability * Math.Exp(distribution.LogProb(i)));
                    if (trie.IsComplete(child))
                        all[q][trie.Sequence(child)] = here;
                    else
                        next.Add((q, trie, child, at.Child(distribution.Id(i)), here));
                }
            }
            frontier = next;
        }
        foreach (var row in all)
        {
            var sum = row.Sum();
            for (var i = 0; i < row.Length; i++)
                row[i] /= sum;
        }
        return all;
    }

    // False where the tree has no room for what is missing.
    private bool FindMissing()
    {
        _missing.Clear();
        var tokens = 0;
        foreach (var sequence in _active)
        {
            sequence.Find(tree);
            if (sequence.Node!.Logits is not null)
                continue;
            _missing.Add(sequence.Node);
            for (var node = sequence.Node; node is { Slot: < 0 }; node = node.Parent)
                tokens++;
        }
        return !tree.IsFullFor(tokens);
    }

    private Utterance? Advance(Sequence sequence, int version)
    {
        var (request, legal) = (sequence.Request, sequence.Conversation.Legal);
        var distribution = sequence.Node!.Draw(legal?.Trie, sequence.TrieNode, _free, request.Sampling);
        var drawn = distribution.Draw(ref sequence.Chance);
        var id = distribution.Id(drawn);
        var complete = tokenizer.Ends.Contains(id);
        if (legal is not null)
        {
            var ids = legal.Trie.Ids(sequence.TrieNode);
            sequence.TrieNode = legal.Trie.Next(sequence.TrieNode, ids.Length == 1 ? 0 : ids.AsSpan().BinarySearch(id));
            complete = legal.Trie.IsComplete(sequence.TrieNode);
        }
        if (complete && sequence.Drawn is null)
        {
            var whole = distribution.Reply(drawn) ??= new WholeReply(
                legal is null ? "" : legal.Texts[legal.Trie.Sequence(sequence.TrieNode)],
                [id],
                [distribution.LogProb(drawn)],
                distribution.Allowed.IsDefault ? default : [distribution.Allowed],
                tree.HasValues ? [sequence.Node.Value] : default
            );
            return new Utterance
            {
                Policy = policy,
                Version = version,
                Text = whole.Text,
                Prompt = sequence.Conversation.Prompt,
                Tokens = whole.Tokens,
                LogProbs = whole.LogProbs,
                Allowed = whole.Allowed,
                Values = whole.Values,
                Temperature = request.Sampling.Temperature,
            };
        }
        var said = sequence.Drawn ??= new Reply(tokenizer);
        said.Append(
            id,
            distribution.LogProb(drawn),
            distribution.Allowed,
            version,
            tree.HasValues ? sequence.Node.Value : null
        );
        sequence.Node = sequence.Node.Child(id);
        var stopped = legal is null && !complete ? said.FindStop(request.Sampling.Stop) : -1;
        if (!complete && stopped < 0 && said.Count < request.Budget)
            return null;
        return said.Say(
            policy,
            sequence,
            legal is not null && complete ? legal.Texts[legal.Trie.Sequence(sequence.TrieNode)] : null,
            stopped,
            truncated: !complete && stopped < 0
        );
    }

    internal sealed class Sequence(SequenceRequest request, Conversation conversation)
    {
        private int _generation = -1;

        public RandomStream Chance = new(request.Seed);

        public SequenceRequest Request => request;

        public Conversation Conversation => conversation;

        public TokenNode? Node { get; set; }

        public int TrieNode { get; set; } = LegalTrie.Root;

        public Reply? Drawn { get; set; }

        // An update in the middle of a reply drops all nodes: what was said so far is computed again under the new
        // weights.
        public void Find(PrefixTree tree)
        {
            if (_generation == tree.Generation)
                return;
            _generation = tree.Generation;
            Node = conversation.Node(tree);
            if (Drawn is null)
                return;
            foreach (var id in Drawn.Ids)
                Node = Node.Child(id);
        }
    }

    internal sealed class Reply(ITokenizer tokenizer)
    {
        private readonly List<float> _logProbs = [];
        private readonly List<ImmutableArray<int>> _allowed = [];
        private readonly List<int> _versions = [];
        private readonly List<float> _values = [];
        private readonly List<byte> _bytes = [];
        private readonly List<int> _ends = [];
        private int _characters;
        private bool _masked;
        private int _searched;

        public List<int> Ids { get; } = [];

        public int Count => Ids.Count;

        public void Append(int id, float logProb, ImmutableArray<int> allowed, int version, float? value)
        {
            if (value is { } estimate)
                _values.Add(estimate);
            Ids.Add(id);
            _logProbs.Add(logProb);
            _allowed.Add(allowed);
            _versions.Add(version);
            var bytes = tokenizer.Bytes(id, first: Ids.Count == 1);
            _bytes.AddRange(bytes);
            _characters += TokenDecoder.Characters(bytes);
            _ends.Add(_characters);
            _masked |= !allowed.IsDefault;
        }

        // Where the first stop text begins in the bytes so far, or -1.
        public int FindStop(ImmutableArray<string> stops)
        {
            if (stops.IsDefaultOrEmpty)
                return -1;
            var (first, longest) = (-1, 0);
            foreach (var stop in stops)
            {
                var wanted = Encoding.UTF8.GetBytes(stop);
                longest = Math.Max(longest, wanted.Length);
                var from = Math.Max(0, _searched - wanted.Length + 1);
                var at = CollectionsMarshal.AsSpan(_bytes)[from..].IndexOf(wanted);
                if (at >= 0 && wanted.Length > 0 && (first < 0 || from + at < first))
                    first = from + at;
            }
            _searched = _bytes.Count;
            return first;
        }

        public Utterance Say(string policy, Sequence sequence, string? legal, int stopped, bool truncated)
        {
            var text = legal
                ?? Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(_bytes)[..(stopped < 0 ? _bytes.Count : stopped)]);
            return new()
            {
                Policy = policy,
                Version = _versions[0],
                Prompt = sequence.Conversation.Prompt,
                Truncated = truncated,
                Temperature = sequence.Request.Sampling.Temperature,
                Text = text,
                Tokens = [.. Ids],
                LogProbs = [.. _logProbs],
                Allowed = _masked ? [.. _allowed] : default,
                Values = _values.Count > 0 ? [.. _values] : default,
                Ends =
                    Ids.Count > 1
                        ? [.. _ends.Select((end, i) => i < _ends.Count - 1 ? Math.Min(end, text.Length) : text.Length)]
                        : default,
                Versions = _versions.TrueForAll(v => v == _versions[0]) ? default : [.. _versions],
            };
        }
    }
}
