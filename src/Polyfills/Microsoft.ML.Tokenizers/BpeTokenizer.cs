// Byte pair encoding over UTF-8 bytes or over chars. Special tokens are pieces that the pre-tokenizer cut out whole.
using System.Buffers;
using System.Collections.Concurrent;
using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// Byte pair encoding. With <see cref="ByteLevel"/>, a pre-tokenizer that covers every char and all 256 bytes in the vocabulary,
/// decoding gives back any well-formed text; a lone surrogate comes back as U+FFFD.
/// </summary>
public sealed class BpeTokenizer : Tokenizer
{
    private const int CacheCapacity = 10_000;
    private const int CachedLength = 64;

    private readonly Dictionary<string, int> _vocabulary;
    private readonly Dictionary<int, string> _texts;
    private readonly Dictionary<string, int>? _special;
    private readonly Dictionary<int, string>? _specialTexts;
    private readonly int[] _bytes = new int[256];
    private readonly MergeTable _merges;
    private readonly PreTokenizer _preTokenizer;
    private readonly Normalizer? _normalizer;
    private readonly int? _unknown;
    private readonly ConcurrentDictionary<string, MergeTable.Symbol[]> _cache = new(StringComparer.Ordinal);
    private int _cached;

    private BpeTokenizer(BpeOptions options)
    {
        if (options.ContinuingSubwordPrefix is not null || options.EndOfWordSuffix is not null)
        {
            throw new NotSupportedException("BpeTokenizer: this build knows neither a continuing-subword prefix nor an end-of-word suffix. Right would be a byte-level model without them.");
        }
        _vocabulary = new Dictionary<string, int>(options.Vocabulary, StringComparer.Ordinal);
        if (_vocabulary.Count == 0)
        {
            throw new InvalidOperationException("The vocabulary cannot be empty.");
        }
        _texts = _vocabulary.ToDictionary(t => t.Value, t => t.Key);
        SpecialTokens = options.SpecialTokens;
        _special = SpecialTokens?.ToDictionary(StringComparer.Ordinal);
        _specialTexts = SpecialTokens?.ToDictionary(t => t.Value, t => t.Key);
        _merges = new MergeTable(options.Merges, _vocabulary);
        _preTokenizer = options.PreTokenizer ?? PreTokenizer.CreateWordOrNonWord();
        _normalizer = options.Normalizer;
        ByteLevel = options.ByteLevel;
        FuseUnknownTokens = options.FuseUnknownTokens;
        UnknownToken = options.UnknownToken;
        _unknown = UnknownToken is null ? null : Id(UnknownToken, "unknown token");
        BeginningOfSentenceToken = options.BeginningOfSentenceToken;
        EndOfSentenceToken = options.EndOfSentenceToken;
        for (int b = 0; b < 256; b++)
        {
            _bytes[b] = _vocabulary.GetValueOrDefault(ByteTable.ToChar((byte)b).ToString(), -1);
        }
        BeginningOfSentenceId = BeginningOfSentenceToken is null ? 0 : Id(BeginningOfSentenceToken, "beginning of sentence token");
        EndOfSentenceId = EndOfSentenceToken is null ? 0 : Id(EndOfSentenceToken, "end of sentence token");
    }

    public override PreTokenizer? PreTokenizer => _preTokenizer;
    public override Normalizer? Normalizer => _normalizer;
    public IReadOnlyDictionary<string, int> Vocabulary => _vocabulary;
    public IReadOnlyDictionary<string, int>? SpecialTokens { get; }
    public string? UnknownToken { get; }
    public string? ContinuingSubwordPrefix => null;
    public string? EndOfWordSuffix => null;
    public bool FuseUnknownTokens { get; }
    public bool ByteLevel { get; }
    public string? BeginningOfSentenceToken { get; }
    internal string? EndOfSentenceToken { get; }
    internal int BeginningOfSentenceId { get; }
    internal int EndOfSentenceId { get; }

    public static BpeTokenizer Create(BpeOptions options) => new(options ?? throw new ArgumentNullException(nameof(options)));

