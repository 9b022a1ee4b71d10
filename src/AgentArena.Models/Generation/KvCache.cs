// Keys and values kept between steps, by slot: who has which, and how many there may be. Knows no arithmetic.
using AgentArena.Models.Networks;
using static TorchSharp.torch;

namespace AgentArena.Models.Generation;

/// <summary>Attention of new tokens over the kept keys and values of their own paths.</summary>
/// <param name="network">Whose.</param>
internal abstract class KvCache(Transformer network) : Attention, IDisposable
{
    /// <summary>Slots there is room for without asking.</summary>
    protected const int FirstSlots = 1024;

    /// <summary>The kind for a device: plain loops on the CPU, tensors elsewhere and in double precision.</summary>
    public static KvCache For(Transformer network) =>
        network.Device.type == TorchSharp.DeviceType.CPU && network.Type == ScalarType.Float32
            ? new CpuKvAttention(network)
            : new TensorKvAttention(network);

    /// <inheritdoc/>
    public override bool Alone => true;

    /// <summary>Slots in use. Slot 0 is nobody's.</summary>
    public int Used { get; private set; } = 1;

    /// <summary>Whether so many more tokens would exceed what may be kept.</summary>
    public bool IsFull(int more) => Used + more > Math.Max(network.Options.CachedTokens, FirstSlots) && Used > 1;

    /// <summary>The next free slot.</summary>
    public int Take() => Used++;

    /// <summary>Forgets everything.</summary>
    public void Clear() => Used = 1;

    /// <summary>Sets the tokens of the next pass.</summary>
    /// <param name="nodes">The tokens, slots taken, parents' slots too.</param>
    /// <param name="needed">Indices of those whose states are wanted.</param>
    public abstract void Prepare(List<TokenNode> nodes, List<int> needed);

    /// <inheritdoc/>
    public abstract void Dispose();
}
