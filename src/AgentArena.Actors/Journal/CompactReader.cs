// Reads what CompactWriter wrote. Bytes may be cut short or altered: whatever they are, it ends in values or in one
// kind of error.
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace AgentArena.Actors.Journal;

/// <summary>Reads values in the order they were written.</summary>
internal ref struct CompactReader(ReadOnlySpan<byte> bytes)
{
    private readonly List<string> _texts = [];
    private readonly List<ImmutableArray<int>> _ids = [];
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Bytes that were not read yet.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>One byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>A number of 0 or more.</summary>
    public ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
        throw Altered("a number that does not end");
    }

    /// <summary>How many of something follow, each of at least one byte unless said otherwise.</summary>
    public int Count(int bytesEach = 1)
    {
        var count = Number();
        return count <= (ulong)(_rest.Length / bytesEach)
            ? (int)count
            : throw Altered("more items than there are bytes");
    }

    /// <summary>A number that fits an int.</summary>
    public int Small() => Number() is <= int.MaxValue and var n ? (int)n : throw Altered("a number that is too large");

    /// <summary>A number of either sign.</summary>
    public long Signed()
    {
        var n = Number();
        return (long)(n >> 1) ^ -(long)(n & 1);
    }

    /// <summary>Eight bytes.</summary>
    public ulong Fixed() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Four bytes.</summary>
    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    /// <summary>A number with a fraction.</summary>
    public double Double()
    {
        var n = Number();
        if ((n & 1) != 0)
            return BitConverter.UInt64BitsToDouble(Fixed());
        return (long)(n >> 2) ^ -(long)((n >> 1) & 1);
    }

    /// <summary>A text that must be there.</summary>
    public string Text() => TextOrNone() ?? throw Altered("a text is missing");

    /// <summary>A text or null.</summary>
    public string? TextOrNone()
    {
        var number = Number();
        if (number == 0)
            return null;
        if (number > 1)
            return number - 2 < (ulong)_texts.Count
                ? _texts[(int)(number - 2)]
                : throw Altered("a text that was never said");
        var (length, wide) = (Number() is var n ? n >> 1 : 0, (n & 1) != 0);
        if (length > (ulong)_rest.Length)
            throw Altered("a text longer than its row");
        var text = wide
            ? new string(MemoryMarshal.Cast<byte, char>(Take(2 * (int)length)))
            : Encoding.UTF8.GetString(Take((int)length));
        _texts.Add(text);
        return text;
    }

    /// <summary>Token ids, or default.</summary>
    public ImmutableArray<int> Ids()
    {
        var number = Number();
        if (number == 0)
            return default;
        if (number > 1)
            return number - 2 < (ulong)_ids.Count
                ? _ids[(int)(number - 2)]
                : throw Altered("a list that was never written");
        var ids = Plain();
        _ids.Add(ids);
        return ids;
    }

    /// <summary>Numbers that were written in full.</summary>
    public ImmutableArray<int> Plain()
    {
        var numbers = new int[Count()];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = unchecked((int)Signed());
        return ImmutableCollectionsMarshal.AsImmutableArray(numbers);
    }

    /// <summary>The one error.</summary>
    public static InvalidDataException Altered(string what) =>
        new($"holds {what}. The journal was altered; restore it from a copy.");

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
            throw Altered("less than it should");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
