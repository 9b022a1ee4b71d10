using System.Reflection;
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Cli.Scenarios;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Scenarios;

namespace AgentArena.Cli.Tests;

/// <summary>From files to scenarios and back.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Scenarios =>
        new(Repository.Scenarios.Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_scenario_is_sound(string file)
    {
        var outcome = Arena.Invoke("validate", Repository.Scenario(file));
        outcome.Error.ShouldBe("");
        outcome.Code.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void The_resolved_scenario_reads_back_equal(string file)
    {
        using var temp = new TempFolder();
        var first = ScenarioReader.Read(Repository.Scenario(file), Overrides.None).Scenario;
        File.WriteAllText(temp.In("scenario.conf"), ScenarioReader.Write(first, file));
        var second = ScenarioReader.Read(temp.In("scenario.conf"), Overrides.None).Scenario;
        JsonNode.DeepEquals(first.Source, second.Source).ShouldBeTrue();
        second.Name.ShouldBe(first.Name);
    }

    [Fact]
    public void The_command_line_lies_over_the_file()
    {
        var mistakes = new Mistakes();
        string[] set =
        [
            "learn.batch=7",
            "scenario.run.in-flight = 9",
            "game.hands=2",
            "policies.foe={ player = random }",
            "name=a:b",
        ];
        var overrides = new Overrides(set, seed: 42, updates: 11, mistakes);
        var scenario = ScenarioReader
            .Read(Repository.Path("scenarios/zero-sum/kuhn-poker.conf"), overrides, mistakes)
            .Scenario;
        (scenario.Learn.Batch, scenario.Run.InFlight, scenario.Seed).ShouldBe((7, 9, 42L));
        (scenario.Learn.Updates, scenario.Name).ShouldBe((11, "a:b"));
        scenario.Game!.Options["hands"]!.ToString().ShouldBe("2");
        scenario.Policies["foe"].Player.Name.ShouldBe("random");
    }

    [Fact]
    public void A_gauge_without_bounds_is_a_mistake_before_anything_starts()
    {
        var mistakes = new Mistakes();
        var overrides = new Overrides(["health.mine.metric=loss"], null, null, mistakes);
        Should
            .Throw<ScenarioException>(() =>
                ScenarioReader.Read(Repository.Scenario("kuhn-poker.conf"), overrides, mistakes)
            )
            .Message.ShouldContain("scenario.health: ");
    }

    [Theory]
    [InlineData("120 s", true)]
    [InlineData("2 minutes", true)]
    [InlineData("2m", true)]
    [InlineData("1 hour", true)]
    [InlineData("500ms", true)]
    [InlineData("1 day", true)]
    [InlineData("1d", true)]
    [InlineData("0s", false)]
    [InlineData("1h30m", false)]
    public void Durations_have_the_units_of_HOCON(string timeout, bool read) =>
        Arena
            .Invoke(
                "validate",
                Repository.Path("scenarios/zero-sum/against-endpoint.conf"),
                "--set",
                $"policies.endpoint.player.timeout={timeout}"
            )
            .Code.ShouldBe(read ? 0 : 2);

    [Fact]
    public void A_unit_means_the_same_in_the_machines_file()
    {
        using var temp = new TempFolder();
        File.WriteAllText(
            temp.In("my.conf"),
            """
            arena.limits {
              wait = 2 minutes, size = 64 KiB, off = ${?NO_SUCH}, text = "a # b", list = [1], list += "é\u0007"
            }
            akka.loglevel = null
            akka { loggers = [${akka.stdout-loglevel}] }
            """
        );
        var config = Machine.Read(temp.In("my.conf"));
        config.GetTimeSpan("arena.limits.wait").ShouldBe(Core.Configuration.Units.Duration("2 minutes")!.Value);
        config.GetByteSize("arena.limits.size").ShouldBe(65_536);
        config.GetString("arena.limits.text").ShouldBe("a # b");
        config.GetStringList("arena.limits.list").ShouldBe(["1", "é\u0007"]);
        config.GetStringList("akka.loggers").ShouldBe(["OFF"]);
        config.GetString("akka.loglevel", "none").ShouldBe("none");
        config.GetString("akka.persistence.journal.plugin").ShouldBe("akka.persistence.journal.sql");
    }

    [Fact]
    public void An_include_is_found_beside_its_file_and_one_file_overrides_another()
    {
        using var temp = new TempFolder();
        Directory.CreateDirectory(temp.In("parts"));
        File.WriteAllText(temp.In("parts/learn.conf"), "include \"more/batch.conf\"\nupdates = 5");
        Directory.CreateDirectory(temp.In("parts/more"));
        File.WriteAllText(temp.In("parts/more/batch.conf"), "batch = 3, updates = 1");
        File.WriteAllText(
            temp.In("x.conf"),
            """
            scenario {
              game = kuhn-poker, models { tiny = transformer }, policies { student { model = tiny, train = on } }
              seats { player = student }
              learn { include "parts/learn.conf" }
            }
            """
        );
        var scenario = ScenarioReader.Read(temp.In("x.conf"), Overrides.None).Scenario;
        (scenario.Learn.Batch, scenario.Learn.Updates).ShouldBe((3, 5));
    }

    [Fact]
    public void A_fault_within_an_include_names_the_included_file()
    {
        using var temp = new TempFolder();
        File.WriteAllText(temp.In("part.conf"), "a {\n  b = 1\n");
        File.WriteAllText(temp.In("x.conf"), "include \"part.conf\"\nscenario { game = kuhn-poker");
        var error = Should.Throw<ScenarioException>(() => ScenarioReader.Read(temp.In("x.conf"), Overrides.None));
        error
            .Mistakes.Select(m => m.Path)
            .ShouldBe([temp.In("part.conf") + ": line 1, column 3", temp.In("x.conf") + ": line 2, column 10"]);
    }

    [Fact]
    public void A_mistake_names_the_line_of_the_file_that_the_value_came_from()
    {
        using var temp = new TempFolder();
        File.WriteAllText(temp.In("part.conf"), "batch = 3\nupdates = many\n");
        File.WriteAllText(
            temp.In("x.conf"),
            """
            scenario {
              game = kuhn-poker, models { tiny = transformer }, policies { student { model = tiny, train = on } }
              seats { player = student }
              learn { include "part.conf" }
            }
            """
        );
        var error = Should.Throw<ScenarioException>(() => ScenarioReader.Read(temp.In("x.conf"), Overrides.None));
        error
            .Mistakes.ShouldHaveSingleItem()
            .Path.ShouldBe(temp.In("part.conf") + ": line 2, column 11: scenario.learn.updates");
    }

    [Theory]
    [InlineData("game={ name = kuhn-poker", "--set game: line 1, column 1: the '{' opened here is never closed.")]
    [InlineData("game=${no.such}", "--set game: line 1, column 1: unresolved substitution ${no.such}")]
    public void A_malformed_value_of_the_command_line_is_told(string set, string expected)
    {
        var mistakes = new Mistakes();
        _ = new Overrides([set], null, null, mistakes);
        mistakes.All.ShouldHaveSingleItem().ToString().ShouldStartWith(expected);
    }

    [Fact]
    public void The_machines_file_is_found_and_its_defaults_hold_without_it()
    {
        Path.GetFullPath(Machine.Standard()!).ShouldBe(Repository.Path("hocon/arena.conf"));
        using var file = typeof(ArenaSystem).Assembly.GetManifestResourceStream("AgentArena.Actors.arena.conf")!;
        new StreamReader(file).ReadToEnd().ShouldBe(File.ReadAllText(Repository.Path("hocon/arena.conf")));
    }

    [Fact]
    public void Each_kind_lists_every_name_of_its_catalog()
    {
        Lists("games", Standard.Catalog.Games.Names);
        Lists("roles", Standard.Catalog.Roles.Names);
        Lists("players", Standard.Catalog.Players.Names);
        Lists("rewards", Standard.Catalog.Rewards.Names);
        Lists("advantages", Standard.Catalog.Advantages.Names);
        Lists("matchmakers", Standard.Catalog.Matchmakers.Names);
        Lists("models", Standard.Catalog.Models.Names);
        Lists("losses", Standard.Catalog.Losses.Names);
        Lists("optimizers", Standard.Catalog.Optimizers.Names);
        Lists("scenario", ["scenario", "scenario.learn", "scenario.run"]);

        static void Lists(string kind, IEnumerable<string> names)
        {
            var listed = Arena.Invoke("list", kind);
            listed.Code.ShouldBe(0);
            var heads = listed.Out.Split('\n').Where(l => l.Length > 0 && l[0] != ' ').ToArray();
            foreach (var name in names)
                heads.ShouldContain(name);
        }
    }

    private static SortedDictionary<string, string> Leaves(JsonNode node, string path)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in node.AsObject())
            if (value is JsonObject)
                foreach (var (k, v) in Leaves(value, $"{path}{key}."))
                    all[k] = v;
            else
                all[path + key] = value?.ToString() ?? "null";
        return all;
    }
}
