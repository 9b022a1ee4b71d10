// Byte-pair encoding: in each piece, the neighbours of the lowest rank are merged until none is left.
using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>Byte-pair tokenizer with optional byte-level spelling.</summary>
public sealed class BpeTokenizer : Tokenizer
{
    private static readonly char[] ToChar = Alphabet();
    private static readonly Dictionary<char, byte> ToByte = ToChar.Select((c, b) => (c, b)).ToDictionary(x => x.c, x => (byte)x.b);
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _tokens = [];
    private readonly Dictionary<(int Left, int Right), (int Rank, int Id)> _merges = [];
    private readonly int? _unknown;

    private BpeTokenizer(BpeOptions options)
    {
        (ByteLevel, PreTokenizer, SpecialTokens, UnknownToken) = (options.ByteLevel, options.PreTokenizer, options.SpecialTokens, options.UnknownToken);
        foreach (var (token, id) in options.Vocabulary)
        {
            _ids.Add(token, id);
            _tokens[id] = token;
        }
        if (_ids.Count == 0) throw new InvalidOperationException("The vocabulary is empty.");
        var rank = 0;
        foreach (var merge in options.Merges ?? [])
        {
            var parts = merge.Split(' ');
            if (parts.Length != 2) throw new InvalidOperationException($"Invalid merge '{merge}'.");
            if (!_ids.TryGetValue(parts[0], out var left) || !_ids.TryGetValue(parts[1], out var right) || !_ids.TryGetValue(parts[0] + parts[1], out var joined))
                throw new InvalidOperationException($"The merge '{merge}' names a token that is not in the vocabulary.");
            _merges.TryAdd((left, right), (rank++, joined));
        }
        foreach (var (token, id) in SpecialTokens ?? new Dictionary<string, int>()) _tokens.TryAdd(id, token);
        if (UnknownToken is not null) _unknown = _ids.TryGetValue(UnknownToken, out var unknown) ? unknown : throw new InvalidOperationException($"The unknown token '{UnknownToken}' is not in the vocabulary.");
    }

    /// <summary>Makes a tokenizer.</summary>
    public static BpeTokenizer Create(BpeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new BpeTokenizer(options);
    }

    public bool ByteLevel { get; }

    public override PreTokenizer? PreTokenizer { get; }

    public IReadOnlyDictionary<string, int>? SpecialTokens { get; }

    public string? UnknownToken { get; }

    public IReadOnlyDictionary<string, int> Vocabulary => _ids;

    public override IReadOnlyList<int> EncodeToIds(string text, bool considerPreTokenization = true, bool considerNormalization = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        if (PreTokenizer is null || !considerPreTokenization)
        {
            if (text.Length > 0) EncodePiece(text, ids);
            return ids;
        }
        foreach (var (offset, length) in PreTokenizer.PreTokenize(text)) EncodePiece(text.Substring(offset, length), ids);
        return ids;
    }

    public override string? Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var (text, bytes) = (new StringBuilder(), new List<byte>());
        foreach (var id in ids)
        {
            if (!_tokens.TryGetValue(id, out var token)) return null;
            if (!ByteLevel || (SpecialTokens?.ContainsKey(token) ?? false))
            {
                Flush();
                text.Append(token);
                continue;
            }
            foreach (var ch in token) bytes.Add(ToByte.TryGetValue(ch, out var b) ? b : (byte)'?');
        }
        Flush();
        return text.ToString();

        void Flush()
        {
            if (bytes.Count > 0) text.Append(Encoding.UTF8.GetString(bytes.ToArray()));
            bytes.Clear();
        }
    }

    private void EncodePiece(string piece, List<int> ids)
    {
        if (SpecialTokens is not null && SpecialTokens.TryGetValue(piece, out var special))
        {
            ids.Add(special);
            return;
        }
        var parts = new List<int>();
        if (ByteLevel)
        {
            foreach (var b in Encoding.UTF8.GetBytes(piece)) Part(ToChar[b].ToString());
        }
        else
        {
            foreach (var rune in piece.EnumerateRunes()) Part(rune.ToString());
        }
        while (parts.Count > 1)
        {
            var (best, at) = ((Rank: int.MaxValue, Id: -1), -1);
            for (var i = 0; i + 1 < parts.Count; i++)
                if (_merges.TryGetValue((parts[i], parts[i + 1]), out var merge) && merge.Rank < best.Rank) (best, at) = (merge, i);
            if (at < 0) break;
            parts[at] = best.Id;
            parts.RemoveAt(at + 1);
        }
        ids.AddRange(parts);

        void Part(string symbol)
        {
            if (_ids.TryGetValue(symbol, out var id)) parts.Add(id);
            else if (_unknown is { } unknown) parts.Add(unknown);
        }
    }

    // GPT-2's table: printable Latin-1 stands for itself, the other bytes move to U+0100 and on.
    private static char[] Alphabet()
    {
        var (table, next) = (new char[256], 256);
        for (var b = 0; b < 256; b++) table[b] = b is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255) ? (char)b : (char)next++;
        return table;
    }
}
