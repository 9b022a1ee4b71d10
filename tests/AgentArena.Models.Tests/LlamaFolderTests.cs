// The Hugging Face folder: weights come back to the last bit, ids and template are this room's own.
using System.Text.Json.Nodes;
using AgentArena.Core.Models;
using AgentArena.Models.Networks;
using AgentArena.Models.Storage;
using AgentArena.Models.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Tests;

public sealed class LlamaFolderTests : IDisposable
{
    private static readonly TransformerOptions Shape = new()
    {
        Width = 24,
        Layers = 2,
        Heads = 3,
        Hidden = 40,
        Context = 64,
        CachedTokens = 64,
    };
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly TextTokenizer _tokenizer = new(
        BpeTrainer.Train(
            ["the cat sat on the mat 12+34", "the mat"],
            [],
            new() { Vocabulary = 290, SingleDigits = true }
        ),
        singleDigits: true
    );

    public void Dispose() => Directory.Delete(_folder, true);

    private Transformer Write(out float[] flat)
    {
        var network = new Transformer(Shape, _tokenizer.Vocabulary.Count, CPU);
        using var weights = network.Initialise(5);
        flat = [.. weights.Flat.data<float>()];
        LlamaFolder.Write(_folder, Shape, network.Slices, flat, _tokenizer, "# card\n");
        return network;
    }

    [Fact]
    public void Weights_come_back_to_the_last_bit()
    {
        using var network = Write(out var flat);
        LlamaFolder.Read(_folder, Shape, network.Slices).ShouldBe(flat);
    }

    [Fact]
    public void Tensors_have_the_family_s_names_and_lie_out_by_in()
    {
        using var network = Write(out var flat);
        var stored = SafeTensors.Read(Path.Combine(_folder, LlamaFolder.Weights));
        stored["model.embed_tokens.weight"].Shape.ShouldBe([_tokenizer.Vocabulary.Count, 24]);
        stored["model.layers.1.mlp.gate_proj.weight"].Shape.ShouldBe([40, 24]);
        stored["model.layers.1.mlp.down_proj.weight"].Shape.ShouldBe([24, 40]);
        stored["model.norm.weight"].Numbers.ShouldBe(Enumerable.Repeat(1f, 24).ToArray());
        stored.ShouldNotContainKey("lm_head.weight");
        // The key of the second input for the third output stands behind the queries in this room's matrix.
        var slice = network.Slices.Single(s => s.Name == "layers.0.queries-keys");
        var key = (float[])stored["model.layers.0.self_attn.k_proj.weight"].Numbers;
        key[2 * 24 + 1].ShouldBe(flat[slice.Offset + 1 * 48 + 24 + 2]);
    }

    [Fact]
    public void The_folder_read_as_a_Llama_gives_the_network_s_logits()
    {
        using var network = Write(out _);
        using var weights = network.Initialise(5);
        var ids = new[] { 1, 4, 120, 7, 263, 99, 5 };
        using var scope = NewDisposeScope();
        var places = arange(0, ids.Length);
        var states = network.States(
            weights.Views,
            new TokenBatch(tensor(ids.Select(i => (long)i).ToArray()), places, places),
            new PretrainingTests.Causal(ids.Length, Shape.Heads)
        );
        float[] logits = [.. Transformer.Logits(weights.Views, states)[ids.Length - 1].data<float>()];
        var reference = new LlamaReference(_folder).LastLogits(ids);
        for (var i = 0; i < logits.Length; i++)
            ((double)logits[i]).ShouldBe(reference[i], 1e-4);
    }

    [Fact]
    public void The_shape_is_the_network_s()
    {
        using var network = Write(out _);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, LlamaFolder.Config)))!;
        ((string?)config["model_type"]).ShouldBe("llama");
        ((int)config["num_key_value_heads"]!).ShouldBe(3);
        ((int)config["head_dim"]!).ShouldBe(8);
        ((bool)config["tie_word_embeddings"]!).ShouldBeTrue();
        ((double)config["rms_norm_eps"]!).ShouldBe(1e-6);
    }

    [Fact]
    public void The_tokenizer_file_gives_the_same_ids_by_the_reference_implementation()
    {
        using var network = Write(out _);
        var reference = new Tokenizers.DotNet.Tokenizer(Path.Combine(_folder, "tokenizer.json"));
        foreach (
            var text in new[] { "the cat sat", " on the  mat\n12+345 = é漢🂡", "", "\t\r\n x", "a\u00a0b", "1 2 3the" }
        )
            reference.Encode(text).Select(i => (int)i).ShouldBe(_tokenizer.Encode(text), text);
        reference.Encode("<user>the<eos>").Select(i => (int)i).First().ShouldBe(Vocabulary.Mark(Speaker.User));
    }

    [Fact]
    public void The_template_lays_a_conversation_out_as_the_tokenizer_does()
    {
        using var network = Write(out _);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "tokenizer_config.json")))!;
        ((string?)config["chat_template"]).ShouldBe(LlamaFolder.ChatTemplate);
        var reference = new Tokenizers.DotNet.Tokenizer(Path.Combine(_folder, "tokenizer.json"));
        // What the template says of system, user and the mark that asks, written out by hand.
        const string rendered = "<bos><system>the mat<user>12+34<assistant>";
        var ids = _tokenizer.Append([], [new(Speaker.System, "the mat"), new(Speaker.User, "12+34")]);
        reference.Encode(rendered).Select(i => (int)i).ShouldBe(ids);
    }

    [Fact]
    public void A_folder_of_another_shape_is_refused()
    {
        using var network = Write(out _);
        using var wider = new Transformer(Shape with { Hidden = 48 }, _tokenizer.Vocabulary.Count, CPU);
        Should
            .Throw<InvalidDataException>(() => LlamaFolder.Read(_folder, wider.Options, wider.Slices))
            .Message.ShouldContain("gate_proj");
        var path = Path.Combine(_folder, LlamaFolder.Weights);
        var stored = SafeTensors.Read(path);
        ((float[])stored["model.norm.weight"].Numbers)[0] = 2;
        SafeTensors.Write(path, [.. stored.Select(s => (s.Key, s.Value))]);
        Should
            .Throw<InvalidDataException>(() => LlamaFolder.Read(_folder, Shape, network.Slices))
            .Message.ShouldContain("gains other than one");
    }
}
