// Options of the byte-pair tokenizer.
using System.Text.Json;

namespace Microsoft.ML.Tokenizers;

/// <summary>What a <see cref="BpeTokenizer"/> is made of.</summary>
public sealed class BpeOptions
{
    public BpeOptions(IEnumerable<KeyValuePair<string, int>> vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        Vocabulary = vocabulary;
    }

    public BpeOptions(string vocabFile, string? mergesFile = null)
    {
        ArgumentNullException.ThrowIfNull(vocabFile);
        Vocabulary = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(vocabFile))!;
        if (mergesFile is not null) Merges = File.ReadAllLines(mergesFile).Where(l => l.Length > 0 && !l.StartsWith("#version", StringComparison.Ordinal)).ToList();
    }

    public IEnumerable<KeyValuePair<string, int>> Vocabulary { get; }

    /// <summary>Pairs by rank, two tokens with a space between.</summary>
    public IEnumerable<string>? Merges { get; set; }

    public IReadOnlyDictionary<string, int>? SpecialTokens { get; set; }

    public PreTokenizer? PreTokenizer { get; set; }

    /// <summary>Whether text is spelled in the printable stand-ins of its UTF-8 bytes.</summary>
    public bool ByteLevel { get; set; }

    public string? UnknownToken { get; set; }
}
