// The unit of persistence: many games at once, one stream. Knows the referee and the seats' mailboxes, never a prompt
// or a model.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using Akka.Actor;
using Akka.Persistence;

namespace AgentArena.Actors;

/// <summary>
/// Plays games and persists what they do, in groups (group commit): a row is due when nothing is being played any more,
/// or when its oldest event has waited <c>arena.group-commit.rows</c>; what happens while a row is being written joins
/// the next. So the journal costs a write a group of events, and a game never waits for it. Nothing outside learns of a
/// game before
/// <see cref="GamesOver"/>, which is sent when its last event is on disk: a crash before that plays the game on from an
/// earlier state, with the same seeds.
/// </summary>
public sealed class TableActor : JournalledActor, IWithTimers
{
    private const int MostEventsPerRow = 8192; // a row stays a few megabytes at most, however many games begin at once
    private const int MostTurnsPerMessage = 64; // the model begins with the first while the next are being worded
    private const int MostWaitsTold = 64;

    private sealed record Tick;

    private sealed record RowIsDue;

    // A game and when each of its questions was asked.
    private sealed class Seated(Referee referee, ImmutableArray<string> policies, string name)
    {
        public Referee Referee { get; } = referee;
        public ImmutableArray<string> Policies { get; } = policies;
        public string Name { get; } = name;
        public List<(OpenTurn Turn, long Since)> Asked { get; } = new(1);
        public int Written { get; set; } // events of the log that were gathered into a row
        public long First { get; set; }
        public long Last { get; set; }
    }

    private readonly BoundScenario _ground;
    private readonly int _number;
    private readonly IReadOnlyDictionary<string, IActorRef> _backends;
    private readonly TimeProvider _time;
    private readonly GameLimits _limits;
    private readonly TimeSpan _gathering = Context.System.Settings.Config.GetTimeSpan(
        "arena.group-commit.rows",
        TimeSpan.FromMilliseconds(10)
    );
    private readonly long _rowsPerSnapshot = Context.System.Settings.Config.GetLong("arena.rows-per-snapshot", 4096);
    private readonly Dictionary<long, Seated> _playing = [];

    // of an earlier incarnation: not yet told whether to go on
    private readonly Dictionary<long, GameSoFar> _begun = [];
    private readonly List<long> _endings = []; // of games begun by an earlier incarnation, in the order they ended
    private readonly OrderedDictionary<long, GameOver> _ended = []; // not known to stand in the ledger
    private readonly Dictionary<string, IActorRef> _seats = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, ImmutableArray<TurnOpened>.Builder> _toAsk = [];
    private ImmutableArray<(long, GameEvent)>.Builder _row = ImmutableArray.CreateBuilder<(long, GameEvent)>();
    private List<GameOver> _overInRow = [];
    private long _snapshotAt;
    private bool _due; // the row has gathered for long enough
    private long _handedOver; // the newest row that was handed to the journal; LastSequenceNr is the newest on disk

    /// <param name="ground">The scenario, bound.</param>
    /// <param name="number">Which table of the run.</param>
    /// <param name="backends">Who is asked for a policy: the model actor, or a tool's own.</param>
    /// <param name="time">The clock that deadlines are kept by.</param>
    public TableActor(
        BoundScenario ground,
        int number,
        IReadOnlyDictionary<string, IActorRef> backends,
        TimeProvider time
    )
    {
        (_ground, _number, _backends, _time) = (ground, number, backends, time);
        _limits = ground.Scenario.Run.Limits;
        PersistenceId = IdOf(number);
    }

