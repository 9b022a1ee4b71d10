using System.Text.Json.Nodes;

namespace AgentArena.Hocon.Tests;

/// <summary>Inputs of others, and what they come to: tests/data/hocon.</summary>
public sealed class CaseTests
{
    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (var row in File.ReadLines(Hocon.Data("cases.jsonl")).Select(l => JsonNode.Parse(l)!))
                cases.Add((string)row["note"]!, (string)row["input"]!, row["expected"]!.ToJsonString());
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_text_comes_to_what_it_should(string note, string text, string expected)
    {
        var document = HoconReader.ReadText(text, Hocon.Data("x.conf"), Hocon.Environment);
        if (expected == "\"ERROR\"")
            document.Faults.ShouldNotBeEmpty(note);
        else
            Hocon.Sound(document).ShouldMatch(JsonNode.Parse(expected), note);
    }

    [Theory]
    [InlineData("equiv01/comments.conf")]
    [InlineData("equiv01/equals.conf")]
    [InlineData("equiv01/no-commas.conf")]
    [InlineData("equiv01/no-root-braces.conf")]
    [InlineData("equiv01/no-whitespace.json")]
    [InlineData("equiv01/omit-colons.conf")]
    [InlineData("equiv01/path-keys.conf")]
    [InlineData("equiv01/properties-style.conf")]
    [InlineData("equiv01/substitutions.conf")]
    [InlineData("equiv01/unquoted.conf")]
    [InlineData("equiv02/original.json")]
    [InlineData("equiv02/path-keys.conf")]
    [InlineData("equiv02/path-keys-weird-whitespace.conf")]
    [InlineData("equiv03/original.json")]
    [InlineData("equiv04/missing-substitutions.conf")]
    [InlineData("equiv05/original.json")]
    [InlineData("equiv05/triple-quotes.conf")]
    public void Each_way_to_write_a_file_comes_to_its_original(string file)
    {
        var path = Hocon.Data($"lightbend/{file}");
        var original = JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "original.json")));
        Hocon.Sound(HoconReader.Read(Hocon.Environment, path)).ShouldMatch(original);
    }

    [Theory]
    [InlineData("bom.conf", """{"foo":"bar"}""")]
    [InlineData("env-variables.conf", """{"secret":"A","secrets":["B","C"]}""")]
    [InlineData("file-include.conf", """{"base":"41","foo":"42","bar":"43","bar-file":"44","baz":"45"}""")]
    [InlineData(
        "test02.conf",
        """
            {"":{"":{"":"42"}},"42_a":"42","42_b":"42","a":{"b":{"c":"57"}},"57_a":"57","57_b":"57","a.b.c":"103",
            "103_a":"103","a-c":"259","a_c":"260","-":"261"}
            """
    )]
    [InlineData(
        "test06.conf",
        """{"a":"1","b":"2","c":"3","d":{"foo":"bar"},"x":"2","y":{"foo":"10","hello":"world"}}"""
    )]
    [InlineData(
        "test09.conf",
        """
            {"x":{"q":"10"},"y":"5","a":{"q":"10","c":"3"},"b":"5",
            "c":{"q":"10","d":"600","e":{"q":"10","c":"3"},"f":"5"}}
            """
    )]
    [InlineData("test11.conf", """{"10":"42","-10":"-42","foo-bar":"bar-baz","---":"------","a-":"b-"}""")]
    public void Each_file_is_read(string file, string expected) =>
        Hocon
            .Sound(HoconReader.Read(Hocon.Environment, Hocon.Data($"lightbend/{file}")))
            .ShouldMatch(JsonNode.Parse(expected));

    [Fact]
    public void A_file_reads_the_same_wherever_it_is_included()
    {
        var alone = Hocon.Sound(HoconReader.Read(Hocon.Data("lightbend/test09.conf")));
        var included = Hocon.Sound(HoconReader.Read(Hocon.Data("lightbend/test10.conf")));
        included["foo"].ShouldMatch(alone);
        included["bar"]!["nested"].ShouldMatch(alone);
    }

    [Fact]
    public void Long_files_of_others_are_read()
    {
        var actors = Hocon.Sound(HoconReader.Read(Hocon.Data("lightbend/test04.conf")))["akka"]!;
        actors["actor"]!["mailbox"]!["mongodb"]!["timeout"]!["write"]!.ToString().ShouldBe("3000");
        var ping = actors["actor"]!["deployment"]!["/app/service-ping"]!;
        ping["remote"]!["nodes"]![0]!.ToString().ShouldBe("wallace:2552");
        var numbers = Hocon.Sound(HoconReader.Read(Hocon.Data("lightbend/test12.conf")));
        numbers.Count.ShouldBe(40);
        numbers["12345678901234567891234567890123456789"]!.ToString().ShouldBe("42");
    }

    [Fact]
    public void A_file_that_includes_itself_is_named()
    {
        var path = Hocon.Data("lightbend/cycle.conf");
        HoconReader
            .Read(path)
            .Faults.ShouldHaveSingleItem()
            .ToString()
            .ShouldBe(
                $"{path}: line 1, column 1: include \"cycle.conf\": includes itself (cycle.conf -> cycle.conf). "
                    + "Remove one of the includes."
            );
    }
}
