// An answer's text as tokens: numbers, words, commands and signs, without any dressing. Decides nothing but what one
// number is.
using System.Globalization;
using System.Numerics;
using System.Text;

namespace AgentArena.Games.Answers;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    /// <summary>Letters side by side.</summary>
    Word,

    /// <summary>A numeral.</summary>
    Number,

    /// <summary>A LaTeX command that does something; a matrix or the like begins with "begin pmatrix" and ends with
    /// "end pmatrix".</summary>
    Command,

    /// <summary>One sign.</summary>
    Sign,
}

/// <param name="Space">Whether a blank stands before it.</param>
/// <param name="Prose">Whether it stands in a font of text.</param>
internal readonly record struct Token(TokenKind Kind, string Text, bool Space, bool Prose)
{
    /// <summary>Whether it is the rest of a word whose first letter was read.</summary>
    public bool IsRest { get; init; }

    /// <summary>The number, of a number.</summary>
    public Numeral Numeral { get; init; }

    public char Sign => Kind == TokenKind.Sign ? Text[0] : '\0';
}

/// <summary>Cuts a text into tokens. Linear; gives up (null) on what no answer looks like.</summary>
internal sealed class Lexer
{
    private const int MaxTokens = 700,
        MaxNesting = 30;

    private readonly string _s;
    private readonly List<Token> _tokens = [];
    private readonly Stack<char> _open = [];
    private readonly bool _grouped;
    private bool _space,
        _failed;
    private int _nesting,
        _environments;

    private Lexer(string s, bool grouped) => (_s, _grouped) = (s, grouped);

    /// <summary>The tokens; null where there are too many, or fonts are nested too deeply.</summary>
    /// <param name="grouped">Whether 1,234 is one number.</param>
    public static List<Token>? Read(string text, bool grouped)
    {
        var lexer = new Lexer(text, grouped);
        lexer.Read(0, text.Length, prose: false);
        return lexer._failed ? null : lexer.Tidied();
    }

    private void Read(int at, int end, bool prose)
    {
        if (++_nesting > MaxNesting)
            _failed = true;
        while (at < end && !_failed)
        {
            var c = _s[at];
            if (_tokens.Count > MaxTokens)
                _failed = true;
            if (char.IsWhiteSpace(c) || c == '~')
            {
                _space = true;
                at++;
            }
            else if (char.IsAsciiDigit(c) || c == '.' && at + 1 < end && char.IsAsciiDigit(_s[at + 1]))
                at = Number(at, end, prose);
            else if (c == '\\')
                at = Command(at, end, prose);
            else if (char.IsLetter(c))
                at = Word(at, end, prose);
            else
                at = Sign(at, end, prose);
        }
        _nesting--;
    }

    private void Add(TokenKind kind, string text, bool prose)
    {
        _tokens.Add(new(kind, text, _space, prose));
        _space = false;
    }

    private int Word(int at, int end, bool prose)
    {
        var start = at;
        while (at < end && char.IsLetter(_s[at]) && (at == start || _s[at] is not ('ℝ' or 'ℤ' or 'ℕ' or 'ℚ' or 'ℂ')))
            at++;
        // 5or x, (1,2)and(2,1): a joiner that lost its blanks.
        if (
            at - start > 2
            && _tokens.Count > 0
            && !_space
            && _tokens[^1] is { Kind: TokenKind.Number } or { Sign: ')' or ']' or '}' }
        )
            foreach (var joiner in (string[])["or", "and"])
                if (at - start == joiner.Length + 1 && string.CompareOrdinal(_s, start, joiner, 0, joiner.Length) == 0)
                    at = start + joiner.Length;
        Add(TokenKind.Word, _s[start..at], prose);
        return at;
    }

    private int Sign(int at, int end, bool prose)
    {
        var c = _s[at];
        var next = at + 1 < end ? _s[at + 1] : '\0';
        var (sign, length) = (c, next) switch
        {
            ('<', '=') or ('=', '<') => ('≤', 2),
            ('>', '=') => ('≥', 2),
            ('!', '=') or ('<', '>') => ('≠', 2),
            ('=', '=') => ('=', 2),
            ('=', '>') => ('⇒', 2),
            ('-', '>') => ('→', 2),
            ('+', '/') when at + 2 < end && _s[at + 2] == '-' => ('±', 3),
            ('*', '*') => ('^', 2),
            _ => (c, 1),
        };
        if (char.IsHighSurrogate(c) && char.IsLowSurrogate(next))
            length = 2;
        if (sign is '(' or '[')
            _open.Push(sign);
        else if (sign == '{')
            _open.Push(IsArgument() ? 'a' : '{');
        else if (sign is ')' or ']' or '}')
            _open.TryPop(out _);
        Add(TokenKind.Sign, length == 2 && sign == c ? _s.Substring(at, 2) : sign.ToString(), prose);
        return at + length;
    }

