// A model as a Hugging Face folder of the Llama family: config.json, model.safetensors, tokenizer and chat template,
// and back. Knows files and names of tensors; no training.
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Models.Networks;
using AgentArena.Models.Tokens;

namespace AgentArena.Models.Storage;

/// <summary>
/// This room's network is a Llama whose norms have a gain of one: RMSNorm, rotary positions by halves, SwiGLU, tied
/// embeddings. Matrices are written [out, in], as that family has them.
/// </summary>
internal static class LlamaFolder
{
    /// <summary>The files of weights and shape.</summary>
    public const string Weights = "model.safetensors",
        Config = "config.json";

    private const double Epsilon = 1e-6;
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// A conversation as <see cref="TextTokenizer"/> lays it out: each message behind its speaker's mark. What an
    /// assistant said ends as it did when it was sampled.
    /// </summary>
    public const string ChatTemplate =
        "{{ bos_token }}{% for message in messages %}{{ '<' + message['role'] + '>' + message['content'] }}"
        + "{% if message['role'] == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<assistant>' }}{% endif %}";

    /// <summary>Writes all files.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="options">The shape.</param>
    /// <param name="slices">Names and places of the weights in <paramref name="flat"/>.</param>
    /// <param name="flat">The weights.</param>
    /// <param name="tokenizer">Text to ids.</param>
    /// <param name="card">The text of README.md.</param>
    /// <exception cref="ArgumentException">The network has a value head, which the family knows not.</exception>
    public static void Write(
        string folder,
        TransformerOptions options,
        IReadOnlyList<Slice> slices,
        ReadOnlySpan<float> flat,
        TextTokenizer tokenizer,
        string card
    )
    {
        if (options.ValueHead)
            throw new ArgumentException("the network has a value head, which a Llama has not. Export one without.");
        var tensors = new List<(string, StoredTensor)>();
        foreach (var (name, slice, rows, from, to) in Parts(options))
        {
            var whole = slices.First(s => s.Name == slice);
            var numbers = flat.Slice((int)whole.Offset, (int)whole.Count);
            tensors.Add(
                (name, slice == Embedding ? new(whole.Shape, numbers.ToArray()) : Turned(numbers, rows, from, to))
            );
        }
        foreach (var norm in Norms(options))
            tensors.Add((norm, new([options.Width], Enumerable.Repeat(1f, options.Width).ToArray())));
        SafeTensors.Write(
            Path.Combine(folder, Weights),
            [.. tensors.OrderBy(t => t.Item1, StringComparer.Ordinal)],
            new Dictionary<string, string> { ["format"] = "pt" }
        );
        WriteJson(folder, Config, ConfigOf(options, tokenizer.Vocabulary.Count));
        WriteJson(
            folder,
            "generation_config.json",
            new JsonObject
            {
                ["bos_token_id"] = Vocabulary.Begin,
                ["eos_token_id"] = Vocabulary.End,
                ["pad_token_id"] = Vocabulary.Pad,
                ["do_sample"] = true,
            }
        );
        WriteJson(folder, "tokenizer.json", TokenizerOf(tokenizer));
        WriteJson(
            folder,
            "tokenizer_config.json",
            new JsonObject
            {
                ["tokenizer_class"] = "PreTrainedTokenizerFast",
                ["bos_token"] = Vocabulary.Specials[Vocabulary.Begin],
                ["eos_token"] = Vocabulary.Specials[Vocabulary.End],
                ["pad_token"] = Vocabulary.Specials[Vocabulary.Pad],
                ["add_bos_token"] = false,
                ["clean_up_tokenization_spaces"] = false,
                ["model_max_length"] = options.Context,
                ["chat_template"] = ChatTemplate,
            }
        );
        File.WriteAllText(Path.Combine(folder, "README.md"), card);
    }

    /// <summary>The weights of a folder that <see cref="Write"/> wrote, laid out as the slices say.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">The shape.</param>
    /// <param name="slices">Names and places of the weights.</param>
    /// <exception cref="InvalidDataException">
    /// A tensor is missing, or of another shape, or a gain is not one.
    /// </exception>
    public static float[] Read(string folder, TransformerOptions options, IReadOnlyList<Slice> slices)
    {
        var path = Path.Combine(folder, Weights);
        var stored = SafeTensors.Read(path);
        var flat = new float[slices[^1].Offset + slices[^1].Count];
        foreach (var (name, slice, rows, from, to) in Parts(options))
        {
            var whole = slices.First(s => s.Name == slice);
            long[] shape = slice == Embedding ? whole.Shape : [to - from, rows];
            var numbers = Wanted(name, shape);
            var into = flat.AsSpan((int)whole.Offset, (int)whole.Count);
            if (slice == Embedding)
                numbers.CopyTo(into);
            else
                for (int r = 0, columns = into.Length / rows; r < rows; r++)
                for (var c = from; c < to; c++)
                    into[r * columns + c] = numbers[(c - from) * rows + r];
        }
        foreach (var norm in Norms(options))
            if (Array.Exists(Wanted(norm, [options.Width]), g => g != 1))
                throw new InvalidDataException(
                    $"{path}: '{norm}' has gains other than one, which this network does not keep. "
                        + "Use a model that was exported from it."
                );
        return flat;

        float[] Wanted(string name, long[] shape) =>
            stored.TryGetValue(name, out var tensor)
            && tensor.Numbers is float[] numbers
            && tensor.Shape.SequenceEqual(shape)
                ? numbers
                : throw new InvalidDataException(
                    $"{path}: has no '{name}' of [{string.Join(", ", shape)}] in F32. "
                        + "Give the model the shape it was trained with."
                );
    }

