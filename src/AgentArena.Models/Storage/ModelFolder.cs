// A model's files: weights, what its training remembers, its tokenizer, and a manifest that ties them together. Knows
// no way of learning.
using System.Security.Cryptography;
using System.Text.Json;
using AgentArena.Models.Networks;
using AgentArena.Models.Tokens;

namespace AgentArena.Models.Storage;

/// <summary>What the manifest says.</summary>
internal sealed record ModelManifest
{
    /// <summary>Format of the folder.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Version of the weights.</summary>
    public int Version { get; init; }

    /// <summary>Updates made in this lineage.</summary>
    public long Updates { get; init; }

    /// <summary>Steps of the optimiser.</summary>
    public long Steps { get; init; }

    /// <summary>How the tokenizer cuts digits.</summary>
    public bool SingleDigits { get; init; }

    /// <summary>Attention heads: the one part of the shape that no weight shows.</summary>
    public int Heads { get; init; }

    /// <summary>Base of the rotary frequencies, which no weight shows either.</summary>
    public double RotaryBase { get; init; }

    /// <summary>Shape of each weight.</summary>
    public Dictionary<string, long[]> Shapes { get; init; } = [];

    /// <summary>SHA-256 of each file.</summary>
    public Dictionary<string, string> Files { get; init; } = [];
}

/// <summary>Everything that was in a folder.</summary>
internal sealed record StoredModel(
    ModelManifest Manifest,
    Dictionary<string, StoredTensor> Weights,
    Dictionary<string, StoredTensor>? Training,
    ITokenizer Tokenizer
);

/// <summary>Reads and writes model folders.</summary>
internal static class ModelFolder
{
    public const string Manifest = "model.json",
        Weights = "weights.safetensors",
        Training = "training.safetensors";
    private const string Remedy = "Use an earlier checkpoint, or copy this one again from where it is whole.";
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        IndentSize = 1,
    };

    /// <summary>Writes all files; <paramref name="training"/> is null for weights that do not learn.</summary>
    public static void Write(
        string folder,
        ModelManifest manifest,
        IReadOnlyList<(string, StoredTensor)> weights,
        IReadOnlyList<(string, StoredTensor)>? training,
        ITokenizer tokenizer
    )
    {
        SafeTensors.Write(Path.Combine(folder, Weights), weights);
        if (training is not null)
            SafeTensors.Write(Path.Combine(folder, Training), training);
        foreach (var name in (string[])[Weights, Training, .. tokenizer.Save(folder)])
            if (File.Exists(Path.Combine(folder, name)))
                manifest.Files[name] = Hash(Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, Manifest), JsonSerializer.Serialize(manifest, Json));
    }

    /// <summary>Reads and checks all files.</summary>
    /// <exception cref="InvalidDataException">
    /// Missing, cut short or altered; the message names file, fault and remedy.
    /// </exception>
    public static StoredModel Read(string folder)
    {
        var manifest = ReadManifest(folder);
        foreach (var (name, hash) in manifest.Files)
        {
            var file = Path.Combine(folder, name);
            if (!File.Exists(file))
                throw new InvalidDataException($"{file}: is missing. {Remedy}");
            // The reader says where a file was cut; the hash only that something is different.
            if (name.EndsWith(".safetensors", StringComparison.Ordinal))
                SafeTensors.Read(file);
            if (Hash(file) != hash)
                throw new InvalidDataException($"{file}: its SHA-256 is not the manifest's; it was altered. {Remedy}");
        }
        if (!manifest.Files.ContainsKey(Weights))
            throw new InvalidDataException($"{Path.Combine(folder, Manifest)}: names no {Weights}. {Remedy}");
        return new StoredModel(
            manifest,
            SafeTensors.Read(Path.Combine(folder, Weights)),
            manifest.Files.ContainsKey(Training) ? SafeTensors.Read(Path.Combine(folder, Training)) : null,
            ReadTokenizer(folder, manifest)
        );
    }

    /// <summary>The tokenizer of a folder, for a model that will be loaded from it.</summary>
    public static ITokenizer ReadTokenizer(string folder) => ReadTokenizer(folder, ReadManifest(folder));

    private static ITokenizer ReadTokenizer(string folder, ModelManifest manifest) =>
        TokenizerFolder.Published(folder) is { } file
            ? TokenizerFolder.Read(file)
            : new TextTokenizer(Vocabulary.Load(folder), manifest.SingleDigits);

    /// <summary>The numbers of named tensors laid out flat as the slices say.</summary>
    /// <exception cref="InvalidDataException">A name or shape does not match.</exception>
    public static Array Flatten(
        string file,
        Dictionary<string, StoredTensor> stored,
        IReadOnlyList<Slice> slices,
        bool doubles
    )
    {
        var count = slices[^1].Offset + slices[^1].Count;
        Array flat = doubles ? new double[count] : new float[count];
        foreach (var slice in slices)
        {
            if (!stored.TryGetValue(slice.Name, out var tensor))
                throw new InvalidDataException(
                    $"{file}: has no '{slice.Name}'; it is of another network. Give the model the shape it was trained with."
                );
            if (!tensor.Shape.AsSpan().SequenceEqual(slice.Shape))
                throw new InvalidDataException(
                    $"{file}: '{slice.Name}' is [{string.Join(", ", tensor.Shape)}], the model wants [{string.Join(", ", slice.Shape)}]. Give the model the shape and vocabulary it was trained with."
                );
            if (tensor.Numbers is double[] != doubles)
                throw new InvalidDataException(
                    $"{file}: '{slice.Name}' is {(doubles ? "F32" : "F64")}, the model computes in {(doubles ? "F64" : "F32")}. Use a checkpoint of the same precision."
                );
            Array.Copy(tensor.Numbers, 0, flat, slice.Offset, slice.Count);
        }
        if (stored.Keys.FirstOrDefault(k => slices.All(s => s.Name != k)) is { } extra)
            throw new InvalidDataException(
                $"{file}: has '{extra}', which the model lacks. Give the model the shape it was trained with."
            );
        return flat;
    }

    private static ModelManifest ReadManifest(string folder)
    {
        var path = Path.Combine(folder, Manifest);
        try
        {
            if (!File.Exists(path))
                throw new InvalidDataException($"{path}: is missing, so the folder holds no model. {Remedy}");
            return JsonSerializer.Deserialize<ModelManifest>(File.ReadAllText(path), Json) is { Format: 1 } manifest
                ? manifest
                : throw new InvalidDataException(
                    $"{path}: is of another format. Read it with the version that wrote it."
                );
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: cannot be read ({e.Message}). {Remedy}", e);
        }
    }

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
