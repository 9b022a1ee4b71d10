// Whether two conditions say the same: what something equals, an equation, an inequality, several of them.
using System.Collections.Immutable;

namespace AgentArena.Games.Answers;

/// <summary>Compares relations with each other and with bare values.</summary>
internal sealed class RelationComparison(Comparison values, TermComparison terms, Solving solving)
{
    /// <summary>One of both is a relation, or a list that begins with one.</summary>
    public Judgement Same(Value x, Value y)
    {
        if (
            x is Relation { IsEquality: false }
            || y is Relation { IsEquality: false }
            || x is Relation { Members.Length: 2 } && y is Relation { Members.Length: 2 }
        )
            if (
                x is not Collection { Open: ',', Items: [Relation { IsEquality: true }, ..] }
                && y is not Collection { Open: ',', Items: [Relation { IsEquality: true }, ..] }
            )
                return One(x, y);
        var (a, b) = (Entries(x), Entries(y));
        if (
            a.Any(e => e.Value is Relation { IsEquality: false })
            || b.Any(e => e.Value is Relation { IsEquality: false })
        )
            return Conditions(x, y);
        if (a.Count == 1 && b.Count == 1)
            return Pair(a[0], b[0], x, y);
        return Lists(a, b, x, y);
    }

    /// <summary>What is stated: of what, and what it is; the name is "" where none is given.</summary>
    private readonly record struct Entry(string Of, Value Value)
    {
        // x of x_1, W of W(2): roots of one unknown share it.
        public string Root =>
            Of.Length == 0 ? "" : Of[..(Of.IndexOfAny(['_', '(', '\'']) is > 0 and var end ? end : Of.Length)];
    }

    private static List<Entry> Entries(Value value)
    {
        if (value is Collection { Open: ',' or '{' } list)
            return
            [
                .. list.Items.Select(i =>
                    i is Relation { IsEquality: true } stated && Stated(stated) is { } one ? one : new("", i)
                ),
            ];
        if (value is not Relation relation)
            return [new("", value)];
        if (!relation.IsEquality || Stated(relation) is not { } entry)
            return [new("", relation)];
        // (p, q) = (3, 2) states two things.
        if (
            relation.Members[0] is Collection { Open: '(' } names
            && entry.Value is Collection { Open: '(' } of
            && names.Items.Length == of.Items.Length
        )
            return [.. names.Items.Zip(of.Items).Select(p => new Entry(Label(p.First) ?? "", p.Second))];
        return [entry];
    }

    // What a chain of equalities states: the last that is equal, not only nearly so. Of a name, or of what is computed
    // without names.
    private static Entry? Stated(Relation relation)
    {
        var last = relation.Signs.LastIndexOf('=') is >= 0 and var at ? at + 1 : relation.Members.Length - 1;
        if (relation.Signs[0] == '≈' && relation.Members[0] is Scalar { Term.IsConstant: true })
            last = 0;
        var value = relation.Members[last];
        if (value is Opaque)
            return null;
        if (Label(relation.Members[0]) is { } label)
            return new(label, value);
        return relation.Members.All(m => m is Scalar { Term.IsConstant: true } or Opaque) ? new("", value) : null;
    }

    /// <summary>What may stand to the left of = as the name of a value: x, x_1, f(2), |AB|, AB, (p, q), V_1:V_2, the
    /// area. Null for what is no name.</summary>
    private static string? Label(Value value) =>
        value switch
        {
            Scalar { Unit: "" } scalar => Label(scalar.Term, top: true),
            Opaque text => text.Text,
            Words words => words.Text,
            Collection { Open: '(' } tuple when tuple.Items.All(i => Label(i) is not null) => "("
                + string.Join(',', tuple.Items.Select(Label))
                + ")",
            Ratio ratio when ratio.Items.All(i => Label(i) is not null) => string.Join(':', ratio.Items.Select(Label)),
            _ => null,
        };

    private static string? Label(Term term, bool top) =>
        term switch
        {
            Named { IsConstant: false } name => name.Text,
            Named { Text: Named.E or Named.I } name when top => name.Text,
            Applied { Function: Applied.Call } call => $"{((Named)call.Of[0]).Text}(…)",
            Applied { Function: Applied.Absolute } a when Label(a.Of[0], top: false) is { } inner => $"|{inner}|",
            Applied a
                when a.Of.Length == 1
                    && Functions.Named(a.Function) is not null
                    && a.Of[0] is Named name
                    && (name.Text.Length > 1 || char.IsUpper(name.Text[0]) || name.Text[0] > 'z') =>
                $"{a.Function} {name.Text}",
            Binary { Operation: '*' } b when IsFigure(b.Left) && IsFigure(b.Right) => Label(b.Left, false)
                + Label(b.Right, false),
            Binary { Operation: '/' } b when IsFigure(b.Left) && IsFigure(b.Right) =>
                $"{Label(b.Left, false)}/{Label(b.Right, false)}",
            _ => null,
        };

