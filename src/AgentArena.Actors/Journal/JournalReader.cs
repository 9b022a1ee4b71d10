// Reads the journal's tables, on SQLite or PostgreSQL alike. Knows SQL and events, nothing of actors.
using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using Akka.Configuration;
using Microsoft.Data.Sqlite;

namespace AgentArena.Actors.Journal;

/// <summary>Finished games, as the learner reads them.</summary>
public interface IGameReader : IDisposable
{
    /// <summary>The events of each game, in the order of <paramref name="entries"/>.</summary>
    /// <exception cref="InvalidDataException">
    /// A game is missing, has a gap, or is not readable; the message names it.
    /// </exception>
    IEnumerable<(long Number, ImmutableArray<GameEvent> Events)> ReadGames(IReadOnlyList<LedgerEntry> entries);
}

/// <summary>
/// The journal of a run, read-only, by plain SQL over Akka.Persistence.Sql's public schema. A game's events lie in rows
/// of its table's stream beside those of other games; its ledger entry tells in which.
/// </summary>
public sealed class JournalReader : IGameReader
{
    // of rows that were read: games that were played together are read together
    private const int MostEventsKept = 1 << 17;
    private const string Columns = "SELECT sequence_number, manifest, message FROM journal WHERE deleted = ";
    private readonly DbConnection _connection;
    private readonly DbCommand _rows;
    private readonly string _where;
    private readonly string _false;
    private readonly Dictionary<(int Table, long Row), ILookup<long, GameEvent>> _kept = [];
    private readonly Queue<((int Table, long Row) Key, int Events)> _order = new();
    private int _eventsKept;
    private Dictionary<long, RowSpan>? _ledger;
    private ILookup<long, ImmutableArray<Measured>>? _measured;

    private JournalReader(DbConnection connection, string where)
    {
        (_connection, _where, _false) = (connection, where, connection is SqliteConnection ? "0" : "false");
        _rows = connection.CreateCommand();
        _rows.CommandText =
            Columns
            + _false
            + " AND persistence_id = @id AND sequence_number BETWEEN @first AND @last ORDER BY sequence_number";
        foreach (var (name, value) in new (string, object)[] { ("@id", ""), ("@first", 0L), ("@last", 0L) })
        {
            var parameter = _rows.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            _rows.Parameters.Add(parameter);
        }
        _rows.Prepare();
    }

    /// <summary>Opens the journal that <paramref name="config"/> names, or the run folder's own SQLite file.</summary>
    /// <exception cref="UserException">There is none, it is damaged, or it is of another format.</exception>
    public static JournalReader Open(RunFolder folder, Config? config = null)
    {
        var connection = JournalSetup.Connect(folder, config);
        if (connection is SqliteConnection && !File.Exists(folder.Journal))
            throw new UserException(
                $"{folder.Journal}: is missing. The folder holds no played game; run or resume it first."
            );
        try
        {
            connection.Open();
            CheckFormat(connection, folder.Path);
            return new JournalReader(connection, folder.Path);
        }
        catch (DbException e)
        {
            throw Damaged(folder.Path, e);
        }
    }

