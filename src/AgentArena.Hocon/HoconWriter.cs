// A tree as HOCON that reads back to the same. Knows no file.
using System.Text;
using System.Text.Json.Nodes;

namespace AgentArena.Hocon;

/// <summary>Writes trees of objects, lists and texts, one way each: what two equal trees come to is equal.</summary>
public static class HoconWriter
{
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
            text.Append(' ', depth * 2);
            if (IsPlain(key, "") && key != "include")
                text.Append(key);
            else
                Quote(text, key);
            text.Append(value is JsonObject ? " " : " = ");
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
                    if (i > 0)
                        text.Append(", ");
                    Value(text, list[i], depth);
                }
                text.Append(']');
                break;
            case null:
                text.Append("null");
                break;
            default:
                var word = value.ToString();
                if (word != "null" && IsPlain(word, "."))
                    text.Append(word);
                else
                    Quote(text, word);
                break;
        }
    }

    private static bool IsPlain(string text, string also) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || also.Contains(c));

    private static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            var escape = "\"\\\b\f\n\r\t".IndexOf(c);
            if (escape >= 0)
                text.Append('\\').Append("\"\\bfnrt"[escape]);
            else if (char.IsControl(c))
                text.Append($"\\u{(int)c:x4}");
            else
                text.Append(c);
        }
        text.Append('"');
    }
}