    // Points, segments, areas: capital letters.
    private static bool IsFigure(Term term) =>
        term switch
        {
            Named name => char.IsUpper(name.Text[0]) || name.Text.Length > 1,
            Binary { Operation: '*' } b => IsFigure(b.Left) && IsFigure(b.Right),
            Applied { Function: Applied.Absolute or Applied.Call } => true,
            _ => false,
        };

    private Judgement Pair(Entry a, Entry b, Value x, Value y)
    {
        if (a.Value is Relation || b.Value is Relation)
            return One(x, y);
        if (a.Of.Length == 0 || b.Of.Length == 0 || a.Of == b.Of)
            return values.Same(a.Value, b.Value);
        return x is Relation p && y is Relation q ? Equations(p, q) : values.Same(a.Value, b.Value);
    }

    private Judgement Lists(List<Entry> a, List<Entry> b, Value x, Value y)
    {
        ImmutableArray<Value> p = [.. a.Select(e => e.Value)],
            q = [.. b.Select(e => e.Value)];
        bool assigns(List<Entry> list) =>
            list.Count > 1 && list.All(e => e.Of.Length > 0) && list.Select(e => e.Root).Distinct().Count() > 1;
        if (assigns(a) && assigns(b))
        {
            if (a.Count != b.Count)
                return Judgement.Wrong($"{a.Count} and {b.Count} of them");
            var partners = a.Select(e => b.FindIndex(o => o.Of == e.Of)).ToArray();
            if (partners.Distinct().Count() == a.Count && !partners.Contains(-1))
                return values.InOrder(p, [.. partners.Select(i => q[i])]);
            return values.Bag(p, q) is { Verdict: Verdict.Wrong } wrong ? wrong : Judgement.Undecided("other unknowns");
        }
        if (assigns(a) || assigns(b))
        {
            var other = assigns(a) ? y : x;
            // x = 3, y = 4 is 3, 4 and (3, 4): in that order.
            return other is Collection { Open: '(' or '[' } tuple
                ? values.InOrder(assigns(a) ? p : q, tuple.Items)
                : values.InOrder(p, q);
        }
        if (a.Any(e => e.Value is Relation) || b.Any(e => e.Value is Relation))
            return Conditions(x, y);
        if (a.Count == 1 && x is Relation)
            return values.Same(p[0], y);
        if (b.Count == 1 && y is Relation)
            return values.Same(x, q[0]);
        if (y is Collection { Open: '(' or '[' } or Joined || x is Collection { Open: '(' or '[' } or Joined)
            return values.Same(
                new Collection(',', ',', p),
                y is Collection { Open: ',' } ? new Collection(',', ',', q) : y
            );
        return values.Bag(p, q);
    }

    // Several conditions, or a condition and a set: by the numbers they leave, or one by one.
    private Judgement Conditions(Value x, Value y)
    {
        if (solving.Of(x) is not null && solving.Of(y) is not null)
            return values.SetsOf(x, y);
        if (x is Collection { Open: ',' } a && y is Collection { Open: ',' } b)
            return values.Bag(a.Items, b.Items);
        return Judgement.Undecided($"{x.Kind} against {y.Kind}");
    }

    private Judgement One(Value x, Value y)
    {
        if (x is Relation p && y is Relation q)
        {
            if (p.IsEquality && q.IsEquality)
                return Equations(p, q);
            if (Members(p, q) is { IsRight: true } same)
                return same;
            if (solving.Of(x) is not null && solving.Of(y) is not null)
                return values.SetsOf(x, y);
            return Members(p, q) is { Verdict: not Verdict.Wrong } parts ? parts : Inequalities(p, q);
        }
        if (solving.Of(x) is not null && solving.Of(y) is not null)
            return values.SetsOf(x, y);
        var (relation, bare) = x is Relation r ? (r, y) : ((Relation)y, x);
        if (relation is { Signs: "∈" or "⊂" or "⊆" } member && Label(member.Members[0]) is not null)
            return values.Same(member.Members[1], bare);
        if (relation.IsEquality && Entries(relation) is [{ Value: not Relation } entry])
            return values.Same(entry.Value, bare);
        return relation.Members.Any(m => m is Opaque) || bare is Collection { Open: not ',' } or Joined
            ? Judgement.Undecided($"{x.Kind} against {y.Kind}")
            : Judgement.Wrong($"one is {x.Kind}, the other {y.Kind}");
    }

