// Proves from the journal alone that a run is what it says: every event re-applied, every count added up. Loads no
// model.
using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Actors.Journal;

/// <summary>What an audit found.</summary>
/// <param name="Faults">Each names its game or stream; empty when all is well.</param>
/// <param name="Games">Games re-applied.</param>
/// <param name="Events">Events re-applied.</param>
/// <param name="Finished">Games in the ledger.</param>
/// <param name="Consumed">Ledger entries that learners turned into updates, by policy.</param>
public sealed record AuditReport(
    ImmutableArray<string> Faults,
    long Games,
    long Events,
    long Finished,
    ImmutableSortedDictionary<string, long> Consumed
);

/// <summary>Re-applies a run.</summary>
public static class RunAudit
{
    /// <summary>
    /// Audits the run; stops at the first fault of a game, goes on with the others, lists at most
    /// <paramref name="most"/>.
    /// </summary>
    /// <param name="reader">The run's journal.</param>
    /// <param name="catalogOf">Where the plug-ins of the recorded scenario come from.</param>
    /// <param name="most">The most faults told.</param>
    public static AuditReport Check(JournalReader reader, Func<Scenario, Catalog> catalogOf, int most = 20)
    {
        var faults = new List<string>();
        var run = new RunState(catalogOf, faults);
        var tables = new TableFold(run, faults);
        try
        {
            foreach (var (stream, sequenceNr, e) in reader.ReadRunStream())
            {
                run.Apply(stream, sequenceNr, e);
                tables.Events++;
            }
        }
        catch (InvalidDataException e)
        {
            faults.Add(e.Message);
        }
        if (run.Ground is not null)
            foreach (var table in reader.Tables())
                try
                {
                    foreach (var (row, events, fault) in reader.ReadTable(table))
                    {
                        if (faults.Count >= most)
                            break;
                        if (events is not null)
                            tables.Apply(table, row, events);
                        else
                            tables.Lose(table, row, fault!);
                    }
                }
                catch (InvalidDataException e)
                {
                    faults.Add(e.Message);
                }
        if (faults.Count < most)
            tables.Close();
        run.Close();
        return new AuditReport(
            [.. faults.Take(most)],
            tables.Games,
            tables.Events,
            run.LedgerEnd,
            run.Consumed.ToImmutableSortedDictionary()
        );
    }

    /// <summary>
    /// The fold of the tables' streams: each game is played again, from the answers it recorded, as soon as its last
    /// event is read.
    /// </summary>
    private sealed class TableFold(RunState run, List<string> faults)
    {
        private readonly Dictionary<long, (RowSpan Rows, List<GameEvent> Log)> _games = [];
        private readonly HashSet<long> _done = [];

        public long Games { get; private set; }

        public long Events { get; set; }

        public void Apply(int table, long row, TableRow events)
        {
            foreach (var (number, e) in events.Events)
            {
                Events++;
                if (_done.Contains(number))
                {
                    faults.Add(
                        $"game-{number}: {e.GetType().Name} in row {row} of {TableActor.IdOf(table)} comes after its end."
                    );
                    continue;
                }
                var (rows, log) = _games.GetValueOrDefault(number, (new RowSpan(table, row, row), []));
                log.Add(e);
                _games[number] = (rows with { Last = row }, log);
                if (e is not (GameEnded or GameFailed))
                    continue;
                Check(number);
            }
        }

        /// <summary>A row cannot be read: every game that may have events in it is lost.</summary>
        public void Lose(int table, long row, string fault)
        {
            var lost = run
                .Finished.Values.Where(e => e.Rows.Table == table && e.Rows.First <= row && row <= e.Rows.Last)
                .Select(e => e.Game)
                .Union(_games.Keys)
                .Order()
                .ToArray();
            foreach (var number in lost)
            {
                _done.Add(number);
                _games.Remove(number);
            }
            faults.Add(
                $"{(lost.Length == 0 ? "" : $"{string.Join(", ", lost.Take(40).Select(n => $"game-{n}"))}{(lost.Length > 40 ? ", …" : "")}: ")}{fault}"
            );
        }

        public void Close()
        {
            foreach (var number in _games.Keys.Order().ToArray())
                Check(number); // what a kill left unfinished
            foreach (var number in run.Finished.Keys.Except(_done).Order().Take(20))
                faults.Add($"game-{number}: is in the ledger but in no table's stream.");
        }

        private void Check(long number)
        {
            _games.Remove(number, out var game);
            _done.Add(number);
            Games++;
            string? fault;
            try
            {
                fault = Replay(run, number, game.Log, game.Rows);
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException)
            {
                fault = e.Message;
            }
            if (fault is not null)
                faults.Add($"game-{number}: {fault}");
        }
    }

