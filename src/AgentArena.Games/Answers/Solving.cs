// The real numbers that a value describes: intervals, unions, and inequalities in one unknown that it stands in alone.
using System.Collections.Immutable;

namespace AgentArena.Games.Answers;

/// <summary>From values to sets of reals.</summary>
internal sealed class Solving(Budget budget)
{
    /// <summary>The set, and the unknown it is about ("" where none is named); null where the value describes none that
    /// could be found.</summary>
    public (RealSet Set, string Of)? Of(Value value)
    {
        switch (value)
        {
            case Scalar { Term: Named { Text: "ℝ" } }:
                return (RealSet.All, "");
            case Words { Text: "all real number" or "all real" or "real number" or "all number" }:
                return (RealSet.All, "");
            case Words { Text: "no solution" or "no real solution" or "empty set" or "no real number" or "none" }:
                return (RealSet.Empty, "");
            case Collection { Open: '{' } set:
                return Many([.. set.Items.Select(Point)], any: true) is { } points ? (points, "") : null;
            case Collection { Open: '(' or '[', Items: [Scalar low, Scalar high] } pair when pair.Close is ')' or ']':
                if (End(low.Term) is not { } from || End(high.Term) is not { } to || Bound.Compare(from, to) is not < 0)
                    return null;
                return RealSet.Between(from, pair.Open == '[', to, pair.Close == ']') is { } interval
                    ? (interval, "")
                    : null;
            case Collection { Open: ',' } list:
                return List(list);
            case Joined joined:
                if (Of(joined.Left) is not var (left, of) || Of(joined.Right) is not var (right, other))
                    return null;
                var combined = joined.Operation switch
                {
                    '∪' => RealSet.Union(left, right),
                    '∩' => RealSet.Intersection(left, right),
                    _ => RealSet.Intersection(left, right.Complement()),
                };
                return combined is null ? null : (combined, of.Length > 0 ? of : other);
            case Relation relation:
                return Of(relation);
            default:
                return null;
        }
    }

    // x < 1 or x > 3; x > 0 and x != 2. A bare comma is an "and" where that leaves anything.
    private (RealSet, string)? List(Collection list)
    {
        var of = "";
        var sets = new List<RealSet?>();
        foreach (var item in list.Items)
        {
            if (item is not (Relation or Collection { Open: not ',' } or Joined) || Of(item) is not var (set, name))
                return null;
            if (of.Length > 0 && name.Length > 0 && of != name)
                return null;
            (of, _) = (name.Length > 0 ? name : of, 0);
            sets.Add(set);
        }
        var relations = list.Items.All(i => i is Relation);
        var all = list.Joint == '|' || !relations ? null : Many(sets, any: false);
        var result = list.Joint == '&' && relations || all is { IsEmpty: false } ? all : Many(sets, any: true);
        return result is null ? null : (result, of);
    }

    private static RealSet? Many(List<RealSet?> sets, bool any)
    {
        var result = any ? RealSet.Empty : RealSet.All;
        foreach (var set in sets)
        {
            if (result is null || set is null)
                return null;
            result = any ? RealSet.Union(result, set) : RealSet.Intersection(result, set);
        }
        return result;
    }

    private RealSet? Point(Value value) =>
        value is Scalar { Term: var term } && End(term) is { Infinite: 0 } end
            ? RealSet.Between(end, true, end, true)
            : null;

    private Bound? End(Term term)
    {
        if (Infinity(term) is var sign and not 0)
            return new Bound(sign, Estimate.Unknown);
        if (!term.IsConstant || term is Applied { Function: "°C" or "°F" })
            return null;
        var value = new Evaluation(budget, 1 << 14, _ => Rational.Zero).Of(term);
        return value.IsKnown && value.IsReal ? Bound.At(value) : null;
    }

    /// <summary>1 for ∞, -1 for -∞, 0 for what is neither.</summary>
    public static int Infinity(Term term) =>
        term switch
        {
            Named { Text: Named.Infinity } => 1,
            Applied { Function: Applied.Negate } a => -Infinity(a.Of[0]),
            _ => 0,
        };

