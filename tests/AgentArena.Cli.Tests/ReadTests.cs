// arena read: replies in, moves and refusals out, each row by itself.
using System.Text.Json.Nodes;

namespace AgentArena.Cli.Tests;

public sealed class ReadTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    private string File(string name, params string[] lines)
    {
        System.IO.File.WriteAllLines(_temp.In(name), lines);
        return _temp.In(name);
    }

    private static string[] Answers(Outcome outcome) =>
        [
            .. outcome
                .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => JsonNode.Parse(l)!.AsObject())
                .Select(o => $"{o["row"]}: {o["move"] ?? "(" + o["refusal"] + ")"}"),
        ];

    [Fact]
    public void Each_reply_is_a_move_or_a_refusal()
    {
        var outcome = Arena.Invoke(
            "read",
            "kuhn-poker",
            File(
                "replies.jsonl",
                """{"reply": "I have a king. \\boxed{\\text{Bet}}"}""",
                """{"reply": "<think>\\boxed{bet}"}""",
                "",
                """{"reply": "[call]", "moves": ["deal:K", "deal:Q", "check", "bet"]}""",
                """{"reply": "<answer>Fold</answer>", "moves": ["bet"]}""",
                """{"reply": "\\boxed{bet}", "truncated": true}""",
                """{"reply": null}"""
            )
        );
        outcome.Code.ShouldBe(0, outcome.Error);
        var answers = Answers(outcome);
        answers.Length.ShouldBe(6);
        (answers[0], answers[2], answers[3]).ShouldBe(("line 1: bet", "line 4: call", "line 5: fold"));
        answers[1].ShouldStartWith("line 2: (No answer was found.");
        answers[4].ShouldContain("cut");
        outcome.Error.ShouldBe("6 rows: 3 moves, 3 refusals\n");
    }

    [Fact]
    public void Rows_that_cannot_be_used_are_named_and_the_others_are_read()
    {
        var outcome = Arena.Invoke(
            "read",
            "liars-dice",
            File(
                "replies.jsonl",
                """{"reply": "1x4"}""",
                """{"reply": "1x4",}""",
                """{"answer": "1x4"}""",
                """{"reply": 14}""",
                """{"reply": "liar", "moves": ["1x4", "1x2"]}""",
                """{"reply": "liar", "moves": ["1x4", "liar"]}""",
                """{"reply": "liar", "moves": "1x4"}""",
                """{"reply": "liar", "truncated": "perhaps"}""",
                """{"reply": "liar", "moves": ["[Bid: 1, 4]"]}"""
            )
        );
        outcome.Code.ShouldBe(2);
        Answers(outcome).ShouldBe(["line 1: 1x4", "line 9: liar"]);
        foreach (
            var (line, says) in new[]
            {
                (2, "no JSON"),
                (3, "lacks reply"),
                (4, "no text"),
                (5, "moves[1]"),
                (6, "over"),
                (7, "no list"),
                (8, "truncated"),
            }
        )
            outcome.Error.ShouldMatch(
                $@"replies\.jsonl: line {line}: .*{System.Text.RegularExpressions.Regex.Escape(says)}"
            );
        outcome.Error.ShouldEndWith("2 rows: 2 moves, 0 refusals; 7 could not be used\n");
    }

    [Fact]
    public void A_games_options_and_the_format_can_be_said()
    {
        var replies = File(
            "replies.jsonl",
            """{"reply": "[Offer: 1 Wheat -> 1 Ore] \\boxed{no}"}""",
            """{"reply": "hello <move>x</move>"}"""
        );
        Answers(
            Arena.Invoke("read", "{ name = simple-negotiation, version = text-arena }", replies, "--format", "whole")
        )[0]
            .ShouldStartWith("line 1: [Offer");
        Answers(Arena.Invoke("read", "simple-negotiation", replies, "--format", "tag", "--tag", "move"))[1]
            .ShouldBe("line 2: x");
        Arena
            .Invoke("read", "simple-negotiation", replies, "--format", "boxes")
            .ShouldSatisfyAllConditions(o => o.Code.ShouldBe(2), o => o.Error.ShouldContain("boxed"));
        Arena
            .Invoke("read", "kuhn", replies)
            .ShouldSatisfyAllConditions(o => o.Code.ShouldBe(2), o => o.Error.ShouldContain("kuhn-poker"));
        Arena
            .Invoke("read", "kuhn-poker", _temp.In("none.jsonl"))
            .ShouldSatisfyAllConditions(o => o.Code.ShouldBe(2), o => o.Error.ShouldContain("cannot be read"));
    }

    [Fact]
    public void The_public_replies_are_read_as_in_play()
    {
        var rows = System
            .IO.File.ReadLines(Repository.Path("tests/data/moves/replies.jsonl"))
            .Select(l => JsonNode.Parse(l)!.AsObject())
            .Where(r => r.ContainsKey("move"))
            .ToArray();
        foreach (var game in rows.GroupBy(r => r["game"]!.ToString()))
        {
            var answers = Arena
                .Invoke("read", game.Key, File($"{game.Key}.jsonl", [.. game.Select(r => r.ToJsonString())]))
                .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => JsonNode.Parse(l)!)
                .ToArray();
            answers.Select(a => a["move"]?.ToString()).ShouldBe(game.Select(r => r["move"]?.ToString()));
        }
    }
}
