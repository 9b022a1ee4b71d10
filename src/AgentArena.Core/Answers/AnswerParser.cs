// From tokens to values: lists, relations, sets, ratios, quantities. One pass, bounded; what it does not understand it
// leaves as it is.
using System.Collections.Immutable;
using System.Text;

namespace AgentArena.Core.Answers;

/// <summary>Reads answers. The algebra of one expression is in the other half.</summary>
internal sealed partial class AnswerParser
{
    private const int MaxDepth = 36,
        MaxItems = 100,
        MaxProducts = 4,
        MaxSteps = 5000;

    private const string RelationSigns = "=≠<>≤≥≈≡≅∼∝∈∉∋⊂⊆⊃⊇→←⇒⇔↦⊥∥∧∨";

    private static readonly Token End = new(TokenKind.Sign, "\0", false, false);

    private readonly List<Token> _tokens;
    private int _at,
        _depth,
        _brackets,
        _absolutes,
        _builders,
        _sums,
        _products,
        _arguments,
        _steps;
    private char _innermost;
    private string _currency = "";

    private AnswerParser(List<Token> tokens) => _tokens = tokens;

    /// <summary>Reads a text that <see cref="AnswerText.Clean"/> has cleaned. Total.</summary>
    /// <param name="grouped">Whether 1,234 is one number.</param>
    public static Parsed Read(string clean, bool grouped = true)
    {
        if (Lexer.Read(clean, grouped) is not { } tokens)
            return new(new Opaque(clean), clean, '\0', false);
        var key = Key(tokens);
        var (choice, alone) = Choice(tokens);
        if (Wordy(tokens) is { } words)
            return new(words, key, choice, alone);
        var parser = new AnswerParser([.. tokens]);
        var value = parser.List() is { } list && parser._at >= parser._tokens.Count ? list : new Opaque(key);
        // Two or three letters alone, and a vowel among them: a product, or a word.
        if (
            value is Scalar scalar
            && tokens is [{ Kind: TokenKind.Word, Text.Length: > 1 } only]
            && !IsMathWord(only.Text)
            && only.Text.AsSpan().ContainsAny("aeiouAEIOU")
        )
            value = scalar with { Word = only.Text };
        return new(value, key, choice, alone);
    }

