// Reads HOCON as characters only: strings, comments, braces, substitutions, includes. Finds what a lenient parser lets pass.
using System.Text.RegularExpressions;

namespace AgentArena.Cli.Hocon;

/// <summary>A place in a text, counted from 1.</summary>
internal readonly record struct Place(int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}, column {Column}";
}

/// <summary>What the characters of a text say before anything is parsed.</summary>
internal sealed partial class HoconCheck
{
    private readonly string _text;
    private readonly List<(Place At, string Fault)> _faults = [];
    private readonly List<(Place At, int Offset, string Path)> _substitutions = [];
    private readonly List<(Place At, string Name)> _includes = [];
    private readonly Stack<(char Open, Place At)> _open = new();
    private int _at, _line = 1, _lineStart;
    private Place? _suspect;

    private HoconCheck(string text) => _text = text;

    /// <summary>Braces, brackets and strings that do not close or were never opened, in the order of the text.</summary>
    public IReadOnlyList<(Place At, string Fault)> Faults => _faults;

    /// <summary>Every <c>${path}</c> with the offset of its path; optional ones are left out.</summary>
    public IReadOnlyList<(Place At, int Offset, string Path)> Substitutions => _substitutions;

    /// <summary>Every <c>include "name"</c>.</summary>
    public IReadOnlyList<(Place At, string Name)> Includes => _includes;

    /// <summary>Reads a whole text.</summary>
    public static HoconCheck Of(string text)
    {
        var check = new HoconCheck(text);
        check.Scan();
        return check;
    }

    private Place Here => new(_line, _at - _lineStart + 1);

    private void Scan()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == '#' || Sees("//")) SkipTo('\n');
            else if (c == '"') Quoted();
            else if (Sees("${")) Substitution();
            else
            {
                if (c is '{' or '[') _open.Push((c, Here));
                else if (c is '}' or ']') Close(c);
                else if (c == 'i' && IncludeLine().Match(_text, _at) is { Success: true } include) _includes.Add((Here, include.Groups[2].Value));
                Skip();
            }
        }
        foreach (var (open, at) in _open.Reverse())
            _faults.Add((at, $"the '{open}' opened here is never closed. Each '{open}' needs its '{Partner(open)}'. {(_suspect is { } suspect && suspect != at ? $"By the indentation it is missing after {suspect}. " : "")}Add the missing '{Partner(open)}'."));
        _faults.Sort((a, b) => a.At.Line != b.At.Line ? a.At.Line.CompareTo(b.At.Line) : a.At.Column.CompareTo(b.At.Column));
    }

    private void Close(char close)
    {
        // A brace that begins its line belongs to one that was opened on a line as far in; the first that does not tells where one was forgotten.
        if (_open.Count > 0 && Indent(_at) == _at - _lineStart && Indent(Start(_open.Peek().At.Line)) > _at - _lineStart) _suspect ??= _open.Peek().At;
        if (_open.Count == 0) _faults.Add((Here, $"this '{close}' closes nothing. Each '{close}' needs its '{Partner(close)}'. Remove it, or add the '{Partner(close)}' it belongs to."));
        else if (_open.Peek().Open == Partner(close)) _open.Pop();
        else
        {
            // The inner one was forgotten where the outer one closes as well; otherwise this one is too many.
            var (open, at) = _open.Peek();
            if (_open.Any(o => o.Open == Partner(close)))
            {
                while (_open.Peek().Open != Partner(close)) _open.Pop();
                _open.Pop();
                _faults.Add((at, $"the '{open}' opened here is never closed before the '{close}' of line {_line}. Add the missing '{Partner(open)}'."));
            }
            else _faults.Add((Here, $"this '{close}' closes nothing; open is the '{open}' of line {at.Line}. Write '{Partner(open)}', or remove it."));
        }
    }

    private void Quoted()
    {
        var at = Here;
        if (Sees("\"\"\""))
        {
            var end = _text.IndexOf("\"\"\"", _at + 3, StringComparison.Ordinal);
            if (end < 0) _faults.Add((at, "the \"\"\" text opened here is never closed. Close it with \"\"\"."));
            Skip((end < 0 ? _text.Length : end + 3) - _at);
            return;
        }
        Skip();
        while (_at < _text.Length && _text[_at] is not ('"' or '\n')) Skip(_text[_at] == '\\' ? 2 : 1);
        if (_at >= _text.Length || _text[_at] == '\n') _faults.Add((at, "the text opened here by '\"' is never closed. It ends with '\"' on its own line. Add the missing '\"'."));
        else Skip();
    }

    private void Substitution()
    {
        var at = Here;
        var end = _text.IndexOfAny(['}', '\n'], _at);
        if (end < 0 || _text[end] == '\n')
        {
            _faults.Add((at, "the '${' opened here is never closed. A substitution is ${path} or ${?path}. Add the missing '}'."));
            Skip(2);
            return;
        }
        if (_text[_at + 2] != '?') _substitutions.Add((at, _at + 2, _text[(_at + 2)..end].Trim()));
        Skip(end + 1 - _at);
    }

    private int Start(int line)
    {
        var start = 0;
        for (; line > 1; line--) start = _text.IndexOf('\n', start) + 1;
        return start;
    }

    // Blanks at the beginning of the line that a place is in.
    private int Indent(int at)
    {
        var start = at == 0 ? 0 : _text.LastIndexOf('\n', at - 1) + 1;
        var end = start;
        while (end < _text.Length && (_text[end] is ' ' or '\t')) end++;
        return end - start;
    }

    private static char Partner(char c) => c switch { '{' => '}', '}' => '{', '[' => ']', _ => '[' };

    private bool Sees(string s) => string.CompareOrdinal(_text, _at, s, 0, s.Length) == 0;

    private void SkipTo(char c)
    {
        while (_at < _text.Length && _text[_at] != c) Skip();
    }

    private void Skip(int count = 1)
    {
        for (; count > 0 && _at < _text.Length; count--)
        {
            if (_text[_at++] != '\n') continue;
            _line++;
            _lineStart = _at;
        }
    }

    [GeneratedRegex(@"(?<=(^|[\n{,])[ \t]*)\Ginclude[ \t]+(?:required\()?(?:file\()?""([^""\n]+)""")]
    private static partial Regex IncludeLine();
}
