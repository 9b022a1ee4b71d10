// Arguments and options that several commands share, with errors in our own words.
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using AgentArena.Core.Configuration;
using AgentArena.Core.Scenarios;

namespace AgentArena.Cli.Commands;

/// <summary>What a command line may hold.</summary>
internal static class Given
{
    public static Argument<string> Scenario() =>
        new("SCENARIO") { Description = "A scenario file, e.g. scenarios/zero-sum/kuhn-poker.conf." };

    public static Argument<string> Run() => new("RUN") { Description = "A run's folder." };

    public static Option<bool> Json(string what) => new("--json") { Description = what };

    public static Option<string[]> Set() =>
        new("--set")
        {
            Description = "Lay a value over the scenario, e.g. --set learn.updates=500. May be repeated.",
            HelpName = "path=value",
            DefaultValueFactory = _ => [],
        };

    public static Option<string[]> Plugins() =>
        new("--plugin")
        {
            Description = "An assembly with plug-ins of your own. May be repeated.",
            HelpName = "FILE",
            DefaultValueFactory = _ => [],
        };

    /// <summary>This house's plug-ins and those of the assemblies named on the command line.</summary>
    /// <exception cref="ScenarioException">An assembly cannot be used.</exception>
    public static Catalog Catalog(string[] plugins)
    {
        var mistakes = new Mistakes();
        var catalog = Catalogs.Of(Directory.GetCurrentDirectory(), plugins, "--plugin", mistakes);
        mistakes.ThrowIfAny();
        return catalog;
    }

    public static Option<string?> Config() =>
        new("--config")
        {
            Description = "A file laid over hocon/arena.conf: how this machine runs (journal, threads).",
            HelpName = "FILE",
        };

    public static Option<T?> Number<T>(string name, string description, T least)
        where T : struct, INumber<T> =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result => ParseNumber(result, name, least),
        };

    public static Option<TimeSpan?> Time() =>
        new("--time")
        {
            Description = "Stop in good order after this long, e.g. 90s, 10m.",
            HelpName = "DURATION",
            CustomParser = result =>
            {
                var mistakes = new Mistakes();
                var bound = OptionsBinder.Bind<Span>(
                    new JsonObject { ["time"] = result.Tokens[0].Value },
                    "",
                    mistakes
                );
                if (mistakes.Count == 0)
                    return bound!.Time;
                result.AddError($"--{mistakes.All[0]}");
                return null;
            },
        };

    private static T? ParseNumber<T>(ArgumentResult result, string name, T least)
        where T : struct, INumber<T>
    {
        var text = result.Tokens[0].Value;
        if (
            T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least
        )
            return number;
        result.AddError($"{name}: is '{text}'; it should be a whole number of {least} or more.");
        return null;
    }

    private sealed record Span
    {
        public TimeSpan Time { get; init; }
    }
}
