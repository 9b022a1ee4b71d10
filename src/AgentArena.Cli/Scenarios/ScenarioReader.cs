// From a scenario file to a scenario whose every plug-in is built, or to all of its mistakes at once. Starts nothing.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using AgentArena.Hocon;
using AgentArena.Learning;

namespace AgentArena.Cli.Scenarios;

/// <summary>Reads, checks and writes scenarios.</summary>
internal static class ScenarioReader
{
    /// <summary>
    /// A scenario as the command line names it: a file, or else one of those that came along with the program
    /// (<c>scenarios/zero-sum/kuhn-poker.conf</c>, or <c>kuhn-poker</c>).
    /// </summary>
    public static string Find(string name) =>
        File.Exists(name) || Path.IsPathRooted(name)
            ? name
            : Machine.Shipped(name) ?? Machine.ShippedScenario(Path.GetFileNameWithoutExtension(name)) ?? name;

    /// <summary>The bound scenario of a file with the command line's values laid over it.</summary>
    /// <exception cref="ScenarioException">
    /// With every mistake, each as <c>file: line, column: path: what is wrong. What would be right. What to do.</c>
    /// </exception>
    public static BoundScenario Read(string file, Overrides overrides, Mistakes? before = null)
    {
        var found = before ?? new Mistakes();
        var document = HoconInput.Read(found, file);
        if (document.Root is not { } tree)
            throw new ScenarioException(found.All);

        var mistakes = new Mistakes();
        foreach (var (key, _) in tree)
            if (key != "scenario")
                mistakes.Add(key, DidYouMean.Unknown("key", key, ["scenario"]));
        BoundScenario? bound = null;
        if (tree["scenario"] is { } block)
        {
            overrides.Apply(block as JsonObject ?? []);
            bound = Bind(block, Path.GetDirectoryName(Path.GetFullPath(file))!, mistakes);
        }
        else
            mistakes.Add(
                "scenario",
                "is missing. Put the experiment into a block: scenario { game = …, policies { … } … }."
            );

        foreach (var (path, text) in mistakes.All)
        {
            var from = overrides.Origin(path, document.Holds(path)) ?? document.PlaceOf(path)?.ToString() ?? file;
            found.Add($"{from}: {path}", text);
        }
        found.ThrowIfAny();
        return bound!;
    }

    /// <summary>The text of a run's <c>scenario.conf</c>: reads back to an equal scenario from any folder.</summary>
    public static string Write(Scenario scenario, string origin) =>
        $"# The resolved scenario of this run: {origin.ReplaceLineEndings(" ")} with every include and option of the "
        + $"command line.\n{HoconWriter.Write(new JsonObject { ["scenario"] = scenario.Source.DeepClone() })}";

    /// <summary>The text of <c>scenario.conf</c> for a tree made of another scenario's.</summary>
    public static string Write(JsonObject tree, string origin) =>
        $"# A game with a person at a seat, out of {origin.ReplaceLineEndings(" ")}.\n"
        + HoconWriter.Write(new JsonObject { ["scenario"] = tree });

    private static BoundScenario? Bind(JsonNode block, string folder, Mistakes mistakes)
    {
        if (block is not JsonObject source)
        {
            mistakes.Add("scenario", "is no block. Write scenario { game = …, policies { … } … }.");
            return null;
        }
        if (source["folder"] is not JsonValue given)
            source["folder"] = folder;
        else
            folder = given.ToString();
        if (source["policies"] is JsonObject policies)
            foreach (var (_, policy) in policies)
                if (policy is JsonObject spec && spec["checkpoint"] is JsonValue checkpoint)
                    spec["checkpoint"] = Path.GetFullPath(checkpoint.ToString(), folder);
        var scenario = Scenario.Bind(source, "scenario", mistakes);
        var bound = new HashSet<string>(mistakes.All.Select(m => Block(m.Path)));
        var further = new Mistakes();
        var catalog = Catalogs.Of(folder, scenario.Plugins, "scenario.plugins", further);
        var ground = BoundScenario.Bind(scenario, catalog, further);
        PolicyModels.Validate(scenario, catalog, further);
        Gauges(scenario, further);
        Starts(scenario, further);
        // What could not be bound kept its default; complaints about defaults that nobody wrote would hide the cause.
        foreach (var mistake in further.All)
            if (!Needs(Block(mistake.Path)).Any(bound.Contains) && !mistakes.All.Contains(mistake))
                mistakes.Add(mistake.Path, mistake.Text);
        return ground;
    }

    private static string Block(string path) => path.Split('.') is [_, var block, ..] ? block.Split('[')[0] : "";

    private static string[] Needs(string block) =>
        block switch
        {
            "seats" => ["seats", "policies", "game", "games"],
            "policies" => ["policies", "models", "learn"],
            "roles" => ["roles", "game", "games"],
            "run" => ["run", "policies"],
            "game" or "games" => ["game", "games"],
            _ => [block],
        };

    private static void Gauges(Scenario scenario, Mistakes mistakes)
    {
        try
        {
            _ = new Health(scenario.Health);
        }
        catch (ArgumentException e)
        {
            mistakes.Add("scenario.health", e.Message);
        }
    }

    private static void Starts(Scenario scenario, Mistakes mistakes)
    {
        foreach (var (name, policy) in scenario.Policies)
            if (policy.Checkpoint is { } folder)
                try
                {
                    CheckpointFolder.Verify(folder);
                }
                catch (Exception e) when (e is InvalidDataException or IOException)
                {
                    mistakes.Add($"scenario.policies.{name}.checkpoint", e.Message);
                }
    }
}
