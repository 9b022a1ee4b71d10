// Nothing that a model says or a file holds may throw: every parser is total over any text.
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Data;
using AgentArena.Core.Play;
using AgentArena.Core.Roles;
using AgentArena.Core.Tests.Games;
using AgentArena.Games.Python;
using AgentArena.Testing;

namespace AgentArena.Core.Tests;

public class HostileTests
{
    private const int Texts = 4_000;

    public static TheoryData<string> Entries => [.. Tables.Entries];

    private static readonly string[] Said =
    [
        .. Rows.Of("moves/replies.jsonl").Select(r => r["reply"]!.ToString()),
        "<think>",
        "</think>",
        "[THINK]",
        @"\boxed{",
        @"\text{",
        "<answer>",
        "</answer>",
        "[Offer: ",
        " -> ",
        "3 Wood",
        "[Accept]",
        "{\"move\": \"",
        "Move: ",
        "<|im_end|>",
        "search: ",
        "answer: ",
        "<search>",
        "</search>",
        "player 1",
        "<question>",
        "</question>",
    ];

    private static readonly string[] Python =
    [
        .. Rows.Of("programs/values.jsonl").Select(r => r["answer"]!.ToString()).Where(a => a.Length < 200),
        "set(",
        "frozenset(",
        "dict_items(",
        "defaultdict(<class '",
        "deque([",
        "range(",
        "Fraction(",
        "Decimal('",
        "b'",
        "r\"",
        "'''",
        "\\x",
        "\\u",
        "\\U0010FFFF",
        "\\N{",
        "0x",
        "1_0",
        ".e",
        "j",
        "1e5",
        "inf",
        "nan",
    ];

    [Theory]
    [MemberData(nameof(Entries))]
    public void Every_game_reads_any_reply_in_any_format(string entry)
    {
        var game = Tables.Open(entry);
        Role[] players =
        [
            .. Enum.GetValues<AnswerFormat>().Select(f => new PlayerRole(new() { Format = f, Constrained = false })),
        ];
        var hostile = new Hostile(11, Said);
        Tables.Play(game, 3, (live, _) =>
        {
            foreach (var turn in game.Turns(live))
                for (var i = 0; i < 40; i++)
                {
                    var reading = players[i % players.Length].Read(game, turn, hostile.Next(), truncated: i % 10 == 9);
                    (reading.Move is null).ShouldBe(reading.Fault is not null);
                    if (reading.Move is not { } move)
                        continue;
                    if (turn.HasLegal)
                        turn.Legal.ShouldContain(move.Text);
                    if (game.Check(live, turn, move) is null)
                        game.Outcome(game.Play(live, turn, move));
                }
        });
    }

    [Fact]
    public void Programs_and_values_are_read_out_of_any_text()
    {
        var hostile = new Hostile(
            12,
            [.. Python, "```python\n", "```output\n", "```input", "```", "def f(x):\n    return x\n"]
        );
        for (var i = 0; i < Texts; i++)
        {
            var text = hostile.Next();
            if (PythonValue.Read(text) is { } value)
            {
                value.GetHashCode();
                value.Equals(value).ShouldBe(value.EqualsItself || value.Equals(value), text);
            }
            foreach (var label in new[] { "python", "output", "input", "message" })
            foreach (var block in ProgramProposal.All(text, label))
                block.Length.ShouldBeLessThanOrEqualTo(ProgramProposal.MaxLength);
            ProgramProposal.ReadSingle(text);
            ProgramProposal.ReadMany(text, 2);
            ProgramJudge.NameError("KeyError", text);
        }
    }

