// What stands in brackets, and LaTeX commands that take arguments: tuples, intervals, sets, matrices, fractions, roots,
// functions.
using System.Collections.Immutable;

namespace AgentArena.Games.Answers;

internal sealed partial class AnswerParser
{
    // ( … ), [ … ], ⟨ … ⟩, half-open intervals in either fashion ([0,1) and [0,1[): one thing is itself, several are a
    // tuple.
    private Value? Bracketed()
    {
        var open = _tokens[_at++].Sign;
        var (absolutes, builders, sums, innermost) = (_absolutes, _builders, _sums, _innermost);
        (_absolutes, _builders, _innermost) = (0, 0, open);
        _brackets++;
        var inner = List();
        _brackets--;
        (_absolutes, _builders, _sums, _innermost) = (absolutes, builders, sums, innermost);
        if (inner is null)
            return null;
        var close = Peek;
        if (close is not (')' or ']' or '⟩') && !(close == '[' && open is '[' or ']'))
            return null;
        _at++;
        if (open == '⟨' != (close == '⟩'))
            return null;
        var (left, right) = open is '⟨' ? ('(', ')') : (open == ']' ? '(' : open, close == '[' ? ')' : close);
        if (inner is Collection { Open: ',' } list)
            return new Collection(left, right, list.Items);
        return open is '(' or '⟨' && close is ')' or '⟩' || open == '[' && close == ']'
            ? inner is Scalar scalar
                ? scalar with
                {
                    Word = "",
                }
                : inner
            : null;
    }

    // { … }: a group, {a \over b}, {n \choose k}, or, with commas, a set whose braces lost their backslashes.
    private Value? Braced()
    {
        _at++;
        if (Take('}'))
            return Atom();
        var (sums, innermost) = (_sums, _innermost);
        _innermost = '{';
        _brackets++;
        var inner = List();
        _brackets--;
        (_sums, _innermost) = (sums, innermost);
        if (
            inner is Scalar { Term: var above }
            && Next is { Kind: TokenKind.Command, Text: "over" or "choose" or "atop" } command
        )
        {
            _at++;
            inner = Sum() is Scalar { Term: var below }
                ? new Scalar(
                    command.Text == "over" ? new Binary('/', above, below) : new Applied(Applied.Binomial, above, below)
                )
                : null;
            _sums = sums;
        }
        if (inner is null || !Take('}'))
            return null;
        return inner is Collection { Open: ',' } list ? new Collection('{', '}', list.Items) : inner;
    }

    // \{ … \}, \{x | conditions\}, and cases, which open so and close with nothing.
    private Value? Set()
    {
        _at++;
        if (Take(Signs.CloseSet))
            return new Collection('{', '}', []);
        var (absolutes, sums, innermost) = (_absolutes, _sums, _innermost);
        (_absolutes, _innermost) = (0, Signs.OpenSet);
        _brackets++;
        _builders++;
        var inner = List();
        _builders--;
        if (inner is Scalar or Relation && (Take('|') || Take(':')))
            inner = List() is { } conditions ? conditions : null;
        _brackets--;
        (_absolutes, _sums, _innermost) = (absolutes, sums, innermost);
        var open = Take(Signs.NoClose);
        if (inner is null || !open && !Take(Signs.CloseSet) && _at < _tokens.Count)
            return null;
        if (inner is Matrix matrix && open)
            return matrix with { Form = 'c' };
        if (open || inner is Relation)
            return inner;
        return new Collection('{', '}', inner is Collection { Open: ',' } list ? list.Items : [inner]);
    }

    private Value? Absolute(char sign)
    {
        _at++;
        var (sums, absolutes) = (_sums, _absolutes);
        _absolutes = absolutes + 1;
        _brackets++;
        var inner = Sum();
        _brackets--;
        (_sums, _absolutes) = (sums, absolutes);
        if (!Take(sign))
            return null;
        return inner switch
        {
            Scalar { Term: var term } => new Scalar(new Applied(Applied.Absolute, term)),
            Matrix matrix => matrix with { Form = '|' },
            _ => null,
        };
    }

    private Scalar? Rounded()
    {
        var floor = _tokens[_at++].Sign == '⌊';
        var sums = _sums;
        _brackets++;
        var inner = Sum();
        _brackets--;
        _sums = sums;
        return inner is Scalar { Term: var term } && Take(floor ? '⌋' : '⌉')
            ? new(new Applied(floor ? "floor" : "ceil", term))
            : null;
    }

    // √12 takes all of the number; LaTeX's \sqrt12 one digit.
    private Scalar? Radical() =>
        Root(
            _tokens[_at++].Sign switch
            {
                '∛' => 3,
                '∜' => 4,
                _ => 2,
            },
            oneDigit: false
        );

