// The check sum that lies behind every persisted payload. Knows bytes alone.
using System.Numerics;
using System.Runtime.InteropServices;

namespace AgentArena.Actors.Journal;

/// <summary>CRC-32C (Castagnoli) of a payload's manifest and bytes: no byte of either can change unseen.</summary>
internal static class Seal
{
    /// <summary>The sum.</summary>
    public static uint Of(string manifest, ReadOnlySpan<byte> body)
    {
        var crc = ~0u;
        foreach (var c in manifest)
            crc = BitOperations.Crc32C(crc, (byte)c);
        var words = MemoryMarshal.Cast<byte, ulong>(body);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var b in body[(words.Length * 8)..])
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
