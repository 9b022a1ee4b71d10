// Bytes with numbers of variable length, where what was said once is referred to by number. Knows no event.
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace AgentArena.Actors.Journal;

/// <summary>
/// Writes small numbers in few bytes, and every text and list of ids once: the first time itself, then its number. The
/// games of a row share prompts, texts and masks, so this makes them small without a compressor's time.
/// </summary>
internal sealed class CompactWriter
{
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<int[], int> _sameIds = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int[], int> _equalIds = new(IdsComparer.Instance);
    private byte[] _bytes = new byte[1024];
    private int _length;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>One byte.</summary>
    public void Byte(byte value)
    {
        if (_length == _bytes.Length)
            Array.Resize(ref _bytes, 2 * _length);
        _bytes[_length++] = value;
    }

    /// <summary>A number of 0 or more, seven bits a byte, the lowest first.</summary>
    public void Count(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    /// <summary>A length or an index.</summary>
    public void Count(int value) => Count((ulong)(uint)value);

    /// <summary>A number of either sign, small in few bytes (zigzag).</summary>
    public void Signed(long value) => Count((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Eight bytes.</summary>
    public void Fixed(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    /// <summary>Four bytes, the very bits.</summary>
    public void Single(float value) => BinaryPrimitives.WriteSingleLittleEndian(Reserve(4), value);

    /// <summary>
    /// A whole number of up to 52 bits as <see cref="Signed"/> doubled, anything else as 1 and its very bits.
    /// </summary>
    public void Double(double value)
    {
        if (
            Math.Abs(value) < 1L << 52
            && (long)value is var whole
            && whole == value
            && !(whole == 0 && double.IsNegative(value))
        )
            Count((ulong)((whole << 1) ^ (whole >> 63)) << 1);
        else
        {
            Byte(1);
            Fixed(BitConverter.DoubleToUInt64Bits(value));
        }
    }

    /// <summary>A text; null is none.</summary>
    public void Text(string? value)
    {
        // 0: null. 1: a new text follows. n + 2: text n.
        if (value is null)
        {
            Byte(0);
            return;
        }
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_texts, value, out var known);
        if (known)
        {
            Count(number + 2);
            return;
        }
        number = _texts.Count - 1;
        Byte(1);
        // UTF-16 where UTF-8 would lose a lone surrogate: what a model said comes back as it was.
        if (IsWellFormed(value))
        {
            var length = Encoding.UTF8.GetByteCount(value);
            Count((ulong)(uint)length << 1);
            Encoding.UTF8.GetBytes(value, Reserve(length));
        }
        else
        {
            Count(((ulong)(uint)value.Length << 1) | 1);
            MemoryMarshal.AsBytes(value.AsSpan()).CopyTo(Reserve(2 * value.Length));
        }
    }

    /// <summary>Token ids; default is none.</summary>
    public void Ids(ImmutableArray<int> ids)
    {
        // 0: default. 1: a new list follows. n + 2: list n.
        if (ImmutableCollectionsMarshal.AsArray(ids) is not { } array)
        {
            Byte(0);
            return;
        }
        if (_sameIds.TryGetValue(array, out var number) || _equalIds.TryGetValue(array, out number))
        {
            Count(number + 2);
            return;
        }
        number = _equalIds.Count;
        _sameIds.Add(array, number);
        _equalIds.Add(array, number);
        Byte(1);
        Plain(ids);
    }

    /// <summary>Numbers that are not worth remembering.</summary>
    public void Plain(ImmutableArray<int> numbers)
    {
        Count(numbers.Length);
        foreach (var id in numbers)
            Signed(id);
    }

    private static bool IsWellFormed(string text)
    {
        foreach (var rune in text.AsSpan())
            if (char.IsSurrogate(rune))
                return TryEncode(text);
        return true;
    }

    private static bool TryEncode(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }
        return true;
    }

    private Span<byte> Reserve(int count)
    {
        if (_length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + count));
        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }

    private sealed class IdsComparer : IEqualityComparer<int[]>
    {
        public static readonly IdsComparer Instance = new();

        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] ids)
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(ids.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
