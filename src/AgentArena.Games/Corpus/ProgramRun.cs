// Runs a small part of Python, with a trace of what was calculated. Bounded and total: a fault, no exception of ours.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AgentArena.Games.Corpus;

/// <summary>One run of a function.</summary>
internal sealed class ProgramRun
{
    private const int MostSteps = 2_000,
        Longest = 200;
    private readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);
    private readonly List<string> _trace = [];
    private int _steps;

    private ProgramRun() { }

    /// <summary>The value as a Python literal, and what was calculated on the way; null where the run fails.</summary>
    public static (string Value, ImmutableArray<string> Trace)? Of(
        FunctionNode function,
        ImmutableArray<Node> arguments
    )
    {
        var run = new ProgramRun();
        try
        {
            if (arguments.Length != function.Parameters.Length)
                return null;
            for (var i = 0; i < arguments.Length; i++)
                run._variables[function.Parameters[i]] = run.Value(arguments[i]);
            run._trace.Clear();
            return run.Do(function.Body, out var value) ? (Show(value), [.. run._trace]) : ("None", [.. run._trace]);
        }
        catch (ProgramFault)
        {
            return null;
        }
    }

    private void Count()
    {
        if (++_steps > MostSteps)
            throw new ProgramFault("too long");
    }

    private bool Do(ImmutableArray<Statement> body, out object? value)
    {
        value = null;
        foreach (var statement in body)
        {
            Count();
            switch (statement)
            {
                case Statement.Return back:
                    value = Value(back.Value);
                    return true;
                case Statement.Assign assign:
                    _variables[assign.Variable] = Value(assign.Value);
                    Note($"{assign.Variable}={Show(_variables[assign.Variable])}");
                    break;
                case Statement.If branch:
                    if (Do(Truth(Value(branch.Condition)) ? branch.Then : branch.Else, out value))
                        return true;
                    break;
                case Statement.For loop:
                    foreach (var item in Items(Value(loop.Over)))
                    {
                        _variables[loop.Variable] = item;
                        if (Do(loop.Body, out value))
                            return true;
                    }
                    break;
                case Statement.Do effect:
                    Value(effect.Of);
                    break;
            }
        }
        return false;
    }

    private void Note(string line)
    {
        if (_trace.Count < 24 && line.Length < 80 && (_trace.Count == 0 || _trace[^1] != line))
            _trace.Add(line);
    }

    private object? Value(Node node)
    {
        Count();
        switch (node)
        {
            case Node.Literal literal:
                return literal.Value;
            case Node.Name name:
                return _variables.TryGetValue(name.Of, out var held) ? held : throw new ProgramFault(name.Of);
            case Node.Listed listed:
                var items = listed.Items.Select(Value).ToList();
                return listed.Tuple ? items.ToArray() : items;
            case Node.Comprehension made:
                return Comprehended(made);
            case Node.Unary { Sign: "-" } minus:
                return -Whole(Value(minus.Of));
            case Node.Unary not:
                return !Truth(Value(not.Of));
            case Node.Choice choice:
                return Value(Truth(Value(choice.If)) ? choice.Then : choice.Else);
            case Node.Binary { Sign: "and" or "or" } both:
                var left = Value(both.Left);
                return Truth(left) == (both.Sign == "or") ? left : Value(both.Right);
            case Node.Binary binary:
                var (a, b) = (Value(binary.Left), Value(binary.Right));
                var value = ProgramValues.Operate(binary.Sign, a, b);
                if (value is long && a is long && b is long)
                    Note($"{Show(a)}{binary.Sign}{Show(b)}={Show(value)}");
                return value;
            case Node.Index index:
                return ProgramValues.At(Value(index.Of), Whole(Value(index.At)));
            case Node.Slice slice:
                return ProgramValues.Slice(Value(slice.Of), Bound(slice.From), Bound(slice.To), Bound(slice.By));
            case Node.Call call:
                object?[] given = [.. call.Arguments.Select(Value)];
                var result = ProgramValues.Call(call.Function, given);
                if (call.Function == "sum")
                    Added(Items(given[0]));
                if (call.Function != "range")
                    Note($"{call.Function}({string.Join(", ", given.Select(Show))})={Show(result)}");
                return result;
            case Node.Method method:
                return ProgramValues.Method(Value(method.Of), method.Called, [.. method.Arguments.Select(Value)]);
            default:
                throw new ProgramFault("unknown");
        }
    }

    // A sum as one adds by hand.
    private void Added(IEnumerable<object?> items)
    {
        var (sum, first) = (0L, true);
        foreach (var item in items)
        {
            var number = Whole(item);
            if (!first)
                Note($"{Show(sum)}+{Show(number)}={Show(sum + number)}");
            (sum, first) = (sum + number, false);
        }
    }

    private long? Bound(Node? node) => node is null ? null : Whole(Value(node));

    private List<object?> Comprehended(Node.Comprehension made)
    {
        var list = new List<object?>();
        var before = _variables.GetValueOrDefault(made.Variable);
        var traced = _trace.Count;
        foreach (var item in Items(Value(made.Over)))
        {
            _variables[made.Variable] = item;
            if (made.If is null || Truth(Value(made.If)))
                list.Add(Value(made.Item));
        }
        _variables[made.Variable] = before;
        // Items one by one say more than their many calculations.
        _trace.RemoveRange(traced, _trace.Count - traced);
        Note(Show(list));
        return list;
    }

    internal static long Whole(object? value) =>
        value switch
        {
            long number => number,
            bool truth => truth ? 1 : 0,
            _ => throw new ProgramFault("no number"),
        };

    internal static bool Truth(object? value) =>
        value switch
        {
            null => false,
            bool truth => truth,
            long number => number != 0,
            string text => text.Length > 0,
            List<object?> list => list.Count > 0,
            object?[] tuple => tuple.Length > 0,
            _ => true,
        };

    internal static IEnumerable<object?> Items(object? value) =>
        value switch
        {
            List<object?> list => [.. list],
            object?[] tuple => tuple,
            string text => text.Select(c => (object?)c.ToString()),
            _ => throw new ProgramFault("nothing to go through"),
        };

    /// <summary>A value as a Python literal.</summary>
    internal static string Show(object? value)
    {
        var text = value switch
        {
            null => "None",
            bool truth => truth ? "True" : "False",
            long number => number.ToString(CultureInfo.InvariantCulture),
            string words => words.Contains('\'') ? $"\"{words}\"" : $"'{words}'",
            List<object?> list => $"[{string.Join(", ", list.Select(Show))}]",
            object?[] tuple => tuple.Length == 1
                ? $"({Show(tuple[0])},)"
                : $"({string.Join(", ", tuple.Select(Show))})",
            _ => throw new ProgramFault("unknown value"),
        };
        return text.Length <= Longest ? text : throw new ProgramFault("too long a value");
    }
}