    private static string Key(List<Token> tokens)
    {
        var key = new StringBuilder();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i].Kind == tokens[i - 1].Kind && tokens[i].Kind != TokenKind.Sign)
                key.Append(' ');
            key.Append(
                tokens[i].Kind == TokenKind.Number ? tokens[i].Text.Replace(",", "").Replace(" ", "") : tokens[i].Text
            );
        }
        return key.ToString();
    }

    // (C), C., option C, C) 5, D, because …: the letter, and whether it stands alone.
    private static (char Letter, bool Alone) Choice(List<Token> tokens)
    {
        var at = 0;
        if (
            at + 1 < tokens.Count
            && tokens[at] is { Kind: TokenKind.Word, Text: var word }
            && word.ToLowerInvariant() is "option" or "choice" or "answer"
        )
            at++;
        var open = at < tokens.Count && tokens[at].Sign is '(' or '[';
        if (open)
            at++;
        if (at >= tokens.Count || tokens[at] is not { Kind: TokenKind.Word, Text: [>= 'A' and <= 'J' and var letter] })
            return ('\0', false);
        at++;
        var closed = at < tokens.Count && tokens[at].Sign is ')' or ']';
        if (open && !closed)
            return ('\0', false);
        if (closed)
            at++;
        if (at == tokens.Count)
            return (letter, true);
        var ended =
            closed
            || tokens[at].Sign is '.' or ':'
            || tokens[at].Sign == ','
                && at + 1 < tokens.Count
                && tokens[at + 1] is { Kind: TokenKind.Word, Text.Length: > 1 };
        return (ended ? letter : '\0', false);
    }

    // Nothing but words. A word of two or three letters alone may be a product, and is left to the algebra.
    private static Words? Wordy(List<Token> tokens)
    {
        if (
            tokens.Count == 0
            || !tokens.All(t =>
                t.Kind == TokenKind.Word || t.Sign is '-' or '\'' or '.' or ',' or '!' or '?' or ';' or '"'
            )
        )
            return null;
        var words = tokens.Where(t => t.Kind == TokenKind.Word).Select(t => t.Text).ToList();
        if (words.Count == 0 || words.Max(w => w.Length) < 2)
            return null;
        if (
            words.Count == 1
            && tokens.Count == 1
            && (words[0].Length < 4 && !tokens[0].Prose && !Unit.IsProse(words[0]) || IsMathWord(words[0]))
        )
            return null;
        if (words.Count > 1 && words.All(w => w.Length == 1 || w is "and" or "or" || IsMathWord(w)))
            return null;
        if (tokens[0].Sign is '-' && words.All(w => w.Length == 1 || IsMathWord(w)))
            return null;
        return new Words(Plain(words));
    }

    private static bool IsMathWord(string word) =>
        word is "pi" or "inf" or "infinity" or "oo" or "sqrt" or "cbrt" || Functions.Named(word) is not null;

    private static string Plain(IEnumerable<string> words) =>
        string.Join(
            ' ',
            words.Select(w => Unit.Singular(w.ToLowerInvariant())).Where(w => w is not ("the" or "a" or "an"))
        );

    private Token Next => _at < _tokens.Count ? _tokens[_at] : End;

    private Token After(int steps) => _at + steps < _tokens.Count ? _tokens[_at + steps] : End;

    private char Peek => Next.Sign;

    private bool Take(char sign)
    {
        if (Peek != sign || _at >= _tokens.Count)
            return false;
        _at++;
        return true;
    }

    private bool IsWord(string word) =>
        Next.Kind == TokenKind.Word && string.Equals(Next.Text, word, StringComparison.OrdinalIgnoreCase);

    private Value? List()
    {
        if (++_depth > MaxDepth)
            return null;
        var items = ImmutableArray.CreateBuilder<Value>();
        var (joint, groups) = (',', new List<int>());
        do
        {
            if (items.Count >= MaxItems || Item() is not { } item)
                return null;
            items.Add(item);
            if (Peek == ';')
                groups.Add(items.Count);
        } while (Separator(item: items[^1], ref joint));
        _depth--;
        if (items.Count == 1)
            return items[0];
        if (groups.Count == 0 || groups.Count >= items.Count - 1)
            return new Collection(',', ',', items.ToImmutable(), joint);
        // p=5, q=2; p=7, q=2: commas within, semicolons between.
        groups.Add(items.Count);
        return new Collection(
            ',',
            ',',
            [
                .. groups
                    .Distinct()
                    .Select((end, i) => items.ToImmutable()[(i == 0 ? 0 : groups[i - 1])..end])
                    .Select(part => part.Length == 1 ? part[0] : new Collection('(', ')', part)),
            ],
            joint
        );
    }

    // What parts two items; a separator at the very end parts nothing.
    private bool Separator(Value item, ref char joint)
    {
        var found = false;
        while (true)
        {
            if (Peek is ',' or ';')
                found = true;
            else if (Peek == Signs.Wide)
                found |= item is Relation || !(After(1).Kind == TokenKind.Word);
            else if (IsWord("and") || IsWord("or") || Peek is '∧' or '∨')
            {
                found = true;
                joint = IsWord("or") || Peek == '∨' ? '|' : '&';
            }
            else
                break;
            _at++;
        }
        return found && _at < _tokens.Count && !IsClose(Peek);
    }

    private static bool IsClose(char sign) =>
        sign is ')' or ']' or '}' or Signs.CloseSet or Signs.NoClose or '⟩' or '⌋' or '⌉';

    private bool AtItemEnd(Token token) =>
        token.Kind == TokenKind.Sign
            && (
                token.Sign is '\0' or ',' or ';' or '&' or '∪' or '∩' or '∖' or ':' or Signs.Wide or Signs.RowEnd
                || IsClose(token.Sign)
                || RelationSigns.Contains(token.Sign)
                || token.Sign == '|' && (_absolutes > 0 || _builders > 0)
                || token.Sign == '[' && _innermost is '[' or ']'
            )
        || token.Kind == TokenKind.Word && token.Text is "and" or "or"
        || token.Kind == TokenKind.Command
            && (token.Text is "over" or "choose" or "pmod" || token.Text.StartsWith("end ", StringComparison.Ordinal));

    // A relation, or one side of one.
    private Value? Item()
    {
        if (Peek is '≈' or '=' or '∴')
            _at++;
        if (Member() is not { } first)
            return null;
        var members = ImmutableArray.CreateBuilder<Value>();
        members.Add(first);
        var signs = "";
        while (RelationSigns.Contains(Peek) && Peek is not ('∧' or '∨') && _at < _tokens.Count)
        {
            signs += Peek;
            _at++;
            if (Member() is not { } member)
                return null;
            members.Add(member);
        }
        if (signs.Length == 0)
            return first is Opaque ? null : first;
        if (members.All(m => m is Opaque))
            return null;
        return new Relation(members.ToImmutable(), signs, signs.Contains('≡') ? Modulus() : null);
    }

    // \pmod{12}, \mod 12, (mod 12).
    private Value? Modulus()
    {
        var start = _at;
        var open = Take('(');
        if (Next is { Kind: TokenKind.Command, Text: "pmod" or "mod" or "bmod" } || IsWord("mod"))
        {
            _at++;
            if (Atom() is { } modulus && (!open || Take(')')))
                return modulus;
        }
        _at = start;
        return null;
    }

    // One side. What is not understood is kept as text, outside brackets, where a relation gives it a meaning: the area
    // = 5.
    private Value? Member()
    {
        var (start, depth) = (_at, _depth);
        if (SetExpression() is { } value && (AtItemEnd(Next) || Modular()))
            return value;
        if (_brackets > 0 || depth > 1)
            return null;
        (_at, _depth) = (start, depth);
        var (open, text) = (0, new List<Token>());
        for (; _at < _tokens.Count; _at++)
        {
            if (Peek is '(' or '[' or '{' or Signs.OpenSet)
                open++;
            else if (IsClose(Peek))
                open--;
            else if (open <= 0 && (RelationSigns.Contains(Peek) || Peek is ',' or ';' || IsWord("or") || IsWord("and")))
                break;
            text.Add(Next);
        }
        (_absolutes, _builders, _sums) = (0, 0, 0);
        return text.Count == 0 ? null
            : Wordy(text) is { } words ? new Opaque(words.Text)
            : new Opaque(Key(text));
    }

    private bool Modular() =>
        Next is { Kind: TokenKind.Command, Text: "pmod" or "mod" or "bmod" }
        || IsWord("mod")
        || Peek == '(' && string.Equals(After(1).Text, "mod", StringComparison.OrdinalIgnoreCase);

    private Value? SetExpression()
    {
        if (Proportion() is not { } left)
            return null;
        while (Peek is '∪' or '∩' or '∖' || Next.Text == "U" && left is (Collection or Joined))
        {
            var operation = Next.Text == "U" ? '∪' : Peek;
            _at++;
            if (Proportion() is not { } right)
                return null;
            left = new Joined(operation, left, right);
        }
        if (left is not (Scalar { Unit: "", Label: "" } or Ratio) || LabelAhead(left) is not var (words, stop))
            return left;
        _at = stop;
        return left is not Scalar scalar ? left
            : words.Count == 1 && Unit.Named(words[0]) is { } unit ? scalar with { Unit = unit }
            : scalar with { Label = Plain(words) };
    }

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
            && words[1].ToLowerInvariant() == "m"
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
            ? ("", Plain(words), stop)
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
}
