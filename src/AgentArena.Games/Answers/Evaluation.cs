// What a term comes to at a point. Exact as long as it can be, bounded always.
using System.Numerics;
using AgentArena.Core;

namespace AgentArena.Games.Answers;

/// <summary>Computes terms, each name having the exact value that <paramref name="point"/> gives it.</summary>
/// <param name="bits">How large exact values may grow before only their size is kept.</param>
internal sealed class Evaluation(Budget budget, int bits, Func<string, Rational> point)
{
    private const int LongestSum = 400,
        LargestFactorial = 6000;

    private static readonly BigInteger Prime = (BigInteger.One << 61) - 1;

    private readonly Stack<(string Name, Rational Value)> _bound = [];

    /// <summary>The value; unknown where it is undefined, beyond the bounds or beyond the budget.</summary>
    public Estimate Of(Term term) => Of(term, inAngle: false);

    private Estimate Of(Term term, bool inAngle)
    {
        if (!budget.Spend(1))
            return Estimate.Unknown;
        var value = term switch
        {
            Literal number => Estimate.Of(number.Numeral.Value),
            Named { Text: Named.Pi } => Estimate.Of(Math.PI),
            Named { Text: Named.E } => Estimate.Of(Math.E),
            Named { Text: Named.I } => Estimate.I,
            Named { Text: Named.Infinity } => Estimate.Unknown,
            Named name => Estimate.Of(ValueOf(name.Text)),
            Binary binary => Of(binary, inAngle),
            Applied applied => Of(applied, inAngle),
            _ => Estimate.Unknown,
        };
        if (value.Exact is not { } exact || exact.Size < 64)
            return value;
        // Large numbers cost more than small ones, by the square of their size where they meet.
        if (!budget.Spend(exact.Size / 64 * (exact.Size / 64) / 8))
            return Estimate.Unknown;
        return exact.Size > bits ? value.Forget() : value;
    }

    private Rational ValueOf(string name)
    {
        foreach (var (bound, value) in _bound)
            if (bound == name)
                return value;
        return point(name);
    }

    private Estimate Of(Binary term, bool inAngle)
    {
        if (term is { Operation: '^', Left: Named { Text: Named.E } })
            return Of(term.Right, inAngle).Map(Complex.Exp);
        var (left, right) = (Of(term.Left, inAngle), Of(term.Right, inAngle));
        if (!left.IsKnown || !right.IsKnown)
            return Estimate.Unknown;
        return term.Operation switch
        {
            '+' => left + right,
            '-' => left - right,
            '*' => left * right,
            '/' => left / right,
            '^' => Estimate.Pow(left, right, bits),
            _ => Estimate.Unknown,
        };
    }

    private Estimate Of(Applied term, bool inAngle)
    {
        if (term.Function is "sum" or "prod")
            return Series(term);
        var angle = term.Function is "sin" or "cos" or "tan" or "cot" or "sec" or "csc";
        var of = new Estimate[term.Of.Length];
        for (var i = term.Function == Applied.Call ? 1 : 0; i < of.Length; i++)
        {
            of[i] = Of(term.Of[i], inAngle || angle);
            if (!of[i].IsKnown)
                return Estimate.Unknown;
        }
        var x = of.Length > 0 ? of[0] : Estimate.Unknown;
        return term.Function switch
        {
            Applied.Negate => -x,
            Applied.Percent => x / Estimate.Of(Rational.Of(100)),
            Applied.Degree => inAngle ? x * Estimate.Of(Math.PI / 180) : x,
            Applied.Absolute => x.Exact is { } exact
                ? Estimate.Of(Rational.Abs(exact))
                : x.Map(z => Complex.Abs(z)) with
                {
                    Outside = false,
                },
            Applied.Call => Unknown(((Named)term.Of[0]).Text, of.AsSpan(1)),
            Applied.Factorial => Factorial(x),
            Applied.Binomial => Choose(x, of[1]),
            "perm" => Choose(x, of[1]) * Factorial(of[1]),
            "floor" => Whole(x),
            "ceil" => -Whole(-x),
            "mod" => x - of[1] * Whole(x / of[1]),
            "gcd" or "lcm" or "max" or "min" => Several(term.Function, of),
            "log" => Logarithm(x) / Logarithm(of[1]),
            "ln" => Logarithm(x),
            _ => Elementary(term.Function, x),
        };
    }

