// Where a publication and its released code differ, both can be run: small files of differences, laid over a scenario.
// Knows folders, no meaning.
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Core.Configuration;

namespace AgentArena.Cli.Scenarios;

/// <summary>The files <c>hocon/presets/SCENARIO-PRESET.conf</c>.</summary>
internal static class Presets
{
    /// <summary>The <c>scenario</c> block of a preset.</summary>
    /// <param name="file">The scenario's file, by whose name the preset is found.</param>
    /// <param name="preset">Its name.</param>
    /// <param name="mistakes">Told of what is wrong in the preset's file.</param>
    /// <exception cref="UserException">The scenario has no such preset.</exception>
    public static JsonObject Read(string file, string preset, Mistakes mistakes)
    {
        var scenario = Path.GetFileNameWithoutExtension(file);
        var known = Of(scenario);
        if (!known.TryGetValue(preset, out var path))
        {
            var why =
                known.Count == 0
                    ? $"{scenario} has no presets. They are files hocon/presets/{scenario}-NAME.conf."
                    : DidYouMean.Unknown("preset", preset, known.Keys);
            throw new UserException($"--preset: {why}");
        }
        return HoconInput.Read(mistakes, path).Root?["scenario"]?.DeepClone() as JsonObject ?? [];
    }

    /// <summary>The presets of a scenario, by name.</summary>
    public static SortedDictionary<string, string> Of(string scenario)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Machine.Standard() is not { } standard)
            return found;
        var folder = Path.Combine(Path.GetDirectoryName(standard)!, "presets");
        foreach (var known in new[] { "paper", "release" })
            if (Path.Combine(folder, $"{scenario}-{known}.conf") is var path && File.Exists(path))
                found.Add(known, path);
        return found;
    }

    /// <summary>
    /// Lays one tree over another: blocks key by key, a plug-in of another name as a whole, all else in place of what
    /// was there.
    /// </summary>
    public static void Lay(JsonObject over, JsonObject tree)
    {
        foreach (var (key, value) in over)
            if (
                value is JsonObject block
                && tree[key] is JsonObject below
                && (block["name"] is not { } name || below["name"]?.ToString() == name.ToString())
            )
                Lay(block, below);
            else
                tree[key] = value?.DeepClone();
    }
}
