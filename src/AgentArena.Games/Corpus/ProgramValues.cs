// What the operators, functions and methods of a small part of Python give. Knows values, no program.
using System.Globalization;

namespace AgentArena.Games.Corpus;

internal static class ProgramValues
{
    private const long Largest = 1_000_000_000;
    private const int LongestText = 400;

    public static object? Operate(string sign, object? a, object? b)
    {
        switch (sign)
        {
            case "==":
                return Same(a, b);
            case "!=":
                return !Same(a, b);
            case "<" or ">" or "<=" or ">=":
                var order = Compare(a, b);
                return sign switch
                {
                    "<" => order < 0,
                    ">" => order > 0,
                    "<=" => order <= 0,
                    _ => order >= 0,
                };
            case "in":
                return a is string part && b is string whole
                    ? whole.Contains(part, StringComparison.Ordinal)
                    : ProgramRun.Items(b).Any(i => Same(i, a));
        }
        return (sign, a, b) switch
        {
            ("+", string x, string y) => Bounded(x + y),
            ("+", List<object?> x, List<object?> y) => x.Concat(y).ToList(),
            ("*", string x, long n) => Bounded(string.Concat(Enumerable.Repeat(x, (int)Math.Clamp(n, 0, 100)))),
            ("*", List<object?> x, long n) => Enumerable
                .Repeat(x, (int)Math.Clamp(n, 0, 20))
                .SelectMany(i => i)
                .ToList(),
            _ => Number(sign, ProgramRun.Whole(a), ProgramRun.Whole(b)),
        };
    }

