// A plain Python value and equality as Python means it: 1 == 1.0 == True, sets and dicts in any order. Knows no syntax.
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace AgentArena.Games.Python;

/// <summary>
/// A plain value. Equality and hash are Python's <c>==</c>, except that a NaN makes a value equal to nothing: see
/// <see cref="EqualsItself"/>.
/// </summary>
public abstract record PythonValue
{
    private PythonValue() { }

    /// <summary>
    /// Reads a literal (or a display such as <c>deque([1])</c>); null where <paramref name="text"/> is none. Total and
    /// bounded.
    /// </summary>
    public static PythonValue? Read(string text) => PythonValueReader.Read(text);

    /// <summary>False where the value holds a NaN, and so differs from itself.</summary>
    public virtual bool EqualsItself => true;

    /// <summary>None.</summary>
    public sealed record None : PythonValue;

    /// <summary>
    /// An exact rational, infinite or NaN, with an imaginary part: int, bool, float, complex, Fraction and Decimal are
    /// all numbers.
    /// </summary>
    public sealed record Number(Real Re, Real Im) : PythonValue
    {
        /// <inheritdoc/>
        public override bool EqualsItself => !Re.IsNaN && !Im.IsNaN;
    }

    /// <summary>A string.</summary>
    public sealed record Str(string Text) : PythonValue;

    /// <summary>Bytes, one a character.</summary>
    public sealed record Bytes(string Latin1) : PythonValue;

    /// <summary>The kinds of ordered collections; none equals another kind.</summary>
    public enum SequenceKind
    {
        /// <summary>[…]</summary>
        List,

        /// <summary>(…)</summary>
        Tuple,

        /// <summary>deque([…])</summary>
        Deque,
    }

    /// <summary>A list, tuple or deque.</summary>
    public sealed record Sequence(SequenceKind Kind, ImmutableArray<PythonValue> Items) : PythonValue
    {
        /// <inheritdoc/>
        public override bool EqualsItself => Items.All(i => i.EqualsItself);

        /// <inheritdoc/>
        public bool Equals(Sequence? other) =>
            other is not null && Kind == other.Kind && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Kind);
            foreach (var item in Items)
                hash.Add(item);
            return hash.ToHashCode();
        }
    }

    /// <summary>A set or a view of keys.</summary>
    public sealed record Set(ImmutableHashSet<PythonValue> Items) : PythonValue
    {
        /// <inheritdoc/>
        public override bool EqualsItself => Items.All(i => i.EqualsItself);

        /// <inheritdoc/>
        public bool Equals(Set? other) =>
            other is not null && Items.Count == other.Items.Count && Items.All(other.Items.Contains);

        /// <inheritdoc/>
        public override int GetHashCode() => Items.Aggregate(Items.Count, (hash, item) => hash ^ item.GetHashCode());
    }

    /// <summary>A dict, in any order.</summary>
    public sealed record Dict(ImmutableDictionary<PythonValue, PythonValue> Items) : PythonValue
    {
        /// <inheritdoc/>
        public override bool EqualsItself => Items.All(i => i.Key.EqualsItself && i.Value.EqualsItself);

        /// <inheritdoc/>
        public bool Equals(Dict? other) =>
            other is not null
            && Items.Count == other.Items.Count
            && Items.All(i => other.Items.TryGetValue(i.Key, out var value) && i.Value.Equals(value));

        /// <inheritdoc/>
        public override int GetHashCode() =>
            Items.Aggregate(Items.Count, (hash, item) => hash ^ HashCode.Combine(item.Key, item.Value));
    }

    /// <summary>
    /// A view of items of which a value cannot be hashed; with values that can it is a <see cref="Set"/> of pairs.
    /// </summary>
    public sealed record ItemView(ImmutableDictionary<PythonValue, PythonValue> Pairs) : PythonValue
    {
        private Dict Whole => new(Pairs);

        /// <inheritdoc/>
        public override bool EqualsItself => Whole.EqualsItself;

        /// <inheritdoc/>
        public bool Equals(ItemView? other) => other is not null && Whole.Equals(other.Whole);

        /// <inheritdoc/>
        public override int GetHashCode() => Whole.GetHashCode();
    }

    /// <summary>A range, as the numbers it runs through.</summary>
    public sealed record Range(BigInteger Start, BigInteger Count, BigInteger Step) : PythonValue
    {
        /// <summary>range(start, stop, step); null where the step is 0.</summary>
        public static Range? Of(BigInteger start, BigInteger stop, BigInteger step)
        {
            if (step.IsZero)
                return null;
            var span = step.Sign > 0 ? stop - start : start - stop;
            var count = span.Sign <= 0 ? BigInteger.Zero : (span + BigInteger.Abs(step) - 1) / BigInteger.Abs(step);
            return new(count.IsZero ? 0 : start, count, count <= 1 ? 1 : step);
        }
    }

    /// <summary>
    /// An exact real: a fraction in lowest terms with a positive denominator, or (n/0) infinite or NaN.
    /// </summary>
    public readonly record struct Real(BigInteger Over, BigInteger Under)
    {
        /// <summary>NaN.</summary>
        public static Real NaN { get; } = new(0, 0);

        /// <summary>Zero.</summary>
        public static Real Zero { get; } = new(0, 1);

        /// <summary>Whether it is NaN.</summary>
        public bool IsNaN => Under.IsZero && Over.IsZero;

        /// <summary>In lowest terms.</summary>
        public static Real Of(BigInteger over, BigInteger under)
        {
            if (under.IsZero)
                return new(over.Sign, 0);
            if (under.IsOne)
                return new(over, under);
            var common = BigInteger.GreatestCommonDivisor(over, under) * under.Sign;
            return new(over / common, under / common);
        }

        /// <summary>The very value of a double.</summary>
        public static Real Of(double value)
        {
            if (double.IsNaN(value))
                return NaN;
            if (double.IsInfinity(value))
                return new(Math.Sign(value), 0);
            var bits = BitConverter.DoubleToInt64Bits(value);
            var exponent = (int)((bits >> 52) & 0x7FF);
            BigInteger fraction = bits & 0xFFFFFFFFFFFFFL;
            if (exponent == 0)
                exponent++;
            else
                fraction |= 1L << 52;
            exponent -= 1075;
            if (value < 0)
                fraction = -fraction;
            return exponent >= 0 ? Of(fraction << exponent, 1) : Of(fraction, BigInteger.One << -exponent);
        }

        /// <summary>Its negative.</summary>
        public static Real operator -(Real r) => new(-r.Over, r.Under);
    }

    /// <summary>A real number's value.</summary>
    public static Number Num(Real re) => new(re, Real.Zero);

    /// <summary>A decimal literal's double, as Python rounds it.</summary>
    internal static double Double(ReadOnlySpan<char> digits) =>
        double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
}
