// The tests of a template (what stands behind "is"), by name.
using System.Globalization;

namespace AgentArena.Models.Tokens.Templates;

/// <summary>Jinja's tests.</summary>
internal static class TemplateTests
{
    private delegate bool Test(TemplateRun run, object? value, object? other);

    private static readonly Dictionary<string, Test> All = new(StringComparer.Ordinal)
    {
        ["boolean"] = (_, v, _) => v is bool,
        ["callable"] = (_, v, _) => v is Callable,
        ["defined"] = (_, v, _) => v is not Undefined,
        ["divisibleby"] = (run, v, by) => TemplateValues.Calculate(run, "%", v, by) is 0L,
        ["even"] = (run, v, _) => TemplateValues.Calculate(run, "%", v, 2L) is 0L,
        ["false"] = (_, v, _) => v is false,
        ["float"] = (_, v, _) => v is double,
        ["in"] = (run, v, container) => TemplateValues.Holds(run, container, v),
        ["integer"] = (_, v, _) => v is long,
        ["iterable"] = (_, v, _) => v is string or List<object?> or TemplateMap or Undefined,
        ["lower"] = (_, v, _) => v is string s && s.Any(char.IsLower) && !s.Any(char.IsUpper),
        ["mapping"] = (_, v, _) => v is TemplateMap,
        ["none"] = (_, v, _) => v is null,
        ["number"] = (_, v, _) => v is long or double or bool,
        ["odd"] = (run, v, _) => TemplateValues.Calculate(run, "%", v, 2L) is 1L,
        ["sameas"] = (run, v, o) =>
            TemplateValues.TypeName(v) == TemplateValues.TypeName(o) && TemplateValues.Same(run, v, o),
        ["sequence"] = (_, v, _) => v is string or List<object?> or TemplateMap or Undefined,
        ["string"] = (_, v, _) => v is string,
        ["true"] = (_, v, _) => v is true,
        ["undefined"] = (_, v, _) => v is Undefined,
        ["upper"] = (_, v, _) => v is string s && s.Any(char.IsUpper) && !s.Any(char.IsLower),
        ["eq"] = TemplateValuesSame,
        ["equalto"] = TemplateValuesSame,
        ["=="] = TemplateValuesSame,
        ["ne"] = (run, v, o) => !TemplateValues.Same(run, v, o),
        ["!="] = (run, v, o) => !TemplateValues.Same(run, v, o),
        ["lt"] = (run, v, o) => TemplateValues.Order(run, v, o) < 0,
        ["<"] = (run, v, o) => TemplateValues.Order(run, v, o) < 0,
        ["le"] = (run, v, o) => TemplateValues.Order(run, v, o) <= 0,
        ["<="] = (run, v, o) => TemplateValues.Order(run, v, o) <= 0,
        ["gt"] = (run, v, o) => TemplateValues.Order(run, v, o) > 0,
        [">"] = (run, v, o) => TemplateValues.Order(run, v, o) > 0,
        ["ge"] = (run, v, o) => TemplateValues.Order(run, v, o) >= 0,
        [">="] = (run, v, o) => TemplateValues.Order(run, v, o) >= 0,
    };

    /// <summary>All of them.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Whether there is one of this name.</summary>
    public static bool Known(string name) => All.ContainsKey(name);

    /// <summary>Whether it holds.</summary>
    public static bool Holds(TemplateRun run, string name, object? value, Arguments given) =>
        All.TryGetValue(name, out var test)
            ? test(run, value, given.Get(0, "other"))
            : throw run.Fault(Core.Configuration.DidYouMean.Unknown("test", name, Names));

    private static bool TemplateValuesSame(TemplateRun run, object? value, object? other) =>
        TemplateValues.Same(run, value, other);
}
