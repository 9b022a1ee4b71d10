// Reads streams of events from the journal table. For one thread, on a connection that never writes.
using Akka.Persistence.Sql.Storage;

namespace Akka.Persistence.Sql.Sqlite;

internal sealed class SqliteReader(SqliteHandle db) : IEventReader
{
    private readonly SqliteHandle.Statement _highest =
        db.Prepare("SELECT sequence_number FROM journal WHERE persistence_id=? ORDER BY sequence_number DESC LIMIT 1");

    private readonly SqliteHandle.Statement _replay = db.Prepare("""
        SELECT sequence_number, created, message, identifier, manifest, writer_uuid FROM journal
        WHERE persistence_id=? AND sequence_number BETWEEN ? AND ? AND deleted=0 ORDER BY sequence_number LIMIT ?
        """);

    public long Highest(string persistenceId)
    {
        _highest.Bind(1, persistenceId);
        try
        {
            return _highest.Next() ? _highest.Long(0) : 0;
        }
        finally
        {
            _highest.Reset();
        }
    }

    public void Replay(string persistenceId, long from, long to, long max, Action<EventRow> each)
    {
        _replay.Bind(1, persistenceId);
        _replay.Bind(2, from);
        _replay.Bind(3, to);
        _replay.Bind(4, max);
        try
        {
            while (_replay.Next())
            {
                each(new EventRow(persistenceId, _replay.Long(0), _replay.Long(1), _replay.Blob(2),
                    _replay.IsNull(3) ? null : (int)_replay.Long(3), _replay.Text(4), _replay.Text(5)));
            }
        }
        finally
        {
            _replay.Reset();
        }
    }

    public void Dispose() => db.Dispose();
}
