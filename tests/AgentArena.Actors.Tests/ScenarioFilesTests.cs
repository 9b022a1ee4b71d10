// Files of data that scenarios name: found, opened, Parquet and its nesting among them.
using AgentArena.Actors.Data;
using AgentArena.Core.Data;
using AgentArena.Games.Questions;
using Parquet.Serialization;

namespace AgentArena.Actors.Tests;

public sealed class ScenarioFilesTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    private sealed class Row
    {
        public string? question { get; set; }
        public string[]? choices { get; set; }
        public Marked? reward_model { get; set; }
        public List<Turn>? prompt { get; set; }
        public double score { get; set; }
        public long? level { get; set; }
        public bool used { get; set; }
    }

    private sealed class Marked
    {
        public string? ground_truth { get; set; }
        public string? style { get; set; }
    }

    private sealed class Turn
    {
        public string? role { get; set; }
        public string? content { get; set; }
    }

    private async Task<string> WriteAsync(string name, params Row[] rows)
    {
        await using var file = File.Create(_temp.In(name));
        await ParquetSerializer.SerializeAsync(rows, file);
        return _temp.In(name);
    }

    private static Row Good =>
        new()
        {
            question = "Which?",
            choices = ["a", "b"],
            reward_model = new() { ground_truth = "72", style = "rule" },
            prompt = [new() { role = "user", content = "Q?" }],
            score = 0.5,
            level = 3,
            used = true,
        };

    [Theory]
    [InlineData("question", "reward_model.ground_truth", "Which?", "72")]
    [InlineData("question,choices", "level", "Which?\na\nb", "3")]
    [InlineData("prompt", "score", "Q?", "0.5")]
    [InlineData("prompt", "used", "Q?", "true")]
    public async Task Parquet_is_read_with_all_its_nesting(string question, string answer, string asked, string right)
    {
        var problems = new ProblemSet(
            new ScenarioFiles(_temp.Path),
            await WriteAsync("rows.parquet", Good, Good),
            question,
            answer,
            []
        );
        (problems.Count, problems[0].Question, problems[0].Answer).ShouldBe((2, asked, right));
        // Under any name: such files are known by their first bytes.
        File.Copy(_temp.In("rows.parquet"), _temp.In("rows.jsonl"));
        new ProblemSet(new ScenarioFiles(_temp.Path), _temp.In("rows.jsonl"), question, answer, []).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_row_of_Parquet_that_lacks_something_is_named()
    {
        var file = await WriteAsync("rows.parquet", Good, new Row { question = "Which?" });
        var message = Should
            .Throw<DataException>(() =>
                new ProblemSet(new ScenarioFiles(_temp.Path), file, "question", "reward_model.ground_truth", [])
            )
            .Message;
        message.ShouldContain("row 2");
        message.ShouldContain("rows.parquet");
    }

    [Fact]
    public async Task A_broken_file_is_told()
    {
        var file = await WriteAsync("rows.parquet", Good);
        var bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
        Should
            .Throw<DataException>(() => new ProblemSet(new ScenarioFiles(_temp.Path), file, "question", "level", []))
            .Message.ShouldContain("begins as Parquet and cannot be read");
        Should
            .Throw<DataException>(() =>
                new ProblemSet(new ScenarioFiles(_temp.Path), _temp.In("none.jsonl"), "question", "level", [])
            )
            .Message.ShouldContain("cannot be read");
        Should
            .Throw<DataException>(() =>
                new ProblemSet(new ScenarioFiles(_temp.Path), _temp.Path, "question", "level", [])
            )
            .Message.ShouldContain("cannot be read");
    }

    [Fact]
    public void A_file_is_found_beside_the_scenario_then_in_data_above_it_and_remembered_by_its_hash()
    {
        Directory.CreateDirectory(_temp.In("data/sets"));
        Directory.CreateDirectory(_temp.In("scenarios/family"));
        var row = """{"question": "1 + 1?", "answer": "2"}""";
        File.WriteAllText(_temp.In("data/sets/a.jsonl"), row);
        var files = new ScenarioFiles(_temp.In("scenarios/family"));
        files.Rows("sets/a.jsonl").Count().ShouldBe(1);
        var far = files.Hashes["sets/a.jsonl"];
        Directory.CreateDirectory(_temp.In("scenarios/family/sets"));
        File.WriteAllText(_temp.In("scenarios/family/sets/a.jsonl"), row + "\n" + row);
        files.Rows("sets/a.jsonl").Count().ShouldBe(2);
        files.Hashes["sets/a.jsonl"].ShouldNotBe(far);
        Should.Throw<DataException>(() => files.Folder("nowhere")).Message.ShouldContain("does not exist");
    }
}