    // The first event of a run says by its manifest in which format the rest is written.
    private static void CheckFormat(DbConnection connection, string where)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT manifest FROM journal WHERE persistence_id = 'arena' AND sequence_number = 1";
        if (
            command.ExecuteScalar() is not string manifest
            || !manifest.StartsWith("run-started.v", StringComparison.Ordinal)
        )
            return;
        if (manifest["run-started.v".Length..] != RunStarted.CurrentFormat.ToString(CultureInfo.InvariantCulture))
            throw new UserException(
                $"{where}: its journal is written in format {manifest["run-started.v".Length..]}, and this version reads format {RunStarted.CurrentFormat}. "
                    + "Read it with the version that wrote it (its first event names the build), or run its scenario.conf anew."
            );
    }

    // --- the run's own streams

    /// <summary>The run's events: the arena's and every learner's, in the order written.</summary>
    public IEnumerable<RunEvent> ReadRun() => ReadRunStream().Select(r => r.Event);

    /// <summary>As <see cref="ReadRun"/>, with the stream and sequence number of each.</summary>
    public IEnumerable<(string Stream, long SequenceNr, RunEvent Event)> ReadRunStream()
    {
        using var command = _connection.CreateCommand();
        command.CommandText =
            "SELECT persistence_id, sequence_number, manifest, message FROM journal WHERE deleted = "
            + _false
            + " AND (persistence_id = 'arena' OR persistence_id LIKE 'learner-%') ORDER BY ordering";
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

    // --- tables

    /// <summary>The run's tables, ascending.</summary>
    public IReadOnlyList<int> Tables()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT persistence_id FROM journal WHERE persistence_id LIKE 'table-%'";
        return
        [
            .. Rows(command)
                .Select(row => row.GetString(0))
                .Select(id =>
                    int.TryParse(id.AsSpan("table-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                        ? n
                        : throw new InvalidDataException($"{id}: not a table's stream. The journal was altered.")
                )
                .Order(),
        ];
    }

    /// <summary>A table's rows in order; a row that cannot be read is null, with the reason.</summary>
    /// <exception cref="InvalidDataException">A row is missing.</exception>
    public IEnumerable<(long Row, TableRow? Events, string? Fault)> ReadTable(int table) =>
        ReadTable(table, 1, long.MaxValue);

    private IEnumerable<(long Row, TableRow? Events, string? Fault)> ReadTable(int table, long first, long last)
    {
        var (id, next) = (TableActor.IdOf(table), first);
        using var command = _connection.CreateCommand();
        command.CommandText = _rows.CommandText;
        foreach (DbParameter parameter in _rows.Parameters)
        {
            var own = command.CreateParameter();
            (own.ParameterName, own.Value) = (
                parameter.ParameterName,
                parameter.ParameterName switch
                {
                    "@id" => id,
                    "@first" => first,
                    _ => last,
                }
            );
            command.Parameters.Add(own);
        }
        foreach (var row in Rows(command))
        {
            if (row.GetInt64(0) != next)
                throw new InvalidDataException(
                    $"{id}: row {next} is missing (found {row.GetInt64(0)}). The journal was altered."
                );
            TableRow? events = null;
            string? fault = null;
            try
            {
                events = (TableRow)Event(row, 1, $"{id}, row {next}");
            }
            catch (InvalidDataException e)
            {
                fault = e.Message;
            }
            yield return (next++, events, fault);
        }
    }

    // --- games

    /// <summary>One game's events.</summary>
    /// <exception cref="UserException">The run has no such game.</exception>
    /// <exception cref="InvalidDataException">A gap or an unreadable event.</exception>
    public ImmutableArray<GameEvent> ReadGame(long number)
    {
        if (Ledger.TryGetValue(number, out var rows))
            return With(number, Events(number, rows));
        return Unfinished().TryGetValue(number, out var events)
            ? With(number, [.. events])
            : throw new UserException(
                $"{_where}: game {number} has not begun in this run. ./arena replay {_where} lists the games."
            );
    }

    /// <inheritdoc/>
    public IEnumerable<(long Number, ImmutableArray<GameEvent> Events)> ReadGames(IReadOnlyList<LedgerEntry> entries) =>
        entries.Select(entry => (entry.Game, With(entry.Game, Events(entry.Game, entry.Rows))));

    /// <summary>The numbers of all games that have begun, ascending.</summary>
    public IReadOnlyList<long> Numbers() => [.. Ledger.Keys.Concat(Unfinished().Keys).Order()];

    /// <summary>Every game of the run, in order.</summary>
    public IEnumerable<(long Number, ImmutableArray<GameEvent> Events)> ReadGames()
    {
        var unfinished = Unfinished();
        foreach (var number in Ledger.Keys.Concat(unfinished.Keys).Order())
            yield return (
                number,
                With(number, Ledger.TryGetValue(number, out var rows) ? Events(number, rows) : [.. unfinished[number]])
            );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _connection.Dispose();
    }

    // Where each game that ended stands. Read once; a run that goes on meanwhile is not followed.
    private Dictionary<long, RowSpan> Ledger =>
        _ledger ??= ReadRun().OfType<GamesFinished>().SelectMany(f => f.Entries).ToDictionary(e => e.Game, e => e.Rows);

    // The events of games that are not in the ledger: those that a run which was killed had in flight.
    private Dictionary<long, List<GameEvent>> Unfinished()
    {
        var games = new Dictionary<long, List<GameEvent>>();
        foreach (var table in Tables())
        foreach (var (_, events, fault) in ReadTable(table))
        foreach (var (game, e) in events?.Events ?? throw new InvalidDataException(fault))
        {
            if (Ledger.ContainsKey(game))
                continue;
            if (!games.TryGetValue(game, out var log))
                games.Add(game, log = []);
            log.Add(e);
        }
        return games;
    }

    private ImmutableArray<GameEvent> With(long number, ImmutableArray<GameEvent> events) =>
        _measured is null ? events : events.AddRange(_measured[number].SelectMany(v => v));

    private ImmutableArray<GameEvent> Events(long number, RowSpan rows)
    {
        var events = ImmutableArray.CreateBuilder<GameEvent>(8);
        for (var row = rows.First; row <= rows.Last; row++)
            events.AddRange(RowOf(number, rows.Table, row, rows.Last)[number]);
        return events.Count > 0
            ? events.ToImmutable()
            : throw new InvalidDataException(
                $"game-{number}: is in the ledger but not in rows {rows.First} to {rows.Last} of {TableActor.IdOf(rows.Table)}. The journal was altered."
            );
    }

    private ILookup<long, GameEvent> RowOf(long number, int table, long row, long last)
    {
        if (_kept.TryGetValue((table, row), out var kept))
            return kept;
        (_rows.Parameters[0].Value, _rows.Parameters[1].Value, _rows.Parameters[2].Value) = (
            TableActor.IdOf(table),
            row,
            Math.Min(last, row + 31)
        );
        var next = row;
        foreach (var read in Rows(_rows))
        {
            if (read.GetInt64(0) != next)
                break;
            try
            {
                Keep((table, next++), (TableRow)Event(read, 1, $"{TableActor.IdOf(table)}, row {next - 1}"));
            }
            catch (InvalidDataException e) when (next - 1 == row)
            {
                throw new InvalidDataException($"game-{number}: {e.Message}", e);
            }
            catch (InvalidDataException)
            {
                break; // whoever needs that row is told
            }
        }
        return _kept.TryGetValue((table, row), out kept)
            ? kept
            : throw new InvalidDataException(
                $"game-{number}: row {row} of {TableActor.IdOf(table)} is missing. The journal was altered."
            );
    }

    private void Keep((int, long) key, TableRow row)
    {
        if (!_kept.TryAdd(key, row.Events.ToLookup(e => e.Game, e => e.Event)))
            return;
        _order.Enqueue((key, row.Events.Length));
        _eventsKept += row.Events.Length;
        while (_eventsKept > MostEventsKept && _order.Count > 64)
        {
            var (oldest, events) = _order.Dequeue();
            _kept.Remove(oldest);
            _eventsKept -= events;
        }
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
                    if (!reader.Read())
                        yield break;
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
            return EventCodec.Read(row.GetFieldValue<byte[]>(manifest + 1), row.GetString(manifest));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{id}: {e.Message}", e);
        }
    }

    private static UserException Damaged(string where, DbException e) =>
        new(
            $"{where}: the journal cannot be read ({e.Message}). It was cut short, altered, or is no journal; restore it from a copy.",
            e
        );
}
