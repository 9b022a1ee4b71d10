// The doors through which foreign text comes in, for a fuzz run: replies of endpoints, rows of files, moves, programs,
// values.
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Actors.Remote;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Data;
using AgentArena.Core.Play;
using AgentArena.Core.Roles;
using AgentArena.Games.Python;
using AgentArena.Models.Tokens.Templates;

namespace AgentArena.Benchmarks;

/// <summary>
/// Each reads any text without an exception. A text is given as it is, within what it would stand in, and with that cut
/// in the middle.
/// </summary>
internal static class FuzzDoors
{
    private static readonly string[] Names = ["a.jsonl", "a.json", "a.csv", "a.tsv"];

    /// <summary>Names of doors and what they do with a text.</summary>
    public static IEnumerable<(string Name, Action<string> Read)> All
    {
        get
        {
            yield return ("endpoint", Endpoint);
            yield return ("json", text => LenientJson.TryRead(text));
            yield return ("rows", Rows);
            yield return ("reply rows", Replies());
            yield return ("thoughts", text => Thoughts.Without(text, leading: text.Length % 2 == 0));
            yield return ("players", Players());
            yield return ("programs", text =>
            {
                ProgramProposal.ReadSingle(text);
                ProgramProposal.ReadSingle($"```python\n{text}\n```\n```input {text}```");
                ProgramProposal.ReadMany(text, 2);
            });
            yield return ("chat templates", Templates);
            yield return ("python values", text => PythonValue.Read(text)?.Equals(PythonValue.Read($"[{text}]")));
        }
    }

    private static void Endpoint(string text)
    {
        var quoted = JsonSerializer.Serialize(text);
        var said = $$"""{"content": {{quoted}}, "reasoning": {{quoted}} }""";
        var body = $$"""{"choices": [{"message": {{said}}, "finish_reason": "stop"}], "usage": {"n": {{quoted}} } }""";
        foreach (var sent in (string[])[text, body, body[..(body.Length / 2)], body.Replace("\"content\"", text)])
            ChatReading.Read(ChatReading.Decoded(Encoding.UTF8.GetBytes(sent), text.Length % 3 == 0 ? text : null));
    }

    // A template that cannot be read or run is refused, in two ways; what it is given is never at fault.
    private static void Templates(string text)
    {
        foreach (var source in (string[])[text, $"{{{{ {text} }}}}", $"{{% for x in [1, 2] %}}{text}{{% endfor %}}"])
            try
            {
                new ChatTemplate(source, "a").Render(new Dictionary<string, object?> { ["text"] = text });
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                // refused in words
            }
        new ChatTemplate("{{ text | trim | tojson }}{{ text.split() }}{{ text[::-1] }}", "a").Render(
            new Dictionary<string, object?> { ["text"] = text }
        );
    }

    private static void Rows(string text)
    {
        var row = new JsonObject { ["question"] = text, ["answer"] = new JsonArray(text, 1) }.ToJsonString();
        foreach (
            var file in (string[])
                [text, row, $"{row}\n{row[..(row.Length / 2)]}\n", $"[{row}, {text}]", $"question,answer\n{text}"]
        )
            try
            {
                foreach (
                    var read in DataText.Rows(
                        new MemoryStream(Encoding.UTF8.GetBytes(file)),
                        Names[file.Length % Names.Length]
                    )
                )
                    DataField.Answers(DataField.At(read.Fields, text.Length < 40 ? text : "answer[0]"));
            }
            catch (DataException)
            {
                // told, with its place
            }
    }

    private static Action<string> Replies()
    {
        var reader = new ReplyReader(Standard.Catalog.Games.Create(new Plugin("liars-dice")));
        return text =>
            reader.Read(
                new JsonObject
                {
                    ["reply"] = text,
                    ["moves"] = new JsonArray("1x2", text.Length % 2 == 0 ? "1x3" : text),
                    ["format"] = text.Length % 5 == 0 ? "boxed" : null,
                }
            );
    }

    private static Action<string> Players()
    {
        var game = Standard.Catalog.Games.Create(new Plugin("tic-tac-toe"));
        var turn = game.Turns(game.Start(new GameSetup(1)))[0];
        PlayerRole[] players =
        [
            .. Enum.GetValues<AnswerFormat>().Select(f => new PlayerRole(new() { Format = f, Constrained = false })),
        ];
        return text =>
        {
            foreach (var player in players)
                player.Read(game, turn, text, truncated: false);
        };
    }
}
