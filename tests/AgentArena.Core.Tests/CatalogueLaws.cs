// What the catalogue promises of each entry: a golden, laws, a scenario, and files in their house's bounds.
using System.Runtime.CompilerServices;
using AgentArena.Core.Tests.Games;

namespace AgentArena.Core.Tests;

public class CatalogueLaws
{
    /// <summary>Games whose scenario is still to be written. Nothing may be added here.</summary>
    private static readonly string[] Owed =
        ["connect-four", "leduc-poker", "liars-dice", "rock-paper-scissors", "simple-negotiation", "tic-tac-toe", "undercover-word"];

    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    [Fact]
    public void Every_game_has_a_golden_and_is_under_law()
    {
        foreach (var name in Catalog.Games.Names)
        {
            File.Exists(Path.Combine(Root, "tests", "AgentArena.Core.Tests", "playthroughs", name + ".txt")).ShouldBeTrue(name);
            Tables.Entries.ShouldContain(name);
        }
    }

    [Fact]
    public void Every_game_has_a_scenario()
    {
        var folder = Path.Combine(Root, "scenarios");
        if (!Directory.Exists(folder)) return;
        var scenarios = string.Concat(Directory.GetFiles(folder, "*.conf", SearchOption.AllDirectories).Select(File.ReadAllText));
        foreach (var name in Catalog.Games.Names.Except(Owed)) scenarios.Contains(name).ShouldBeTrue($"no scenario plays {name}");
    }

    [Fact]
    public void Entries_say_what_they_are()
    {
        foreach (var entry in Catalog.Games) (entry.Summary.Length is > 5 and < 100).ShouldBeTrue(entry.Name);
        foreach (var name in Catalog.Games.Names.Concat(Catalog.Roles.Names).Concat(Catalog.Bots.Names).Concat(Catalog.Rewards.Names).Concat(Catalog.Advantages.Names))
            name.ShouldMatch("^[a-z]+(-[a-z]+)*$");
    }

    [Fact]
    public void Files_open_with_what_they_know_and_stay_short()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Root, "src", "AgentArena.Core"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/") && !f.Contains("/bin/")))
        {
            var lines = File.ReadAllLines(file);
            lines.Length.ShouldBeLessThanOrEqualTo(400, file);
            lines[0].ShouldStartWith("// ", Case.Sensitive, $"{file} has no head comment");
        }
    }

    [Fact]
    public void Core_knows_the_base_library_only() =>
        typeof(Catalog).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ShouldAllBe(name => name.StartsWith("System", StringComparison.Ordinal) || name == "netstandard" || name == "Microsoft.Win32.Primitives");

    private static string Here([CallerFilePath] string path = "") => path;
}
