// arena grade: replies against right answers, a row at a time. Knows rows; what is right the checker says.
using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentArena.Actors;
using AgentArena.Games.Answers;

namespace AgentArena.Cli.Commands;

internal static partial class GradeCommand
{
    private static readonly string[] Needed = ["gold", "reply"];
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Make(Door door)
    {
        var file = new Argument<string?>("FILE")
        {
            Description =
                "JSON lines, each with gold (the right answer, a solution that marks it, or a list of answers that must all be "
                + "given) and reply; standard input where it is - or left out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "grade",
            "Judge replies: one JSON line each, with verdict (right, wrong or undecided), read (the answer "
                + "found) and why; counts on standard error."
        )
        {
            file,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file);
            if (path is null or "-")
                return Grade(door.In, "standard input", door);
            using var rows = Open(path);
            return Grade(rows, path, door);
        });
        return command;
    }

    private static StreamReader Open(string path)
    {
        try
        {
            return new StreamReader(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"{path}: cannot be read ({e.Message}). It should be a file of JSON lines with gold and reply. "
                    + "Give its path, or - for standard input."
            );
        }
    }

    private static int Grade(TextReader rows, string name, Door door)
    {
        var counts = new int[3];
        var (line, bad) = (0, 0);
        while (rows.ReadLine() is { } row)
        {
            line++;
            if (string.IsNullOrWhiteSpace(row))
                continue;
            if (Read(row) is not { } read)
            {
                bad++;
                door.Error.WriteLine($"{name}, line {line}: {Fault(row)}");
                continue;
            }
            var judged = AnswerChecker.Judge(read.Gold, read.Reply);
            counts[(int)judged.Verdict]++;
            door.Out.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        verdict = judged.Verdict.ToString().ToLowerInvariant(),
                        read = judged.Read,
                        why = judged.Why,
                    },
                    Plain
                )
            );
        }
        var (right, wrong, undecided) = (
            counts[(int)Verdict.Right],
            counts[(int)Verdict.Wrong],
            counts[(int)Verdict.Undecided]
        );
        door.Error.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{right + wrong + undecided} rows: {right} right, {wrong} wrong, {undecided} undecided"
            ) + (bad > 0 ? $"; {bad} could not be read" : "")
        );
        return bad > 0 ? Exit.Mistake : Exit.Done;
    }

    private static (string Gold, string Reply)? Read(string row)
    {
        try
        {
            using var json = JsonDocument.Parse(Whole(row));
            return Text(json.RootElement, "gold") is { } gold && Text(json.RootElement, "reply") is { } reply
                ? (gold, reply)
                : null;
        }
        catch (JsonException)
        {
            return null; // told with the line's number
        }
    }

    // Text as it is, anything else as JSON writes it: 72 and ["2", "3"] are answers too.
    private static string? Text(JsonElement row, string field) =>
        row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(field, out var value)
            ? null
            : value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Null or JsonValueKind.Object => null,
                _ => value.GetRawText(),
            };

    private static string Fault(string row)
    {
        try
        {
            using var json = JsonDocument.Parse(Whole(row));
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return "no JSON object. A row should be one, with gold and reply.";
            string[] missing = [.. Needed.Where(f => Text(json.RootElement, f) is null)];
            var fields = string.Join(", ", json.RootElement.EnumerateObject().Select(p => p.Name));
            return $"{string.Join(" and ", missing)} missing. It has {fields}. "
                + "Name the right answer gold and what was said reply, both as text.";
        }
        catch (JsonException e)
        {
            return $"no JSON ({e.Message.Split(". ")[0].TrimEnd('.')}). A row should be a JSON object with gold and reply, on one line.";
        }
    }

    // Half of a character that needs two, as tokenizers cut them, is no text to JSON: a lost character's sign in its
    // place.
    private static string Whole(string row)
    {
        row = row.TrimStart('\ufeff');
        if (row.Contains(@"\ud", StringComparison.OrdinalIgnoreCase))
            row = Half().Replace(row, m => m.Groups["pair"].Success || m.Groups["other"].Success ? m.Value : @"\ufffd");
        return string.Concat(row.EnumerateRunes());
    }

    [GeneratedRegex(
        @"(?<other>\\[^u])|(?<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
    )]
    private static partial Regex Half();
}
