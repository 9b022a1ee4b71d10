// The filters of a template, by name.
using System.Globalization;
using System.Text;

namespace AgentArena.Models.Tokens.Templates;

/// <summary>Jinja's filters that chat templates use, over <see cref="TemplateValues"/>.</summary>
internal static class TemplateFilters
{
    private delegate object? Filter(TemplateRun run, object? value, Arguments given);

    private static readonly Dictionary<string, Filter> All = new(StringComparer.Ordinal)
    {
        ["abs"] = (run, v, _) => v is long n ? (object)Math.Abs(Math.Max(n, -long.MaxValue)) : Math.Abs(Number(run, v)),
        ["capitalize"] = (run, v, _) => run.Made(TextMethods.Capital(Text(run, v))),
        ["count"] = (run, v, _) => TemplateValues.Length(run, v),
        ["d"] = Default,
        ["default"] = Default,
        ["dictsort"] = (run, v, _) => Sorted(run, Pairs(run, v), p => ((List<object?>)p!)[0]),
        ["e"] = Escape,
        ["escape"] = Escape,
        ["first"] = (run, v, _) =>
            TemplateValues.Items(run, v) is [var first, ..] ? first : new Undefined("the first of nothing"),
        ["float"] = (run, v, given) => TemplateValues.Numeric(v) ?? ParsedFloat(v) ?? given.Get(0, "default", 0.0),
        ["indent"] = Indent,
        ["int"] = (run, v, given) => Int(run, v) ?? given.Get(0, "default", 0L),
        ["items"] = (run, v, _) => Pairs(run, v),
        ["join"] = Join,
        ["last"] = (run, v, _) =>
            TemplateValues.Items(run, v) is [.., var last] ? last : new Undefined("the last of nothing"),
        ["length"] = (run, v, _) => TemplateValues.Length(run, v),
        ["list"] = (run, v, _) => TemplateValues.Items(run, v),
        ["lower"] = (run, v, _) => run.Made(Text(run, v).ToLowerInvariant()),
        ["map"] = Map,
        ["max"] = (run, v, _) =>
            Sorted(run, TemplateValues.Items(run, v), i => i) is [.., var last]
                ? last
                : new Undefined("the largest of nothing"),
        ["min"] = (run, v, _) =>
            Sorted(run, TemplateValues.Items(run, v), i => i) is [var first, ..]
                ? first
                : new Undefined("the least of nothing"),
        ["reject"] = (run, v, given) => Selected(run, v, given, attribute: false, wanted: false),
        ["rejectattr"] = (run, v, given) => Selected(run, v, given, attribute: true, wanted: false),
        ["replace"] = (run, v, given) => TextMethods.Replace(run, Text(run, v), given),
        ["reverse"] = (run, v, _) => Reversed(run, v),
        ["round"] = (run, v, given) => Round(run, v, given),
        ["safe"] = (_, v, _) => v,
        ["select"] = (run, v, given) => Selected(run, v, given, attribute: false, wanted: true),
        ["selectattr"] = (run, v, given) => Selected(run, v, given, attribute: true, wanted: true),
        ["sort"] = Sort,
        ["string"] = (run, v, _) => Text(run, v),
        ["sum"] = (run, v, given) =>
            TemplateValues.Items(run, v).Aggregate(given.Get(1, "start", 0L), (a, b) => TemplateValues.Add(run, a, b)),
        ["title"] = (run, v, _) => run.Made(TextMethods.Words(Text(run, v))),
        ["tojson"] = TemplateJson.Filter,
        ["trim"] = (run, v, given) => run.Made(TextMethods.Strip(run, Text(run, v), given, left: true, right: true)),
        ["unique"] = Unique,
        ["upper"] = (run, v, _) => run.Made(Text(run, v).ToUpperInvariant()),
    };

    /// <summary>All of them.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Whether there is one of this name.</summary>
    public static bool Known(string name) => All.ContainsKey(name);

    /// <summary>Runs one.</summary>
    public static object? Run(TemplateRun run, string name, object? value, Arguments given) =>
        All.TryGetValue(name, out var filter)
            ? filter(run, value, given)
            : throw run.Fault(Core.Configuration.DidYouMean.Unknown("filter", name, Names));

    /// <summary>A mapping as pairs.</summary>
    public static List<object?> Pairs(TemplateRun run, object? value)
    {
        if (value is Undefined)
            return [];
        if (value is not TemplateMap map)
            throw run.Fault($"{TemplateValues.Named(value)} is no mapping");
        run.Spend(map.Count + 1);
        return [.. map.Select(p => new List<object?> { p.Key, p.Value })];
    }

    private static string Text(TemplateRun run, object? value) => TemplateValues.Text(run, value);

    private static double Number(TemplateRun run, object? value) =>
        TemplateValues.Numeric(value) ?? throw run.Fault($"{TemplateValues.Named(value)} is no number");

    private static object? Default(TemplateRun run, object? value, Arguments given) =>
        value is Undefined || (TemplateValues.Truth(given.Get(1, "boolean", false)) && !TemplateValues.Truth(value))
            ? given.Get(0, "default_value", "")
            : value;

    private static string Escape(TemplateRun run, object? value, Arguments given) =>
        run.Made(
            Text(run, value)
                .Replace("&", "&amp;", StringComparison.Ordinal)
                .Replace("<", "&lt;", StringComparison.Ordinal)
                .Replace(">", "&gt;", StringComparison.Ordinal)
                .Replace("'", "&#39;", StringComparison.Ordinal)
                .Replace("\"", "&#34;", StringComparison.Ordinal)
        );