    private const string Embedding = "embedding";

    // Each tensor: its name, the slice it is a part of, that slice's rows, and the columns that are its own.
    private static IEnumerable<(string Name, string Slice, int Rows, int From, int To)> Parts(TransformerOptions o)
    {
        yield return ("model.embed_tokens.weight", Embedding, 0, 0, 0);
        for (var i = 0; i < o.Layers; i++)
        {
            var (to, from) = ($"model.layers.{i}", $"layers.{i}");
            yield return ($"{to}.self_attn.q_proj.weight", $"{from}.queries-keys", o.Width, 0, o.Width);
            yield return ($"{to}.self_attn.k_proj.weight", $"{from}.queries-keys", o.Width, o.Width, 2 * o.Width);
            yield return ($"{to}.self_attn.v_proj.weight", $"{from}.values", o.Width, 0, o.Width);
            yield return ($"{to}.self_attn.o_proj.weight", $"{from}.out", o.Width, 0, o.Width);
            yield return ($"{to}.mlp.gate_proj.weight", $"{from}.gate-up", o.Width, 0, o.HiddenWidth);
            yield return ($"{to}.mlp.up_proj.weight", $"{from}.gate-up", o.Width, o.HiddenWidth, 2 * o.HiddenWidth);
            yield return ($"{to}.mlp.down_proj.weight", $"{from}.down", o.HiddenWidth, 0, o.Width);
        }
    }

    private static IEnumerable<string> Norms(TransformerOptions options)
    {
        for (var i = 0; i < options.Layers; i++)
        {
            yield return $"model.layers.{i}.input_layernorm.weight";
            yield return $"model.layers.{i}.post_attention_layernorm.weight";
        }
        yield return "model.norm.weight";
    }

    // Columns [from, to) of a matrix of so many rows, as rows.
    private static StoredTensor Turned(ReadOnlySpan<float> matrix, int rows, int from, int to)
    {
        var columns = matrix.Length / rows;
        var turned = new float[(to - from) * rows];
        for (var r = 0; r < rows; r++)
        for (var c = from; c < to; c++)
            turned[(c - from) * rows + r] = matrix[r * columns + c];
        return new([to - from, rows], turned);
    }

    private static JsonObject ConfigOf(TransformerOptions options, int vocabulary) =>
        new()
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["model_type"] = "llama",
            ["vocab_size"] = vocabulary,
            ["hidden_size"] = options.Width,
            ["intermediate_size"] = options.HiddenWidth,
            ["num_hidden_layers"] = options.Layers,
            ["num_attention_heads"] = options.Heads,
            ["num_key_value_heads"] = options.Heads,
            ["head_dim"] = options.Width / options.Heads,
            ["hidden_act"] = "silu",
            ["max_position_embeddings"] = options.Context,
            ["rms_norm_eps"] = Epsilon,
            ["rope_theta"] = options.RotaryBase,
            ["rope_scaling"] = null,
            ["attention_bias"] = false,
            ["attention_dropout"] = 0.0,
            ["mlp_bias"] = false,
            ["tie_word_embeddings"] = true,
            ["initializer_range"] = options.Deviation,
            ["bos_token_id"] = Vocabulary.Begin,
            ["eos_token_id"] = Vocabulary.End,
            ["pad_token_id"] = Vocabulary.Pad,
            ["torch_dtype"] = "float32",
            ["use_cache"] = true,
        };

    private static JsonObject TokenizerOf(TextTokenizer tokenizer)
    {
        var vocabulary = tokenizer.Vocabulary;
        var (ids, added) = (new JsonObject(), new JsonArray());
        for (var id = 0; id < vocabulary.Count; id++)
            ids[vocabulary.Tokens[id]] = id;
        for (var id = 0; id < Vocabulary.Specials.Count; id++)
            added.Add(
                new JsonObject
                {
                    ["id"] = id,
                    ["content"] = Vocabulary.Specials[id],
                    ["single_word"] = false,
                    ["lstrip"] = false,
                    ["rstrip"] = false,
                    ["normalized"] = false,
                    ["special"] = true,
                }
            );
        return new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = added,
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "Split",
                        ["pattern"] = new JsonObject
                        {
                            ["Regex"] = BpeTrainer.Pieces(tokenizer.SingleDigits).ToString(),
                        },
                        ["behavior"] = "Isolated",
                        ["invert"] = false,
                    },
                    new JsonObject
                    {
                        ["type"] = "ByteLevel",
                        ["add_prefix_space"] = false,
                        ["trim_offsets"] = true,
                        ["use_regex"] = false,
                    }
                ),
            },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject
            {
                ["type"] = "ByteLevel",
                ["add_prefix_space"] = true,
                ["trim_offsets"] = true,
                ["use_regex"] = true,
            },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = false,
                ["vocab"] = ids,
                ["merges"] = new JsonArray([.. vocabulary.Merges.Select(m => new JsonArray(m.Left, m.Right))]),
            },
        };
    }

    private static void WriteJson(string folder, string name, JsonObject value) =>
        File.WriteAllText(Path.Combine(folder, name), value.ToJsonString(Json) + "\n");
}
