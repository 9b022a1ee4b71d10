// What is counted: units and labels, ratios, times of day. Knows where an expression's algebra ends; leaves the algebra
// itself to the terms.
using System.Collections.Immutable;

namespace AgentArena.Games.Answers;

internal sealed partial class AnswerParser
{
    private Value? Proportion()
    {
        var first = _at;
        if (Quantity() is not { } value)
            return null;
        if (Peek != ':' || _builders > 0)
            return
                value is Scalar { Unit: "am" or "pm" } hour
                && Number(hour.Term) is { IsInteger: true, Sign: >= 0 } h
                && h.Over < 25
                ? new Clock((int)h.Over, 0, 0, hour.Unit)
                : value;
        var items = ImmutableArray.CreateBuilder<Value>();
        items.Add(value);
        while (Take(':'))
        {
            if (items.Count >= MaxItems || Quantity() is not { } next)
                return null;
            items.Add(next);
        }
        return Time(items, first) ?? (Value)new Ratio(items.ToImmutable());
    }

    // 3:05, 12:00:00, 3:30 pm: a time by its written zero or by its half of the day.
    private Clock? Time(ImmutableArray<Value>.Builder items, int first)
    {
        if (items.Count > 3 || items[^1] is not Scalar last)
            return null;
        var half = last.Unit is "am" or "pm" ? last.Unit : "";
        var fields = new List<int>();
        var zero = half.Length > 0;
        for (var i = 0; i < items.Count; i++)
        {
            var token = _tokens[first + 2 * i];
            if (
                token.Kind != TokenKind.Number
                || items[i] is not Scalar { Term: Literal { Numeral.Value: { IsInteger: true } value } }
                || value.Over > 59
            )
                return null;
            if (i > 0 && token.Text.Length != 2)
                return null;
            zero |= i > 0 && token.Text[0] == '0';
            fields.Add((int)value.Over);
        }
        return zero && fields[0] < 25 ? new(fields[0], fields[1], fields.Count > 2 ? fields[2] : 0, half) : null;
    }

    private static Rational? Number(Term term) => term is Literal literal ? literal.Numeral.Value : null;

    // An expression and what it counts.
    private Value? Quantity()
    {
        (_sums, _currency) = (0, "");
        if (Sum() is not { } value)
            return null;
        if (value is not Scalar scalar)
            return value;
        var (term, unit) = (scalar.Term, scalar.Unit.Length > 0 ? scalar.Unit : _currency);
        var marked = true;
        while (Next.Kind == TokenKind.Word && Unit.Scale(Next.Text) is { } scale && term.IsConstant && _sums == 0)
        {
            term = new Binary('*', term, Literal.Of(scale));
            _at++;
        }
        if (Suffix(term, out marked) is { } suffix && (_sums == 0 || marked))
        {
            _at = suffix.Stop;
            if (suffix.Unit.Length > 0 && unit.Length > 0 && suffix.Unit != unit)
                return null;
            return scalar with
            {
                Term = term,
                Unit = suffix.Unit.Length > 0 ? suffix.Unit : unit,
                Label = suffix.Label,
                Word = "",
            };
        }
        return scalar with { Term = term, Unit = unit, Word = unit.Length > 0 ? "" : scalar.Word };
    }

    // A unit from the closed list, or words that only say what was counted, up to the item's end; null where something
    // else follows.
    private (string Unit, string Label, int Stop)? Suffix(Term term, out bool marked)
    {
        marked = false;
        if (!term.IsConstant || _arguments > 0 || AtItemEnd(Next))
            return null;
        var stop = _at;
        var words = new List<string>();
        marked = true;
        var depth = 0;
        while (stop < _tokens.Count && (depth > 0 || !AtItemEnd(_tokens[stop])) && stop - _at < 24)
        {
            var token = _tokens[stop++];
            depth +=
                token.Sign == '{' ? 1
                : token.Sign == '}' ? -1
                : 0;
            marked &= token.Prose || token.Kind != TokenKind.Word;
            if (token.Kind == TokenKind.Word)
                words.Add(token.Text);
        }
        if (words.Count == 0 && !(Peek is '¤' or '€' or '£' or '¥' or '₹' or '¢' or '%' or '°'))
            return null;
        if (words is [var half] && half.ToLowerInvariant() is "am" or "pm" && stop == _at + 1)
            return (half.ToLowerInvariant(), "", stop);
        if (
            words.Count == 2
            && (stop - _at is 3 or 4)
            && words[0].ToLowerInvariant() is "a" or "p"
            && string.Equals(words[1], "m", StringComparison.OrdinalIgnoreCase)
        )
            return (words[0].ToLowerInvariant() + "m", "", stop);
        if (UnitReader.Read(_tokens.GetRange(_at, stop - _at), marked || IsNumeral(term)) is { } unit)
            return (unit, "", stop);
        for (var i = _at; i < stop; i++)
        {
            // units^2 as well, where the words are set apart
            var power =
                marked && i > _at && (_tokens[i].Sign is '^' or '{' or '}' || _tokens[i].Kind == TokenKind.Number);
            if (_tokens[i].Kind != TokenKind.Word && !power && !(_tokens[i].Sign is '-' or '\'' or '.' or '/'))
                return null;
        }
        var one =
            term is Literal { Numeral.Value: var value } && value == Rational.Of(1) && words.All(w => w.Length > 2);
        return words.Count > 0 && (words.Any(w => w.Length > 1) || marked) && Unit.IsLabel(words, marked || one)
            ? ("", Wording.Plain(words), stop)
            : null;
    }

    // One plain numeral: digits, a fraction of them, or a power of ten of them.
    private static bool IsNumeral(Term term) =>
        term switch
        {
            Literal => true,
            Applied { Function: Applied.Negate } a => IsNumeral(a.Of[0]),
            Binary { Operation: '/' or '*', Left: Literal, Right: Literal } => true,
            Binary { Operation: '+', Left: Literal, Right: Binary { Operation: '/', Left: Literal, Right: Literal } } =>
                true,
            Binary { Operation: '*', Left: Literal, Right: Binary { Operation: '^', Left: Literal } } => true,
            _ => false,
        };

    // What was counted, or what it is, in parentheses: 9 (apples), 2:3 (ratio). The words, and where they end.
    private (List<string> Words, int Stop)? LabelAhead(Value left)
    {
        if (Peek != '(' || left is Scalar { Term.IsConstant: false })
            return null;
        var close = _at + 1;
        while (
            close < _tokens.Count
            && (_tokens[close].Kind == TokenKind.Word || _tokens[close].Sign is '.' or '-' or '\'')
        )
            close++;
        if (close >= _tokens.Count || _tokens[close].Sign != ')')
            return null;
        var words = _tokens[(_at + 1)..close].Where(t => t.Kind == TokenKind.Word).Select(t => t.Text).ToList();
        return words.Any(w => w.Length > 1) && Unit.IsLabel(words, marked: true) ? (words, close + 1) : null;
    }
}
