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
public sealed class TextTokenizer : ITokenizer
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
        Free = [Tokens.Vocabulary.End, .. Enumerable.Range(0, Count).Where(id => !IsSpecial(id))];
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

    /// <inheritdoc/>
    public int Count => Vocabulary.Count;

    /// <inheritdoc/>
    public ImmutableArray<int> Ends { get; } = [Tokens.Vocabulary.End];

    /// <inheritdoc/>
    public ImmutableArray<int> Free { get; }

    /// <inheritdoc/>
    public bool IsSpecial(int id) => Tokens.Vocabulary.IsSpecial(id);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes(int id, bool first = false) => Vocabulary.Bytes(id);

    /// <inheritdoc/>
    public string Spell(int id) => Vocabulary.Tokens[id];

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public ImmutableArray<int> EncodeMarked(string text, bool framed = false)
    {
        var ids = ImmutableArray.CreateBuilder<int>();
        if (framed)
            ids.Add(Tokens.Vocabulary.Begin);
        for (var rest = text; rest.Length > 0; )
        {
            var (at, id) = (rest.Length, -1);
            for (var special = 0; special < Tokens.Vocabulary.Specials.Count; special++)
                if (rest.IndexOf(Tokens.Vocabulary.Specials[special], StringComparison.Ordinal) is >= 0 and var found)
                    if (found < at)
                        (at, id) = (found, special);
            ids.AddRange(Encode(rest[..at]));
            if (id >= 0)
                ids.Add(id);
            rest = rest[(id < 0 ? at : at + Tokens.Vocabulary.Specials[id].Length)..];
        }
        return ids.ToImmutable();
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids, bool marked = false)
    {
        var bytes = new List<byte>(ids.Length * 4);
        foreach (var id in ids)
            if (marked && IsSpecial(id))
                bytes.AddRange(Encoding.UTF8.GetBytes(Spell(id)));
            else
                bytes.AddRange(Vocabulary.Bytes(id));
        return Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public ImmutableArray<int> Interpose(ImmutableArray<int> prompt, ImmutableArray<Message> messages) =>
        !prompt.IsDefaultOrEmpty && prompt[^1] == Tokens.Vocabulary.Mark(Speaker.Assistant)
            ? Append(prompt[..^1], messages)
            : throw new ArgumentException(
                "prompt: does not end with the assistant's mark, so it asks for no reply. Give one that does."
            );

    /// <inheritdoc/>
    public IReadOnlyList<string> Save(string folder)
    {
        Vocabulary.Save(folder);
        return ["vocab.json", "merges.txt"];
    }
}
