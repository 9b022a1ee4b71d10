// Proves from the journal alone that a run is what it says: every event re-applied, every count added up. Loads no model.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Configuration;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;
using AgentArena.Core.Runs;

namespace AgentArena.Actors;

/// <summary>What an audit found.</summary>
/// <param name="Faults">Each names its game or stream; empty when all is well.</param>
/// <param name="Games">Games re-applied.</param>
/// <param name="Events">Events re-applied.</param>
/// <param name="Finished">Games in the ledger.</param>
/// <param name="Consumed">Ledger entries that learners turned into updates, by policy.</param>
public sealed record AuditReport(ImmutableArray<string> Faults, long Games, long Events, long Finished, ImmutableSortedDictionary<string, long> Consumed);

/// <summary>Re-applies a run.</summary>
public static class RunAudit
{
    /// <summary>Audits the run; stops at the first fault of a stream, goes on with the others, lists at most <paramref name="most"/>.</summary>
    public static AuditReport Check(JournalReader reader, int most = 20)
    {
        var faults = new List<string>();
        var run = new RunState(faults);
        var events = 0L;
        try
        {
            foreach (var (stream, sequenceNr, e) in reader.ReadRunStream())
            {
                run.Apply(stream, sequenceNr, e);
                events++;
            }
        }
        catch (InvalidDataException e)
        {
            faults.Add(e.Message);
        }
        long games = 0;
        if (run.Ground is { } ground)
            foreach (var number in reader.Numbers())
            {
                if (faults.Count >= most) break;
                games++;
                try
                {
                    var log = reader.ReadGame(number);
                    events += log.Length;
                    if (Replay(ground, run, number, log) is { } fault) faults.Add($"{GameActor.IdOf(number)}: {fault}");
                }
                catch (Exception e) when (e is InvalidDataException or InvalidOperationException or ArgumentException)
                {
                    faults.Add(e.Message.StartsWith("game-", StringComparison.Ordinal) ? e.Message : $"{GameActor.IdOf(number)}: {e.Message}");
                }
            }
        run.Close();
        return new AuditReport([.. faults], games, events, run.LedgerEnd, run.Consumed.ToImmutableSortedDictionary());
    }

    /// <summary>Null when every event of a game follows from the one before and from the run's assignment, else the first that does not.</summary>
    private static string? Replay(Playground ground, RunState run, long number, ImmutableArray<GameEvent> log)
    {
        if (log[0] is not GameStarted started) return "event 1 is not game-started.";
        if (!run.Assigned.TryGetValue(number, out var assignment)) return "was played without having been assigned.";
        if (assignment.Game != started.Game || assignment.Setup != started.Setup || !assignment.Seats.SequenceEqual(started.Seats)) return "event 1 differs from the game's assignment.";
        var game = ground.Games[started.Game];
        GameState? state = null;
        for (var i = 0; i < log.Length; i++)
        {
            var e = log[i];
            if (state is not null && CheckStep(ground, game, state, e) is { } fault) return $"event {i + 1}: {fault}";
            var stream = new RandomStream(RandomStream.Derive(started.Setup.Seed, "chance", i));
            (GameEvent? without, ImmutableArray<string> recorded) = e switch
            {
                GameStarted s => ((GameEvent?)(s with { Chance = [] }), s.Chance),
                MoveMade m => (m with { Chance = [] }, m.Chance),
                SeatForfeited f => (f with { Chance = [] }, f.Chance),
                _ => (null, []),
            };
            if (without is not null)
            {
                var bare = game.Apply(state, without);
                var chance = game.Settle(ref bare, ref stream);
                if (!chance.SequenceEqual(recorded)) return $"event {i + 1}: chance moved {string.Join(", ", recorded)}; by the game's seed it is {string.Join(", ", chance)}.";
                state = bare;
            }
            else state = game.Apply(state, e);
            if (e is GameEnded or GameFailed && i < log.Length - 1) return $"event {i + 2}: comes after the end.";
        }
        return run.Finished.TryGetValue(number, out var entry) ? CheckEnd(log[^1], entry) : null;
    }

