// Tokens that are found in a text by name before anything cuts it. Knows no merges.
using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentArena.Models.Tokens.HuggingFace;

/// <summary>A token that stands beside the model's vocabulary.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">How it is written.</param>
/// <param name="Special">Whether decoding leaves it out, and no text of others becomes it.</param>
/// <param name="Normalized">Whether it is looked for in the normalised text.</param>
/// <param name="SingleWord">Whether letters may not touch it.</param>
/// <param name="StripLeft">Whether it takes the white space before it.</param>
/// <param name="StripRight">Whether it takes the white space after it.</param>
internal sealed record AddedToken(
    int Id,
    string Content,
    bool Special,
    bool Normalized,
    bool SingleWord,
    bool StripLeft,
    bool StripRight
);

/// <summary>A part of a text: a token by name, or what lies between.</summary>
/// <param name="Start">Where it starts, in UTF-16 characters.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Id">The token's id; -1 for what lies between.</param>
internal readonly record struct Section(int Start, int Length, int Id);

/// <summary>Finds the leftmost token, of those the longest, as the reference does.</summary>
internal sealed class AddedTokens
{
    private readonly SearchValues<string>? _any;
    private readonly Dictionary<char, (string Written, AddedToken Token)[]> _byFirst;

    /// <summary>Tokens with the text that each is looked for by.</summary>
    public AddedTokens(IEnumerable<(string Written, AddedToken Token)> tokens)
    {
        var all = tokens.Where(t => t.Written.Length > 0).ToList();
        _any = all.Count == 0 ? null : SearchValues.Create([.. all.Select(t => t.Written)], StringComparison.Ordinal);
        _byFirst = all.GroupBy(t => t.Written[0])
            .ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.Written.Length).ToArray());
    }

    /// <summary>Cuts a text, which is not empty, at the tokens that are wanted.</summary>
    public void Split(ReadOnlySpan<char> text, bool special, List<Section> into)
    {
        var (done, at) = (0, 0);
        while (_any is not null && at < text.Length && text[at..].IndexOfAny(_any) is >= 0 and var found)
        {
            at += found;
            var (written, token) = Longest(text[at..]);
            var (start, stop) = (at, at + written.Length);
            // The search goes on behind a match even where the match is not taken.
            at = stop;
            if ((token.Special && !special) || (token.SingleWord && !Alone(text, start, stop)))
                continue;
            if (token.StripLeft)
                while (start > done && char.IsWhiteSpace(text[start - 1]))
                    start--;
            if (token.StripRight)
                while (stop < text.Length && char.IsWhiteSpace(text[stop]))
                    stop++;
            if (start < done)
                continue;
            if (start > done)
                into.Add(new Section(done, start - done, -1));
            into.Add(new Section(start, stop - start, token.Id));
            (done, at) = (stop, Math.Max(at, stop));
        }
        if (done < text.Length)
            into.Add(new Section(done, text.Length - done, -1));
    }

    /// <summary>
    /// The text with a character put behind the first of each token's, so that no token is found in it.
    /// </summary>
    public string Guard(string text, bool special, char guard)
    {
        if (_any is null || text.AsSpan().IndexOfAny(_any) < 0)
            return text;
        var guarded = new StringBuilder(text.Length + 8);
        for (var at = 0; at < text.Length; at++)
        {
            guarded.Append(text[at]);
            if (
                _byFirst.TryGetValue(text[at], out var tokens)
                && Array.Exists(tokens, t =>
                    (t.Token.Special || !special) && text.AsSpan(at).StartsWith(t.Written, StringComparison.Ordinal)
                )
            )
                guarded.Append(guard);
        }
        return guarded.ToString();
    }

    private (string Written, AddedToken Token) Longest(ReadOnlySpan<char> text)
    {
        foreach (var candidate in _byFirst[text[0]])
            if (text.StartsWith(candidate.Written, StringComparison.Ordinal))
                return candidate;
        throw new InvalidOperationException($"added tokens: none at '{text}'. The search found one that is not there.");
    }

    private static bool Alone(ReadOnlySpan<char> text, int start, int stop) =>
        (
            start == 0
            || Rune.DecodeLastFromUtf16(text[..start], out var before, out _) != OperationStatus.Done
            || !IsWord(before)
        )
        && (
            stop == text.Length
            || Rune.DecodeFromUtf16(text[stop..], out var after, out _) != OperationStatus.Done
            || !IsWord(after)
        );

    // A word's character by Unicode Technical Standard 18: alphabetic, mark, digit, connector, joiner.
    private static bool IsWord(Rune rune) =>
        Rune.IsLetter(rune)
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber
                or UnicodeCategory.ConnectorPunctuation
        || rune.Value
            is 0x200C
                or 0x200D
                or (>= 0x24B6 and <= 0x24E9)
                or (>= 0x1F130 and <= 0x1F149)
                or (>= 0x1F150 and <= 0x1F169)
                or (>= 0x1F170 and <= 0x1F189);
}
