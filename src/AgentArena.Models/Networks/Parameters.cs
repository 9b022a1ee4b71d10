// All weights of a network in one flat tensor, with the names and shapes of its parts. Knows no network.
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Networks;

/// <summary>One weight: its name, its shape and where it begins in the flat tensor.</summary>
public sealed record Slice(string Name, long[] Shape, long Offset)
{
    /// <summary>How many numbers.</summary>
    public long Count { get; } = Shape.Aggregate(1L, (a, b) => a * b);
}

/// <summary>
/// The weights as views of one flat tensor: an optimiser step, a gradient norm, an average of weights, a copy and a
/// file are each a few operations on one tensor. Not shared between threads.
/// </summary>
public sealed class Parameters : IDisposable
{
    /// <summary>Takes ownership of <paramref name="flat"/>.</summary>
    public Parameters(IReadOnlyList<Slice> slices, Tensor flat)
    {
        Slices = slices;
        Flat = flat.DetachFromDisposeScope();
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        Views = [.. slices.Select(s => Flat.narrow(0, s.Offset, s.Count).view(s.Shape).DetachFromDisposeScope())];
    }

    /// <summary>Names, shapes, offsets.</summary>
    public IReadOnlyList<Slice> Slices { get; }

    /// <summary>All numbers, [count].</summary>
    public Tensor Flat { get; }

    /// <summary>The weights as views without gradient, in the order of <see cref="Slices"/>.</summary>
    public Tensor[] Views { get; }

    /// <summary>A copy on the same device.</summary>
    public Parameters Copy()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return new Parameters(Slices, Flat.detach().clone());
    }

    /// <summary>
    /// A leaf over the same memory, and the weights as views of it: the leaf gathers one flat gradient for all of them.
    /// </summary>
    public (Tensor Leaf, Tensor[] Views) Differentiable()
    {
        var leaf = Flat.detach().requires_grad_(true);
        var parts = leaf.split([.. Slices.Select(s => s.Count)], 0);
        return (leaf, [.. parts.Select((p, i) => Slices[i].Shape.Length == 1 ? p : p.view(Slices[i].Shape))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var view in Views)
            view.Dispose();
        Flat.Dispose();
    }
}
