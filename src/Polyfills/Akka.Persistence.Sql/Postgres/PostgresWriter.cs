// Writes units of events as one INSERT from arrays: one statement, one transaction, one round trip, in order. For one thread.
using Akka.Persistence.Sql.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Akka.Persistence.Sql.Postgres;

internal sealed class PostgresWriter : IEventWriter
{
    private const int Remembered = 65_536;
    private readonly PostgresStore _store;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _insert;
    private readonly NpgsqlCommand _highest;
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    public PostgresWriter(PostgresStore store, NpgsqlConnection connection)
    {
        (_store, _connection) = (store, connection);
        // Sorted by position, so that the identity column numbers the rows in the order of writing.
        _insert = new NpgsqlCommand("""
            INSERT INTO journal(deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid)
            SELECT false, p, s, c, m, i, f, w
            FROM unnest($1::varchar[], $2::bigint[], $3::bigint[], $4::bytea[], $5::int[], $6::varchar[], $7::varchar[]) WITH ORDINALITY AS r(p, s, c, m, i, f, w, n)
            ORDER BY n
            RETURNING ordering
            """, connection);
        foreach (var type in new[] { NpgsqlDbType.Varchar, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Bytea, NpgsqlDbType.Integer, NpgsqlDbType.Varchar, NpgsqlDbType.Varchar })
            _insert.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type });
        _highest = new NpgsqlCommand("SELECT p, (SELECT max(sequence_number) FROM journal WHERE persistence_id=p) FROM unnest($1::varchar[]) AS p", connection);
        _highest.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar });
    }

    public void Write(ReadOnlySpan<WriteUnit> units)
    {
        var rows = new List<EventRow>();
        foreach (var unit in units) rows.AddRange(unit.Rows);
        if (rows.Count == 0) return;
        if (_last.Count > Remembered) _last.Clear();
        try
        {
            Learn(rows);
            foreach (var row in rows) Follow(row);
            object[] columns =
            [
                rows.ConvertAll(r => r.PersistenceId).ToArray(), rows.ConvertAll(r => r.SequenceNr).ToArray(), rows.ConvertAll(r => r.Created).ToArray(),
                rows.ConvertAll(r => r.Message).ToArray(), rows.ConvertAll(r => r.Identifier).ToArray(), rows.ConvertAll(r => r.Manifest).ToArray(), rows.ConvertAll(r => r.WriterUuid).ToArray(),
            ];
            for (var i = 0; i < columns.Length; i++) _insert.Parameters[i].Value = columns[i];
            if (rows.TrueForAll(r => r.Tags.Count == 0)) _insert.ExecuteNonQuery();
            else InsertTagged(rows);
        }
        catch (Exception e)
        {
            _last.Clear(); // what it learnt is no longer so
            if (e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } duplicate && Guilty(rows) is { } row)
                throw StorageException.Duplicate(_store.Name, row.PersistenceId, row.SequenceNr, duplicate);
            if (e is PostgresException { SqlState: [ '2', '2', .. ] } value) // a value that the column cannot hold: the row's fault
                throw new StorageException($"{_store.Name}: a row of '{rows[0].PersistenceId}' does not fit its columns: {value.MessageText}. Ids have at most 255 characters, manifests 500.", true, value);
            throw _store.Fault(e);
        }
    }

    public void Delete(string persistenceId, long toSequenceNr)
    {
        try
        {
            using var transaction = _connection.BeginTransaction();
            using var command = new NpgsqlCommand("""
                WITH top AS (SELECT max(sequence_number) AS n FROM journal WHERE persistence_id=@p),
                     gone AS (DELETE FROM journal WHERE persistence_id=@p AND sequence_number<=@to AND sequence_number<(SELECT n FROM top)),
                     untagged AS (DELETE FROM tags WHERE persistence_id=@p AND sequence_nr<=@to)
                UPDATE journal SET deleted=true WHERE persistence_id=@p AND sequence_number<=@to AND sequence_number=(SELECT n FROM top)
                """, _connection, transaction);
            command.Parameters.AddWithValue("p", persistenceId);
            command.Parameters.AddWithValue("to", toSequenceNr);
            command.ExecuteNonQuery();
            transaction.Commit();
        }
        catch (Exception e)
        {
            throw _store.Fault(e);
        }
    }

    public void Dispose() => _connection.Dispose();

    private void InsertTagged(List<EventRow> rows)
    {
        using var transaction = _connection.BeginTransaction();
        var orderings = new List<long>(rows.Count);
        using (var reader = _insert.ExecuteReader())
            while (reader.Read())
                orderings.Add(reader.GetInt64(0));
        var tags = rows.Zip(orderings).SelectMany(r => r.First.Tags.Select(tag => (tag, Row: r.First, Ordering: r.Second))).ToList();
        using var command = new NpgsqlCommand("INSERT INTO tags(ordering_id, tag, persistence_id, sequence_nr) SELECT * FROM unnest($1::bigint[], $2::varchar[], $3::varchar[], $4::bigint[])", _connection, transaction);
        command.Parameters.Add(new NpgsqlParameter { Value = tags.ConvertAll(t => t.Ordering).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = tags.ConvertAll(t => t.tag).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = tags.ConvertAll(t => t.Row.PersistenceId).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = tags.ConvertAll(t => t.Row.SequenceNr).ToArray() });
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    /// <summary>Asks for the last numbers of the streams it does not remember, in one round trip.</summary>
    private void Learn(List<EventRow> rows)
    {
        var unknown = rows.Where(r => r.SequenceNr > 1 && !_last.ContainsKey(r.PersistenceId)).Select(r => r.PersistenceId).Distinct().ToArray();
        if (unknown.Length == 0) return;
        _highest.Parameters[0].Value = unknown;
        using var reader = _highest.ExecuteReader();
        while (reader.Read()) _last[reader.GetString(0)] = reader.IsDBNull(1) ? 0 : reader.GetInt64(1);
    }

    private void Follow(EventRow row)
    {
        if (row.SequenceNr > 1)
        {
            var last = _last.GetValueOrDefault(row.PersistenceId);
            if (row.SequenceNr <= last) throw StorageException.Duplicate(_store.Name, row.PersistenceId, row.SequenceNr);
            if (row.SequenceNr > last + 1 && !row.GapBefore) throw StorageException.Gap(_store.Name, row.PersistenceId, row.SequenceNr, last);
        }

        _last[row.PersistenceId] = row.SequenceNr;
    }

    private EventRow? Guilty(List<EventRow> rows)
    {
        using var command = new NpgsqlCommand("SELECT r.n FROM journal j JOIN unnest($1::varchar[], $2::bigint[]) WITH ORDINALITY AS r(p, s, n) ON j.persistence_id=r.p AND j.sequence_number=r.s ORDER BY r.n LIMIT 1", _connection);
        command.Parameters.Add(new NpgsqlParameter { Value = rows.ConvertAll(r => r.PersistenceId).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = rows.ConvertAll(r => r.SequenceNr).ToArray() });
        _last.Clear();
        return command.ExecuteScalar() is long n ? rows[(int)n - 1] : rows.GroupBy(r => (r.PersistenceId, r.SequenceNr)).FirstOrDefault(g => g.Count() > 1)?.First();
    }
}