    // Whether a brace that opens now holds an argument of a command, a power or an index: then a comma in a number is
    // no separator.
    private bool IsArgument() =>
        _tokens.Count > 0 && _tokens[^1] is { Sign: '^' or '_' or '}' or '√' } or { Kind: TokenKind.Command };

    private int Command(int at, int end, bool prose)
    {
        if (at + 1 >= end)
            return end;
        var c = _s[at + 1];
        if (!char.IsAsciiLetter(c))
            return Escape(at, c, end, prose);
        var stop = at + 1;
        while (stop < end && char.IsAsciiLetter(_s[stop]))
            stop++;
        var name = _s[(at + 1)..stop];
        if (stop < end && _s[stop] == '*')
            stop++;
        // \quadx, \pmi: a blank was lost, and what follows is a name.
        for (var length = name.Length - 1; length > 1 && length >= name.Length - 3 && !Signs.IsKnown(name); length--)
            if (Signs.IsKnown(name[..length]))
                (name, stop) = (name[..length], at + 1 + length);
        if (name is "left" or "right" && stop < end && _s[stop] == '.')
        {
            if (name == "right")
                Add(TokenKind.Sign, Signs.NoClose.ToString(), prose);
            return stop + 1;
        }
        if (Signs.IsIdle(name))
            return name == "middle" ? stop : Past(stop, end, "{}");
        if (name is "quad" or "qquad")
            Add(TokenKind.Sign, Signs.Wide.ToString(), prose);
        else if (Signs.IsSpace(name))
            _space = true;
        else if (Signs.IsUnshown(name))
            return Skip(stop, end);
        else if (name is "textcolor" or "colorbox")
            return Skip(stop, end);
        else if (name is "begin" or "end")
            return Environment(name, stop, end, prose);
        else if (name == "mathbb")
            return Font(stop, end, prose: false, "ℝℤℕℚℂ");
        else if (Signs.IsTextFont(name))
            return Font(stop, end, prose: true);
        else if (Signs.IsMathFont(name))
            return Font(stop, end, prose: prose);
        else if (Signs.Letter(name) is { } letter)
            Add(TokenKind.Word, letter.ToString(), prose);
        else if (name == "not" && stop < end && _s[stop] == '=')
            (stop, _) = (stop + 1, Put('≠', prose));
        else if (Signs.Sign(name) is { } sign)
            Put(sign, prose);
        else
            Add(TokenKind.Command, Signs.Plain(name), prose);
        return stop;
    }

    private bool Put(char sign, bool prose)
    {
        if (sign is '(' or '[' or Signs.OpenSet)
            _open.Push(sign);
        else if (sign is ')' or ']' or Signs.CloseSet)
            _open.TryPop(out _);
        Add(TokenKind.Sign, sign.ToString(), prose);
        return true;
    }

    // A backslash and one sign.
    private int Escape(int at, char c, int end, bool prose)
    {
        switch (c)
        {
            case ',' or ';' or ':' or ' ' or '>' or '\n' or '\t':
                _space = true;
                break;
            case '!' or '/' or '-' or '(' or ')' or '[' or ']' or '\'' or '"' or '`':
                break;
            case '\\':
                if (_environments <= 0)
                    _space = true;
                else
                {
                    Add(TokenKind.Sign, Signs.RowEnd.ToString(), prose);
                    // \\[2pt]: a row's distance from the next.
                    if (
                        at + 3 < end
                        && _s[at + 2] == '['
                        && char.IsAsciiDigit(_s[at + 3])
                        && _s.IndexOf(']', at, end - at) is var close and > 0
                        && _s[at..close].TrimEnd() is [.., >= 'a' and <= 'z', >= 'a' and <= 'z']
                    )
                        return close + 1;
                }
                break;
            case '{' or '}':
                Put(c == '{' ? Signs.OpenSet : Signs.CloseSet, prose);
                break;
            case '|':
                Put('∥', prose);
                break;
            case '$':
                Put('¤', prose);
                break;
            default:
                return Sign(at + 1, end, prose);
        }
        return at + 2;
    }

    private int Past(int at, int end, string text) =>
        at + text.Length <= end && string.CompareOrdinal(_s, at, text, 0, text.Length) == 0 ? at + text.Length : at;

    private int Blanks(int at, int end)
    {
        while (at < end && _s[at] == ' ')
            at++;
        return at;
    }

