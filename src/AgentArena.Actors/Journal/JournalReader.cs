// Reads the journal's tables, on SQLite or PostgreSQL, whichever stack wrote them. Knows SQL and events, nothing of actors.
using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using Akka.Configuration;
using AgentArena.Core.Games;
using AgentArena.Core.Runs;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AgentArena.Actors;

/// <summary>Finished games, as the learner reads them.</summary>
public interface IGameReader : IDisposable
{
    /// <summary>The events of each game, in the order of <paramref name="numbers"/>.</summary>
    /// <exception cref="InvalidDataException">A game is missing, has a gap, or is not readable; the message names it.</exception>
    IEnumerable<(long Number, ImmutableArray<GameEvent> Events)> ReadGames(IReadOnlyList<long> numbers);
}

/// <summary>The journal of a run, read-only.</summary>
public sealed class JournalReader : IGameReader
{
    private const string Columns = "SELECT sequence_number, manifest, message FROM journal WHERE deleted = ";
    private readonly DbConnection _connection;
    private readonly DbCommand _stream;
    private readonly DbParameter _id;
    private readonly string _where;
    private readonly string _false;
    private ILookup<long, ImmutableArray<Measured>>? _measured;

    private JournalReader(DbConnection connection, string where)
    {
        (_connection, _where, _false) = (connection, where, connection is SqliteConnection ? "0" : "false");
        _stream = connection.CreateCommand();
        _stream.CommandText = Columns + _false + " AND persistence_id = @id ORDER BY sequence_number";
        _id = _stream.CreateParameter();
        _id.ParameterName = "@id";
        _id.Value = "";
        _stream.Parameters.Add(_id);
        _stream.Prepare();
    }

    /// <summary>Opens the journal that <paramref name="config"/> names, or the run folder's own SQLite file.</summary>
    /// <exception cref="UserException">There is none, or it is damaged.</exception>
    public static JournalReader Open(RunFolder folder, Config? config = null)
    {
        var (provider, connectionString) = ArenaSystem.JournalOf(folder, config);
        var sqlite = provider.StartsWith("SQLite", StringComparison.OrdinalIgnoreCase);
        if (sqlite && !File.Exists(folder.Journal)) throw new UserException($"{folder.Journal}: is missing. The folder holds no played game; run or resume it first.");
        try
        {
            if (sqlite) SQLitePCL.Batteries_V2.Init();
            DbConnection connection = sqlite ? new SqliteConnection(connectionString) : new NpgsqlConnection(connectionString);
            connection.Open();
            return new JournalReader(connection, folder.Path);
        }
        catch (DbException e)
        {
            throw Damaged(folder.Path, e);
        }
    }

    /// <summary>The run's events: the arena's and every learner's, in the order written.</summary>
    public IEnumerable<RunEvent> ReadRun() => ReadRunStream().Select(r => r.Event);

    /// <summary>As <see cref="ReadRun"/>, with the stream and sequence number of each.</summary>
    public IEnumerable<(string Stream, long SequenceNr, RunEvent Event)> ReadRunStream()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT persistence_id, sequence_number, manifest, message FROM journal WHERE deleted = " + _false + " AND (persistence_id = 'arena' OR persistence_id LIKE 'learner-%') ORDER BY ordering";
        foreach (var row in Rows(command))
        {
            var id = row.GetString(0);
            yield return (id, row.GetInt64(1), (RunEvent)Event(row, 2, id));
        }
    }

    /// <summary>From now on games come with what learners measured of them, at their end.</summary>
    public JournalReader WithMeasurements()
    {
        _measured = ReadRun().OfType<GamesMeasured>().SelectMany(m => m.Games).ToLookup(g => g.Game, g => g.Values);
        return this;
    }

    /// <summary>One game's events.</summary>
    /// <exception cref="UserException">The run has no such game.</exception>
    /// <exception cref="InvalidDataException">A gap or an unreadable event.</exception>
    public ImmutableArray<GameEvent> ReadGame(long number)
    {
        var events = Stream(number);
        return events.IsEmpty ? throw new UserException($"{_where}: game {number} has not begun in this run. ./arena replay {_where} lists the games.") : events;
    }

    /// <inheritdoc/>
    public IEnumerable<(long Number, ImmutableArray<GameEvent> Events)> ReadGames(IReadOnlyList<long> numbers)
    {
        foreach (var number in numbers)
        {
            var events = Stream(number);
            if (events.IsEmpty) throw new InvalidDataException($"{GameActor.IdOf(number)}: is in the ledger but not in the journal. The journal was altered.");
            yield return (number, events);
        }
    }

    /// <summary>The numbers of all games that have begun, ascending.</summary>
    public IReadOnlyList<long> Numbers()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT persistence_id FROM journal WHERE sequence_number = 1 AND persistence_id LIKE 'game-%'";
        var numbers = new List<long>();
        foreach (var row in Rows(command))
            numbers.Add(long.TryParse(row.GetString(0).AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : throw new InvalidDataException($"{row.GetString(0)}: not a game's stream. The journal was altered."));
        numbers.Sort();
        return numbers;
    }

    /// <summary>Every game of the run, in order.</summary>
    public IEnumerable<(long Number, ImmutableArray<GameEvent> Events)> ReadGames() => ReadGames(Numbers());

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _connection.Dispose();
    }

    private ImmutableArray<GameEvent> Stream(long number)
    {
        var id = GameActor.IdOf(number);
        _id.Value = id;
        var events = ImmutableArray.CreateBuilder<GameEvent>(8);
        foreach (var row in Rows(_stream))
        {
            if (row.GetInt64(0) != events.Count + 1) throw new InvalidDataException($"{id}: event {events.Count + 1} is missing (found {row.GetInt64(0)}). The journal was altered.");
            events.Add((GameEvent)Event(row, 1, id));
        }
        if (_measured is not null && events.Count > 0) events.AddRange(_measured[number].SelectMany(v => v));
        return events.ToImmutable();
    }

    private IEnumerable<DbDataReader> Rows(DbCommand command)
    {
        DbDataReader reader;
        try
        {
            reader = command.ExecuteReader();
        }
        catch (DbException e)
        {
            throw Damaged(_where, e);
        }
        using (reader)
            while (true)
            {
                try
                {
                    if (!reader.Read()) yield break;
                }
                catch (DbException e)
                {
                    throw Damaged(_where, e);
                }
                yield return reader;
            }
    }

    private static object Event(DbDataReader row, int manifest, string id)
    {
        try
        {
            return EventJson.Read(row.GetFieldValue<byte[]>(manifest + 1), row.GetString(manifest));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{id}: {e.Message}", e);
        }
    }

    private static UserException Damaged(string where, DbException e) =>
        new($"{where}: the journal cannot be read ({e.Message}). It was cut short, altered, or is no journal; restore it from a copy.", e);
}