    private static string? CheckStep(Playground ground, Game game, GameState state, GameEvent e)
    {
        switch (e)
        {
            case MoveMade made:
                var turn = game.OpenTurn(state, made.Turn);
                if (turn.Seat != made.Seat) return $"turn {made.Turn} is seat {turn.Seat}'s, not seat {made.Seat}'s.";
                if (game.Check(state, turn, new Move(made.Move)) is { } illegal) return illegal;
                return made.Said is { } said ? CheckSaid(ground, game, turn, said, made.Move) : null;
            case MoveRefused { Said: { } bad }:
                return CheckLengths(bad);
            case GameEnded ended:
                var now = game.Outcome(ended.Outcome.Kind == OutcomeKind.Truncated ? state with { Cut = true } : state);
                if (now is null) return "the game is not over by its rules.";
                return now.Kind == ended.Outcome.Kind && now.Payoffs.SequenceEqual(ended.Outcome.Payoffs) ? null
                    : $"recorded {ended.Outcome.Kind} {string.Join(", ", ended.Outcome.Payoffs)}; by the rules it is {now.Kind} {string.Join(", ", now.Payoffs)}.";
            default:
                return null;
        }
    }

    /// <summary>What was said must still be read as the move that was made.</summary>
    private static string? CheckSaid(Playground ground, Game game, Turn turn, Utterance said, string move)
    {
        if (CheckLengths(said) is { } fault) return fault;
        var reading = ground.RoleOf(said.Policy, turn.Role).Parse(game, turn, said.Text);
        return reading.Move?.Text == move ? null : $"'{said.Text}' is read as {(reading.Move is { } read ? $"'{read}'" : "no move")}, but the move recorded is '{move}'.";
    }

    private static string? CheckLengths(Utterance said) =>
        said.Tokens.Length == said.LogProbs.Length && (said.Allowed.IsDefaultOrEmpty || said.Allowed.Length == said.Tokens.Length) ? null
            : $"{said.Tokens.Length} tokens, {said.LogProbs.Length} log-probabilities.";

    private static string? CheckEnd(GameEvent last, LedgerEntry entry) => last switch
    {
        GameEnded { Outcome: var o } when o.Kind == entry.Kind && o.Payoffs.SequenceEqual(entry.Payoffs) => null,
        _ when entry.Kind == OutcomeKind.Aborted => null,
        _ => $"the ledger says {entry.Kind} {string.Join(", ", entry.Payoffs)}, its last event does not.",
    };

    /// <summary>The fold of the run's own streams.</summary>
    private sealed class RunState(List<string> faults)
    {
        private readonly Dictionary<string, long> _sequence = [];
        private readonly Dictionary<string, int> _versions = [];

        public Playground? Ground { get; private set; }

        public Dictionary<long, Assignment> Assigned { get; } = [];

        public Dictionary<long, LedgerEntry> Finished { get; } = [];

        public Dictionary<string, long> Consumed { get; } = [];

        public long LedgerEnd { get; private set; }

        public void Apply(string stream, long sequenceNr, RunEvent e)
        {
            var expected = _sequence.GetValueOrDefault(stream) + 1;
            if (sequenceNr != expected) faults.Add($"{stream}: event {expected} is missing (found {sequenceNr}).");
            _sequence[stream] = sequenceNr;
            switch (e)
            {
                case RunStarted started:
                    var mistakes = new Mistakes();
                    Ground = Playground.Build(Scenario.Bind(started.Scenario, "scenario", mistakes), mistakes);
                    if (Ground is null) faults.Add($"{stream}: the recorded scenario does not bind: {string.Join("; ", mistakes.All)}");
                    break;
                case GamesAssigned assigned:
                    foreach (var game in assigned.Games)
                        if (!Assigned.TryAdd(game.Number, game)) faults.Add($"game-{game.Number}: was assigned twice.");
                    break;
                case GamesFinished finished:
                    foreach (var entry in finished.Entries)
                    {
                        if (!Finished.TryAdd(entry.Game, entry)) faults.Add($"game-{entry.Game}: is in the ledger twice.");
                        if (!Assigned.ContainsKey(entry.Game)) faults.Add($"game-{entry.Game}: is in the ledger without having been assigned.");
                        LedgerEnd++;
                    }
                    break;
                case WeightsUpdated updated:
                    var from = Consumed.GetValueOrDefault(updated.Policy);
                    var version = _versions.GetValueOrDefault(updated.Policy) + 1;
                    if (updated.From != from || updated.To <= from) faults.Add($"{stream}: version {updated.Version} consumed the ledger from {updated.From} to {updated.To}; it should go on at {from}.");
                    if (updated.Version != version) faults.Add($"{stream}: version {updated.Version} follows {version - 1}.");
                    (Consumed[updated.Policy], _versions[updated.Policy]) = (updated.To, updated.Version);
                    break;
            }
        }

        public void Close()
        {
            foreach (var (policy, to) in Consumed)
                if (to > LedgerEnd) faults.Add($"learner-{policy}: consumed {to} ledger entries; there are {LedgerEnd}.");
        }
    }
}
