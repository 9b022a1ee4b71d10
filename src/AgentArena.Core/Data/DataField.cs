// A field of a row by its path, and a field's value as words or as right answers. Knows how people nest things, never
// what they are about.
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AgentArena.Core.Data;

/// <summary>
/// Fields by path: <c>answer</c>, <c>reward_model.ground_truth</c>, <c>answer.aliases[0]</c>; a field whose own name
/// has dots in it goes first.
/// </summary>
public static class DataField
{
    private const int MostNamed = 24;

    /// <summary>The value at a path; null where there is none or it is JSON's null.</summary>
    public static JsonNode? At(JsonNode? node, string path)
    {
        if (path.Length == 0)
            return node;
        // Blocks are at times stored as their own text.
        if (
            node is JsonValue value
            && value.TryGetValue<string>(out var text)
            && text.AsSpan().TrimStart() is ['{' or '[', ..]
        )
            node = LenientJson.TryRead(text);
        if (node is JsonArray list && path[0] == '[' && path.IndexOf(']') is > 1 and var close)
            return
                int.TryParse(
                    path.AsSpan(1, close - 1),
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var index
                )
                && (index < 0 ? list.Count + index : index) is var at
                && at >= 0
                && at < list.Count
                ? At(list[at], path[(close + 1)..].TrimStart('.'))
                : null;
        if (node is not JsonObject block)
            return null;
        // The longest name first, so that one with dots in it is found.
        for (var end = path.Length; end > 0; end = path.LastIndexOfAny(['.', '['], end - 1))
            if (block.TryGetPropertyValue(path[..end], out var found))
                return At(found, path[end..].TrimStart('.'));
        return null;
    }

    /// <summary>
    /// A value in words: texts and numbers as they are, the words of a chat, members of a list a line each; null where
    /// there are none.
    /// </summary>
    public static string? Words(JsonNode? node)
    {
        var words = node switch
        {
            null => "",
            JsonValue value => Scalar(value),
            JsonArray list when list.Count > 0 && list.All(m => m is JsonObject o && o.ContainsKey("content")) =>
                string.Join("\n\n", list.Select(m => Words(m!["content"])).Where(w => w is not null)),
            JsonArray list => string.Join(
                '\n',
                list.Select(m =>
                        m is JsonObject { Count: > 0 } part && part["text"] is JsonValue
                            ? Words(part["text"])
                            : Words(m)
                    )
                    .Where(w => w is not null)
            ),
            JsonObject { Count: 2 } pair
                when pair["label"] is JsonArray labels
                    && pair["text"] is JsonArray texts
                    && labels.Count == texts.Count => string.Join(
                '\n',
                labels.Zip(texts, (l, t) => $"{Words(l)}: {Words(t)}")
            ),
            JsonObject block => string.Join(
                '\n',
                block
                    .Where(p => p.Value is not null)
                    .Select(p => $"{p.Key}: {(p.Value is JsonValue v ? Scalar(v) : LenientJson.Write(p.Value))}")
            ),
            _ => "",
        };
        return words.Length > 0 ? words : null;
    }

    /// <summary>
    /// The right answers that a value gives: itself, or each member of a list; empty where it gives none.
    /// </summary>
    public static ImmutableArray<string> Answers(JsonNode? node) =>
        node switch
        {
            JsonValue value => Scalar(value) is { Length: > 0 } one && !string.IsNullOrWhiteSpace(one) ? [one] : [],
            JsonArray list =>
            [
                .. list.OfType<JsonValue>().Select(Scalar).Where(a => !string.IsNullOrWhiteSpace(a)).Distinct(),
            ],
            _ => [],
        };

    /// <summary>The paths of a row's fields, for messages.</summary>
    public static string Named(JsonObject row)
    {
        var paths = Paths(row, "", 0).Take(MostNamed + 1).ToArray();
        return paths.Length == 0
            ? "no fields"
            : string.Join(", ", paths.Take(MostNamed)) + (paths.Length > MostNamed ? ", …" : "");
    }

    private static IEnumerable<string> Paths(JsonObject block, string before, int depth) =>
        block.SelectMany(p =>
            p.Value is JsonObject { Count: > 0 } inner && depth < 3
                ? Paths(inner, $"{before}{p.Key}.", depth + 1)
                : [before + p.Key]
        );

    private static string Scalar(JsonValue value) =>
        value.TryGetValue<string>(out var text) ? text : value.ToJsonString();
}
