// What a sequence is asked, as a key: the same words and the same legal texts are the same question. Knows no token
// beyond the prefix.
using System.Collections.Immutable;

namespace AgentArena.Core.Models;

/// <summary>Prefix, messages and legal texts of a request, equal by content; models key their caches by it.</summary>
public readonly struct Question : IEquatable<Question>
{
    private readonly int _hash;

    /// <summary>Makes the key; the content is hashed once.</summary>
    public Question(ImmutableArray<int> prefix, ImmutableArray<Message> messages, ImmutableArray<string> legal)
    {
        Prefix = prefix.IsDefault ? [] : prefix;
        Messages = messages.IsDefault ? [] : messages;
        Legal = legal;
        var hash = 17;
        foreach (var id in Prefix)
            hash = hash * 31 + id;
        foreach (var message in Messages)
            hash = HashCode.Combine(hash, message.Speaker, message.Text);
        if (!Legal.IsDefault)
            foreach (var text in Legal)
                hash = HashCode.Combine(hash, text);
        _hash = hash;
    }

    /// <summary>The question of a request.</summary>
    public Question(SequenceRequest request)
        : this(request.Prefix, request.Messages, request.Legal) { }

    /// <summary>Ids so far.</summary>
    public ImmutableArray<int> Prefix { get; }

    /// <summary>Messages appended.</summary>
    public ImmutableArray<Message> Messages { get; }

    /// <summary>Legal texts; default where the reply is free.</summary>
    public ImmutableArray<string> Legal { get; }

    /// <inheritdoc/>
    public bool Equals(Question other)
    {
        if (_hash != other._hash || Legal.IsDefault != other.Legal.IsDefault)
            return false;
        if (Prefix != other.Prefix && !Prefix.AsSpan().SequenceEqual(other.Prefix.AsSpan()))
            return false;
        if (Messages != other.Messages && !Messages.AsSpan().SequenceEqual(other.Messages.AsSpan()))
            return false;
        return Legal == other.Legal || Legal.AsSpan().SequenceEqual(other.Legal.AsSpan());
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Question other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>Whether both ask the same.</summary>
    public static bool operator ==(Question left, Question right) => left.Equals(right);

    /// <summary>Whether they ask different things.</summary>
    public static bool operator !=(Question left, Question right) => !left.Equals(right);
}

/// <summary>A prompt and the moves to choose from.</summary>
public sealed record MoveQuestion(ImmutableArray<Message> Messages, ImmutableArray<string> Legal);
