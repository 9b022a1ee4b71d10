// The run: keeps games in flight, writes the ledger, paces play by learning. Knows no rules, no prompt, no tensor.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Actors.Journal;
using AgentArena.Core;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
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
public sealed class ArenaActor : UntypedPersistentActor, IWithTimers
{
    private sealed record Tick;

    private sealed record LedgerIsDue;

    private sealed record ClosingIsLate;

    private sealed record Gone(IActorRef Actor);

    // A table, and whether it has read its stream.
    private sealed record Seating(IActorRef Actor, bool Ready);

    private const int FiguresEvery = 20; // updates between lines of the matchmaker's own figures
    private const int AssignedAhead = 8; // times the games in flight
    private static readonly TimeSpan LongestClosing = TimeSpan.FromSeconds(10);
    private readonly Playground _ground;
    private readonly RunFolder _folder;
    private readonly Func<string, ILanguageModel> _create;
    private readonly Func<IGameReader> _openReader;
    private readonly MetricsFile _metrics;
    private readonly string _build;
    private readonly TimeProvider _time;
    private readonly Matchmaker _matchmaker;
    private readonly Table _context;
    private readonly SortedDictionary<long, Assignment> _waiting = []; // assigned, not yet running
    private readonly Dictionary<long, Assignment> _unfinished = [];
    private readonly Dictionary<long, Assignment> _running = []; // given to a table
    private readonly Seating[] _tables;
    private readonly Dictionary<string, int> _figured = []; // the newest version the matchmaker's figures were taken at
    private readonly TimeSpan _gathering = Context.System.Settings.Config.GetTimeSpan(
        "arena.group-commit.ledger",
        TimeSpan.FromMilliseconds(50)
    );
    private readonly Pace _pace;
    private readonly Ledger _ledger = new();
    private List<LedgerEntry> _unwritten = []; // entries that the journal has not been handed
    private List<ImmutableArray<GameEvent>> _untold = []; // their games, where learners hear of them only from the disk
    private long _onDisk; // the ledger's position up to which it is
    private readonly HashSet<string> _loaded = [];
    private readonly List<Wait> _waits = [];
    private readonly Dictionary<string, IActorRef> _backends = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, Props> _others;
    private IActorRef _model = ActorRefs.Nobody;
    private readonly IActorRef _door;
    private readonly bool _resume;
    private Exception? _modelFault;
    private long _assigned,
        _tokens;
    private int _failures;
    private bool _started,
        _assigning,
        _over;
    private string? _stopping,
        _endReason;
    private readonly HashSet<int> _open = []; // tables that still write at the end
    private JsonObject? _recorded; // the scenario this run was started with

    /// <param name="ground">The scenario, bound.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="create">Makes a policy's model; called on the model actor's thread.</param>
    /// <param name="others">The actors of tools, remote models and people, by policy.</param>
    /// <param name="openReader">Opens the journal for reading.</param>
    /// <param name="metrics">Where figures go.</param>
    /// <param name="build">What made this run, for its first event.</param>
    /// <param name="time">The clock.</param>
    /// <param name="door">Who is told that the run is over.</param>
    /// <param name="resume">Whether the journal is meant to hold this run already.</param>
    public ArenaActor(
        Playground ground,
        RunFolder folder,
        Func<string, ILanguageModel> create,
        IReadOnlyDictionary<string, Props> others,
        Func<IGameReader> openReader,
        MetricsFile metrics,
        string build,
        TimeProvider time,
        IActorRef door,
        bool resume
    )
    {
        (_ground, _folder, _create, _others, _openReader, _metrics, _build, _time, _door, _resume) = (
            ground,
            folder,
            create,
            others,
            openReader,
            metrics,
            build,
            time,
            door,
            resume
        );
        _matchmaker = ground.Catalog.Matchmakers.Create(ground.Scenario.Matchmaker, "scenario.matchmaker");
        _context = new Table(ground.Scenario, ground.Games);
        _matchmaker.Open(_context);
        _pace = new Pace(ground.Scenario.Run.Games);
        _tables =
        [
            .. Enumerable.Repeat(
                new Seating(ActorRefs.Nobody, false),
                Math.Max(1, Context.System.Settings.Config.GetInt("arena.tables", 1))
            ),
        ];
    }

    /// <summary>The journal's stream of a run.</summary>
    public const string StreamId = "arena";

