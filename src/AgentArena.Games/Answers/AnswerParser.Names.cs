// Numerals and names: mixed numbers, money, letters with their indices, products of them, calls of unknown functions.
namespace AgentArena.Games.Answers;

internal sealed partial class AnswerParser
{
    // ∠ABC, △ABC, …: a name.
    private Scalar Figure()
    {
        var name = _tokens[_at++].Text;
        if (name != "…" && Next.Kind == TokenKind.Word)
            name += _tokens[_at++].Text;
        return new(new Named(name));
    }

    private Value? Money()
    {
        var sign = _tokens[_at++].Text;
        if (_currency.Length > 0 && _currency != sign)
            return null;
        _currency = sign;
        return Next.Kind == TokenKind.Number || Peek == '-' ? Unary() : null;
    }

    private Scalar? Numeral()
    {
        var token = _tokens[_at++];
        var number = new Literal(token.Numeral);
        if (token.Numeral is { Places: 0, IsCut: false, Value.IsInteger: true } && Fraction() is { } fraction)
            return new Scalar(new Binary('+', number, fraction));
        if (Peek != '_')
            return new Scalar(number);
        // 4210_5: digits in a base.
        _at++;
        return Argument(oneDigit: false) is Literal { Numeral.Value: { IsInteger: true } of }
            ? new Scalar(number, Unit: $"_{of}")
            : null;
    }

    // The rest of a mixed number: 1\frac{4}{5}, 1 4/5. A proper fraction of plain integers.
    private Binary? Fraction()
    {
        var start = _at;
        if (
            Next is { Kind: TokenKind.Number, Space: true }
            && After(1).Sign == '/'
            && After(2).Kind == TokenKind.Number
        )
        {
            _at += 3;
            if (Proper(_tokens[start].Numeral, _tokens[start + 2].Numeral) is { } plain)
                return plain;
        }
        else if (Next is { Kind: TokenKind.Command, Text: "frac" })
        {
            _at++;
            if (Plain() is { } over && Plain() is { } under && Proper(over, under) is { } fraction)
                return fraction;
        }
        _at = start;
        return null;
    }

    private static Binary? Proper(Numeral over, Numeral under) =>
        over is { Places: 0, Value: { IsInteger: true } a }
        && under is { Places: 0, Value: { IsInteger: true } b }
        && a.Sign > 0
        && a.Over < b.Over
            ? new('/', new Literal(over), new Literal(under))
            : null;

    // One digit, or a number in braces.
    private Numeral? Plain()
    {
        if (Peek == '{' && After(1).Kind == TokenKind.Number && After(2).Sign == '}')
        {
            _at += 3;
            return _tokens[_at - 2].Numeral;
        }
        return Next is { Kind: TokenKind.Number, Text.Length: <= 2 } && Argument(oneDigit: true) is Literal literal
            ? literal.Numeral
            : null;
    }

    private Value? Name()
    {
        var token = Next;
        var word = token.Text;
        if (Functions.Named(word) is { } function)
        {
            _at++;
            return Function(function);
        }
        switch (word)
        {
            case "sqrt" or "cbrt":
                _at++;
                return Root(word == "cbrt" ? 3 : 2, oneDigit: false);
            case "pi":
                return Constant(Named.Pi);
            case "inf" or "infinity" or "Infinity" or "oo":
                return Constant(Named.Infinity);
            case "USD" or "EUR" or "GBP" or "INR" or "Rs" or "US" when _brackets == 0:
                return Code();
        }
        if (word.Length == 1)
        {
            _at++;
            return Index(word);
        }
        // A word of prose, or beside one, or longer than a product of letters would be.
        if (
            token.Prose
            || !token.IsRest
                && _brackets == 0
                && (
                    Unit.IsProse(word)
                        && (token.Space || _at == 0)
                        && (After(1).Space || After(1).Kind != TokenKind.Sign)
                    || token.Space && _at > 0 && _tokens[_at - 1] is { Kind: TokenKind.Word, Text.Length: > 1 }
                )
            || word.Length > 3
            || !word.All(char.IsAsciiLetter)
            || Unit.Scale(word) is not null
        )
            return null;
        return Split(token);
    }

