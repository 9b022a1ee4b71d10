// metrics.jsonl: one JSON object a line, never ahead of the weights. Knows no meaning of any figure.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Runs;

namespace AgentArena.Actors;

/// <summary>
/// A fold of the journal: one line an update and one an evaluation, in the order they were written there. The file is
/// made anew from the journal when a run goes on, so that a kill costs no line. Logging never ends a run: a full disk
/// stops the lines, not the learning.
/// </summary>
public sealed class MetricsFile(string path, TimeProvider time) : IDisposable
{
    private readonly long _began = time.GetTimestamp();
    private readonly Lock _lock = new(); // several learners and the arena write, each on a thread of its own
    private StreamWriter? _writer;
    private double _before;

    /// <summary>Seconds of play since the run began, pauses between stop and resume left out.</summary>
    public double Seconds => Math.Round(_before + time.GetElapsedTime(_began).TotalSeconds, 3);

    /// <summary>Writes the lines of everything the journal holds and stays open for more.</summary>
    public void Begin(IEnumerable<RunEvent> journal)
    {
        AtomicFile.Write(path, to =>
        {
            foreach (var e in journal)
            {
                if (LineOf(e) is { } line)
                    to.WriteLine(line);
                _before = Math.Max(
                    _before,
                    e switch
                    {
                        WeightsUpdated u => u.Seconds,
                        FiguresTaken f => f.Seconds,
                        _ => 0,
                    }
                );
            }
        });
        _writer = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read))
        {
            AutoFlush = true,
        };
    }

    /// <summary>Adds the line of an event that the journal has acknowledged.</summary>
    public void Add(RunEvent e)
    {
        if (LineOf(e) is not { } line)
            return;
        using var held = _lock.EnterScope();
        try
        {
            _writer?.WriteLine(line);
        }
        catch (IOException)
        {
            _writer = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    private static string? LineOf(RunEvent e) =>
        e switch
        {
            WeightsUpdated u => LineOf(u.Policy, u.Version, u.To, u.Seconds, u.Stats),
            FiguresTaken f => LineOf(f.Policy, f.Version, f.Games, f.Seconds, f.Figures),
            _ => null,
        };

    private static string LineOf(
        string policy,
        int version,
        long games,
        double seconds,
        ImmutableSortedDictionary<string, double> figures
    )
    {
        var line = new JsonObject
        {
            ["policy"] = policy,
            ["update"] = version,
            ["games"] = games,
            ["seconds"] = seconds,
        };
        foreach (var (name, value) in figures)
            if (double.IsFinite(value))
                line[name] = value;
        return line.ToJsonString();
    }
}
