// The Llama family's forward pass in plain loops over doubles, written from its published description and from the files
// alone: an oracle for what is exported.
using System.Text.Json.Nodes;
using AgentArena.Models.Storage;

namespace AgentArena.Models.Tests;

/// <summary>Reads a folder of Hugging Face's Llama form.</summary>
internal sealed class LlamaReference(string folder)
{
    private readonly Dictionary<string, StoredTensor> _tensors = SafeTensors.Read(
        Path.Combine(folder, "model.safetensors")
    );
    private readonly JsonNode _config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!;

    /// <summary>Scores of all ids after the last token of a sequence.</summary>
    public double[] LastLogits(int[] ids)
    {
        int width = Number("hidden_size"),
            heads = Number("num_attention_heads"),
            head = Number("head_dim");
        var x = ids.Select(id => Row("model.embed_tokens.weight", id, width)).ToArray();
        for (var layer = 0; layer < Number("num_hidden_layers"); layer++)
        {
            var name = $"model.layers.{layer}";
            var normed = x.Select(v => Norm(v, $"{name}.input_layernorm.weight")).ToArray();
            var queries = normed.Select((v, p) => Turn(Times($"{name}.self_attn.q_proj.weight", v), p, head)).ToArray();
            var keys = normed.Select((v, p) => Turn(Times($"{name}.self_attn.k_proj.weight", v), p, head)).ToArray();
            var values = normed.Select(v => Times($"{name}.self_attn.v_proj.weight", v)).ToArray();
            for (var p = x.Length - 1; p >= 0; p--)
            {
                var mixed = new double[width];
                for (var h = 0; h < heads; h++)
                    Attend(h * head, head, queries[p], keys[..(p + 1)], values, mixed);
                x[p] = Sum(x[p], Times($"{name}.self_attn.o_proj.weight", mixed));
            }
            for (var p = 0; p < x.Length; p++)
            {
                var v = Norm(x[p], $"{name}.post_attention_layernorm.weight");
                var (gate, up) = (Times($"{name}.mlp.gate_proj.weight", v), Times($"{name}.mlp.up_proj.weight", v));
                var hidden = gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u).ToArray();
                x[p] = Sum(x[p], Times($"{name}.mlp.down_proj.weight", hidden));
            }
        }
        return Times("model.embed_tokens.weight", Norm(x[^1], "model.norm.weight"));
    }

    private static void Attend(int from, int head, double[] query, double[][] keys, double[][] values, double[] into)
    {
        var scores = keys.Select(k => Enumerable.Range(from, head).Sum(i => query[i] * k[i]) / Math.Sqrt(head))
            .ToArray();
        var largest = scores.Max();
        var weights = scores.Select(s => Math.Exp(s - largest)).ToArray();
        for (var k = 0; k < keys.Length; k++)
        for (var i = from; i < from + head; i++)
            into[i] += weights[k] / weights.Sum() * values[k][i];
    }

    // x cos + rotate_half(x) sin, head by head.
    private double[] Turn(double[] x, int position, int head)
    {
        var turned = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var (at, half) = (i % head, head / 2);
            var angle = position / Math.Pow((double)_config["rope_theta"]!, 2.0 * (at % half) / head);
            var other = at < half ? -x[i + half] : x[i - half];
            turned[i] = x[i] * Math.Cos(angle) + other * Math.Sin(angle);
        }
        return turned;
    }

    private double[] Norm(double[] x, string gain)
    {
        var scale = 1 / Math.Sqrt(x.Average(v => v * v) + (double)_config["rms_norm_eps"]!);
        var gains = (float[])_tensors[gain].Numbers;
        return [.. x.Select((v, i) => v * scale * gains[i])];
    }

    private double[] Times(string matrix, double[] x) =>
        [
            .. Enumerable
                .Range(0, (int)_tensors[matrix].Shape[0])
                .Select(row => Row(matrix, row, x.Length).Zip(x, (a, b) => a * b).Sum()),
        ];

    private double[] Row(string matrix, int row, int width) =>
        [.. ((float[])_tensors[matrix].Numbers).Skip(row * width).Take(width).Select(v => (double)v)];

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private int Number(string key) => (int)_config[key]!;
}