    private static long Number(string sign, long a, long b)
    {
        if (sign is "//" or "%" && b == 0)
            throw new ProgramFault("ZeroDivisionError");
        var value = sign switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => Math.Abs(a) <= Largest && Math.Abs(b) <= Largest ? a * b : Largest + 1,
            "//" => (long)Math.Floor((double)a / b),
            "%" => a - (long)Math.Floor((double)a / b) * b,
            _ => throw new ProgramFault(sign),
        };
        return Math.Abs(value) <= Largest ? value : throw new ProgramFault("too large");
    }

    private static string Bounded(string text) =>
        text.Length <= LongestText ? text : throw new ProgramFault("too long");

    public static bool Same(object? a, object? b) =>
        (a, b) switch
        {
            (null, null) => true,
            (long or bool, long or bool) => ProgramRun.Whole(a) == ProgramRun.Whole(b),
            (string x, string y) => x == y,
            (List<object?> x, List<object?> y) => x.Count == y.Count && x.Zip(y).All(p => Same(p.First, p.Second)),
            (object?[] x, object?[] y) => x.Length == y.Length && x.Zip(y).All(p => Same(p.First, p.Second)),
            _ => false,
        };

    public static int Compare(object? a, object? b) =>
        (a, b) switch
        {
            (string x, string y) => string.CompareOrdinal(x, y),
            _ => ProgramRun.Whole(a).CompareTo(ProgramRun.Whole(b)),
        };

    public static object? At(object? of, long at)
    {
        object?[] items = [.. ProgramRun.Items(of)];
        if (at < 0)
            at += items.Length;
        return at >= 0 && at < items.Length ? items[at] : throw new ProgramFault("IndexError");
    }

    public static object? Slice(object? of, long? from, long? to, long? by)
    {
        object?[] items = [.. ProgramRun.Items(of)];
        var (n, step) = (items.Length, by ?? 1);
        if (step == 0)
            throw new ProgramFault("ValueError");
        var (low, high) = step > 0 ? (0, n) : (-1, n - 1);
        var start =
            from is { } f ? Math.Clamp(f < 0 ? f + n : f, low, high)
            : step > 0 ? 0
            : n - 1;
        var stop =
            to is { } t ? Math.Clamp(t < 0 ? t + n : t, low, high)
            : step > 0 ? n
            : -1;
        var taken = new List<object?>();
        for (var i = start; step > 0 ? i < stop : i > stop; i += step)
            taken.Add(items[i]);
        return of switch
        {
            string => string.Concat(taken),
            object?[] => taken.ToArray(),
            _ => taken,
        };
    }

    public static object? Call(string function, object?[] given) =>
        (function, given) switch
        {
            ("len", [var of]) => (long)ProgramRun.Items(of).Count(),
            ("sum", [var of]) => ProgramRun.Items(of).Aggregate((object?)0L, (s, i) => Operate("+", s, i)),
            ("abs", [var of]) => Math.Abs(ProgramRun.Whole(of)),
            ("max" or "min", [var of]) => Most(ProgramRun.Items(of), function),
            ("max" or "min", [_, _, ..]) => Most(given, function),
            ("sorted", [var of]) => Sorted(ProgramRun.Items(of)),
            ("list", [var of]) => ProgramRun.Items(of).ToList(),
            ("str", [var of]) => of as string ?? ProgramRun.Show(of),
            ("int", [string text]) => long.TryParse(
                text,
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var n
            )
                ? n
                : throw new ProgramFault("ValueError"),
            ("int", [var of]) => ProgramRun.Whole(of),
            ("range", [var to]) => Range(0, ProgramRun.Whole(to), 1),
            ("range", [var from, var to]) => Range(ProgramRun.Whole(from), ProgramRun.Whole(to), 1),
            ("range", [var from, var to, var by]) => Range(
                ProgramRun.Whole(from),
                ProgramRun.Whole(to),
                ProgramRun.Whole(by)
            ),
            _ => throw new ProgramFault(function),
        };

    private static List<object?> Range(long from, long to, long by)
    {
        var all = new List<object?>();
        if (by == 0)
            throw new ProgramFault("ValueError");
        for (var i = from; (by > 0 ? i < to : i > to) && all.Count <= 1000; i += by)
            all.Add(i);
        return all;
    }

    private static object? Most(IEnumerable<object?> items, string which)
    {
        object?[] all = [.. items];
        if (all.Length == 0)
            throw new ProgramFault("ValueError");
        return all.Aggregate((a, b) => Compare(b, a) * (which == "max" ? 1 : -1) > 0 ? b : a);
    }

    private static List<object?> Sorted(IEnumerable<object?> items) =>
        [.. items.Order(Comparer<object?>.Create(Compare))];

    public static object? Method(object? of, string method, object?[] given) =>
        (of, method, given) switch
        {
            (string text, "upper", []) => text.ToUpperInvariant(),
            (string text, "lower", []) => text.ToLowerInvariant(),
            (string text, "count", [string part]) when part.Length > 0 => (long)(text.Split(part).Length - 1),
            (string text, "replace", [string one, string other]) when one.Length > 0 => Bounded(
                text.Replace(one, other)
            ),
            (string text, "startswith", [string part]) => text.StartsWith(part, StringComparison.Ordinal),
            (string text, "endswith", [string part]) => text.EndsWith(part, StringComparison.Ordinal),
            (string text, "find", [string part]) => (long)text.IndexOf(part, StringComparison.Ordinal),
            (string text, "join", [var parts]) => Bounded(
                string.Join(
                    text,
                    ProgramRun.Items(parts).Select(p => p as string ?? throw new ProgramFault("TypeError"))
                )
            ),
            (string text, "split", [string part]) when part.Length > 0 => text.Split(part).Cast<object?>().ToList(),
            (List<object?> list, "count", [var item]) => (long)list.Count(i => Same(i, item)),
            (List<object?> list, "index", [var item]) => list.FindIndex(i => Same(i, item)) is >= 0 and var at
                ? (long)at
                : throw new ProgramFault("ValueError"),
            (List<object?> list, "append", [var item]) when list.Count < 100 => Appended(list, item),
            _ => throw new ProgramFault(method),
        };

    private static object? Appended(List<object?> list, object? item)
    {
        list.Add(item);
        return null;
    }
}
