using System.Text.Json.Nodes;

namespace AgentArena.Hocon.Tests;

/// <summary>Readings as the tests look at them.</summary>
internal static class Hocon
{
    public static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "data", name);

    /// <summary>What tests may find in the environment.</summary>
    public static string? Environment(string name) =>
        name switch
        {
            "HOCON_X" => "envval",
            "HOCON_EMPTY" => "",
            "SECRET_A" => "A",
            "SECRET_B" => "B",
            "SECRET_C" => "C",
            _ => null,
        };

    public static HoconDocument Read(string text) => HoconReader.ReadText(text, "x.conf", Environment);

    /// <summary>The tree of a sound text.</summary>
    public static JsonObject Tree(string text) => Sound(Read(text));

    public static JsonObject Sound(HoconDocument document)
    {
        document.Faults.ShouldBeEmpty();
        return document.Root.ShouldNotBeNull();
    }

    /// <summary>The value of field <c>a</c> as JSON without blanks.</summary>
    public static string A(string text) => Json(Tree(text)["a"]);

    public static string Json(JsonNode? node) => node?.ToJsonString() ?? "null";

    /// <summary>The faults of a text, each in one line.</summary>
    public static string[] Faults(string text) => [.. Read(text).Faults.Select(f => f.ToString())];

    /// <summary>
    /// Holds that two trees are the same, numbers and switches of JSON being the texts they are written as, and fields
    /// in any order.
    /// </summary>
    public static void ShouldMatch(this JsonNode? found, JsonNode? expected, string path = "")
    {
        switch (expected)
        {
            case JsonObject block:
                var fields = found.ShouldBeOfType<JsonObject>(path);
                fields.Select(f => f.Key).ShouldBe(block.Select(f => f.Key), ignoreOrder: true, path);
                foreach (var (key, value) in block)
                    fields[key].ShouldMatch(value, $"{path}.{key}");
                break;
            case JsonArray list:
                var items = found.ShouldBeOfType<JsonArray>(path);
                items.Count.ShouldBe(list.Count, path);
                for (var i = 0; i < list.Count; i++)
                    items[i].ShouldMatch(list[i], $"{path}[{i}]");
                break;
            default:
                found?.ToString().ShouldBe(expected?.ToString(), path);
                (found is null).ShouldBe(expected is null, path);
                break;
        }
    }
}
