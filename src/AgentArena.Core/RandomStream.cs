// Named, seeded streams of chance. Knows nothing of who draws from them: that is what the names are for.
using System.Runtime.CompilerServices;

namespace AgentArena.Core;

/// <summary>
/// A small deterministic generator (SplitMix64, Steele et al. 2014). A stream is derived from its parent's seed by
/// name, so what one consumer draws never shifts what another sees, whatever the order or the concurrency.
/// </summary>
public struct RandomStream(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        _state += 0x9E3779B97F4A7C15UL;
        return Mix(_state);
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="count"/>), without modulo bias.</summary>
    public int Next(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return (int)Math.BigMul(NextUInt64(), (ulong)count, out _);
    }

    /// <summary>Puts <paramref name="items"/> into an order drawn alike from all (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>An index drawn in proportion to <paramref name="weights"/> (non-negative, not all zero).</summary>
    public int Choose(ReadOnlySpan<double> weights)
    {
        double total = 0;
        foreach (var w in weights)
            total += w;
        if (!(total > 0))
            throw new ArgumentException(
                "RandomStream.Choose: the weights sum to nothing; give at least one positive weight.",
                nameof(weights)
            );
        var left = NextDouble() * total;
        var last = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] <= 0)
                continue;
            last = i;
            left -= weights[i];
            if (left < 0)
                return i;
        }
        return last;
    }

    /// <summary>
    /// The seed of the stream called <paramref name="name"/> (with indices) below <paramref name="parent"/>.
    /// </summary>
    public static ulong Derive(ulong parent, string name, long a = 0, long b = 0, long c = 0)
    {
        // Mixed before the name meets it: else seed 1 with name "b" would be seed 2 with name "a".
        var hash = Mix(parent + 0x9E3779B97F4A7C15UL) ^ 0xCBF29CE484222325UL;
        foreach (var ch in name)
            hash = (hash ^ ch) * 0x100000001B3UL;
        hash = Mix(hash + 0x9E3779B97F4A7C15UL);
        hash = Mix(hash ^ Mix((ulong)a + 0xD1B54A32D192ED03UL));
        hash = Mix(hash ^ Mix((ulong)b + 0x8CB92BA72F3D8DD7UL));
        return Mix(hash ^ Mix((ulong)c + 0xABC98388FB8FAC03UL));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
