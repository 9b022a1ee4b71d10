// The unit of persistence: many games at once, one stream. Knows the referee and the seats' mailboxes, never a prompt
// or a model.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core.Binding;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using Akka.Actor;
using Akka.Persistence;

namespace AgentArena.Actors;

/// <summary>
/// Plays games and persists what they do, in groups (group commit): a row is due when nothing is being played any more,
/// or when its oldest event has waited <c>arena.group-commit.rows</c>; what happens while a row is being written joins
/// the next. So the journal costs a write a group of events, and a game never waits for it. Nothing outside learns of a
/// game before <see cref="GamesOver"/>, which is sent when its last event is on disk: a crash before that plays the
/// game on from an earlier state, with the same seeds.
/// </summary>
public sealed class TableActor : JournalledActor, IWithTimers
{
    private const int MostEventsPerRow = 8192; // a row stays a few megabytes at most, however many games begin at once
    private const int MostTurnsPerMessage = 64; // the model begins with the first while the next are being worded
    private const int MostWaitsTold = 64;

    private sealed record Tick;

    private sealed record RowIsDue;

    private readonly BoundScenario _ground;
    private readonly int _number;
    private readonly IReadOnlyDictionary<string, IActorRef> _backends;
    private readonly TimeProvider _time;
    private readonly TimeSpan _gathering = Context.System.Settings.Config.GetTimeSpan(
        "arena.group-commit.rows",
        TimeSpan.FromMilliseconds(10)
    );
    private readonly long _rowsPerSnapshot = Context.System.Settings.Config.GetLong("arena.rows-per-snapshot", 4096);
    private readonly Dictionary<long, SeatedGame> _playing = [];

    // of an earlier incarnation: not yet told whether to go on
    private readonly Dictionary<long, GameSoFar> _begun = [];
    private readonly List<long> _endings = []; // of games begun by an earlier incarnation, in the order they ended
    private readonly Dictionary<long, (long Order, GameOver Over)> _ended = []; // not known to stand in the ledger
    private long _endedEver;
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
    /// Forgets what stands in the ledger, and tells again what ended and does not, in the order it ended: the ledger
    /// comes to be the same as if nothing had happened.
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
            over.Add(SeatedGame.TakeUp(_ground, game).Over(_number));
            _ended.Add(number, (_endedEver++, over[^1]));
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
                Sender.Tell(
                    new Waits([.. _playing.Values.SelectMany(g => g.Waits(_time, Allowed)).Take(MostWaitsTold)])
                );
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
        if (_ended.TryGetValue(game.Number, out var ended))
        {
            Context.Parent.Tell(new GamesOver([ended.Over])); // the arena has lost what it was told
            return;
        }
        if (_playing.ContainsKey(game.Number))
            return;
        SeatedGame seated;
        if (_begun.Remove(game.Number, out var begun))
        {
            seated = SeatedGame.TakeUp(_ground, begun);
            seated.Referee.Resume();
        }
        else
            seated = SeatedGame.Begin(_ground, game);
        _playing.Add(game.Number, seated);
        Gather(seated);
    }

    private void Answered(TurnAnswered answer)
    {
        if (!_playing.TryGetValue(answer.Number, out var seated))
            return; // late: the game is over
        if (answer.Answer is not { } given)
            seated.Referee.Fail(answer.Boundary, answer.Error);
        else if (!seated.Referee.Answer(answer.Turn, answer.Attempt, given))
            return;
        Gather(seated);
    }

    /// <summary>Takes what the referee has decided into the next row, and what it has opened to the seats.</summary>
    private void Gather(SeatedGame game)
    {
        foreach (var e in game.Gather(_handedOver + 1))
            _row.Add((game.Number, e));
        foreach (var question in game.TakeVoid())
            SeatOf(question.Turn.Role).Tell(new TurnsClosed([question]));
        if (game.Referee.IsOver)
        {
            _playing.Remove(game.Number);
            _overInRow.Add(game.Over(_number));
        }
        foreach (var question in game.TakeOpened(_time.GetTimestamp()))
            Ask(question);
        if (_row.Count >= MostEventsPerRow)
            Persist();
    }

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
        foreach (var game in _playing.Values.Where(g => g.FailIfLate(_time, Allowed)).ToArray())
            Gather(game);
    }

    private TimeSpan Allowed => _ground.Scenario.Run.TurnDeadline;

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
                _ended.Add(game.Number, (_endedEver++, game));
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
        foreach (var game in _playing.Values)
            if (game.SoFar(gathered.GetValueOrDefault(game.Number)) is { } sofar)
                games.Add(sofar);
        foreach (var over in _ended.Values.OrderBy(e => e.Order).Select(e => e.Over).Concat(_overInRow))
        {
            var written = over.Events.Length - gathered.GetValueOrDefault(over.Number);
            if (written > 0)
                games.Add(new GameSoFar(over.Number, over.Rows.First, over.Rows.Last, over.Events[..written]));
        }
        games.AddRange(_begun.Values);
        SaveSnapshot(new TableSnapshot(games.ToImmutable()));
    }
}
