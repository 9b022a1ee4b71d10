// What status.json says of a live run: how far it is, and what every actor waits for. Asks nobody.
namespace AgentArena.Actors;

/// <summary>Gathers what actors report and writes it, all at once, now and then.</summary>
/// <param name="path">The file.</param>
/// <param name="time">The clock.</param>
internal sealed class RunStatus(string path, TimeProvider time)
{
    private readonly List<Wait> _waits = [];

    /// <summary>An actor has said what it waits for.</summary>
    public void Add(Waits waits) => _waits.AddRange(waits.All);

    /// <summary>Writes what was reported since the last time.</summary>
    public void Write(long finished, int running, IEnumerable<StalenessGate.Learner> learners)
    {
        StatusFile.Write(
            path,
            new
            {
                Process = Environment.ProcessId,
                Written = time.GetUtcNow(),
                GamesFinished = finished,
                GamesRunning = running,
                Learners = learners.ToDictionary(
                    l => l.Policy,
                    l => new
                    {
                        l.Version,
                        l.Ready,
                        l.Stopped,
                    }
                ),
                Waits = _waits.OrderBy(w => w.Since).ToArray(),
            }
        );
        _waits.Clear();
    }
}
