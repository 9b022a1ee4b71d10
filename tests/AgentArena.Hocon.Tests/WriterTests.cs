using System.Text.Json.Nodes;

namespace AgentArena.Hocon.Tests;

/// <summary>What is written reads back.</summary>
public sealed class WriterTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("a b")]
    [InlineData(" edge ")]
    [InlineData("quote \" and \\ backslash")]
    [InlineData("two\nlines\twith tab\r\n")]
    [InlineData("${not.a.substitution}")]
    [InlineData("# no comment // either")]
    [InlineData("a=b:c{d}[e],f+g")]
    [InlineData("1e-3")]
    [InlineData("1e+3")]
    [InlineData("+5")]
    [InlineData(".5.")]
    [InlineData("include")]
    [InlineData("\u00e9 \u6f22 \U0001F0A1 \u0001 \u007f \u0085 \u00a0 \u2028 \ufeff")]
    [InlineData("\"\"\"")]
    public void Any_text_survives_as_value_key_and_item(string text)
    {
        var tree = new JsonObject
        {
            ["plain"] = text,
            ["list"] = new JsonArray(text, new JsonObject { ["in"] = text }, new JsonArray(), null),
            ["none"] = null,
            ["block"] = new JsonObject(),
        };
        tree[text] = "as a key";
        var back = Hocon.Tree(HoconWriter.Write(tree));
        JsonNode.DeepEquals(back, tree).ShouldBeTrue(back.ToJsonString());
    }

    [Fact]
    public void A_tree_is_written_for_people() =>
        HoconWriter
            .Write(Hocon.Tree("a.b { c = 1.5, d = two words }, e = [x, {y = -1}], f = null, g {}"))
            .ShouldBe(
                """
                a {
                  b {
                    c = 1.5
                    d = "two words"
                  }
                }
                e = [x, {
                  y = -1
                }]
                f = null
                g {}

                """
            );
}
