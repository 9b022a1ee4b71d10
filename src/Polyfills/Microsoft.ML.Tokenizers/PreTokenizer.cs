// How text is cut before merging: no token crosses a cut.
using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

/// <summary>Cuts text into pieces.</summary>
public abstract class PreTokenizer
{
    /// <summary>Offset and length of each piece, in order.</summary>
    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(string text);

    /// <summary>Offset and length of each piece, in order.</summary>
    public abstract IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text);
}

/// <summary>Pieces are the matches of an expression; special tokens are pieces of their own.</summary>
public sealed class RegexPreTokenizer : PreTokenizer
{
    private readonly Regex _regex;
    private readonly Regex? _special;

    public RegexPreTokenizer(Regex regex, IReadOnlyDictionary<string, int>? specialTokens)
    {
        ArgumentNullException.ThrowIfNull(regex);
        _regex = regex;
        if (specialTokens is { Count: > 0 })
            _special = new Regex(string.Join("|", specialTokens.Keys.OrderByDescending(k => k.Length).Select(Regex.Escape)), RegexOptions.CultureInvariant);
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        var from = 0;
        if (_special is not null)
        {
            foreach (Match special in _special.Matches(text))
            {
                foreach (var piece in Between(text, from, special.Index)) yield return piece;
                yield return (special.Index, special.Length);
                from = special.Index + special.Length;
            }
        }
        foreach (var piece in Between(text, from, text.Length)) yield return piece;
    }

    private IEnumerable<(int, int)> Between(string text, int from, int to)
    {
        if (from == to) yield break;
        foreach (Match match in _regex.Matches(text[from..to]))
            if (match.Length > 0) yield return (from + match.Index, match.Length);
    }
}
