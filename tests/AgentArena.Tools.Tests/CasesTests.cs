// Answers and proposals as models give them, judged by the real executor.
using System.Text.Json.Nodes;
using AgentArena.Games.Python;

namespace AgentArena.Tools.Tests;

[Collection(nameof(Sandboxed))]
public sealed class CasesTests(Sandboxed sandboxed)
{
    private readonly ProgramJudge _judge = new(sandboxed.Executor);

    private static JsonNode[] Rows(string file) =>
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "programs", file))
                .Where(l => l.Length > 0)
                .Select(l => JsonNode.Parse(l)!),
        ];

    [Fact]
    public async Task Answers_are_right_where_Python_says_so()
    {
        var wrong = new List<string>();
        foreach (var row in Rows("values.jsonl"))
            if (
                (await _judge.DeduceAsync(row["gold"]!.ToString(), row["answer"]!.ToString())).Correct
                != row["right"]!.GetValue<bool>()
            )
                wrong.Add(row.ToJsonString());
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Proposals_are_valid_where_they_are_functions_of_their_input()
    {
        var wrong = new List<string>();
        foreach (var row in Rows("proposals.jsonl"))
        {
            var proposal = await _judge.ProposeAsync(row["program"]!.ToString(), [row["input"]!.ToString()]);
            if (row["valid"] is { } valid && proposal.Valid != valid.GetValue<bool>())
                wrong.Add($"{row.ToJsonString()}: {proposal.Fault}");
        }
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Inputs_that_go_to_other_programs_may_not_use_this_ones_names() =>
        (await _judge.ProposeAsync("big = [1]\ndef f(x):\n    return x", ["big", "[2]"]))
            .Fault.ShouldNotBeNull()
            .ShouldContain("names 'big'");
}
