// arena tokenize: texts and conversations as a tokenizer's ids, and back, a row at a time. Knows rows; what they become
// the tokenizer says.
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Models.Tokens;
using AgentArena.Models.Tokens.HuggingFace;

namespace AgentArena.Cli.Commands;

internal static class TokenizeCommand
{
    private const string Encoded = "encoded",
        Rendered = "rendered",
        Decoded = "decoded";

    public static Command Make(Door door)
    {
        var model = new Argument<string>("MODEL")
        {
            Description =
                "A model's folder (published, or a checkpoint of a run), or a tokenizer.json, plain or gzipped.",
        };
        var rows = new Option<string>("--in")
        {
            Description =
                "Rows (JSON lines, JSON, Parquet, CSV or TSV, plain or gzipped; - is standard input, the default), "
                + "each with text; or messages (role and content), optionally add_generation_prompt and further values "
                + "of the chat template; or ids.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "-",
        };
        var command = new Command(
            "tokenize",
            "Texts to ids and back: one JSON line each. Special tokens are read in a text; in messages they are the "
                + "template's alone, as in play."
        )
        {
            model,
            rows,
        };
        command.SetAction(parsed =>
        {
            var tokenizer = TokenizerFolder.Read(parsed.GetValue(model)!);
            return RowsOf.Answer(
                door,
                parsed.GetValue(rows)!,
                row => Answer(tokenizer, row),
                Encoded,
                Rendered,
                Decoded
            );
        });
        return command;
    }

    private static (JsonObject? Answer, string Kind, string? Fault) Answer(ITokenizer tokenizer, JsonObject row)
    {
        try
        {
            if (row["text"] is JsonValue text && text.TryGetValue<string>(out var said))
                return (Ids(tokenizer.EncodeMarked(said, Flag(row, "add_special_tokens"))), Encoded, null);
            if (row["messages"] is JsonArray messages)
                return (Conversation(tokenizer, messages, row), Rendered, null);
            if (row["ids"] is JsonArray ids)
                return (
                    new JsonObject { ["text"] = tokenizer.Decode(Numbers(tokenizer, ids), marked: true) },
                    Decoded,
                    null
                );
            return (
                null,
                "",
                $"has {(row.Count == 0 ? "nothing" : string.Join(", ", row.Select(p => p.Key)))}; it should have text "
                    + "(a text), messages (a list) or ids (a list). Name one of them so."
            );
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException)
        {
            return (null, "", e.Message);
        }
    }

    private static JsonObject Conversation(ITokenizer tokenizer, JsonArray messages, JsonObject row)
    {
        foreach (var (message, i) in messages.Select((m, i) => (m, i)))
            if (message is not JsonObject said || said["role"]?.GetValueKind() != JsonValueKind.String)
                throw new ArgumentException($"messages[{i}]: has no role. Give role and content, both texts.");
        var ask = Flag(row, "add_generation_prompt");
        if (tokenizer is not HuggingFaceTokenizer published)
        {
            var own = tokenizer.Append([], [.. messages.Select((m, i) => Message((JsonObject)m!, i))], ask);
            var spelled = Ids(own);
            spelled.Insert(0, "text", tokenizer.Decode(own.AsSpan(), marked: true));
            return spelled;
        }
        var guarded = (JsonArray)messages.DeepClone();
        foreach (var message in guarded.OfType<JsonObject>())
            if (message["content"] is JsonValue content && content.TryGetValue<string>(out var text))
                message["content"] = published.Guarded(text, (string?)message["role"] == "assistant");
        var more = row.Where(p => p.Key is not ("messages" or "add_generation_prompt"))
            .ToDictionary(p => p.Key, p => (object?)p.Value);
        var rendered = published.Chat.Render(guarded, ask, more);
        var answer = Ids(published.Rendered(rendered));
        answer.Insert(0, "text", HuggingFaceTokenizer.Unguarded(rendered));
        return answer;
    }

    private static Message Message(JsonObject message, int i)
    {
        if (!Enum.TryParse<Speaker>((string?)message["role"], ignoreCase: true, out var speaker))
            throw new ArgumentException(
                $"messages[{i}]: {DidYouMean.Unknown("role", (string?)message["role"] ?? "", Roles)}"
            );
        return message["content"] is JsonValue content && content.TryGetValue<string>(out var text)
            ? new Message(speaker, text)
            : throw new ArgumentException($"messages[{i}]: has no content. Give role and content, both texts.");
    }

    private static IEnumerable<string> Roles => Enum.GetNames<Speaker>().Select(n => n.ToLowerInvariant());

    private static int[] Numbers(ITokenizer tokenizer, JsonArray ids) =>
        [
            .. ids.Select(
                (n, i) =>
                    n is JsonValue value && value.TryGetValue<int>(out var id) && id >= 0 && id < tokenizer.Count
                        ? id
                        : throw new ArgumentException(
                            $"ids[{i}]: is {n?.ToJsonString() ?? "null"}; ids of this tokenizer are whole numbers "
                                + $"from 0 to {tokenizer.Count - 1}. Use the tokenizer that made it."
                        )
            ),
        ];

    private static JsonObject Ids(IEnumerable<int> ids) =>
        new() { ["ids"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) };

    private static bool Flag(JsonObject row, string name) =>
        row[name] switch
        {
            null => false,
            JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
            var other => throw new ArgumentException($"{name}: is {other.ToJsonString()}. Give true or false."),
        };
}
