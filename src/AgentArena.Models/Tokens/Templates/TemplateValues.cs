// What a template's values are and do, by Python's rules: truth, text, equality, order, arithmetic. Knows no grammar.
using System.Collections;
using System.Globalization;
using System.Text;

namespace AgentArena.Models.Tokens.Templates;

/// <summary>A name that has no value: false, writes nothing, and a fault where more is asked of it.</summary>
internal sealed record Undefined(string Name);

/// <summary>A mapping in the order of its keys' arrival.</summary>
internal sealed class TemplateMap : OrderedDictionary<string, object?>
{
    public TemplateMap()
        : base(StringComparer.Ordinal) { }
}

/// <summary>What <c>namespace()</c> makes: its attributes may be set from any scope.</summary>
internal sealed record TemplateNamespace(TemplateMap Values);

/// <summary>Arguments of a call.</summary>
internal sealed record Arguments(List<object?> Values, Dictionary<string, object?> Named)
{
    public static Arguments None { get; } = new([], []);

    /// <summary>An argument by place or name; <paramref name="otherwise"/> where it is not given.</summary>
    public object? Get(int place, string name, object? otherwise = null) =>
        place < Values.Count ? Values[place]
        : Named.TryGetValue(name, out var value) ? value
        : otherwise;
}

/// <summary>Something that can be called.</summary>
internal delegate object? Callable(TemplateRun run, Arguments arguments);

/// <summary>Python's rules over null, bool, long, double, string, list, map, namespace and callable.</summary>
internal static class TemplateValues
{
    // Values can be nested by loops beyond what the grammar nests.
    private const int MostNested = 100;

    public static bool Truth(object? value) =>
        value switch
        {
            null or Undefined => false,
            bool b => b,
            long n => n != 0,
            double d => d != 0,
            string s => s.Length > 0,
            ICollection c => c.Count > 0,
            _ => true,
        };

    public static string TypeName(object? value) =>
        value switch
        {
            null => "NoneType",
            Undefined => "Undefined",
            bool => "bool",
            long => "int",
            double => "float",
            string => "str",
            TemplateMap => "dict",
            List<object?> => "list",
            TemplateNamespace => "Namespace",
            _ => "function",
        };

    public static string Text(TemplateRun run, object? value) =>
        value switch
        {
            string s => s,
            Undefined => "",
            _ => Written(run, value),
        };

    /// <summary>As Python's <c>repr</c> writes it.</summary>
    public static string Written(TemplateRun run, object? value)
    {
        var text = new StringBuilder();
        Write(run, value, text, 0);
        return run.Made(text.ToString());
    }