    /// <summary>
    /// Null when a referee that is given the recorded answers decides on the recorded events, else where it does not.
    /// </summary>
    private static string? Replay(RunState run, long number, List<GameEvent> log, RowSpan rows)
    {
        var ground = run.Ground!;
        if (log[0] is not GameStarted started)
            return log is [GameFailed] ? CheckLedger(run, number, log, rows) : "event 1 is not game-started.";
        if (!run.Assigned.TryGetValue(number, out var assignment))
            return "was played without having been assigned.";
        if (
            assignment.Game != started.Game
            || assignment.Setup != started.Setup
            || !assignment.Seats.SequenceEqual(started.Seats)
        )
            return "event 1 differs from the game's assignment.";
        var referee = new Referee(ground.Games[started.Game], ground.Scenario.Run.Limits);
        for (var seat = 0; seat < started.Seats.Length; seat++)
            if (ground.PlayerOf(started.Seats[seat]).IsPatientlyAsked)
                referee.BePatientWith(seat);
        referee.Begin(started.Game, started.Setup, started.Seats);
        for (var i = 0; i < log.Count; i++)
        {
            if (i == referee.Log.Count && GiveAnswer(ground, referee, log[i]) is { } fault)
                return $"event {i + 1}: {fault}";
            if (Difference(referee.Log[i], log[i]) is { } difference)
                return $"event {i + 1}: {difference}";
        }
        return referee.IsOver && log[^1] is not (GameEnded or GameFailed)
            ? "its end is missing."
            : CheckLedger(run, number, log, rows);
    }

    // Gives the referee the answer that led to a recorded event.
    private static string? GiveAnswer(BoundScenario ground, Referee referee, GameEvent e)
    {
        if (referee.IsOver)
            return "comes after the end.";
        if (e is GameFailed failed)
        {
            referee.Fail(failed.Boundary, failed.Error);
            return null;
        }
        var (id, seat, said) = e switch
        {
            MoveMade m => (m.Turn, m.Seat, m.Said),
            MoveRefused r => (r.Turn, r.Seat, r.Said),
            _ => (-1, -1, null),
        };
        if (referee.Open.FirstOrDefault(o => o.Turn.Id == id) is not { } open)
            return $"{e.GetType().Name} does not follow: turn {id} is not open.";
        if (open.Turn.Seat != seat)
            return $"turn {id} is seat {open.Turn.Seat}'s, not seat {seat}'s.";
        if (said is not null && CheckLengths(said) is { } fault)
            return fault;
        // What was said must still be read as the move that was made, or as the fault it was refused for.
        var answer = said is null
            ? new SeatAnswer((e as MoveMade)?.Move, (e as MoveRefused)?.Reason)
            : SeatTurn.Read(ground.RoleOf(said.Policy, open.Turn.Role), referee.Game, open.Turn, said);
        if (said is not null && e is MoveMade { Move: var move } && answer.Move != move)
            return $"'{said.Text}' is read as {(answer.Move is { } read ? $"'{read}'" : "no move")}, but the move recorded is '{move}'.";
        referee.Answer(id, open.Attempt, answer with { Tools = e is MoveMade made ? made.Tools : [] });
        return null;
    }

    private static string? Difference(GameEvent decided, GameEvent recorded) =>
        (decided, recorded) switch
        {
            (GameStarted d, GameStarted r) => Chance(d.Chance, r.Chance),
            (MoveMade d, MoveMade r) => (d.Turn, d.Seat, d.Move) == (r.Turn, r.Seat, r.Move)
                ? Chance(d.Chance, r.Chance)
                : Other(decided, recorded),
            (MoveRefused d, MoveRefused r) => (d.Turn, d.Seat, d.Reason) == (r.Turn, r.Seat, r.Reason)
                ? null
                : $"refused because of '{r.Reason}'; by the rules: '{d.Reason}'.",
            (SeatForfeited d, SeatForfeited r) => (d.Turn, d.Seat, d.Reason) == (r.Turn, r.Seat, r.Reason)
                ? Chance(d.Chance, r.Chance)
                : Other(decided, recorded),
            (GameEnded { Outcome: var d }, GameEnded { Outcome: var r }) => d.Kind != r.Kind
            || !d.Payoffs.SequenceEqual(r.Payoffs)
                ? $"recorded {r.Kind} {string.Join(", ", r.Payoffs)}; by the rules it is {d.Kind} {string.Join(", ", d.Payoffs)}."
            : (d.Note, d.Product) == (r.Note, r.Product) && d.Measures.SequenceEqual(r.Measures) ? null
            : "its measures, note or product are not those of the rules.",
            (GameFailed d, GameFailed r) when d == r => null,
            _ => Other(decided, recorded),
        };

    private static string Other(GameEvent decided, GameEvent recorded) =>
        $"recorded {recorded.GetType().Name}{Move(recorded)}; by the rules it is {decided.GetType().Name}{Move(decided)}.";

