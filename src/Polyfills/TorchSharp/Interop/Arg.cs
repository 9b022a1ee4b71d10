// One argument of an operator, as C# holds it. Keeps the object it came from alive; knows nothing of the operator it goes to.
using static TorchSharp.torch;

namespace TorchSharp.PInvoke;

/// <summary>Kinds shared with native/call.h.</summary>
internal enum Kind { None, Int, Float, Bool, Tensor, Ints, Tensors, Generator, Text, Device }

/// <summary>The 16 bytes native code reads; same layout as ts::Arg.</summary>
internal struct RawArg
{
    internal long Bits;
    internal int Count;
    internal Kind Kind;
}

internal readonly struct Arg
{
    internal readonly object? Owner;
    internal readonly long Bits;
    internal readonly int Count;
    internal readonly Kind Kind;

    private Arg(Kind kind, long bits, object? owner = null, int count = 0) => (Kind, Bits, Owner, Count) = (kind, bits, owner, count);

    internal static Arg None => default;

    public static implicit operator Arg(Tensor? t) => t is null ? default : new(Kind.Tensor, t.Handle, t);
    public static implicit operator Arg(Scalar? s) => s is null ? default : new(s.Kind, s.Bits);
    public static implicit operator Arg(long v) => new(Kind.Int, v);
    public static implicit operator Arg(long? v) => v is { } some ? new(Kind.Int, some) : default;
    public static implicit operator Arg(double v) => new(Kind.Float, BitConverter.DoubleToInt64Bits(v));
    public static implicit operator Arg(double? v) => v is { } some ? new(Kind.Float, BitConverter.DoubleToInt64Bits(some)) : default;
    public static implicit operator Arg(bool v) => new(Kind.Bool, v ? 1 : 0);
    public static implicit operator Arg(ScalarType v) => new(Kind.Int, (long)v);
    public static implicit operator Arg(ScalarType? v) => v is { } some ? new(Kind.Int, (long)some) : default;
    public static implicit operator Arg(long[]? v) => v is null ? default : new(Kind.Ints, 0, v, v.Length);
    public static implicit operator Arg(Tensor?[]? v) => v is null ? default : new(Kind.Tensors, 0, v, v.Length);
    public static implicit operator Arg(Generator? g) => g is null ? default : new(Kind.Generator, g.Handle, g);
    public static implicit operator Arg(Device? d) => d is null ? default : new(Kind.Device, d.Packed);

    /// <summary>ASCII text (an einsum equation, a rounding mode).</summary>
    public static implicit operator Arg(string? v)
    {
        if (v is null)
        {
            return default;
        }
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(v);
        return new(Kind.Text, 0, bytes, bytes.Length);
    }
}
