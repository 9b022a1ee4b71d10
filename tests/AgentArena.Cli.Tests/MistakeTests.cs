namespace AgentArena.Cli.Tests;

/// <summary>Every mistake of a user gets a clear message and exit code 2; the goldens hold the messages.</summary>
public sealed class MistakeTests
{
    public static TheoryData<string> BadScenarios =>
        new(
            Directory
                .EnumerateFiles(Repository.Path("tests/AgentArena.Cli.Tests/bad"), "*.conf")
                .Select(f => Path.GetFileNameWithoutExtension(f)!)
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(BadScenarios))]
    public void A_bad_scenario_is_refused_with_every_mistake(string name)
    {
        var file = Repository.Path($"tests/AgentArena.Cli.Tests/bad/{name}.conf");
        var outcome = Arena.Invoke("validate", file);
        outcome.Code.ShouldBe(2);
        outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.Contains(".conf: "));
        Golden.Holds($"bad-{name}", outcome);
    }

    [Fact]
    public void Run_refuses_what_validate_refuses_and_leaves_no_folder()
    {
        using var temp = new TempFolder();
        var bad = Repository.Path("tests/AgentArena.Cli.Tests/bad/several.conf");
        var run = Arena.Invoke("run", bad, "--out", temp.In("run"));
        run.Code.ShouldBe(2);
        run.Error.ShouldBe(Arena.Invoke("validate", bad).Error);
        Directory.Exists(temp.In("run")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("no-file", "validate", "no-such.conf")]
    [InlineData("command", "rnu")]
    [InlineData("option", "run", "x.conf", "--sed", "4")]
    [InlineData("number", "run", "x.conf", "--seed", "four", "--updates", "0")]
    [InlineData("duration", "run", "x.conf", "--time", "soon")]
    [InlineData("argument", "run")]
    [InlineData("kind", "list", "gmaes")]
    [InlineData("game", "playthrough", "kun-poker")]
    [InlineData("game-option", "playthrough", "{ name = kuhn-poker, hand = 2 }")]
    [InlineData("move", "playthrough", "kuhn-poker", "--moves", "deal:K,deal:K")]
    [InlineData("move-after-end", "playthrough", "kuhn-poker", "--moves", "deal:K,deal:Q,check,check,bet")]
    [InlineData("run-missing", "resume", "/no/such/run")]
    [InlineData("format", "export", "/no/such/run", "--format", "xml")]
    [InlineData("device", "doctor", "--device", "tpu")]
    public void A_mistake_on_the_command_line_is_named(string name, params string[] arguments)
    {
        var outcome = Arena.Invoke(arguments);
        outcome.Code.ShouldBe(2);
        outcome.Error.ShouldNotContain("   at ");
        Golden.Holds($"mistake-{name}", outcome);
    }

    [Fact]
    public void Values_of_the_command_line_are_blamed_on_it()
    {
        var outcome = Arena.Invoke(
            "validate",
            Repository.Path("scenarios/zero-sum/kuhn-poker.conf"),
            "--set",
            "lern.batch=3",
            "--set",
            "scenario.run.in-flight=x",
            "--set",
            "game.hand=2",
            "--set",
            "nothing"
        );
        outcome.Code.ShouldBe(2);
        Golden.Holds("mistake-set", outcome);
    }

    [Fact]
    public void Help_of_each_command_is_held()
    {
        string[] commands =
        [
            "run",
            "resume",
            "replay",
            "eval",
            "export",
            "validate",
            "list",
            "status",
            "playthrough",
            "doctor",
            "test",
        ];
        var root = Arena.Invoke("--help");
        root.Code.ShouldBe(0);
        foreach (var command in commands)
            root.Out.ShouldContain("\n  " + command);
        Golden.Holds("help", root.Out);
        foreach (var command in commands)
        {
            var help = Arena.Invoke(command, "--help");
            help.Code.ShouldBe(0);
            Golden.Holds($"help-{command}", help.Out);
        }
    }
}
