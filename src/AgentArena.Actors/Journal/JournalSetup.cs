// Makes a run's journal ready before anything writes to it. Knows the database's own settings, no event's meaning.
using System.Data.Common;
using AgentArena.Core.Runs;
using Akka.Configuration;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AgentArena.Actors.Journal;

/// <summary>What is set in a database once, and cannot be said in a connection string.</summary>
internal static class JournalSetup
{
    /// <summary>A connection to a run's journal, not yet open.</summary>
    public static DbConnection Connect(RunFolder folder, Config? config)
    {
        var (provider, connectionString) = ArenaSystem.JournalOf(folder, config);
        return IsSqlite(provider) ? new SqliteConnection(connectionString) : new NpgsqlConnection(connectionString);
    }

    /// <summary>Whether a provider keeps the journal in the run's own folder.</summary>
    public static bool IsSqlite(string provider) => provider.StartsWith("SQLite", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Sets the journal up and reads out of it what <c>metrics.jsonl</c> is made of; nothing where the run is new.
    /// </summary>
    /// <exception cref="UserException">It cannot be reached, is damaged, or is of another format.</exception>
    public static IEnumerable<RunEvent> Prepare(RunFolder folder, Config? config)
    {
        using var connection = Connect(folder, config);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            if (connection is SqliteConnection)
            {
                // A log beside the file: readers do not hold up the writer, and a commit is one write and one flush.
                command.CommandText = "PRAGMA journal_mode = WAL";
                command.ExecuteNonQuery();
                command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = 'journal'";
            }
            else
                command.CommandText = "SELECT count(to_regclass('journal'))"; // by the search path: other runs may have schemas beside
            if (command.ExecuteScalar() is 0L)
                return [];
        }
        catch (DbException e)
        {
            throw new UserException(
                connection is SqliteConnection
                    ? $"{folder.Path}: the journal cannot be opened ({e.Message}). It was cut short, altered, or is no journal; restore it from a copy."
                    : $"akka.persistence.journal.sql.connection-string: the database cannot be reached ({e.Message}). Start it, or mend the string.",
                e
            );
        }
        using var reader = JournalReader.Open(folder, config);
        return [.. reader.ReadRun().Where(e => e is WeightsUpdated or FiguresTaken)];
    }
}
