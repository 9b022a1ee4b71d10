// What every tokenizer offers: text to ids or tokens, ids to text. Knows no algorithm.
using System.Buffers;

namespace Microsoft.ML.Tokenizers;

/// <summary>How a text is to be encoded.</summary>
public struct EncodeSettings
{
    public EncodeSettings() { }

    public bool ConsiderPreTokenization { get; set; }
    public bool ConsiderNormalization { get; set; }

    /// <summary>Encoding stops after so many tokens.</summary>
    public int MaxTokenCount { get; set; } = int.MaxValue;
}

/// <summary>What an encoding gave.</summary>
public struct EncodeResults<T>
{
    public IReadOnlyList<T> Tokens { get; set; }

    /// <summary>The text after normalisation; null where it is the text itself.</summary>
    public string? NormalizedText { get; set; }

    /// <summary>How much of the (normalised) text the tokens cover, in chars.</summary>
    public int CharsConsumed { get; set; }
}

/// <summary>A token with its place in the text.</summary>
public readonly struct EncodedToken(int id, string value, Range offset) : IEquatable<EncodedToken>
{
    public int Id { get; } = id;

    /// <summary>As the vocabulary writes it.</summary>
    public string Value { get; } = value;

    /// <summary>The chars it comes from; pieces of one char all name that char.</summary>
    public Range Offset { get; } = offset;

    public bool Equals(EncodedToken other) => Id == other.Id && Value == other.Value && Offset.Equals(other.Offset);
    public override bool Equals(object? obj) => obj is EncodedToken other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Id, Value, Offset);
}

/// <summary>Changes a text before it is encoded.</summary>
public abstract class Normalizer
{
    public abstract string Normalize(string original);
    public abstract string Normalize(ReadOnlySpan<char> original);
}

/// <summary>Text to token ids and back.</summary>
public abstract class Tokenizer
{
    public virtual PreTokenizer? PreTokenizer => null;
    public virtual Normalizer? Normalizer => null;

    protected abstract EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings);

    protected virtual EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        EncodeResults<EncodedToken> tokens = EncodeToTokens(text, textSpan, settings);
        return new EncodeResults<int> { Tokens = [.. tokens.Tokens.Select(t => t.Id)], NormalizedText = tokens.NormalizedText, CharsConsumed = tokens.CharsConsumed };
    }

    protected virtual int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) => EncodeToIds(text, textSpan, settings).Tokens.Count;

    public IReadOnlyList<int> EncodeToIds(string text, bool considerPreTokenization = true, bool considerNormalization = true)
        => EncodeToIds(text, text.AsSpan(), Settings(considerPreTokenization, considerNormalization)).Tokens;

    public IReadOnlyList<int> EncodeToIds(ReadOnlySpan<char> text, bool considerPreTokenization = true, bool considerNormalization = true)
        => EncodeToIds(null, text, Settings(considerPreTokenization, considerNormalization)).Tokens;

    /// <param name="maxTokenCount">At most so many ids, above zero.</param>
    /// <param name="charsConsumed">How much of the text they cover.</param>
    public IReadOnlyList<int> EncodeToIds(string text, int maxTokenCount, out string? normalizedText, out int charsConsumed, bool considerPreTokenization = true, bool considerNormalization = true)
        => Limited(text, text.AsSpan(), maxTokenCount, out normalizedText, out charsConsumed, considerPreTokenization, considerNormalization);

    public IReadOnlyList<int> EncodeToIds(ReadOnlySpan<char> text, int maxTokenCount, out string? normalizedText, out int charsConsumed, bool considerPreTokenization = true, bool considerNormalization = true)
        => Limited(null, text, maxTokenCount, out normalizedText, out charsConsumed, considerPreTokenization, considerNormalization);

    public IReadOnlyList<EncodedToken> EncodeToTokens(string text, out string? normalizedText, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        EncodeResults<EncodedToken> results = EncodeToTokens(text, text.AsSpan(), Settings(considerPreTokenization, considerNormalization));
        normalizedText = results.NormalizedText;
        return results.Tokens;
    }

    public IReadOnlyList<EncodedToken> EncodeToTokens(ReadOnlySpan<char> text, out string? normalizedText, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        EncodeResults<EncodedToken> results = EncodeToTokens(null, text, Settings(considerPreTokenization, considerNormalization));
        normalizedText = results.NormalizedText;
        return results.Tokens;
    }

    public int CountTokens(string text, bool considerPreTokenization = true, bool considerNormalization = true)
        => CountTokens(text, text.AsSpan(), Settings(considerPreTokenization, considerNormalization));

    public int CountTokens(ReadOnlySpan<char> text, bool considerPreTokenization = true, bool considerNormalization = true)
        => CountTokens(null, text, Settings(considerPreTokenization, considerNormalization));

    /// <summary>The text of ids. Ids that no token has are passed over; bytes that are no UTF-8 become U+FFFD.</summary>
    public abstract string Decode(IEnumerable<int> ids);

    /// <summary>Decodes into a buffer; DestinationTooSmall where it does not hold the whole text.</summary>
    public abstract OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten);

    private static EncodeSettings Settings(bool pre, bool normal, int max = int.MaxValue)
        => new() { ConsiderPreTokenization = pre, ConsiderNormalization = normal, MaxTokenCount = max };

    private IReadOnlyList<int> Limited(string? text, ReadOnlySpan<char> span, int max, out string? normalized, out int consumed, bool pre, bool normal)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        EncodeResults<int> results = EncodeToIds(text, span, Settings(pre, normal, max));
        normalized = results.NormalizedText;
        consumed = results.CharsConsumed;
        return results.Tokens;
    }
}