    private static void Write(TemplateRun run, object? value, StringBuilder text, int nested)
    {
        run.Spend(1);
        if (nested > MostNested)
            throw run.Fault($"a value nests more than {MostNested} deep");
        switch (value)
        {
            case null:
                text.Append("None");
                break;
            case Undefined:
                text.Append("Undefined");
                break;
            case bool b:
                text.Append(b ? "True" : "False");
                break;
            case string s:
                Quote(s, text);
                break;
            case double d:
                text.Append(Number(d));
                break;
            case TemplateMap map:
                text.Append('{');
                foreach (var (key, inner) in map)
                {
                    text.Append(text[^1] == '{' && map.GetAt(0).Key == key ? "" : ", ");
                    Quote(key, text);
                    text.Append(": ");
                    Write(run, inner, text, nested + 1);
                }
                text.Append('}');
                break;
            case List<object?> list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    Write(run, list[i], text, nested + 1);
                }
                text.Append(']');
                break;
            case long n:
                text.Append(n);
                break;
            default:
                text.Append('<').Append(TypeName(value)).Append('>');
                break;
        }
    }

    private static void Quote(string s, StringBuilder text)
    {
        var quote = s.Contains('\'') && !s.Contains('"') ? '"' : '\'';
        text.Append(quote);
        foreach (var c in s)
            text.Append(
                c switch
                {
                    '\\' => "\\\\",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    _ when c == quote => $"\\{c}",
                    _ when c < ' ' || c == '\u007F' => $"\\x{(int)c:x2}",
                    _ => c.ToString(),
                }
            );
        text.Append(quote);
    }

    /// <summary>A number as Python writes a float.</summary>
    public static string Number(double d)
    {
        if (double.IsNaN(d))
            return "nan";
        if (double.IsInfinity(d))
            return d > 0 ? "inf" : "-inf";
        var size = Math.Abs(d);
        if (size != 0 && (size < 1e-4 || size >= 1e16))
        {
            var parts = d.ToString("E16", CultureInfo.InvariantCulture).Split('E');
            var shortest = d.ToString("R", CultureInfo.InvariantCulture);
            var digits = shortest.Contains('E') ? shortest.Split('E')[0] : parts[0].TrimEnd('0').TrimEnd('.');
            var exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{digits}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}"
            );
        }
        var plain = d.ToString("R", CultureInfo.InvariantCulture);
        if (plain.Contains('E'))
            plain = decimal.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture)
                .ToString(CultureInfo.InvariantCulture);
        return plain.Contains('.') ? plain : plain + ".0";
    }

    public static bool Same(TemplateRun run, object? a, object? b, int nested = 0)
    {
        run.Spend(1);
        if (nested > MostNested)
            throw run.Fault($"a value nests more than {MostNested} deep");
        if (Numeric(a) is { } x && Numeric(b) is { } y)
            return x == y;
        return (a, b) switch
        {
            (null, null) or (Undefined, Undefined) => true,
            (string s, string t) => s == t,
            (List<object?> s, List<object?> t) => s.Count == t.Count
                && s.Zip(t).All(p => Same(run, p.First, p.Second, nested + 1)),
            (TemplateMap s, TemplateMap t) => s.Count == t.Count
                && s.All(p => t.TryGetValue(p.Key, out var other) && Same(run, p.Value, other, nested + 1)),
            _ => ReferenceEquals(a, b),
        };
    }

    public static int Order(TemplateRun run, object? a, object? b)
    {
        if (Numeric(a) is { } x && Numeric(b) is { } y)
            return x.CompareTo(y);
        if (a is string s && b is string t)
        {
            run.Spend(s.Length / 16 + 1);
            return CodeOrder(s, t);
        }
        if (a is List<object?> l && b is List<object?> m)
        {
            for (var i = 0; i < Math.Min(l.Count, m.Count); i++)
                if (!Same(run, l[i], m[i]))
                    return Order(run, l[i], m[i]);
            return l.Count.CompareTo(m.Count);
        }
        throw run.Fault($"{Named(a)} and {Named(b)} have no order");
    }

    public static object? Add(TemplateRun run, object? a, object? b) =>
        (a, b) switch
        {
            (string s, string t) => run.Joined(s, t),
            (List<object?> s, List<object?> t) => Joined(run, s, t),
            _ => Calculate(run, "+", a, b),
        };

    public static object? Calculate(TemplateRun run, string sign, object? a, object? b)
    {
        if (sign == "*" && (a, b) is (string, long) or (long, string))
        {
            var (text, times) = a is string t ? (t, (long)b!) : ((string)b!, (long)a!);
            times = text.Length == 0 ? 0 : Math.Max(0, times);
            run.Room(times > TemplateRun.MostOutput ? times : times * text.Length);
            return new StringBuilder().Insert(0, text, (int)times).ToString();
        }
        var (x, y) = (Whole(a), Whole(b));
        if (x is { } n && y is { } m && sign != "/")
            return Calculate(run, sign, n, m);
        if (Numeric(a) is not { } u || Numeric(b) is not { } v)
            throw run.Fault($"{Named(a)} {sign} {Named(b)} is not supported");
        if (sign is "/" or "//" or "%" && v == 0)
            throw run.Fault("a division by zero");
        return sign switch
        {
            "+" => u + v,
            "-" => u - v,
            "*" => u * v,
            "/" => u / v,
            "//" => Math.Floor(u / v),
            "%" => u - v * Math.Floor(u / v),
            _ => Math.Pow(u, v),
        };
    }

    private static object Calculate(TemplateRun run, string sign, long a, long b)
    {
        try
        {
            checked
            {
                return sign switch
                {
                    "+" => (object)(a + b),
                    "-" => a - b,
                    "*" => a * b,
                    "//" or "%" when b == 0 => throw run.Fault("a division by zero"),
                    "//" => a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0),
                    "%" => (a % b + b) % b,
                    _ when b < 0 => Math.Pow(a, b),
                    _ => Power(run, a, b),
                };
            }
        }
        catch (OverflowException)
        {
            throw run.Fault($"{a} {sign} {b} is too large");
        }
    }

    private static long Power(TemplateRun run, long a, long b)
    {
        var result = 1L;
        for (; b > 0 && a is not (0 or 1); b--)
        {
            run.Spend(1);
            result = checked(result * a);
        }
        return b > 0 ? a : result;
    }

    public static bool Holds(TemplateRun run, object? container, object? item) =>
        container switch
        {
            string s when item is string t => run.Looked(s).Contains(t, StringComparison.Ordinal),
            TemplateMap map => item is string key && map.ContainsKey(key),
            List<object?> list => list.Exists(i => Same(run, i, item)),
            Undefined => false,
            _ => throw run.Fault($"'in' asks whether {Named(item)} is in {Named(container)}"),
        };

    /// <summary>What a loop goes through.</summary>
    public static List<object?> Items(TemplateRun run, object? value)
    {
        List<object?> items = value switch
        {
            List<object?> list => list,
            TemplateMap map => [.. map.Keys],
            string s => [.. s.EnumerateRunes().Select(r => (object?)r.ToString())],
            Undefined => [],
            _ => throw run.Fault($"{Named(value)} has no elements to go through"),
        };
        run.Spend(items.Count / 2 + 1);
        return items;
    }

    public static long Length(TemplateRun run, object? value) =>
        value switch
        {
            string s => Codes(s),
            ICollection c => c.Count,
            Undefined => 0,
            _ => throw run.Fault($"{Named(value)} has no length"),
        };

    /// <summary>Code points of a text.</summary>
    public static int Codes(string text)
    {
        var count = text.Length;
        foreach (var c in text)
            if (char.IsLowSurrogate(c))
                count--;
        return count;
    }

    /// <summary>A value as it is named in a fault.</summary>
    public static string Named(object? value) =>
        value is Undefined undefined ? $"'{undefined.Name}', which is undefined," : TypeName(value);

    public static double? Numeric(object? value) =>
        value switch
        {
            bool b => b ? 1 : 0,
            long n => n,
            double d => d,
            _ => null,
        };

    private static long? Whole(object? value) =>
        value switch
        {
            bool b => b ? 1 : 0,
            long n => n,
            _ => null,
        };

    private static List<object?> Joined(TemplateRun run, List<object?> a, List<object?> b)
    {
        run.Spend((a.Count + b.Count) / 2 + 1);
        return [.. a, .. b];
    }

    // By code point, as Python: a surrogate is more than any character of one unit.
    private static int CodeOrder(string a, string b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
            if (a[i] != b[i])
                return char.IsSurrogate(a[i]) == char.IsSurrogate(b[i])
                    ? a[i].CompareTo(b[i])
                    : char.IsSurrogate(a[i]).CompareTo(char.IsSurrogate(b[i]));
        return a.Length.CompareTo(b.Length);
    }
}
