// Every evaluation block of a run at one checkpoint or at all that are kept: a curve to read progress from. Writes
// nothing into the run.
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Actors.Tools;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Cli.Play;

/// <summary>Plays and prints a run's evaluation blocks.</summary>
internal static class EvaluationSuite
{
    /// <summary>
    /// Plays every block at the newest checkpoint of <paramref name="policy"/>, or at <paramref name="all"/> that are
    /// kept.
    /// </summary>
    /// <returns>
    /// One object a checkpoint: <c>{ "update", "BLOCK": { measure: mean } }</c>; empty where the scenario has no
    /// blocks.
    /// </returns>
    public static JsonArray Play(RunReading run, string policy, bool all, TextWriter say)
    {
        var rows = new JsonArray();
        var trials = EvaluationBlock.Of(run);
        if (trials.Count == 0)
            return rows;
        var tools = Waiting.For(Toolbox.StartAsync(run.Ground, CancellationToken.None));
        try
        {
            var kept = CheckpointFolder.Kept(run.Folder.CheckpointsOf(policy));
            foreach (var folder in all ? kept : [run.Newest(policy)])
            {
                var version = Path.GetFileName(folder);
                // Policies that learn side by side are compared at the same number of updates, as nearly as checkpoints
                // were kept.
                var weights = run.Ground.Modelled.ToDictionary(
                    p => p,
                    p =>
                        p == policy
                            ? folder
                            : CheckpointFolder
                                .Kept(run.Folder.CheckpointsOf(p))
                                .LastOrDefault(f => string.CompareOrdinal(Path.GetFileName(f), version) <= 0)
                                ?? run.NewestOrFirst(p)
                );
                var row = new JsonObject { ["update"] = CheckpointFolder.VersionOf(folder) };
                // Who learns in larger batches, or has no checkpoint of that number, plays as old as it is.
                var others = string.Concat(
                    weights
                        .Where(w => w.Value is not null && Path.GetFileName(w.Value) != version)
                        .Select(w => $", {FrozenPolicy.Name(w.Key, CheckpointFolder.VersionOf(w.Value!))}")
                );
                foreach (var trial in trials)
                {
                    var means = trial.Play(weights, tools);
                    row[trial.Name] = new JsonObject(means.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value)));
                    say.WriteLine(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"  update {row["update"]}{others}  {trial.Name}: {string.Join("  ", means.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value:0.0000}")))}"
                        )
                    );
                }
                rows.Add(row);
            }
            return rows;
        }
        finally
        {
            Waiting.For(tools.DisposeAsync());
        }
    }
}
