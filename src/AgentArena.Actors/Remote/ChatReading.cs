// What an answer of an endpoint says, in the shapes that endpoints send. Hostile input: bounded before it comes here,
// never an exception.
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Core.Data;

namespace AgentArena.Actors.Remote;

/// <summary>A reply and what it cost in tokens, as the endpoint counts them (0 where it does not say).</summary>
/// <param name="Text">
/// What it says; empty where it says nothing, thinks only, or calls tools that it was not given.
/// </param>
/// <param name="Truncated">Whether it was cut by a budget.</param>
/// <param name="PromptTokens">Tokens of the request.</param>
/// <param name="ReplyTokens">Tokens of the reply, thoughts included.</param>
public sealed record ChatReply(string Text, bool Truncated, long PromptTokens, long ReplyTokens)
{
    /// <summary>What it thought, where the endpoint sends that apart; null where it does not.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Why it ended, in the endpoint's word; null where it does not say.</summary>
    public string? FinishReason { get; init; }
}

/// <summary>Reads bodies of chat completions.</summary>
public static class ChatReading
{
    private static readonly string[] Cuts = ["length", "max_tokens", "max_output_tokens", "model_length"];
    private static readonly string[] Thinking = ["reasoning_content", "reasoning", "reasoning_text", "thinking"];

    /// <summary>
    /// The text of a body, by the charset it names where that is known here, else by its byte order mark, else as
    /// UTF-8.
    /// </summary>
    public static string Decoded(byte[] body, string? charset)
    {
        var encoding = Encoding.UTF8;
        try
        {
            if (charset?.Trim('"', '\'', ' ') is { Length: > 0 } name)
                encoding = Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            // Nearly all that is sent is UTF-8, whatever it is called.
        }
        using var reader = new StreamReader(new MemoryStream(body), encoding, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// The reply that a body holds, or what is wrong with it; <c>Passing</c>: whether the next one may hold one.
    /// </summary>
    public static (ChatReply? Reply, string? Fault, bool Passing) Read(string text)
    {
        JsonNode? root;
        try
        {
            root = LenientJson.Read(text);
        }
        catch (JsonException)
        {
            root = null;
        }
        if (root is not JsonObject body)
            return (null, "sent what is no JSON of a chat completion", true);
        if (At(body["choices"], 0) is not JsonObject choice)
            return Error(body) is var (error, code)
                ? (null, $"sent an error: {error}", code is null or >= 500 or 408 or 409 or 429)
                : (null, "sent no choices[0].message.content", true);
        if (choice["message"] is not JsonObject message || Said(message) is not { } said)
            return (null, "sent no choices[0].message.content", true);
        var reason = Word(choice["finish_reason"]);
        var usage = body["usage"] as JsonObject;
        return (
            new ChatReply(
                said,
                Cuts.Contains(reason, StringComparer.OrdinalIgnoreCase),
                Count(usage, "prompt_tokens", "input_tokens"),
                Count(usage, "completion_tokens", "output_tokens")
            )
            {
                FinishReason = reason,
                Reasoning = Thinking
                    .Select(key => Parts(message[key], thinking: true))
                    .FirstOrDefault(r => !string.IsNullOrEmpty(r))
                    ?? Thought(message["content"]),
            },
            null,
            false
        );
    }

    /// <summary>The words of an error in a body, and its code; null where there is none.</summary>
    public static (string Message, int? Code)? Error(JsonNode? root)
    {
        var error = (root as JsonObject)?["error"];
        if (error is null)
            return null;
        var code =
            error is JsonObject block
            && block["code"] is JsonValue value
            && int.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : (int?)null;
        return (Word((error as JsonObject)?["message"]) ?? LenientJson.Write(error), code);
    }

    // Null where the message is none. Content may be null beside thoughts, a refusal or calls of tools: such a reply
    // says nothing.
    private static string? Said(JsonObject message)
    {
        var content = message["content"];
        var said = content is null or JsonArray or JsonObject ? Parts(content, thinking: false) : Word(content);
        if (!string.IsNullOrEmpty(said))
            return said;
        if (Word(message["refusal"]) is { Length: > 0 } refusal)
            return refusal;
        return said
            ?? (
                message.ContainsKey("content") && content is null
                || Thinking.Append("tool_calls").Append("refusal").Any(message.ContainsKey) && content is null
                    ? ""
                    : null
            );
    }

    private static string? Thought(JsonNode? content) =>
        content is JsonArray or JsonObject && Parts(content, thinking: true) is { Length: > 0 } thought
            ? thought
            : null;

    // Parts of type text are said, those of thinking are thought; a part's text may be made of parts itself. Null where
    // there are no parts.
    private static string? Parts(JsonNode? node, bool thinking)
    {
        switch (node)
        {
            case JsonValue:
                return thinking ? Word(node) : null;
            case JsonArray list:
                return string.Concat(
                    list.Select(part =>
                        Word(part) is { } bare
                            ? thinking
                                ? ""
                                : bare
                            : Part(part as JsonObject, thinking)
                    )
                );
            case JsonObject part:
                return Part(part, thinking);
            default:
                return null;
        }
    }

    private static string Part(JsonObject? part, bool thinking)
    {
        if (part is null)
            return "";
        var thought =
            Word(part["type"]) is { } type
            && (
                type.Contains("thinking", StringComparison.OrdinalIgnoreCase)
                || type.Contains("reasoning", StringComparison.OrdinalIgnoreCase)
            );
        if (thought != thinking)
            return "";
        var text = part["text"] ?? (thinking ? part["thinking"] ?? part["reasoning"] : part["refusal"]);
        // Of a list within, all is of the kind of the part around it.
        return text is JsonArray inner
            ? string.Concat(inner.Select(i => Word(i) ?? Word((i as JsonObject)?["text"])))
            : Word(text) ?? "";
    }

    private static JsonNode? At(JsonNode? list, int index) =>
        list is JsonArray array && index < array.Count ? array[index] : null;

    private static string? Word(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    // Some print counts as 10.0, some as texts; what is no count is none.
    private static long Count(JsonObject? usage, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (
                usage?[name] is JsonValue value
                && double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var count)
                && count is > 0 and < 1e15
            )
                return (long)count;
        return 0;
    }
}
