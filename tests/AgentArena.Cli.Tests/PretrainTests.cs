using System.Text.Json.Nodes;
using AgentArena.Core.Runs;

namespace AgentArena.Cli.Tests;

/// <summary>arena pretrain: what it writes, how it goes on, what it refuses.</summary>
public sealed class PretrainTests : IDisposable
{
    private const string Tiny = """
        pretrain {
          name = tiny
          model { width = 16, layers = 1, heads = 2, context = 256, cached-tokens = 1024, threads = 1
                  tokenizer { vocabulary = 320, single-digits = on } }
          mixture { sums { share = 2 }, step-critics {}, file {} }
          vocabulary-documents = 40
          batch-tokens = 300
          updates = 4
          checkpoint-every = 2
          log-every = 1
          evaluation { items = 3, longest = 4 }
        }
        """;
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    private string File(string text)
    {
        var path = _temp.In("tiny.conf");
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void A_run_logs_measures_and_ends_with_a_model_that_a_scenario_can_seat()
    {
        var run = _temp.In("run");
        var outcome = Arena.Invoke("pretrain", File(Tiny), "--out", run);
        outcome.Error.ShouldBeEmpty();
        outcome.Code.ShouldBe(0);
        Lines(run, "log.jsonl").Select(l => (int)l["update"]!).ShouldBe([1, 2, 3, 4]);
        Lines(run, "held-out.jsonl").Select(l => (int)l["update"]!).Distinct().ShouldBe([2, 4]);
        Lines(run, "held-out.jsonl").Where(l => (string?)l["kind"] == "").Sum(l => (int)l["items"]!).ShouldBe(12);
        System.IO.File.ReadAllText(Path.Combine(run, "model", "README.md")).ShouldContain("| step-critics | 33.3 % |");
        System.IO.File.Exists(Path.Combine(run, "model", "model.safetensors")).ShouldBeTrue();
        CheckpointFolder.Verify(Path.Combine(run, "checkpoint"));

        var seated = Arena.Invoke(
            "run",
            Repository.Scenario("word-problem.conf"),
            "--out",
            _temp.In("played"),
            "--set",
            "models.base={ name = transformer, width = 16, layers = 1, heads = 2, context = 512 }",
            "--set",
            $"policies.student.checkpoint={Path.Combine(run, "checkpoint")}",
            "--set",
            "run.tokens-per-turn=4",
            "--set",
            "learn.batch=2",
            "--updates",
            "1"
        );
        seated.Error.ShouldBeEmpty();
        seated.Code.ShouldBe(0, seated.Out);
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_and_the_log_has_each_update_once()
    {
        var (file, run) = (File(Tiny), _temp.In("run"));
        Arena.Invoke("pretrain", file, "--out", run, "--set", "updates=3").Code.ShouldBe(0);
        // A kill after more than the checkpoint: lines that will be written again, the last one cut.
        System.IO.File.AppendAllText(Path.Combine(run, "log.jsonl"), "{\"update\":4,\"loss\":1}\n{\"upda");
        Arena.Invoke("pretrain", file, "--out", run).Code.ShouldBe(0);
        Lines(run, "log.jsonl").Select(l => (int)l["update"]!).ShouldBe([1, 2, 3, 4]);
        Lines(run, "log.jsonl")[^1]["loss"]!.GetValue<double>().ShouldNotBe(1);
        var other = Arena.Invoke("pretrain", file, "--out", run, "--set", "batch-tokens=301");
        other.Code.ShouldNotBe(0);
        other.Error.ShouldContain("another recipe");
    }

    [Theory]
    [InlineData(
        "sums { share = 2 }",
        "smus {}",
        "tiny.conf",
        "pretrain.mixture.smus: unknown family 'smus'",
        "Did you mean sums?"
    )]
    [InlineData("sums { share = 2 }", "sums { share = -1 }", "pretrain.mixture.sums.share: is -1")]
    [InlineData("file {}", "file { file = no-such.jsonl }", "pretrain.mixture.file.file: ", "no-such.jsonl")]
    [InlineData(
        "step-critics {}",
        "step-critics { file = a }",
        "pretrain.mixture.step-critics.file: this family writes its own text"
    )]
    [InlineData("heads = 2", "heads = 3", "pretrain.model: heads: 3 heads do not divide the width 16")]
    [InlineData("updates = 4", "updates = 0", "pretrain.updates: is 0; it should be at least 1.")]
    [InlineData("name = tiny", "nmae = tiny", "unknown key 'nmae'", "pretrain.name: is missing")]
    [InlineData("pretrain {", "scenario {", "pretrain: is missing", "unknown key 'scenario'")]
    public void A_mistake_is_told_with_its_place(string from, string to, params string[] told)
    {
        var outcome = Arena.Invoke("pretrain", File(Tiny.Replace(from, to)), "--out", _temp.In("run"));
        outcome.Code.ShouldBe(2, outcome.Error);
        foreach (var part in told)
            outcome.Error.ShouldContain(part);
        Directory.Exists(_temp.In("run")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("base")]
    [InlineData("second-stage")]
    public void The_files_that_come_along_have_no_mistake_but_the_one_that_is_put_in(string name)
    {
        var outcome = Arena.Invoke(
            "pretrain",
            Repository.Path($"scenarios/base/{name}.conf"),
            "--out",
            _temp.In("run"),
            "--set",
            "pretrain.start=\"\"",
            "--set",
            "pretrain.updates=0"
        );
        outcome.Code.ShouldBe(2);
        outcome.Error.TrimEnd().ShouldEndWith("pretrain.updates: is 0; it should be at least 1.");
        outcome.Error.TrimEnd().Split('\n').Length.ShouldBe(1, outcome.Error);
    }

    [Fact]
    public void A_stage_goes_on_from_another_run_s_weights_and_vocabulary()
    {
        var (file, first) = (File(Tiny), _temp.In("first"));
        Arena.Invoke("pretrain", file, "--out", first).Code.ShouldBe(0);
        var start = Path.Combine(first, "checkpoint");
        string[] rate = ["--set", "pretrain.optimizer.rate=0", "--set", "pretrain.optimizer.floor=1"];
        var second = _temp.In("second");
        var outcome = Arena.Invoke([
            "pretrain",
            file,
            "--out",
            second,
            "--set",
            $"pretrain.start={start}",
            "--set",
            "pretrain.updates=1",
            .. rate,
        ]);
        outcome.Code.ShouldBe(0, outcome.Error);
        // At a rate of nothing the stage ends with what it began with.
        foreach (var part in new[] { "weights.safetensors", "vocab.json", "merges.txt" })
            System
                .IO.File.ReadAllBytes(Path.Combine(second, "checkpoint", part))
                .ShouldBe(System.IO.File.ReadAllBytes(Path.Combine(start, part)));
        var missing = Arena.Invoke("pretrain", file, "--out", second, "--set", "pretrain.start=no-such-folder");
        missing.Code.ShouldBe(2);
        missing.Error.ShouldContain("pretrain.start: there is no folder");
    }

    private static JsonNode[] Lines(string run, string file) =>
        [.. System.IO.File.ReadAllLines(Path.Combine(run, file)).Select(l => JsonNode.Parse(l)!)];
}
