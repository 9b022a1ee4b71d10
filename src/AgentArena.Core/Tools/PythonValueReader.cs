// Reads Python literals: numbers, strings, bytes, collections, and the few displays that values print as. Bounded in
// depth and length; never throws.
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using static AgentArena.Core.Tools.PythonValue;

namespace AgentArena.Core.Tools;

internal ref struct PythonValueReader
{
    private const int MaxLength = 1 << 18,
        MaxDepth = 120,
        MaxDigits = 20_000,
        MaxExponent = 5_000,
        LongestDisplay = 200;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _depth;

    private PythonValueReader(ReadOnlySpan<char> text) => _text = text;

    public static PythonValue? Read(string text)
    {
        if (text.Length > MaxLength)
            return null;
        var reader = new PythonValueReader(text);
        var value = reader.Value();
        if (value is not null && reader.Peek() == ',')
            value = reader.Bare(value);
        reader.Space();
        return reader._at == text.Length ? value : null;
    }

    private void Space()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\n' or '\r')
            _at++;
    }

    private bool Take(char c)
    {
        Space();
        if (_at >= _text.Length || _text[_at] != c)
            return false;
        _at++;
        return true;
    }

    private char Peek()
    {
        Space();
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private PythonValue? Value()
    {
        if (++_depth > MaxDepth)
            return null;
        var first = Peek();
        var value = first switch
        {
            '[' => Items('[', ']', out _) is { } list ? new Sequence(SequenceKind.List, list) : null,
            '(' => Parenthesis(),
            '{' => Braces(),
            '\'' or '"' => Strings(),
            '-' or '+' => Signed(),
            >= '0' and <= '9' or '.' => Sum(false),
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
        while (Take(','))
        {
            if (Peek() == '\0')
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
        if (!Take(open))
            return null;
        var items = ImmutableArray.CreateBuilder<PythonValue>();
        while (!Take(close))
        {
            if (items.Count > 0 && !comma)
                return null;
            if (Value() is not { } item)
                return null;
            items.Add(item);
            comma = Take(',');
        }
        return items.ToImmutable();
    }

    private PythonValue? Parenthesis()
    {
        if (Items('(', ')', out var comma) is not { } items)
            return null;
        return items.Length == 1 && !comma ? items[0] : new Sequence(SequenceKind.Tuple, items);
    }

    private static bool Hashable(PythonValue value) =>
        value switch
        {
            Sequence s => s.Kind == SequenceKind.Tuple && s.Items.All(Hashable),
            Dict or ItemView => false,
            _ => true, // a set prints as a frozenset would
        };

    private PythonValue? Braces()
    {
        Take('{');
        if (Take('}'))
            return new Dict(ImmutableDictionary<PythonValue, PythonValue>.Empty);
        if (Value() is not { } first || !Hashable(first))
            return null;
        if (Take(':'))
        {
            var entries = ImmutableDictionary.CreateBuilder<PythonValue, PythonValue>();
            for (var key = first; ; )
            {
                if (Value() is not { } value)
                    return null;
                entries[key] = value;
                var comma = Take(',');
                if (Take('}'))
                    return new Dict(entries.ToImmutable());
                if (!comma || Value() is not { } next || !Hashable(next) || !Take(':'))
                    return null;
                key = next;
            }
        }
        var items = ImmutableHashSet.CreateBuilder<PythonValue>();
        for (var item = first; ; )
        {
            items.Add(item);
            var comma = Take(',');
            if (Take('}'))
                return new Set(items.ToImmutable());
            if (!comma || Value() is not { } next || !Hashable(next))
                return null;
            item = next;
        }
    }

    private PythonValue? Signed()
    {
        var minus = _text[_at++] == '-';
        if (Peek() is '-' or '+')
            return null;
        return Peek() is >= '0' and <= '9' or '.' ? Sum(minus)
            : Name() is Number n && n.Im == Real.Zero ? Num(minus ? -n.Re : n.Re)
            : null;
    }

    // A number, or real ± imaginary.
    private PythonValue? Sum(bool minus)
    {
        if (Unsigned(out var imaginary) is not { } first)
            return null;
        if (minus)
            first = -first;
        if (imaginary)
            return new Number(Real.Zero, first);
        var mark = _at;
        if (Peek() is '+' or '-')
        {
            var sign = _text[_at++];
            Space();
            if (Unsigned(out imaginary) is { } second && imaginary)
                return new Number(first, sign == '-' ? -second : second);
            _at = mark;
        }
        return Num(first);
    }

    private Real? Unsigned(out bool imaginary)
    {
        imaginary = false;
        var start = _at;
        var radix =
            _at + 1 < _text.Length && _text[_at] == '0'
                ? char.ToLowerInvariant(_text[_at + 1]) switch
                {
                    'x' => 16,
                    'o' => 8,
                    'b' => 2,
                    _ => 10,
                }
                : 10;
        if (radix != 10)
            return Radix(radix);
        // digits [. digits] [e ± digits], with a digit on one side of the point at least.
        var whole = Digits();
        var point = _at < _text.Length && _text[_at] == '.';
        if (point)
            _at++;
        var broken = point && Digits();
        if (!whole && !broken)
            return null;
        var power = _at < _text.Length && _text[_at] is 'e' or 'E';
        if (power)
        {
            _at++;
            if (_at < _text.Length && _text[_at] is '+' or '-')
                _at++;
            if (!Digits())
                return null;
        }
        var text = _text[start.._at].ToString().Replace("_", "");
        if (text.Length > MaxDigits)
            return null;
        if (_at < _text.Length && _text[_at] is 'j' or 'J')
        {
            imaginary = true;
            _at++;
        }
        if (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] == '_'))
            return null;
        if (point || power || imaginary)
            return Real.Of(Double(text));
        if (text.Length > 1 && text[0] == '0' && text.Trim('0').Length > 0)
            return null; // 012 is no Python
        return Real.Of(BigInteger.Parse(text, CultureInfo.InvariantCulture), 1);
    }

    // Digits with single underscores between them; whether there is one.
    private bool Digits()
    {
        var start = _at;
        while (
            _at < _text.Length
            && (
                char.IsAsciiDigit(_text[_at])
                || _text[_at] == '_'
                    && _at > start
                    && _text[_at - 1] != '_'
                    && _at + 1 < _text.Length
                    && char.IsAsciiDigit(_text[_at + 1])
            )
        )
            _at++;
        return _at > start;
    }

    private Real? Radix(int radix)
    {
        _at += 2;
        BigInteger value = 0;
        var digits = 0;
        for (; _at < _text.Length && (char.IsAsciiHexDigit(_text[_at]) || _text[_at] == '_'); _at++)
        {
            if (_text[_at] == '_')
                continue;
            var digit = Convert.ToInt32(_text[_at].ToString(), 16);
            if (digit >= radix || ++digits > 4_000)
                return null;
            value = value * radix + digit;
        }
        return digits == 0 ? null : Real.Of(value, 1);
    }

    private PythonValue? Strings()
    {
        var whole = new StringBuilder();
        bool? bytes = null;
        while (true)
        {
            var mark = _at;
            var prefix = "";
            Space();
            while (_at < _text.Length && char.IsAsciiLetter(_text[_at]) && prefix.Length < 2)
                prefix += char.ToLowerInvariant(_text[_at++]);
            if (
                _at >= _text.Length
                || _text[_at] is not ('\'' or '"')
                || prefix is not ("" or "r" or "b" or "u" or "br" or "rb")
            )
            {
                _at = mark;
                break;
            }
            if (bytes is { } earlier && earlier != prefix.Contains('b'))
                return null;
            bytes = prefix.Contains('b');
            if (!Quoted(whole, prefix.Contains('r'), bytes.Value))
                return null;
        }
        return bytes switch
        {
            null => null,
            true => new Bytes(whole.ToString()),
            false => new Str(whole.ToString()),
        };
    }

    private bool Quoted(StringBuilder into, bool raw, bool bytes)
    {
        var quote = _text[_at];
        var triple = _text[_at..].StartsWith([quote, quote, quote]);
        _at += triple ? 3 : 1;
        while (_at < _text.Length)
        {
            var c = _text[_at++];
            if (c == quote && (!triple || _text[_at..].StartsWith([quote, quote])))
            {
                if (triple)
                    _at += 2;
                return true;
            }
            if (c == '\n' && !triple || bytes && c > 127)
                return false;
            if (c != '\\')
                into.Append(c);
            else if (_at >= _text.Length)
                return false;
            else if (raw)
                into.Append('\\').Append(_text[_at++]);
            else if (!Escape(into, bytes))
                return false;
        }
        return false;
    }

    private bool Escape(StringBuilder into, bool bytes)
    {
        var c = _text[_at++];
        switch (c)
        {
            case '\n':
                return true;
            case '\\' or '\'' or '"':
                into.Append(c);
                return true;
            case 'n':
                into.Append('\n');
                return true;
            case 't':
                into.Append('\t');
                return true;
            case 'r':
                into.Append('\r');
                return true;
            case 'a':
                into.Append('\a');
                return true;
            case 'b':
                into.Append('\b');
                return true;
            case 'f':
                into.Append('\f');
                return true;
            case 'v':
                into.Append('\v');
                return true;
            case 'x':
                return Code(into, 2);
            case 'u' when !bytes:
                return Code(into, 4);
            case 'U' when !bytes:
                return Code(into, 8);
            case 'N' when !bytes:
                return false;
            case >= '0' and <= '7':
                var value = c - '0';
                for (var i = 0; i < 2 && _at < _text.Length && _text[_at] is >= '0' and <= '7'; i++)
                    value = value * 8 + (_text[_at++] - '0');
                into.Append((char)value);
                return true;
            default:
                into.Append('\\').Append(c);
                return true;
        }
    }

    private bool Code(StringBuilder into, int digits)
    {
        if (
            _at + digits > _text.Length
            || !uint.TryParse(
                _text.Slice(_at, digits),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var code
            )
            || code > 0x10FFFF
        )
            return false;
        _at += digits;
        if (code < 0x10000)
            into.Append((char)code);
        else
            into.Append(char.ConvertFromUtf32((int)code));
        return true;
    }

    private PythonValue? Name()
    {
        if (Strings() is { } text)
            return text;
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
            _at++;
        var name = _text[start.._at].ToString();
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
        return Items('(', ')', out _) is { } given ? Display(name, given) : null;
    }

    // What a defaultdict makes its values with is no value: a name, or a display such as <class 'int'>. It is stepped
    // over.
    private PythonValue? DefaultDict()
    {
        if (!Take('('))
            return null;
        if (Peek() == '<')
        {
            var (end, depth) = (_at, 0);
            do depth += _text[end] switch
            {
                '<' => 1,
                '>' => -1,
                _ => 0,
            };
            while (depth > 0 && ++end < _text.Length && end - _at < LongestDisplay);
            if (depth > 0)
                return null;
            _at = end + 1;
        }
        else
            while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '_' or '.'))
                _at++;
        PythonValue? held =
            Take(',') && Peek() != ')' ? Value() : new Dict(ImmutableDictionary<PythonValue, PythonValue>.Empty);
        Take(',');
        return Take(')') ? held as Dict : null;
    }

    private static PythonValue? Display(string name, ImmutableArray<PythonValue> given) =>
        (name, given) switch
        {
            ("set" or "frozenset", []) => new Set([]),
            ("set" or "frozenset" or "dict_keys", [Sequence or Set]) => AsSet(given[0]),
            ("dict_items", [Sequence or Set]) => AsSet(given[0]) ?? AsItems(given[0]),
            ("dict", []) => new Dict(ImmutableDictionary<PythonValue, PythonValue>.Empty),
            ("dict" or "OrderedDict" or "Counter", [Dict entries]) => entries,
            ("deque", []) => new Sequence(SequenceKind.Deque, []),
            ("deque", [Sequence items]) => items with { Kind = SequenceKind.Deque },
            ("list", [Sequence items]) => items with { Kind = SequenceKind.List },
            ("tuple", [Sequence items]) => items with { Kind = SequenceKind.Tuple },
            ("bytearray", [Bytes b]) => b,
            ("range", [Number stop]) => RangeOf(Num(Real.Zero), stop, Num(Real.Of(1, 1))),
            ("range", [Number start, Number stop]) => RangeOf(start, stop, Num(Real.Of(1, 1))),
            ("range", [Number start, Number stop, Number step]) => RangeOf(start, stop, step),
            ("Fraction", [Number n]) => n,
            ("Fraction", [Number { Re: var a }, Number { Re: var b }])
                when a.Under.IsOne && b.Under.IsOne && !b.Over.IsZero => Num(Real.Of(a.Over, b.Over)),
            ("float", [Number n]) when n.Im == Real.Zero => n,
            ("float" or "Decimal", [Str s]) => Text(s.Text, exact: name == "Decimal"),
            _ => null,
        };

    private static Set? AsSet(PythonValue given)
    {
        IEnumerable<PythonValue> items = given is Sequence s ? s.Items : ((Set)given).Items;
        return items.All(Hashable) ? new Set([.. items]) : null;
    }

    // Items whose values cannot be hashed: still pairs with different keys.
    private static PythonValue? AsItems(PythonValue given)
    {
        var entries = ImmutableDictionary.CreateBuilder<PythonValue, PythonValue>();
        foreach (var item in given is Sequence s ? s.Items : [.. ((Set)given).Items])
        {
            if (
                item is not Sequence { Kind: SequenceKind.Tuple, Items: [var key, var value] }
                || !Hashable(key)
                || entries.ContainsKey(key)
            )
                return null;
            entries.Add(key, value);
        }
        return new ItemView(entries.ToImmutable());
    }

    private static PythonValue.Range? RangeOf(Number start, Number stop, Number step) =>
        start.Re.Under.IsOne && stop.Re.Under.IsOne && step.Re.Under.IsOne
            ? PythonValue.Range.Of(start.Re.Over, stop.Re.Over, step.Re.Over)
            : null;

    // float('…') and Decimal('…').
    private static PythonValue? Text(string text, bool exact)
    {
        var s = text.Trim().ToLowerInvariant();
        var minus = s.StartsWith('-');
        s = s.TrimStart('+', '-');
        if (s is "inf" or "infinity")
            return Num(Real.Of(minus ? -1 : 1, 0));
        if (s is "nan" or "snan")
            return Num(Real.NaN);
        if (
            s.Length > 1000
            || !double.TryParse(
                s,
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out var rounded
            )
        )
            return null;
        if (!exact)
            return Num(Real.Of(minus ? -rounded : rounded));
        var parts = s.Split('e');
        var power = 0;
        if (
            parts.Length == 2
            && (
                !int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out power)
                || Math.Abs(power) > MaxExponent
            )
        )
            return null;
        var point = parts[0].IndexOf('.');
        if (point >= 0)
            power -= parts[0].Length - point - 1;
        var digits = BigInteger.Parse("0" + parts[0].Replace(".", ""), CultureInfo.InvariantCulture) * (minus ? -1 : 1);
        return Num(
            power >= 0 ? Real.Of(digits * BigInteger.Pow(10, power), 1) : Real.Of(digits, BigInteger.Pow(10, -power))
        );
    }
}