    private (RealSet, string)? Of(Relation relation)
    {
        if (relation is { Signs: "∈", Members: [Scalar { Term: Named name }, var set] })
            return Of(set) is var (found, _) ? (found, name.Text) : null;
        if (
            relation.Members.Any(m => m is not Scalar)
            || relation.Signs.Any(s => s is not ('<' or '>' or '≤' or '≥' or '≠' or '='))
        )
            return null;
        var (result, of) = (RealSet.All, "");
        for (var i = 0; i < relation.Signs.Length; i++)
        {
            if (
                Solve(((Scalar)relation.Members[i]).Term, relation.Signs[i], ((Scalar)relation.Members[i + 1]).Term)
                is not var (some, unknown)
            )
                return null;
            if (of.Length > 0 && of != unknown || RealSet.Intersection(result, some) is not { } both)
                return null;
            (result, of) = (both, unknown);
        }
        return (result, of);
    }

    // k·x + c sign 0, where x is a name or the value of a function, which then counts as one.
    private (RealSet Set, string Unknown)? Solve(Term left, char sign, Term right)
    {
        if (Infinity(left) != 0 || Infinity(right) != 0)
            return Unbounded(left, sign, right);
        if (right is Applied { Function: Applied.Absolute })
            (left, sign, right) = (right, Flipped(sign), left);
        if (left is Applied { Function: Applied.Absolute, Of: [var within] } && right.IsConstant)
            return Distance(within, sign, right);
        string? unknown = null;
        var several = false;
        Term? Lone(Term part)
        {
            if (part is not (Named { IsConstant: false } or Applied { Function: Applied.Call }))
                return null;
            var name = part is Named named ? named.Text : Describe(part);
            several |= unknown is not null && unknown != name;
            unknown = name;
            return new Named("?");
        }
        var difference = new Binary('-', left, right).Replace(Lone);
        if (several || unknown is null)
            return null;
        Estimate At(int x) => new Evaluation(budget, 1 << 14, _ => Rational.Of(x)).Of(difference);
        var (zero, one, three) = (At(0), At(1), At(-3));
        var slope = one - zero;
        if (
            !zero.IsKnown
            || !slope.IsKnown
            || !slope.IsReal
            || Estimate.Same(three, zero - slope * Estimate.Of(Rational.Of(3))) != true
        )
            return null;
        var flat = Estimate.Same(slope, Estimate.Of(Rational.Zero));
        if (flat != false)
            return null;
        var root = Bound.At(-zero / slope);
        if (root.Value.IsKnown is false || !root.Value.IsReal)
            return null;
        if (slope.Middle.Real < 0)
            sign = Flipped(sign);
        var set = sign switch
        {
            '<' or '≤' => RealSet.Between(Bound.Least, false, root, sign == '≤'),
            '>' or '≥' => RealSet.Between(root, sign == '≥', Bound.Greatest, false),
            _ => RealSet.Between(root, true, root, true),
        };
        return set is null ? null : (sign == '≠' ? set.Complement() : set, unknown);
    }

    private static char Flipped(char sign) =>
        sign switch
        {
            '<' => '>',
            '>' => '<',
            '≤' => '≥',
            '≥' => '≤',
            _ => sign,
        };

    // |u| < c is -c < u < c; |u| > c is u > c or u < -c.
    private (RealSet, string)? Distance(Term within, char sign, Term limit)
    {
        if (Solve(within, sign, limit) is not var (above, of))
            return null;
        if (Solve(within, Flipped(sign), new Applied(Applied.Negate, limit)) is not var (below, _))
            return null;
        var both = sign is '<' or '≤' or '≠' ? RealSet.Intersection(above, below) : RealSet.Union(above, below);
        return both is null ? null : (both, of);
    }

    // -∞ < x, x < ∞: no condition.
    private static (RealSet, string)? Unbounded(Term left, char sign, Term right)
    {
        var other = Infinity(left) != 0 ? right : left;
        var upwards =
            Infinity(left) < 0 && sign is '<' or '≤'
            || Infinity(right) > 0 && sign is '<' or '≤'
            || Infinity(left) > 0 && sign is '>' or '≥'
            || Infinity(right) < 0 && sign is '>' or '≥';
        return upwards && other is Named { IsConstant: false } name ? (RealSet.All, name.Text) : null;
    }

    /// <summary>A term as a name of its own.</summary>
    public static string Describe(Term term) =>
        term switch
        {
            Named name => name.Text,
            Literal number => number.Numeral.Value.Size < 400 ? number.Numeral.Value.ToString() : "#",
            Binary b => $"({Describe(b.Left)}{b.Operation}{Describe(b.Right)})",
            Applied a => $"{a.Function}({string.Join(',', a.Of.Select(Describe))})",
            _ => "",
        };
}
