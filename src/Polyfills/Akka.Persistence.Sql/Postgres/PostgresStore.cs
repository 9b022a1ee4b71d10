// A journal in a PostgreSQL database: its connections, its tables, errors as sentences.
using Akka.Persistence.Sql.Storage;
using Npgsql;

namespace Akka.Persistence.Sql.Postgres;

internal sealed class PostgresStore : IEventStore
{
    private const long Lock = 0x41726E61; // any number of ours: two processes must not make the tables at once
    private readonly string _connectionString;
    private readonly bool _initialize;

    /// <param name="connectionString">As Npgsql reads it: <c>Host=…;Database=…;Username=…</c>.</param>
    /// <param name="initialize">Whether to make missing tables.</param>
    public PostgresStore(string connectionString, bool initialize)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException e)
        {
            throw new StorageException($"connection-string: {e.Message} Right would be: Host=localhost;Database=arena;Username=arena", false, e);
        }

        if (string.IsNullOrEmpty(builder.Host))
            throw new StorageException("connection-string: has no Host. Right would be: Host=localhost;Database=arena;Username=arena");
        builder.Pooling = false; // three connections held for good; a pool would only hide that one of them broke
        builder.Enlist = false;
        _connectionString = builder.ConnectionString;
        _initialize = initialize;
        Name = $"PostgreSQL {builder.Host}:{builder.Port}/{builder.Database}";
    }

    public string Name { get; }

    public IEventWriter OpenWriter() => new PostgresWriter(this, Open(_initialize));

    public IEventReader OpenReader() => new PostgresReader(this, Open(false));

    public ISnapshotTable OpenSnapshots() => new PostgresSnapshots(this, Open(_initialize));

    /// <summary>What the driver said, as a sentence of ours.</summary>
    public StorageException Fault(Exception e) => e switch
    {
        StorageException known => known,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } p => new($"{Name}: the disk is full. Free some space, then resume. (PostgreSQL {p.SqlState}: {p.MessageText})", false, p),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } p => new($"{Name}: the user was refused. Check Username and Password in connection-string. (PostgreSQL {p.SqlState}: {p.MessageText})", false, p),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } p => new($"{Name}: there is no such database. Create it, or correct Database in connection-string. (PostgreSQL {p.SqlState}: {p.MessageText})", false, p),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } p => new($"{Name}: the tables are missing. Set auto-initialize = on, or make them. (PostgreSQL {p.SqlState}: {p.MessageText})", false, p),
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } p => new($"{Name}: a table is locked. Find who holds it in pg_locks, then resume. (PostgreSQL {p.SqlState}: {p.MessageText})", false, p),
        PostgresException p => new($"{Name}: the database refused. (PostgreSQL {p.SqlState}: {p.MessageText})", false, p),
        NpgsqlException n => new($"{Name}: not reached, or the connection broke. Start the server, check Host and Port, then resume. ({(n.InnerException ?? n).Message})", false, n),
        _ => new($"{Name}: {e.Message}", false, e),
    };

    private NpgsqlConnection Open(bool initialize)
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            connection.Open();
            if (initialize) Initialize(connection);
            return connection;
        }
        catch (Exception e)
        {
            connection.Dispose();
            throw Fault(e);
        }
    }

    private static void Initialize(NpgsqlConnection connection)
    {
        using var exists = new NpgsqlCommand("SELECT to_regclass('journal') IS NOT NULL AND to_regclass('tags') IS NOT NULL AND to_regclass('snapshot') IS NOT NULL", connection);
        if (exists.ExecuteScalar() is true) return;
        using var transaction = connection.BeginTransaction();
        using var command = new NpgsqlCommand($"""
            SELECT pg_advisory_xact_lock({Lock});
            CREATE TABLE IF NOT EXISTS journal(
              ordering BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              deleted BOOLEAN NOT NULL,
              persistence_id VARCHAR(255) NOT NULL,
              sequence_number BIGINT NOT NULL,
              created BIGINT NOT NULL,
              message BYTEA NOT NULL,
              identifier INT,
              manifest VARCHAR(500),
              writer_uuid VARCHAR(128),
              CONSTRAINT journal_uq UNIQUE(persistence_id, sequence_number));
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
              snapshot BYTEA NOT NULL,
              manifest VARCHAR(500),
              serializer_id INT,
              PRIMARY KEY(persistence_id, sequence_number));
            """, connection, transaction);
        command.ExecuteNonQuery();
        transaction.Commit();
    }
}
