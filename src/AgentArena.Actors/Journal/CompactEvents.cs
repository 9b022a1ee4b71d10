// How the events of which there are many look on disk: games' events by the row, assignments, ledger entries. Knows no
// stream.
using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Actors.Journal;

/// <summary>
/// The compact form. Numbers are written as differences to the one before where they rise together; what a reader can
/// tell from the kind of event is not written. <c>./arena replay RUN GAME --json</c> shows the same events as JSON.
/// </summary>
internal static class CompactEvents
{
    private enum Kind : byte
    {
        Started,
        Moved,
        Refused,
        Forfeited,
        Measured,
        Ended,
        Failed,
    }

    // --- rows of a table

    /// <summary>A row's events, each with its game.</summary>
    public static void Write(CompactWriter to, TableRow row)
    {
        to.Count(row.Events.Length);
        var before = 0L;
        foreach (var (game, e) in row.Events)
        {
            to.Signed(game - before);
            before = game;
            Write(to, e);
        }
    }

    /// <summary>What <see cref="Write(CompactWriter, TableRow)"/> wrote.</summary>
    public static TableRow ReadRow(ref CompactReader from)
    {
        var events = new (long, GameEvent)[from.Count(bytesEach: 2)];
        var game = 0L;
        for (var i = 0; i < events.Length; i++)
            events[i] = (game += from.Signed(), ReadEvent(ref from));
        return new TableRow([.. events]);
    }

    /// <summary>A snapshot's games.</summary>
    public static void Write(CompactWriter to, TableSnapshot snapshot)
    {
        to.Count(snapshot.Games.Length);
        foreach (var game in snapshot.Games)
        {
            to.Signed(game.Game);
            to.Signed(game.First);
            to.Signed(game.Last - game.First);
            to.Count(game.Events.Length);
            foreach (var e in game.Events)
                Write(to, e);
        }
    }

    /// <summary>What <see cref="Write(CompactWriter, TableSnapshot)"/> wrote.</summary>
    public static TableSnapshot ReadSnapshot(ref CompactReader from)
    {
        var games = new GameSoFar[from.Count(bytesEach: 4)];
        for (var i = 0; i < games.Length; i++)
        {
            var (number, first) = (from.Signed(), from.Signed());
            var last = first + from.Signed();
            var events = new GameEvent[from.Count()];
            for (var e = 0; e < events.Length; e++)
                events[e] = ReadEvent(ref from);
            games[i] = new GameSoFar(number, first, last, [.. events]);
        }
        return new TableSnapshot([.. games]);
    }

    // --- the arena's

    /// <summary>Assignments.</summary>
    public static void Write(CompactWriter to, GamesAssigned assigned)
    {
        to.Count(assigned.Games.Length);
        var before = 0L;
        foreach (var game in assigned.Games)
        {
            to.Signed(game.Number - before);
            before = game.Number;
            to.Text(game.Game);
            to.Setup(game.Setup);
            to.Texts(game.Seats);
        }
    }

    /// <summary>What <see cref="Write(CompactWriter, GamesAssigned)"/> wrote.</summary>
    public static GamesAssigned ReadAssigned(ref CompactReader from)
    {
        var games = new Assignment[from.Count(bytesEach: 12)];
        var number = 0L;
        for (var i = 0; i < games.Length; i++)
            games[i] = new Assignment(number += from.Signed(), from.Text(), from.Setup(), from.Texts());
        return new GamesAssigned([.. games]);
    }

    /// <summary>Ledger entries.</summary>
    public static void Write(CompactWriter to, GamesFinished finished)
    {
        to.Count(finished.Entries.Length);
        var (game, row) = (0L, 0L);
        foreach (var entry in finished.Entries)
        {
            to.Signed(entry.Game - game);
            game = entry.Game;
            to.Byte((byte)entry.Kind);
            to.Doubles(entry.Payoffs);
            to.Measures(entry.Measures);
            to.Text(entry.Product);
            to.Count(entry.Rows.Table);
            to.Signed(entry.Rows.First - row);
            row = entry.Rows.First;
            to.Signed(entry.Rows.Last - row);
        }
    }

