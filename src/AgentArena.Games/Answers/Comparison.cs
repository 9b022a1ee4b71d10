// Whether two values are the same answer, kind by kind. Where one rule cannot tell it says so.
using System.Collections.Immutable;

namespace AgentArena.Games.Answers;

/// <summary>Compares what was read.</summary>
internal sealed class Comparison(Budget budget)
{
    private const int MaxDepth = 8;

    private readonly TermComparison _terms = new(budget);
    private readonly Solving _solving = new(budget);
    private int _depth;

    /// <summary>Whether two answers are the same one.</summary>
    public Judgement Same(Parsed a, Parsed b)
    {
        if (a.Key == b.Key)
            return Judgement.Right("the same text");
        // In one order whoever asks: where the work runs out must not depend on who comes first.
        if (string.CompareOrdinal(a.Key, b.Key) > 0)
            (a, b) = (b, a);
        if (a.ChoiceAlone && b.Choice != '\0' || b.ChoiceAlone && a.Choice != '\0')
            return a.Choice == b.Choice ? Judgement.Right("the same choice") : Judgement.Wrong("another choice");
        return Same(a.Value, b.Value);
    }

    /// <summary>Whether two values are the same.</summary>
    public Judgement Same(Value x, Value y)
    {
        if (_depth >= MaxDepth || !budget.Spend(10))
            return Judgement.Undecided("too much to compare");
        _depth++;
        var verdict = Compared(Spread(x), Spread(y));
        _depth--;
        return verdict;
    }

    private Judgement Compared(Value x, Value y)
    {
        if (
            x is Words or Opaque
            || y is Words or Opaque
            || x is Scalar { Word: not "" } && y is Scalar { Word: not "" }
        )
            return Texts(x, y);
        if (
            x is Relation or Collection { Open: ',', Items: [Relation, ..] }
            || y is Relation or Collection { Open: ',', Items: [Relation, ..] }
        )
            return Relations(x, y);
        return (x, y) switch
        {
            (Scalar a, Scalar b) => Scalars(a, b),
            (Matrix a, Matrix b) => Matrices(a, b),
            (Matrix { Form: 'm' } m, Collection { Open: '(' or '[' } t) => Vector(m, t),
            (Collection { Open: '(' or '[' } t, Matrix { Form: 'm' } m) => Vector(m, t),
            (Ratio or Clock, Ratio or Clock or Scalar) or (Scalar, Ratio or Clock) => Ratios(x, y),


            (Joined, _)
            or
            (_, Joined)
            or
            (Scalar { Term: Named { Text: "ℝ" } }, _)
            or (_, Scalar { Term: Named { Text: "ℝ" } }) => Sets(x, y),
            (Collection or Scalar, Collection or Scalar) => Collections(x, y),
            _ => Judgement.Wrong($"one is {x.Kind}, the other {y.Kind}"),
        };
    }

    // ± is two values. What holds it becomes two; a list or set is lengthened.
    private static Value Spread(Value value)
    {
        if (value is Collection { Open: ',' or '{' } list && list.Items.Any(HasSign))
            return list with
            {
                Items =
                [
                    .. list.Items.SelectMany(i => HasSign(i) ? [Chosen(i, true), Chosen(i, false)] : (Value[])[i]),
                ],
            };
        if (value is Collection { Open: ',' or '{' } || !HasSign(value))
            return value;
        // x = ±5 is one or the other; x ≠ ±5 is neither.
        return new Collection(
            ',',
            ',',
            [Chosen(value, true), Chosen(value, false)],
            value is Relation { Signs: var signs } && signs.Contains('≠') ? '&' : '|'
        );
    }

    private static bool HasSign(Value value) =>
        value switch
        {
            Scalar s => s.Term.Parts().Any(p => p is Binary { Operation: '±' or '∓' }),
            Collection c => c.Items.Any(HasSign),
            Relation r => r.Members.Any(HasSign),
            _ => false,
        };