    [Fact]
    public void Rows_are_read_out_of_any_bytes()
    {
        string[] names = ["a.jsonl", "a.json", "a.csv", "a.tsv", "a.gz", "a"];
        var hostile = new Hostile(
            13,
            [
                .. Rows.Of("rows/files.jsonl").Select(r => r["text"]?.ToString() ?? "PAR1"),
                "{\"question\": ",
                "\"\\ud83d\"",
                "[{",
                "}]",
                "\u001f\u008b\b",
                "a,b\n",
                "\"a\"\"b",
            ]
        );
        for (var i = 0; i < Texts; i++)
        {
            var text = hostile.Next();
            var bytes = i % 2 == 0 ? Encoding.UTF8.GetBytes(text) : [.. text.Select(c => (byte)c)];
            try
            {
                foreach (var row in DataText.Rows(new MemoryStream(bytes), names[hostile.Pick(names.Length)]))
                {
                    (row.Fields is null).ShouldBe(row.Fault is not null);
                    if (row.Fields is not { } fields)
                        continue;
                    foreach (
                        var path in new[]
                        {
                            "question",
                            "answer.value",
                            "answer[0]",
                            "a[-1].b[2",
                            ".",
                            "[0]",
                            text.Length > 40 ? text[..40] : text,
                        }
                    )
                    {
                        DataField.Words(DataField.At(fields, path));
                        DataField.Answers(DataField.At(fields, path));
                    }
                    DataField.Named(fields);
                    JsonNode.Parse(LenientJson.Write(fields));
                }
            }
            catch (DataException)
            {
                // told with its place; anything else is a fault of ours
            }
        }
    }

    [Fact]
    public void Any_text_is_json_or_told_not_to_be()
    {
        var hostile = new Hostile(
            14,
            "{\"a\":",
            "[1,",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\\u12",
            "NaN",
            "-Infinity",
            "}",
            "]",
            "\"k\": \"v\"",
            "1e400",
            "123456789012345678901234567890"
        );
        for (var i = 0; i < 5 * Texts; i++)
        {
            var text = hostile.Next();
            try
            {
                var node = LenientJson.Read(text);
                LenientJson.Write(LenientJson.Read(LenientJson.Write(node))).ShouldBe(LenientJson.Write(node));
            }
            catch (JsonException e)
            {
                LenientJson.Told(e).ShouldNotBeNullOrEmpty();
            }
        }
    }

    [Fact]
    public void Rows_of_replies_are_read_whatever_they_hold()
    {
        var hostile = new Hostile(15, [.. Said, "check", "bet"]);
        var reader = new ReplyReader(Standard.Catalog.Games.Create(new Plugin("kuhn-poker")));
        JsonNode? Any() =>
            hostile.Pick(7) switch
            {
                0 => null,
                1 => 7,
                2 => true,
                3 => new JsonArray("bet", hostile.Next()),
                4 => new JsonObject { ["a"] = 1 },
                5 => 1e300,
                _ => hostile.Next(),
            };
        for (var i = 0; i < Texts; i++)
        {
            var row = new JsonObject { ["reply"] = hostile.Pick(4) == 0 ? Any() : hostile.Next() };
            foreach (var key in new[] { "moves", "truncated", "seat", "seed", "format" })
                if (hostile.Pick(4) == 0)
                    row[key] = Any();
            var (reading, fault) = reader.Read(row);
            (fault is null == (reading.Move is not null || reading.Fault is not null)).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("a```b ")]
    [InlineData("```python ")]
    [InlineData("``` ```")]
    [InlineData("<think>")]
    [InlineData("</think><")]
    [InlineData("{\"a\":")]
    [InlineData("\\boxed {")]
    [InlineData("<answer>")]
    [InlineData("\"\\ud83d")]
    public void Work_grows_with_the_text_and_no_faster(string piece)
    {
        // Steps are not counted here: a text that took the square of its length would take minutes.
        var text = string.Concat(Enumerable.Repeat(piece, 300_000));
        Thoughts.Without(text);
        ProgramProposal.All(text, "python");
        ProgramProposal.All(text, "output");
        LenientJson.TryRead(text);
        foreach (var format in Enum.GetValues<AnswerFormat>())
            ReplyText.Answer(format, text, free: false, "answer");
    }
}