    private Scalar? Root(int degree, bool oneDigit)
    {
        Term power = Literal.Of(degree);
        if (Take('['))
        {
            if (Sum() is not Scalar { Term: var given } || !Take(']'))
                return null;
            power = given;
        }
        return Argument(oneDigit) is { } of ? new(new Binary('^', of, new Binary('/', Literal.Of(1), power))) : null;
    }

    private Value? Command()
    {
        var name = _tokens[_at++].Text;
        switch (name)
        {
            case "frac":
                return Two() is not var (over, under) ? null
                    : IsDifferential(over) && IsDifferential(under) ? Derivative(over, under)
                    : new Scalar(new Binary('/', over, under));
            case "binom":
                return Two() is var (n, k) ? new Scalar(new Applied(Applied.Binomial, n, k)) : null;
            case "sqrt":
                return Root(2, oneDigit: true);
            case "sum" or "prod":
                return Series(name);
            case "vec" or "bar" or "hat" or "tilde" or "dot":
                return Accent(name);
        }
        if (Functions.Named(name) is { } function)
            return Function(function);
        return name.StartsWith("begin ", StringComparison.Ordinal) ? Table(name[6..]) : null;
    }

    // d, dx, d^2y, ∂f: what stands in a derivative.
    private static bool IsDifferential(Term term) =>
        term switch
        {
            Named { Text: "d" } or Binary { Operation: '^', Left: Named { Text: "d" } } => true,
            Binary { Operation: '*' } b => IsDifferential(b.Left),
            _ => false,
        };

    // dy/dx is one name; d/dx of something is no quotient.
    private static Scalar? Derivative(Term over, Term under) =>
        over is Binary { Operation: '*' }
            ? new(new Named($"{Solving.Describe(over)}/{Solving.Describe(under)}"))
            : null;

    private (Term, Term)? Two() =>
        Argument(oneDigit: true) is { } first && Argument(oneDigit: true) is { } second ? (first, second) : null;

    private Scalar? Accent(string mark)
    {
        if (Next is { Kind: TokenKind.Word, Text.Length: > 1, Prose: false } word)
        {
            Split(word);
            return new Scalar(new Named($"{mark}({word.Text[0]})"));
        }
        return Script() is { Length: > 0 } name ? Index($"{mark}({name})") : null;
    }

    // \sum_{k=1}^{n} k: the name, from, to, and what follows up to the next + or -.
    private Scalar? Series(string name)
    {
        if (!Take('_') || !Take('{') || Next is not { Kind: TokenKind.Word, Text: [var letter] })
            return null;
        _at++;
        _brackets++;
        var from = Take('=') ? Sum() : null;
        _brackets--;
        if (
            from is not Scalar { Term: var low }
            || !Take('}')
            || !Take('^')
            || Exponent() is not { } high
            || Product() is not Scalar { Term: var of }
        )
            return null;
        // F_k and a_{n-k} change with the index in a way nobody knows.
        if (of.Names().Any(n => n.Length > 1 && n.Contains('_') && n.IndexOf(letter, 1) > 0))
            return null;
        // Within the sum the letter is the index, and no constant of that name.
        var index = new Named($"{letter}#");
        return new(
            new Applied(
                name,
                index,
                low,
                high,
                of.Replace(t => t is Named n && n.Text[0] == letter && n.Text.Length == 1 ? index : null)
            )
        );
    }

    private Scalar? Function(string name)
    {
        Term? root = null,
            power = null;
        var inverse = false;
        for (var i = 0; i < 2; i++)
        {
            if (name == "log" && root is null && Take('_') && (root = Argument(oneDigit: true)) is null)
                return null;
            if (power is not null || Peek != '^')
                continue;
            _at++;
            if ((power = Exponent()) is null)
                return null;
            inverse =
                power is Applied { Function: Applied.Negate, Of: [Literal one] }
                && one.Numeral.Value == Rational.Of(1)
                && Functions.Inverse(name) is not null;
        }
        if (inverse)
            (name, power) = (Functions.Inverse(name)!, null);
        if (Arguments() is not { } of)
            return null;
        Term applied;
        if (name == "log")
            applied = of.Length == 1 ? new Applied("log", of[0], root ?? Literal.Of(10)) : new Applied("log", of);
        else if (name is "max" or "min" or "gcd" or "lcm" || of.Length == 1)
            applied = new Applied(name, of);
        else
            return null;
        return new(power is null ? applied : new Binary('^', applied, power));
    }

    // (x), {x}, |x|, or what follows without a sign in between: \sin 2x, but not \sin x \cos x.
    private Term[]? Arguments()
    {
        if (Peek is '(' or '{' or Signs.OpenSet)
        {
            var inner = Atom();
            if (inner is Collection { Open: '(' or '{' } several)
                return several.Items.All(i => i is Scalar) ? [.. several.Items.Select(i => ((Scalar)i).Term)] : null;
            return inner is Scalar { Term: var single } ? [single] : null;
        }
        if (Unary() is not Scalar { Term: var of })
            return null;
        while (IsOperand() && Peek is not '(' && !IsFunction(Next))
        {
            if (Next is { Kind: TokenKind.Word, IsRest: false } && IsCounted(of))
                break;
            if (Power() is not Scalar { Term: var next })
                return null;
            of = new Binary('*', of, next);
        }
        return [of];
    }

