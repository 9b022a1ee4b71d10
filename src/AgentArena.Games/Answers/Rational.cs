// An exact fraction of integers of any size. Knows how large it is, so that others can bound it.
using System.Numerics;

namespace AgentArena.Games.Answers;

/// <summary>A fraction in lowest terms with a positive denominator.</summary>
internal readonly record struct Rational
{
    private Rational(BigInteger over, BigInteger under) => (Over, Under) = (over, under);

    public BigInteger Over { get; }

    public BigInteger Under { get; }

    public static Rational Zero { get; } = new(BigInteger.Zero, BigInteger.One);

    public bool IsZero => Over.IsZero;

    public bool IsInteger => Under.IsOne;

    public int Sign => Over.Sign;

    /// <summary>Bits of both parts.</summary>
    public int Size => (int)Math.Min(int.MaxValue / 4, Over.GetBitLength() + Under.GetBitLength());

    /// <summary>The fraction; the denominator is not zero.</summary>
    public static Rational Of(BigInteger over, BigInteger under)
    {
        if (under.IsOne)
            return new(over, under);
        if (under.Sign < 0)
            (over, under) = (-over, -under);
        var common = BigInteger.GreatestCommonDivisor(over, under);
        return common.IsOne ? new(over, under) : new(over / common, under / common);
    }

    public static Rational Of(BigInteger whole) => new(whole, BigInteger.One);

    public static Rational operator +(Rational a, Rational b) =>
        Of(a.Over * b.Under + b.Over * a.Under, a.Under * b.Under);

    public static Rational operator -(Rational a, Rational b) =>
        Of(a.Over * b.Under - b.Over * a.Under, a.Under * b.Under);

    public static Rational operator -(Rational a) => new(-a.Over, a.Under);

    public static Rational operator *(Rational a, Rational b) => Of(a.Over * b.Over, a.Under * b.Under);

    /// <summary>The divisor is not zero.</summary>
    public static Rational operator /(Rational a, Rational b) => Of(a.Over * b.Under, a.Under * b.Over);

    public static Rational Abs(Rational a) => new(BigInteger.Abs(a.Over), a.Under);

    /// <summary>The base is not zero where the power is negative.</summary>
    public static Rational Pow(Rational a, int power)
    {
        var (over, under) = (BigInteger.Pow(a.Over, Math.Abs(power)), BigInteger.Pow(a.Under, Math.Abs(power)));
        return power >= 0 ? new(over, under)
            : over.Sign < 0 ? new(-under, -over)
            : new(under, over);
    }

    public BigInteger Floor() => BigInteger.DivRem(Over, Under, out var rest) - (rest.Sign < 0 ? 1 : 0);

    /// <summary>The exact root of this degree, where it is a fraction too; for numbers of moderate size.</summary>
    public Rational? Root(int degree)
    {
        if (Sign < 0 && degree % 2 == 0 || degree < 2 || Size > 1024)
            return null;
        return Root(BigInteger.Abs(Over), degree) is { } over && Root(Under, degree) is { } under
            ? new(over * Sign, under)
            : null;
    }

    // By bisection between powers of two: at most as many steps as the root has bits.
    private static BigInteger? Root(BigInteger n, int degree)
    {
        if (n.IsZero || n.IsOne)
            return n;
        if (degree >= n.GetBitLength())
            return null;
        var (low, high) = (BigInteger.One, BigInteger.One << (int)(n.GetBitLength() / degree + 1));
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var order = BigInteger.Pow(middle, degree).CompareTo(n);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return null;
    }

    /// <summary>The nearest double, or one beside it; infinite beyond their range.</summary>
    public double ToDouble()
    {
        if (Size < 1000)
            return (double)Over / (double)Under;
        // Scaled so that the quotient has 64 bits, whatever the parts are.
        var shift = (int)(Under.GetBitLength() - Over.GetBitLength()) + 64;
        var quotient = shift >= 0 ? (Over << shift) / Under : Over / (Under << -shift);
        return Math.ScaleB((double)quotient, -shift);
    }

    public override string ToString() => IsInteger ? Over.ToString() : $"{Over}/{Under}";
}
