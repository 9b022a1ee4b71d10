// A pre-tokenizer's published regular expression, written for Oniguruma, in .NET's words. What would mean something
// else here is refused by name.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentArena.Models.Tokens.HuggingFace;

/// <summary>
/// Translates the part of Oniguruma's syntax (Ruby flavour, UTF-8) that published tokenizers use: literals, classes
/// with general categories, groups, looks ahead and behind, quantifiers. Runs over <see cref="CodeText"/>, a character
/// a code point.
/// </summary>
internal sealed class PublishedPattern
{
    private const int MostLength = 8192,
        MostDepth = 50,
        MostRepeats = 1000;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(10);

    private static readonly HashSet<string> Categories =
    [
        .. "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Co Cn".Split(
            ' '
        ),
    ];

    private readonly string _source;
    private readonly FilePlace _place;
    private readonly StringBuilder _out = new();
    private int _at;
    private int _depth;

    private PublishedPattern(FilePlace place, string source) => (_place, _source) = (place, source);

    /// <summary>Code points and ranges of them that the expression names one by one.</summary>
    public List<(int First, int Last)> Named { get; } = [];

    /// <summary>The expression.</summary>
    public Regex Regex { get; private set; } = null!;

    /// <summary>Translates an expression.</summary>
    /// <exception cref="InvalidDataException">
    /// It holds what is not supported; the message names key and place.
    /// </exception>
    public static PublishedPattern Read(FilePlace place, string source)
    {
        if (source.Length > MostLength)
            throw place.Refuse($"is an expression of {source.Length} characters", $"Use one of at most {MostLength}.");
        var pattern = new PublishedPattern(place, source);
        pattern.Alternatives(fold: false);
        if (pattern._at < source.Length)
            throw pattern.Unsupported(")");
        pattern.Regex = pattern.Make();
        if (pattern.Regex.IsMatch(""))
            throw place.Refuse(
                $"is '{source}', which matches nothing at all",
                "Use an expression that matches at least one character."
            );
        return pattern;
    }

    // Time is bounded by the automaton where the expression has one, else by the clock.
    private Regex Make()
    {
        var made = _out.ToString();
        const RegexOptions plain = RegexOptions.CultureInvariant;
        try
        {
            return new Regex(made, plain | RegexOptions.NonBacktracking, MostTime);
        }
        catch (NotSupportedException)
        {
            return new Regex(made, plain | RegexOptions.Compiled, MostTime);
        }
        catch (ArgumentException e)
        {
            throw _place.Refuse($"is '{_source}', no expression ({e.Message})", "Copy the file again from its source.");
        }
    }

    private bool More => _at < _source.Length;

    private char Now => _source[_at];

    private void Alternatives(bool fold)
    {
        if (++_depth > MostDepth)
            throw Unsupported("groups within groups, more than 50 deep");
        while (More && Now != ')')
        {
            if (Now == '|')
            {
                _out.Append('|');
                _at++;
                continue;
            }
            var from = _out.Length;
            if (Atom(fold))
                Quantifier(from);
        }
        _depth--;
    }

    // False where it is no thing that can be repeated.
    private bool Atom(bool fold)
    {
        switch (Now)
        {
            case '(':
                return Group(fold);
            case '[':
                _at++;
                Class(fold);
                return true;
            case '.':
                _at++;
                _out.Append(@"[^\n]");
                return true;
            case '\\':
                Escape(fold, inClass: false);
                return true;
            case '^' or '$' or '*' or '+' or '?' or '{':
                throw Unsupported(Now.ToString());
            default:
                Literal(Code(), fold, inClass: false);
                return true;
        }
    }

    private bool Group(bool fold)
    {
        var opening = _source.AsSpan(_at) switch
        {
            ['(', '?', ':', ..] => "(?:",
            ['(', '?', '=', ..] => "(?=",
            ['(', '?', '!', ..] => "(?!",
            ['(', '?', '>', ..] => "(?>",
            ['(', '?', '<', '=', ..] => "(?<=",
            ['(', '?', '<', '!', ..] => "(?<!",
            ['(', '?', 'i', ':', ..] => "(?i:",
            ['(', '?', ..] => throw Unsupported(_source[_at..Math.Min(_source.Length, _at + 4)]),
            _ => "(",
        };
        _at += opening.Length;
        _out.Append(opening is "(" or "(?i:" ? "(?:" : opening);
        Alternatives(fold || opening == "(?i:");
        if (!More)
            throw Unsupported("a group that is not closed");
        _at++;
        _out.Append(')');
        return opening is "(" or "(?:" or "(?i:" or "(?>";
    }

    private void Quantifier(int from)
    {
        if (!More)
            return;
        string written;
        switch (Now)
        {
            case '*' or '+' or '?':
                written = _source[_at++].ToString();
                break;
            case '{':
                written = Counts();
                break;
            default:
                return;
        }
        // {n}? and {n,m}+ are two quantifiers there.
        var counted = written[0] == '{';
        if (More && counted && (Now == '+' || (Now == '?' && !written.Contains(','))))
            throw Unsupported($"{written}{Now}");
        if (More && Now == '?')
        {
            _at++;
            written += "?";
        }
        else if (More && Now == '+')
        {
            _at++;
            _out.Insert(from, "(?>").Append(written).Append(')');
            return;
        }
        _out.Append(written);
        if (More && Now is '*' or '+' or '?' or '{')
            throw Unsupported($"{written}{Now}");
    }