    private static Estimate Elementary(string name, Estimate x)
    {
        if (x.Exact is { IsZero: true } && (name is "sin" or "tan" or "arcsin" or "arctan" or "sinh" or "tanh"))
            return x;
        var one = Estimate.Of(Rational.Of(1));
        return name switch
        {
            "sin" => x.Map(Complex.Sin),
            "cos" => x.Map(Complex.Cos),
            "tan" => x.Map(Complex.Tan),
            "cot" => one / x.Map(Complex.Tan),
            "sec" => one / x.Map(Complex.Cos),
            "csc" => one / x.Map(Complex.Sin),
            "arcsin" => x.Map(Complex.Asin, Beyond(x, 1)),
            "arccos" => x.Map(Complex.Acos, Beyond(x, 1)),
            "arctan" => x.Map(Complex.Atan),
            "arccot" => Estimate.Of(Math.PI / 2) - x.Map(Complex.Atan),
            "arcsec" => (one / x).Map(Complex.Acos, Beyond(one / x, 1)),
            "arccsc" => (one / x).Map(Complex.Asin, Beyond(one / x, 1)),
            "sinh" => x.Map(Complex.Sinh),
            "cosh" => x.Map(Complex.Cosh),
            "tanh" => x.Map(Complex.Tanh),
            "coth" => one / x.Map(Complex.Tanh),
            "sech" => one / x.Map(Complex.Cosh),
            "csch" => one / x.Map(Complex.Sinh),
            "arsinh" => x.Map(z => Complex.Log(z + Complex.Sqrt(z * z + 1))),
            "arcosh" => x.Map(
                z => Complex.Log(z + Complex.Sqrt(z - 1) * Complex.Sqrt(z + 1)),
                x.IsReal && x.Middle.Real < 1
            ),
            "artanh" => x.Map(z => (Complex.Log(1 + z) - Complex.Log(1 - z)) / 2, Beyond(x, 1)),
            "exp" => x.Map(Complex.Exp),
            "sgn" => x.IsReal && Math.Abs(x.Middle.Real) > x.Radius
                ? Estimate.Of(Rational.Of(Math.Sign(x.Middle.Real)))
                : Estimate.Unknown,
            _ => Estimate.Unknown,
        };
    }

    private static bool Beyond(Estimate x, double limit) => x.IsReal && Math.Abs(x.Middle.Real) > limit + x.Radius;

    private static Estimate Logarithm(Estimate x)
    {
        if (x.Exact is { } exact && exact == Rational.Of(1))
            return Estimate.Of(Rational.Zero);
        if (x.Exact is { IsZero: true })
            return Estimate.Unknown;
        // The logarithm of an exact number beyond a double's range is well within it.
        if (x.Exact is { Sign: > 0, Size: > 1000 } large)
            return Estimate.Of(BigInteger.Log(large.Over) - BigInteger.Log(large.Under));
        return x.Map(Complex.Log, x.IsReal && x.Middle.Real < 0);
    }

    private static Estimate Whole(Estimate x)
    {
        if (x.Exact is { } exact)
            return Estimate.Of(Rational.Of(exact.Floor()));
        if (!x.IsReal || Math.Abs(x.Middle.Real) > 1e15)
            return Estimate.Unknown;
        var (low, high) = (Math.Floor(x.Middle.Real - x.Radius), Math.Floor(x.Middle.Real + x.Radius));
        return low == high ? Estimate.Of(Rational.Of(new BigInteger(low))) : Estimate.Unknown;
    }

    private Estimate Factorial(Estimate n)
    {
        if (n.Exact is not { IsInteger: true, Sign: >= 0 } exact || exact.Over > LargestFactorial)
            return Estimate.Unknown;
        var product = BigInteger.One;
        for (var i = 2; i <= (int)exact.Over; i++)
        {
            product *= i;
            if (!budget.Spend(1 + i / 64))
                return Estimate.Unknown;
        }
        return Estimate.Of(Rational.Of(product));
    }

