using System.Text.Json;

namespace AgentArena.Cli.Tests;

/// <summary>arena grade: a line a row, counts at the end, and no row that stops the others.</summary>
public sealed class GradeTests
{
    private static Outcome Graded(params string[] rows)
    {
        using var temp = new TempFolder();
        File.WriteAllLines(temp.In("rows.jsonl"), rows);
        return Arena.Invoke("grade", temp.In("rows.jsonl"));
    }

    private static (string? Verdict, string? Read, string? Why)[] Lines(Outcome outcome) =>
        [
            .. outcome
                .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line =>
                {
                    using var json = JsonDocument.Parse(line);
                    json.RootElement.EnumerateObject().Select(p => p.Name).ShouldBe(["verdict", "read", "why"]);
                    string? text(string name) => json.RootElement.GetProperty(name).GetString();
                    return (text("verdict"), text("read"), text("why"));
                }),
        ];

    [Fact]
    public void Each_row_is_judged_and_all_are_counted()
    {
        var outcome = Graded(
            """{"gold": "\\frac{1}{2}", "reply": "So it is \\boxed{0.5}."}""",
            """{"gold": "42", "reply": "<think>\\boxed{42}</think> The answer is 41."}""",
            """{"gold": "42", "reply": "I do not know"}""",
            "",
            """{"reply": "\\boxed{9^{9^{9^{9}}}}", "gold": "3^{10^{9}}", "id": 7}""",
            """{"gold": 72, "reply": "72 clips"}""",
            """{"gold": ["2", "3"], "reply": "\\boxed{3, 2}"}"""
        );
        outcome.Code.ShouldBe(0);
        Lines(outcome).Select(l => l.Verdict).ShouldBe(["right", "wrong", "wrong", "undecided", "right", "right"]);
        Lines(outcome)
            .Select(l => l.Read)
            .ShouldBe(["0.5", "41", "I do not know", "9^{9^{9^{9}}}", "72 clips", "3, 2"]);
        Lines(outcome).ShouldAllBe(l => l.Why!.Length > 0);
        outcome.Error.ShouldBe("6 rows: 3 right, 2 wrong, 1 undecided\n");
    }

    [Fact]
    public void A_bad_row_is_named_by_file_and_line_and_the_others_are_judged()
    {
        var outcome = Graded(
            """{"gold": "1", "reply": "1"}""",
            "no json",
            """{"gold": "1", "answer": "1"}""",
            "[1]",
            """{"gold": "1", "reply": null}""",
            """{"gold": "1", "reply": "\\boxed{1}"}"""
        );
        outcome.Code.ShouldBe(2);
        Lines(outcome).Select(l => l.Verdict).ShouldBe(["right", "right"]);
        var said = outcome.Error.TrimEnd().Split('\n');
        said.Length.ShouldBe(5);
        said[0].ShouldContain("rows.jsonl, line 2: no JSON (");
        said[1]
            .ShouldEndWith(
                "rows.jsonl, line 3: reply missing. It has gold, answer. Name the right answer gold and what was said reply, both as text."
            );
        said[2].ShouldContain("rows.jsonl, line 4: no JSON object.");
        said[3].ShouldContain("rows.jsonl, line 5: reply missing.");
        said[4].ShouldBe("2 rows: 2 right, 0 wrong, 0 undecided; 4 could not be read");
    }

    [Fact]
    public void Half_characters_equal_keys_and_other_digits_stop_nobody()
    {
        var outcome = Graded(
            "\ufeff{\"gold\": \"5\", \"reply\": \"\\\\boxed{５} \\ud83d\"}",
            """{"gold": "4", "gold": "5", "reply": "٥"}""",
            """{"gold": "5", "reply": "\ud83d\ude00 \\boxed{5} C:\\users \\ud83d"}"""
        );
        (outcome.Code, outcome.Error).ShouldBe((0, "3 rows: 3 right, 0 wrong, 0 undecided\n"));
    }

    [Fact]
    public void Rows_come_from_standard_input_as_well()
    {
        foreach (var arguments in new string[][] { ["grade"], ["grade", "-"] })
        {
            using var output = new StringWriter { NewLine = "\n" };
            using var error = new StringWriter { NewLine = "\n" };
            var door = new Door(output, error, Terminal: false)
            {
                In = new StringReader("""{"gold": "x", "reply": "$x$"}"""),
            };
            Program.Invoke(arguments, door).ShouldBe(0);
            output.ToString().ShouldStartWith("""{"verdict":"right","read":"$x$","why":""");
            error.ToString().ShouldBe("1 rows: 1 right, 0 wrong, 0 undecided\n");
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_mistake()
    {
        var outcome = Arena.Invoke("grade", "no-such.jsonl");
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldStartWith("no-such.jsonl: cannot be read (");
    }
}