    private static Value Chosen(Value value, bool plus) =>
        value switch
        {
            Scalar s => s with { Term = s.Term.Choose(plus) },
            Collection c => c with { Items = [.. c.Items.Select(i => Chosen(i, plus))] },
            Relation r => r with { Members = [.. r.Members.Select(m => Chosen(m, plus))] },
            _ => value,
        };

    private Judgement Texts(Value x, Value y)
    {
        if (x is Words or Scalar { Word: not "" } && y is Words or Scalar { Word: not "" })
        {
            var (a, b) = (
                x is Words w ? w.Text : ((Scalar)x).Word.ToLowerInvariant(),
                y is Words v ? v.Text : ((Scalar)y).Word.ToLowerInvariant()
            );
            if (a == b || Unit.Singular(a) == Unit.Singular(b))
                return Judgement.Right("the same words");
            // Two products of the same letters, or two words: nobody can tell.
            return x is Scalar && y is Scalar && a.Order().SequenceEqual(b.Order())
                ? Judgement.Undecided("letters in another order")
                : Judgement.Wrong("other words");
        }
        if (x is Opaque p && y is Opaque q && p.Text == q.Text)
            return Judgement.Right("the same text");
        if (
            x is Words or Scalar or Collection or Joined or Relation
            && y is Words or Scalar or Collection or Joined or Relation
            && _solving.Of(x) is not null
            && _solving.Of(y) is not null
        )
            return Sets(x, y);
        if (x is Opaque || y is Opaque)
            return Judgement.Undecided("not understood");
        return Judgement.Wrong($"one is {x.Kind}, the other {y.Kind}");
    }

    // 50%, -30°: the sign that stands outermost is a unit.
    private static Scalar Outermost(Scalar scalar) =>
        scalar.Unit.Length > 0
            ? scalar
            : scalar.Term switch
            {
                Applied { Function: Applied.Percent or Applied.Degree or "°C" or "°F" } a => scalar with
                {
                    Term = a.Of[0],
                    Unit = a.Function,
                },
                Applied { Function: Applied.Negate } a
                    when Outermost(scalar with { Term = a.Of[0] }) is { Unit.Length: > 0 } inner => inner with
                {
                    Term = new Applied(Applied.Negate, inner.Term),
                },
                _ => scalar,
            };

    private Judgement Scalars(Scalar a, Scalar b)
    {
        (a, b) = (Outermost(a), Outermost(b));
        if (a.Unit.Length > 0 && b.Unit.Length > 0 && a.Unit != b.Unit)
            return Judgement.Wrong($"units differ: {a.Unit} and {b.Unit}");
        var verdict = _terms.Same(a.Term, b.Term);
        if (!verdict.IsRight && a.Unit != b.Unit && (a.Unit == Unit.Percent || b.Unit == Unit.Percent))
        {
            // 50% is 50, and it is one half.
            static Term Part(Scalar s) => s.Unit == Unit.Percent ? new Applied(Applied.Percent, s.Term) : s.Term;
            if (_terms.Same(Part(a), Part(b)) is { IsRight: true } share)
                return share;
        }
        return verdict.IsRight && !Fits(a.Label, b.Label)
            ? Judgement.Undecided($"the same number of other things: {a.Label} and {b.Label}")
            : verdict;
    }

    // One says no more than the other about what was counted.
    private static bool Fits(string a, string b)
    {
        if (a.Length == 0 || b.Length == 0)
            return true;
        var (p, q) = (a.Split(' '), b.Split(' '));
        return p.All(q.Contains) || q.All(p.Contains);
    }

