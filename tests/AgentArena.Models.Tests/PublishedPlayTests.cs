// A network with a published tokenizer plays, learns and comes back from a checkpoint like one with this house's own.
using System.Text.Json.Nodes;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Models.Storage;
using AgentArena.Models.Tokens.HuggingFace;
using static TorchSharp.torch;

namespace AgentArena.Models.Tests;

public sealed class PublishedPlayTests : IDisposable
{
    // Two ends of a reply, one mark that is none, and a token by name that a reply may hold.
    private static readonly (string Content, bool Special)[] Named =
    [
        ("<|im_start|>", true),
        ("<|im_end|>", true),
        ("<|stop|>", true),
        ("<think>", false),
    ];

    private readonly TokenizerFiles _files = TokenizerFiles.Of(
        model: TokenizerFiles.Bytes(("b", "e"), ("be", "t"), ("c", "h")),
        added: new JsonArray([
            .. Named.Select(
                (t, i) =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["id"] = 259 + i,
                            ["content"] = t.Content,
                            ["special"] = t.Special,
                        }
            ),
        ]).ToJsonString(),
        config: new JsonObject
        {
            ["eos_token"] = "<|stop|>",
            ["chat_template"] = File.ReadAllText(TokenizerFiles.Data("templates/chatml-like.jinja")),
        }.ToJsonString()
    );

    private HuggingFaceTokenizer Tokenizer => _files.Ours;

    public void Dispose() => _files.Dispose();

    private TransformerModel Model(ulong seed = 1)
    {
        var options = Toys.Options with { Context = 160 };
        var model = new TransformerModel("student", options, Tokenizer, seed, Toys.Learn(), CPU, ScalarType.Float64);
        model.ScaleMatrices(3);
        return model;
    }

    private static List<Utterance> Play(TransformerModel model)
    {
        for (var i = 0; i < 24; i++)
            model.Add(Toys.Free(i, "your <|im_end|> move", budget: 24, seed: (ulong)i));
        for (var i = 24; i < 36; i++)
            model.Add(Toys.Ask(i, i % 12, seed: (ulong)i));
        return [.. Toys.Finish(model).OrderBy(s => s.Key).Select(s => s.Value)];
    }

    [Fact]
    public void Replies_hold_text_and_end_where_the_format_ends_them()
    {
        using var model = Model();
        var said = Play(model);
        Tokenizer.Ends.Select(Tokenizer.Spell).ShouldBe(["<|im_end|>", "<|stop|>"]);
        said.Take(24).ShouldContain(s => !s.Truncated);
        foreach (var reply in said)
        {
            reply.Tokens.ShouldAllBe(id => Tokenizer.Free.Contains(id));
            var body =
                reply.Truncated || !Tokenizer.Ends.Contains(reply.Tokens[^1]) ? reply.Tokens : reply.Tokens[..^1];
            body.ShouldAllBe(id => !Tokenizer.IsSpecial(id));
            reply.Text.ShouldBe(Tokenizer.Decode(body.AsSpan()));
            Tokenizer.Decode(reply.Prompt.AsSpan(), marked: true).ShouldEndWith("<|im_end|>\n<|im_start|>assistant\n");
            reply.Prompt.Count(id => Tokenizer.Ends.Contains(id)).ShouldBe(2, "the instructions' end and the user's");
        }
        said.Skip(24).ShouldAllBe(s => Toys.Moves.Contains(s.Text));
    }

    [Fact]
    public void What_was_sampled_is_what_is_trained_on_under_the_same_masks()
    {
        using var model = Model();
        var said = Play(model);
        var rows = said.Select((s, i) => Toys.Row(s, 0.1f, i)).ToList();
        var scores = model.Score(rows);
        for (var r = 0; r < rows.Count; r++)
        for (var t = 0; t < rows[r].Tokens.Length; t++)
            scores[r][t].ShouldBe(rows[r].LogProbs[t], 1e-5);
        model.Update(new TrainingBatch([.. rows], rows.Count, 1, 0)).Version.ShouldBe(1);
    }

    [Fact]
    public void A_checkpoint_brings_its_tokenizer_along()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        using var model = Model();
        model.Save(folder);
        File.Exists(Path.Combine(folder, "tokenizer.json")).ShouldBeTrue();
        var tokenizer = ModelFolder.ReadTokenizer(folder).ShouldBeOfType<HuggingFaceTokenizer>();
        using var again = new TransformerModel(
            "student",
            Toys.Options with
            {
                Context = 160,
            },
            tokenizer,
            9,
            Toys.Learn(),
            CPU,
            ScalarType.Float64
        );
        again.Load(folder);
        Play(again).Select(s => s.Text).ShouldBe(Play(model).Select(s => s.Text));
        File.AppendAllText(Path.Combine(folder, "tokenizer_config.json"), " ");
        Should.Throw<InvalidDataException>(() => again.Load(folder)).Message.ShouldContain("tokenizer_config.json");
        Directory.Delete(folder, true);
    }

    [Fact]
    public void A_tokenizer_without_an_end_seats_no_network()
    {
        using var files = TokenizerFiles.Of();
        Should
            .Throw<ArgumentException>(() => new TransformerModel("student", Toys.Options, files.Ours, 1, null))
            .Message.ShouldContain("eos_token");
        Should.Throw<ArgumentException>(() => files.Ours.Append([], [])).Message.ShouldContain("chat_template");
    }
}
