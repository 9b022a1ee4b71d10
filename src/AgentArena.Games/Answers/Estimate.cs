// A number as far as it is known: exactly, or as a complex double with a bound on its error. Arithmetic keeps the
// bound.
using System.Numerics;

namespace AgentArena.Games.Answers;

/// <summary>
/// An exact fraction, or a disc of the complex plane that holds the number. The bounds are those of floating point, to
/// first order:
/// what two computations of one number differ by, no proof.
/// </summary>
/// <param name="Outside">Whether a part of it left the real numbers: an even root or logarithm of a negative one, and
/// such.</param>
internal readonly record struct Estimate(Rational? Exact, Complex Middle, double Radius, bool Outside)
{
    private const double Ulp = 2.3e-16;

    public static Estimate Unknown { get; } =
        new(null, new Complex(double.NaN, double.NaN), double.PositiveInfinity, false);

    public static Estimate I { get; } = new(null, Complex.ImaginaryOne, 0, false);

    /// <summary>Whether anything is known of it.</summary>
    public bool IsKnown => Exact is not null || Complex.IsFinite(Middle) && double.IsFinite(Radius);

    public bool IsReal => Exact is not null || Middle.Imaginary == 0;

    public static Estimate Of(Rational exact)
    {
        var near = exact.ToDouble();
        return new(exact, near, Math.Abs(near) * Ulp, false);
    }

    public static Estimate Of(double near) => new(null, near, Math.Abs(near) * Ulp, false);

    /// <summary>The same number without its exact value, where that has grown too large to carry on.</summary>
    public Estimate Forget() => this with { Exact = null };

    public static Estimate operator +(Estimate a, Estimate b) => Sum(a, b, b.Middle, b.Exact);

    public static Estimate operator -(Estimate a, Estimate b) => Sum(a, b, -b.Middle, -b.Exact);

    private static Estimate Sum(Estimate a, Estimate b, Complex add, Rational? exact)
    {
        if (a.Exact is { } p && exact is { } q)
            return Of(p + q);
        var sum = a.Middle + add;
        return new(null, sum, a.Radius + b.Radius + Ulp * Complex.Abs(sum), a.Outside || b.Outside);
    }

    public static Estimate operator -(Estimate a) => new(-a.Exact, -a.Middle, a.Radius, a.Outside);

    public static Estimate operator *(Estimate a, Estimate b)
    {
        if (a.Exact is { } p && b.Exact is { } q)
            return Of(p * q);
        var product = a.Middle * b.Middle;
        var (x, y) = (Complex.Abs(a.Middle), Complex.Abs(b.Middle));
        return new(
            null,
            product,
            x * b.Radius + y * a.Radius + a.Radius * b.Radius + 2 * Ulp * x * y,
            a.Outside || b.Outside
        );
    }

    public static Estimate operator /(Estimate a, Estimate b)
    {
        if (b.Exact is { IsZero: true })
            return Unknown;
        if (a.Exact is { } p && b.Exact is { } q)
            return Of(p / q);
        var under = Complex.Abs(b.Middle) - b.Radius;
        if (!(under > 0))
            return Unknown;
        var quotient = a.Middle / b.Middle;
        var size = Complex.Abs(quotient);
        return new(null, quotient, (a.Radius + size * b.Radius) / under + 4 * Ulp * size, a.Outside || b.Outside);
    }

    /// <summary>A function of it; the bound is how far the function moves over the disc's rim.</summary>
    public Estimate Map(Func<Complex, Complex> function, bool outside = false)
    {
        // A real number has no sign on its imaginary part: a zero below the cut would turn a root around.
        var at = Middle.Imaginary == 0 ? new Complex(Middle.Real, 0) : Middle;
        var middle = function(at);
        var spread = Math.Max(Complex.Abs(function(at + Radius) - middle), Complex.Abs(function(at - Radius) - middle));
        if (at.Imaginary != 0)
        {
            var up = new Complex(0, Radius);
            spread = Math.Max(
                spread,
                Math.Max(Complex.Abs(function(at + up) - middle), Complex.Abs(function(at - up) - middle))
            );
        }
        return new(null, middle, 2 * spread + 16 * Ulp * Complex.Abs(middle), Outside || outside);
    }

    /// <summary>A power. The exact value is kept while it has at most <paramref name="bits"/> bits.</summary>
    public static Estimate Pow(Estimate a, Estimate b, int bits)
    {
        if (b.Exact is { IsInteger: true } n)
            return Whole(a, n.Over, bits);
        if (b.Exact is { } power && a.IsReal && power.Under < 1000)
            return Broken(a, power);
        if (a.IsReal && a.Middle.Real > a.Radius && b.IsReal)
        {
            var spread = a.Map(x => Complex.Exp(Complex.Log(x) * b.Middle));
            return spread with
            {
                Radius = spread.Radius + Complex.Abs(spread.Middle * Complex.Log(a.Middle)) * b.Radius,
                Outside = a.Outside || b.Outside,
            };
        }
        if (a.Exact is { IsZero: true })
            return b.IsReal && b.Middle.Real > 0 ? Of(Rational.Zero) : Unknown;
        var general = a.Map(x => Complex.Pow(x, b.Middle), a.IsReal);
        return general with
        {
            Radius = general.Radius + Complex.Abs(general.Middle * Complex.Log(a.Middle)) * b.Radius,
            Outside = general.Outside || b.Outside,
        };
    }

    // An integer power, of whatever base.
    private static Estimate Whole(Estimate a, BigInteger n, int bits)
    {
        if (a.Exact is { IsZero: true })
            return n.Sign > 0 ? Of(Rational.Zero) : Unknown;
        if (a.Exact is { } exact)
        {
            if (Rational.Abs(exact) == Rational.Of(1))
                return Of(n.IsEven ? Rational.Of(1) : exact);
            if (BigInteger.Abs(n) * exact.Size <= bits)
                return Of(Rational.Pow(exact, (int)n));
        }
        if (BigInteger.Abs(n) > 1 << 20)
            return Unknown;
        var (power, square) = (Of(Rational.Of(1)), a.Forget());
        for (var left = (int)BigInteger.Abs(n); left > 0; left >>= 1)
        {
            if ((left & 1) == 1)
                power *= square;
            square *= square;
        }
        return n.Sign < 0 ? Of(Rational.Of(1)) / power : power;
    }

    // A power that is a fraction: real for odd roots of negative numbers, outside the reals for even ones.
    private static Estimate Broken(Estimate a, Rational power)
    {
        var degree = (int)power.Under;
        if (a.Exact is { } exact)
        {
            if (exact.IsZero)
                return power.Sign > 0 ? Of(Rational.Zero) : Unknown;
            if (BigInteger.Abs(power.Over) < 64 && exact.Root(degree) is { } root)
                return Of(Rational.Pow(root, (int)power.Over));
        }
        var exponent = power.ToDouble();
        if (a.Middle.Real >= 0)
            return a.Map(x => x.Imaginary == 0 && x.Real >= 0 ? Math.Pow(x.Real, exponent) : Complex.Pow(x, exponent));
        if (degree % 2 == 0)
            return a.Map(x => Complex.Pow(x, exponent), outside: true);
        var sign = power.Over.IsEven ? 1 : -1;
        return a.Map(x => x.Real <= 0 ? sign * Math.Pow(-x.Real, exponent) : Math.Pow(x.Real, exponent));
    }

    /// <summary>
    /// Whether two are the same number; null where the bounds do not tell. Exact values are compared exactly, others
    /// within their bounds,
    /// which must be small: relative to the numbers, or, against an exact zero, absolutely.
    /// </summary>
    public static bool? Same(Estimate a, Estimate b)
    {
        if (a.Exact is { } p && b.Exact is { } q)
            return p == q;
        if (!a.IsKnown || !b.IsKnown)
            return null;
        var (apart, bound) = (Complex.Abs(a.Middle - b.Middle), a.Radius + b.Radius);
        var size = Math.Max(Complex.Abs(a.Middle), Complex.Abs(b.Middle));
        if (!double.IsFinite(apart) || !double.IsFinite(size))
            return null;
        if (apart > Math.Max(bound, 1e-13 * size))
            return false;
        if (bound <= 1e-9 * size)
            return true;
        return (a.Exact is { IsZero: true } || b.Exact is { IsZero: true }) && bound <= 1e-9 ? true : null;
    }
}
