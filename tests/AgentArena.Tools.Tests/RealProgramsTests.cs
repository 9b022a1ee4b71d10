// Five hundred and twelve programs that a real model proposed, with the outputs another executor recorded: ours agrees,
// or says why not.
using System.Collections.Immutable;
using System.Text.Json;
using AgentArena.Games.Python;
using Xunit.Abstractions;

namespace AgentArena.Tools.Tests;

[Collection(nameof(Sandboxed))]
public class RealProgramsTests(Sandboxed sandbox, ITestOutputHelper report)
{
    private sealed record Row(string Program, ImmutableArray<string> Inputs, ImmutableArray<string> Outputs);

    // Rows whose recorded output is not what a run gives, each looked at by hand, and what is said of them; every other
    // row agrees.
    private static readonly Dictionary<int, string> Triples = new()
    {
        [25] = "No module named 'numpy'",
        [49] = "No module named 'numpy'",
        [142] = "No module named 'cv2'",
        [224] = "No module named 'numpy'",
        [125] = "It raised StopIteration",
        [164] = "'os.path' is not allowed",
        [243] = "Read-only file system",
        [3] = CutShort,
        [23] = CutShort,
    };

    private static readonly Dictionary<int, string> Inductions = new()
    {
        [100] = "No module named 'sympy'",
        [98] = "not deterministic",
        [41] = CutShort,
        [85] = CutShort,
    };

    // The recorder kept the head of a long output, three points, and its tail.
    private const string CutShort = "...";

    private static Row[] Read(string file) =>
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "azr", file))
                .Select(line =>
                {
                    using var json = JsonDocument.Parse(line);
                    var root = json.RootElement;
                    string Text(string name) => root.GetProperty(name).GetString()!;
                    ImmutableArray<string> Texts(string name) =>
                        [.. root.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];
                    return root.TryGetProperty("inputs", out _)
                        ? new Row(Text("snippet"), Texts("inputs"), Texts("outputs"))
                        : new Row(Text("snippet"), [Text("input")], [Text("output")]);
                }),
        ];

    private async Task JudgeAsync(string file, Dictionary<int, string> exceptions)
    {
        var judge = new ProgramJudge(sandbox.Executor);
        var rows = Read(file);
        rows.Length.ShouldBe(256);
        var proposals = await Task.WhenAll(rows.Select(row => judge.ProposeAsync(row.Program, row.Inputs)));
        int agreed = 0,
            refused = 0,
            cut = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var (row, proposal) = (rows[i], proposals[i]);
            var place = $"{file}:{i + 1}";
            var expected = exceptions.GetValueOrDefault(i + 1);
            if (!proposal.Valid)
            {
                report.WriteLine($"{place}: refused: {proposal.Fault}");
                proposal.Fault!.ShouldContain(expected.ShouldNotBeNull($"{place}: {proposal.Fault}"));
                refused++;
                continue;
            }
            var different = 0;
            for (var k = 0; k < row.Outputs.Length; k++)
            {
                var (ours, recorded) = (proposal.Outputs[k], row.Outputs[k]);
                if ((await judge.DeduceAsync(ours, recorded)).Correct)
                    continue;
                expected.ShouldBe(CutShort, $"{place} input {k + 1}: ours {Head(ours)}, recorded {Head(recorded)}");
                ours.ShouldStartWith(recorded[..recorded.IndexOf(CutShort, StringComparison.Ordinal)]);
                ours.Length.ShouldBeGreaterThan(recorded.Length);
                different++;
            }
            if (different > 0)
                cut++;
            else
                expected.ShouldBeNull($"{place} agrees after all");
            if (different == 0)
                agreed++;
        }
        report.WriteLine($"{file}: agree {agreed}, recorded output cut short {cut}, refused with a reason {refused}");
        (agreed + cut + refused).ShouldBe(256);
        agreed.ShouldBe(256 - exceptions.Count);
    }

    private static string Head(string text) => text.Length <= 100 ? text : text[..100] + "…";

    [Fact]
    public Task Triples_agree() => JudgeAsync("7b_seed_io.jsonl", Triples);

    [Fact]
    public Task Induction_tasks_agree() => JudgeAsync("7b_code_f_seed_io.jsonl", Inductions);

    // Each recorded input is an answer to its own abduction, each program to its own induction; a neighbour's is not.
    [Fact]
    public async Task Recorded_answers_are_right_and_wrong_ones_are_wrong()
    {
        var judge = new ProgramJudge(sandbox.Executor);
        var rows = Read("7b_seed_io.jsonl")
            .Index()
            .Where(r => r.Index % 4 == 0 && !Triples.ContainsKey(r.Index + 1))
            .Select(r => r.Item)
            .ToArray();
        foreach (var row in rows)
        {
            (await judge.AbduceAsync(row.Program, row.Outputs[0], row.Inputs[0])).Correct.ShouldBeTrue(row.Program);
            var wrong = await judge.AbduceAsync(row.Program, "'certainly not this'", row.Inputs[0]);
            wrong.Correct.ShouldBeFalse();
            wrong.WellFormed.ShouldBeTrue();
            wrong.Reason.ShouldNotBeNullOrEmpty();
        }
        var tasks = Read("7b_code_f_seed_io.jsonl")
            .Index()
            .Where(r => r.Index % 4 == 0 && !Inductions.ContainsKey(r.Index + 1))
            .Select(r => r.Item)
            .ToArray();
        foreach (var task in tasks)
        {
            (string, string)[] pairs =
            [
                .. task.Inputs.Zip((await judge.ProposeAsync(task.Program, task.Inputs)).Outputs),
            ];
            var right = await judge.InduceAsync(task.Program, [.. pairs]);
            right.Correct.ShouldBeTrue(right.Reason);
            (await judge.InduceAsync("def f(*a, **k):\n    return 'certainly not this'", [.. pairs])).Share.ShouldBe(0);
        }
    }
}
