// A template's text as tokens: data between tags with the white space that tags take, and what stands in tags. Knows no
// grammar.
using System.Globalization;
using System.Text;

namespace AgentArena.Models.Tokens.Templates;

internal enum TokenKind
{
    Data,
    BlockBegin,
    BlockEnd,
    PrintBegin,
    PrintEnd,
    Name,
    Text,
    Integer,
    Float,
    Operator,
    End,
}

internal readonly record struct Token(TokenKind Kind, string Text, int Line);

/// <summary>
/// Cuts as Jinja 3 does with <c>trim_blocks</c> and <c>lstrip_blocks</c>, which is how chat templates are rendered: a
/// block's tag takes the blanks before it on its line, and the line's end behind it.
/// </summary>
internal sealed class TemplateLexer
{
    private const int MostLength = 1 << 20;
    private static readonly string[] Operators =
    [
        "//",
        "**",
        "==",
        "!=",
        ">=",
        "<=",
        "+",
        "-",
        "/",
        "*",
        "%",
        "~",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        ">",
        "<",
        "=",
        ".",
        ":",
        "|",
        ",",
        ";",
    ];
    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private int _line = 1;
    private bool _lineStarts = true;

    private TemplateLexer(string source) => _source = source;

    /// <summary>Cuts a template.</summary>
    /// <exception cref="TemplateException">
    /// A tag, comment or string that does not end, or a stray character.
    /// </exception>
    public static List<Token> Cut(string source)
    {
        if (source.Length > MostLength)
            throw new TemplateException($"is {source.Length} characters long; at most {MostLength} are read");
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (source.EndsWith('\n'))
            source = source[..^1];
        var lexer = new TemplateLexer(source);
        while (lexer._at < source.Length)
            lexer.Next();
        lexer.Add(TokenKind.End, "");
        return lexer._tokens;
    }

    private void Next()
    {
        var tag = _at;
        while (
            (tag = _source.IndexOf('{', tag)) >= 0
            && (tag + 1 >= _source.Length || _source[tag + 1] is not ('{' or '%' or '#'))
        )
            tag++;
        if (tag < 0)
        {
            Data(_source[_at..]);
            _at = _source.Length;
            return;
        }
        var (data, kind) = (_source[_at..tag], _source[tag + 1]);
        var sign = tag + 2 < _source.Length ? _source[tag + 2] : ' ';
        if (sign == '-')
            Data(data, data.TrimEnd());
        else if (sign != '+' && kind != '{')
            Data(data, WithoutIndent(data));
        else
            Data(data);
        _at = tag + (sign is '-' or '+' ? 3 : 2);
        switch (kind)
        {
            case '#':
                Comment();
                break;
            case '{':
                Add(TokenKind.PrintBegin, "{{");
                Tag(TokenKind.PrintEnd, "}}");
                break;
            default:
                if (Raw())
                    break;
                Add(TokenKind.BlockBegin, "{%");
                Tag(TokenKind.BlockEnd, "%}");
                break;
        }
    }

    private string WithoutIndent(string data)
    {
        var line = data.LastIndexOf('\n') + 1;
        return (line > 0 || _lineStarts) && line < data.Length && data.AsSpan(line).IsWhiteSpace()
            ? data[..line]
            : data;
    }

    private void Data(string read, string? kept = null)
    {
        if ((kept ?? read) is { Length: > 0 } text)
            Add(TokenKind.Data, text);
        Pass(read);
    }

    private void Comment()
    {
        var end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
            throw TemplateException.At(_line, "a comment does not end");
        var sign = end > _at ? _source[end - 1] : ' ';
        Pass(_source[_at..end]);
        _at = end + 2;
        After(sign, block: true);
    }

    // {% raw %} … {% endraw %}: data, whatever it holds.
    private bool Raw()
    {
        var at = _at;
        if (!Word(ref at, "raw", out var opening))
            return false;
        var body = at;
        if (opening == '-')
            while (body < _source.Length && char.IsWhiteSpace(_source[body]))
                body++;
        for (var end = body; (end = _source.IndexOf("{%", end, StringComparison.Ordinal)) >= 0; end += 2)
        {
            var sign = end + 2 < _source.Length ? _source[end + 2] : ' ';
            var after = end + (sign is '-' or '+' ? 3 : 2);
            if (!Word(ref after, "endraw", out var closing))
                continue;
            var text = _source[body..end];
            Data(
                text,
                sign == '-' ? text.TrimEnd()
                    : sign == '+' ? text
                    : WithoutIndent(text)
            );
            _at = after;
            After(closing, block: true);
            return true;
        }
        throw TemplateException.At(_line, "raw does not end");
    }

    private bool Word(ref int at, string word, out char sign)
    {
        sign = ' ';
        while (at < _source.Length && char.IsWhiteSpace(_source[at]))
            at++;
        if (string.CompareOrdinal(_source, at, word, 0, word.Length) != 0)
            return false;
        at += word.Length;
        while (at < _source.Length && char.IsWhiteSpace(_source[at]))
            at++;
        if (at < _source.Length && _source[at] is '-' or '+')
            sign = _source[at++];
        if (string.CompareOrdinal(_source, at, "%}", 0, 2) != 0)
            return false;
        at += 2;
        return true;
    }

