// Whether two expressions are the same function, and two equations the same condition: exactly where that can be, at
// seeded points otherwise.
using System.Numerics;
using AgentArena.Core;

namespace AgentArena.Games.Answers;

/// <summary>Compares terms.</summary>
internal sealed class TermComparison(Budget budget)
{
    private const int ConstantBits = 1 << 16,
        PointBits = 1 << 12,
        LeastDigits = 3;

    /// <summary>A point: its values, and whether all are positive.</summary>
    private readonly record struct Point(Rational[] At);

    /// <summary>Whether two terms are one number, or one function of their names.</summary>
    public Judgement Same(Term x, Term y)
    {
        if (Solving.Infinity(x) is var p && Solving.Infinity(y) is var q && (p != 0 || q != 0))
            return p == q ? Judgement.Right("both are infinite")
                : p != 0 && q != 0 || x.IsConstant && y.IsConstant ? Judgement.Wrong("one is infinite")
                : Judgement.Undecided("one is infinite");
        var names = new HashSet<string>(x.Names(), StringComparer.Ordinal);
        names.UnionWith(y.Names());
        return names.Count == 0 ? Numbers(x, y) : Functions(x, y, names);
    }

    private Judgement Numbers(Term x, Term y)
    {
        var evaluation = new Evaluation(budget, ConstantBits, _ => Rational.Zero);
        var (u, v) = (evaluation.Of(x), evaluation.Of(y));
        if (!u.IsKnown || !v.IsKnown)
            return Judgement.Undecided("a value is undefined, or too large to compute");
        if (Cut(x, v) is { } cut)
            return cut
                ? Judgement.Right("its digits are those that were given")
                : Judgement.Wrong("its digits are others");
        if (Cut(y, u) is { } other)
            return other
                ? Judgement.Right("its digits are those that were given")
                : Judgement.Wrong("its digits are others");
        if (Rounded(x, y, u, v) || Rounded(y, x, v, u))
            return Judgement.Right("rounded, they are equal");
        return Estimate.Same(u, v) switch
        {
            true => Judgement.Right("equal values"),
            false => Near(x, y, u, v) ? Judgement.Right("equal to nine digits") : Judgement.Wrong("the values differ"),
            _ => Judgement.Undecided("the values are too close to tell apart"),
        };
    }

    /// <summary>Whether a constant is known to be an integer.</summary>
    public bool IsInteger(Term term) =>
        term.IsConstant
        && new Evaluation(budget, ConstantBits, _ => Rational.Zero).Of(term).Exact is { IsInteger: true };

    private static Numeral? Decimal(Term term) =>
        term switch
        {
            Literal literal => literal.Numeral,
            Applied { Function: Applied.Negate } a => Decimal(a.Of[0]),
            _ => null,
        };

    // 3.142…: the first digits of a number, by themselves; of at least three places.
    private static bool? Cut(Term written, Estimate other)
    {
        if (Decimal(written) is not { IsCut: true } numeral)
            return null;
        if (numeral.Digits < LeastDigits || numeral.Places < LeastDigits || numeral.Places > 14)
            return false;
        var (low, given) = (numeral.Value.ToDouble(), Math.Abs(other.Middle.Real));
        return other.IsReal
            && given >= low * (1 - 1e-15)
            && given < low + Math.Pow(10, -numeral.Places)
            && (other.Middle.Real < 0 == written is Applied || given == 0);
    }

    // A decimal of three places or more stands for what rounds to it, unless that is a decimal too.
    private static bool Rounded(Term written, Term other, Estimate u, Estimate v)
    {
        if (
            Decimal(written) is not { Places: >= LeastDigits, Digits: >= LeastDigits } numeral
            || Decimal(other) is { Places: > 0 }
        )
            return false;
        if (u.Exact is { } p && v.Exact is { } q)
            return (Rational.Abs(p - q) - Rational.Of(1, 2 * BigInteger.Pow(10, numeral.Places))).Sign <= 0;
        var apart = Complex.Abs(u.Middle - v.Middle);
        return apart <= Math.Max(0.5000001 * Math.Pow(10, -numeral.Places), 4e-16 * Complex.Abs(v.Middle));
    }

