// The algebra of one expression: sums, products, powers, functions, brackets. Knows nothing of units and lists beyond
// what brackets hold.
using System.Collections.Immutable;

namespace AgentArena.Games.Answers;

internal sealed partial class AnswerParser
{
    private Value? Sum()
    {
        if (++_depth > MaxDepth)
            return null;
        Value? sum;
        if (Peek is '±' or '∓')
        {
            var sign = Peek;
            _at++;
            sum = Product() is Scalar { Term: var first } ? new Scalar(new Binary(sign, Literal.Of(0), first)) : null;
        }
        else
            sum = Product();
        while (sum is not null && Peek is '+' or '-' or '±' or '∓')
        {
            var sign = Peek;
            _at++;
            _sums++;
            sum = Product() is { } right ? Combined(sign, sum!, right) : null;
        }
        _depth--;
        return sum;
    }

    private Value? Product()
    {
        if (Unary() is not { } first)
            return null;
        Value? product = first;
        while (true)
        {
            if (Peek is '*' or '·' or '×' || Times(product))
            {
                _at++;
                if (Unary() is not { } right || (product = Combined('*', product!, right)) is null)
                    return null;
            }
            else if (Peek is '/' or '÷')
            {
                _at++;
                if (Unary() is not { } right || (product = Combined('/', product!, right)) is null)
                    return null;
            }
            else if (Next is { Kind: TokenKind.Command, Text: "bmod" })
            {
                _at++;
                if (Unary() is not Scalar { Term: var modulus } || product is not Scalar { Term: var of })
                    return null;
                product = new Scalar(new Applied("mod", of, modulus));
            }
            else if (
                IsOperand()
                && !(
                    Next is { Kind: TokenKind.Word, IsRest: false }
                    && product is Scalar { Term: var term }
                    && IsCounted(term)
                )
                && LabelAhead(product!) is null
            )
            {
                var start = _at;
                if (Power() is not { } right)
                {
                    // A word that is no name: it is for the caller to say what it means here.
                    if (_at != start || Next.Kind != TokenKind.Word)
                        return null;
                    return product;
                }
                if ((product = Combined('*', product!, right)) is null)
                    return null;
            }
            else
                return product;
        }
    }

    // 3 x 10^8: the letter is a sign between two numerals.
    private bool Times(Value left) =>
        Next is { Kind: TokenKind.Word, Text: "x" or "X" }
        && After(1).Kind == TokenKind.Number
        && left is Scalar { Term: Literal or Binary { Right: Literal } };

    private bool IsCounted(Term term) =>
        Unit.Scale(Next.Text) is not null
        || Postfixed()
        || Suffix(term, out var marked) is not null && (_sums == 0 || marked);

    private bool Postfixed() => Next.Text is "squared" or "cubed" or "factorial";

    private bool IsOperand() =>
        Next.Kind switch
        {
            TokenKind.Word => Next.Text is not ("and" or "or" or "mod") && !(Next.Text == "U" && _brackets == 0),
            // 2^{50}5^{100}: a number may follow a power in braces.
            TokenKind.Number => _at > 3 && _tokens[_at - 1].Sign == '}' && Raised(),
            TokenKind.Command => !(
                Next.Text is "over" or "choose" or "pmod" or "bmod" or "mod"
                || Next.Text.StartsWith("end ", StringComparison.Ordinal)
            ),
            TokenKind.Sign => Peek is '(' or '{' or '√' or '⌊' or '⌈' or '∞'
                || Peek == '[' && _innermost is not ('[' or ']')
                || Peek == '|' && _absolutes == 0 && _builders == 0,
            _ => false,
        };

    private bool Raised()
    {
        var (at, depth) = (_at - 1, 0);
        for (; at > 0; at--)
        {
            depth +=
                _tokens[at].Sign == '}' ? 1
                : _tokens[at].Sign == '{' ? -1
                : 0;
            if (depth == 0)
                return _tokens[at - 1].Sign == '^';
        }
        return false;
    }

    private Value? Unary()
    {
        var minus = false;
        while (Peek is '-' or '+')
            minus ^= Next.Sign == '-' & _at++ >= 0;
        if (Power() is not { } value)
            return null;
        if (!minus)
            return value;
        return value is Scalar scalar
            ? scalar with
            {
                Term = new Applied(Applied.Negate, scalar.Term),
                Word = "",
            }
            : Combined('*', new Scalar(Literal.Of(-1)), value);
    }

    private Value? Power()
    {
        if (++_depth > MaxDepth || Atom() is not { } value)
            return null;
        while (value is Scalar scalar && _at < _tokens.Count)
        {
            var term = scalar.Term;
            if (Take('!'))
                value = new Scalar(new Applied(Applied.Factorial, term));
            else if (Take('%'))
                value = new Scalar(new Applied(Applied.Percent, term));
            else if (Take('°'))
                value = new Scalar(new Applied(Degrees(), term));
            else if (Next.Kind == TokenKind.Word && Postfixed() && term.IsConstant)
            {
                value = new Scalar(
                    Next.Text == "factorial"
                        ? new Applied(Applied.Factorial, term)
                        : new Binary('^', term, Literal.Of(Next.Text == "squared" ? 2 : 3))
                );
                _at++;
            }
            else if (Peek == '^')
            {
                _at++;
                if (Exponent() is not { } exponent)
                    return null;
                value = new Scalar(new Binary('^', term, exponent));
            }
            else
                break;
        }
        _depth--;
        return value;
    }