    /// <summary>What <see cref="Write(CompactWriter, GamesFinished)"/> wrote.</summary>
    public static GamesFinished ReadFinished(ref CompactReader from)
    {
        var entries = new LedgerEntry[from.Count(bytesEach: 8)];
        var (game, row) = (0L, 0L);
        for (var i = 0; i < entries.Length; i++)
        {
            game += from.Signed();
            var entry = new LedgerEntry(game, from.Kind(), from.Doubles())
            {
                Measures = from.Measures(),
                Product = from.TextOrNone(),
            };
            var table = from.Small();
            row += from.Signed();
            entries[i] = entry with { Rows = new RowSpan(table, row, row + from.Signed()) };
        }
        return new GamesFinished([.. entries]);
    }

    // --- a game's events

    private static void Write(CompactWriter to, GameEvent e)
    {
        switch (e)
        {
            case GameStarted started:
                to.Byte((byte)Kind.Started);
                to.Text(started.Game);
                to.Setup(started.Setup);
                to.Texts(started.Seats);
                to.Texts(started.Chance);
                break;
            case MoveMade made:
                to.Byte((byte)Kind.Moved);
                to.Count(made.Turn);
                to.Count(made.Seat);
                to.Text(made.Move);
                to.Said(made.Said);
                to.Count(made.Tools.Length);
                foreach (var tool in made.Tools)
                {
                    to.Text(tool.Tool);
                    to.Text(tool.Input);
                    to.Text(tool.Output);
                }
                to.Texts(made.Chance);
                break;
            case MoveRefused refused:
                to.Byte((byte)Kind.Refused);
                to.Count(refused.Turn);
                to.Count(refused.Seat);
                to.Text(refused.Reason);
                to.Said(refused.Said);
                break;
            case SeatForfeited forfeit:
                to.Byte((byte)Kind.Forfeited);
                to.Count(forfeit.Turn);
                to.Count(forfeit.Seat);
                to.Text(forfeit.Reason);
                to.Texts(forfeit.Chance);
                break;
            case Measured measured:
                to.Byte((byte)Kind.Measured);
                to.Text(measured.Name);
                to.Count(measured.Seat);
                to.Doubles(measured.Values);
                break;
            case GameEnded ended:
                to.Byte((byte)Kind.Ended);
                to.Byte((byte)ended.Outcome.Kind);
                to.Doubles(ended.Outcome.Payoffs);
                to.Text(ended.Outcome.Note);
                to.Measures(ended.Outcome.Measures);
                to.Text(ended.Outcome.Product);
                break;
            case GameFailed failed:
                to.Byte((byte)Kind.Failed);
                to.Text(failed.Boundary);
                to.Text(failed.Error);
                break;
            default:
                throw new ArgumentException($"{e.GetType().Name} has no compact form. Add it to CompactEvents.");
        }
    }

    private static GameEvent ReadEvent(ref CompactReader from)
    {
        switch ((Kind)from.Byte())
        {
            case Kind.Started:
                return new GameStarted(from.Text(), from.Setup(), from.Texts()) { Chance = from.Texts() };
            case Kind.Moved:
                var (turn, seat, move, said) = (from.Small(), from.Small(), from.Text(), from.Said());
                var tools = new ToolCall[from.Count(bytesEach: 3)];
                for (var i = 0; i < tools.Length; i++)
                    tools[i] = new ToolCall(from.Text(), from.Text(), from.Text());
                return new MoveMade(turn, seat, move)
                {
                    Said = said,
                    Tools = [.. tools],
                    Chance = from.Texts(),
                };
            case Kind.Refused:
                return new MoveRefused(from.Small(), from.Small(), from.Text()) { Said = from.Said() };
            case Kind.Forfeited:
                return new SeatForfeited(from.Small(), from.Small(), from.Text()) { Chance = from.Texts() };
            case Kind.Measured:
                return new Measured(from.Text(), from.Small(), from.Doubles());
            case Kind.Ended:
                return new GameEnded(
                    new Outcome(from.Kind(), from.Doubles())
                    {
                        Note = from.TextOrNone(),
                        Measures = from.Measures(),
                        Product = from.TextOrNone(),
                    }
                );
            case Kind.Failed:
                return new GameFailed(from.Text(), from.Text());
            default:
                throw CompactReader.Altered("an event of no known kind");
        }
    }
}
