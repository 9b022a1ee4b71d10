// The expressions of a template, each able to say its value. Knows no syntax.
namespace AgentArena.Models.Tokens.Templates;

/// <summary>An expression.</summary>
internal abstract record Expression(int Line)
{
    /// <summary>Its value; bounded in depth and work.</summary>
    public object? Value(TemplateRun run, Scope scope)
    {
        run.Enter();
        run.Line = Line;
        try
        {
            return Work(run, scope);
        }
        finally
        {
            run.Leave();
        }
    }

    protected abstract object? Work(TemplateRun run, Scope scope);
}

internal sealed record Literal(int Line, object? Constant) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope) => Constant;
}

internal sealed record NameOf(int Line, string Name) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope) => scope[Name];
}

internal sealed record ListOf(int Line, IReadOnlyList<Expression> Items) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope) => Items.Select(i => i.Value(run, scope)).ToList();
}

internal sealed record MapOf(int Line, IReadOnlyList<(Expression Key, Expression Value)> Pairs) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope)
    {
        var map = new TemplateMap();
        foreach (var (key, value) in Pairs)
            map[
                key.Value(run, scope) as string
                    ?? throw run.Fault("a key of a mapping is not a text, which is not supported")
            ] = value.Value(run, scope);
        return map;
    }
}

internal sealed record Choice(int Line, Expression If, Expression Then, Expression? Else) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope) =>
        TemplateValues.Truth(If.Value(run, scope)) ? Then.Value(run, scope)
        : Else is null ? new Undefined("the inline if without else")
        : Else.Value(run, scope);
}

internal sealed record Logic(int Line, bool And, Expression Left, Expression Right) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope)
    {
        var left = Left.Value(run, scope);
        return TemplateValues.Truth(left) == And ? Right.Value(run, scope) : left;
    }
}

internal sealed record Not(int Line, Expression Inner) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope) => !TemplateValues.Truth(Inner.Value(run, scope));
}

internal sealed record Signed(int Line, bool Minus, Expression Inner) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope) =>
        TemplateValues.Calculate(run, Minus ? "-" : "+", 0L, Inner.Value(run, scope));
}

/// <summary>A chain: <c>a &lt; b &lt;= c</c> holds where each link does.</summary>
internal sealed record Comparison(int Line, Expression First, IReadOnlyList<(string Sign, Expression Next)> Links)
    : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope)
    {
        var left = First.Value(run, scope);
        foreach (var (sign, next) in Links)
        {
            var right = next.Value(run, scope);
            if (!Holds(run, sign, left, right))
                return false;
            left = right;
        }
        return true;
    }

    private static bool Holds(TemplateRun run, string sign, object? a, object? b) =>
        sign switch
        {
            "==" => TemplateValues.Same(run, a, b),
            "!=" => !TemplateValues.Same(run, a, b),
            "in" => TemplateValues.Holds(run, b, a),
            "not in" => !TemplateValues.Holds(run, b, a),
            "<" => TemplateValues.Order(run, a, b) < 0,
            "<=" => TemplateValues.Order(run, a, b) <= 0,
            ">" => TemplateValues.Order(run, a, b) > 0,
            _ => TemplateValues.Order(run, a, b) >= 0,
        };
}

internal sealed record Sum(int Line, string Sign, Expression Left, Expression Right) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope)
    {
        var (left, right) = (Left.Value(run, scope), Right.Value(run, scope));
        run.Line = Line;
        return Sign switch
        {
            "~" => run.Joined(TemplateValues.Text(run, left), TemplateValues.Text(run, right)),
            "+" => TemplateValues.Add(run, left, right),
            _ => TemplateValues.Calculate(run, Sign, left, right),
        };
    }
}

internal sealed record Attribute(int Line, Expression Of, string Name) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope) =>
        TemplateMembers.Attribute(run, Of.Value(run, scope), Name);
}

internal sealed record Item(int Line, Expression Of, Expression Key) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope) =>
        TemplateMembers.Item(run, Of.Value(run, scope), Key.Value(run, scope));
}

internal sealed record Slice(int Line, Expression Of, Expression? From, Expression? To, Expression? Step)
    : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope) =>
        TemplateMembers.Slice(
            run,
            Of.Value(run, scope),
            From?.Value(run, scope),
            To?.Value(run, scope),
            Step?.Value(run, scope)
        );
}

/// <summary>Arguments as they are written.</summary>
internal sealed record Given(IReadOnlyList<Expression> Values, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static Given None { get; } = new([], []);

    public Arguments Worth(TemplateRun run, Scope scope)
    {
        if (Values.Count == 0 && Named.Count == 0)
            return Arguments.None;
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in Named)
            named[name] = value.Value(run, scope);
        return new Arguments([.. Values.Select(v => v.Value(run, scope))], named);
    }
}

internal sealed record Call(int Line, Expression Callee, Given Given) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope)
    {
        var callee = Callee.Value(run, scope);
        if (callee is not Callable callable)
            throw run.Fault($"{TemplateValues.Named(callee)} cannot be called");
        var arguments = Given.Worth(run, scope);
        run.Line = Line;
        return callable(run, arguments);
    }
}

internal sealed record Filtered(int Line, Expression Of, string Name, Given Given) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope)
    {
        var (value, arguments) = (Of.Value(run, scope), Given.Worth(run, scope));
        run.Line = Line;
        return TemplateFilters.Run(run, Name, value, arguments);
    }
}

internal sealed record Tested(int Line, Expression Of, string Name, Given Given) : Expression(Line)
{
    protected override object? Work(TemplateRun run, Scope scope)
    {
        var (value, arguments) = (Of.Value(run, scope), Given.Worth(run, scope));
        run.Line = Line;
        return TemplateTests.Holds(run, Name, value, arguments);
    }
}
