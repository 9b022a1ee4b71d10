// Cuts a text into the pieces that BPE works on. What a pattern does not match is dropped, spaces and newlines included: a pattern
// for byte-level models has to cover everything.
using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

/// <summary>Text to pieces, in order and without overlap.</summary>
public abstract partial class PreTokenizer
{
    private const int TimeoutMilliseconds = 10_000;

    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(string text);
    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text);

    /// <summary>Words and single punctuation marks; drops white space.</summary>
    public static PreTokenizer CreateWordOrPunctuation(IReadOnlyDictionary<string, int>? specialTokens = null) => new RegexPreTokenizer(WordOrPunctuation(), specialTokens);

    /// <summary>Words and runs of what is neither word nor space; drops white space.</summary>
    public static PreTokenizer CreateWordOrNonWord(IReadOnlyDictionary<string, int>? specialTokens = null) => new RegexPreTokenizer(WordOrNonWord(), specialTokens);

    /// <summary>Runs without white space; drops white space.</summary>
    public static PreTokenizer CreateWhiteSpace(IReadOnlyDictionary<string, int>? specialTokens = null) => new RegexPreTokenizer(NonSpace(), specialTokens);

    [GeneratedRegex(@"\w+|[\p{P}]", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex WordOrPunctuation();

    [GeneratedRegex(@"\w+|[^\w\s]+", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex WordOrNonWord();

    [GeneratedRegex(@"\S+", RegexOptions.None, TimeoutMilliseconds)]
    private static partial Regex NonSpace();
}

/// <summary>Pieces are special tokens first, matches of an expression between them.</summary>
public sealed class RegexPreTokenizer : PreTokenizer
{
    private readonly Regex _pieces;
    private readonly Regex? _special;

    /// <param name="specialTokens">Texts that are always a piece of their own; where two begin alike, the one listed first wins.</param>
    public RegexPreTokenizer(Regex regex, IReadOnlyDictionary<string, int>? specialTokens)
    {
        _pieces = regex ?? throw new ArgumentNullException(nameof(regex));
        if (specialTokens is { Count: > 0 })
        {
            _special = new Regex(string.Join('|', specialTokens.Keys.Select(Regex.Escape)), RegexOptions.CultureInvariant);
        }
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => string.IsNullOrEmpty(text) ? [] : Split(text);

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => text.IsEmpty ? [] : Split(text);

    private List<(int Offset, int Length)> Split(ReadOnlySpan<char> text)
    {
        List<(int, int)> pieces = [];
        int from = 0;
        if (_special is not null)
        {
            foreach (ValueMatch special in _special.EnumerateMatches(text))
            {
                Between(text, from, special.Index, pieces);
                pieces.Add((special.Index, special.Length));
                from = special.Index + special.Length;
            }
        }
        Between(text, from, text.Length, pieces);
        return pieces;
    }

    private void Between(ReadOnlySpan<char> text, int from, int to, List<(int, int)> pieces)
    {
        if (from < to)
        {
            foreach (ValueMatch match in _pieces.EnumerateMatches(text[from..to]))
            {
                if (match.Length > 0)
                {
                    pieces.Add((from + match.Index, match.Length));
                }
            }
        }
    }
}
