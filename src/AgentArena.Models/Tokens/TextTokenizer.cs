// Text to ids and back, and conversations to prompts. Remembers what it has encoded: a game says the same things
// thousands of times.
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using AgentArena.Core.Models;
using Microsoft.ML.Tokenizers;

namespace AgentArena.Models.Tokens;

/// <summary>
/// Byte-level BPE with the conversation template. A conversation is <c>&lt;bos&gt;</c>, then for each message its
/// speaker's mark and its text, then the assistant's mark where a reply is asked for. Messages are only ever appended:
/// no earlier id changes. A text never becomes a special id, whatever it spells.
/// </summary>
public sealed class TextTokenizer
{
    private const int MostCached = 1 << 16;
    private readonly BpeTokenizer _bpe;
    private readonly Dictionary<string, ImmutableArray<int>> _cache = new(StringComparer.Ordinal);

    /// <summary>Makes a tokenizer of a vocabulary.</summary>
    /// <param name="vocabulary">Ids and merges.</param>
    /// <param name="singleDigits">How the vocabulary's corpus was cut.</param>
    public TextTokenizer(Vocabulary vocabulary, bool singleDigits)
    {
        (Vocabulary, SingleDigits) = (vocabulary, singleDigits);
        _bpe = BpeTokenizer.Create(
            new BpeOptions(vocabulary.Ids.Select(p => new KeyValuePair<string, int>(p.Key, p.Value)))
            {
                Merges = vocabulary.Merges.Select(m => $"{m.Left} {m.Right}"),
                ByteLevel = true,
                PreTokenizer = new RegexPreTokenizer(BpeTrainer.Pieces(singleDigits), null),
            }
        );
        // A byte-level tokenizer that drops white space has been seen in the wild; refuse to train on one.
        const string hard = "a  b\n\tc [0] é漢🂡 <eos>\r\n ";
        if (Decode([.. Encode(hard)]) is var seen && seen != hard)
            throw new InvalidOperationException(
                $"tokenizer: '{hard}' comes back as '{seen}'. The tokenizer library loses text; use another version of it."
            );
    }

    /// <summary>Ids and merges.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Whether each digit is a token of its own.</summary>
    public bool SingleDigits { get; }

    /// <summary>The ids of a text, none of them special.</summary>
    public ImmutableArray<int> Encode(string text)
    {
        if (_cache.TryGetValue(text, out var ids))
            return ids;
        if (_cache.Count >= MostCached)
            _cache.Clear();
        return _cache[text] = text.Length == 0 ? [] : [.. _bpe.EncodeToIds(WellFormed(text))];
    }

    // Half of a surrogate pair has no UTF-8; the library would make three bytes of it that no decoder takes for a
    // character.
    private static string WellFormed(string text) =>
        text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')
            ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))
            : text;

    /// <summary>The text of ids; special ids are silent, bytes that are no UTF-8 become U+FFFD.</summary>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>(ids.Length * 4);
        foreach (var id in ids)
            bytes.AddRange(Vocabulary.Bytes(id));
        return Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    /// <summary>How many characters (UTF-16) bytes of UTF-8 add to a text: each counts with its first byte.</summary>
    public static int Characters(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var b in bytes)
            if ((b & 0xC0) != 0x80)
                count += b >= 0xF0 ? 2 : 1;
        return count;
    }

    /// <summary>
    /// Appends messages to a conversation; with <paramref name="ask"/>, the assistant's mark as well.
    /// </summary>
    public ImmutableArray<int> Append(ImmutableArray<int> prefix, ImmutableArray<Message> messages, bool ask = true)
    {
        var ids = ImmutableArray.CreateBuilder<int>(64);
        if (prefix.IsDefaultOrEmpty)
            ids.Add(Tokens.Vocabulary.Begin);
        else
            ids.AddRange(prefix);
        foreach (var (speaker, text) in messages)
        {
            ids.Add(Tokens.Vocabulary.Mark(speaker));
            ids.AddRange(Encode(text));
        }
        if (ask)
            ids.Add(Tokens.Vocabulary.Mark(Speaker.Assistant));
        return ids.ToImmutable();
    }

    /// <summary>Writes the vocabulary's files.</summary>
    public void Save(string folder) => Vocabulary.Save(folder);
}