    /// <inheritdoc/>
    public override string PersistenceId => StreamId;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(3, TimeSpan.FromMinutes(10), fault =>
        {
            if (Sender.Equals(_model))
                _modelFault = fault;
            if (Array.FindIndex(_tables, t => t.Actor.Equals(Sender)) is >= 0 and var table)
                _tables[table] = _tables[table] with { Ready = false };
            return Directive.Restart;
        });

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case RunStarted started:
                _started = true;
                _recorded = started.Scenario;
                break;
            case FiguresTaken figures:
                _figured[figures.Policy] = figures.Version;
                break;
            case GamesAssigned assigned:
                foreach (var game in assigned.Games)
                {
                    Remember(game);
                    _matchmaker.Recall(game);
                }
                break;
            case GamesFinished finished:
                foreach (var entry in finished.Entries)
                    Enter(entry);
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
                OpenTable(ready.Table);
                break;
            case Learned learned:
                Figure(learned);
                _pace[learned.Policy].Version = learned.Version;
                Fill();
                break;
            case ModelLoaded loaded:
                Loaded(loaded);
                break;
            case LedgerWanted wanted when wanted.From > _ledger.End:
                Finish(
                    "failed",
                    $"journal: holds {_ledger.End} finished games, but the newest checkpoint of {wanted.Policy} has learned from {wanted.From}. The journal was cut short. Restore it from a copy, or delete the checkpoints that are ahead of it: {_folder.CheckpointsOf(wanted.Policy)}"
                );
                break;
            case LedgerWanted wanted:
                _pace[wanted.Policy].Ready = true;
                Sender.Tell(new LedgerGrew(wanted.From - wanted.Back, ToldFrom(wanted.From - wanted.Back), []));
                Sender.Tell(new LedgerWritten(_onDisk));
                Fill();
                break;
            case CheckpointSaved saved:
                _pace[saved.Policy].Saved = saved.Offset;
                _ledger.Forget(_pace.Needed); // every checkpoint holds what came of the rest
                break;
            case LearnerStopped stopped:
                _pace[stopped.Policy].Stopped = true;
                Fill(); // the others may have waited for it alone
                EndIfDone();
                break;
            case StopRun stop when _stopping is null:
                _stopping = stop.Reason;
                foreach (var learner in _pace.Learners)
                    learner.Actor.Tell(new StopLearning());
                EndIfDone();
                break;
            case Terminated dead:
                Self.Tell(new Gone(dead.ActorRef)); // a death overtakes what the dead one said last
                break;
            case Gone gone:
                Died(gone.Actor);
                break;
            case JournalFailed failed:
                JournalFault(failed.Error);
                break;
            case TableClosed closed:
                _open.Remove(closed.Table);
                EndIfClosed();
                break;
            case ClosingIsLate:
                _open.Clear(); // what a table could not write is played again
                EndIfClosed();
                break;
            case LedgerIsDue:
                WriteLedger();
                break;
            case Waits waits:
                _waits.AddRange(waits.All);
                break;
            case Tick:
                WriteStatus();
                break;
            case StopRun:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        JournalFault(cause.Message);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    private void JournalFault(string error) =>
        Finish(
            "failed",
            $"journal: {error} Nothing that was acknowledged is lost. Mend the cause, then: ./arena resume {_folder.Path}"
        );

