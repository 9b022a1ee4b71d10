// How the events of which there are many look on disk: games' events by the row, assignments, ledger entries. Knows no
// stream.
using System.Collections.Immutable;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;
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

    // Which parts of an utterance follow.
    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Values = 1,
        Allowed = 2,
        Versions = 4,
        Ends = 8,
        Truncated = 16,
        Temperature = 32,
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
            Write(to, game.Setup);
            Write(to, game.Seats);
        }
    }

    /// <summary>What <see cref="Write(CompactWriter, GamesAssigned)"/> wrote.</summary>
    public static GamesAssigned ReadAssigned(ref CompactReader from)
    {
        var games = new Assignment[from.Count(bytesEach: 12)];
        var number = 0L;
        for (var i = 0; i < games.Length; i++)
            games[i] = new Assignment(number += from.Signed(), from.Text(), ReadSetup(ref from), ReadTexts(ref from));
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
            Write(to, entry.Payoffs);
            Write(to, entry.Measures);
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
            var entry = new LedgerEntry(game, ReadKind(ref from), ReadNumbers(ref from))
            {
                Measures = ReadMeasures(ref from),
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
                Write(to, started.Setup);
                Write(to, started.Seats);
                Write(to, started.Chance);
                break;
            case MoveMade made:
                to.Byte((byte)Kind.Moved);
                to.Count(made.Turn);
                to.Count(made.Seat);
                to.Text(made.Move);
                Write(to, made.Said);
                to.Count(made.Tools.Length);
                foreach (var tool in made.Tools)
                {
                    to.Text(tool.Tool);
                    to.Text(tool.Input);
                    to.Text(tool.Output);
                }
                Write(to, made.Chance);
                break;
            case MoveRefused refused:
                to.Byte((byte)Kind.Refused);
                to.Count(refused.Turn);
                to.Count(refused.Seat);
                to.Text(refused.Reason);
                Write(to, refused.Said);
                break;
            case SeatForfeited forfeit:
                to.Byte((byte)Kind.Forfeited);
                to.Count(forfeit.Turn);
                to.Count(forfeit.Seat);
                to.Text(forfeit.Reason);
                Write(to, forfeit.Chance);
                break;
            case Measured measured:
                to.Byte((byte)Kind.Measured);
                to.Text(measured.Name);
                to.Count(measured.Seat);
                Write(to, measured.Values);
                break;
            case GameEnded ended:
                to.Byte((byte)Kind.Ended);
                to.Byte((byte)ended.Outcome.Kind);
                Write(to, ended.Outcome.Payoffs);
                to.Text(ended.Outcome.Note);
                Write(to, ended.Outcome.Measures);
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
                return new GameStarted(from.Text(), ReadSetup(ref from), ReadTexts(ref from))
                {
                    Chance = ReadTexts(ref from),
                };
            case Kind.Moved:
                var (turn, seat, move, said) = (from.Small(), from.Small(), from.Text(), ReadSaid(ref from));
                var tools = new ToolCall[from.Count(bytesEach: 3)];
                for (var i = 0; i < tools.Length; i++)
                    tools[i] = new ToolCall(from.Text(), from.Text(), from.Text());
                return new MoveMade(turn, seat, move)
                {
                    Said = said,
                    Tools = [.. tools],
                    Chance = ReadTexts(ref from),
                };
            case Kind.Refused:
                return new MoveRefused(from.Small(), from.Small(), from.Text()) { Said = ReadSaid(ref from) };
            case Kind.Forfeited:
                return new SeatForfeited(from.Small(), from.Small(), from.Text()) { Chance = ReadTexts(ref from) };
            case Kind.Measured:
                return new Measured(from.Text(), from.Small(), ReadNumbers(ref from));
            case Kind.Ended:
                return new GameEnded(
                    new Outcome(ReadKind(ref from), ReadNumbers(ref from))
                    {
                        Note = from.TextOrNone(),
                        Measures = ReadMeasures(ref from),
                        Product = from.TextOrNone(),
                    }
                );
            case Kind.Failed:
                return new GameFailed(from.Text(), from.Text());
            default:
                throw CompactReader.Altered("an event of no known kind");
        }
    }

    private static void Write(CompactWriter to, Utterance? said)
    {
        to.Text(said?.Policy);
        if (said is null)
            return;
        var parts =
            (said.Values.IsDefault ? Parts.None : Parts.Values)
            | (said.Allowed.IsDefault ? Parts.None : Parts.Allowed)
            | (said.Versions.IsDefault ? Parts.None : Parts.Versions)
            | (said.Ends.IsDefault ? Parts.None : Parts.Ends)
            | (said.Truncated ? Parts.Truncated : Parts.None)
            | (said.Temperature == 1 ? Parts.None : Parts.Temperature);
        to.Byte((byte)parts);
        to.Count(said.Version);
        to.Text(said.Text);
        to.Ids(said.Prompt);
        to.Ids(said.Tokens);
        Write(to, said.LogProbs);
        if (parts.HasFlag(Parts.Values))
            Write(to, said.Values);
        if (parts.HasFlag(Parts.Allowed))
        {
            to.Count(said.Allowed.Length);
            foreach (var ids in said.Allowed)
                to.Ids(ids);
        }
        if (parts.HasFlag(Parts.Versions))
            to.Plain(said.Versions);
        if (parts.HasFlag(Parts.Ends))
            to.Plain(said.Ends);
        if (parts.HasFlag(Parts.Temperature))
            to.Single(said.Temperature);
    }

    private static Utterance? ReadSaid(ref CompactReader from)
    {
        if (from.TextOrNone() is not { } policy)
            return null;
        var parts = (Parts)from.Byte();
        var said = new Utterance
        {
            Policy = policy,
            Version = from.Small(),
            Text = from.Text(),
            Prompt = from.Ids(),
            Tokens = from.Ids(),
            LogProbs = ReadSingles(ref from),
            Truncated = parts.HasFlag(Parts.Truncated),
        };
        if (parts.HasFlag(Parts.Values))
            said = said with { Values = ReadSingles(ref from) };
        if (parts.HasFlag(Parts.Allowed))
        {
            var allowed = new ImmutableArray<int>[from.Count()];
            for (var i = 0; i < allowed.Length; i++)
                allowed[i] = from.Ids();
            said = said with { Allowed = [.. allowed] };
        }
        if (parts.HasFlag(Parts.Versions))
            said = said with { Versions = from.Plain() };
        if (parts.HasFlag(Parts.Ends))
            said = said with { Ends = from.Plain() };
        return parts.HasFlag(Parts.Temperature) ? said with { Temperature = from.Single() } : said;
    }

    // --- parts

    private static void Write(CompactWriter to, GameSetup setup)
    {
        to.Fixed(setup.Seed);
        to.Text(setup.Task);
        to.Count(setup.Group is null ? 0 : 1);
        if (setup.Group is { } group)
            to.Signed(group);
    }

    private static GameSetup ReadSetup(ref CompactReader from)
    {
        var setup = new GameSetup(from.Fixed(), from.TextOrNone());
        return from.Byte() == 0 ? setup : setup with { Group = from.Signed() };
    }

    private static void Write(CompactWriter to, ImmutableArray<string> texts)
    {
        to.Count(texts.IsDefault ? 0 : texts.Length);
        if (!texts.IsDefault)
            foreach (var text in texts)
                to.Text(text);
    }

    private static ImmutableArray<string> ReadTexts(ref CompactReader from)
    {
        var texts = new string[from.Count()];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = from.Text();
        return [.. texts];
    }

    private static void Write(CompactWriter to, ImmutableArray<float> numbers)
    {
        to.Count(numbers.Length);
        foreach (var number in numbers)
            to.Single(number);
    }

    private static ImmutableArray<float> ReadSingles(ref CompactReader from)
    {
        var numbers = new float[from.Count(bytesEach: 4)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = from.Single();
        return [.. numbers];
    }

    private static void Write(CompactWriter to, ImmutableArray<double> numbers)
    {
        to.Count(numbers.Length);
        foreach (var number in numbers)
            to.Double(number);
    }

    private static ImmutableArray<double> ReadNumbers(ref CompactReader from)
    {
        var numbers = new double[from.Count()];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = from.Double();
        return [.. numbers];
    }

    private static void Write(CompactWriter to, ImmutableSortedDictionary<string, double> measures)
    {
        to.Count(measures.Count);
        foreach (var (name, value) in measures)
        {
            to.Text(name);
            to.Double(value);
        }
    }

    private static ImmutableSortedDictionary<string, double> ReadMeasures(ref CompactReader from)
    {
        var count = from.Count(bytesEach: 2);
        if (count == 0)
            return ImmutableSortedDictionary<string, double>.Empty;
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        for (var i = 0; i < count; i++)
            measures[from.Text()] = from.Double();
        return measures.ToImmutable();
    }

    private static OutcomeKind ReadKind(ref CompactReader from) =>
        (OutcomeKind)from.Byte() is var kind && Enum.IsDefined(kind)
            ? kind
            : throw CompactReader.Altered("an outcome of no known kind");
}
