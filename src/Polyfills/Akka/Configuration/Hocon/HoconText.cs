// The characters of a HOCON text with line and column, strings and unquoted runs; knows no grammar above the token.
using System.Globalization;
using System.Text;

namespace Akka.Configuration.Hocon;

internal sealed class HoconText(string text)
{
    private const string Reserved = "$\"{}[]:=,#`^?!@*&\\";
    private int _at = text.StartsWith('\uFEFF') ? 1 : 0;
    private int _line = 1;
    private int _lineStart = text.StartsWith('\uFEFF') ? 1 : 0;

    public Mark Mark => new(_line, _at - _lineStart + 1);
    public bool End => _at >= text.Length;
    public char Now => _at < text.Length ? text[_at] : '\0';
    public bool AtComment => Now == '#' || Sees("//");
    public bool Sees(string s) => string.CompareOrdinal(text, _at, s, 0, s.Length) == 0;

    /// <summary>A reader of its own at the same place, to look ahead with; <see cref="Join"/> takes its place over.</summary>
    public HoconText Fork() => (HoconText)MemberwiseClone();

    public void Join(HoconText ahead) => (_at, _line, _lineStart) = (ahead._at, ahead._line, ahead._lineStart);

    public void Skip(int count = 1)
    {
        for (; count > 0 && _at < text.Length; count--)
        {
            if (text[_at++] != '\n') continue;
            _line++;
            _lineStart = _at;
        }
    }

    public bool Take(string s)
    {
        if (!Sees(s)) return false;
        Skip(s.Length);
        return true;
    }

    /// <summary>Skips blanks on this line and returns them.</summary>
    public string Blanks()
    {
        var start = _at;
        while (!End && Now != '\n' && (char.IsWhiteSpace(Now) || Now == '\uFEFF')) Skip();
        return text[start.._at];
    }

    /// <summary>Skips blanks, comments and line ends; true when a line ended.</summary>
    public bool BlankLines()
    {
        var ended = false;
        while (true)
        {
            Blanks();
            if (AtComment) while (!End && Now != '\n') Skip();
            if (Now != '\n' || End) return ended;
            ended = true;
            Skip();
        }
    }

    /// <summary>A run of unquoted text up to a blank or a reserved character; empty when there is none here.</summary>
    public string Unquoted(bool inKey)
    {
        var start = _at;
        while (!End && !char.IsWhiteSpace(Now) && Reserved.IndexOf(Now) < 0 && !Sees("//") && !Sees("+=") && !(inKey && (Now is '.' or '+')))
            Skip();
        return text[start.._at];
    }

    public string Quoted()
    {
        var open = Mark;
        if (Take("\"\"\"")) return Raw(open);
        Skip();
        var s = new StringBuilder();
        while (Now != '"')
        {
            if (End || Now == '\n')
                throw new HoconParserException(open, "the string opened here is never closed. A string ends with '\"' on its own line. Add the missing '\"', or use \"\"\" for text of several lines.");
            if (Now != '\\')
            {
                s.Append(Now);
                Skip();
                continue;
            }

            s.Append(Escape());
        }

        Skip();
        return s.ToString();
    }

    private string Raw(Mark open)
    {
        var end = text.IndexOf("\"\"\"", _at, StringComparison.Ordinal);
        if (end < 0) throw new HoconParserException(open, "the \"\"\" string opened here is never closed. Close it with \"\"\".");
        while (end + 3 < text.Length && text[end + 3] == '"') end++; // quotes before the last three belong to the text
        var raw = text[_at..end];
        Skip(end + 3 - _at);
        return raw;
    }

    private char Escape()
    {
        var at = Mark;
        Skip();
        var c = Now;
        Skip();
        switch (c)
        {
            case '"' or '\\' or '/': return c;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when _at + 4 <= text.Length && int.TryParse(text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                Skip(4);
                return (char)code;
            default:
                throw new HoconParserException(at, $"'\\{c}' is not an escape. Known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX. Write '\\\\' for a backslash, or use a \"\"\" string.");
        }
    }
}
