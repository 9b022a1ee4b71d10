// HOCON values to JSON nodes whose leaves are texts, and such trees to HOCON that reads back to the same. Knows no file.
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akka.Configuration.Hocon;

namespace AgentArena.Cli.Hocon;

/// <summary>The tree of a scenario.</summary>
internal static class HoconTree
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Objects, lists, texts; the bare word null is null.</summary>
    public static JsonNode? ToJson(HoconValue value)
    {
        if (value.GetObject() is { } o)
        {
            var block = new JsonObject();
            foreach (var (key, child) in o.Items) block[key] = ToJson(child);
            return block;
        }
        if (value.IsArray()) return new JsonArray([.. value.GetArray().Select(ToJson)]);
        return value.GetString() is { } text ? JsonValue.Create(text) : null;
    }

    /// <summary>One value as it stands behind <c>key =</c>; text that is no HOCON means itself.</summary>
    public static JsonNode? ParseValue(string text)
    {
        try
        {
            if (HoconCheck.Of(text) is { Faults.Count: 0 } && Parser.Parse($"value = {text}\n", null).Value.GetChildObject("value") is { } value) return ToJson(value);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // not HOCON: a text with ':' or '=' in it, say
        }
        return JsonValue.Create(text);
    }

    /// <summary>The tree as HOCON for people.</summary>
    public static string Write(JsonObject tree)
    {
        var text = new StringBuilder();
        Fields(text, tree, 0);
        return text.ToString();
    }

    private static void Fields(StringBuilder text, JsonObject block, int depth)
    {
        foreach (var (key, value) in block)
        {
            text.Append(' ', depth * 2).Append(IsPlain(key) && key != "include" ? key : Quote(key));
            if (value is not JsonObject) text.Append(" =");
            text.Append(' ');
            Value(text, value, depth);
            text.Append('\n');
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int depth)
    {
        switch (value)
        {
            case JsonObject { Count: 0 }:
                text.Append("{}");
                break;
            case JsonObject block:
                text.Append("{\n");
                Fields(text, block, depth + 1);
                text.Append(' ', depth * 2).Append('}');
                break;
            case JsonArray list:
                text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    if (i > 0) text.Append(", ");
                    Value(text, list[i], depth);
                }
                text.Append(']');
                break;
            case null:
                text.Append("null");
                break;
            default:
                var word = value.ToString();
                text.Append(word != "null" && (IsPlain(word) || double.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _)) ? word : Quote(word));
                break;
        }
    }

    private static bool IsPlain(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static string Quote(string text) => JsonSerializer.Serialize(text, Quoting);
}