    private void Begin()
    {
        if (_started && !_resume)
        {
            Finish(
                "failed",
                "journal: the database already holds another run. One database holds one run: name an empty one."
            );
            return;
        }
        if (_recorded is not null && Difference(_recorded, _ground.Scenario.Source, "scenario") is { } difference)
        {
            Finish(
                "failed",
                $"{_folder.ScenarioFile}: is not the scenario this run was started with: {difference} Restore the file, or start a new run with it."
            );
            return;
        }
        if (!_started)
            PersistAsync(
                new RunStarted(_ground.Scenario.Source, _ground.Scenario.Seed, _build)
                {
                    Data = _ground.Catalog.Files.Hashes is { Count: > 0 } read
                        ? read.ToImmutableSortedDictionary()
                        : null,
                },
                static _ => { }
            );
        if (_ground.Modelled.Length > 0)
        {
            _model = Context.ActorOf(
                Props
                    .Create(() => new ModelActor(_ground, _folder, _create, _time))
                    .WithDispatcher(ArenaSystem.ModelDispatcher),
                "model"
            );
            Context.Watch(_model);
            foreach (var (policy, spec) in _ground.Scenario.Policies)
                if (spec.Model is not null || spec.Of is not null)
                    _backends.Add(policy, _model);
        }
        foreach (var (policy, props) in _others)
            _backends.Add(policy, Context.ActorOf(props, $"seat-{policy}"));
        var population = _ground.Scenario.Population is { } members
            ? Context.ActorOf(
                Props.Create(() => new PopulationActor(members, (ulong)_ground.Scenario.Seed)),
                "population"
            )
            : ActorRefs.Nobody;
        foreach (var policy in _ground.Learners)
        {
            var actor = Context.ActorOf(
                Props
                    .Create(() => new LearnerActor(_ground, policy, _model, _openReader, _metrics, population))
                    .WithDispatcher(ArenaSystem.LearnerDispatcher),
                $"learner-{policy}"
            );
            _pace.Add(policy, actor, _ground.Scenario.LearnOf(policy));
            Context.Watch(actor);
        }
        _pace.Aborted = _ledger.Aborted;
        _onDisk = _ledger.End;
        foreach (var game in _unfinished.Values)
            _waiting.Add(game.Number, game);
        for (var table = 0; table < _tables.Length; table++)
        {
            var actor = Context.ActorOf(
                Props.Create(() => new TableActor(_ground, table, _backends, _time)),
                TableActor.IdOf(table)
            );
            Context.Watch(actor);
            _tables[table] = new Seating(actor, Ready: false);
        }
        Context.System.EventStream.Publish(
            new Progress("playing", _ledger.End, _tokens, 0, 0, ImmutableSortedDictionary<string, double>.Empty)
        );
        Timers.StartPeriodicTimer("tick", new Tick(), TimeSpan.FromSeconds(2));
        Fill();
        EndIfDone();
    }

    private void Loaded(ModelLoaded loaded)
    {
        _loaded.Add(loaded.Policy);
        _pace.Of(loaded.Policy)?.Actor.Tell(loaded);
        Fill();
    }

    // --- play

    private Seating TableOf(long game) => _tables[game % _tables.Length];

    /// <summary>
    /// A table has come up, for the first time or again: it is told what to forget, and goes on with what it had.
    /// </summary>
    private void OpenTable(int table)
    {
        _tables[table] = _tables[table] with { Ready = true };
        bool Here(long game) => game % _tables.Length == table;
        _tables[table].Actor.Tell(new TableOpened([.. _unfinished.Keys.Where(Here)]));
        if (
            _running.Values.Where(g => Here(g.Number)).OrderBy(g => g.Number).ToImmutableArray() is
            { IsEmpty: false } games
        )
            _tables[table].Actor.Tell(new PlayGames(games));
        Fill();
    }

    /// <summary>Starts what may start: first what a crash left unfinished, then new games.</summary>
    private void Fill()
    {
        if (_stopping is not null || _over || _loaded.Count < _ground.Modelled.Length || !_pace.IsReady)
            return;
        var inFlight = _ground.Scenario.Run.InFlight;
        var allowed = _pace.Allowed;
        var start = new List<Assignment>();
        while (
            _running.Count < inFlight
            && _waiting.Count > 0
            && _waiting.First() is var (number, game)
            && number < allowed
            && TableOf(number).Ready
        )
        {
            _waiting.Remove(number);
            _running.Add(number, game);
            start.Add(game);
        }
        foreach (var given in start.GroupBy(g => TableOf(g.Number).Actor))
            given.Key.Tell(new PlayGames([.. given]));
        // One assignment in the journal's hands at a time: what frees up meanwhile joins the next. Where outcomes do
        // not matter to the matchmaker, games are assigned before they may start, so that no start waits for the
        // journal.
        if (_assigning)
            return;
        var ahead = _matchmaker.LooksAhead;
        var count = (int)
            Math.Min(
                (ahead ? AssignedAhead : 1) * inFlight - _running.Count - _waiting.Count,
                (ahead ? _pace.Planned : allowed) - _assigned
            );
        if (count <= 0 || (ahead && _waiting.Count > inFlight))
            return;
        WriteLedger(); // what the matchmaker has seen stands before what it makes of it
        var games = ImmutableArray.CreateBuilder<Assignment>(count);
        for (var i = 0; i < count; i++)
        {
            var stream = new RandomStream(RandomStream.Derive((ulong)_ground.Scenario.Seed, "match", _assigned + i));
            games.Add(_matchmaker.Next(_context, _assigned + i, ref stream));
        }
        _assigning = true;
        PersistAsync(new GamesAssigned(games.MoveToImmutable()), e =>
        {
            _assigning = false;
            foreach (var game in e.Games)
            {
                Remember(game);
                _waiting.Add(game.Number, game);
            }
            Fill();
        });
    }

