// The run: keeps games in flight, writes the ledger, paces play by learning. Knows no rules, no prompt, no tensor.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using Akka.Actor;
using Akka.Persistence;

namespace AgentArena.Actors;

/// <summary>
/// One a run. Game n may start when every learner has learned from n − batch·(1 + max-staleness) games: asking for
/// the next game when one ends is the back-pressure, and the bound on staleness. A finished game enters the ledger
/// once, after its last event is in the journal; learners are told what is in the ledger and nothing else. The ledger
/// itself reaches the disk in groups, a moment later; learners write down what they made of an entry when they hear
/// that it is there.
/// </summary>
public sealed class ArenaActor : JournalledActor, IWithTimers
{
    private sealed record Tick;

    private sealed record LedgerIsDue;

    private sealed record ClosingIsLate;

    private sealed record Gone(IActorRef Actor);

    private static readonly TimeSpan LongestClosing = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(2);
    private readonly BoundScenario _ground;
    private readonly MetricsFile _metrics;
    private readonly string _build;
    private readonly IActorRef _door;
    private readonly bool _resume;
    private readonly TimeSpan _gathering = Context.System.Settings.Config.GetTimeSpan(
        "arena.group-commit.ledger",
        TimeSpan.FromMilliseconds(50)
    );
    private readonly GamesInPlay _games;
    private readonly Ledger _ledger = new();
    private readonly StalenessGate _pace;
    private readonly Closing _closing = new();
    private readonly RunStatus _status;
    private readonly RunFaults _faults;
    private readonly ArenaTables _tables;
    private readonly ArenaChildren _children;
    private readonly HashSet<string> _loaded = []; // policies whose weights are in memory
    private JsonObject? _recorded; // the scenario this run was started with; null before its first event
    private long _tokens; // sampled in games that ended
    private int _failures; // games in a row that the system failed
    private bool _assigning; // assignments are in the journal's hands
    private string? _stopping; // why it was told to stop

    /// <param name="parts">What its actors are made of.</param>
    /// <param name="build">What made this run, for its first event.</param>
    /// <param name="door">Who is told that the run is over.</param>
    /// <param name="resume">Whether the journal is meant to hold this run already.</param>
    public ArenaActor(ArenaParts parts, string build, IActorRef door, bool resume)
    {
        (_ground, _metrics, _build, _door, _resume) = (parts.Ground, parts.Metrics, build, door, resume);
        (_games, _pace) = (new GamesInPlay(_ground), new StalenessGate(_ground.Scenario.Run.Games));
        (_status, _faults) = (new RunStatus(parts.Folder.Status, parts.Time), new RunFaults(parts.Folder));
        _tables = new ArenaTables(Math.Max(1, Context.System.Settings.Config.GetInt("arena.tables", 1)));
        _children = new ArenaChildren(Context, parts, _tables);
    }

    /// <summary>The journal's stream of a run.</summary>
    public const string StreamId = "arena";

    /// <inheritdoc/>
    public override string PersistenceId => StreamId;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(3, TimeSpan.FromMinutes(10), fault => _children.Failed(Sender, fault));