    private Judgement Ratios(Value x, Value y)
    {
        if (x is Clock || y is Clock)
        {
            if (Fields(x) is not var (a, half) || Fields(y) is not var (b, other))
                return Judgement.Wrong($"one is {x.Kind}, the other {y.Kind}");
            return a == b && (half.Length == 0 || other.Length == 0 || half == other)
                ? Judgement.Right("the same time")
                : Judgement.Wrong("another time");
        }
        if (x is Scalar p)
        {
            // 2:3 is two thirds. Whether 2:1 is 2 depends on what was asked.
            if (y is not Ratio { Items: [Scalar q, Scalar r] } || p.Unit.Length > 0)
                return Judgement.Wrong("one is a number, the other a ratio");
            var quotient = _terms.Same(p.Term, new Binary('/', q.Term, r.Term));
            return quotient.IsRight && _terms.IsInteger(p.Term)
                ? Judgement.Undecided("a ratio against a whole number")
                : quotient;
        }
        if (y is Scalar)
            return Ratios(y, x);
        var (m, n) = (((Ratio)x).Items, ((Ratio)y).Items);
        if (m.Length != n.Length)
            return Judgement.Wrong("ratios of other lengths");
        if (!m.All(i => i is Scalar) || !n.All(i => i is Scalar))
            return Judgement.Undecided("a ratio of what are no numbers");
        Term Of(Value v) => ((Scalar)v).Term;
        return All(
            Enumerable
                .Range(1, m.Length - 1)
                .Select(i => _terms.Same(new Binary('*', Of(m[i]), Of(n[0])), new Binary('*', Of(n[i]), Of(m[0])))),
            "equal ratios"
        );
    }

    private static ((int, int, int), string)? Fields(Value value)
    {
        if (value is Clock c)
            return ((c.Hour, c.Minute, c.Second), c.Half);
        if (value is not Ratio { Items.Length: 2 or 3 } ratio)
            return null;
        var fields = ratio
            .Items.Select(i =>
                i is Scalar { Term: Literal { Numeral.Value: { IsInteger: true, Sign: >= 0 } v } } && v.Over < 60
                    ? (int)v.Over
                    : -1
            )
            .ToArray();
        return fields.Contains(-1) ? null : ((fields[0], fields[1], fields.Length > 2 ? fields[2] : 0), "");
    }

    private Judgement Matrices(Matrix a, Matrix b)
    {
        if (a.Form != b.Form)
            return Judgement.Wrong("a matrix, a determinant or cases: not the same");
        if (a.Rows.Length != b.Rows.Length || a.Rows.Zip(b.Rows).Any(r => r.First.Length != r.Second.Length))
            return Judgement.Wrong("other numbers of rows or columns");
        if (a.Form == 'c')
            return Bag([.. a.Rows.Select(AsTuple)], [.. b.Rows.Select(AsTuple)]);
        return All(
            a.Rows.SelectMany(r => r).Zip(b.Rows.SelectMany(r => r)).Select(p => Same(p.First, p.Second)),
            "equal matrices"
        );
    }

    private static Value AsTuple(ImmutableArray<Value> row) => row.Length == 1 ? row[0] : new Collection('(', ')', row);

    // A column or a row against a tuple.
    private Judgement Vector(Matrix matrix, Collection tuple)
    {
        var column =
            matrix.Rows.All(r => r.Length == 1) ? [.. matrix.Rows.Select(r => r[0])]
            : matrix.Rows.Length == 1 ? matrix.Rows[0]
            : default;
        return column.IsDefault || column.Length != tuple.Items.Length
            ? Judgement.Wrong("a matrix, and a tuple of another length")
            : InOrder(column, tuple.Items);
    }

    private Judgement Sets(Value x, Value y)
    {
        if (_solving.Of(x) is var (a, of) && _solving.Of(y) is var (b, other))
        {
            if (of.Length > 0 && other.Length > 0 && of != other)
                return Judgement.Wrong($"one is about {of}, the other about {other}");
            return RealSet.Same(a, b) switch
            {
                true => Judgement.Right("the same set"),
                false => Judgement.Wrong("other sets"),
                _ => Judgement.Undecided("ends too close to tell apart"),
            };
        }
        if (x is not Joined || y is not Joined)
            return Judgement.Undecided($"{x.Kind} against {y.Kind}");
        var (p, q) = ((Joined)x, (Joined)y);
        if (p.Operation != q.Operation)
            return Judgement.Undecided("sets joined in other ways");
        return p.Operation == '∖'
            ? InOrder([p.Left, p.Right], [q.Left, q.Right])
            : Bag([.. Operands(p, p.Operation)], [.. Operands(q, p.Operation)]);
    }

