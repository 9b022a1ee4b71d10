// A command over the rows of a file: each row's answer as a line of JSON as soon as it is known, mistakes and counts on
// standard error.
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Actors.Data;
using AgentArena.Core.Data;

namespace AgentArena.Cli.Commands;

/// <summary>
/// Reads rows one by one and tells what comes of each. A row that cannot be used is named with file and place; the
/// others are read all the same.
/// </summary>
internal static class RowsOf
{
    private static readonly JsonSerializerOptions Line = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Argument<string> File(string holds) =>
        new("FILE")
        {
            Description =
                $"Rows (JSON lines, JSON, Parquet, CSV or TSV, plain or gzipped; - is standard input) with {holds}.",
        };

    /// <summary>Answers every row.</summary>
    /// <param name="door">Where answers and mistakes go.</param>
    /// <param name="file">The file, or - for standard input.</param>
    /// <param name="answer">The answer to a row and what it is counted as, or what is wrong with the row.</param>
    /// <param name="kinds">What rows are counted as, in the order they are told.</param>
    /// <returns>The exit code: a mistake where a row could not be used.</returns>
    public static int Answer(
        Door door,
        string file,
        Func<JsonObject, (JsonObject? Answer, string Kind, string? Fault)> answer,
        params string[] kinds
    )
    {
        var counts = kinds.ToDictionary(k => k, _ => 0);
        var bad = 0;
        try
        {
            foreach (
                var row in file == "-"
                    ? DataText.Rows(Console.OpenStandardInput(), "standard input")
                    : new ScenarioFiles(Directory.GetCurrentDirectory()).Rows(file)
            )
            {
                var (said, kind, fault) = row.Fields is { } fields ? answer(fields) : (null, "", row.Fault);
                if (said is null)
                {
                    bad++;
                    door.Error.WriteLine($"{file}: {row.Place}: {fault}");
                    continue;
                }
                counts[kind]++;
                said.Insert(0, "row", row.Place);
                door.Out.WriteLine(said.ToJsonString(Line));
            }
        }
        catch (DataException e)
        {
            bad++;
            door.Error.WriteLine(e.Message);
        }
        door.Error.WriteLine(
            $"{counts.Values.Sum()} rows: {string.Join(", ", kinds.Select(k => $"{counts[k]} {k}"))}{(bad > 0 ? $"; {bad} could not be used" : "")}"
        );
        return bad > 0 ? Exit.Mistake : Exit.Done;
    }
}
