// Weights, and what their training remembers, to a folder and back. Knows their shapes; changes nothing before all of a
// folder is read.
using System.Globalization;
using System.Runtime.InteropServices;
using AgentArena.Models.Networks;
using AgentArena.Models.Storage;
using AgentArena.Models.Tokens;
using AgentArena.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models;

internal sealed class Checkpoint(Transformer network, Parameters weights, Trainer? trainer)
{
    /// <summary>Writes all of it, and the tokenizer beside it.</summary>
    public void Write(string folder, int version, ITokenizer tokenizer)
    {
        var manifest = new ModelManifest
        {
            Version = version,
            Updates = trainer?.Updates ?? 0,
            Steps = trainer?.Optimiser.Steps ?? 0,
            SingleDigits = tokenizer is TextTokenizer { SingleDigits: true },
            Heads = network.Options.Heads,
            RotaryBase = network.Options.RotaryBase,
            Shapes = network.Slices.ToDictionary(s => s.Name, s => s.Shape),
        };
        var flat = Numbers(weights.Flat);
        List<(string, StoredTensor)> parts =
        [
            .. network.Slices.Select(s => (s.Name, new StoredTensor(s.Shape, Part(flat, s)))),
        ];
        List<(string, StoredTensor)>? training = null;
        if (trainer is not null)
        {
            training = [("mean", Whole(trainer.Optimiser.Mean)), ("square", Whole(trainer.Optimiser.Square))];
            if (trainer.Reference is not null)
                training.Add(("reference", Whole(trainer.Reference.Weights.Flat)));
        }
        ModelFolder.Write(folder, manifest, parts, training, tokenizer);

        StoredTensor Whole(Tensor tensor) => new([network.Count], Numbers(tensor));

        static Array Part(Array from, Slice slice)
        {
            var part = Array.CreateInstance(from.GetType().GetElementType()!, slice.Count);
            Array.Copy(from, slice.Offset, part, 0, slice.Count);
            return part;
        }
    }

    /// <summary>
    /// Reads a folder into weights and training; returns the version of the weights and the tokenizer beside them. What
    /// training remembers begins anew where the folder has none.
    /// </summary>
    /// <exception cref="InvalidDataException">The folder is not whole, or of another shape; nothing has changed.</exception>
    public (int Version, ITokenizer Tokenizer) Read(string folder)
    {
        var stored = ModelFolder.Read(folder);
        var manifest = stored.Manifest;
        var file = Path.Combine(folder, ModelFolder.Weights);
        if (manifest.Heads != network.Options.Heads || manifest.RotaryBase != network.Options.RotaryBase)
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Path.Combine(folder, ModelFolder.Manifest)}: the network has {manifest.Heads} heads and rotary base {manifest.RotaryBase}, the model {network.Options.Heads} and {network.Options.RotaryBase}. Give the model the shape it was trained with."
                )
            );
        var doubles = network.Type == ScalarType.Float64;
        var flat = ModelFolder.Flatten(file, stored.Weights, network.Slices, doubles);
        var parts = new List<(Tensor To, Array From)> { (weights.Flat, flat) };
        if (trainer is not null && stored.Training is { } training)
        {
            Want("mean", trainer.Optimiser.Mean);
            Want("square", trainer.Optimiser.Square);
            if (trainer.Reference is not null)
                Want("reference", trainer.Reference.Weights.Flat);
        }
        else if (trainer?.Reference is not null)
        {
            parts.Add((trainer.Reference.Weights.Flat, flat));
        }

        // All is read and of the right shape: only now is anything changed.
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (to, from) in parts)
            to.copy_(from is double[] d ? tensor(d) : tensor((float[])from));
        if (trainer is not null)
        {
            trainer.Updates = manifest.Updates;
            trainer.Optimiser.Steps = stored.Training is null ? 0 : manifest.Steps;
        }
        return (manifest.Version, stored.Tokenizer);

        void Want(string name, Tensor to)
        {
            var path = Path.Combine(folder, ModelFolder.Training);
            if (!training.TryGetValue(name, out var tensor))
                throw new InvalidDataException(
                    $"{path}: has no '{name}', which this way of learning needs. Use a checkpoint written with the same loss, or start from its weights with a model that does not learn."
                );
            if (tensor.Numbers.Length != network.Count || tensor.Numbers is double[] != doubles)
                throw new InvalidDataException(
                    $"{path}: '{name}' has {tensor.Numbers.Length} numbers, the model wants {network.Count}. Give the model the shape it was trained with."
                );
            parts.Add((to, tensor.Numbers));
        }
    }

    private static Array Numbers(Tensor flat)
    {
        using var scope = NewDisposeScope();
        var cpu = flat.detach().cpu();
        return cpu.dtype == ScalarType.Float64
            ? MemoryMarshal.Cast<byte, double>(cpu.bytes).ToArray()
            : MemoryMarshal.Cast<byte, float>(cpu.bytes).ToArray();
    }
}
