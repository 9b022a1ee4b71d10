// How an actor recovers: from which snapshot, up to which event; and the word that it has. Knows no storage.
namespace Akka.Persistence;

/// <summary>How an actor recovers.</summary>
/// <param name="fromSnapshot">Which snapshots may be offered; null for the latest.</param>
/// <param name="toSequenceNr">The last event to replay.</param>
/// <param name="replayMax">How many events to replay at most.</param>
public sealed class Recovery(SnapshotSelectionCriteria? fromSnapshot = null, long toSequenceNr = long.MaxValue, long replayMax = long.MaxValue)
{
    /// <summary>From the latest snapshot, all events after it.</summary>
    public static Recovery Default { get; } = new();

    /// <summary>No snapshot and no event; the sequence number still continues where the stream ends.</summary>
    public static Recovery None { get; } = new(SnapshotSelectionCriteria.None, 0);

    /// <summary>From the latest snapshot, all events after it.</summary>
    public Recovery() : this(null, long.MaxValue, long.MaxValue) { }

    /// <summary>Which snapshots may be offered.</summary>
    public SnapshotSelectionCriteria FromSnapshot { get; } = fromSnapshot ?? SnapshotSelectionCriteria.Latest;

    /// <summary>The last event to replay.</summary>
    public long ToSequenceNr { get; } = toSequenceNr;

    /// <summary>How many events to replay at most.</summary>
    public long ReplayMax { get; } = replayMax;
}

/// <summary>All was replayed; commands come next.</summary>
public sealed class RecoveryCompleted
{
    private RecoveryCompleted() { }

    /// <summary>The one instance.</summary>
    public static RecoveryCompleted Instance { get; } = new();
}

/// <summary>Recovery did not move on within <c>recovery-event-timeout</c>.</summary>
public sealed class RecoveryTimedOutException(string message) : Exception(message);
