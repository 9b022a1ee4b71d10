// The statements of a template, each able to run. Knows no syntax.
namespace AgentArena.Models.Tokens.Templates;

/// <summary>Whether a loop goes on.</summary>
internal enum Flow
{
    On,
    Break,
    Continue,
}

/// <summary>A statement.</summary>
internal abstract record Statement(int Line)
{
    public abstract Flow Run(TemplateRun run, Scope scope);

    public static Flow All(IReadOnlyList<Statement> statements, TemplateRun run, Scope scope)
    {
        foreach (var statement in statements)
        {
            run.Spend(1);
            run.Line = statement.Line;
            if (statement.Run(run, scope) is not Flow.On and var flow)
                return flow;
        }
        return Flow.On;
    }
}

internal sealed record Data(int Line, string Text) : Statement(Line)
{
    public override Flow Run(TemplateRun run, Scope scope)
    {
        run.Write(Text);
        return Flow.On;
    }
}

internal sealed record Print(int Line, Expression Value) : Statement(Line)
{
    public override Flow Run(TemplateRun run, Scope scope)
    {
        run.Write(TemplateValues.Text(run, Value.Value(run, scope)));
        return Flow.On;
    }
}

internal sealed record If(
    int Line,
    IReadOnlyList<(Expression Condition, IReadOnlyList<Statement> Body)> Cases,
    IReadOnlyList<Statement> Otherwise
) : Statement(Line)
{
    public override Flow Run(TemplateRun run, Scope scope)
    {
        foreach (var (condition, body) in Cases)
            if (TemplateValues.Truth(condition.Value(run, scope)))
                return All(body, run, scope);
        return All(Otherwise, run, scope);
    }
}

/// <summary>What is set: a name, several of them, or an attribute of a namespace.</summary>
internal sealed record Target(int Line, IReadOnlyList<string> Names, string? Attribute)
{
    public void Set(TemplateRun run, Scope scope, object? value)
    {
        if (Attribute is not null)
        {
            if (scope[Names[0]] is not TemplateNamespace space)
                throw run.Fault($"'{Names[0]}' is no namespace, so '{Names[0]}.{Attribute}' cannot be set");
            space.Values[Attribute] = value;
            return;
        }
        if (Names.Count == 1)
        {
            scope[Names[0]] = value;
            return;
        }
        var parts = TemplateValues.Items(run, value);
        if (parts.Count != Names.Count)
            throw run.Fault($"{parts.Count} values for {Names.Count} names ({string.Join(", ", Names)})");
        for (var i = 0; i < parts.Count; i++)
            scope[Names[i]] = parts[i];
    }
}

internal sealed record For(
    int Line,
    Target Target,
    Expression Over,
    Expression? Where,
    IReadOnlyList<Statement> Body,
    IReadOnlyList<Statement> Otherwise
) : Statement(Line)
{
    public override Flow Run(TemplateRun run, Scope scope)
    {
        var items = TemplateValues.Items(run, Over.Value(run, scope));
        if (Where is not null)
            items = items.FindAll(item =>
            {
                var inner = new Scope(scope);
                Target.Set(run, inner, item);
                return TemplateValues.Truth(Where.Value(run, inner));
            });
        if (items.Count == 0)
            return All(Otherwise, run, new Scope(scope));
        run.Enter();
        object? changed = null;
        for (var i = 0; i < items.Count; i++)
        {
            run.Spend(8);
            var inner = new Scope(scope);
            inner["loop"] = Loop(items, i, () => changed, value => changed = value);
            Target.Set(run, inner, items[i]);
            if (All(Body, run, inner) == Flow.Break)
                break;
        }
        run.Leave();
        return Flow.On;
    }

    private static TemplateMap Loop(List<object?> items, int i, Func<object?> last, Action<object?> keep) =>
        new()
        {
            ["index"] = i + 1L,
            ["index0"] = (long)i,
            ["revindex"] = (long)items.Count - i,
            ["revindex0"] = items.Count - i - 1L,
            ["first"] = i == 0,
            ["last"] = i == items.Count - 1,
            ["length"] = (long)items.Count,
            ["previtem"] = i > 0 ? items[i - 1] : new Undefined("loop.previtem"),
            ["nextitem"] = i < items.Count - 1 ? items[i + 1] : new Undefined("loop.nextitem"),
            ["cycle"] = (Callable)(
                (run, given) =>
                    given.Values.Count > 0
                        ? given.Values[i % given.Values.Count]
                        : throw run.Fault("loop.cycle() has nothing to choose from")
            ),
            ["changed"] = (Callable)(
                (run, given) =>
                {
                    var same = last() is List<object?> before && TemplateValues.Same(run, before, given.Values);
                    keep(given.Values);
                    return !same;
                }
            ),
        };
}

