// GPT-2's bijection of bytes and printable chars: printable Latin-1 stands for itself, the rest moves up from U+0100.
namespace Microsoft.ML.Tokenizers;

internal static class ByteTable
{
    private static readonly char[] s_chars = new char[256];
    private static readonly short[] s_bytes = new short[0x180];

    static ByteTable()
    {
        Array.Fill(s_bytes, (short)-1);
        int moved = 0;
        for (int b = 0; b < 256; b++)
        {
            bool printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            s_chars[b] = printable ? (char)b : (char)(0x100 + moved++);
            s_bytes[s_chars[b]] = (short)b;
        }
    }

    internal static char ToChar(byte b) => s_chars[b];

    /// <summary>-1 for a char that stands for no byte.</summary>
    internal static int ToByte(char c) => c < s_bytes.Length ? s_bytes[c] : -1;
}