    // Past one argument.
    private int Skip(int at, int end)
    {
        at = Blanks(at, end);
        return at < end && _s[at] == '{' && Brackets.Closing(_s, at, end) is > 0 and var close ? close + 1 : at;
    }

    // What a font holds, in place of the font. Words are set apart from what stands beside them.
    private int Font(int at, int end, bool prose, string letters = "")
    {
        at = Blanks(at, end);
        if (at >= end)
            return at;
        var braced = _s[at] == '{';
        var close = braced ? Brackets.Closing(_s, at, end) : at + 1;
        if (letters.Length > 0)
        {
            var name = _s[at..Math.Min(end, close < 0 ? end : close)].Trim('{', '}', ' ');
            if (
                name.Length == 1
                && letters.FirstOrDefault(l => Signs.Letter(name) == l || name == "C" && l == 'ℂ') is var l and not '\0'
            )
            {
                Add(TokenKind.Word, l.ToString(), prose: false);
                return close + (braced ? 1 : 0);
            }
        }
        if (!braced)
            return at;
        if (close < 0)
            return at + 1;
        var script = _tokens.Count > 0 && _tokens[^1] is { Sign: '^' or '_' };
        if (script)
            Add(TokenKind.Sign, "{", prose);
        _space |= prose;
        Read(at + 1, close, prose);
        if (script)
            Add(TokenKind.Sign, "}", prose);
        _space |= prose;
        return close + 1;
    }

    private int Environment(string name, int at, int end, bool prose)
    {
        at = Blanks(at, end);
        if (at >= end || _s[at] != '{' || _s.IndexOf('}', at, end - at) is not (> 0 and var close))
            return at;
        var kind = _s[(at + 1)..close].Trim(' ', '*');
        at = close + 1;
        _environments += name == "begin" ? 1 : -1;
        if (name == "begin" && kind is "array" or "tabular")
        {
            at = Blanks(at, end);
            if (at < end && _s[at] == '[' && _s.IndexOf(']', at, end - at) is > 0 and var option)
                at = option + 1;
            at = Skip(at, end);
        }
        if (kind is "aligned" or "align" or "gathered" or "equation" or "split" or "math" or "displaymath")
            return at;
        Add(TokenKind.Command, $"{name} {kind}", prose);
        return at;
    }

    private int Number(int at, int end, bool prose)
    {
        var (numeral, stop) = NumberReader.Read(_s, at, end, _grouped && _open.All(o => o == 'a'));
        _tokens.Add(new(TokenKind.Number, _s[at..stop], _space, prose) { Numeral = numeral });
        _space = false;
        return stop;
    }

    // ^{\circ} and ^o are degrees, ^{\prime} is a prime; & stands alone outside a matrix; a wide blank parts only what
    // is whole.
    private List<Token> Tidied()
    {
        var kept = new List<Token>(_tokens.Count);
        var depth = 0;
        for (var i = 0; i < _tokens.Count; i++)
        {
            var token = _tokens[i];
            if (token.Kind == TokenKind.Command && token.Text.StartsWith("begin ", StringComparison.Ordinal))
                depth++;
            else if (token.Kind == TokenKind.Command && token.Text.StartsWith("end ", StringComparison.Ordinal))
                depth--;
            if (token.Sign == '&' && depth <= 0)
                continue;
            if (token.Sign == '^' && Raised(i + 1) is { } raised)
            {
                kept.Add(new(TokenKind.Sign, raised.Sign, false, token.Prose));
                i = raised.After - 1;
                continue;
            }
            kept.Add(token);
        }
        while (kept.Count > 1 && kept[^1].Sign is '.' or Signs.Wide)
            kept.RemoveAt(kept.Count - 1);
        while (kept.Count > 1 && kept[0].Sign == Signs.Wide)
            kept.RemoveAt(0);
        return kept;
    }

    private (string Sign, int After)? Raised(int at)
    {
        var braced = at < _tokens.Count && _tokens[at].Sign == '{';
        if (braced)
            at++;
        if (at >= _tokens.Count)
            return null;
        var token = _tokens[at];
        var degrees =
            token.Sign == '°'
            || token is { Kind: TokenKind.Word, Text: "o" }
                && at > 1
                && _tokens[at - (braced ? 3 : 2)].Kind == TokenKind.Number;
        if (!degrees && token.Sign is not ('′' or '\''))
            return null;
        if (!braced)
            return (degrees ? "°" : "'", at + 1);
        return at + 1 < _tokens.Count && _tokens[at + 1].Sign == '}' ? (degrees ? "°" : "'", at + 2) : null;
    }
}
