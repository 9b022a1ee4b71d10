// A small part of Python as a tree: one function of assignments, branches, loops and expressions. Knows no evaluation.
using System.Collections.Immutable;

namespace AgentArena.Games.Corpus;

/// <summary>An expression.</summary>
internal abstract record Node
{
    /// <summary>A number, text, truth value or None.</summary>
    public sealed record Literal(object? Value) : Node;

    /// <summary>A variable.</summary>
    public sealed record Name(string Of) : Node;

    /// <summary>A list or a tuple.</summary>
    public sealed record Listed(ImmutableArray<Node> Items, bool Tuple) : Node;

    /// <summary>A list comprehension over one variable.</summary>
    public sealed record Comprehension(Node Item, string Variable, Node Over, Node? If) : Node;

    /// <summary>An operation or comparison of two.</summary>
    public sealed record Binary(string Sign, Node Left, Node Right) : Node;

    /// <summary><c>-x</c> or <c>not x</c>.</summary>
    public sealed record Unary(string Sign, Node Of) : Node;

    /// <summary><c>a if c else b</c>.</summary>
    public sealed record Choice(Node Then, Node If, Node Else) : Node;

    /// <summary>A call of a built-in function.</summary>
    public sealed record Call(string Function, ImmutableArray<Node> Arguments) : Node;

    /// <summary>A call of a method.</summary>
    public sealed record Method(Node Of, string Called, ImmutableArray<Node> Arguments) : Node;

    /// <summary><c>x[i]</c>.</summary>
    public sealed record Index(Node Of, Node At) : Node;

    /// <summary><c>x[a:b:c]</c>.</summary>
    public sealed record Slice(Node Of, Node? From, Node? To, Node? By) : Node;
}

/// <summary>A statement.</summary>
internal abstract record Statement
{
    /// <summary><c>x = e</c>, and <c>x += e</c> as <c>x = x + e</c>.</summary>
    public sealed record Assign(string Variable, Node Value) : Statement;

    /// <summary><c>return e</c>.</summary>
    public sealed record Return(Node Value) : Statement;

    /// <summary><c>if c: … else: …</c>.</summary>
    public sealed record If(Node Condition, ImmutableArray<Statement> Then, ImmutableArray<Statement> Else) : Statement;

    /// <summary><c>for x in e: …</c>.</summary>
    public sealed record For(string Variable, Node Over, ImmutableArray<Statement> Body) : Statement;

    /// <summary>An expression for its effect: <c>x.append(1)</c>.</summary>
    public sealed record Do(Node Of) : Statement;
}

/// <summary>A function <c>f</c>.</summary>
internal sealed record FunctionNode(ImmutableArray<string> Parameters, ImmutableArray<Statement> Body);
