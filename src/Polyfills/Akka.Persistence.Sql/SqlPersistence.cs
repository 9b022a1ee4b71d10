// The SQL plug-ins' settings and their defaults. Knows which database a provider name means.
using Akka.Configuration;
using Akka.Persistence.Sql.Postgres;
using Akka.Persistence.Sql.Sqlite;
using Akka.Persistence.Sql.Storage;

namespace Akka.Persistence.Sql;

/// <summary>The defaults of the SQL journal and snapshot store.</summary>
public static class SqlPersistence
{
    /// <summary>What holds where the configuration says nothing.</summary>
    public static readonly Config DefaultConfiguration = ConfigurationFactory.ParseString("""
        akka.persistence {
          journal.sql {
            class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
            # Data Source=FILE for SQLite; Host=…;Database=…;Username=… for PostgreSQL.
            connection-string = ""
            # SQLite.MS, or PostgreSQL followed by a version.
            provider-name = ""
            # Rows of one transaction.
            batch-size = 100
            # Rows that may wait; more are rejected.
            buffer-size = 5000
            # Makes missing tables.
            auto-initialize = on
            # While several actors write, the least time from one commit to the next.
            commit-interval = 1ms
          }
          snapshot-store.sql {
            class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
            connection-string = ""
            provider-name = ""
            auto-initialize = on
          }
        }
        """);

    internal static Config JournalDefaults { get; } = DefaultConfiguration.GetConfig("akka.persistence.journal.sql")!;

    internal static Config SnapshotDefaults { get; } = DefaultConfiguration.GetConfig("akka.persistence.snapshot-store.sql")!;

    internal static IEventStore StoreOf(Config config, string path)
    {
        var connection = config.GetString("connection-string", "");
        if (connection.Length == 0)
            throw new ConfigurationException($"{path}.connection-string: is missing. Right would be \"Data Source=journal.db\" or \"Host=localhost;Database=arena\".");
        var provider = config.GetString("provider-name", "");
        var initialize = config.GetBoolean("auto-initialize");
        if (provider.StartsWith("SQLite", StringComparison.OrdinalIgnoreCase)) return new SqliteStore(connection, initialize);
        if (provider.StartsWith("PostgreSQL", StringComparison.OrdinalIgnoreCase)) return new PostgresStore(connection, initialize);
        throw new ConfigurationException($"{path}.provider-name: unknown provider '{provider}'. Known: SQLite.MS, PostgreSQL, PostgreSQL.15 and other versions. Set one of them.");
    }
}
