// Data sets as they lie around: every kind of file and of nesting, each mistake with its place.
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Data;
using AgentArena.Games.Questions;

namespace AgentArena.Core.Tests.Data;

public sealed class DataTextTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rows").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Files => Rows.Lines("rows/files.jsonl");

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_gives_its_problems_or_its_mistakes_with_their_places(string line)
    {
        var row = JsonNode.Parse(line)!.AsObject();
        var file = Path.Combine(_folder, row["file"]!.ToString());
        File.WriteAllBytes(
            file,
            row["base64"] is { } bytes
                ? Convert.FromBase64String(bytes.ToString())
                : Encoding.UTF8.GetBytes(row["text"]!.ToString())
        );
        ProblemSet Read() =>
            new(Standard.Catalog.Files, file, row["question-field"]!.ToString(), row["answer-field"]!.ToString(), []);
        if (row["error"] is JsonArray error)
        {
            var message = Should.Throw<DataException>(() => Read()).Message;
            foreach (var part in error)
                message.ShouldContain(part!.ToString());
            message.ShouldContain(Path.GetFileNameWithoutExtension(file));
            return;
        }
        var problems = Read();
        problems.Count.ShouldBe(row["count"]!.GetValue<int>());
        var first = problems[0];
        first.Answer.ShouldBe(row["answer"]!.ToString());
        (first.Alternatives ?? []).ShouldBe(row["alternatives"].Texts());
        if (row["question"] is { } question)
            first.Question.ShouldBe(question.ToString());
    }

    [Fact]
    public void Any_of_several_answers_is_right()
    {
        var asked = new PosedQuestion("Where?") { Answer = "Paris", Alternatives = ["City of Paris"] };
        asked.IsRight(@"\boxed{City of Paris}").ShouldBe(true);
        asked.IsRight(@"\boxed{Paris}").ShouldBe(true);
        asked.IsRight(@"\boxed{Rome}").ShouldBe(false);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told() =>
        Should
            .Throw<DataException>(() =>
                new ProblemSet(Standard.Catalog.Files, "no-such-file.jsonl", "question", "answer", [])
            )
            .Message.ShouldContain("cannot be read");

    [Theory]
    [InlineData("""{"a": 1, "a": [2], "b": {"c": 1, "c": 2}}""", """{"a":[2],"b":{"c":2}}""")]
    [InlineData(
        """["\ud83d", "\ude00x", "\ud83d\ude00", "\ud83d\ud83d\ude00"]""",
        "[\"\ufffd\",\"\ufffdx\",\"\U0001F600\",\"\ufffd\U0001F600\"]"
    )]
    [InlineData("[NaN, Infinity, -Infinity, -1, \"NaN\"]", "[null,null,null,-1,\"NaN\"]")]
    [InlineData("{\"a\": \"x\ty\"}", """{"a":"x\ty"}""")]
    [InlineData("123456789012345678901234567890.10", "123456789012345678901234567890.10")]
    [InlineData("""{"\\\ud83d": "\\"}""", "{\"\\\\\ufffd\":\"\\\\\"}")]
    public void Json_is_read_as_the_languages_that_write_it_do(string text, string read) =>
        LenientJson.Write(LenientJson.Read(text)).Replace(@"\uD83D\uDE00", "\U0001F600").ShouldBe(read);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("nul")]
    [InlineData("\"\\")]
    [InlineData("\"\\u12")]
    [InlineData("{\"a\": 1,}")]
    [InlineData("[1] 2")]
    public void What_is_no_json_is_told(string text) =>
        Should.Throw<JsonException>(() => LenientJson.Read(text)).Message.ShouldNotContain("Path:");
}
