// arena status: how far is a run, does it live, and what does it wait for? Reads its folder alone.
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Cli.Play;
using AgentArena.Cli.Views;
using AgentArena.Core.Runs;

namespace AgentArena.Cli.Commands;

internal static class StatusCommand
{
    private const int CurveWidth = 60;

    public static Command Make(Door door)
    {
        var (run, config) = (Given.Run(), Given.Config());
        var command = new Command("status", "Show how far a run is and what it waits for.") { run, config };
        command.SetAction(parsed =>
        {
            Show(RunReading.Open(parsed.GetValue(run)!, parsed.GetValue(config)), door.Out);
            return Exit.Done;
        });
        return command;
    }

    private static void Show(RunReading reading, TextWriter to)
    {
        var (folder, scenario, invariant) = (reading.Folder, reading.Ground.Scenario, CultureInfo.InvariantCulture);
        to.WriteLine($"{scenario.Name}, seed {scenario.Seed}, in {folder.Path}");
        if (!File.Exists(folder.Journal) && !File.Exists(Path.Combine(folder.Path, "machine.conf")))
        {
            to.WriteLine("no game was played yet");
            return;
        }
        var (assigned, finished, ended) = (0L, 0L, (string?)null);
        var versions = new SortedDictionary<string, WeightsUpdated>(StringComparer.Ordinal);
        using (var journal = reading.Journal())
            foreach (var e in journal.ReadRun())
                switch (e)
                {
                    case GamesAssigned a:
                        (assigned, ended) = (assigned + a.Games.Length, null);
                        break;
                    case GamesFinished f:
                        finished += f.Entries.Length;
                        break;
                    case WeightsUpdated w:
                        versions[w.Policy] = w;
                        break;
                    case RunEnded r:
                        ended = r.Reason;
                        break;
                }
        var holder = folder.Holder();
        to.WriteLine(
            holder is not null ? $"running in process {holder}"
            : ended is not null ? $"ended: {ended}"
            : $"not running, not ended; go on with: ./arena resume {folder.Path}"
        );
        to.WriteLine(string.Create(invariant, $"games: {finished:#,0} finished, {assigned - finished:#,0} open"));
        foreach (var (policy, newest) in versions)
            to.WriteLine(
                string.Create(
                    invariant,
                    $"{policy}@{newest.Version} of {scenario.LearnOf(policy).Updates} updates, learned from {newest.To:#,0} games; newest checkpoint {Checkpoint(folder, policy)}"
                )
            );
        foreach (var (name, curve) in Curves(folder.Metrics))
            to.WriteLine(
                string.Create(invariant, $"  {name, -28} {curve[^1], 10:0.0000}  {Sparkline.Of(curve, CurveWidth)}")
            );
        if (holder is not null)
            foreach (var wait in Waits(folder.Status))
                to.WriteLine($"  waits: {wait}");
    }

    private static string Checkpoint(RunFolder folder, string policy) =>
        CheckpointFolder.Newest(folder.CheckpointsOf(policy)) is { } newest
            ? Path.GetRelativePath(folder.Path, newest)
            : "none";

    private static IEnumerable<(string Name, List<double> Curve)> Curves(string metrics)
    {
        var curves = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        foreach (var line in File.Exists(metrics) ? File.ReadLines(metrics) : [])
        {
            if (Parse(line) is not { } row)
                continue; // the line being written
            foreach (var (name, value) in row)
            {
                if (value is not JsonValue number || !number.TryGetValue(out double v))
                    continue;
                if (!curves.TryGetValue(name, out var curve))
                    curves.Add(name, curve = []);
                curve.Add(v);
            }
        }
        return RunHistory.Interesting(curves.Keys).Select(name => (name, curves[name]));
    }

    private static IEnumerable<string> Waits(string status)
    {
        JsonObject? root = null;
        try
        {
            root = File.Exists(status) ? Parse(File.ReadAllText(status)) : null;
        }
        catch (IOException)
        {
            // being replaced this very moment
        }
        foreach (var wait in (root?["waits"] as JsonArray)?.OfType<JsonObject>() ?? [])
            yield return $"{wait["owner"]} for {wait["for"]}{(wait["since"] is { } since ? $" since {since}" : "")}{(wait["deadline"] is { } until ? $", at most until {until}" : ", without a deadline")}";
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