    private static string Indent(TemplateRun run, object? value, Arguments given)
    {
        var by = given.Get(0, "width", 4L) switch
        {
            long width => new string(' ', (int)Math.Clamp(width, 0, 1000)),
            string indent => indent,
            var other => throw run.Fault($"indent: {TemplateValues.Named(other)} is no width"),
        };
        var (first, blank) = (
            TemplateValues.Truth(given.Get(1, "first", false)),
            TemplateValues.Truth(given.Get(2, "blank", false))
        );
        var lines = Text(run, value).Split('\n');
        var text = new StringBuilder();
        for (var i = 0; i < lines.Length; i++)
        {
            run.Room(text.Length + (long)by.Length + lines[i].Length);
            text.Append(i > 0 ? "\n" : "")
                .Append(
                    i == 0
                        ? first
                            ? by
                            : ""
                        : lines[i].Length > 0 || blank
                            ? by
                            : ""
                )
                .Append(lines[i]);
        }
        return text.ToString();
    }

    private static object? Int(TemplateRun run, object? value) =>
        value switch
        {
            long or bool => (long)Number(run, value),
            double d when Math.Abs(d) < 9e18 => (long)d,
            string s
                when long.TryParse(s.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) =>
                n,
            string s when ParsedFloat(s) is { } d && Math.Abs(d) < 9e18 => (long)d,
            _ => null,
        };

    private static double? ParsedFloat(object? value) =>
        value is string s && double.TryParse(s.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var d)
            ? d
            : null;

    private static string Join(TemplateRun run, object? value, Arguments given)
    {
        var items = TemplateValues.Items(run, value);
        if (given.Get(1, "attribute") is string attribute)
            items = [.. items.Select(i => Member(run, i, attribute))];
        return TextMethods.Join(run, Text(run, given.Get(0, "d", "")), items, strict: false);
    }

    private static List<object?> Map(TemplateRun run, object? value, Arguments given)
    {
        var items = TemplateValues.Truth(value) ? TemplateValues.Items(run, value) : [];
        if (given.Named.TryGetValue("attribute", out var attribute))
            return items
                .Select(i =>
                {
                    var found = Member(run, i, Text(run, attribute));
                    return found is Undefined && given.Named.TryGetValue("default", out var otherwise)
                        ? otherwise
                        : found;
                })
                .ToList();
        if (given.Get(0, "filter") is not string name)
            throw run.Fault("map names neither an attribute nor a filter");
        var rest = given with { Values = given.Values[1..] };
        return items.Select(i => Run(run, name, i, rest)).ToList();
    }

    // 'a.b.0' asks for element after element.
    private static object? Member(TemplateRun run, object? item, string path)
    {
        foreach (var part in path.Split('.'))
        {
            if (item is Undefined)
                return item;
            item = long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
                ? TemplateMembers.Item(run, item, at)
                : TemplateMembers.Item(run, item, part);
        }
        return item;
    }

    private static List<object?> Selected(TemplateRun run, object? value, Arguments given, bool attribute, bool wanted)
    {
        if (!TemplateValues.Truth(value))
            return [];
        var rest = given.Values;
        var path = attribute ? Text(run, given.Get(0, "attribute")) : "";
        if (attribute)
            rest = rest[Math.Min(1, rest.Count)..];
        var test = rest.Count > 0 ? Text(run, rest[0]) : null;
        var arguments = given with { Values = rest[Math.Min(1, rest.Count)..] };
        return TemplateValues
            .Items(run, value)
            .FindAll(item =>
            {
                var asked = attribute ? Member(run, item, path) : item;
                return (test is null ? TemplateValues.Truth(asked) : TemplateTests.Holds(run, test, asked, arguments))
                    == wanted;
            });
    }

    private static object? Reversed(TemplateRun run, object? value)
    {
        var items = TemplateValues.Items(run, value).ToList();
        items.Reverse();
        return value is string ? run.Made(string.Concat(items)) : items;
    }

    private static double Round(TemplateRun run, object? value, Arguments given)
    {
        var places = given.Get(0, "precision", 0L) is long p ? (int)Math.Clamp(p, 0, 15) : 0;
        var (number, scale) = (Number(run, value), Math.Pow(10, places));
        return Text(run, given.Get(1, "method", "common")) switch
        {
            "common" => Math.Round(number, places, MidpointRounding.ToEven),
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            var other => throw run.Fault($"round: '{other}' is none of common, ceil and floor"),
        };
    }

    private static List<object?> Sort(TemplateRun run, object? value, Arguments given)
    {
        var sensitive = TemplateValues.Truth(given.Get(1, "case_sensitive", false));
        var sorted = Sorted(run, TemplateValues.Items(run, value), item =>
        {
            if (given.Get(2, "attribute") is string attribute)
                item = Member(run, item, attribute);
            return !sensitive && item is string s ? s.ToLowerInvariant() : item;
        });
        if (TemplateValues.Truth(given.Get(0, "reverse", false)))
            sorted.Reverse();
        return sorted;
    }

    private static List<object?> Sorted(TemplateRun run, List<object?> items, Func<object?, object?> key)
    {
        run.Spend(items.Count + 1);
        try
        {
            return [.. items.OrderBy(key, Comparer<object?>.Create((a, b) => TemplateValues.Order(run, a, b)))];
        }
        catch (InvalidOperationException e) when (e.InnerException is TemplateException inner)
        {
            throw new TemplateException(inner.Message); // sorting wraps what its comparer throws
        }
    }

    private static List<object?> Unique(TemplateRun run, object? value, Arguments given)
    {
        var seen = new List<object?>();
        foreach (var item in TemplateValues.Items(run, value))
            if (!seen.Exists(s => TemplateValues.Same(run, s, item)))
                seen.Add(item);
        return seen;
    }
}