    // The first letter of a product; the others follow, the last one with what belongs to it.
    private Scalar Split(Token word)
    {
        _tokens[_at] = word with { Text = word.Text[1..], Space = false, IsRest = true };
        return new(Letter(word.Text[..1]));
    }

    // USD 5, Rs. 5, US$5.
    private Value? Code()
    {
        var code = _tokens[_at++].Text;
        if (code == "US" && Peek != '¤')
            return null;
        Take('.');
        if (code == "US" || Next.Kind is not TokenKind.Number)
            return code == "US" ? Money() : null;
        if (_currency.Length > 0)
            return null;
        _currency = Unit.Named(code) ?? "";
        return Numeral();
    }

    private static Named Letter(string letter) => new(letter);

    // A letter with what belongs to it: its index, primes, and, for a function, its arguments.
    private Scalar? Index(string name)
    {
        var letter = name;
        if (Peek == '_')
        {
            _at++;
            if (Script() is not { } index)
                return null;
            name += "_" + index;
        }
        while (Peek is '\'' or '′')
        {
            _at++;
            name += "'";
        }
        if (letter is "C" or "A" && Peek == '^' && name.Length > 2 && name[1] == '_')
            return Combination(letter, name);
        var inverse =
            Peek == '^'
            && After(1).Sign == '{'
            && After(2).Sign == '-'
            && After(3).Text == "1"
            && After(4).Sign == '}'
            && After(5).Sign == '('
            && IsFunctionName(letter);
        if (inverse)
        {
            _at += 5;
            name += "^-1";
        }
        if (Peek != '(' || name is Named.E or Named.I or Named.Pi)
            return new Scalar(new Named(name));
        var single =
            !Next.Space
            && After(2).Sign == ')'
            && (After(1).Kind == TokenKind.Number || After(1) is { Kind: TokenKind.Word, Text.Length: 1 });
        var pair = letter == "C" && !Next.Space && After(2).Sign == ',';
        if (!single && !pair && !inverse && !IsFunctionName(letter) && !name.EndsWith('\''))
            return new Scalar(new Named(name));
        if (Bracketed() is not { } arguments)
            return null;
        var of = arguments is Collection { Open: '(' } tuple ? tuple.Items : [arguments];
        if (of.Any(a => a is not Scalar))
            return null;
        var terms = of.Select(a => ((Scalar)a).Term).ToArray();
        return new Scalar(
            name == "C" && terms.Length == 2
                ? new Applied(Applied.Binomial, terms)
                : new Applied(Applied.Call, [new Named(name), .. terms])
        );
    }

    private static bool IsFunctionName(string letter) =>
        letter is "f" or "g" or "h" or "F" or "G" or "H" or "φ" or "ψ" or "Φ";

    // C_n^k and A_n^k, where k may be chosen from n.
    private Scalar? Combination(string letter, string name)
    {
        var start = _at++;
        var index = name[2..];
        Term of =
            index.All(char.IsAsciiDigit) && index.Length < 6
                ? new Literal(NumberReader.Read(index, 0, index.Length, grouped: false).Numeral)
                : new Named(index);
        if (Exponent() is not { } chosen)
            return null;
        var numbers = Number(of) is { } n && Number(chosen) is { } k;
        if (
            numbers
                ? (Number(of)!.Value - Number(chosen)!.Value).Sign >= 0 && !Number(chosen)!.Value.IsZero
                : letter == "C" && index.Length == 1
        )
            return new(new Applied(letter == "C" ? Applied.Binomial : "perm", of, chosen));
        _at = start;
        return new(new Named(name));
    }

    // The text of an index: one token, or those of a group.
    private string? Script()
    {
        if (Peek != '{')
        {
            if (_at >= _tokens.Count || Next.Kind is TokenKind.Command || Next.Kind == TokenKind.Sign)
                return null;
            return _tokens[_at++].Text;
        }
        var (depth, text) = (0, "");
        while (_at < _tokens.Count && text.Length < 60)
        {
            if (Peek == '{')
                depth++;
            else if (Peek == '}')
                depth--;
            if (depth > 0 && !(depth == 1 && Peek == '{'))
                text += Next.Text;
            _at++;
            if (depth == 0)
                return text;
        }
        return null;
    }

    private static bool IsFunction(Token token) =>
        token.Kind is TokenKind.Word or TokenKind.Command && Functions.Named(token.Text) is not null;
}
