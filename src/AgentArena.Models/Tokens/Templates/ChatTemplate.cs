// A chat template: parsed once, rendered for each conversation. Knows the names that templates expect.
using AgentArena.Core.Configuration;

namespace AgentArena.Models.Tokens.Templates;

/// <summary>
/// The part of Jinja that published chat templates are written in, with the settings and the functions that the
/// reference gives them: <c>raise_exception</c>, <c>strftime_now</c>, <c>namespace</c>, <c>range</c>, <c>dict</c>, and
/// <c>tojson</c> without escapes. Bounded in depth, work and output. Safe to render from several threads at once.
/// </summary>
public sealed class ChatTemplate
{
    private const int MostRange = 100_000;
    private readonly IReadOnlyList<Statement> _body;
    private readonly string _place;

    /// <summary>Parses it.</summary>
    /// <param name="source">The template.</param>
    /// <param name="place">Where it stands, for faults.</param>
    /// <exception cref="InvalidDataException">It cannot be read; the message names place, line and fault.</exception>
    public ChatTemplate(string source, string place)
    {
        _place = place;
        try
        {
            _body = TemplateParser.Parse(source);
        }
        catch (TemplateException e)
        {
            throw new InvalidDataException(
                $"{place}: {e.Message}. Put a chat_template.jinja beside it without that, or use another model's.",
                e
            );
        }
    }

    /// <summary>Renders it.</summary>
    /// <param name="values">
    /// Names and values: null, bool, long, double, string, and lists and mappings of these.
    /// </param>
    /// <param name="clock">
    /// What <c>strftime_now</c> asks; null leaves that name undefined, so that a prompt does not depend on the day.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The template refuses these values, or spends more than it may; the message names place, line and fault.
    /// </exception>
    public string Render(IReadOnlyDictionary<string, object?> values, TimeProvider? clock = null)
    {
        var run = new TemplateRun { Clock = clock };
        var scope = new Scope(Globals(run));
        foreach (var (name, value) in values)
            scope[name] = Converted(value);
        try
        {
            Statement.All(_body, run, scope);
            return run.Output.ToString();
        }
        catch (TemplateException e)
        {
            throw new ArgumentException(
                $"{_place}: {e.Message}. Give the template messages that it can say, or another template.",
                e
            );
        }
    }

    private static Scope Globals(TemplateRun run)
    {
        var scope = new Scope(null)
        {
            ["raise_exception"] = (Callable)(
                (inner, given) =>
                    throw inner.Fault(
                        $"the template refuses this: {TemplateValues.Text(inner, given.Get(0, "message", ""))}"
                    )
            ),
            ["namespace"] = (Callable)((_, given) => new TemplateNamespace(Map(given))),
            ["dict"] = (Callable)((_, given) => Map(given)),
            ["range"] = (Callable)Range,
        };
        if (run.Clock is { } clock)
            scope["strftime_now"] = (Callable)(
                (inner, given) =>
                    TextMethods.Time(inner, clock.GetLocalNow(), TemplateValues.Text(inner, given.Get(0, "format", "")))
            );
        return scope;
    }

    private static TemplateMap Map(Arguments given)
    {
        var map = new TemplateMap();
        if (given.Values is [TemplateMap from])
            foreach (var (key, value) in from)
                map[key] = value;
        foreach (var (key, value) in given.Named)
            map[key] = value;
        return map;
    }

    private static object? Range(TemplateRun run, Arguments given)
    {
        var numbers = given.Values.Select(v => v as long? ?? throw run.Fault("range: not a whole number")).ToArray();
        var (start, stop, step) = numbers switch
        {
            [var only] => (0L, only, 1L),
            [var from, var to] => (from, to, 1L),
            [var from, var to, var by and not 0] => (from, to, by),
            _ => throw run.Fault("range takes one to three numbers, the third not 0"),
        };
        var items = new List<object?>();
        for (var i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            run.Spend(1);
            if (items.Count >= MostRange)
                throw run.Fault($"range has more than {MostRange} numbers");
            items.Add(i);
        }
        return items;
    }

    private static object? Converted(object? value) =>
        value switch
        {
            null or bool or long or double or string or TemplateMap or List<object?> => value,
            int n => (long)n,
            System.Text.Json.Nodes.JsonNode node => TemplateJson.Value(node),
            _ => throw new ArgumentException($"{value.GetType().Name}: is no value of a template. Give JSON values."),
        };
}
