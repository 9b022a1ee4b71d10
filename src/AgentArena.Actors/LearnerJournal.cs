// What stands in a learner's stream, and what waits to be put there. A fold of events: hands out what is due, and
// writes nothing itself.
using System.Collections.Immutable;
using AgentArena.Core.Runs;

namespace AgentArena.Actors;

/// <summary>
/// Updates since the newest checkpoint are made again after a crash, and written down once. What was made of ledger
/// entries waits here until those are on disk, or else a crash could leave an update of games that never were: a
/// learner may run ahead of the journal, and the journal never contradicts the ledger.
/// </summary>
internal sealed class LearnerJournal
{
    private readonly Dictionary<int, ImmutableArray<GameMeasured>> _measurements = [];
    private readonly Queue<(RunEvent Event, long MadeOf)> _waiting = [];
    private long _ledger; // the position up to which the ledger is on disk
    private int _handedOver; // events that the journal has not acknowledged

    // the newest version of each kind that the stream holds, or will
    private int _updated;
    private int _figured = -1;
    private int _measured = -1;

    /// <summary>Whether all that was added is on disk.</summary>
    public bool IsIdle => _waiting.Count + _handedOver == 0;

    /// <summary>Takes an event that the stream holds already.</summary>
    public void Recall(RunEvent e)
    {
        if (IsNew(e) && e is GamesMeasured measured)
            _measurements[measured.Version] = measured.Games;
    }

    /// <summary>The measurements of versions before this one are not asked for again.</summary>
    public void Forget(int version)
    {
        foreach (var old in _measurements.Keys.Where(v => v < version).ToArray())
            _measurements.Remove(old);
    }

    /// <summary>What the stream holds of the games that a version's update is made of; handed out once.</summary>
    public bool TryTakeMeasurements(int version, out ImmutableArray<GameMeasured> games) =>
        _measurements.Remove(version, out games);

    /// <summary>Adds what was made; what is being made again stands in the stream already and is left out.</summary>
    /// <param name="e">What was made.</param>
    /// <param name="madeOf">The ledger's position after the last entry it was made of.</param>
    public void Add(RunEvent e, long madeOf)
    {
        if (IsNew(e))
            _waiting.Enqueue((e, madeOf));
    }

    /// <summary>The ledger is on disk up to a position.</summary>
    public void LedgerIsOnDisk(long end) => _ledger = end;

    /// <summary>What can be written now, in order, as one group; from here on it counts as handed over.</summary>
    public IReadOnlyCollection<RunEvent> TakeDue()
    {
        var due = new List<RunEvent>();
        while (_waiting.TryPeek(out var next) && next.MadeOf <= _ledger)
            due.Add(_waiting.Dequeue().Event);
        _handedOver += due.Count;
        return due;
    }

    /// <summary>The journal has acknowledged one event that was handed over.</summary>
    public void Written() => _handedOver--;

    private bool IsNew(RunEvent e) =>
        e switch
        {
            WeightsUpdated updated => IsNewer(ref _updated, updated.Version),
            FiguresTaken figures => IsNewer(ref _figured, figures.Version),
            GamesMeasured measured => IsNewer(ref _measured, measured.Version),
            _ => true,
        };

    private static bool IsNewer(ref int newest, int version)
    {
        if (version <= newest)
            return false;
        newest = version;
        return true;
    }
}
