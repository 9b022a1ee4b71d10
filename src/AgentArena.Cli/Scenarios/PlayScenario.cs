// From an experiment to one game with a person at one of its seats: the same rules, policies and words; nobody learns.
// Knows trees, no run.
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Players;
using AgentArena.Core.Scenarios;

namespace AgentArena.Cli.Scenarios;

/// <summary>What <c>./arena play</c> runs.</summary>
internal static class PlayScenario
{
    /// <summary>The policy that a person is.</summary>
    public const string Person = "person";

    /// <summary>The tree of a scenario for one game.</summary>
    /// <param name="ground">The experiment.</param>
    /// <param name="key">Which of its games; the first where null.</param>
    /// <param name="seat">Where the person sits.</param>
    /// <param name="games">How many games.</param>
    /// <param name="seed">Of everybody else's replies and of chance.</param>
    /// <param name="weights">The folder of a policy's weights; null where it has none but its first.</param>
    /// <exception cref="UserException">There is no such game or seat.</exception>
    public static JsonObject Of(
        BoundScenario ground,
        string? key,
        int seat,
        int games,
        long seed,
        Func<string, string?> weights
    )
    {
        var scenario = ground.Scenario;
        key ??= scenario.AllGames.Keys.First();
        if (!scenario.AllGames.TryGetValue(key, out var share))
            throw new UserException($"--game: {DidYouMean.Unknown("game", key, scenario.AllGames.Keys)}");
        var roles = ground.Games[key].Facts.Roles;
        if (seat >= roles.Length)
            throw new UserException(
                $"--seat: is {seat}; {key} has seats 0 to {roles.Length - 1} ({string.Join(", ", roles.Select((r, i) => $"{i} {r}"))})."
            );

        var tree = (JsonObject)scenario.Source.DeepClone();
        foreach (var unused in (string[])["game", "games", "matchmaker", "evaluation", "health", "learn", "rewards"])
            tree.Remove(unused);
        tree["seed"] = Text(seed);
        var rules = (JsonObject)share.Rules.Options.DeepClone();
        rules["name"] = share.Rules.Name;
        tree["games"] = new JsonObject { [key] = new JsonObject { ["rules"] = rules } };

        var seats = new JsonObject();
        for (var i = 0; i < roles.Length; i++)
            seats[Name(roles, i)] = i == seat ? Person : scenario.PolicyAt(roles[i], i);
        tree["seats"] = seats;
        if (tree["roles"] is JsonObject words)
            foreach (var role in words.Select(r => r.Key).Where(r => !roles.Contains(r)).ToArray())
                words.Remove(role);

        var seated = seats.Select(s => s.Value!.ToString()).Distinct().ToArray();
        var needed = seated.Concat(seated.Select(scenario.WeightsOf)).ToHashSet(StringComparer.Ordinal);
        var policies = (JsonObject)tree["policies"]!;
        foreach (var (policy, _) in scenario.Policies)
        {
            if (!needed.Contains(policy))
            {
                policies.Remove(policy);
                continue;
            }
            var spec = (JsonObject)policies[policy]!;
            spec.Remove("learn");
            spec.Remove("train");
            if (scenario.Policies[policy].Model is not null && weights(policy) is { } folder)
                spec["checkpoint"] = Path.GetFullPath(folder);
        }
        policies[Person] = new JsonObject { ["player"] = PersonPlayer.Name };

        var run = tree["run"] as JsonObject ?? [];
        run.Remove("checkpoint-every");
        // people think as long as they like
        (run["games"], run["in-flight"], run["turn-deadline"]) = (Text(games), "1", "30d");
        tree["run"] = run;
        return tree;
    }

    private static string Name(IReadOnlyList<string> roles, int seat) =>
        string.Create(CultureInfo.InvariantCulture, $"{roles[seat]}-{seat}");

    private static JsonValue Text(long number) => JsonValue.Create(number.ToString(CultureInfo.InvariantCulture));
}