    private void Ended(GamesOver over)
    {
        var from = _ledger.End;
        var entries = ImmutableArray.CreateBuilder<LedgerEntry>(over.Games.Length);
        var logs = ImmutableArray.CreateBuilder<ImmutableArray<GameEvent>>(over.Games.Length);
        foreach (var game in over.Games)
        {
            if (!_running.Remove(game.Number) && !_waiting.Remove(game.Number))
                continue; // told again by a table that came up again
            _tokens += game.Tokens;
            Telemetry.Tokens.Add(game.Tokens);
            Telemetry.Games.Add(
                1,
                new KeyValuePair<string, object?>("outcome", (game.Outcome?.Kind ?? OutcomeKind.Aborted).ToString())
            );
            if (game.Outcome is null)
                Failed(game.Number, game.Error ?? "no reason given");
            else
                _failures = 0;
            entries.Add(LedgerEntry.Of(game.Number, game.Outcome ?? new Outcome(OutcomeKind.Aborted, []), game.Rows));
            logs.Add(game.Events);
            Enter(entries[^1]);
        }
        if (entries.Count == 0)
            return;
        _pace.Aborted = _ledger.Aborted;
        var grew = new LedgerGrew(from, entries.DrainToImmutable(), logs.DrainToImmutable());
        _unwritten.AddRange(grew.Entries);
        if (_gathering == TimeSpan.Zero)
            WriteLedger();
        else if (!Timers.IsTimerActive(nameof(LedgerIsDue)))
            Timers.StartSingleTimer(nameof(LedgerIsDue), new LedgerIsDue(), _gathering);
        if (OrderStandsInRows)
            Tell(grew);
        else
            _untold.AddRange(grew.Logs);
        Context.System.EventStream.Publish(
            new Progress("playing", _ledger.End, _tokens, 0, 0, ImmutableSortedDictionary<string, double>.Empty)
        );
        Fill();
        EndIfDone();
    }

    private void Died(IActorRef actor)
    {
        if (_over)
            return; // what dies of the run's end is no failure of its own
        if (actor.Equals(_model))
            Finish(
                "failed",
                $"model: failed again and again, the last time with {_modelFault?.GetType().Name}: {_modelFault?.Message} Mend the cause, then: ./arena resume {_folder.Path}"
            );
        else if (_pace.PolicyOf(actor) is { } policy)
            Finish(
                "failed",
                $"learner of {policy}: failed again and again; the log above tells why. Mend the cause, then: ./arena resume {_folder.Path}"
            );
        else if (_tables.Any(t => t.Actor.Equals(actor)))
            Finish(
                "failed",
                $"{actor.Path.Name}: failed again and again; the log above tells why. Mend the cause, then: ./arena resume {_folder.Path}"
            );
    }

    private void Failed(long number, string error)
    {
        Context.System.EventStream.Publish(
            new Akka.Event.Warning(
                null!,
                Self.Path.ToString(),
                GetType(),
                $"game {number} failed and is replaced: {error} See it with: ./arena replay {_folder.Path} {number}"
            )
        );
        if (++_failures >= _ground.Scenario.Run.MostFailures)
            Finish(
                "failed",
                $"{_failures} games in a row failed, the last (game {number}) with: {error} See it with: ./arena replay {_folder.Path} {number}"
            );
    }

    // --- the ledger

    /// <summary>Hands the journal what has entered the ledger since the last time, as one row.</summary>
    private void WriteLedger()
    {
        Timers.Cancel(nameof(LedgerIsDue));
        if (_unwritten.Count == 0)
            return;
        ImmutableArray<LedgerEntry> entries = [.. _unwritten];
        ImmutableArray<ImmutableArray<GameEvent>> untold = [.. _untold];
        (_unwritten, _untold) = ([], []);
        PersistAsync(new GamesFinished(entries), e =>
        {
            if (!OrderStandsInRows)
                Tell(new LedgerGrew(_onDisk, e.Entries, untold));
            _onDisk += e.Entries.Length;
            foreach (var learner in _pace.Learners)
                learner.Actor.Tell(new LedgerWritten(_onDisk));
            foreach (var games in e.Entries.GroupBy(g => g.Rows.Table))
                _tables[games.Key].Actor.Tell(new InLedger([.. games.Select(g => g.Game)]));
        });
    }

