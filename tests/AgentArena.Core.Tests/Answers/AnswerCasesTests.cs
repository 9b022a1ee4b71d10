// Public and own cases of answers, one by one: each has the value it should have.
using System.Text.Json;
using AgentArena.Games.Answers;

namespace AgentArena.Core.Tests.Answers;

public class AnswerCasesTests
{
    private sealed record Row(string Kind, bool Right, string Gold, string Reply);

    private static readonly JsonSerializerOptions Named = new(JsonSerializerDefaults.Web);

    private static readonly Dictionary<string, Row[]> Files = new(StringComparer.Ordinal)
    {
        ["cases"] = Read("cases"),
        ["replies"] = Read("replies"),
    };

    private static readonly (string Kind, string A, bool Equal, string B)[] Pairs = [.. ReadPairs()];

    public static TheoryData<string, int, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, int, string>();
            foreach (var (file, all) in Files)
                for (var i = 0; i < all.Length; i++)
                    rows.Add(file, i + 1, all[i].Kind);
            return rows;
        }
    }

    public static TheoryData<int, string> PairRows
    {
        get
        {
            var rows = new TheoryData<int, string>();
            for (var i = 0; i < Pairs.Length; i++)
                rows.Add(i, Pairs[i].Kind);
            return rows;
        }
    }

    private static string Path(string file) => System.IO.Path.Combine(AppContext.BaseDirectory, "answers", file);

    private static Row[] Read(string name) =>
        [.. File.ReadLines(Path(name + ".jsonl")).Select(line => JsonSerializer.Deserialize<Row>(line, Named)!)];

    private static IEnumerable<(string, string, bool, string)> ReadPairs()
    {
        var kind = "";
        foreach (var line in File.ReadLines(Path("pairs.txt")))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
                kind = line[2..];
            else if (line.Length > 0 && line.Split(" == ") is [var a, var b])
                yield return (kind, a, true, b);
            else if (line.Length > 0 && line.Split(" != ") is [var c, var d])
                yield return (kind, c, false, d);
        }
    }

    [Fact]
    public void All_rows_are_there() =>
        (Files["cases"].Length, Files["replies"].Length, Pairs.Length).ShouldBe((650, 139, 675));

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_reply_has_the_verdict_it_should(string file, int line, string kind)
    {
        var row = Files[file][line - 1];
        var judged = AnswerChecker.Judge(row.Gold, row.Reply);
        judged.IsRight.ShouldBe(row.Right, $"{kind}: {row.Gold} and {row.Reply}: {judged}");
    }

    [Theory]
    [MemberData(nameof(PairRows))]
    public void A_pair_is_equal_or_not_both_ways(int index, string kind)
    {
        var (_, a, equal, b) = Pairs[index];
        AnswerChecker.Compare(a, b).IsRight.ShouldBe(equal, $"{kind}: {a} and {b}: {AnswerChecker.Compare(a, b)}");
        AnswerChecker.Compare(b, a).ShouldBe(AnswerChecker.Compare(a, b) with { Read = a }, "the other way round");
        AnswerChecker.Check(a, $@"Hence \boxed{{{b}}}.").ShouldBe(equal);
    }
}
