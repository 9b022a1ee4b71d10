// The rows of the tables, as the writer and the readers pass them. Knows no database and no actor.
namespace Akka.Persistence.Sql.Storage;

/// <summary>One row of <c>journal</c>. <c>Created</c> is UTC ticks; <c>Message</c> the serialised payload.</summary>
internal sealed record EventRow(string PersistenceId, long SequenceNr, long Created, byte[] Message, int? Identifier, string Manifest, string WriterUuid)
{
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>Numbers before this one may be missing: they were refused, and so never stored.</summary>
    public bool GapBefore { get; init; }
}

/// <summary>One row of <c>snapshot</c>.</summary>
internal sealed record SnapshotRow(string PersistenceId, long SequenceNr, long Created, byte[] Snapshot, string Manifest, int SerializerId);

/// <summary>Rows that are stored all or not at all: what one actor asked for at once.</summary>
internal sealed class WriteUnit(IReadOnlyList<EventRow> rows, Action<WriteUnit, Exception?> done)
{
    public IReadOnlyList<EventRow> Rows { get; } = rows;

    /// <summary>Told once, on the writer's thread, in the order of enqueueing: null when stored, else why not.</summary>
    public void Done(Exception? fault) => done(this, fault);
}
