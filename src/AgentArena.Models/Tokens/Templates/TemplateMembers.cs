// What stands behind a dot, in brackets and in slices. Methods of texts are beside it.
namespace AgentArena.Models.Tokens.Templates;

/// <summary>Attributes, elements and parts of values.</summary>
internal static class TemplateMembers
{
    /// <summary><c>value.name</c>: a method first, then an element of that name.</summary>
    public static object? Attribute(TemplateRun run, object? value, string name)
    {
        Defined(run, value);
        return Method(value, name) ?? Element(value, name);
    }

    /// <summary><c>value[key]</c>: an element first, then a method of that name.</summary>
    public static object? Item(TemplateRun run, object? value, object? key)
    {
        Defined(run, value);
        if (key is string name)
        {
            var found = Element(value, name);
            return found is Undefined ? Method(value, name) ?? found : found;
        }
        if (key is bool b)
            key = b ? 1L : 0L;
        if (key is not long at)
            return new Undefined($"an element of {TemplateValues.TypeName(value)}");
        switch (value)
        {
            case List<object?> list:
                at = at < 0 ? at + list.Count : at;
                return at >= 0 && at < list.Count ? list[(int)at] : new Undefined($"element {key}");
            case string text:
                var codes = Codes(run, text);
                at = at < 0 ? at + codes.Count : at;
                return at >= 0 && at < codes.Count ? codes[(int)at] : new Undefined($"character {key}");
            default:
                return new Undefined($"element {key} of {TemplateValues.TypeName(value)}");
        }
    }

    /// <summary><c>value[from:to:step]</c> by Python's rules.</summary>
    public static object? Slice(TemplateRun run, object? value, object? from, object? to, object? step)
    {
        Defined(run, value);
        var items = value switch
        {
            List<object?> list => list,
            string text => Codes(run, text),
            _ => throw run.Fault($"{TemplateValues.TypeName(value)} cannot be cut into slices"),
        };
        var by = Bound(step) ?? 1;
        if (by == 0)
            throw run.Fault("a slice of step 0");
        var (low, high) = by > 0 ? (0L, (long)items.Count) : (-1L, items.Count - 1L);
        var (start, end) = by > 0 ? (Place(from) ?? low, Place(to) ?? high) : (Place(from) ?? high, Place(to) ?? low);
        var taken = new List<object?>();
        for (var i = start; by > 0 ? i < end : i > end; i += by)
        {
            run.Spend(1);
            taken.Add(items[(int)i]);
        }
        return value is string ? run.Made(string.Concat(taken)) : taken;

        long? Place(object? bound)
        {
            if (Bound(bound) is not { } at)
                return null;
            return Math.Clamp(at < 0 ? at + items.Count : at, low, high);
        }

        long? Bound(object? bound) =>
            bound switch
            {
                null => null,
                // far outside is as good as outside, and can be added to
                long at => Math.Clamp(at, -(1L << 40), 1L << 40),
                bool b => b ? 1 : 0,
                _ => throw run.Fault($"a slice bounded by {TemplateValues.Named(bound)}"),
            };
    }

    private static void Defined(TemplateRun run, object? value)
    {
        if (value is Undefined undefined)
            throw run.Fault($"{undefined.Name} is undefined");
    }

    private static List<object?> Codes(TemplateRun run, string text)
    {
        run.Spend(text.Length / 2 + 1);
        return [.. text.EnumerateRunes().Select(r => (object?)r.ToString())];
    }

    private static object? Element(object? value, string name) =>
        value switch
        {
            TemplateMap map when map.TryGetValue(name, out var found) => found,
            TemplateNamespace space when space.Values.TryGetValue(name, out var found) => found,
            _ => new Undefined($"'{name}' of {TemplateValues.TypeName(value)}"),
        };

    private static Callable? Method(object? value, string name) =>
        value switch
        {
            string text => TextMethods.Find(text, name),
            TemplateMap map => Method(map, name),
            List<object?> list => Method(list, name),
            _ => null,
        };

    private static Callable? Method(TemplateMap map, string name) =>
        name switch
        {
            "items" => (run, _) => TemplateFilters.Pairs(run, map),
            "keys" => (run, _) => TemplateValues.Items(run, map),
            "values" => (run, _) => Spent(run, map.Values.ToList()),
            "get" => (_, given) =>
                given.Get(0, "key") is string key && map.TryGetValue(key, out var found)
                    ? found
                    : given.Get(1, "default"),
            "copy" => (_, _) => map,
            _ => null,
        };

    // Lists are not changed: templates run as in a sandbox of immutable values.
    private static Callable? Method(List<object?> list, string name) =>
        name switch
        {
            "index" => (run, given) =>
                list.FindIndex(i => TemplateValues.Same(run, i, given.Get(0, "value"))) is >= 0 and var at
                    ? (long)at
                    : throw run.Fault("the list does not hold what is looked for"),
            "count" => (run, given) => (long)list.Count(i => TemplateValues.Same(run, i, given.Get(0, "value"))),
            "append" or "extend" or "insert" or "pop" or "remove" or "sort" or "reverse" or "clear" => (run, _) =>
                throw run.Fault($"a list's '{name}' would change it, which a chat template may not"),
            _ => null,
        };

    private static List<object?> Spent(TemplateRun run, List<object?> list)
    {
        run.Spend(list.Count / 2 + 1);
        return list;
    }
}