    private void Tag(TokenKind ending, string end)
    {
        var open = new Stack<char>();
        while (_at < _source.Length)
        {
            var now = _source[_at];
            if (char.IsWhiteSpace(now))
            {
                Pass(now == '\n' ? "\n" : "");
                _at++;
                continue;
            }
            if (open.Count == 0)
            {
                var signed = now is '-' || (now is '+' && ending == TokenKind.BlockEnd);
                var at = signed ? _at + 1 : _at;
                if (string.CompareOrdinal(_source, at, end, 0, end.Length) == 0)
                {
                    Add(ending, end);
                    _at = at + end.Length;
                    After(signed ? now : ' ', ending == TokenKind.BlockEnd);
                    return;
                }
            }
            if (now is '\'' or '"')
                String(now);
            else if (char.IsAsciiDigit(now))
                Number();
            else if (char.IsLetter(now) || now == '_')
                Name();
            else
                Operator(open);
        }
        throw TemplateException.At(_line, $"a tag does not end with {end}");
    }

    // What a tag takes behind it.
    private void After(char sign, bool block)
    {
        var from = _at;
        if (sign == '-')
            while (_at < _source.Length && char.IsWhiteSpace(_source[_at]))
                _at++;
        else if (sign != '+' && block && _at < _source.Length && _source[_at] == '\n')
            _at++;
        Pass(_source[from.._at]);
        _lineStarts = _at > from && _source[_at - 1] == '\n';
    }

    private void Operator(Stack<char> open)
    {
        var found = Array.Find(Operators, o => string.CompareOrdinal(_source, _at, o, 0, o.Length) == 0);
        if (found is null)
            throw TemplateException.At(_line, $"'{_source[_at]}' means nothing here");
        Add(TokenKind.Operator, found);
        _at += found.Length;
        if (found is "(" or "[" or "{")
            open.Push(found[0]);
        else if (found is ")" or "]" or "}" && (!open.TryPop(out var opened) || Closing(opened) != found[0]))
            throw TemplateException.At(_line, $"'{found}' closes nothing");

        static char Closing(char opened) =>
            opened switch
            {
                '(' => ')',
                '[' => ']',
                _ => '}',
            };
    }

    private void Name()
    {
        var from = _at;
        while (_at < _source.Length && (char.IsLetterOrDigit(_source[_at]) || _source[_at] == '_'))
            _at++;
        Add(TokenKind.Name, _source[from.._at]);
    }

    private void Number()
    {
        var (from, kind) = (_at, TokenKind.Integer);
        Digits();
        if (_at + 1 < _source.Length && _source[_at] == '.' && char.IsAsciiDigit(_source[_at + 1]))
        {
            (kind, _at) = (TokenKind.Float, _at + 1);
            Digits();
        }
        if (_at + 1 < _source.Length && _source[_at] is 'e' or 'E')
        {
            var exponent = _source[_at + 1] is '+' or '-' ? _at + 2 : _at + 1;
            if (exponent < _source.Length && char.IsAsciiDigit(_source[exponent]))
            {
                (kind, _at) = (TokenKind.Float, exponent);
                Digits();
            }
        }
        Add(kind, _source[from.._at].Replace("_", "", StringComparison.Ordinal));

        void Digits()
        {
            while (_at < _source.Length && (char.IsAsciiDigit(_source[_at]) || _source[_at] == '_'))
                _at++;
        }
    }

    private void String(char quote)
    {
        var (line, text) = (_line, new StringBuilder());
        for (_at++; _at < _source.Length && _source[_at] != quote; _at++)
        {
            if (_source[_at] == '\n')
                _line++;
            if (_source[_at] != '\\' || _at + 1 >= _source.Length)
            {
                text.Append(_source[_at]);
                continue;
            }
            Escape(text);
        }
        if (_at >= _source.Length)
            throw TemplateException.At(line, "a string does not end");
        _at++;
        _tokens.Add(new Token(TokenKind.Text, text.ToString(), line));
    }

    // Python's escapes; one that it does not know stays as it is written.
    private void Escape(StringBuilder text)
    {
        var letter = _source[++_at];
        const string plain = "\\'\"abfnrtv",
            means = "\\'\"\a\b\f\n\r\t\v";
        if (plain.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var known)
        {
            text.Append(means[known]);
            return;
        }
        var length = letter switch
        {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if (length > 0)
        {
            if (
                _at + length >= _source.Length
                || !int.TryParse(
                    _source.AsSpan(_at + 1, length),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var code
                )
                || code > 0x10FFFF
            )
                throw TemplateException.At(_line, $"'\\{letter}' needs {length} hexadecimal digits of a code point");
            text.Append(code < 0x10000 ? ((char)code).ToString() : char.ConvertFromUtf32(code));
            _at += length;
        }
        else if (letter is >= '0' and <= '7')
        {
            var (value, digits) = (0, 0);
            while (digits < 3 && _at < _source.Length && _source[_at] is >= '0' and <= '7')
                (value, digits, _at) = (value * 8 + _source[_at] - '0', digits + 1, _at + 1);
            _at--;
            text.Append((char)value);
        }
        else if (letter != '\n')
        {
            text.Append('\\').Append(letter);
        }
    }

    private void Add(TokenKind kind, string text) => _tokens.Add(new Token(kind, text, _line));

    private void Pass(string text) => _line += text.AsSpan().Count('\n');
}
