// A number on its way to an operator: 64-bit integer, double or bool. Holds no native memory.
using TorchSharp.PInvoke;

namespace TorchSharp;

/// <summary>A number of any dtype, converted implicitly from .NET's.</summary>
public sealed class Scalar : IDisposable
{
    internal readonly Kind Kind;
    internal readonly long Bits;

    internal Scalar(Kind kind, long bits) => (Kind, Bits) = (kind, bits);
    private Scalar(long value) : this(Kind.Int, value) { }
    private Scalar(double value) : this(Kind.Float, BitConverter.DoubleToInt64Bits(value)) { }

    public static implicit operator Scalar(byte value) => new((long)value);
    public static implicit operator Scalar(sbyte value) => new((long)value);
    public static implicit operator Scalar(short value) => new((long)value);
    public static implicit operator Scalar(int value) => new((long)value);
    public static implicit operator Scalar(long value) => new(value);
    public static implicit operator Scalar(Half value) => new((double)value);
    public static implicit operator Scalar(float value) => new((double)value);
    public static implicit operator Scalar(double value) => new(value);
    public static implicit operator Scalar(bool value) => new(Kind.Bool, value ? 1 : 0);

    /// <summary>Float64, Int64 or Bool.</summary>
    public torch.ScalarType Type => Kind switch
    {
        Kind.Float => torch.ScalarType.Float64,
        Kind.Bool => torch.ScalarType.Bool,
        _ => torch.ScalarType.Int64,
    };

    internal double AsDouble => Kind == Kind.Float ? BitConverter.Int64BitsToDouble(Bits) : Bits;
    internal long AsLong => Kind == Kind.Float ? checked((long)BitConverter.Int64BitsToDouble(Bits)) : Bits;

    /// <summary>Nothing to release; the real type holds native memory.</summary>
    public void Dispose() { }
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;
    public static Scalar ToScalar(this sbyte value) => value;
    public static Scalar ToScalar(this short value) => value;
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static Scalar ToScalar(this bool value) => value;
    public static Scalar ToScalar(this Half value) => value;
    public static Half ToHalf(this Scalar value) => (Half)value.AsDouble;
    public static float ToSingle(this Scalar value) => (float)value.AsDouble;
    public static double ToDouble(this Scalar value) => value.AsDouble;
    public static sbyte ToSByte(this Scalar value) => checked((sbyte)value.AsLong);
    public static byte ToByte(this Scalar value) => checked((byte)value.AsLong);
    public static short ToInt16(this Scalar value) => checked((short)value.AsLong);
    public static int ToInt32(this Scalar value) => checked((int)value.AsLong);
    public static long ToInt64(this Scalar value) => value.AsLong;
    public static bool ToBoolean(this Scalar value) => value.AsDouble != 0;
}
