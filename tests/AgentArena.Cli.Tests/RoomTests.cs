using System.Reflection;

namespace AgentArena.Cli.Tests;

/// <summary>The walls of the house: who may know whom.</summary>
public sealed class RoomTests
{
    private static readonly Assembly Core = typeof(Core.Scenario).Assembly,
        Models = typeof(Models.ModelPlugins).Assembly,
        Actors = typeof(Actors.ArenaSystem).Assembly;

    [Fact]
    public void Core_knows_the_base_library_only() =>
        Known(Core)
            .ShouldAllBe(name =>
                name.StartsWith("System.", StringComparison.Ordinal) || name == "System" || name == "netstandard"
            );

    [Fact]
    public void The_reader_of_HOCON_knows_the_base_library_only() =>
        Beyond(typeof(AgentArena.Hocon.HoconReader).Assembly).ShouldBeEmpty();

    [Fact]
    public void Models_and_actors_never_see_each_other()
    {
        Beyond(Models).ShouldBe(["AgentArena.Core", "Microsoft.ML.Tokenizers", "TorchSharp"], ignoreOrder: true);
        var actors = Beyond(Actors);
        actors.ShouldContain("AgentArena.Core");
        actors.ShouldContain("Akka");
        string[] hosts =
        [
            "Akka",
            "Microsoft.Data.Sqlite",
            "SQLitePCLRaw",
            "Npgsql",
            "Polly.Core",
            "Parquet",
            "LanguageExt.Core",
            "Microsoft.Extensions.",
            "OpenTelemetry",
            "Serilog",
        ];
        actors.ShouldAllBe(name =>
            name == "AgentArena.Core" || hosts.Any(h => name.StartsWith(h, StringComparison.Ordinal))
        );
    }

    [Fact]
    public void The_door_knows_all_three()
    {
        var known = Beyond(typeof(Program).Assembly);
        foreach (var room in new[] { "AgentArena.Core", "AgentArena.Models", "AgentArena.Actors" })
            known.ShouldContain(room);
        known.ShouldNotContain("TorchSharp");
    }

    private static string[] Known(Assembly room) => [.. room.GetReferencedAssemblies().Select(a => a.Name!)];

    private static string[] Beyond(Assembly room) =>
        [
            .. Known(room)
                .Where(n =>
                    !n.StartsWith("System.", StringComparison.Ordinal)
                    && n is not ("System" or "netstandard" or "Microsoft.Win32.Primitives")
                ),
        ];
}