    private Judgement Equations(Relation p, Relation q)
    {
        var (a, b) = (Stated(p), Stated(q));
        if (a is { } one && b is { } two && (one.Of == two.Of || one.Of.Length == 0 || two.Of.Length == 0))
        {
            var verdict =
                Entries(p).Count > 1
                    ? values.InOrder([.. Entries(p).Select(e => e.Value)], [.. Entries(q).Select(e => e.Value)])
                    : values.Same(one.Value, two.Value);
            if (verdict.IsRight || one.Of.Length == 0 || two.Of.Length == 0)
                return verdict;
        }
        if (Sides(p) is not var (l, r) || Sides(q) is not var (m, n))
            return Members(p, q);
        return terms.Proportional(new Binary('-', l, r), new Binary('-', m, n), positive: false) switch
        {
            true => Judgement.Right("the same equation"),
            false => Judgement.Wrong("other equations"),
            _ => Judgement.Undecided("the equations could not be computed"),
        };
    }

    private static (Term, Term)? Sides(Relation relation) =>
        relation.Members is [Scalar left, .., Scalar right] && (relation.Members.Length == 2 || Label(left) is not null)
            ? (left.Term, right.Term)
            : null;

    // The same members with the same signs, read from either end; of congruences up to the modulus.
    private Judgement Members(Relation p, Relation q)
    {
        if (p.Modulus is not null || q.Modulus is not null)
            return Congruences(p, q);
        var turned = new string([.. q.Signs.Reverse().Select(Turned)]);
        var verdict = Judgement.Wrong("other relations");
        if (p.Signs == q.Signs && values.InOrder(p.Members, q.Members) is var ahead && ahead.Verdict > verdict.Verdict)
            verdict = ahead;
        if (
            !verdict.IsRight
            && p.Signs == turned
            && values.InOrder(p.Members, [.. q.Members.Reverse()]) is var back
            && back.Verdict > verdict.Verdict
        )
            verdict = back;
        return p.Members.Concat(q.Members).Any(m => m is Opaque) && verdict.Verdict == Verdict.Wrong
            ? Judgement.Undecided("not understood")
            : verdict;
    }

    private static char Turned(char sign) =>
        sign switch
        {
            '<' => '>',
            '>' => '<',
            '≤' => '≥',
            '≥' => '≤',
            '⊂' => '⊃',
            '⊃' => '⊂',
            '⊆' => '⊇',
            '⊇' => '⊆',
            '→' => '←',
            '←' => '→',
            _ => sign,
        };

    private Judgement Congruences(Relation p, Relation q)
    {
        if (
            p is not { Modulus: Scalar m, Members: [var a, Scalar b] }
            || q is not { Modulus: Scalar n, Members: [var c, Scalar d] }
        )
            return Judgement.Undecided("one names no modulus");
        var apart = new Applied("mod", new Binary('-', b.Term, d.Term), m.Term);
        return Comparison.AllOf(
            [values.Same(m, n), values.Same(a, c), terms.Same(apart, Literal.Of(0))],
            "the same congruence"
        );
    }

    // l < r against m < n: one is a positive multiple of the other.
    private Judgement Inequalities(Relation p, Relation q)
    {
        if (p.Signs.Length != 1 || q.Signs.Length != 1 || Sides(p) is not var (l, r) || Sides(q) is not var (m, n))
            return Judgement.Undecided("relations that could not be compared");
        static bool strict(char sign) => sign is '<' or '>';
        if (!"<>≤≥".Contains(p.Signs[0]) || !"<>≤≥".Contains(q.Signs[0]))
            return Judgement.Undecided("relations that could not be compared");
        if (strict(p.Signs[0]) != strict(q.Signs[0]))
            return Judgement.Wrong("one holds where both sides are equal");
        var (one, other) = (
            p.Signs[0] is '>' or '≥' ? new Binary('-', l, r) : new Binary('-', r, l),
            q.Signs[0] is '>' or '≥' ? new Binary('-', m, n) : new Binary('-', n, m)
        );
        return terms.Proportional(one, other, positive: true) switch
        {
            true => Judgement.Right("the same inequality"),
            _ => Judgement.Undecided("inequalities that could not be solved"),
        };
    }
}
