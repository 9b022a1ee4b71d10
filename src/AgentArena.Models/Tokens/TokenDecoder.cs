// Ids to text one at a time: what is complete so far, and no half of a character. Knows no vocabulary.
using System.Buffers;
using System.Text;

namespace AgentArena.Models.Tokens;

/// <summary>
/// Decodes a stream of ids. What <see cref="Add"/> and <see cref="Finish"/> return, joined, is what
/// <see cref="ITokenizer.Decode"/> makes of all ids at once.
/// </summary>
/// <param name="tokenizer">Whose ids they are.</param>
/// <param name="marked">Whether special ids are written by name; else they are silent.</param>
public sealed class TokenDecoder(ITokenizer tokenizer, bool marked = false)
{
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private bool _begun;

    /// <summary>
    /// The characters that this id completes, often none: bytes of an unfinished character wait for the next id.
    /// </summary>
    public string Add(int id)
    {
        if (tokenizer.IsSpecial(id))
            return marked ? Text([], flush: true) + tokenizer.Spell(id) : "";
        var first = !_begun;
        _begun = true;
        return Text(tokenizer.Bytes(id, first), flush: false);
    }

    /// <summary>What is left at the end: U+FFFD where a character was cut, else nothing.</summary>
    public string Finish() => Text([], flush: true);

    /// <summary>How many UTF-16 characters bytes of UTF-8 add to a text: each counts with its first byte.</summary>
    public static int Characters(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var b in bytes)
            if ((b & 0xC0) != 0x80)
                count += b >= 0xF0 ? 2 : 1;
        return count;
    }

    private string Text(ReadOnlySpan<byte> bytes, bool flush)
    {
        var room = Encoding.UTF8.GetMaxCharCount(bytes.Length + 4);
        var rented = room <= 512 ? null : ArrayPool<char>.Shared.Rent(room);
        try
        {
            var chars = rented is null ? stackalloc char[512] : rented;
            return chars[.._utf8.GetChars(bytes, chars, flush)].ToString();
        }
        finally
        {
            if (rented is not null)
                ArrayPool<char>.Shared.Return(rented);
        }
    }
}
