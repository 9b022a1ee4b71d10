// metrics.jsonl: one JSON object a line, never ahead of the weights. Knows no meaning of any figure.
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentArena.Actors;

/// <summary>Appends a line an update. Logging never ends a run: a full disk stops the lines, not the learning.</summary>
public sealed class MetricsFile(string path, TimeProvider time) : IDisposable
{
    private readonly long _began = time.GetTimestamp();
    private readonly Lock _lock = new(); // several learners and the arena write, each on a thread of its own
    private StreamWriter? _writer;
    private double _before;

    /// <summary>Drops the lines of versions that a crash has undone, so that the curve goes on where the weights are.</summary>
    public void Rewind(string policy, int version)
    {
        using var held = _lock.EnterScope();
        _writer?.Dispose();
        _writer = null;
        if (File.Exists(path))
        {
            var kept = File.ReadLines(path).Where(line => Keeps(line, policy, version)).ToArray();
            _before = kept.Length == 0 ? 0 : Seconds(kept[^1]);
            WholeFile.Write(path, to => Array.ForEach(kept, to.WriteLine));
        }
        _writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read), bufferSize: 1 << 14);
    }

    /// <summary>Adds a line.</summary>
    public void Add(string policy, int version, long games, ImmutableSortedDictionary<string, double> figures)
    {
        var line = new JsonObject { ["policy"] = policy, ["update"] = version, ["games"] = games, ["seconds"] = Math.Round(_before + time.GetElapsedTime(_began).TotalSeconds, 3) };
        foreach (var (name, value) in figures)
            if (double.IsFinite(value)) line[name] = value;
        using var held = _lock.EnterScope();
        try
        {
            _writer?.WriteLine(line.ToJsonString());
            if (figures.ContainsKey("exploitability")) _writer?.Flush();
        }
        catch (IOException)
        {
            _writer = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    private static bool Keeps(string line, string policy, int version)
    {
        try
        {
            var node = JsonNode.Parse(line);
            return node?["policy"]?.GetValue<string>() != policy || node["update"]!.GetValue<int>() <= version;
        }
        catch (JsonException)
        {
            return false; // the line a kill cut short
        }
    }

    private static double Seconds(string line) => JsonNode.Parse(line)?["seconds"]?.GetValue<double>() ?? 0;
}
