// The body of a request, in the shape that its server takes. Knows the protocol's words, no address and no answer.
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AgentArena.Core.Data;
using AgentArena.Core.Models;
using AgentArena.Core.Players;

namespace AgentArena.Actors.Remote;

/// <summary>Makes bodies of chat completions.</summary>
internal static class ChatRequest
{
    /// <summary>A request for a reply to a conversation; ids and masks mean nothing to a remote model.</summary>
    public static string Body(RemoteSpec spec, SequenceRequest request)
    {
        var shape = spec.Shape;
        var body = new JsonObject
        {
            ["model"] = spec.Model,
            ["messages"] = new JsonArray([
                .. Messages(shape, request.Messages)
                    .Select(m => (JsonNode)new JsonObject { ["role"] = m.Role, ["content"] = Whole(m.Text) }),
            ]),
        };
        Put(shape.Fields.MaxTokens, request.Budget);
        Put(shape.Fields.Temperature, request.Sampling.Temperature);
        Put(shape.Fields.TopP, request.Sampling.TopP);
        if (request.Sampling.TopK > 0)
            Put(shape.Fields.TopK, request.Sampling.TopK);
        Put(shape.Fields.Seed, (long)(request.Seed >> 33)); // 31 bits, which every server takes
        if (!request.Sampling.Stop.IsDefaultOrEmpty)
            Put(shape.Fields.Stop, new JsonArray([.. request.Sampling.Stop.Select(s => (JsonNode)s)]));
        foreach (var (name, value) in spec.Extra ?? [])
            body[name] = Typed(value);
        return LenientJson.Write(body);

        void Put(string? name, JsonNode value)
        {
            if (name is not (null or RequestFields.None))
                body[name] = value;
        }
    }

    /// <summary>Messages in the roles that the server's template allows.</summary>
    internal static List<(string Role, string Text)> Messages(RequestShape shape, IReadOnlyList<Message> said)
    {
        var messages = new List<(string Role, string Text)>();
        var rules = "";
        foreach (var (speaker, text) in said)
        {
            if (speaker == Speaker.System && shape.System == SystemPlace.FirstUser)
                rules = Joined(rules, text);
            else
                Add(
                    speaker switch
                    {
                        Speaker.System => shape.System == SystemPlace.Developer ? "developer" : "system",
                        Speaker.Assistant => "assistant",
                        _ => "user",
                    },
                    text
                );
        }
        if (rules.Length == 0)
            return messages;
        if (messages is [("user", var first), ..])
            messages[0] = ("user", Joined(rules, first));
        else
            messages.Insert(0, ("user", rules));
        return messages;

        void Add(string role, string text)
        {
            if (shape.Alternate && messages is [.., var last] && last.Role == role)
                messages[^1] = (role, Joined(last.Text, text));
            else
                messages.Add((role, text));
        }
    }

    private static string Joined(string one, string other) => one.Length == 0 ? other : $"{one}\n\n{other}";

    // Half a surrogate pair, which another model may have said, cannot be sent.
    private static string Whole(string text) =>
        text.Any(char.IsSurrogate) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;

    // A scenario's leaves are texts; on the wire numbers and switches are what they look like.
    private static JsonNode? Typed(JsonNode? value) =>
        value switch
        {
            JsonObject block => new JsonObject(block.Select(p => KeyValuePair.Create(p.Key, Typed(p.Value)))),
            JsonArray list => new JsonArray([.. list.Select(Typed)]),
            JsonValue leaf when leaf.TryGetValue<string>(out var text) => text switch
            {
                "true" or "on" or "yes" => true,
                "false" or "off" or "no" => false,
                "null" => null,
                _ when long.TryParse(
                        text,
                        NumberStyles.AllowLeadingSign,
                        CultureInfo.InvariantCulture,
                        out var whole
                    ) => whole,
                _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                        && double.IsFinite(number) => number,
                _ => text,
            },
            _ => value?.DeepClone(),
        };
}