internal sealed record Leave(int Line, Flow Flow) : Statement(Line)
{
    public override Flow Run(TemplateRun run, Scope scope) => Flow;
}

internal sealed record Set(int Line, Target Target, Expression Value) : Statement(Line)
{
    public override Flow Run(TemplateRun run, Scope scope)
    {
        Target.Set(run, scope, Value.Value(run, scope));
        return Flow.On;
    }
}

/// <summary>What a block writes, through filters, set or written: <c>set x</c>, <c>filter f</c>.</summary>
internal sealed record Captured(
    int Line,
    Target? Target,
    IReadOnlyList<(string Name, Given Given)> Filters,
    IReadOnlyList<Statement> Body
) : Statement(Line)
{
    public override Flow Run(TemplateRun run, Scope scope)
    {
        object? value = run.Captured(() => All(Body, run, new Scope(scope)));
        foreach (var (name, given) in Filters)
            value = TemplateFilters.Run(run, name, value, given.Worth(run, scope));
        if (Target is null)
            run.Write(TemplateValues.Text(run, value));
        else
            Target.Set(run, scope, value);
        return Flow.On;
    }
}

/// <summary>A body with names of its own: <c>with</c>, and <c>generation</c>, which only marks a reply.</summary>
internal sealed record Within(
    int Line,
    IReadOnlyList<(string Name, Expression Value)> Names,
    IReadOnlyList<Statement> Body
) : Statement(Line)
{
    public override Flow Run(TemplateRun run, Scope scope)
    {
        var inner = new Scope(scope);
        foreach (var (name, value) in Names)
            inner[name] = value.Value(run, scope);
        return All(Body, run, inner);
    }
}

internal sealed record Macro(
    int Line,
    string Name,
    IReadOnlyList<(string Name, Expression? Otherwise)> Parameters,
    IReadOnlyList<Statement> Body
) : Statement(Line)
{
    public override Flow Run(TemplateRun run, Scope scope)
    {
        scope[Name] = (Callable)((inner, given) => Invoke(inner, scope, given));
        return Flow.On;
    }

    private string Invoke(TemplateRun run, Scope around, Arguments given)
    {
        if (given.Values.Count > Parameters.Count)
            throw run.Fault($"macro '{Name}' takes {Parameters.Count} arguments, not {given.Values.Count}");
        foreach (var named in given.Named.Keys)
            if (!Parameters.Any(p => p.Name == named))
                throw run.Fault($"macro '{Name}' has no parameter '{named}'");
        run.Enter();
        try
        {
            var scope = new Scope(around);
            for (var i = 0; i < Parameters.Count; i++)
            {
                var (name, otherwise) = Parameters[i];
                scope[name] =
                    i < given.Values.Count || given.Named.ContainsKey(name) ? given.Get(i, name)
                    : otherwise is null ? new Undefined(name)
                    : otherwise.Value(run, scope);
            }
            return run.Captured(() => All(Body, run, scope));
        }
        finally
        {
            run.Leave();
        }
    }
}
