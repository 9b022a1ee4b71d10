// Exact value of a written expression of whole numbers, and which numbers it uses. Linear, bounded, total; it runs no
// code.
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace AgentArena.Games.Reasoning;

/// <summary>An expression of whole numbers with + - * / and parentheses; × ÷ and − are read as well.</summary>
/// <param name="Over">Numerator of its value, in lowest terms.</param>
/// <param name="Under">Denominator, positive.</param>
/// <param name="Numbers">The numbers it uses, in order.</param>
public sealed record Expression(BigInteger Over, BigInteger Under, ImmutableArray<long> Numbers)
{
    private const int MostCharacters = 200,
        MostDepth = 32;

    /// <summary>
    /// Reads an expression; null where the text is none, divides by zero or is longer than 200 characters.
    /// </summary>
    public static Expression? Read(string text)
    {
        if (text.Length > MostCharacters)
            return null;
        var reader = new Reader(text);
        return reader.Sum(0) is var (over, under) && reader.AtEnd
            ? new Expression(over, under, reader.Numbers.ToImmutable())
            : null;
    }

    /// <summary>Its distance to a whole number.</summary>
    public double DistanceTo(long target) => Math.Abs((double)(Over - target * Under) / (double)Under);

    /// <summary>Whether it is that number exactly.</summary>
    public bool Is(long target) => Under.IsOne && Over == target;

    private sealed class Reader(string text)
    {
        private int _at;

        public ImmutableArray<long>.Builder Numbers { get; } = ImmutableArray.CreateBuilder<long>();

        public bool AtEnd => Peek() == '\0';

        public (BigInteger Over, BigInteger Under)? Sum(int depth)
        {
            if (depth > MostDepth || Product(depth) is not { } sum)
                return null;
            while (Peek() is '+' or '-' or '−')
            {
                var minus = text[_at++] != '+';
                if (Product(depth) is not { } next)
                    return null;
                sum = Reduced(sum.Over * next.Under + (minus ? -1 : 1) * next.Over * sum.Under, sum.Under * next.Under);
            }
            return sum;
        }

        private (BigInteger Over, BigInteger Under)? Product(int depth)
        {
            if (Atom(depth) is not { } product)
                return null;
            while (Peek() is '*' or '×' or '/' or '÷')
            {
                var over = text[_at++] is '/' or '÷';
                if (Atom(depth) is not { } next || (over && next.Over.IsZero))
                    return null;
                product = over
                    ? Reduced(product.Over * next.Under, product.Under * next.Over)
                    : Reduced(product.Over * next.Over, product.Under * next.Under);
            }
            return product;
        }

        private (BigInteger Over, BigInteger Under)? Atom(int depth)
        {
            if (Peek() == '(')
            {
                _at++;
                if (Sum(depth + 1) is not { } inner || Peek() != ')')
                    return null;
                _at++;
                return inner;
            }
            var from = _at;
            while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                _at++;
            if (
                _at == from
                || !long.TryParse(
                    text.AsSpan(from, _at - from),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var number
                )
            )
                return null;
            Numbers.Add(number);
            return (number, BigInteger.One);
        }

        private char Peek()
        {
            while (_at < text.Length && text[_at] == ' ')
                _at++;
            return _at < text.Length ? text[_at] : '\0';
        }

        private static (BigInteger, BigInteger) Reduced(BigInteger over, BigInteger under)
        {
            var common = BigInteger.GreatestCommonDivisor(over, under) * under.Sign;
            return (over / common, under / common);
        }
    }
}
