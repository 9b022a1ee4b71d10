// Special tokens, bytes and merges with their ids, and how they are written to and read from files. Knows no text.
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentArena.Core.Models;

namespace AgentArena.Models.Tokens;

/// <summary>
/// A byte-level BPE vocabulary. Ids: the special tokens first, then the 256 bytes, then one id a merge in order of
/// rank. Tokens are spelled in <see cref="ByteAlphabet"/>.
/// </summary>
public sealed class Vocabulary
{
    /// <summary>Fills unused places; never sampled.</summary>
    public const int Pad = 0;

    /// <summary>Begins a conversation; never sampled.</summary>
    public const int Begin = 1;

    /// <summary>Ends a reply: the one special token that may be sampled.</summary>
    public const int End = 2;

    /// <summary>The special tokens by id: the speaker marks follow in the order of <see cref="Speaker"/>.</summary>
    public static IReadOnlyList<string> Specials { get; } =
    ["<pad>", "<bos>", "<eos>", .. Enum.GetNames<Speaker>().Select(n => $"<{n.ToLowerInvariant()}>")];

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    private readonly byte[][] _bytes;

    /// <summary>Builds it from merges in order of rank, each two spelled tokens.</summary>
    /// <exception cref="InvalidDataException">
    /// A merge joins tokens that are not there yet, or makes one twice.
    /// </exception>
    public Vocabulary(IReadOnlyList<(string Left, string Right)> merges)
    {
        Merges = merges;
        var tokens = new List<string>(Specials);
        for (var b = 0; b < 256; b++)
            tokens.Add(ByteAlphabet.Of((byte)b).ToString());
        var ids = tokens
            .Skip(Specials.Count)
            .Select((t, i) => (t, i))
            .ToDictionary(x => x.t, x => x.i + Specials.Count, StringComparer.Ordinal);
        foreach (var (left, right) in merges)
        {
            if (!ids.ContainsKey(left) || !ids.ContainsKey(right))
                throw new InvalidDataException(
                    $"merge '{left} {right}': joins a token that no earlier merge makes. The merges are out of order or incomplete; use an earlier checkpoint."
                );
            if (!ids.TryAdd(left + right, tokens.Count))
                throw new InvalidDataException(
                    $"merge '{left} {right}': makes a token that is there already. The merges are damaged; use an earlier checkpoint."
                );
            tokens.Add(left + right);
        }
        Tokens = tokens;
        Ids = ids;
        _bytes = [.. tokens.Select((t, i) => i < Specials.Count ? [] : ByteAlphabet.Bytes(t)!)];
    }

    /// <summary>Merges by rank.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    /// <summary>Spelled tokens by id.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>Ids of all tokens but the special ones.</summary>
    public IReadOnlyDictionary<string, int> Ids { get; }

    /// <summary>How many ids there are.</summary>
    public int Count => Tokens.Count;

    /// <summary>The mark that begins a speaker's message.</summary>
    public static int Mark(Speaker speaker) => End + 1 + (int)speaker;

    /// <summary>Whether the id is special.</summary>
    public static bool IsSpecial(int id) => id < Specials.Count;

    /// <summary>The bytes an id stands for; none for special ids.</summary>
    public ReadOnlySpan<byte> Bytes(int id) => _bytes[id];

    /// <summary>Writes <c>vocab.json</c> and <c>merges.txt</c> as other byte-level tokenizers read them.</summary>
    public void Save(string folder)
    {
        var all = new Dictionary<string, int>();
        for (var id = 0; id < Count; id++)
            all[Tokens[id]] = id;
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(all, Json));
        File.WriteAllLines(
            Path.Combine(folder, "merges.txt"),
            ["#version: 0.2", .. Merges.Select(m => $"{m.Left} {m.Right}")]
        );
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">
    /// Missing or damaged files, or files that do not belong together.
    /// </exception>
    public static Vocabulary Load(string folder)
    {
        var (vocabulary, merges) = (Path.Combine(folder, "vocab.json"), Path.Combine(folder, "merges.txt"));
        try
        {
            var pairs = File.ReadAllLines(merges)
                .Where(l => l.Length > 0 && !l.StartsWith("#version", StringComparison.Ordinal))
                .Select(l =>
                    l.Split(' ') is [var left, var right]
                        ? (left, right)
                        : throw new InvalidDataException($"'{l}' is not two tokens")
                )
                .ToList();
            var made = new Vocabulary(pairs);
            var ids = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(vocabulary))!;
            if (
                ids.Count != made.Count
                || made.Tokens.Select((t, i) => (t, i)).Any(x => !ids.TryGetValue(x.t, out var id) || id != x.i)
            )
                throw new InvalidDataException($"its ids are not those that {merges} makes");
            return made;
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or IOException)
        {
            throw new InvalidDataException(
                $"{vocabulary}, {merges}: cannot be read ({e.Message}). Use an earlier checkpoint.",
                e
            );
        }
    }
}
