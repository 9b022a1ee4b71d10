// What the catalogue promises of each entry: a golden, laws, a scenario, and files in their house's bounds.
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Tests.Games;

namespace AgentArena.Core.Tests;

public class CatalogueLaws
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    [Fact]
    public void Every_game_has_a_golden_and_is_under_law()
    {
        foreach (var name in Standard.Catalog.Games.Names)
        {
            File.Exists(Path.Combine(Root, "tests", "AgentArena.Core.Tests", "playthroughs", name + ".txt"))
                .ShouldBeTrue(name);
            Tables.Entries.ShouldContain(name);
        }
    }

    [Fact]
    public void Every_game_has_a_scenario()
    {
        // Comments name other games too: only what is set counts.
        var lines = Directory
            .GetFiles(Path.Combine(Root, "scenarios"), "*.conf", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split('#')[0])
            .ToArray();
        foreach (var name in Standard.Catalog.Games.Names)
            lines.ShouldContain(
                line => Regex.IsMatch(line, $@"\b(game|rules)\s*(=\s*|\{{\s*name\s*=\s*){name}(?![\w-])"),
                $"no scenario plays {name}"
            );
    }

    [Fact]
    public void Every_scenario_opens_with_what_to_expect_and_what_goes_wrong()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Root, "scenarios"), "*.conf", SearchOption.AllDirectories))
        {
            var head = string.Join(' ', File.ReadLines(file).TakeWhile(line => line.StartsWith('#')));
            head.ShouldContain("What to expect", Case.Sensitive, file);
            head.ShouldMatch("goes wrong|does not converge", file);
        }
    }

    // A plug-in that is written and tested but not registered does not exist for anybody.
    [Fact]
    public void Every_plug_in_of_this_room_is_registered()
    {
        Complete(Standard.Catalog.Games);
        Complete(Standard.Catalog.Players);
        Complete(Standard.Catalog.Roles);
        Complete(Standard.Catalog.Rewards);
        Complete(Standard.Catalog.Advantages);
        Complete(Standard.Catalog.Matchmakers);
    }

    private static void Complete<T>(Registry<T> registry)
        where T : class
    {
        var options = registry.Select(r => r.OptionsType).Where(t => t != typeof(NoOptions)).ToHashSet();
        var plain = registry
            .Where(r => r.OptionsType == typeof(NoOptions))
            .Select(r => r.Create(new NoOptions(), Standard.Catalog).GetType())
            .ToHashSet();
        foreach (
            var type in typeof(Catalog).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(T)) && !t.IsAbstract)
        )
            (
                plain.Contains(type)
                || type.GetConstructors()
                    .SelectMany(c => c.GetParameters())
                    .Any(p => options.Any(o => o.IsAssignableTo(p.ParameterType) && p.ParameterType != typeof(object)))
            ).ShouldBeTrue($"{type.Name} is in no line of the catalog");
    }

    [Fact]
    public void Entries_say_what_they_are()
    {
        foreach (var entry in Standard.Catalog.Games)
            (entry.Summary.Length is > 5 and < 100).ShouldBeTrue(entry.Name);
        foreach (
            var name in Standard
                .Catalog.Games.Names.Concat(Standard.Catalog.Roles.Names)
                .Concat(Standard.Catalog.Players.Names)
                .Concat(Standard.Catalog.Rewards.Names)
                .Concat(Standard.Catalog.Advantages.Names)
        )
            name.ShouldMatch("^[a-z]+(-[a-z]+)*$");
    }

    [Fact]
    public void Files_open_with_what_they_know_and_stay_short()
    {
        foreach (
            var file in Directory
                .GetFiles(Path.Combine(Root, "src", "AgentArena.Core"), "*.cs", SearchOption.AllDirectories)
                .Where(f => !f.Contains("/obj/") && !f.Contains("/bin/"))
        )
        {
            var lines = File.ReadAllLines(file);
            lines.Length.ShouldBeLessThanOrEqualTo(400, file);
            lines[0].ShouldStartWith("// ", Case.Sensitive, $"{file} has no head comment");
        }
    }

    [Fact]
    public void Core_knows_the_base_library_only() =>
        typeof(Catalog)
            .Assembly.GetReferencedAssemblies()
            .Select(a => a.Name!)
            .ShouldAllBe(name =>
                name.StartsWith("System", StringComparison.Ordinal)
                || name == "netstandard"
                || name == "Microsoft.Win32.Primitives"
            );

    private static string Here([CallerFilePath] string path = "") => path;
}