    // n(n-1)…(n-k+1)/k!, for any n and a whole k.
    private Estimate Choose(Estimate n, Estimate k)
    {
        if (k.Exact is not { IsInteger: true } count || n.Exact is not { } of)
            return Estimate.Unknown;
        if (count.Sign < 0)
            return Estimate.Of(Rational.Zero);
        var fewer = count;
        if (of is { IsInteger: true, Sign: >= 0 })
        {
            if (count.Over > of.Over)
                return Estimate.Of(Rational.Zero);
            if (count.Over * 2 > of.Over)
                fewer = of - count;
        }
        if (fewer.Over > (of.IsInteger ? LargestFactorial : LongestSum))
            return Estimate.Unknown;
        var product = Rational.Of(1);
        for (var i = 0; i < (int)fewer.Over; i++)
        {
            product = product * (of - Rational.Of(i)) / Rational.Of(i + 1);
            if (product.Size > 1 << 14 || !budget.Spend(4 + product.Size / 64 * (product.Size / 64) / 8))
                return Estimate.Unknown;
        }
        return Estimate.Of(product);
    }

    private static Estimate Several(string name, Estimate[] of)
    {
        var result = of[0];
        foreach (var next in of.AsSpan(1))
        {
            if (result.Exact is not { } a || next.Exact is not { } b)
            {
                if (name is "gcd" or "lcm" || !result.IsReal || !next.IsReal || Estimate.Same(result, next) != false)
                    return Estimate.Unknown;
                result = result.Middle.Real < next.Middle.Real == (name == "min") ? result : next;
                continue;
            }
            if (name is "max" or "min")
                result = (a - b).Sign < 0 == (name == "min") ? result : next;
            else if (!a.IsInteger || !b.IsInteger || a.IsZero || b.IsZero)
                return Estimate.Unknown;
            else
            {
                var common = BigInteger.GreatestCommonDivisor(a.Over, b.Over);
                result = Estimate.Of(Rational.Of(name == "gcd" ? common : BigInteger.Abs(a.Over * b.Over) / common));
            }
        }
        return result;
    }

    // Σ or Π: the name, from, to, what.
    private Estimate Series(Applied term)
    {
        var (name, sum) = (((Named)term.Of[0]).Text, term.Function == "sum");
        if (Of(term.Of[1]).Exact is not { IsInteger: true } from || Of(term.Of[2]).Exact is not { IsInteger: true } to)
            return Estimate.Unknown;
        if (to.Over - from.Over > LongestSum || BigInteger.Abs(from.Over) > 1 << 20)
            return Estimate.Unknown;
        var total = Estimate.Of(sum ? Rational.Zero : Rational.Of(1));
        for (var i = from.Over; i <= to.Over; i++)
        {
            _bound.Push((name, Rational.Of(i)));
            var next = Of(term.Of[3]);
            _bound.Pop();
            if (!next.IsKnown)
                return Estimate.Unknown;
            total = sum ? total + next : total * next;
            if (total.Exact is { } exact && exact.Size > bits)
                total = total.Forget();
        }
        return total;
    }

    // A function nobody knows has, at each argument, a value of its own that says nothing: equal where name and
    // arguments are.
    private static Estimate Unknown(string name, ReadOnlySpan<Estimate> of)
    {
        var seed = RandomStream.Derive(1, name, of.Length);
        foreach (var x in of)
        {
            if (x.Exact is { } exact)
                seed = RandomStream.Derive(seed, "exact", (long)(exact.Over % Prime), (long)(exact.Under % Prime));
            else if (x.Radius > 1e-11 * Complex.Abs(x.Middle))
                return Estimate.Unknown;
            else
                seed = RandomStream.Derive(seed, "near", Coarse(x.Middle.Real), Coarse(x.Middle.Imaginary));
        }
        return Estimate.Of(Rational.Of((long)(seed >> 44) * 2 + 1, 1 << 20));
    }

    // To nine digits, so that two computations of one number seldom differ.
    private static long Coarse(double x) => x == 0 ? 0 : BitConverter.DoubleToInt64Bits(x) + (1 << 21) >> 22;
}