    // The order in which one table's games ended stands in its rows, so that the ledger comes to be the same after a crash and
    // learners need not wait for it. Rows of several tables have no common order: there, the ledger's own comes first.
    private bool OrderStandsInRows => _tables.Length == 1;

    private ImmutableArray<LedgerEntry> ToldFrom(long position) =>
        OrderStandsInRows ? _ledger.From(position) : _ledger.From(position)[..(int)(_onDisk - position)];

    private void Tell(LedgerGrew grew)
    {
        foreach (var learner in _pace.Learners)
            learner.Actor.Tell(grew);
    }

    private void Remember(Assignment game)
    {
        _unfinished.Add(game.Number, game);
        _assigned = Math.Max(_assigned, game.Number + 1);
    }

    private void Enter(LedgerEntry entry)
    {
        if (_unfinished.Remove(entry.Game, out var game))
            _matchmaker.Observe(game, entry);
        _ledger.Add(entry);
        if (_ground.Learners.IsEmpty)
            _ledger.Forget(_ledger.End);
    }

    // --- the end

    private void EndIfDone()
    {
        if (_over)
            return;
        if (
            _pace.Learners.Count > 0
                ? _pace.IsOver
                : _stopping is not null || _ledger.End - _ledger.Aborted >= _ground.Scenario.Run.Games
        )
            Finish(_stopping ?? "done", null);
    }

    private void Finish(string reason, string? fault)
    {
        if (_over)
            return;
        (_over, _endReason) = (true, reason);
        if (fault is not null)
        {
            _door.Tell(new RunOver(reason, fault));
            return;
        }
        for (var table = 0; table < _tables.Length; table++)
            if (_tables[table].Ready && _open.Add(table))
                _tables[table].Actor.Tell(new CloseTable());
        Timers.StartSingleTimer(nameof(ClosingIsLate), new ClosingIsLate(), LongestClosing);
        EndIfClosed();
    }

    // An orderly end writes down all that was played.
    private void EndIfClosed()
    {
        if (_endReason is not { } reason || _open.Count > 0)
            return;
        _endReason = null;
        WriteLedger();
        PersistAsync(new RunEnded(reason), _ => _door.Tell(new RunOver(reason, null)));
    }

    // The first place where two scenarios differ; null where they do not.
    private static string? Difference(JsonNode? was, JsonNode? now, string path)
    {
        if (JsonNode.DeepEquals(was, now))
            return null;
        if (was is JsonObject a && now is JsonObject b)
            return a.Select(p => p.Key)
                .Union(b.Select(p => p.Key))
                .Select(key => Difference(a[key], b[key], $"{path}.{key}"))
                .First(d => d is not null);
        return $"{path} is {now?.ToJsonString() ?? "missing"}; in the journal it is {was?.ToJsonString() ?? "missing"}.";
    }

    // What a checkpoint brought back is no news: its figures were written when the update was made.
    private void Figure(Learned learned)
    {
        if (learned.Version <= _figured.GetValueOrDefault(learned.Policy) || learned.Version % FiguresEvery != 0)
            return;
        var figures = _matchmaker.Figures().ToImmutableSortedDictionary(f => f.Name, f => f.Value);
        if (figures.IsEmpty)
            return;
        _figured[learned.Policy] = learned.Version;
        PersistAsync(
            new FiguresTaken(learned.Policy, learned.Version, learned.Offset, figures) { Seconds = _metrics.Seconds },
            _metrics.Add
        );
        Context.System.EventStream.Publish(new Progress("matchmaking", _ledger.End, _tokens, 0, 0, figures));
    }

    private void WriteStatus()
    {
        var status = new
        {
            Process = Environment.ProcessId,
            Written = _time.GetUtcNow(),
            GamesFinished = _ledger.End,
            GamesRunning = _running.Count,
            Learners = _pace.Learners.ToDictionary(
                l => l.Policy,
                l => new
                {
                    l.Version,
                    l.Ready,
                    l.Stopped,
                }
            ),
            Waits = _waits.OrderBy(w => w.Since).ToArray(),
        };
        StatusFile.Write(_folder.Status, status);
        _waits.Clear();
        foreach (var backend in _backends.Values.Distinct())
            backend.Tell(new ReportWaits());
        foreach (var learner in _pace.Learners)
            learner.Actor.Tell(new ReportWaits());
        foreach (var table in _tables)
            table.Actor.Tell(new ReportWaits());
    }
}
