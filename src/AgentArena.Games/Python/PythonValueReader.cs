// Reads Python literals and the few displays that values print as. Bounded in depth and length; never throws. Knows
// brackets and names; leaves numbers, strings and displays to their own readers.
using System.Collections.Immutable;
using static AgentArena.Games.Python.PythonDisplays;
using static AgentArena.Games.Python.PythonValue;

namespace AgentArena.Games.Python;

internal ref struct PythonValueReader
{
    private const int MaxLength = 1 << 18,
        MaxDepth = 120,
        LongestDisplay = 200;

    private PythonText _text;
    private int _depth;

    private PythonValueReader(ReadOnlySpan<char> text) => _text = new(text);

    public static PythonValue? Read(string text)
    {
        if (text.Length > MaxLength)
            return null;
        var reader = new PythonValueReader(text);
        var value = reader.Value();
        if (value is not null && reader._text.Peek() == ',')
            value = reader.Bare(value);
        reader._text.Space();
        return reader._text.End ? value : null;
    }

    private PythonValue? Value()
    {
        if (++_depth > MaxDepth)
            return null;
        var first = _text.Peek();
        var value = first switch
        {
            '[' => Items('[', ']', out _) is { } list ? new Sequence(SequenceKind.List, list) : null,
            '(' => Parenthesis(),
            '{' => Braces(),
            '\'' or '"' => PythonStrings.Read(ref _text),
            '-' or '+' => Signed(),
            >= '0' and <= '9' or '.' => PythonNumbers.Read(ref _text, minus: false),
            _ => Name(),
        };
        _depth--;
        return value;
    }

    // A tuple may stand without its parentheses where it stands alone.
    private Sequence? Bare(PythonValue first)
    {
        var items = ImmutableArray.CreateBuilder<PythonValue>();
        items.Add(first);
        while (_text.Take(','))
        {
            if (_text.Peek() == '\0')
                break;
            if (Value() is not { } next)
                return null;
            items.Add(next);
        }
        return new Sequence(SequenceKind.Tuple, items.ToImmutable());
    }

    private ImmutableArray<PythonValue>? Items(char open, char close, out bool comma)
    {
        comma = false;
        if (!_text.Take(open))
            return null;
        var items = ImmutableArray.CreateBuilder<PythonValue>();
        while (!_text.Take(close))
        {
            if (items.Count > 0 && !comma)
                return null;
            if (Value() is not { } item)
                return null;
            items.Add(item);
            comma = _text.Take(',');
        }
        return items.ToImmutable();
    }

    private PythonValue? Parenthesis()
    {
        if (Items('(', ')', out var comma) is not { } items)
            return null;
        return items.Length == 1 && !comma ? items[0] : new Sequence(SequenceKind.Tuple, items);
    }

    private PythonValue? Braces()
    {
        _text.Take('{');
        if (_text.Take('}'))
            return new Dict(ImmutableDictionary<PythonValue, PythonValue>.Empty);
        if (Value() is not { } first || !Hashable(first))
            return null;
        return _text.Take(':') ? Entries(first) : Members(first);
    }

    private Dict? Entries(PythonValue first)
    {
        var entries = ImmutableDictionary.CreateBuilder<PythonValue, PythonValue>();
        for (var key = first; ; )
        {
            if (Value() is not { } value)
                return null;
            entries[key] = value;
            var comma = _text.Take(',');
            if (_text.Take('}'))
                return new Dict(entries.ToImmutable());
            if (!comma || Value() is not { } next || !Hashable(next) || !_text.Take(':'))
                return null;
            key = next;
        }
    }

    private Set? Members(PythonValue first)
    {
        var items = ImmutableHashSet.CreateBuilder<PythonValue>();
        for (var item = first; ; )
        {
            items.Add(item);
            var comma = _text.Take(',');
            if (_text.Take('}'))
                return new Set(items.ToImmutable());
            if (!comma || Value() is not { } next || !Hashable(next))
                return null;
            item = next;
        }
    }

    private Number? Signed()
    {
        var minus = _text.Next() == '-';
        if (_text.Peek() is '-' or '+')
            return null;
        return _text.Peek() is >= '0' and <= '9' or '.' ? PythonNumbers.Read(ref _text, minus)
            : Name() is Number n && n.Im == Real.Zero ? Num(minus ? -n.Re : n.Re)
            : null;
    }

    private PythonValue? Name()
    {
        if (PythonStrings.Read(ref _text) is { } text)
            return text;
        var start = _text.At;
        while (char.IsAsciiLetterOrDigit(_text.Now) || _text.Now == '_')
            _text.At++;
        var name = _text.Since(start);
        switch (name)
        {
            case "None":
                return new None();
            case "True":
                return Num(Real.Of(1, 1));
            case "False":
                return Num(Real.Zero);
            case "inf":
                return Num(Real.Of(1, 0));
            case "nan":
                return Num(Real.NaN);
            case "":
                return null;
        }
        if (name == "defaultdict")
            return DefaultDict();
        return Items('(', ')', out _) is { } given ? Of(name, given) : null;
    }

    // What a defaultdict makes its values with is no value: a name, or a display such as <class 'int'>. It is stepped
    // over.
    private Dict? DefaultDict()
    {
        if (!_text.Take('('))
            return null;
        if (_text.Peek() == '<')
        {
            var (end, depth) = (0, 0);
            do depth += _text.After(end) switch
            {
                '<' => 1,
                '>' => -1,
                _ => 0,
            };
            while (depth > 0 && ++end < _text.Rest.Length && end < LongestDisplay);
            if (depth > 0)
                return null;
            _text.At += end + 1;
        }
        else
            while (char.IsAsciiLetterOrDigit(_text.Now) || _text.Now is '_' or '.')
                _text.At++;
        PythonValue? held =
            _text.Take(',') && _text.Peek() != ')'
                ? Value()
                : new Dict(ImmutableDictionary<PythonValue, PythonValue>.Empty);
        _text.Take(',');
        return _text.Take(')') ? held as Dict : null;
    }
}
