// The files of long word problems that come along are what the corpus writes, and the two share no problem.
// ARENA_UPDATE_GOLDENS=1 writes them anew.
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentArena.Games.Corpus;

namespace AgentArena.Core.Tests.Corpus;

public class ProblemFilesTests
{
    private const int Problems = 500;
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private sealed record Row(string question, string answer);

    [Theory]
    [InlineData("stories-train.jsonl", CorpusSplit.Train)]
    [InlineData("stories-test.jsonl", CorpusSplit.HeldOut)]
    public void A_file_holds_what_the_corpus_writes(string name, CorpusSplit split)
    {
        var written = string.Concat(Rows(split).Select(r => JsonSerializer.Serialize(r, Json) + "\n"));
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "data", "math", name);
        if (Environment.GetEnvironmentVariable("ARENA_UPDATE_GOLDENS") == "1")
            File.WriteAllText(path, written);
        File.ReadAllText(path).ShouldBe(written);
    }

    [Fact]
    public void No_problem_is_in_both() =>
        Rows(CorpusSplit.Train)
            .Select(r => r.question)
            .Intersect(Rows(CorpusSplit.HeldOut).Select(r => r.question))
            .ShouldBeEmpty();

    // The answer with its chain, as GSM8K writes it.
    private static IEnumerable<Row> Rows(CorpusSplit split)
    {
        var chance = new RandomStream(RandomStream.Derive(1, $"stories/{split}"));
        for (var i = 0; i < Problems; )
        {
            var problem = Stories.Long(ref chance);
            if (Lesson.IsHeldOut(problem.Question) != (split == CorpusSplit.HeldOut))
                continue;
            i++;
            yield return new Row(problem.Question, $"{WorkedProblem.Write(problem.Steps)}\n#### {problem.AnswerText}");
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
