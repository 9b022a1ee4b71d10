// One token after one beginning, under one version of the weights. Sequences that share a beginning share its nodes.
using System.Collections.Immutable;
using AgentArena.Core.Models;

namespace AgentArena.Models.Generation;

/// <summary>A node of the token tree: its path from the root is the ids so far.</summary>
internal sealed class TokenNode(TokenNode? parent, int id)
{
    private TokenNode? _firstChild,
        _nextSibling;
    private Dictionary<int, TokenNode>? _children;
    private List<(LegalTrie? Trie, int Node, Sampling Sampling, Distribution Distribution)>? _distributions;
    private int _count;

    /// <summary>The node before; null at the first token.</summary>
    public TokenNode? Parent => parent;

    /// <summary>The token.</summary>
    public int Id => id;

    /// <summary>Tokens before it.</summary>
    public int Position { get; } = parent is null ? 0 : parent.Position + 1;

    /// <summary>Where its keys and values are kept; -1 where they are not computed.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>Scores of every next id; null where they are not computed.</summary>
    public float[]? Logits { get; set; }

    /// <summary>
    /// The value head's estimate after this token, once <see cref="Logits"/> are computed; 0 where there is no such
    /// head.
    /// </summary>
    public float Value { get; set; }

    /// <summary>The pass that last saw it, so that it is computed once in each.</summary>
    public int Pass { get; set; }

    /// <summary>The node of the next token, made where it is not there yet.</summary>
    public TokenNode Child(int next)
    {
        if (_children is not null)
        {
            if (!_children.TryGetValue(next, out var known))
                _children.Add(next, known = new TokenNode(this, next));
            return known;
        }
        for (var child = _firstChild; child is not null; child = child._nextSibling)
            if (child.Id == next)
                return child;
        var made = new TokenNode(this, next) { _nextSibling = _firstChild };
        _firstChild = made;
        if (++_count > 8)
        {
            _children = [];
            for (var child = _firstChild; child is not null; child = child._nextSibling)
                _children.Add(child.Id, child);
        }
        return made;
    }

    /// <summary>
    /// What can be drawn here, made of <see cref="Logits"/> once for each mask and way of drawing;
    /// <paramref name="free"/> is what a reply without a mask draws from.
    /// </summary>
    public Distribution Draw(LegalTrie? trie, int node, int[] free, Sampling sampling)
    {
        if (_distributions is not null)
            foreach (var (t, n, s, known) in _distributions)
                if (
                    t == trie
                    && n == node
                    && (
                        ReferenceEquals(s, sampling)
                        || (s.Temperature == sampling.Temperature && s.TopK == sampling.TopK && s.TopP == sampling.TopP)
                    )
                )
                    return known;
        var made = Distribution.Of(Logits!, trie is null ? default : trie.Ids(node), free, sampling);
        (_distributions ??= []).Add((trie, node, sampling, made));
        return made;
    }
}
