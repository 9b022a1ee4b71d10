// Arithmetic with numbers, safe from the collector.
using TorchSharp;
using static TorchSharp.torch;

namespace AgentArena.Models.Networks;

/// <summary>
/// Operations that take a number. TorchSharp turns each number into a <see cref="Scalar"/> (in a sum of two tensors,
/// the one it is scaled by), and nothing holds that object while the native code reads it: its finalizer may free it
/// first. These hold it to the end and leave it no finalizer, which is also faster. As in the library, a trailing
/// underscore changes the tensor itself.
/// </summary>
internal static class Held
{
    private static readonly Scalar One = 1;

    /// <summary>x + y.</summary>
    public static Tensor Plus(this Tensor x, Tensor y) => x.add(y, One);

    /// <summary>x + number.</summary>
    public static Tensor Plus(this Tensor x, double number) => With(number, n => x.add(n, One));

    /// <summary>x times number.</summary>
    public static Tensor Times(this Tensor x, double number) => With(number, n => x.mul(n));

    /// <summary>x / number.</summary>
    public static Tensor Over(this Tensor x, double number) => With(number, n => x.div(n));

    /// <summary>x + y times z.</summary>
    public static Tensor PlusProduct(this Tensor x, Tensor y, Tensor z) => x.addcmul(y, z, One);

    /// <summary>x with each entry of y added to the one of its index.</summary>
    public static Tensor PlusAt(this Tensor x, Tensor indices, Tensor y) => x.index_add(0, indices, y, One);

    /// <summary>x held between two numbers.</summary>
    public static Tensor Between(this Tensor x, double low, double high) =>
        With(low, l => With(high, h => x.clamp(l, h)));

    /// <summary>The larger of x and number.</summary>
    public static Tensor AtLeast(this Tensor x, double number) => With(number, n => x.clamp_min(n));

    /// <summary>The smaller of x and number.</summary>
    public static Tensor AtMost(this Tensor x, double number) => With(number, n => x.clamp_max(n));

    /// <summary>Where x is greater than number.</summary>
    public static Tensor Above(this Tensor x, double number) => With(number, n => x.gt(n));

    /// <summary>Where x is less than number.</summary>
    public static Tensor Below(this Tensor x, double number) => With(number, n => x.lt(n));

    /// <summary>Where x is number.</summary>
    public static Tensor Is(this Tensor x, double number) => With(number, n => x.eq(n));

    /// <summary>A tensor of one number throughout.</summary>
    public static Tensor Full(long[] shape, double number, ScalarType type, Device device) =>
        With(number, n => full(shape, n, type, device));

    /// <summary>Adds y times a number.</summary>
    public static Tensor Plus_(this Tensor x, Tensor y, double times = 1) =>
        times == 1 ? x.add_(y, One) : With(times, t => x.add_(y, t));

    /// <summary>Adds a number.</summary>
    public static Tensor Plus_(this Tensor x, double number) => With(number, n => x.add_(n, One));

    /// <summary>Multiplies by a number.</summary>
    public static Tensor Times_(this Tensor x, double number) => With(number, n => x.mul_(n));

    /// <summary>Adds y times z times a number.</summary>
    public static Tensor PlusProduct_(this Tensor x, Tensor y, Tensor z, double times) =>
        With(times, t => x.addcmul_(y, z, t));

    /// <summary>Adds y / z times a number.</summary>
    public static Tensor PlusQuotient_(this Tensor x, Tensor y, Tensor z, double times) =>
        With(times, t => x.addcdiv_(y, z, t));

    /// <summary>Sets all to a number.</summary>
    public static Tensor Fill_(this Tensor x, double number) => With(number, n => x.fill_(n));

    /// <summary>Sets the entries at some indices to a number.</summary>
    public static Tensor FillAt_(this Tensor x, Tensor indices, double number) =>
        With(number, n => x.index_fill_(0, indices, n));

    private static Tensor With(double number, Func<Scalar, Tensor> operation)
    {
        using Scalar scalar = number;
        return operation(scalar);
    }
}