    private string Counts()
    {
        var end = _source.IndexOf('}', _at);
        var inside = end < 0 ? "" : _source[(_at + 1)..end];
        var parts = inside.Split(',');
        if (parts.Length > 2 || parts is [""] or ["", ""] || parts.Any(p => p.Length > 0 && !IsCount(p)))
            throw Unsupported(_source[_at..Math.Min(_source.Length, _at + 8)]);
        _at = end + 1;
        return parts is [var exactly] ? $"{{{exactly}}}" : $"{{{(parts[0].Length == 0 ? "0" : parts[0])},{parts[1]}}}";

        static bool IsCount(string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= MostRepeats;
    }

    private void Class(bool fold)
    {
        _out.Append('[');
        if (More && Now == '^')
        {
            _at++;
            _out.Append('^');
        }
        if (More && Now == ']')
            throw Unsupported("[]");
        while (true)
        {
            if (!More)
                throw Unsupported("a class that is not closed");
            if (Now == ']')
                break;
            if (Now == '[' || (Now == '&' && _source.AsSpan(_at).StartsWith("&&")))
                throw Unsupported(Now == '[' ? "a class within a class" : "&&");
            var first = Now == '\\' ? Escape(fold, inClass: true) : Code();
            if (first < 0)
                continue;
            if (More && Now == '-' && _at + 1 < _source.Length && _source[_at + 1] != ']')
            {
                _at++;
                var last = Now == '\\' ? Escape(fold, inClass: true) : Code();
                if (last < first)
                    throw Unsupported("a range that ends before it begins");
                Range(first, last, fold);
            }
            else
            {
                Literal(first, fold, inClass: true);
            }
        }
        _at++;
        _out.Append(']');
    }

    // The code of an escaped literal; -1 for a class, which is written at once. Outside a class both are.
    private int Escape(bool fold, bool inClass)
    {
        if (_at + 1 >= _source.Length)
            throw Unsupported("\\");
        var letter = _source[_at + 1];
        _at += 2;
        switch (letter)
        {
            case 's' or 'S':
                _out.Append('\\').Append(letter);
                return -1;
            case 'd' or 'D':
                _out.Append(letter == 'd' ? @"\p{Nd}" : @"\P{Nd}");
                return -1;
            case 'p' or 'P':
                Category(letter);
                return -1;
        }
        var code = letter switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'x' => Hex(),
            'u' => Digits(4),
            _ when !char.IsAsciiLetterOrDigit(letter) && letter < 0x80 => letter,
            _ => throw Unsupported($"\\{letter}"),
        };
        if (!inClass)
            Literal(code, fold, inClass: false);
        return code;
    }

    private void Category(char letter)
    {
        var end = _source.IndexOf('}', _at);
        var name = More && Now == '{' && end > 0 ? _source[(_at + 1)..end] : "";
        var negated = name.StartsWith('^');
        if (!Categories.Contains(negated ? name[1..] : name))
            throw Unsupported($"\\{letter}{{{name}}}");
        _at = end + 1;
        _out.Append('\\')
            .Append((letter == 'P') ^ negated ? 'P' : 'p')
            .Append('{')
            .Append(name.TrimStart('^'))
            .Append('}');
    }

    private int Hex()
    {
        if (!More || Now != '{')
            return Digits(2);
        var end = _source.IndexOf('}', _at);
        if (end - _at is < 2 or > 7)
            throw Unsupported("\\x{");
        _at++;
        var code = Digits(end - _at);
        _at++;
        return code;
    }

    private int Digits(int count)
    {
        if (
            _at + count > _source.Length
            || !int.TryParse(
                _source.AsSpan(_at, count),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var code
            )
        )
            throw Unsupported("an escaped code that is no hexadecimal number");
        _at += count;
        return code;
    }

    private int Code()
    {
        var code =
            char.IsHighSurrogate(Now) && _at + 1 < _source.Length ? char.ConvertToUtf32(Now, _source[_at + 1]) : Now;
        _at += code > 0xFFFF ? 2 : 1;
        return code;
    }

    // Case is folded by writing both cases out: Oniguruma takes the long s for an s and the Kelvin sign for a k.
    private void Literal(int code, bool fold, bool inClass)
    {
        if (!fold || !IsLetter(code))
        {
            Write(code);
            return;
        }
        if (!inClass)
            _out.Append('[');
        Write(code);
        Write(code ^ 0x20);
        if ((code | 0x20) == 's')
            Write('\u017F');
        if ((code | 0x20) == 'k')
            Write('\u212A');
        if (!inClass)
            _out.Append(']');
    }

    private bool IsLetter(int code)
    {
        if (code < 0x80)
            return char.IsAsciiLetter((char)code);
        return char.IsLetter((char)code) ? throw Unsupported("(?i: with letters beyond ASCII") : false;
    }

    private void Range(int first, int last, bool fold)
    {
        if (fold && (first | 0x20) <= 'z' && (last | 0x20) >= 'a')
            throw Unsupported("(?i: with a range of letters");
        Write(first);
        _out.Append('-');
        Write(last);
        Named.Add((first, last));
    }

    private void Write(int code)
    {
        if (code > 0xFFFF)
            throw Unsupported($"U+{code:X}, a character beyond U+FFFF");
        Named.Add((code, code));
        _out.Append(CultureInfo.InvariantCulture, $"\\u{code:X4}");
    }

    private InvalidDataException Unsupported(string what) =>
        _place.Refuse(
            $"is '{_source}', and at character {_at} it has {what}, which is not supported",
            "Write it with literals, classes, \\p{category}, groups and quantifiers, or use another tokenizer."
        );
}
