// A question as ids: its prompt, and the trie of its legal replies. Made once for each distinct question.
using System.Collections.Immutable;
using AgentArena.Core.Models;
using AgentArena.Models.Tokens;

namespace AgentArena.Models.Generation;

/// <summary>Legal texts with the trie of their ids.</summary>
internal sealed record LegalReplies(ImmutableArray<string> Texts, LegalTrie Trie, int Longest);

/// <summary>A question as ids.</summary>
internal sealed class Conversation(ImmutableArray<int> prompt, LegalReplies? legal)
{
    private TokenNode? _node;
    private int _generation = -1;

    /// <summary>All ids up to the reply.</summary>
    public ImmutableArray<int> Prompt => prompt;

    /// <summary>What the reply is held to; null where it is free.</summary>
    public LegalReplies? Legal => legal;

    /// <summary>The node of its last id.</summary>
    public TokenNode Node(PrefixTree tree)
    {
        if (_generation == tree.Generation)
            return _node!;
        _generation = tree.Generation;
        return _node = tree.Node(prompt.AsSpan());
    }
}

/// <summary>Remembers questions and lists of legal texts by content.</summary>
internal sealed class Conversations(ITokenizer tokenizer, int context)
{
    private const int MostCached = 1 << 16;
    private readonly Dictionary<Question, Conversation> _known = [];
    private readonly Dictionary<Question, LegalReplies> _legal = [];

    /// <summary>The conversation of a question.</summary>
    public Conversation Of(Question question)
    {
        if (_known.TryGetValue(question, out var known))
            return known;
        if (_known.Count >= MostCached)
            _known.Clear();
        var prompt = tokenizer.Append(question.Prefix, question.Messages);
        foreach (var id in question.Prefix)
            if ((uint)id >= (uint)tokenizer.Count)
                throw new ArgumentException(
                    $"prefix: the id {id} is outside the vocabulary of {tokenizer.Count}. Continue a conversation with the tokenizer it was begun with."
                );
        return _known[question] = new Conversation(prompt, question.Legal.IsDefault ? null : Replies(question.Legal));
    }

    /// <summary>Throws where prompt and budget do not fit.</summary>
    /// <exception cref="ArgumentException">Says by how much.</exception>
    public void Check(SequenceRequest request, Conversation conversation)
    {
        if (request.Budget < 1)
            throw new ArgumentException(
                $"sequence {request.Id}: a budget of {request.Budget} tokens says nothing. Give at least 1."
            );
        // A masked reply never needs more than its longest text, whatever budget it is given.
        var most = conversation.Legal is { } legal ? Math.Min(request.Budget, legal.Longest) : request.Budget;
        var over = conversation.Prompt.Length + most - context;
        if (over > 0)
            throw new ArgumentException(
                $"sequence {request.Id}: a prompt of {conversation.Prompt.Length} tokens and a reply of {most} exceed the context of {context} by {over}. Raise the model's context, or shorten the prompt or the budget."
            );
    }

    private LegalReplies Replies(ImmutableArray<string> texts)
    {
        var key = new Question([], [], texts);
        if (_legal.TryGetValue(key, out var known))
            return known;
        if (_legal.Count >= MostCached)
            _legal.Clear();
        var ids = texts.Select(t => tokenizer.Encode(t).ToArray()).ToList();
        return _legal[key] = new LegalReplies(texts, new LegalTrie(ids, tokenizer.Ends[0]), ids.Max(i => i.Length) + 1);
    }
}
