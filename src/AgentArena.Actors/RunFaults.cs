// What a run says when it cannot go on: what is wrong, what would be right, what to do. Words alone.
using System.Text.Json.Nodes;
using AgentArena.Core.Scenarios;

namespace AgentArena.Actors;

/// <summary>The faults that end a run.</summary>
/// <param name="folder">The run's.</param>
internal sealed class RunFaults(RunFolder folder)
{
    private string Resume => $"Mend the cause, then: ./arena resume {folder.Path}";

    /// <summary>An event was not stored.</summary>
    public string Journal(string error) => $"journal: {error} Nothing that was acknowledged is lost. {Resume}";

    /// <summary>The journal ends before a checkpoint does.</summary>
    public string CutShort(long entries, LedgerWanted wanted) =>
        $"journal: holds {entries} finished games, but the newest checkpoint of {wanted.Policy} has learned from "
        + $"{wanted.From}. The journal was cut short. Restore it from a copy, or delete the checkpoints that are ahead "
        + $"of it: {folder.CheckpointsOf(wanted.Policy)}";

    /// <summary>
    /// A run cannot begin on what the journal holds: another run's events, or those of another scenario (the first
    /// place where they differ is named); null where it can.
    /// </summary>
    /// <param name="recorded">The scenario in the journal; null where that is empty.</param>
    /// <param name="resume">Whether the run is meant to stand there.</param>
    /// <param name="scenario">The scenario that is to be played.</param>
    public string? Beginning(JsonObject? recorded, bool resume, Scenario scenario) =>
        recorded is null ? null
        : !resume ? "journal: the database already holds another run. One database holds one run: name an empty one."
        : Difference(recorded, scenario.Source, "scenario") is { } difference
            ? $"{folder.ScenarioFile}: is not the scenario this run was started with: {difference} Restore the file, "
                + "or start a new run with it."
        : null;

    /// <summary>The device failed more often than it may.</summary>
    public string Model(Exception? fault) =>
        $"model: failed again and again, the last time with {fault?.GetType().Name}: {fault?.Message} {Resume}";

    /// <summary>Another actor did.</summary>
    public string Actor(string who) => $"{who}: failed again and again; the log above tells why. {Resume}";

    /// <summary>A game failed.</summary>
    public string Game(long number, string error) => $"game {number} failed and is replaced: {error} {See(number)}";

    /// <summary>Too many did, one after another.</summary>
    public string Games(int failures, long number, string error) =>
        $"{failures} games in a row failed, the last (game {number}) with: {error} {See(number)}";

    private string See(long number) => $"See it with: ./arena replay {folder.Path} {number}";

    private static string Print(JsonNode? value) => value?.ToJsonString() ?? "missing";

    private static string? Difference(JsonNode? was, JsonNode? now, string path)
    {
        if (JsonNode.DeepEquals(was, now))
            return null;
        if (was is JsonObject a && now is JsonObject b)
            return a.Select(p => p.Key)
                .Union(b.Select(p => p.Key))
                .Select(key => Difference(a[key], b[key], $"{path}.{key}"))
                .First(d => d is not null);
        return $"{path} is {Print(now)}; in the journal it is {Print(was)}.";
    }
}