    // A decimal of nine digits or more within an expression, against what has none.
    private static bool Near(Term x, Term y, Estimate u, Estimate v)
    {
        if (u.Exact is not null && v.Exact is not null)
            return false;
        static bool isLong(Term t) => t.Parts().Any(p => p is Literal { Numeral: { Places: > 0, Digits: >= 9 } });
        return isLong(x) != isLong(y)
            && Complex.Abs(u.Middle - v.Middle) <= 1e-9 * Math.Max(Complex.Abs(u.Middle), Complex.Abs(v.Middle));
    }

    private Judgement Functions(Term x, Term y, HashSet<string> names)
    {
        var signs = HasAbsolute(x) || HasAbsolute(y);
        var (agreed, abroad, abroadApart) = (0, 0, false);
        foreach (var point in Points(names))
        {
            var (u, v) = (Value(x, names, point), Value(y, names, point));
            if (!u.IsKnown || !v.IsKnown)
                continue;
            var same = Estimate.Same(u, v);
            if (same is null)
                continue;
            if (same == false && Near(x, y, u, v))
                same = true;
            if (!u.Outside && !v.Outside)
            {
                if (same == false)
                    return Judgement.Wrong("the expressions differ");
                agreed++;
            }
            // Where one is real and the other is not, they differ only for those who speak of signs: |x| and x, but not
            // \sqrt{ab}.
            else if (u.Outside != v.Outside && signs && same == false)
                return Judgement.Wrong("the expressions differ where a sign turns");
            else if (same == true)
                abroad++;
            else
                abroadApart = true;
        }
        if (agreed >= 3)
            return Judgement.Right("equal expressions");
        return agreed + abroad >= 3 && !abroadApart
            ? Judgement.Right("equal expressions")
            : Judgement.Undecided("the expressions could not be computed");
    }

    private static bool HasAbsolute(Term term) =>
        term.Parts().Any(p => p is Applied { Function: Applied.Absolute or "sgn" });

    private Estimate Value(Term term, HashSet<string> names, Rational[] point)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in names)
            index[name] = index.Count;
        return new Evaluation(budget, PointBits, name =>
            index.TryGetValue(name, out var i) ? point[i] : Rational.Zero
        ).Of(term);
    }

    /// <summary>
    /// Whether two conditions, each "term = 0", are one up to a constant factor. With <paramref name="positive"/> the
    /// factor must be: then they may
    /// stand for "term &gt; 0".
    /// </summary>
    public bool? Proportional(Term x, Term y, bool positive)
    {
        var names = new HashSet<string>(x.Names(), StringComparer.Ordinal);
        names.UnionWith(y.Names());
        Estimate? ratio = null;
        var (seen, identities) = (0, 0);
        foreach (var point in Points(names))
        {
            var (u, v) = (Value(x, names, point), Value(y, names, point));
            if (!u.IsKnown || !v.IsKnown || u.Outside || v.Outside)
                continue;
            var (zero, other) = (u.Exact is { IsZero: true }, v.Exact is { IsZero: true });
            if (zero && other)
            {
                identities++;
                continue;
            }
            if (zero || other)
                return false;
            var quotient = u / v;
            if (!quotient.IsKnown)
                continue;
            if (ratio is { } first && Estimate.Same(first, quotient) is var same && same != true)
            {
                if (same == false)
                    return false;
                continue;
            }
            ratio ??= quotient;
            seen++;
        }
        if (seen == 0 && identities >= 3)
            return true;
        return seen < 3 ? null : !positive || ratio is { IsReal: true, Middle.Real: > 0 };
    }

    // Positive numbers, numbers of either sign, integers: always the same ones. Halves of powers of two, so that no
    // power of a negative
    // base is real by chance.
    private static IEnumerable<Rational[]> Points(HashSet<string> names)
    {
        var chance = new RandomStream(RandomStream.Derive(20, "answer-points", names.Count));
        var count = names.Count;
        if (count > 16)
            yield break;
        for (var i = 0; i < 13; i++)
        {
            var point = new Rational[count];
            for (var k = 0; k < count; k++)
            {
                point[k] = i switch
                {
                    < 2 => Rational.Of(2 * chance.Next(120) + 9, 256),
                    < 4 => Rational.Of(2 * chance.Next(600) + 81, 256),
                    < 8 => Rational.Of((2 * chance.Next(300) + 41) * (i == 4 || chance.Next(2) == 0 ? -1 : 1), 256),
                    _ => Rational.Of(1 + chance.Next(i < 11 ? 9 : 14)),
                };
            }
            yield return point;
        }
    }
}
