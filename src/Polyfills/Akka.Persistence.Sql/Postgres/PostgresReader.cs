// Reads streams and snapshots of a PostgreSQL database. Each for one thread.
using System.Data;
using Akka.Persistence.Sql.Storage;
using Npgsql;

namespace Akka.Persistence.Sql.Postgres;

internal sealed class PostgresReader(PostgresStore store, NpgsqlConnection connection) : IEventReader
{
    public long Highest(string persistenceId)
    {
        try
        {
            using var command = new NpgsqlCommand("SELECT max(sequence_number) FROM journal WHERE persistence_id=$1", connection);
            command.Parameters.Add(new NpgsqlParameter { Value = persistenceId });
            return command.ExecuteScalar() is long highest ? highest : 0;
        }
        catch (Exception e)
        {
            throw store.Fault(e);
        }
    }

    public void Replay(string persistenceId, long from, long to, long max, Action<EventRow> each)
    {
        NpgsqlDataReader reader;
        using var command = new NpgsqlCommand("""
            SELECT sequence_number, created, message, identifier, manifest, writer_uuid FROM journal
            WHERE persistence_id=$1 AND sequence_number BETWEEN $2 AND $3 AND NOT deleted ORDER BY sequence_number LIMIT $4
            """, connection);
        foreach (var value in new object[] { persistenceId, from, to, max }) command.Parameters.Add(new NpgsqlParameter { Value = value });
        try
        {
            reader = command.ExecuteReader(CommandBehavior.SingleResult);
        }
        catch (Exception e)
        {
            throw store.Fault(e);
        }

        using (reader)
        {
            while (Read(reader))
            {
                each(new EventRow(persistenceId, reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2),
                    reader.IsDBNull(3) ? null : reader.GetInt32(3), reader.IsDBNull(4) ? "" : reader.GetString(4), reader.IsDBNull(5) ? "" : reader.GetString(5)));
            }
        }
    }

    public void Dispose() => connection.Dispose();

    private bool Read(NpgsqlDataReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (Exception e)
        {
            throw store.Fault(e);
        }
    }
}

internal sealed class PostgresSnapshots(PostgresStore store, NpgsqlConnection connection) : ISnapshotTable
{
    private const string Fits = "persistence_id=$1 AND sequence_number BETWEEN $2 AND $3 AND created BETWEEN $4 AND $5";

    public SnapshotRow? Latest(string persistenceId, SnapshotSelectionCriteria criteria) => Ask(
        $"SELECT sequence_number, created, snapshot, manifest, serializer_id FROM snapshot WHERE {Fits} ORDER BY sequence_number DESC LIMIT 1",
        Values(persistenceId, criteria),
        command =>
        {
            using var reader = command.ExecuteReader();
            return reader.Read()
                ? new SnapshotRow(persistenceId, reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.IsDBNull(3) ? "" : reader.GetString(3), reader.GetInt32(4))
                : null;
        });

    public void Save(SnapshotRow row) => Ask(
        """
        INSERT INTO snapshot(persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES($1,$2,$3,$4,$5,$6)
        ON CONFLICT(persistence_id, sequence_number) DO UPDATE SET created=$3, snapshot=$4, manifest=$5, serializer_id=$6
        """,
        [row.PersistenceId, row.SequenceNr, row.Created, row.Snapshot, row.Manifest, row.SerializerId],
        command => command.ExecuteNonQuery());

    public void Delete(string persistenceId, SnapshotSelectionCriteria criteria) =>
        Ask($"DELETE FROM snapshot WHERE {Fits}", Values(persistenceId, criteria), command => command.ExecuteNonQuery());

    public void Dispose() => connection.Dispose();

    private static object[] Values(string persistenceId, SnapshotSelectionCriteria criteria) =>
        [persistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr, (criteria.MinTimestamp ?? DateTime.MinValue).Ticks, criteria.MaxTimeStamp.Ticks];

    private T Ask<T>(string sql, object[] values, Func<NpgsqlCommand, T> run)
    {
        try
        {
            using var command = new NpgsqlCommand(sql, connection);
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
            return run(command);
        }
        catch (Exception e)
        {
            throw store.Fault(e);
        }
    }
}
