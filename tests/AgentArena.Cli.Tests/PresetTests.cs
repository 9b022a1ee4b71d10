using AgentArena.Cli.Scenarios;
using AgentArena.Core.Configuration;
using AgentArena.Core.Scenarios;

namespace AgentArena.Cli.Tests;

/// <summary>
/// Publications and their releases: every preset fits its scenario, and the two of one scenario say different things.
/// </summary>
public class PresetTests
{
    private static string Folder => Path.Combine(Path.GetDirectoryName(Machine.Standard()!)!, "presets");

    private static string[] Names =>
        [.. Directory.GetFiles(Folder, "*-paper.conf").Select(f => Path.GetFileName(f)[..^"-paper.conf".Length])];

    public static TheoryData<string> Scenarios => [.. Names];

    [Theory, MemberData(nameof(Scenarios))]
    public void Both_presets_bind_and_differ(string scenario)
    {
        Presets.Of(scenario).Keys.ShouldBe(["paper", "release"]);
        var file = Repository.Scenario($"{scenario}.conf");
        string Source(string preset)
        {
            var mistakes = new Mistakes();
            var laid = Presets.Read(file, preset, mistakes);
            return ScenarioReader
                .Read(file, new Overrides([], null, null, mistakes, laid), mistakes)
                .Scenario.Source.ToJsonString();
        }
        var (paper, release) = (Source("paper"), Source("release"));
        paper.ShouldNotBe(release);
    }

    [Fact]
    public void Every_file_of_the_folder_is_one_of_a_pair() =>
        Directory
            .GetFiles(Folder)
            .Select(Path.GetFileName)
            .Order()
            .ShouldBe(Names.SelectMany(s => new[] { $"{s}-paper.conf", $"{s}-release.conf" }).Order());

    [Fact]
    public void An_unknown_preset_is_told_with_what_there_is()
    {
        Arena
            .Invoke("run", "scenarios/safety/red-team.conf", "--preset", "releases")
            .Error.ShouldContain("unknown preset 'releases'. Known: paper, release. Did you mean release?");
        Arena
            .Invoke("run", "scenarios/zero-sum/kuhn-poker.conf", "--preset", "paper")
            .Error.ShouldContain("kuhn-poker has no presets");
    }

    [Fact]
    public void A_preset_is_laid_under_what_is_set()
    {
        var mistakes = new Mistakes();
        var tree = new System.Text.Json.Nodes.JsonObject
        {
            ["advantage"] = "rae",
            ["loss"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "ppo", ["kl"] = "1" },
        };
        new Overrides(
            ["loss.kl=3"],
            null,
            null,
            mistakes,
            (System.Text.Json.Nodes.JsonObject)
                System.Text.Json.Nodes.JsonNode.Parse(
                    """{ "advantage": { "name": "rae", "decay": "0.9" }, "loss": { "name": "spc", "kl": "2" } }"""
                )!
        ).Apply(tree);
        tree.ToJsonString().ShouldBe("""{"advantage":{"name":"rae","decay":"0.9"},"loss":{"name":"spc","kl":"3"}}""");
    }
}
