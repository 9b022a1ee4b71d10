// A journal in an SQLite file: what the connection string means, the tables, and the check of a file before it is trusted.
using System.Buffers.Binary;
using Akka.Persistence.Sql.Storage;
using Microsoft.Data.Sqlite;

namespace Akka.Persistence.Sql.Sqlite;

internal sealed class SqliteStore : IEventStore
{
    private const long CheckedWhole = 32 << 20; // a file up to this size is checked page by page when it is opened
    private readonly bool _initialize;
    private readonly TimeSpan _busyTimeout;

    /// <param name="connectionString">As Microsoft.Data.Sqlite reads it: <c>Data Source=FILE;Default Timeout=5</c>.</param>
    /// <param name="initialize">Whether to make missing tables.</param>
    public SqliteStore(string connectionString, bool initialize)
    {
        SqliteConnectionStringBuilder builder;
        try
        {
            builder = new SqliteConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException e)
        {
            throw new StorageException($"connection-string '{connectionString}': {e.Message} Right would be: Data Source=journal.db", false, e);
        }

        if (builder.DataSource.Length == 0 || builder.DataSource == ":memory:" || builder.Mode == SqliteOpenMode.Memory)
            throw new StorageException($"connection-string '{connectionString}': a journal needs a file. Right would be: Data Source=journal.db. Without a file use akka.persistence.journal.inmem.");
        File = builder.DataSource;
        _busyTimeout = TimeSpan.FromSeconds(builder.ContainsKey("Default Timeout") && connectionString.Contains("Timeout", StringComparison.OrdinalIgnoreCase) ? builder.DefaultTimeout : 5);
        _initialize = initialize;
    }

    public string File { get; }

    public string Name => File;

    public IEventWriter OpenWriter()
    {
        Verify();
        var handle = Open(readOnly: false);
        if (_initialize) Initialize(handle);
        return new SqliteWriter(handle);
    }

    public IEventReader OpenReader() => new SqliteReader(Open(readOnly: true));

    public ISnapshotTable OpenSnapshots()
    {
        Verify();
        var handle = Open(readOnly: false);
        if (_initialize) Initialize(handle);
        return new SqliteSnapshots(handle);
    }

    private SqliteHandle Open(bool readOnly) => new(File, _busyTimeout, readOnly);

    /// <summary>A file that was cut short or is something else is named before anything is written to it.</summary>
    private void Verify()
    {
        var file = new FileInfo(File);
        if (!file.Exists || file.Length == 0) return;
        Span<byte> header = stackalloc byte[100];
        using (var stream = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            var read = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (!header[..Math.Min(16, read)].SequenceEqual("SQLite format 3\0"u8[..Math.Min(16, read)]) || read < 16)
                throw new StorageException($"{File}: this is not an SQLite database. Give the journal's file, or move this one away to begin a new journal.");
            if (read < 100) throw CutShort(file.Length, null);
        }

        var wal = new FileInfo(File + "-wal");
        int pageSize = BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
        if (pageSize == 1) pageSize = 65536;
        var expected = BinaryPrimitives.ReadUInt32BigEndian(header[28..]) * (long)pageSize;
        // With a write-ahead log beside it the file may rightly be behind its header; SQLite's own check then decides.
        if ((!wal.Exists || wal.Length == 0) && file.Length < expected) throw CutShort(file.Length, expected);
        if (file.Length > CheckedWhole) return;
        using var handle = Open(readOnly: false);
        var check = handle.Prepare("PRAGMA quick_check(1)");
        var said = check.Next() ? check.Text(0) : "ok";
        if (said != "ok")
            throw new StorageException($"{File}: the file is damaged ({said}). It was altered or cut short. Restore it from a copy; what can still be read, `sqlite3 FILE .recover` prints.");
    }

    private StorageException CutShort(long length, long? expected) =>
        new($"{File}: the file was cut short ({length} bytes{(expected is { } e ? $" of {e}" : "")}). A journal must be whole. Restore it from a copy; what can still be read, `sqlite3 FILE .recover` prints.");

    private static void Initialize(SqliteHandle db)
    {
        db.Run("BEGIN IMMEDIATE");
        db.Run("""
            CREATE TABLE IF NOT EXISTS journal(
              ordering INTEGER PRIMARY KEY AUTOINCREMENT,
              deleted BIT NOT NULL,
              persistence_id VARCHAR(255) NOT NULL,
              sequence_number BIGINT NOT NULL,
              created BIGINT NOT NULL,
              message BLOB NOT NULL,
              identifier INT,
              manifest VARCHAR(500),
              writer_uuid VARCHAR(128),
              UNIQUE(persistence_id, sequence_number));
            CREATE INDEX IF NOT EXISTS journal_created_idx ON journal(created);
            CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON journal(sequence_number);
            CREATE TABLE IF NOT EXISTS tags(
              ordering_id BIGINT NOT NULL,
              tag VARCHAR(64) NOT NULL,
              persistence_id VARCHAR(255) NOT NULL,
              sequence_nr BIGINT NOT NULL,
              PRIMARY KEY(ordering_id, tag));
            CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON tags(persistence_id, sequence_nr);
            CREATE INDEX IF NOT EXISTS tags_tag_idx ON tags(tag);
            CREATE TABLE IF NOT EXISTS snapshot(
              persistence_id VARCHAR(255) NOT NULL,
              sequence_number BIGINT NOT NULL,
              created BIGINT NOT NULL,
              snapshot BLOB NOT NULL,
              manifest VARCHAR(500),
              serializer_id INT,
              PRIMARY KEY(persistence_id, sequence_number));
            """);
        db.Run("COMMIT");
    }
}
