// Test data of one JSON object a line, from the folder beside the tests.
using System.Text.Json.Nodes;

namespace AgentArena.Core.Tests;

internal static class Rows
{
    public static JsonObject[] Of(string file) =>
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, file))
                .Where(l => l.Length > 0)
                .Select(l => JsonNode.Parse(l)!.AsObject()),
        ];

    /// <summary>One line of the file a test, so that a failure names its row.</summary>
    public static TheoryData<string> Lines(string file)
    {
        var lines = new TheoryData<string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, file)))
            if (line.Length > 0)
                lines.Add(line);
        return lines;
    }

    public static string[] Texts(this JsonNode? list) =>
        [.. (list as JsonArray ?? []).Select(n => n!.GetValue<string>())];
}
