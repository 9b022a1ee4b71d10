// Everything a BPE tokenizer is made of: vocabulary, merges in order of rank, special tokens, and how text is cut.
using System.Text.Json;

namespace Microsoft.ML.Tokenizers;

/// <summary>The parts of a <see cref="BpeTokenizer"/>.</summary>
public sealed class BpeOptions
{
    public BpeOptions(IEnumerable<KeyValuePair<string, int>> vocabulary) => Vocabulary = vocabulary ?? throw new ArgumentNullException(nameof(vocabulary));

    /// <param name="vocabFile">A JSON object, token to id.</param>
    /// <param name="mergesFile">One merge a line, "left right", most important first.</param>
    public BpeOptions(string vocabFile, string? mergesFile = null)
    {
        using Stream vocabulary = File.OpenRead(vocabFile ?? throw new ArgumentNullException(nameof(vocabFile)));
        Vocabulary = ReadVocabulary(vocabulary);
        if (mergesFile is not null)
        {
            using Stream merges = File.OpenRead(mergesFile);
            Merges = ReadMerges(merges);
        }
    }

    public IEnumerable<KeyValuePair<string, int>> Vocabulary { get; }

    /// <summary>"left right" each, most important first.</summary>
    public IEnumerable<string>? Merges { get; set; }

    /// <summary>Tokens that stand for a piece as a whole; the pre-tokenizer has to cut them out.</summary>
    public IReadOnlyDictionary<string, int>? SpecialTokens { get; set; }

    public Normalizer? Normalizer { get; set; }
    public PreTokenizer? PreTokenizer { get; set; }
    public string? UnknownToken { get; set; }
    public bool FuseUnknownTokens { get; set; }
    public string? ContinuingSubwordPrefix { get; set; }
    public string? EndOfWordSuffix { get; set; }

    /// <summary>Work on UTF-8 bytes, each written as a printable char (GPT-2's table).</summary>
    public bool ByteLevel { get; set; }

    public string? BeginningOfSentenceToken { get; set; }
    public string? EndOfSentenceToken { get; set; }

    internal static Dictionary<string, int> ReadVocabulary(Stream stream)
        => JsonSerializer.Deserialize<Dictionary<string, int>>(stream) ?? throw new InvalidOperationException("vocabulary: the file holds null. Right would be a JSON object, token to id.");

    internal static List<string> ReadMerges(Stream stream)
    {
        List<string> merges = [];
        using var reader = new StreamReader(stream, leaveOpen: true);
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || line.StartsWith("#version", StringComparison.Ordinal))
            {
                continue;
            }
            if (!TrySplit(line, out _))
            {
                throw new InvalidOperationException($"Invalid merge file format at line: {number}");
            }
            merges.Add(line);
        }
        return merges;
    }

    /// <summary>Exactly two parts, one space between.</summary>
    internal static bool TrySplit(string merge, out (string Left, string Right) parts)
    {
        int space = merge.IndexOf(' ', StringComparison.Ordinal);
        bool good = space > 0 && space < merge.Length - 1 && merge.IndexOf(' ', space + 1) < 0;
        parts = good ? (merge[..space], merge[(space + 1)..]) : default;
        return good;
    }
}
