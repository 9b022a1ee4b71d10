// From tokens to values: lists, relations, sets. One pass, bounded; what it does not understand it leaves as it is.
using System.Buffers;
using System.Collections.Immutable;

namespace AgentArena.Games.Answers;

/// <summary>
/// Reads answers. The algebra of one expression, its names and brackets, and what is counted are in the other parts.
/// </summary>
internal sealed partial class AnswerParser
{
    private const int MaxDepth = 36,
        MaxItems = 100,
        MaxProducts = 4,
        MaxSteps = 5000;

    private const string RelationSigns = "=≠<>≤≥≈≡≅∼∝∈∉∋⊂⊆⊃⊇→←⇒⇔↦⊥∥∧∨";

    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouAEIOU");
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

    private readonly int _lastEnd; // of an environment; what begins after it never ends

    private AnswerParser(List<Token> tokens) =>
        (_tokens, _lastEnd) = (
            tokens,
            tokens.FindLastIndex(t =>
                t.Kind == TokenKind.Command && t.Text.StartsWith("end ", StringComparison.Ordinal)
            )
        );

    /// <summary>Reads a text that <see cref="AnswerText.Clean"/> has cleaned. Total.</summary>
    /// <param name="grouped">Whether 1,234 is one number.</param>
    public static Parsed Read(string clean, bool grouped = true)
    {
        if (Lexer.Read(clean, grouped) is not { } tokens)
            return new(new Opaque(clean), clean, '\0', false);
        var key = Wording.Key(tokens);
        var (choice, alone) = Wording.Choice(tokens);
        if (Wording.Read(tokens) is { } words)
            return new(words, key, choice, alone);
        var parser = new AnswerParser([.. tokens]);
        var value = parser.List() is { } list && parser._at >= parser._tokens.Count ? list : new Opaque(key);
        // Two or three letters alone, and a vowel among them: a product, or a word.
        if (
            value is Scalar scalar
            && tokens is [{ Kind: TokenKind.Word, Text.Length: > 1 } only]
            && !Wording.IsMath(only.Text)
            && only.Text.AsSpan().ContainsAny(Vowels)
        )
            value = scalar with { Word = only.Text };
        return new(value, key, choice, alone);
    }

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
            : Wording.Read(text) is { } words ? new Opaque(words.Text)
            : new Opaque(Wording.Key(text));
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
            : scalar with { Label = Wording.Plain(words) };
    }
}