    private static string Move(GameEvent e) =>
        e switch
        {
            MoveMade m => $" '{m.Move}'",
            MoveRefused r => $" ({r.Reason})",
            GameFailed f => $" ({f.Error})",
            _ => "",
        };

    private static string? Chance(ImmutableArray<string> decided, ImmutableArray<string> recorded) =>
        decided.SequenceEqual(recorded)
            ? null
            : $"chance moved {string.Join(", ", recorded)}; by the game's seed it is {string.Join(", ", decided)}.";

    private static string? CheckLengths(Utterance said) =>
        said.Tokens.Length == said.LogProbs.Length
        && (said.Allowed.IsDefaultOrEmpty || said.Allowed.Length == said.Tokens.Length)
            ? null
            : $"{said.Tokens.Length} tokens, {said.LogProbs.Length} log-probabilities.";

    private static string? CheckLedger(RunState run, long number, List<GameEvent> log, RowSpan rows)
    {
        if (!run.Finished.TryGetValue(number, out var entry))
            return null;
        if (entry.Rows != rows)
            return $"the ledger finds it in {Where(entry.Rows)}; it stands in {Where(rows)}.";
        return log[^1] switch
        {
            GameEnded { Outcome: var o } when o.Kind == entry.Kind && o.Payoffs.SequenceEqual(entry.Payoffs) => null,
            GameFailed when entry.Kind == OutcomeKind.Aborted => null,
            _ => $"the ledger says {entry.Kind} {string.Join(", ", entry.Payoffs)}, its last event does not.",
        };
    }

    private static string Where(RowSpan rows) => $"rows {rows.First} to {rows.Last} of {TableActor.IdOf(rows.Table)}";

    /// <summary>The fold of the run's own streams.</summary>
    private sealed class RunState(Func<Scenario, Catalog> catalogOf, List<string> faults)
    {
        private readonly Dictionary<string, long> _sequence = [];
        private readonly Dictionary<string, int> _versions = [];

        public BoundScenario? Ground { get; private set; }

        public Dictionary<long, Assignment> Assigned { get; } = [];

        public Dictionary<long, LedgerEntry> Finished { get; } = [];

        public Dictionary<string, long> Consumed { get; } = [];

        public long LedgerEnd { get; private set; }

        public void Apply(string stream, long sequenceNr, RunEvent e)
        {
            var expected = _sequence.GetValueOrDefault(stream) + 1;
            if (sequenceNr != expected)
                faults.Add($"{stream}: event {expected} is missing (found {sequenceNr}).");
            _sequence[stream] = sequenceNr;
            switch (e)
            {
                case RunStarted started:
                    var mistakes = new Mistakes();
                    var scenario = Scenario.Bind(started.Scenario, "scenario", mistakes);
                    Ground = BoundScenario.Bind(scenario, catalogOf(scenario), mistakes);
                    if (Ground is null)
                        faults.Add($"{stream}: the recorded scenario does not bind: {string.Join("; ", mistakes.All)}");
                    else
                        foreach (var (file, hash) in Ground.Catalog.Files.Hashes)
                            if (started.Data?.GetValueOrDefault(file) is { } played && played != hash)
                                faults.Add(
                                    $"{stream}: '{file}' is not what this run was played with (SHA-256 {played}, now {hash}). Restore it."
                                );
                    break;
                case GamesAssigned assigned:
                    foreach (var game in assigned.Games)
                        if (!Assigned.TryAdd(game.Number, game))
                            faults.Add($"game-{game.Number}: was assigned twice.");
                    break;
                case GamesFinished finished:
                    foreach (var entry in finished.Entries)
                    {
                        if (!Finished.TryAdd(entry.Game, entry))
                            faults.Add($"game-{entry.Game}: is in the ledger twice.");
                        if (!Assigned.ContainsKey(entry.Game))
                            faults.Add($"game-{entry.Game}: is in the ledger without having been assigned.");
                        LedgerEnd++;
                    }
                    break;
                case WeightsUpdated updated:
                    var from = Consumed.GetValueOrDefault(updated.Policy);
                    var version = _versions.GetValueOrDefault(updated.Policy) + 1;
                    if (updated.From != from || updated.To <= from)
                        faults.Add(
                            $"{stream}: version {updated.Version} consumed the ledger from {updated.From} to {updated.To}; it should go on at {from}."
                        );
                    if (updated.Version != version)
                        faults.Add($"{stream}: version {updated.Version} follows {version - 1}.");
                    (Consumed[updated.Policy], _versions[updated.Policy]) = (updated.To, updated.Version);
                    break;
            }
        }

        public void Close()
        {
            foreach (var (policy, to) in Consumed)
                if (to > LedgerEnd)
                    faults.Add($"learner-{policy}: consumed {to} ledger entries; there are {LedgerEnd}.");
        }
    }
}
