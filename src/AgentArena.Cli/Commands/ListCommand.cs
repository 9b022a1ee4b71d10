// arena list KIND: what can be named in a scenario, with formulas, sources and options. Reads the catalogs alone.
using System.CommandLine;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Scenarios;
using AgentArena.Models;

namespace AgentArena.Cli.Commands;

internal static class ListCommand
{
    private sealed record Row(string Name, string Summary, string Source, Type Options);

    private static readonly (string Kind, Func<Catalog, IEnumerable<Row>> Rows)[] Kinds =
    [
        ("games", catalog => Rows(catalog.Games)),
        ("roles", catalog => Rows(catalog.Roles)),
        ("players", catalog => Rows(catalog.Players)),
        ("rewards", catalog => Rows(catalog.Rewards)),
        ("advantages", catalog => Rows(catalog.Advantages)),
        ("tools", catalog => Rows(catalog.Tools)),
        ("matchmakers", catalog => Rows(catalog.Matchmakers)),
        ("samplers", catalog => Rows(catalog.Matchmakers)), // what other systems call samplers, curricula and leagues
        ("models", catalog =>
            Rows(catalog.Models)
                .Append(
                    new Row(
                        PolicyModels.Scripted,
                        "no weights: every legal move alike, for rehearsals and for timing all but the network",
                        "",
                        typeof(NoOptions)
                    )
                )
        ),
        ("losses", catalog => Rows(catalog.Losses)),
        ("optimizers", catalog => Rows(catalog.Optimizers)),
        ("scenario", catalog =>
            [
                new Row("scenario", "one experiment", "", typeof(Scenario)),
                new Row("scenario.policies.NAME", "somebody who can sit at the table", "", typeof(PolicySpec)),
                new Row("scenario.rewards[]", "one term of the reward", "", typeof(RewardTerm)),
                new Row("scenario.learn", "how policies learn", "", typeof(LearnSpec)),
                new Row("scenario.learn.imitation", "moves of others as demonstrations", "", typeof(ImitationSpec)),
                new Row(
                    "scenario.evaluation.NAME",
                    "games that checkpoints are measured by",
                    "",
                    typeof(EvaluationSpec)
                ),
                new Row("scenario.health.NAME", "bounds on a figure of the updates", "", typeof(GaugeSpec)),
                new Row("scenario.run", "how long and how much at once", "", typeof(RunSpec)),
            ]
        ),
    ];

    public static Command Make(Door door)
    {
        var names = string.Join(", ", Kinds.Select(k => k.Kind));
        var kind = new Argument<string>("KIND") { Description = $"One of {names}." };
        var plugins = Given.Plugins();
        var command = new Command("list", "List what a scenario may name, with formula, source and options.")
        {
            kind,
            plugins,
        };
        command.SetAction(parsed =>
        {
            var asked = parsed.GetValue(kind)!;
            var index = Array.FindIndex(Kinds, k => k.Kind == asked || k.Kind == asked + "s");
            if (index < 0)
                throw new Actors.UserException(DidYouMean.Unknown("kind", asked, Kinds.Select(k => k.Kind)));
            foreach (var row in Kinds[index].Rows(Given.Catalog(parsed.GetValue(plugins)!)))
                Show(door.Out, row);
            return Exit.Done;
        });
        return command;
    }

    private static IEnumerable<Row> Rows<T>(Registry<T> registry)
        where T : class => registry.Select(r => new Row(r.Name, r.Summary, r.Source, r.OptionsType));

    private static void Show(TextWriter to, Row row)
    {
        to.WriteLine(row.Name);
        to.WriteLine($"  {row.Summary}");
        if (row.Source.Length > 0)
            to.WriteLine($"  source: {row.Source}");
        foreach (var (key, type, standard) in OptionsBinder.Describe(row.Options))
            to.WriteLine($"    {$"{key} = {standard}", -32} {type}");
        to.WriteLine();
    }
}
