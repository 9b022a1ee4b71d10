// The walls of the house: which room may know which, and that within a room no two namespaces know each other.
using System.Reflection;
using System.Text.RegularExpressions;

namespace AgentArena.Cli.Tests;

public sealed partial class RoomTests
{
    private static readonly Assembly Core = typeof(Core.Scenarios.Scenario).Assembly,
        Games = typeof(Games.GamePlugins).Assembly,
        Learning = typeof(Learning.LearningPlugins).Assembly,
        Models = typeof(Models.ModelPlugins).Assembly,
        Actors = typeof(Actors.ArenaSystem).Assembly,
        Hocon = typeof(Hocon.HoconReader).Assembly;

    [Fact]
    public void Core_and_the_reader_of_HOCON_know_the_base_library_only()
    {
        Beyond(Core).ShouldBeEmpty();
        Beyond(Hocon).ShouldBeEmpty();
    }

    [Fact]
    public void Games_know_the_core_and_learning_knows_both()
    {
        Beyond(Games).ShouldBe(["AgentArena.Core"]);
        Beyond(Learning).ShouldBe(["AgentArena.Core", "AgentArena.Games"], ignoreOrder: true);
    }

    [Fact]
    public void Models_and_actors_never_see_each_other()
    {
        Beyond(Models)
            .ShouldBeSubsetOf([
                "AgentArena.Core",
                "AgentArena.Games",
                "AgentArena.Learning",
                "Microsoft.ML.Tokenizers",
                "TorchSharp",
            ]);
        var actors = Beyond(Actors);
        actors.ShouldContain("AgentArena.Core");
        actors.ShouldContain("Akka");
        string[] hosts =
        [
            "Akka",
            "AgentArena.Core",
            "AgentArena.Games",
            "AgentArena.Learning",
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
        actors.ShouldAllBe(name => hosts.Any(h => name.StartsWith(h, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_door_knows_all_of_them()
    {
        var known = Beyond(typeof(Program).Assembly);
        foreach (var room in new[] { "AgentArena.Core", "AgentArena.Games", "AgentArena.Models", "AgentArena.Actors" })
            known.ShouldContain(room);
        known.ShouldNotContain("TorchSharp");
    }

    [Theory]
    [InlineData("AgentArena.Core")]
    [InlineData("AgentArena.Games")]
    [InlineData("AgentArena.Learning")]
    public void No_namespace_of_a_pure_room_knows_one_that_knows_it(string room)
    {
        // What a file says it uses; namespaces above its own it need not name.
        var knows = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(Repository.Path($"src/{room}"), "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            if (Namespace().Match(text) is not { Success: true } own)
                continue;
            if (!knows.TryGetValue(own.Groups[1].Value, out var used))
                knows.Add(own.Groups[1].Value, used = new(StringComparer.Ordinal));
            used.UnionWith(
                Using()
                    .Matches(text)
                    .Select(m => m.Groups[1].Value)
                    .Where(n => n.StartsWith(room + ".", StringComparison.Ordinal))
            );
        }
        knows.Count.ShouldBeGreaterThan(1);
        foreach (var start in knows.Keys)
        {
            var reached = new SortedSet<string>(StringComparer.Ordinal);
            var next = new Queue<string>(knows[start]);
            while (next.TryDequeue(out var name))
                if (name != start && reached.Add(name))
                    foreach (var further in knows.GetValueOrDefault(name) ?? [])
                        next.Enqueue(further);
            foreach (var name in reached)
                (knows.GetValueOrDefault(name) ?? []).ShouldNotContain(
                    start,
                    $"{start} knows {name}, which knows it again"
                );
        }
    }

    // What CONTRIBUTING promises of a game, a player, a reward and a loss: a file each and a line each, nothing else.
    [Fact]
    public void A_plug_in_from_outside_touches_its_own_file_and_one_registration()
    {
        var sample = Repository.Path("samples/Nim");
        var files = Directory.GetFiles(sample, "*.cs").Select(f => Path.GetFileName(f)!).ToList();
        var registration = File.ReadAllText(Path.Combine(sample, "NimPlugins.cs"));
        var made = Regex.Matches(registration, @"catalog\.(\w+)\.Add\(.*?new (\w+)\(", RegexOptions.Singleline);
        made.Select(m => m.Groups[1].Value).ShouldBe(["Games", "Players", "Rewards", "Losses"]);
        files
            .Order(StringComparer.Ordinal)
            .ShouldBe(
                made.Select(m => $"{m.Groups[2].Value}.cs").Append("NimPlugins.cs").Order(StringComparer.Ordinal)
            );
        foreach (var room in Directory.GetDirectories(Repository.Path("src")))
        foreach (var file in Directory.GetFiles(room, "*.cs", SearchOption.TopDirectoryOnly))
            File.ReadAllText(file).ShouldNotContain("NimGame", Case.Sensitive, file);
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    private static string[] Beyond(Assembly room) =>
        [
            .. room.GetReferencedAssemblies()
                .Select(a => a.Name!)
                .Where(n =>
                    !n.StartsWith("System.", StringComparison.Ordinal)
                    && n is not ("System" or "netstandard" or "Microsoft.Win32.Primitives")
                ),
        ];
}