    // A matrix, by rows; cells that are relations or words stay so.
    private Matrix? Table(string kind)
    {
        var form = kind switch
        {
            "vmatrix" or "Vmatrix" => '|',
            "cases" or "dcases" or "rcases" => 'c',
            _ => 'm',
        };
        var known = form != 'm' || kind is "array" or "tabular" || kind.EndsWith("matrix", StringComparison.Ordinal);
        if (!known || _at > _lastEnd)
            return null;
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<Value>>();
        var row = ImmutableArray.CreateBuilder<Value>();
        var (brackets, absolutes, builders, sums) = (_brackets, _absolutes, _builders, _sums);
        (_brackets, _absolutes, _builders) = (0, 0, 0);
        while (_at < _tokens.Count)
        {
            if (Next.Kind == TokenKind.Command && Next.Text.StartsWith("end ", StringComparison.Ordinal))
            {
                _at++;
                if (row.Count > 0)
                    rows.Add(row.ToImmutable());
                (_brackets, _absolutes, _builders, _sums) = (brackets, absolutes, builders, sums);
                return rows.Count == 0 ? null : new Matrix(form, rows.ToImmutable());
            }
            if (rows.Count + row.Count > MaxItems)
                return null;
            if (Take('&') || Take(',') || Next is { Kind: TokenKind.Command, Text: "hline" } && _at++ >= 0)
                continue;
            if (Take(Signs.RowEnd))
            {
                if (row.Count > 0)
                    rows.Add(row.ToImmutable());
                row.Clear();
                continue;
            }
            row.Add(Cell());
        }
        return null;
    }

    private Value Cell()
    {
        var (start, depth) = (_at, _depth);
        if (
            _depth < MaxDepth
            && Item() is { } item
            && (Peek is '&' or ',' or Signs.RowEnd || Next.Kind == TokenKind.Command)
        )
            return item;
        (_at, _depth, _brackets, _absolutes, _builders) = (start, depth, 0, 0, 0);
        var text = new List<Token>();
        for (
            ;
            _at < _tokens.Count
                && !(Peek is '&' or Signs.RowEnd)
                && !(Next.Kind == TokenKind.Command && Next.Text.StartsWith("end ", StringComparison.Ordinal));
            _at++
        )
            text.Add(Next);
        if (text.Count == 0)
            _at++;
        return Wording.Read(text) is { } words ? words : new Opaque(Wording.Key(text));
    }

    private Matrix? Matrices(char sign, Value left, Value right)
    {
        static ImmutableArray<ImmutableArray<Value>>? Made(IEnumerable<IEnumerable<Value?>> rows)
        {
            var made = rows.Select(r => r.ToArray()).ToArray();
            return made.All(r => r.All(c => c is not null))
                ? [.. made.Select(r => r.Select(c => c!).ToImmutableArray())]
                : null;
        }
        ImmutableArray<ImmutableArray<Value>>? cells = null;
        if (left is Matrix { Form: 'm' } a && right is Matrix { Form: 'm' } b)
        {
            var (height, width) = (a.Rows.Length, a.Rows[0].Length);
            if (
                a.Rows.Any(r => r.Length != width)
                || b.Rows.Any(r => r.Length != b.Rows[0].Length)
                || height * width * b.Rows[0].Length > 64
            )
                return null;
            if (sign is '+' or '-' && b.Rows.Length == height && b.Rows[0].Length == width)
                cells = Made(a.Rows.Select((row, i) => row.Select((x, k) => Combined(sign, x, b.Rows[i][k]))));
            else if (sign == '*' && b.Rows.Length == width && _products++ < MaxProducts)
                cells = Made(
                    a.Rows.Select(row =>
                        Enumerable
                            .Range(0, b.Rows[0].Length)
                            .Select(k =>
                                row.Select((x, j) => Combined('*', x, b.Rows[j][k]))
                                    .Aggregate((x, y) => x is null || y is null ? null : Combined('+', x, y))
                            )
                    )
                );
        }
        else if (left is Scalar s && right is Matrix { Form: 'm' } m && sign == '*')
            cells = Made(m.Rows.Select(r => r.Select(x => Combined('*', s, x))));
        else if (left is Matrix { Form: 'm' } n && right is Scalar t && sign is '*' or '/')
            cells = Made(n.Rows.Select(r => r.Select(x => Combined(sign, x, t))));
        return cells is { } all ? new Matrix('m', all) : null;
    }
}
