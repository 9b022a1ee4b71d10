// An algebraic expression: numbers, names, the four operations, powers and functions of terms. Says what it is,
// computes nothing.
namespace AgentArena.Games.Answers;

/// <summary>An expression, as a tree.</summary>
internal abstract record Term
{
    /// <summary>Every name in it.</summary>
    public HashSet<string> Names()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in Parts())
            if (part is Named { IsConstant: false } name)
                names.Add(name.Text);
        return names;
    }

    /// <summary>Whether it is made of numbers and constants alone.</summary>
    public abstract bool IsConstant { get; }

    /// <summary>It, and all that it is made of.</summary>
    public IEnumerable<Term> Parts()
    {
        var open = new Stack<Term>([this]);
        while (open.TryPop(out var term))
        {
            yield return term;
            switch (term)
            {
                case Binary binary:
                    open.Push(binary.Right);
                    open.Push(binary.Left);
                    break;
                case Applied applied:
                    for (var i = applied.Of.Length - 1; i >= 0; i--)
                        open.Push(applied.Of[i]);
                    break;
            }
        }
    }

    /// <summary>The term with each ± read as plus (or as minus), each ∓ the other way; itself where it holds
    /// none.</summary>
    public Term Choose(bool plus) =>
        this switch
        {
            Binary { Operation: '±' or '∓' } b => new Binary(
                b.Operation == '±' == plus ? '+' : '-',
                b.Left.Choose(plus),
                b.Right.Choose(plus)
            ),
            Binary b => new Binary(b.Operation, b.Left.Choose(plus), b.Right.Choose(plus)),
            Applied a => new Applied(a.Function, [.. a.Of.Select(t => t.Choose(plus))]),
            _ => this,
        };

    /// <summary>The term with each occurrence of a part replaced.</summary>
    public Term Replace(Func<Term, Term?> by) =>
        by(this)
        ?? this switch
        {
            Binary b => new Binary(b.Operation, b.Left.Replace(by), b.Right.Replace(by)),
            Applied a => new Applied(a.Function, [.. a.Of.Select(t => t.Replace(by))]),
            _ => this,
        };
}

/// <summary>A number as it was written.</summary>
internal sealed record Literal(Numeral Numeral) : Term
{
    public override bool IsConstant => true;

    public static Literal Of(long value) => new(new Numeral(Rational.Of(value)));
}

/// <summary>A name, with its index, accent and primes; or one of the constants π, e, i and ∞.</summary>
internal sealed record Named(string Text) : Term
{
    public const string Pi = "π",
        E = "e",
        I = "i",
        Infinity = "∞";

    public override bool IsConstant => Text is Pi or E or I or Infinity;
}

/// <summary>Two terms with + - * / ^ ± or ∓ between them.</summary>
internal sealed record Binary(char Operation, Term Left, Term Right) : Term
{
    public override bool IsConstant { get; } = Left.IsConstant && Right.IsConstant;
}

/// <summary>A function of terms. A <see cref="Call"/> is of a function nobody knows: its name comes first.</summary>
internal sealed record Applied(string Function, params Term[] Of) : Term
{
    public const string Call = "()",
        Negate = "-",
        Percent = "%",
        Degree = "°",
        Absolute = "abs",
        Factorial = "!",
        Binomial = "binom";

    public override bool IsConstant { get; } = Function != Call && Of.All(t => t.IsConstant);

    public bool Equals(Applied? other) =>
        other is not null && Function == other.Function && Of.AsSpan().SequenceEqual(other.Of);

    public override int GetHashCode() => HashCode.Combine(Function, Of.Length);
}

/// <summary>A number as it was written: its value, and how.</summary>
/// <param name="Value">The exact value.</param>
/// <param name="Places">Digits after the point of a decimal; 0 for an integer.</param>
/// <param name="Digits">Significant digits of a decimal.</param>
/// <param name="IsCut">Whether dots say that more digits follow, which nobody knows.</param>
internal readonly record struct Numeral(Rational Value, int Places = 0, int Digits = 0, bool IsCut = false);