    /// <param name="vocabStream">A JSON object, token to id.</param>
    /// <param name="mergesStream">One merge a line, most important first.</param>
    public static BpeTokenizer Create(
        Stream vocabStream, Stream? mergesStream, PreTokenizer? preTokenizer = null, Normalizer? normalizer = null,
        IReadOnlyDictionary<string, int>? specialTokens = null, string? unknownToken = null,
        string? continuingSubwordPrefix = null, string? endOfWordSuffix = null, bool fuseUnknownTokens = false)
        => new(new BpeOptions(BpeOptions.ReadVocabulary(vocabStream ?? throw new ArgumentNullException(nameof(vocabStream))))
        {
            Merges = mergesStream is null ? null : BpeOptions.ReadMerges(mergesStream),
            PreTokenizer = preTokenizer,
            Normalizer = normalizer,
            SpecialTokens = specialTokens,
            UnknownToken = unknownToken,
            ContinuingSubwordPrefix = continuingSubwordPrefix,
            EndOfWordSuffix = endOfWordSuffix,
            FuseUnknownTokens = fuseUnknownTokens,
        });

    public static BpeTokenizer Create(
        string vocabFile, string? mergesFile, PreTokenizer? preTokenizer = null, Normalizer? normalizer = null,
        IReadOnlyDictionary<string, int>? specialTokens = null, string? unknownToken = null,
        string? continuingSubwordPrefix = null, string? endOfWordSuffix = null, bool fuseUnknownTokens = false)
    {
        using Stream vocabulary = File.OpenRead(vocabFile);
        using Stream? merges = mergesFile is null ? null : File.OpenRead(mergesFile);
        return Create(vocabulary, merges, preTokenizer, normalizer, specialTokens, unknownToken, continuingSubwordPrefix, endOfWordSuffix, fuseUnknownTokens);
    }

    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        List<EncodedToken> tokens = [];
        (string? normalized, int consumed) = Encode(text, textSpan, settings, (id, from, to) => tokens.Add(new EncodedToken(id, Text(id) ?? "", from..to)));
        return new EncodeResults<EncodedToken> { Tokens = tokens, NormalizedText = normalized, CharsConsumed = consumed };
    }

    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        List<int> ids = [];
        (string? normalized, int consumed) = Encode(text, textSpan, settings, (id, _, _) => ids.Add(id));
        return new EncodeResults<int> { Tokens = ids, NormalizedText = normalized, CharsConsumed = consumed };
    }

    /// <summary>Emits tokens with their chars, up to the limit; an empty text has none at all.</summary>
    private (string? Normalized, int Consumed) Encode(string? text, ReadOnlySpan<char> span, EncodeSettings settings, Action<int, int, int> emit)
    {
        if (span.IsEmpty)
        {
            return (null, 0);
        }
        string? normalized = null;
        if (settings.ConsiderNormalization && _normalizer is not null)
        {
            normalized = text is null ? _normalizer.Normalize(span) : _normalizer.Normalize(text);
            span = normalized;
        }
        int left = settings.MaxTokenCount, consumed = 0;
        if (BeginningOfSentenceToken is not null)
        {
            emit(BeginningOfSentenceId, 0, 0);
            left--;
        }
        IEnumerable<(int Offset, int Length)> pieces = settings.ConsiderPreTokenization ? _preTokenizer.PreTokenize(span) : [(0, span.Length)];
        foreach ((int offset, int length) in pieces)
        {
            int upTo = Piece(span.Slice(offset, length), offset, ref left, emit);
            consumed = offset + upTo;
            if (upTo < length || left == 0)
            {
                break;
            }
        }
        if (EndOfSentenceToken is not null && left > 0)
        {
            emit(EndOfSentenceId, span.Length, span.Length);
        }
        return (normalized, consumed);
    }

    /// <summary>Emits one piece; says how many of its chars the emitted tokens cover wholly.</summary>
    private int Piece(ReadOnlySpan<char> piece, int offset, ref int left, Action<int, int, int> emit)
    {
        if (_special is not null && _special.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(piece, out int special))
        {
            if (left == 0)
            {
                return 0;
            }
            left--;
            emit(special, offset, offset + piece.Length);
            return piece.Length;
        }
        int[] starts = UnitStarts(piece);
        int unit = 0;
        foreach (MergeTable.Symbol symbol in Symbols(piece))
        {
            if (left == 0)
            {
                return starts[unit];
            }
            int from = starts[unit];
            unit += symbol.Length;
            if (symbol.Id < 0)
            {
                continue;       // in no vocabulary, and no unknown token stands in for it
            }
            left--;
            int to = EndOfChar(starts, unit, piece.Length);
            emit(symbol.Id, offset + from, offset + to);
        }
        return piece.Length;
    }

    /// <summary>Where the char of the last unit before this one ends.</summary>
    private static int EndOfChar(int[] starts, int unit, int length)
    {
        int last = starts[unit - 1];
        while (unit < starts.Length && starts[unit] == last)
        {
            unit++;
        }
        return unit == starts.Length ? length : starts[unit];
    }

    /// <summary>The char each unit (byte, or char) begins at.</summary>
    private int[] UnitStarts(ReadOnlySpan<char> piece)
    {
        if (!ByteLevel)
        {
            return [.. Enumerable.Range(0, piece.Length)];
        }
        var starts = new List<int>(piece.Length);
        for (int i = 0; i < piece.Length;)
        {
            Rune.DecodeFromUtf16(piece[i..], out Rune rune, out int chars);     // a lone surrogate decodes to U+FFFD
            for (int b = 0; b < rune.Utf8SequenceLength; b++)
            {
                starts.Add(i);
            }
            i += chars;
        }
        return [.. starts];
    }

    private MergeTable.Symbol[] Symbols(ReadOnlySpan<char> piece)
    {
        bool cacheable = piece.Length <= CachedLength;
        if (cacheable && _cache.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(piece, out MergeTable.Symbol[]? known))
        {
            return known;
        }
        MergeTable.Symbol[] symbols = [.. _merges.Merge(ByteLevel ? ByteUnits(piece) : CharUnits(piece))];
        if (cacheable && Volatile.Read(ref _cached) < CacheCapacity && _cache.TryAdd(piece.ToString(), symbols))
        {
            Interlocked.Increment(ref _cached);
        }
        return symbols;
    }

    private MergeTable.Symbol[] ByteUnits(ReadOnlySpan<char> piece)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(piece)];
        Encoding.UTF8.GetBytes(piece, bytes);
        return [.. bytes.Select(b => new MergeTable.Symbol(_bytes[b] >= 0 ? _bytes[b] : _unknown ?? -1, 1))];
    }

    private MergeTable.Symbol[] CharUnits(ReadOnlySpan<char> piece)
    {
        List<MergeTable.Symbol> units = [];
        foreach (char c in piece)
        {
            int id = _vocabulary.GetValueOrDefault(c.ToString(), _unknown ?? -1);
            if (FuseUnknownTokens && id == _unknown && units.Count > 0 && units[^1].Id == _unknown)
            {
                units[^1] = new MergeTable.Symbol(id, units[^1].Length + 1);
            }
            else
            {
                units.Add(new MergeTable.Symbol(id, 1));
            }
        }
        return [.. units];
    }

    public override string Decode(IEnumerable<int> ids) => Decode(ids, considerSpecialTokens: true);

    /// <param name="considerSpecialTokens">False: special tokens leave no text.</param>
    public string Decode(IEnumerable<int> ids, bool considerSpecialTokens)
    {
        var text = new StringBuilder();
        List<byte> bytes = [];
        foreach (int id in ids ?? throw new ArgumentNullException(nameof(ids)))
        {
            if (_specialTexts is not null && _specialTexts.TryGetValue(id, out string? special))
            {
                Flush();
                text.Append(considerSpecialTokens ? special : "");
            }
            else if (_texts.TryGetValue(id, out string? token) && (considerSpecialTokens || id != _unknown))
            {
                foreach (char c in token)
                {
                    int b = ByteLevel ? ByteTable.ToByte(c) : -1;
                    if (b >= 0)
                    {
                        bytes.Add((byte)b);
                    }
                    else
                    {
                        Flush();
                        text.Append(c);
                    }
                }
            }
        }
        Flush();
        return text.ToString();

        void Flush()
        {
            text.Append(Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes)));
            bytes.Clear();
        }
    }

    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        int[] all = [.. ids];
        string whole = Decode(all);
        (idsConsumed, charsWritten) = whole.Length <= destination.Length ? (all.Length, whole.Length) : (0, 0);
        return whole.AsSpan().TryCopyTo(destination) ? OperationStatus.Done : OperationStatus.DestinationTooSmall;
    }

    private string? Text(int id) => _specialTexts is not null && _specialTexts.TryGetValue(id, out string? special) ? special : _texts.GetValueOrDefault(id);

    private int Id(string token, string what)
        => _vocabulary.TryGetValue(token, out int id) || _special is not null && _special.TryGetValue(token, out id)
            ? id
            : throw new InvalidOperationException($"The {what} '{token}' was not present in the vocabulary.");
}
