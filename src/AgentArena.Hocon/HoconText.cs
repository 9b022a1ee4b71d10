// The characters of a text with line and column, strings and unquoted runs; knows no grammar above the token.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentArena.Hocon;

internal sealed partial class HoconText(string text, string file)
{
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";
    private int _at,
        _line = 1,
        _lineStart;

    public Place Here => new(file, _line, _at - _lineStart + 1);
    public string File => file;
    public bool End => _at >= text.Length;
    public char Now => _at < text.Length ? text[_at] : '\0';
    public bool AtComment => Now == '#' || Sees("//");
    public bool AtSeparator => Now is '=' or ':' || Sees("+=");

    /// <summary>The character as a message shows it.</summary>
    public string Shown =>
        End
            ? "the end of the text"
            : Now switch
            {
                '\n' => "the end of the line",
                < ' ' or '\u007F' => $"the character U+{(int)Now:X4}",
                _ => $"'{text.AsSpan(_at, _at + 1 < text.Length && char.IsSurrogatePair(Now, text[_at + 1]) ? 2 : 1)}'",
            };

    /// <summary>Blanks at the beginning of this line.</summary>
    public int Indent
    {
        get
        {
            var end = _lineStart;
            while (end < text.Length && text[end] is ' ' or '\t')
                end++;
            return end - _lineStart;
        }
    }

    public bool Sees(string s) => string.CompareOrdinal(text, _at, s, 0, s.Length) == 0;

    /// <summary>A reader of its own at this place, to look ahead with; <see cref="Join"/> follows it.</summary>
    public HoconText Fork() => (HoconText)MemberwiseClone();

    public void Join(HoconText ahead) => (_at, _line, _lineStart) = (ahead._at, ahead._line, ahead._lineStart);

    public void Skip(int count = 1)
    {
        for (; count > 0 && _at < text.Length; count--)
        {
            if (text[_at++] != '\n')
                continue;
            _line++;
            _lineStart = _at;
        }
    }

    public bool Take(string s)
    {
        if (!Sees(s))
            return false;
        Skip(s.Length);
        return true;
    }

    /// <summary>Skips blanks on this line and returns them.</summary>
    public string Blanks()
    {
        var start = _at;
        while (IsBlank(Now))
            _at++;
        return text[start.._at];
    }

    public void Line()
    {
        while (!End && Now != '\n')
            _at++;
    }

    /// <summary>Skips blanks, comments and line ends; true when a line ended.</summary>
    public bool BlankLines()
    {
        var ended = false;
        while (true)
        {
            Blanks();
            if (AtComment)
                Line();
            if (End || Now != '\n')
                return ended;
            ended = true;
            Skip();
        }
    }

    /// <summary>A run of unquoted text up to a blank or a reserved character; empty when there is none here.</summary>
    public string Unquoted(bool inKey)
    {
        var start = _at;
        // A number is the one place where '+' may stand unquoted.
        if (!inKey && (Now == '-' || char.IsAsciiDigit(Now)))
        {
            var end = _at;
            while (end < text.Length && "0123456789+-.eE".Contains(text[end]))
                end++;
            if (Number().IsMatch(text.AsSpan(_at, end - _at)))
                _at = end;
        }
        while (!End && Now != '\n' && !IsBlank(Now) && !Reserved.Contains(Now) && !Sees("//") && !(inKey && Now == '.'))
            _at++;
        return text[start.._at];
    }

    /// <summary>The text of a quoted string that begins here.</summary>
    /// <exception cref="UnreadableException">It is not closed, or holds what no string may.</exception>
    public string Quoted()
    {
        var open = Here;
        if (Sees("\"\"\""))
            return Raw(open);
        Skip();
        var (start, read) = (Fork(), new StringBuilder());
        while (Now != '"' || End)
        {
            if (End || Now == '\n')
            {
                Join(start);
                throw new UnreadableException(
                    open,
                    "the text opened here by '\"' is never closed. It ends with '\"' "
                        + "on its own line. Add the missing '\"', or use \"\"\" for text of several lines."
                );
            }
            if (Now < ' ' && Now != '\t')
                throw new UnreadableException(
                    Here,
                    $"{Shown} cannot stand in a quoted text. Write it as \\u{(int)Now:x4}."
                );
            if (Now == '\\')
                read.Append(Escape());
            else
            {
                read.Append(Now);
                _at++;
            }
        }
        Skip();
        var value = read.ToString();
        return LoneSurrogate(value) < 0
            ? value
            : throw new UnreadableException(
                open,
                "this text holds half of a "
                    + "character: one of a pair of \\uD800 to \\uDFFF is missing. Write both halves, or the character itself."
            );
    }

    /// <summary>Where half of a surrogate pair stands alone; -1 where none does.</summary>
    public static int LoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return i;
            i++;
        }
        return -1;
    }

    private string Raw(Place open)
    {
        var end = text.IndexOf("\"\"\"", _at + 3, StringComparison.Ordinal);
        if (end < 0)
            throw new UnreadableException(
                open,
                "the \"\"\" text opened here is never closed. Close it with \"\"\".",
                final: true
            );
        while (end + 3 < text.Length && text[end + 3] == '"')
            end++; // quotes before the last three belong to the text
        var raw = text[(_at + 3)..end];
        Skip(end + 3 - _at);
        return raw;
    }

    private char Escape()
    {
        var at = Here;
        Skip();
        var c = Now;
        var digits = text.AsSpan(Math.Min(_at + 1, text.Length));
        if (
            c == 'u'
            && digits.Length >= 4
            && ushort.TryParse(digits[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
        )
        {
            Skip(5);
            return (char)code;
        }
        var known = "\"\\/bfnrt".IndexOf(c);
        if (known < 0 || End)
            throw new UnreadableException(
                at,
                $"'\\{(c < ' ' ? "" : c)}' is not an escape. Known are \\\" \\\\ \\/ "
                    + "\\b \\f \\n \\r \\t \\uXXXX. Write '\\\\' for a backslash, or use a \"\"\" text."
            );
        Skip();
        return "\"\\/\b\f\n\r\t"[known];
    }

    private static bool IsBlank(char c) =>
        c is ' ' or '\t' or '\r' or '\v' or '\f' or '\uFEFF' or (>= '\u001C' and <= '\u001F')
        || (c > '\u007F' && char.IsSeparator(c));

    [GeneratedRegex(@"\A-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex Number();
}
