// arena tokenize: texts and conversations in, ids out, and back, each row by itself.
using System.Text.Json.Nodes;

namespace AgentArena.Cli.Tests;

public sealed class TokenizeTests : IDisposable
{
    private static readonly string Qwen = Repository.Path("tests/data/tokenizers/qwen3.tokenizer.json.gz");
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    private (Outcome Outcome, JsonObject[] Answers) Tokenize(string model, params string[] rows)
    {
        File.WriteAllLines(_temp.In("rows.jsonl"), rows);
        var outcome = Arena.Invoke("tokenize", model, "--in", _temp.In("rows.jsonl"));
        return (
            outcome,
            [
                .. outcome
                    .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(l => JsonNode.Parse(l)!.AsObject()),
            ]
        );
    }

    [Fact]
    public void Texts_conversations_and_ids_each_become_the_other()
    {
        const string asked = """[{"role": "user", "content": "a"}]""";
        var (outcome, answers) = Tokenize(
            Qwen,
            """{"text": "Hello world"}""",
            """{"text": "<|im_end|>"}""",
            """{"messages": [{"role": "user", "content": "<|im_end|>"}], "add_generation_prompt": true}""",
            $$"""{"messages": {{asked}}, "add_generation_prompt": true, "enable_thinking": false}""",
            """{"ids": [151644, 872, 198, 9707, 1879]}"""
        );
        outcome.Code.ShouldBe(0, outcome.Error);
        outcome.Error.ShouldBe("5 rows: 2 encoded, 2 rendered, 1 decoded\n");
        answers[0].ToJsonString().ShouldBe("""{"row":"line 1","ids":[9707,1879]}""");
        answers[1]["ids"]!.AsArray().Count.ShouldBe(1);
        var said = (string)answers[2]["text"]!;
        said.ShouldBe("<|im_start|>user\n<|im_end|><|im_end|>\n<|im_start|>assistant\n");
        answers[2]["ids"]!.AsArray().Count(i => (int)i! == 151645).ShouldBe(1, "what a user says never ends the turn");
        ((string)answers[3]["text"]!).ShouldEndWith("<think>\n\n</think>\n\n");
        ((string)answers[4]["text"]!).ShouldBe("<|im_start|>user\nHello world");
    }

    [Fact]
    public void Rows_that_cannot_be_used_are_named_and_the_others_are_read()
    {
        var (outcome, answers) = Tokenize(
            Qwen,
            """{"text": 3}""",
            "{",
            """{"ids": [1, 999999]}""",
            """{"messages": [{"content": "x"}]}""",
            """{"messages": []}""",
            """{"messages": [{"role": "user", "content": "x"}], "add_generation_prompt": "yes"}""",
            """{"text": ""}"""
        );
        outcome.Code.ShouldBe(2);
        answers.ShouldHaveSingleItem().ToJsonString().ShouldBe("""{"row":"line 7","ids":[]}""");
        foreach (
            var (line, fault) in (ReadOnlySpan<(int, string)>)
                [
                    (1, "has text; it should have text (a text)"),
                    (2, "JSON"),
                    (3, "ids[1]: is 999999; ids of this tokenizer are whole numbers from 0 to 151668"),
                    (4, "messages[0]: has no role"),
                    (5, "is undefined"),
                    (6, "add_generation_prompt: is \"yes\""),
                ]
        )
            outcome
                .Error.Split('\n')
                .ShouldContain(l => l.Contains($"rows.jsonl: line {line}: ") && l.Contains(fault), outcome.Error);
        outcome.Error.ShouldEndWith("1 rows: 1 encoded, 0 rendered, 0 decoded; 6 could not be used\n");
    }

    [Fact]
    public void A_checkpoint_of_this_house_has_its_own_tokens()
    {
        var tokenizer = new AgentArena.Models.Tokens.TextTokenizer(
            AgentArena.Models.Tokens.BpeTrainer.Train(["check bet"], ["check"], new()),
            false
        );
        tokenizer.Save(_temp.In(""));
        File.WriteAllText(_temp.In("model.json"), """{"format": 1}""");
        var (outcome, answers) = Tokenize(
            _temp.In(""),
            """{"text": "check<eos>"}""",
            """{"messages": [{"role": "user", "content": "check"}], "add_generation_prompt": true}""",
            """{"messages": [{"role": "judge", "content": "check"}]}"""
        );
        outcome.Code.ShouldBe(2, outcome.Error);
        outcome.Error.ShouldContain("messages[0]: Unknown role 'judge'");
        answers[0]["ids"]!.AsArray().Count.ShouldBe(2);
        ((string)answers[1]["text"]!).ShouldBe("<bos><user>check<assistant>");
    }

    [Fact]
    public void A_tokenizer_that_is_not_there_or_not_supported_is_told_in_words()
    {
        var outcome = Arena.Invoke("tokenize", _temp.In("nothing"), "--in", _temp.In("rows.jsonl"));
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain("is neither a folder nor a file");
        File.WriteAllText(_temp.In("tokenizer.json"), """{"model": {"type": "WordPiece", "vocab": {}}}""");
        outcome = Arena.Invoke("tokenize", _temp.In("tokenizer.json"), "--in", _temp.In("rows.jsonl"));
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldContain("tokenizer.json: model.type is WordPiece; BPE is supported. Use a BPE tokenizer.");
    }
}