    /// <summary>The journal's stream of a table.</summary>
    public static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"table-{number}");

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    // --- recovery: what happened in games that are not known to stand in the ledger

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: TableSnapshot snapshot } offer:
                _snapshotAt = offer.Metadata.SequenceNr;
                foreach (var game in snapshot.Games)
                    Recover(game.Game, game, game.Events[^1]);
                break;
            case TableRow row:
                foreach (var (game, e) in row.Events)
                {
                    var sofar = _begun.TryGetValue(game, out var before)
                        ? before with
                        {
                            Last = LastSequenceNr,
                            Events = before.Events.Add(e),
                        }
                        : new GameSoFar(game, LastSequenceNr, LastSequenceNr, [e]);
                    Recover(game, sofar, e);
                }
                break;
            case RecoveryCompleted:
                _handedOver = LastSequenceNr;
                Timers.StartPeriodicTimer("tick", new Tick(), TimeSpan.FromSeconds(2));
                Context.Parent.Tell(new TableReady(_number));
                break;
        }
    }

    private void Recover(long number, GameSoFar game, GameEvent newest)
    {
        _begun[number] = game;
        if (newest is GameEnded or GameFailed)
            _endings.Add(number);
    }

    /// <summary>
    /// Forgets what stands in the ledger, and tells again what ended and does not, in the order it ended: the ledger comes to
    /// be the same as if nothing had happened.
    /// </summary>
    private void Opened(TableOpened opened)
    {
        foreach (var game in _begun.Keys.Except(opened.Unfinished).ToArray())
            _begun.Remove(game);
        var over = ImmutableArray.CreateBuilder<GameOver>();
        foreach (var number in _endings)
        {
            if (!_begun.Remove(number, out var game))
                continue;
            _ended.Add(number, OverOf(number, TakenUp(game)));
            over.Add(_ended[number]);
        }
        _endings.Clear();
        if (over.Count > 0)
            Context.Parent.Tell(new GamesOver(over.ToImmutable()));
    }

    /// <inheritdoc/>
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case TurnsAnswered answered:
                foreach (var answer in answered.Answers)
                    Answered(answer);
                break;
            case PlayGames play:
                foreach (var game in play.Games)
                    Play(game);
                break;
            case InLedger entered:
                foreach (var game in entered.Games)
                    _ended.Remove(game);
                break;
            case TableOpened opened:
                Opened(opened);
                break;
            case RowIsDue:
                _due = true;
                break;
            case CloseTable:
                if (_row.Count > 0)
                    Persist();
                DeferAsync(new TableClosed(_number), Context.Parent.Tell);
                break;
            case Tick:
                CheckDeadlines();
                break;
            case ReportWaits:
                Sender.Tell(new Waits([.. Waiting().Take(MostWaitsTold)]));
                break;
            case SaveSnapshotSuccess saved:
                DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
                break;
            case SaveSnapshotFailure failed:
                // The stream alone still holds all; only the next recovery is longer.
                Warn($"snapshot: {failed.Cause.Message}");
                break;
            case DeleteSnapshotsSuccess or DeleteSnapshotsFailure:
                break;
            default:
                Unhandled(message);
                break;
        }
        SendQuestions();
        WriteRow();
    }

    // --- play

    private void Play(Assignment game)
    {
        if (_ended.TryGetValue(game.Number, out var over))
        {
            Context.Parent.Tell(new GamesOver([over])); // the arena has lost what it was told
            return;
        }
        if (_playing.ContainsKey(game.Number))
            return;
        Seated seated;
        if (_begun.Remove(game.Number, out var begun))
        {
            seated = TakenUp(begun);
            seated.Referee.Resume();
        }
        else
        {
            seated = Sit(game.Game, game.Seats);
            seated.Referee.Begin(game.Game, game.Setup, game.Seats);
        }
        _playing.Add(game.Number, seated);
        Gather(game.Number, seated);
    }

    private Seated Sit(string game, ImmutableArray<string> policies)
    {
        var referee = new Referee(_ground.Games[game], _limits);
        for (var seat = 0; seat < policies.Length; seat++)
            if (_ground.IsPerson(policies[seat]))
                referee.BePatientWith(seat);
        return new Seated(referee, policies, game);
    }

    private Seated TakenUp(GameSoFar game)
    {
        var started = (GameStarted)game.Events[0];
        var seated = Sit(started.Game, started.Seats);
        foreach (var e in game.Events)
            seated.Referee.Apply(e);
        (seated.Written, seated.First, seated.Last) = (game.Events.Length, game.First, game.Last);
        return seated;
    }

    private void Answered(TurnAnswered answer)
    {
        if (!_playing.TryGetValue(answer.Number, out var seated))
            return; // late: the game is over
        if (answer.Answer is not { } given)
            seated.Referee.Fail(answer.Boundary, answer.Error);
        else if (!seated.Referee.Answer(answer.Turn, answer.Attempt, given))
            return;
        Gather(answer.Number, seated);
    }

    /// <summary>Takes what the referee has decided into the next row, and what it has opened to the seats.</summary>
    private void Gather(long number, Seated seated)
    {
        var (referee, row) = (seated.Referee, _handedOver + 1);
        if (seated.Written == 0)
            seated.First = row;
        if (seated.Written < referee.Log.Count)
            seated.Last = row;
        for (; seated.Written < referee.Log.Count; seated.Written++)
            _row.Add((number, referee.Log[seated.Written]));
        Withdraw(number, seated);
        if (referee.IsOver)
        {
            _playing.Remove(number);
            _overInRow.Add(OverOf(number, seated));
        }
        foreach (var open in referee.Open)
        {
            if (seated.Asked.Exists(a => ReferenceEquals(a.Turn, open)))
                continue;
            seated.Asked.Add((open, _time.GetTimestamp()));
            Ask(QuestionOf(number, seated, open));
        }
        if (_row.Count >= MostEventsPerRow)
            Persist();
    }

    // Questions that were answered leave silently; those that became void are withdrawn from whoever works on them.
    private void Withdraw(long number, Seated seated)
    {
        for (var i = seated.Asked.Count - 1; i >= 0; i--)
        {
            var turn = seated.Asked[i].Turn;
            if (seated.Referee.Open.Any(o => ReferenceEquals(o, turn)))
                continue;
            seated.Asked.RemoveAt(i);
            if (!IsAnswered(seated.Referee, turn))
                SeatOf(turn.Turn.Role).Tell(new TurnsClosed([QuestionOf(number, seated, turn)]));
        }
    }

    private static bool IsAnswered(Referee referee, OpenTurn open)
    {
        for (var i = referee.Log.Count - 1; i >= 0; i--)
            switch (referee.Log[i])
            {
                case MoveMade made when made.Turn == open.Turn.Id:
                    return true;
                case MoveRefused refused when refused.Turn == open.Turn.Id:
                    return true;
                case GameStarted:
                    return false;
            }
        return false;
    }

    private static TurnOpened QuestionOf(long number, Seated seated, OpenTurn open) =>
        new(
            number,
            seated.Name,
            seated.Policies[open.Turn.Seat],
            open.Turn,
            open.Attempt,
            open.Refusal,
            seated.Referee.LastSaid(open.Turn.Seat)
        );

    private GameOver OverOf(long number, Seated seated) =>
        new(
            number,
            seated.Referee.Outcome,
            [.. seated.Referee.Log],
            new RowSpan(_number, seated.First, seated.Last),
            seated.Referee.Tokens,
            seated.Referee.Log[^1] is GameFailed failed ? $"{failed.Boundary}: {failed.Error}" : null
        );

    // --- seats

    private void Ask(TurnOpened turn)
    {
        var seat = SeatOf(turn.Turn.Role);
        if (!_toAsk.TryGetValue(seat, out var turns))
            _toAsk.Add(seat, turns = ImmutableArray.CreateBuilder<TurnOpened>());
        turns.Add(turn);
        if (turns.Count < MostTurnsPerMessage)
            return;
        seat.Tell(new TurnsOpened(turns.DrainToImmutable()));
    }

    private void SendQuestions()
    {
        foreach (var (seat, turns) in _toAsk)
            if (turns.Count > 0)
                seat.Tell(new TurnsOpened(turns.DrainToImmutable()));
    }

    private IActorRef SeatOf(string role)
    {
        if (!_seats.TryGetValue(role, out var seat))
            _seats.Add(
                role,
                seat = Context.ActorOf(Props.Create(() => new AgentActor(_ground, role, _backends, _time)), role)
            );
        return seat;
    }

    private void CheckDeadlines()
    {
        var allowed = _ground.Scenario.Run.TurnDeadline;
        foreach (
            var (number, seated) in _playing
                .Where(p => p.Value.Asked.Exists(a => _time.GetElapsedTime(a.Since) > allowed))
                .ToArray()
        )
        {
            var late = seated.Asked.Find(a => _time.GetElapsedTime(a.Since) > allowed).Turn.Turn;
            seated.Referee.Fail(
                "model",
                $"turn {late.Id} of {late.Role}-{late.Seat} ({seated.Policies[late.Seat]}) had no answer within {allowed}. "
                    + "Raise run.turn-deadline, or see what the model waits for with ./arena status."
            );
            Gather(number, seated);
        }
    }

    private IEnumerable<Wait> Waiting()
    {
        var (now, allowed) = (_time.GetUtcNow(), _ground.Scenario.Run.TurnDeadline);
        foreach (var (number, seated) in _playing)
        foreach (var (open, asked) in seated.Asked)
        {
            var since = now - _time.GetElapsedTime(asked);
            yield return new Wait(
                $"game-{number}",
                $"turn {open.Turn.Id} of {open.Turn.Role}-{open.Turn.Seat} ({seated.Policies[open.Turn.Seat]})",
                since,
                since + allowed
            );
        }
    }

    // --- the journal

    /// <summary>One row at a time is on its way to disk; what happens meanwhile is the next.</summary>
    private void WriteRow()
    {
        if (_row.Count == 0)
            return;
        if (_handedOver == LastSequenceNr && (_due || _playing.Count == 0 || _gathering == TimeSpan.Zero))
            Persist();
        else if (!_due && !Timers.IsTimerActive(nameof(RowIsDue)))
            Timers.StartSingleTimer(nameof(RowIsDue), new RowIsDue(), _gathering);
    }

    private void Persist()
    {
        _due = false;
        Timers.Cancel(nameof(RowIsDue));
        _handedOver++;
        var over = _overInRow;
        _overInRow = [];
        var handed = _time.GetTimestamp();
        PersistAsync(new TableRow(_row.DrainToImmutable()), _ =>
        {
            Telemetry.Rows.Add(1);
            Telemetry.RowTime.Record(_time.GetElapsedTime(handed).TotalSeconds);
            foreach (var game in over)
                _ended.Add(game.Number, game);
            if (over.Count > 0)
                Context.Parent.Tell(new GamesOver([.. over]));
            if (_handedOver == LastSequenceNr && LastSequenceNr - _snapshotAt >= _rowsPerSnapshot)
                TakeSnapshot();
            WriteRow();
        });
    }

    /// <summary>
    /// What the rows on disk come to; what has been gathered since is left to the row that will hold it.
    /// </summary>
    private void TakeSnapshot()
    {
        _snapshotAt = LastSequenceNr;
        var gathered = _row.CountBy(e => e.Item1).ToDictionary();
        var games = ImmutableArray.CreateBuilder<GameSoFar>();
        foreach (var (number, seated) in _playing)
            Add(number, seated.First, seated.Last, [.. seated.Referee.Log]);
        foreach (var over in _ended.Values.Concat(_overInRow)) // in the order they ended
            Add(over.Number, over.Rows.First, over.Rows.Last, over.Events);
        games.AddRange(_begun.Values);
        SaveSnapshot(new TableSnapshot(games.ToImmutable()));

        void Add(long number, long first, long last, ImmutableArray<GameEvent> events)
        {
            var written = events.Length - gathered.GetValueOrDefault(number);
            if (written > 0)
                games.Add(new GameSoFar(number, first, last, events[..written]));
        }
    }
}
