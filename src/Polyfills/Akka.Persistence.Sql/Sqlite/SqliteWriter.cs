// Writes units of events into the journal table in one transaction, and knows each stream's last number so that a gap is
// refused. For one thread.
using System.Text;
using Akka.Persistence.Sql.Storage;
using SQLitePCL;

namespace Akka.Persistence.Sql.Sqlite;

internal sealed class SqliteWriter : IEventWriter
{
    private const int Remembered = 65_536;
    private readonly SqliteHandle _db;
    private readonly SqliteHandle.Statement _begin;
    private readonly SqliteHandle.Statement _commit;
    private readonly nint _insert;
    private readonly SqliteHandle.Statement _tag;
    private readonly SqliteHandle.Statement _highest;
    private readonly SqliteHandle.Statement _mark;
    private readonly SqliteHandle.Statement _remove;
    private readonly SqliteHandle.Statement _untag;
    private byte[] _texts = GC.AllocateUninitializedArray<byte>(2_048, pinned: true);
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    public SqliteWriter(SqliteHandle db)
    {
        _db = db;
        _begin = db.Prepare("BEGIN IMMEDIATE");
        _commit = db.Prepare("COMMIT");
        _insert = db.Prepare("INSERT INTO journal(deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid) VALUES(0,?,?,?,?,?,?,?)").Pointer;
        _tag = db.Prepare("INSERT INTO tags(ordering_id, tag, persistence_id, sequence_nr) VALUES(?,?,?,?)");
        _highest = db.Prepare("SELECT sequence_number FROM journal WHERE persistence_id=? ORDER BY sequence_number DESC LIMIT 1");
        _mark = db.Prepare("UPDATE journal SET deleted=1 WHERE persistence_id=? AND sequence_number<=?");
        _remove = db.Prepare("DELETE FROM journal WHERE persistence_id=? AND sequence_number<=?");
        _untag = db.Prepare("DELETE FROM tags WHERE persistence_id=? AND sequence_nr<=?");
    }

    public void Write(ReadOnlySpan<WriteUnit> units)
    {
        if (_last.Count > Remembered) _last.Clear();
        _begin.Execute();
        try
        {
            foreach (var unit in units)
            {
                foreach (var row in unit.Rows)
                {
                    Follow(row);
                    Insert(row);
                }
            }

            _commit.Execute();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public void Delete(string persistenceId, long toSequenceNr)
    {
        _begin.Execute();
        try
        {
            var highest = Highest(persistenceId);
            // The highest number must outlive its event, or it would be given out again: that row stays, marked.
            foreach (var statement in new[] { _mark, _remove, _untag })
            {
                statement.Bind(1, persistenceId);
                statement.Bind(2, statement == _remove ? Math.Min(toSequenceNr, highest - 1) : toSequenceNr);
                statement.Execute();
            }

            _commit.Execute();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public void Dispose() => _db.Dispose();

    /// <summary>Refuses a row that does not follow its stream's last one.</summary>
    private void Follow(EventRow row)
    {
        if (row.SequenceNr > 1)
        {
            if (!_last.TryGetValue(row.PersistenceId, out var last)) last = Highest(row.PersistenceId);
            if (row.SequenceNr <= last) throw StorageException.Duplicate(_db.File, row.PersistenceId, row.SequenceNr);
            if (row.SequenceNr > last + 1 && !row.GapBefore) throw StorageException.Gap(_db.File, row.PersistenceId, row.SequenceNr, last);
        }

        _last[row.PersistenceId] = row.SequenceNr;
    }

    /// <summary>Binds without copying: all that is pointed to stays where it is until the reset.</summary>
    private unsafe void Insert(EventRow row)
    {
        var texts = Encoding.UTF8.GetMaxByteCount(row.PersistenceId.Length + row.Manifest.Length + row.WriterUuid.Length);
        if (texts > _texts.Length) _texts = GC.AllocateUninitializedArray<byte>(texts, pinned: true);
        fixed (byte* text = _texts)
        fixed (byte* message = row.Message)
        {
            var end = 0;
            BindText(1, row.PersistenceId, text, ref end);
            SqliteNative.BindLong(_insert, 2, row.SequenceNr);
            SqliteNative.BindLong(_insert, 3, row.Created);
            var none = (byte)0; // an empty array has no address, and a null one would be NULL
            SqliteNative.BindBlob(_insert, 4, message is null ? &none : message, row.Message.Length, 0);
            if (row.Identifier is { } id) SqliteNative.BindLong(_insert, 5, id);
            else SqliteNative.BindNull(_insert, 5);
            BindText(6, row.Manifest, text, ref end);
            BindText(7, row.WriterUuid, text, ref end);
            var code = SqliteNative.Step(_insert);
            if (code != raw.SQLITE_DONE)
            {
                var fault = (code & 0xff) == raw.SQLITE_CONSTRAINT
                    ? StorageException.Duplicate(_db.File, row.PersistenceId, row.SequenceNr)
                    : _db.Fault(code);
                SqliteNative.Reset(_insert);
                throw fault;
            }

            SqliteNative.Reset(_insert);
        }

        if (row.Tags.Count == 0) return;
        var ordering = _db.LastRowId;
        foreach (var tag in row.Tags)
        {
            _tag.Bind(1, ordering);
            _tag.Bind(2, tag);
            _tag.Bind(3, row.PersistenceId);
            _tag.Bind(4, row.SequenceNr);
            _tag.Execute();
        }
    }

    private unsafe void BindText(int at, string value, byte* buffer, ref int end)
    {
        var length = Encoding.UTF8.GetBytes(value, new Span<byte>(buffer + end, _texts.Length - end));
        SqliteNative.BindText(_insert, at, buffer + end, length, 0);
        end += length;
    }

    private long Highest(string persistenceId)
    {
        _highest.Bind(1, persistenceId);
        var highest = _highest.Next() ? _highest.Long(0) : 0;
        _highest.Reset();
        return highest;
    }

    private void Rollback()
    {
        _last.Clear(); // what it learnt within the transaction is no longer so
        if (_db.InTransaction) _db.Run("ROLLBACK"); // after a full disk SQLite has rolled back by itself
    }
}
