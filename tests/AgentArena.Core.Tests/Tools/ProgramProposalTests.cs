// Blocks as models write them.
using System.Text.Json.Nodes;
using AgentArena.Games.Python;

namespace AgentArena.Core.Tests.Tools;

public class ProgramProposalTests
{
    public static TheoryData<string> Blocks => Rows.Lines("programs/blocks.jsonl");

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_block_is_read_where_a_model_puts_it(string line)
    {
        var row = JsonNode.Parse(line)!;
        ProgramProposal.Last(row["reply"]!.ToString(), row["label"]!.ToString()).ShouldBe(row["text"]?.ToString());
    }

    [Fact]
    public void Several_blocks_keep_their_order() =>
        ProgramProposal
            .All("```input\n1\n```\nand ```input 2``` and\n```input:\n3```\n```message\nm\n```", "input")
            .ShouldBe(["1", "2", "3"]);
}