    private string Degrees()
    {
        if (Next is not { Kind: TokenKind.Word, Text: "C" or "F" or "c" or "f" } || !AtItemEnd(After(1)))
            return Applied.Degree;
        return _tokens[_at++].Text is "C" or "c" ? "°C" : "°F";
    }

    // A group, a number or a letter, with a sign; powers of powers belong to the right.
    private Term? Exponent()
    {
        if (++_depth > MaxDepth)
            return null;
        var minus = Take('-');
        if (!minus)
            Take('+');
        if (Argument(oneDigit: false) is not { } term)
            return null;
        while (Take('!'))
            term = new Applied(Applied.Factorial, term);
        if (Peek == '^')
        {
            _at++;
            if (Exponent() is not { } power)
                return null;
            term = new Binary('^', term, power);
        }
        _depth--;
        return minus ? new Applied(Applied.Negate, term) : term;
    }

    // What a command, a power or an index takes: a group, one letter, and of a number either one digit or all.
    private Term? Argument(bool oneDigit)
    {
        var token = Next;
        if (oneDigit && token.Kind == TokenKind.Number && token.Text.Length > 1 && token.Text.All(char.IsAsciiDigit))
        {
            _tokens[_at] = token with
            {
                Text = token.Text[1..],
                Numeral = NumberReader.Read(token.Text, 1, token.Text.Length, grouped: false).Numeral,
            };
            return Literal.Of(token.Text[0] - '0');
        }
        if (token is { Kind: TokenKind.Word, Text.Length: > 1, Prose: false } && !Wording.IsMath(token.Text))
            return Split(token).Term;
        _arguments++;
        var argument = Atom();
        _arguments--;
        return argument is Scalar { Unit: "" } scalar ? scalar.Term : null;
    }

    private Value? Atom()
    {
        // What was given up is read again as text, here and there: the steps bound how often.
        if (++_depth > MaxDepth || ++_steps > MaxSteps)
            return null;
        var token = Next;
        Value? value = token.Kind switch
        {
            TokenKind.Number => Numeral(),
            TokenKind.Word => Name(),
            TokenKind.Command => Command(),
            _ => token.Sign switch
            {
                '(' or '[' or ']' or '⟨' => Bracketed(),
                '{' => Braced(),
                Signs.OpenSet => Set(),
                '|' => Absolute('|'),
                '∥' => Absolute('∥'),
                '⌊' or '⌈' => Rounded(),
                '√' or '∛' or '∜' => Radical(),
                '∞' => Constant(Named.Infinity),
                '∅' => Empty(),
                '∠' or '△' or '…' => Figure(),
                '¤' or '€' or '£' or '¥' or '₹' => Money(),
                _ => null,
            },
        };
        _depth--;
        return value;
    }

    private Scalar Constant(string name)
    {
        _at++;
        return new(new Named(name));
    }

    private Collection Empty()
    {
        _at++;
        return new('{', '}', []);
    }

    // Two values and a sign between them: numbers, or sets without some of their members.
    private Value? Combined(char sign, Value left, Value right)
    {
        if (left is Scalar { Term: var a, Unit: "" } && right is Scalar { Term: var b, Unit: "" })
            return new Scalar(new Binary(sign, a, b));
        if (sign == '-' && right is Collection { Open: '{' } && left is Scalar { Term: Named } or Collection)
            return new Joined('∖', left, right);
        return Elementwise(sign, left, right);
    }

    // Vectors and matrices: sums part by part, multiples, products.
    private Value? Elementwise(char sign, Value left, Value right)
    {
        static Value? Each(
            ImmutableArray<Value> items,
            Func<Value, int, Value?> of,
            Func<ImmutableArray<Value>, Value> made
        )
        {
            var parts = items.Select(of).ToArray();
            return parts.All(p => p is not null) ? made([.. parts!]) : null;
        }
        return (left, right) switch
        {
            (Collection { Open: '(' or '[' } a, Collection { Open: '(' or '[' } b)
                when sign is '+' or '-' && a.Items.Length == b.Items.Length => Each(
                a.Items,
                (x, i) => Combined(sign, x, b.Items[i]),
                items => a with { Items = items }
            ),
            (Scalar s, Collection { Open: '(' or '[' } b) when sign == '*' => Each(
                b.Items,
                (x, _) => Combined('*', s, x),
                items => b with { Items = items }
            ),
            (Collection { Open: '(' or '[' } a, Scalar s) when sign is '*' or '/' => Each(
                a.Items,
                (x, _) => Combined(sign, x, s),
                items => a with { Items = items }
            ),
            _ => Matrices(sign, left, right),
        };
    }
}