    private static IEnumerable<Value> Operands(Value value, char operation) =>
        value is Joined joined && joined.Operation == operation
            ? Operands(joined.Left, operation).Concat(Operands(joined.Right, operation))
            : [value];

    private Judgement Collections(Value x, Value y)
    {
        var (a, b) = (
            x as Collection ?? new Collection(',', ',', [x]),
            y as Collection ?? new Collection(',', ',', [y])
        );
        static bool unordered(Collection c) => c.Open is ',' or '{';
        if (unordered(a) && unordered(b))
        {
            var verdict = Bag(a.Open == '{' ? Distinct(a.Items) : a.Items, b.Open == '{' ? Distinct(b.Items) : b.Items);
            return verdict.IsRight || _solving.Of(x) is null || _solving.Of(y) is null ? verdict : Sets(x, y);
        }
        if (unordered(a) != unordered(b))
        {
            var loose = unordered(a) ? a : b;
            var bound = unordered(a) ? b : a;
            if (loose.Items.Length == 1)
                return loose.Open == '{'
                    ? Same(loose.Items[0], bound)
                    : Judgement.Wrong($"one is {x.Kind}, the other {y.Kind}");
            // A bare list may have lost its brackets; a set has no order that it could have kept.
            return loose.Open == '{' ? Judgement.Wrong("one has an order, the other none") : InOrder(a.Items, b.Items);
        }
        return a.Open == b.Open && a.Close == b.Close ? InOrder(a.Items, b.Items) : Judgement.Wrong("other brackets");
    }

    private ImmutableArray<Value> Distinct(ImmutableArray<Value> items)
    {
        var kept = new List<Value>();
        foreach (var item in items)
            if (items.Length > 20 || !kept.Any(k => Same(k, item).IsRight))
                kept.Add(item);
        return [.. kept];
    }

    /// <summary>Member by member.</summary>
    public Judgement InOrder(ImmutableArray<Value> a, ImmutableArray<Value> b) =>
        a.Length != b.Length
            ? Judgement.Wrong($"{a.Length} and {b.Length} of them")
            : All(a.Zip(b).Select(p => Same(p.First, p.Second)), "equal part by part");

    /// <summary>In any order: each has its own partner. Sameness is an equivalence but for rounding, so that the first
    /// free partner will do.</summary>
    public Judgement Bag(ImmutableArray<Value> a, ImmutableArray<Value> b)
    {
        if (a.Length != b.Length)
            return Judgement.Wrong($"{a.Length} and {b.Length} of them");
        var free = b.ToList();
        var unsure = false;
        foreach (var item in a)
        {
            var best = Judgement.Wrong("a part has no partner");
            var partner = -1;
            for (var i = 0; i < free.Count && !best.IsRight; i++)
                if (Same(item, free[i]) is var verdict && verdict.Verdict > best.Verdict)
                    (best, partner) = (verdict, i);
            if (partner < 0)
                return best;
            unsure |= !best.IsRight;
            free.RemoveAt(partner);
        }
        return unsure ? Judgement.Undecided("a part could not be compared") : Judgement.Right("the same members");
    }

    private static Judgement All(IEnumerable<Judgement> parts, string why)
    {
        var worst = Judgement.Right(why);
        foreach (var part in parts)
        {
            if (part.Verdict == Verdict.Wrong)
                return part;
            if (part.Verdict < worst.Verdict)
                worst = part;
        }
        return worst;
    }

    private Judgement Relations(Value x, Value y) => new RelationComparison(this, _terms, _solving).Same(x, y);

    internal Judgement SetsOf(Value x, Value y) => Sets(x, y);

    internal static Judgement AllOf(IEnumerable<Judgement> parts, string why) => All(parts, why);
}
