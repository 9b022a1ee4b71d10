// What an answer is: a number, an expression, a set, a relation … or words. Says what was read, compares nothing.
using System.Collections.Immutable;

namespace AgentArena.Games.Answers;

/// <summary>An answer as it was read.</summary>
internal abstract record Value
{
    /// <summary>Whether all of it was understood as mathematics.</summary>
    public bool IsPlain =>
        this switch
        {
            Words or Opaque => false,
            Collection c => c.Items.All(i => i.IsPlain),
            Joined j => j.Left.IsPlain && j.Right.IsPlain,
            Relation r => r.Members.All(m => m.IsPlain),
            Ratio r => r.Items.All(i => i.IsPlain),
            Matrix m => m.Rows.All(row => row.All(c => c.IsPlain)),
            _ => true,
        };

    /// <summary>In a word or two, for people.</summary>
    public abstract string Kind { get; }
}

/// <summary>A number or an expression, with what it counts.</summary>
/// <param name="Unit">From the closed list; "" where there is none.</param>
/// <param name="Label">Words that only say what was counted; "" where there are none.</param>
/// <param name="Word">The letters, where it is nothing but two or three of them: a product, or a word.</param>
internal sealed record Scalar(Term Term, string Unit = "", string Label = "", string Word = "") : Value
{
    public override string Kind => Term.IsConstant ? "a number" : "an expression";
}

/// <summary>A bare list (','), a set ('{'), or a tuple, point or interval ('(' or '[').</summary>
/// <param name="Joint">How a bare list was joined: ',' or &amp; (and) or | (or).</param>
internal sealed record Collection(char Open, char Close, ImmutableArray<Value> Items, char Joint = ',') : Value
{
    public override string Kind =>
        Open switch
        {
            ',' => "a list",
            '{' => "a set",
            _ => "a tuple or interval",
        };
}

/// <summary>Two sets with ∪, ∩ or ∖ between them.</summary>
internal sealed record Joined(char Operation, Value Left, Value Right) : Value
{
    public override string Kind => "a set";
}

/// <summary>Values with signs between them: =, ≈, &lt;, ∈ … one fewer than members.</summary>
internal sealed record Relation(ImmutableArray<Value> Members, string Signs, Value? Modulus = null) : Value
{
    public bool IsEquality => Signs.All(s => s is '=' or '≈');

    public override string Kind => IsEquality ? "an equation" : "a relation";
}

/// <summary>a : b : c.</summary>
internal sealed record Ratio(ImmutableArray<Value> Items) : Value
{
    public override string Kind => "a ratio";
}

/// <summary>A time of day; the half is am, pm or "".</summary>
internal sealed record Clock(int Hour, int Minute, int Second, string Half) : Value
{
    public override string Kind => "a time";
}

/// <summary>A matrix ('m'), determinant ('|') or list of cases ('c').</summary>
internal sealed record Matrix(char Form, ImmutableArray<ImmutableArray<Value>> Rows) : Value
{
    public override string Kind => "a matrix";
}

/// <summary>Plain words, without regard to case, articles and plural.</summary>
internal sealed record Words(string Text) : Value
{
    public override string Kind => "words";
}

/// <summary>What was not understood, by its tokens.</summary>
internal sealed record Opaque(string Text) : Value
{
    public override string Kind => "text that was not understood";
}

/// <summary>An answer's text, read.</summary>
/// <param name="Key">Its tokens without blanks: what equal texts have in common.</param>
/// <param name="Choice">The letter it begins with as a choice, (C) or C.; '\0' where it does not.</param>
/// <param name="ChoiceAlone">Whether that letter is all.</param>
internal sealed record Parsed(Value Value, string Key, char Choice, bool ChoiceAlone);
