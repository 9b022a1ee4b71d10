// JSON as it is found: what Python, which writes most of it, also reads. Knows no schema.
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentArena.Core.Data;

/// <summary>
/// Reads JSON that this platform's own reader stumbles over: of equal keys the last counts (RFC 8259, section 4, leaves
/// it open; Python, JavaScript and Go do so), half a surrogate pair is U+FFFD, NaN and the infinities are null, control
/// signs may stand in texts.
/// </summary>
public static class LenientJson
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The value of a text; null for JSON's null.</summary>
    /// <exception cref="JsonException">It is no JSON; <see cref="Told"/> words it with line and place.</exception>
    public static JsonNode? Read(string text)
    {
        try
        {
            return Node(JsonSerializer.Deserialize<JsonElement>(Plainer(text)));
        }
        catch (JsonException e)
        {
            throw new JsonException(Bare(e), e.Path, e.LineNumber, e.BytePositionInLine, e);
        }
    }

    /// <summary>The value of a text, or null where it is none or JSON's null.</summary>
    public static JsonNode? TryRead(string text)
    {
        try
        {
            return Read(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A value as one line, with no more escapes than JSON needs.</summary>
    public static string Write(JsonNode? node) => node?.ToJsonString(Plain) ?? "null";

    /// <summary>What is wrong, with line and place counted from 1.</summary>
    public static string Told(JsonException e)
    {
        return e.LineNumber is { } line ? $"at line {line + 1}, place {e.BytePositionInLine + 1}: {Bare(e)}" : Bare(e);
    }

    private static string Bare(JsonException e)
    {
        var end = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        if (end < 0)
            end = e.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end].TrimEnd('.');
    }

    /// <summary>The same text as JSON that every reader takes; the text itself where it was that.</summary>
    internal static string Plainer(string text)
    {
        StringBuilder? made = null;
        int from = 0,
            at = 0;
        var quoted = false;
        while (at < text.Length)
        {
            var c = text[at];
            if (!quoted)
            {
                var name = c is 'N' or 'I' or '-' ? Unknown(text.AsSpan(at)) : 0;
                if (name > 0)
                    Put("null", name);
                else if (char.IsSurrogate(c))
                    Put("\ufffd", 1); // no JSON, and to be told as that
                else
                {
                    quoted = c == '"';
                    at++;
                }
            }
            else if (c == '"')
            {
                quoted = false;
                at++;
            }
            else if (c < ' ')
                Put($"\\u{(int)c:x4}", 1);
            else if (char.IsSurrogate(c))
            {
                if (char.IsHighSurrogate(c) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                    at += 2;
                else
                    Put("\ufffd", 1);
            }
            else if (c != '\\')
                at++;
            else if (Escaped(text, at) is not { } unit || !char.IsSurrogate(unit))
                at += at + 1 < text.Length && text[at + 1] is >= ' ' and not (>= '\ud800' and <= '\udfff') ? 2 : 1;
            else if (char.IsHighSurrogate(unit) && Escaped(text, at + 6) is { } low && char.IsLowSurrogate(low))
                at += 12;
            else
                Put(@"\ufffd", 6);
        }
        return made is null ? text : made.Append(text, from, text.Length - from).ToString();

        void Put(string instead, int length)
        {
            (made ??= new StringBuilder(text.Length + 16)).Append(text, from, at - from).Append(instead);
            from = at += length;
        }
    }

    // The code unit of \uXXXX; null where that does not stand there.
    private static char? Escaped(string text, int at) =>
        at + 6 <= text.Length
        && text[at] == '\\'
        && text[at + 1] == 'u'
        && ushort.TryParse(
            text.AsSpan(at + 2, 4),
            System.Globalization.NumberStyles.AllowHexSpecifier,
            null,
            out var unit
        )
            ? (char)unit
            : null;

    private static int Unknown(ReadOnlySpan<char> text) =>
        text.StartsWith("NaN", StringComparison.Ordinal) ? 3
        : text.StartsWith("Infinity", StringComparison.Ordinal) ? 8
        : text.StartsWith("-Infinity", StringComparison.Ordinal) ? 9
        : 0;

    private static JsonNode? Node(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var block = new JsonObject();
                foreach (var property in element.EnumerateObject())
                    block[property.Name] = Node(property.Value);
                return block;
            case JsonValueKind.Array:
                var list = new JsonArray();
                foreach (var item in element.EnumerateArray())
                    list.Add(Node(item));
                return list;
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return JsonValue.Create(element.GetString());
            default:
                return JsonValue.Create(element);
        }
    }
}