    /// <inheritdoc/>
    protected override void OnJournalFailed(string error) => Fail(_faults.Journal(error));

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case RunStarted started:
                _recorded = started.Scenario;
                break;
            case FiguresTaken figures:
                _games.Recall(figures);
                break;
            case GamesAssigned assigned:
                _games.Recall(assigned);
                break;
            case GamesFinished finished:
                foreach (var entry in finished.Entries)
                {
                    _games.Enter(entry);
                    _ledger.Recall(entry);
                }
                ForgetWhatNobodyWants();
                break;
            case RecoveryCompleted:
                Begin();
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case GamesOver over:
                Ended(over);
                break;
            case TableReady ready:
                _tables.IsUp(ready.Table, _games);
                Fill();
                break;
            case ModelLoaded loaded:
                _loaded.Add(loaded.Policy);
                _pace.Of(loaded.Policy)?.Actor.Tell(loaded);
                Fill();
                break;
            case Learned or LedgerWanted or CheckpointSaved or LearnerStopped:
                OfLearner(message);
                break;
            case StopRun stop:
                Stop(stop.Reason);
                break;
            case Terminated dead:
                Self.Tell(new Gone(dead.ActorRef)); // a death overtakes what the dead one said last
                break;
            case Gone gone:
                Died(gone.Actor);
                break;
            case JournalFailed failed:
                OnJournalFailed(failed.Error);
                break;
            case TableClosed closed:
                _closing.Closed(closed.Table);
                EndIfClosed();
                break;
            case ClosingIsLate:
                _closing.GiveUp();
                EndIfClosed();
                break;
            case LedgerIsDue:
                WriteLedger();
                break;
            case Waits waits:
                _status.Add(waits);
                break;
            case Tick:
                WriteStatus();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OfLearner(object message)
    {
        switch (message)
        {
            case Learned learned:
                TakeFigures(learned);
                _pace[learned.Policy].Version = learned.Version;
                Fill();
                break;
            case LedgerWanted wanted when wanted.From > _ledger.End:
                Fail(_faults.CutShort(_ledger.End, wanted));
                break;
            case LedgerWanted wanted:
                _pace[wanted.Policy].Ready = true;
                var first = wanted.From - wanted.Back;
                Sender.Tell(new LedgerGrew(first, _ledger.From(first, onDisk: !_tables.OrderStandsInRows), []));
                Sender.Tell(new LedgerWritten(_ledger.OnDisk));
                Fill();
                break;
            case CheckpointSaved saved:
                _pace[saved.Policy].Saved = saved.Offset;
                ForgetWhatNobodyWants();
                break;
            case LearnerStopped stopped:
                _pace[stopped.Policy].Stopped = true;
                Fill(); // the others may have waited for it alone
                EndIfDone();
                break;
        }
    }

    // --- the beginning

    private void Begin()
    {
        if (_faults.Beginning(_recorded, _resume, _ground.Scenario) is { } fault)
        {
            Fail(fault);
            return;
        }
        if (_recorded is null)
            PersistAsync(
                new RunStarted(_ground.Scenario.Source, _ground.Scenario.Seed, _build)
                {
                    Data = _ground.Catalog.Files.Hashes is { Count: > 0 } read
                        ? read.ToImmutableSortedDictionary()
                        : null,
                },
                static _ => { }
            );
        _children.Open(_pace);
        _pace.Aborted = _ledger.Aborted;
        Publish(new GamesPlayed(_ledger.End, _tokens));
        Timers.StartPeriodicTimer(nameof(Tick), new Tick(), StatusEvery);
        Fill();
        EndIfDone();
    }

    // --- play

    /// <summary>Starts what may start: first what a crash left unfinished, then new games.</summary>
    private void Fill()
    {
        if (_stopping is not null || _closing.HasBegun || !_pace.IsReady || _loaded.Count < _ground.Modelled.Length)
            return;
        var allowed = _pace.Allowed;
        _tables.Play(_games.Start(allowed, _tables.IsReady));
        // One assignment in the journal's hands at a time: what frees up meanwhile joins the next.
        if (!_assigning && _games.Wanted(allowed, _pace.Planned) is > 0 and var count)
            Assign(count);
    }

    private void Assign(int count)
    {
        WriteLedger(); // what the matchmaker has seen stands before what it makes of it
        _assigning = true;
        PersistAsync(_games.Draw(count), assigned =>
        {
            _assigning = false;
            _games.Add(assigned);
            Fill();
        });
    }

