// The printable stand-ins for the 256 bytes that byte-level vocabularies are written in (GPT-2's table). Knows no
// merges.
using System.Text;

namespace AgentArena.Models.Tokens;

/// <summary>
/// Bytes to characters and back: printable Latin-1 stands for itself, the rest moves up to U+0100 and on.
/// </summary>
public static class ByteAlphabet
{
    private static readonly char[] ToChar = Make();
    private static readonly Dictionary<char, byte> ToByte = ToChar
        .Select((c, i) => (c, i))
        .ToDictionary(x => x.c, x => (byte)x.i);

    /// <summary>The stand-in of one byte.</summary>
    public static char Of(byte value) => ToChar[value];

    /// <summary>The UTF-8 bytes of a text, spelled in stand-ins.</summary>
    public static string Spell(string text) => string.Create(Encoding.UTF8.GetByteCount(text), text, static (span, t) =>
        {
            var bytes = Encoding.UTF8.GetBytes(t);
            for (var i = 0; i < span.Length; i++)
                span[i] = ToChar[bytes[i]];
        });

    /// <summary>The bytes that a spelling stands for; null where it holds a character that stands for none.</summary>
    public static byte[]? Bytes(string spelling)
    {
        var bytes = new byte[spelling.Length];
        for (var i = 0; i < bytes.Length; i++)
            if (!ToByte.TryGetValue(spelling[i], out bytes[i]))
                return null;
        return bytes;
    }

    private static char[] Make()
    {
        var table = new char[256];
        var next = 256;
        for (var b = 0; b < 256; b++)
            table[b] = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF)
                ? (char)b
                : (char)next++;
        return table;
    }
}
