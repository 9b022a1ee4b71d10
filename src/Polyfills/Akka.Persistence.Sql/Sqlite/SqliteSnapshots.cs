// The snapshot table of an SQLite file. For one thread.
using Akka.Persistence.Sql.Storage;

namespace Akka.Persistence.Sql.Sqlite;

internal sealed class SqliteSnapshots(SqliteHandle db) : ISnapshotTable
{
    private const string Fits = "persistence_id=? AND sequence_number BETWEEN ? AND ? AND created BETWEEN ? AND ?";

    private readonly SqliteHandle.Statement _latest = db.Prepare(
        $"SELECT sequence_number, created, snapshot, manifest, serializer_id FROM snapshot WHERE {Fits} ORDER BY sequence_number DESC LIMIT 1");

    private readonly SqliteHandle.Statement _save = db.Prepare(
        "INSERT OR REPLACE INTO snapshot(persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES(?,?,?,?,?,?)");

    private readonly SqliteHandle.Statement _delete = db.Prepare($"DELETE FROM snapshot WHERE {Fits}");

    public SnapshotRow? Latest(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        Bind(_latest, persistenceId, criteria);
        try
        {
            return _latest.Next()
                ? new SnapshotRow(persistenceId, _latest.Long(0), _latest.Long(1), _latest.Blob(2), _latest.Text(3), (int)_latest.Long(4))
                : null;
        }
        finally
        {
            _latest.Reset();
        }
    }

    public void Save(SnapshotRow row)
    {
        _save.Bind(1, row.PersistenceId);
        _save.Bind(2, row.SequenceNr);
        _save.Bind(3, row.Created);
        _save.Bind(4, row.Snapshot);
        _save.Bind(5, row.Manifest);
        _save.Bind(6, row.SerializerId);
        _save.Execute();
    }

    public void Delete(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        Bind(_delete, persistenceId, criteria);
        _delete.Execute();
    }

    public void Dispose() => db.Dispose();

    private static void Bind(SqliteHandle.Statement statement, string persistenceId, SnapshotSelectionCriteria criteria)
    {
        statement.Bind(1, persistenceId);
        statement.Bind(2, criteria.MinSequenceNr);
        statement.Bind(3, criteria.MaxSequenceNr);
        statement.Bind(4, (criteria.MinTimestamp ?? DateTime.MinValue).Ticks);
        statement.Bind(5, criteria.MaxTimeStamp.Ticks);
    }
}