    private void Ended(GamesOver over)
    {
        var from = _ledger.End;
        foreach (var game in over.Games)
        {
            if (!_games.TryEnd(game.Number))
                continue;
            Count(game);
            var outcome = game.Outcome ?? new Outcome(OutcomeKind.Aborted, []);
            var entry = LedgerEntry.Of(game.Number, outcome, game.Rows);
            _games.Enter(entry);
            _ledger.Add(entry, game.Events);
        }
        if (_ledger.End == from)
            return;
        var grew = _ledger.UnwrittenFrom(from);
        ForgetWhatNobodyWants();
        _pace.Aborted = _ledger.Aborted;
        if (_gathering == TimeSpan.Zero)
            WriteLedger();
        else if (!Timers.IsTimerActive(nameof(LedgerIsDue)))
            Timers.StartSingleTimer(nameof(LedgerIsDue), new LedgerIsDue(), _gathering);
        if (_tables.OrderStandsInRows)
            TellLearners(grew);
        Publish(new GamesPlayed(_ledger.End, _tokens));
        Fill();
        EndIfDone();
    }

    private void Count(GameOver game)
    {
        _tokens += game.Tokens;
        Telemetry.Count(game);
        if (game.Outcome is not null)
        {
            _failures = 0;
            return;
        }
        var error = game.Error ?? "no reason given";
        Warn(_faults.Game(game.Number, error));
        if (++_failures >= _ground.Scenario.Run.MostFailures)
            Fail(_faults.Games(_failures, game.Number, error));
    }

    private void Died(IActorRef actor)
    {
        // What dies of the run's end is no failure of its own.
        if (!_closing.HasBegun && _children.DeathOf(actor, _pace, _faults) is { } fault)
            Fail(fault);
    }

    // --- the ledger

    /// <summary>Hands the journal what has entered the ledger since the last time, as one row.</summary>
    private void WriteLedger()
    {
        Timers.Cancel(nameof(LedgerIsDue));
        if (_ledger.TakeUnwritten() is not { } row)
            return;
        PersistAsync(new GamesFinished(row.Entries), written =>
        {
            if (!_tables.OrderStandsInRows)
                TellLearners(row);
            _ledger.Written(written.Entries.Length);
            TellLearners(new LedgerWritten(_ledger.OnDisk));
            _tables.Enter(written);
        });
    }

    // Every checkpoint holds what came of it.
    private void ForgetWhatNobodyWants()
    {
        if (_ground.Learners.IsEmpty)
            _ledger.Forget(_ledger.End);
        else if (_pace.Learners.Count > 0)
            _ledger.Forget(_pace.Needed);
    }

    private void TellLearners(object message)
    {
        foreach (var learner in _pace.Learners)
            learner.Actor.Tell(message);
    }

    // --- the end

    private void Stop(string reason)
    {
        if (_stopping is not null)
            return;
        _stopping = reason;
        TellLearners(new StopLearning());
        EndIfDone();
    }

    private void EndIfDone()
    {
        var isDone =
            _pace.Learners.Count > 0
                ? _pace.IsOver
                : _stopping is not null || _ledger.End - _ledger.Aborted >= _ground.Scenario.Run.Games;
        if (isDone)
            Finish(_stopping ?? "done");
    }

    private void Fail(string fault)
    {
        if (_closing.TryBegin())
            _door.Tell(new RunOver("failed", fault));
    }

    // An orderly end writes down all that was played.
    private void Finish(string reason)
    {
        if (!_closing.TryBegin())
            return;
        _closing.Await(reason, _tables.Close());
        Timers.StartSingleTimer(nameof(ClosingIsLate), new ClosingIsLate(), LongestClosing);
        EndIfClosed();
    }

    private void EndIfClosed()
    {
        if (!_closing.TryTake(out var reason))
            return;
        WriteLedger();
        PersistAsync(new RunEnded(reason), _ => _door.Tell(new RunOver(reason, null)));
    }

    // --- figures

    private void TakeFigures(Learned learned)
    {
        if (_games.TakeFigures(learned, _metrics.Seconds) is not { } taken)
            return;
        PersistAsync(taken, _metrics.Add);
        Publish(new MatchmakerMeasured { Figures = taken.Figures });
    }

    private static void Publish(Progress progress) => Context.System.EventStream.Publish(progress);

    private void WriteStatus()
    {
        _status.Write(_ledger.End, _games.Running, _pace.Learners);
        TellLearners(new ReportWaits());
        foreach (var waiting in _children.Waiting)
            waiting.Tell(new ReportWaits());
    }
}
