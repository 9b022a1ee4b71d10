// Pieces to ids by merging, over Microsoft's tokenizer: what it cannot express (byte fallback, ignore_merges) stands
// around it. Reads the model of a tokenizer.json.
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace AgentArena.Models.Tokens.HuggingFace;

/// <summary>The <c>model</c>: byte-level BPE, or BPE over characters that falls back to bytes.</summary>
internal sealed class BpeMerges
{
    private const int MostIds = 1 << 24,
        MostCached = 1 << 16,
        LongestCached = 48;
    private readonly BpeTokenizer _merging;
    private readonly bool _byteLevel,
        _wholeFirst;
    private readonly int[]? _fallback;
    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _known;
    private readonly HashSet<int> _products;
    private HashSet<int> _special = [];
    private int _cached;

    private BpeMerges(FilePlace model, bool byteLevel)
    {
        (Vocabulary, _byteLevel, _wholeFirst) = (
            ReadVocabulary(model["vocab"]),
            byteLevel,
            model["ignore_merges"].Flag()
        );
        var merges = ReadMerges(model["merges"]).ToList();
        if (!byteLevel)
            _fallback = ReadFallback(model, merges);
        _products =
        [
            .. merges.Select(m => Vocabulary.GetValueOrDefault(m.Replace(" ", "", StringComparison.Ordinal), -1)),
        ];
        var unknown = model["unk_token"].TextOrNull();
        if (unknown is not null && !Vocabulary.ContainsKey(unknown))
            throw model["unk_token"].Refuse($"is '{unknown}', which the vocabulary lacks", "Name a token of it.");
        try
        {
            _merging = BpeTokenizer.Create(
                new BpeOptions(Vocabulary)
                {
                    Merges = merges,
                    ByteLevel = byteLevel,
                    UnknownToken = byteLevel ? unknown : null,
                    FuseUnknownTokens = model["fuse_unk"].Flag(),
                }
            );
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw model["merges"]
                .Refuse($"does not fit the vocabulary ({e.Message})", "Copy the file again from where it is whole.");
        }
        _known = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Tokens with their ids, as the file spells them.</summary>
    public Dictionary<string, int> Vocabulary { get; }

    /// <summary>Reads it.</summary>
    /// <param name="model">The file's <c>model</c>.</param>
    /// <param name="byteLevel">Whether pieces are spelled in bytes.</param>
    /// <exception cref="InvalidDataException">What is not supported or does not belong together.</exception>
    public static BpeMerges Read(FilePlace model, bool byteLevel)
    {
        model.Object(
            "type",
            "dropout",
            "unk_token",
            "continuing_subword_prefix",
            "end_of_word_suffix",
            "fuse_unk",
            "byte_fallback",
            "ignore_merges",
            "vocab",
            "merges"
        );
        if (!model["type"].IsNull && model["type"].Text() != "BPE")
            throw model["type"].Refuse($"is {model["type"].Text()}; BPE is supported", "Use a BPE tokenizer.");
        if (!model["dropout"].IsNull && model["dropout"].Value.GetRawText() is not ("0" or "0.0"))
            throw model["dropout"].Refuse("drops merges by chance", "Set it to null: ids must repeat.");
        foreach (var key in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
            if (model[key].TextOrNull() is { Length: > 0 } affix)
                throw model[key].Refuse($"is '{affix}', which is not supported", "Use a tokenizer without it.");
        if (!byteLevel && !model["byte_fallback"].Flag())
            throw model["byte_fallback"]
                .Refuse(
                    "is off, and no ByteLevel step spells bytes, so that text would be lost",
                    "Use a tokenizer with one of the two."
                );
        if (byteLevel && model["byte_fallback"].Flag())
            throw model["byte_fallback"]
                .Refuse("is on beside a ByteLevel step", "Use a tokenizer with one of the two.");
        return new BpeMerges(model, byteLevel);
    }

    /// <summary>Keeps ids that no text may become from being made of one.</summary>
    /// <exception cref="InvalidDataException">A merge makes one.</exception>
    public void Forbid(HashSet<int> special, FilePlace model)
    {
        _special = special;
        _products.IntersectWith(special);
        if (_products.Count > 0)
            throw model["merges"]
                .Refuse(
                    $"make the special token {_products.First()}, so that any text could spell it",
                    "Leave that merge out."
                );
    }

    /// <summary>Adds the ids of a piece, which is not empty.</summary>
    public void Encode(ReadOnlySpan<char> piece, List<int> into)
    {
        if (piece.Length > LongestCached)
        {
            Merge(piece, into);
            return;
        }
        if (!_known.TryGetValue(piece, out var ids))
        {
            var made = new List<int>();
            Merge(piece, made);
            ids = [.. made];
            if (Interlocked.Increment(ref _cached) > MostCached)
            {
                _cache.Clear();
                Interlocked.Exchange(ref _cached, 0);
            }
            _known[piece] = ids;
        }
        into.AddRange(ids);
    }

    private void Merge(ReadOnlySpan<char> piece, List<int> into)
    {
        if (_wholeFirst && Vocabulary.TryGetValue(Spelled(piece), out var whole) && !_special.Contains(whole))
        {
            into.Add(whole);
            return;
        }
        if (_fallback is null)
        {
            into.AddRange(_merging.EncodeToIds(piece, considerPreTokenization: false, considerNormalization: false));
            return;
        }
        // No merge joins a byte's token, so characters that have none part the piece.
        var lookup = Vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<byte> bytes = stackalloc byte[4];
        var (from, at) = (0, 0);
        while (at < piece.Length)
        {
            Rune.DecodeFromUtf16(piece[at..], out var rune, out var length);
            if (!lookup.ContainsKey(piece.Slice(at, length)))
            {
                Run(piece[from..at], into);
                foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
                    into.Add(_fallback[b]);
                from = at + length;
            }
            at += length;
        }
        Run(piece[from..], into);
    }

    private void Run(ReadOnlySpan<char> run, List<int> into)
    {
        if (!run.IsEmpty)
            into.AddRange(_merging.EncodeToIds(run, considerPreTokenization: false, considerNormalization: false));
    }

    private string Spelled(ReadOnlySpan<char> piece) =>
        _byteLevel ? ByteAlphabet.Spell(piece.ToString()) : piece.ToString();

    private static Dictionary<string, int> ReadVocabulary(FilePlace place)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var taken = new HashSet<int>();
        if (place.Value.ValueKind != System.Text.Json.JsonValueKind.Object)
            throw place.Refuse("is no object of tokens and ids", "Copy the file again from where it is whole.");
        foreach (var token in place.Value.EnumerateObject())
        {
            var here = new FilePlace(place.File, $"{place.Path}[{ids.Count}]", token.Value);
            var id = here.Number(MostIds);
            if (!ids.TryAdd(token.Name, id) || !taken.Add(id))
                throw here.Refuse(
                    $"gives '{token.Name}' the id {id}, and one of them is there already",
                    "Copy the file again from where it is whole."
                );
        }
        return ids.Count > 0 ? ids : throw place.Refuse("is empty", "Copy the file again from where it is whole.");
    }

    private static IEnumerable<string> ReadMerges(FilePlace place)
    {
        foreach (var merge in place.Items())
        {
            var pair =
                merge.Value.ValueKind == System.Text.Json.JsonValueKind.Array
                    ? [.. merge.Items().Select(p => p.Text())]
                    : merge.Text().Split(' ');
            if (pair.Length != 2 || pair.Any(p => p.Length == 0 || p.Contains(' ')))
                throw merge.Refuse(
                    "is not two tokens without blanks",
                    "Merges are 'left right' or [\"left\", \"right\"]; tokens that hold a blank are not supported."
                );
            yield return $"{pair[0]} {pair[1]}";
        }
    }

    private int[] ReadFallback(FilePlace model, List<string> merges)
    {
        var ids = new int[256];
        for (var b = 0; b < 256; b++)
            if (!Vocabulary.TryGetValue(ByteToken(b), out ids[b]))
                throw model["vocab"].Refuse($"lacks {ByteToken(b)}, which byte_fallback needs", "Add all 256 bytes.");
        var bytes = ids.ToHashSet();
        foreach (var part in merges.SelectMany(m => m.Split(' ')))
            if (Vocabulary.TryGetValue(part, out var id) && bytes.Contains(id))
                throw model["merges"].Refuse($"join the byte {part}, which is not supported", "Leave that merge out.");
        return ids;
    }

    /// <summary>How a vocabulary with byte fallback writes a byte.</summary>
    public static string ByteToken(int value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");
}
