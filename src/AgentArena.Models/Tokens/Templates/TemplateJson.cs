// Values as JSON, as templates print tools and arguments; and JSON as values.
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentArena.Models.Tokens.Templates;

/// <summary>
/// The <c>tojson</c> of chat templates: Python's <c>json.dumps</c> without escapes of what is not ASCII (Jinja's own
/// would escape for HTML).
/// </summary>
internal static class TemplateJson
{
    private const int MostNested = 100;

    /// <summary><c>tojson(ensure_ascii=false, indent=none, separators=none, sort_keys=false)</c>.</summary>
    public static object? Filter(TemplateRun run, object? value, Arguments given)
    {
        var indent = given.Get(1, "indent") switch
        {
            null => null,
            long width => new string(' ', (int)Math.Clamp(width, 0, 100)),
            string text => text,
            var other => throw run.Fault($"tojson: indent is {TemplateValues.Named(other)}"),
        };
        var (between, colon) = given.Get(2, "separators") switch
        {
            null => (indent is null ? ", " : ",", ": "),
            List<object?> and [string first, string second] => (first, second),
            _ => throw run.Fault("tojson: separators are not two texts"),
        };
        var writer = new Writer(
            run,
            indent,
            between,
            colon,
            TemplateValues.Truth(given.Get(0, "ensure_ascii", false)),
            TemplateValues.Truth(given.Get(3, "sort_keys", false))
        );
        writer.Write(value, 0);
        return run.Made(writer.Text.ToString());
    }

    /// <summary>A JSON value as a template's.</summary>
    public static object? Value(JsonNode? node) =>
        node switch
        {
            null => null,
            JsonObject map => Map(map),
            JsonArray list => list.Select(Value).ToList(),
            JsonValue value => value.GetValueKind() switch
            {
                JsonValueKind.String => value.GetValue<string>(),
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ when value.ToJsonString() is var text
                        && long.TryParse(
                            text,
                            NumberStyles.AllowLeadingSign,
                            CultureInfo.InvariantCulture,
                            out var whole
                        ) => whole,
                _ => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture),
            },
            _ => throw new ArgumentException("no JSON value"),
        };

    private static TemplateMap Map(JsonObject from)
    {
        var map = new TemplateMap();
        foreach (var (key, value) in from)
            map[key] = Value(value);
        return map;
    }

    private sealed class Writer(TemplateRun run, string? indent, string between, string colon, bool ascii, bool sorted)
    {
        public StringBuilder Text { get; } = new();

        public void Write(object? value, int nested)
        {
            run.Room(Text.Length / 64);
            if (nested > MostNested)
                throw run.Fault($"tojson: a value nests more than {MostNested} deep");
            switch (value)
            {
                case null:
                    Text.Append("null");
                    break;
                case bool b:
                    Text.Append(b ? "true" : "false");
                    break;
                case long n:
                    Text.Append(n);
                    break;
                case double d:
                    Text.Append(
                        double.IsNaN(d) ? "NaN"
                        : double.IsInfinity(d)
                            ? d > 0 ? "Infinity"
                                : "-Infinity"
                        : TemplateValues.Number(d)
                    );
                    break;
                case string s:
                    Quote(s);
                    break;
                case List<object?> list:
                    Several('[', ']', list, i => Write(i, nested + 1), nested);
                    break;
                case TemplateMap map:
                    Several(
                        '{',
                        '}',
                        sorted ? [.. map.OrderBy(p => p.Key, StringComparer.Ordinal)] : map.ToList(),
                        pair =>
                        {
                            Quote(pair.Key);
                            Text.Append(colon);
                            Write(pair.Value, nested + 1);
                        },
                        nested
                    );
                    break;
                default:
                    throw run.Fault($"tojson: {TemplateValues.Named(value)} has no JSON");
            }
        }

        private void Several<T>(char open, char close, List<T> items, Action<T> write, int nested)
        {
            Text.Append(open);
            for (var i = 0; i < items.Count; i++)
            {
                Text.Append(i > 0 ? between : "");
                Break(nested + 1);
                write(items[i]);
            }
            if (items.Count > 0)
                Break(nested);
            Text.Append(close);
        }

        private void Break(int nested)
        {
            if (indent is null)
                return;
            Text.Append('\n');
            for (var i = 0; i < nested; i++)
                Text.Append(indent);
        }

        private void Quote(string s)
        {
            run.Room(Text.Length + s.Length);
            Text.Append('"');
            foreach (var c in s)
                _ = c switch
                {
                    '"' => Text.Append("\\\""),
                    '\\' => Text.Append("\\\\"),
                    '\n' => Text.Append("\\n"),
                    '\r' => Text.Append("\\r"),
                    '\t' => Text.Append("\\t"),
                    '\b' => Text.Append("\\b"),
                    '\f' => Text.Append("\\f"),
                    _ when c < ' ' || (ascii && c > '~') => Text.Append(
                        CultureInfo.InvariantCulture,
                        $"\\u{(int)c:x4}"
                    ),
                    _ => Text.Append(c),
                };
            Text.Append('"');
        }
    }
}
