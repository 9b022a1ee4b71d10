// A text as one character a code point, so that a regular expression over UTF-16 sees what one over Unicode would.
// Knows categories, no expression.
using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentArena.Models.Tokens.HuggingFace;

/// <summary>
/// Stands in for code points beyond U+FFFF, of which .NET's expressions see two halves without a category: each becomes
/// a character of the same general category that no expression of the tokenizer names. So every class means for it
/// what it means for the code point.
/// </summary>
internal sealed class StandIns
{
    private readonly char[] _byCategory = new char[32];

    /// <summary>Chooses stand-ins that none of these ranges holds.</summary>
    /// <exception cref="InvalidDataException">The ranges hold all characters of a category.</exception>
    public StandIns(IReadOnlyCollection<(int First, int Last)> named, FilePlace place)
    {
        var wanted = Enum.GetValues<UnicodeCategory>().Where(c => c != UnicodeCategory.Surrogate).ToHashSet();
        for (var code = 0xFFFF; code > 0x7F && wanted.Count > 0; code--)
        {
            var category = CharUnicodeInfo.GetUnicodeCategory((char)code);
            if (!wanted.Contains(category) || named.Any(n => code >= n.First && code <= n.Last))
                continue;
            _byCategory[(int)category] = (char)code;
            wanted.Remove(category);
        }
        // Of these there are none beyond U+FFFF.
        wanted.ExceptWith([
            UnicodeCategory.Control,
            UnicodeCategory.SpaceSeparator,
            UnicodeCategory.LineSeparator,
            UnicodeCategory.ParagraphSeparator,
            UnicodeCategory.TitlecaseLetter,
            UnicodeCategory.EnclosingMark,
            UnicodeCategory.ConnectorPunctuation,
            UnicodeCategory.InitialQuotePunctuation,
            UnicodeCategory.FinalQuotePunctuation,
        ]);
        if (wanted.Count > 0)
            throw place.Refuse(
                $"has expressions that name every character of {wanted.First()}",
                "Write them with \\p{category}."
            );
    }

    /// <summary>The stand-in of a code point beyond U+FFFF.</summary>
    public char Of(int code) => _byCategory[(int)CharUnicodeInfo.GetUnicodeCategory(code)];
}

/// <summary>A well-formed text, a character a code point, with the way back.</summary>
internal ref struct CodeText
{
    private readonly ReadOnlySpan<char> _text;
    private char[]? _codes;
    private int[]? _places;

    /// <summary>Makes it; a text without surrogates is its own.</summary>
    public CodeText(ReadOnlySpan<char> text, StandIns standIns)
    {
        _text = text;
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            Codes = text;
            return;
        }
        _codes = ArrayPool<char>.Shared.Rent(text.Length);
        _places = ArrayPool<int>.Shared.Rent(text.Length + 1);
        var (count, at) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            _codes[count] = rune.IsBmp ? (char)rune.Value : standIns.Of(rune.Value);
            _places[count++] = at;
            at += rune.Utf16SequenceLength;
        }
        _places[count] = at;
        Codes = _codes.AsSpan(0, count);
    }

    /// <summary>A character a code point.</summary>
    public ReadOnlySpan<char> Codes { get; }

    /// <summary>The text of a part.</summary>
    public readonly ReadOnlySpan<char> Text(int start, int length) =>
        _places is null ? _text.Slice(start, length) : _text[_places[start].._places[start + length]];

    /// <summary>Gives back what was rented.</summary>
    public void Dispose()
    {
        if (_codes is not null)
            ArrayPool<char>.Shared.Return(_codes);
        if (_places is not null)
            ArrayPool<int>.Shared.Return(_places);
        (_codes, _places) = (null, null);
    }
}
