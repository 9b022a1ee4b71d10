// What a database must do for the journal and the snapshot store. One writer, any number of readers, each for one thread.
namespace Akka.Persistence.Sql.Storage;

/// <summary>A place where streams of events are kept.</summary>
internal interface IEventStore
{
    /// <summary>How messages call it: a file or a database, never a password.</summary>
    string Name { get; }

    /// <summary>Opens the one connection that writes. Makes missing tables where <c>auto-initialize</c> is on.</summary>
    /// <exception cref="StorageException">It cannot be opened; the message says why and what to do.</exception>
    IEventWriter OpenWriter();

    /// <summary>Opens a connection that reads.</summary>
    IEventReader OpenReader();

    /// <summary>Opens a connection for snapshots.</summary>
    ISnapshotTable OpenSnapshots();
}

/// <summary>The connection that writes, for one thread.</summary>
internal interface IEventWriter : IDisposable
{
    /// <summary>Stores all units in one transaction, in order.</summary>
    /// <exception cref="StorageException">Nothing of them is stored.</exception>
    void Write(ReadOnlySpan<WriteUnit> units);

    /// <summary>Deletes a stream's events up to and with a number; its highest number stays known.</summary>
    void Delete(string persistenceId, long toSequenceNr);
}

/// <summary>A connection that reads, for one thread.</summary>
internal interface IEventReader : IDisposable
{
    /// <summary>The highest number of a stream, deleted ones too; 0 for none.</summary>
    long Highest(string persistenceId);

    /// <summary>Hands over a stream's events in order, bounds included, at most <paramref name="max"/> of them.</summary>
    void Replay(string persistenceId, long from, long to, long max, Action<EventRow> each);
}

/// <summary>The snapshot table, for one thread.</summary>
internal interface ISnapshotTable : IDisposable
{
    /// <summary>The latest snapshot that fits, or null.</summary>
    SnapshotRow? Latest(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Saves a snapshot, in place of one of the same number.</summary>
    void Save(SnapshotRow row);

    /// <summary>Deletes the snapshots that fit.</summary>
    void Delete(string persistenceId, SnapshotSelectionCriteria criteria);
}

/// <summary>A fault of storage: where, what is wrong, what to do.</summary>
/// <param name="message">The whole message.</param>
/// <param name="ofRow">True when one unit's rows are at fault, and the others may be stored without it.</param>
/// <param name="inner">What the database said.</param>
internal sealed class StorageException(string message, bool ofRow = false, Exception? inner = null) : Exception(message, inner)
{
    public bool OfRow { get; } = ofRow;

    public static StorageException Duplicate(string store, string persistenceId, long sequenceNr, Exception? inner = null) =>
        new($"{store}: event {sequenceNr} of '{persistenceId}' is there already. Each number is written once. Two actors of this id may be running: stop one, and restart the other so that it recovers.", true, inner);

    public static StorageException Gap(string store, string persistenceId, long sequenceNr, long highest) =>
        new($"{store}: event {sequenceNr} of '{persistenceId}' would leave a gap after {highest}. The next number is {highest + 1}. Restart the actor, so that it recovers.", true);
}
