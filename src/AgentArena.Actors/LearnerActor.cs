// One trainable policy: turns the ledger's finished games into updates, each exactly once. Knows no tensor; its truth
// is the journal.
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
/// Consumes the ledger in order, <c>batch</c> entries an update. What an update needs is a function of the ledger, the
/// checkpoint and the scenario, so after a crash the updates since the checkpoint are made again, bit for bit, from the
/// journal; they are written down once.
/// </summary>
public sealed class LearnerActor : UntypedPersistentActor
{
    private readonly Playground _ground;
    private readonly string _policy;
    private readonly LearnSpec _spec;
    private readonly IActorRef _model;
    private readonly Func<IGameReader> _openReader;
    private readonly MetricsFile _metrics;
    private readonly Advantage _advantage;
    private readonly Evaluator _evaluator;
    private readonly Health _health;
    private readonly IActorRef _population;
    private readonly Membership? _membership; // null where it is no member of a population
    private readonly List<LedgerEntry> _queue = [];
    private readonly Queue<RunEvent> _unwritten = []; // what was made of ledger entries that are not on disk yet
    private readonly List<LedgerEntry> _past = []; // entries before the queue, as far as they may be rehearsed
    private GameLogs? _logs;
    private long _ledgerOnDisk; // the ledger's position up to which it is on disk
    private int _beingWritten; // events that the journal has not acknowledged
    private long _offset; // ledger position after the last update made
    private long _known; // ledger position up to which entries have arrived
    private int _version = -1; // -1: no model yet
    private int _written; // newest version whose WeightsUpdated is in the journal
    private int _acknowledged; // newest version whose WeightsUpdated the journal has acknowledged
    private int _saved = -1; // newest version with a checkpoint
    private int _saving = -1; // newest version whose checkpoint was asked for
    private int _evaluated = -1;
    private int _figured = -1; // newest version whose evaluation is in the journal
    private int _consumed; // ledger entries the update in hand was made of

    // what the journal knows of versions that may have to be made again
    private readonly Dictionary<int, ImmutableArray<GameMeasured>> _recorded = [];
    private int _measured = -1; // newest version whose measurements are in the journal

    // the next update's games, while they are measured
    private (List<LedgerEntry> Entries, ImmutableArray<LedgerEntry> Rehearsed)? _gathered;
    private Measuring? _measuring;
    private LearnerBatch? _inHand;
    private Advice? _advice; // whose weights are being taken over
    private bool _stopping,
        _savingLast,
        _weighing,
        _owed,
        _ready;

    /// <param name="ground">The scenario, bound.</param>
    /// <param name="policy">The policy that learns.</param>
    /// <param name="model">Where its weights are.</param>
    /// <param name="openReader">Opens the journal for reading finished games.</param>
    /// <param name="metrics">Where each update's figures go.</param>
    /// <param name="population">Who advises the members of a population.</param>
    public LearnerActor(
        Playground ground,
        string policy,
        IActorRef model,
        Func<IGameReader> openReader,
        MetricsFile metrics,
        IActorRef population
    )
    {
        (_ground, _policy, _model, _openReader, _metrics, _population) = (
            ground,
            policy,
            model,
            openReader,
            metrics,
            population
        );
        if (ground.Scenario.Population is { } members && members.Members.Contains(policy))
            _membership = new Membership(members, (ulong)ground.Scenario.Seed, policy);
        _spec = ground.Scenario.LearnOf(policy);
        _advantage = ground.Catalog.Advantages.Create(_spec.Advantage, "learn.advantage");
        _evaluator = new Evaluator(ground, policy);
        _health = new Health(ground.Scenario.Health);
        PersistenceId = $"learner-{policy}";
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _logs = new GameLogs(_openReader);
        base.PreStart();
    }

    /// <inheritdoc/>
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        // Baselines went with the old incarnation: weights and learner go back to the checkpoint together.
        _model.Tell(new ReloadModel(_policy));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _logs?.Dispose();
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        if (message is WeightsUpdated updated)
            _written = _acknowledged = updated.Version;
        else if (message is FiguresTaken figures)
            _figured = figures.Version;
        else if (message is GamesMeasured measured)
            _recorded[_measured = measured.Version] = measured.Games;
    }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Context.Parent.Tell(new JournalFailed(cause.Message));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    /// <inheritdoc/>
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case ModelLoaded loaded when loaded.Policy == _policy:
                Rewind(loaded);
                break;
            case LedgerGrew grew:
                Take(grew);
                break;
            case LedgerWritten written:
                _ledgerOnDisk = written.End;
                WriteDown();
                break;
            case WeightsMade made:
                Made(made.Report);
                break;
            case TextsMeasured measured:
                Measured(measured);
                break;
            case MemberAdvised advised when _ready && advised.Version == _version:
                if ((_advice = advised.Advice) is { } advice)
                    _model.Tell(new AdoptWeights(_policy, _version, advice.Parent));
                else
                    Settle();
                break;
            case Adopted adopted when _advice is not null && adopted.Version == _version:
                Adopted(adopted, _advice);
                break;
            case MovesWeighed weighed:
                Weighed(weighed);
                break;
            case GenerateFailed failed:
                throw new InvalidOperationException($"{_policy} could not be evaluated: {failed.Error}");
            case CheckpointSaved saved:
                _saved = Math.Max(_saved, saved.Version);
                Context.Parent.Tell(saved);
                Rest();
                break;
            case StopLearning:
                _stopping = true;
                Next();
                break;
            case ReportWaits:
                Sender.Tell(
                    new Waits([
                        new Wait(
                            PersistenceId,
                            _inHand is not null || _gathered is not null
                                ? $"update {_version + 1} on the device"
                                : $"{_spec.Batch - _queue.Count(e => e.IsScored)} more finished games for update {_version + 1}",
                            default,
                            null
                        ),
                    ])
                );
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Rewind(ModelLoaded loaded)
    {
        _version = loaded.Version;
        _offset = loaded.Learner?["offset"]!.GetValue<long>() ?? 0;
        _advantage.Load(loaded.Learner?["advantage"]?.DeepClone());
        _health.Load(loaded.Learner?["health"]);
        _saved = _saving = loaded.Learner is null ? -1 : loaded.Version;
        _evaluated = Math.Min(_evaluated, _version);
        (_inHand, _gathered, _measuring) = (null, null, null);
        _savingLast = _weighing = _owed = _ready = false;
        _advice = null;
        _membership?.Load(loaded.Learner?["population"]);
        foreach (var made in _recorded.Keys.Where(v => v < _version).ToArray())
            _recorded.Remove(made);
        _queue.Clear();
        _past.Clear();
        _logs!.Forget();
        var back = Math.Min(_offset, _spec.Rehearsal?.Reach(_spec.Batch) ?? 0);
        _known = _offset - back;
        Context.Parent.Tell(new Learned(_policy, _version, _offset));
        Context.Parent.Tell(new LedgerWanted(_policy, _offset, back));
        Context.System.EventStream.Publish(
            new Progress(
                $"loaded {_policy}",
                _offset,
                0,
                _version,
                _spec.Updates,
                ImmutableSortedDictionary<string, double>.Empty
            )
        );
        if (_version == 0 || _version == _spec.Updates)
            Evaluate();
        Next(); // nothing may be left to do: a run that ended, or was told to stop meanwhile
    }

    private void Take(LedgerGrew grew)
    {
        // Two senders' worth of order: what was asked for after a reload and what grew meanwhile may overlap.
        var skip = (int)Math.Max(0, _known - grew.From);
        if (_version < 0 || skip >= grew.Entries.Length || grew.From > _known)
            return;
        var past = (int)Math.Clamp(_offset - _known, 0, grew.Entries.Length - skip);
        _past.AddRange(grew.Entries.AsSpan().Slice(skip, past));
        _queue.AddRange(grew.Entries.AsSpan()[(skip + past)..]);
        for (var i = skip; i < grew.Logs.Length; i++)
            _logs!.Keep(grew.Entries[i].Game, grew.Logs[i]);
        _known = grew.From + grew.Entries.Length;
        Next();
    }

    /// <summary>Makes the next update if one is due and nothing is in hand.</summary>
    private void Next()
    {
        if (_inHand is not null || _gathered is not null || _version < 0 || _savingLast || _owed || _ready)
            return;
        if (_stopping || _version >= _spec.Updates)
        {
            _savingLast = true;
            if (_saved == _version)
                Rest();
            else
                Checkpoint();
            return;
        }
        // A game that the system failed is passed over: the one that replaced it counts.
        var (scored, consumed) = (0, 0);
        while (scored < _spec.Batch && consumed < _queue.Count)
            if (_queue[consumed++].IsScored)
                scored++;
        if (scored < _spec.Batch)
            return;
        _consumed = consumed;
        var entries = _queue.GetRange(0, consumed);
        _queue.RemoveRange(0, consumed);
        var rehearsed = _spec.Rehearsal is { } rehearsal
            ? rehearsal.Pick(_past, _spec.Batch, RandomStream.Derive((ulong)_ground.Scenario.Seed, _policy, _version))
            : default;
        _gathered = (entries, rehearsed);
        if (_ground.Measures)
            Measure();
        else
            Learn();
    }

    // What rewards want to know of the weights is measured once, written down, and read like any event of the games.
    private void Measure()
    {
        var (entries, rehearsed) = _gathered!.Value;
        _measuring = new Measuring(_ground, _policy, [.. _logs!.ReadGames(LearnerBatch.Scored(entries, rehearsed))]);
        if (_recorded.Remove(_version, out var known))
            Measured(known);
        else if (_measuring.Questions.IsEmpty)
            Measured([]);
        else
            _model.Tell(new MeasureTexts(_policy, _version, _measuring.Questions));
    }

    private void Measured(TextsMeasured answer)
    {
        if (_measuring is not { } measuring || answer.Version != _version)
            return; // asked before a reload
        var games = measuring.Of(answer.Values);
        if (_version > _measured)
            PersistAsync(new GamesMeasured(_policy, _measured = _version, games), static _ => { });
        Measured(games);
    }

    private void Measured(ImmutableArray<GameMeasured> games)
    {
        var values = games.ToDictionary(g => g.Game, g => g.Values);
        foreach (var (number, events) in _measuring!.Games)
            _logs!.Keep(number, events.AddRange(values.GetValueOrDefault(number, [])));
        _measuring = null;
        Learn();
    }

    private void Learn()
    {
        var (entries, rehearsed) = _gathered!.Value;
        _gathered = null;
        _inHand = LearnerBatch.Form(
            _ground,
            _policy,
            entries,
            _logs!,
            _advantage,
            (double)_version / _spec.Updates,
            rehearsed
        );
        Keep(entries);
        _model.Tell(
            new UpdateWeights(
                _policy,
                _version,
                _membership is null ? _inHand.Training : _inHand.Training with { Settings = _membership.Settings }
            )
        );
    }

    private void Keep(List<LedgerEntry> entries)
    {
        if (_spec.Rehearsal is not { } rehearsal)
            return;
        _past.AddRange(entries);
        _past.RemoveRange(0, (int)Math.Max(0, _past.Count - rehearsal.Reach(_spec.Batch)));
    }

    private void Made(UpdateReport report)
    {
        if (_inHand is not { } batch || report.Version != _version + 1)
            return; // made before a reload
        Telemetry.UpdateTime.Record(report.Seconds);
        var from = _offset;
        (_version, _offset, _inHand) = (report.Version, _offset + _consumed, null);
        var stats = batch.Stats(report);
        if (_membership is not null)
            stats = stats
                .Add("setting/rate", _membership.Settings.Rate)
                .Add("setting/entropy", _membership.Settings.Entropy);
        _membership?.Observe(stats);
        if (_version > _written)
        {
            _written = _version;
            WriteDown(
                new WeightsUpdated(_policy, _version, from, _offset)
                {
                    Games = batch.Training.Games,
                    Rows = batch.Training.Rows.Length,
                    Dropped = batch.Dropped,
                    Seconds = _metrics.Seconds,
                    Stats = stats,
                }
            );
        }
        foreach (var breach in _health.Observe(_version, stats))
            Alarmed(breach);
        Context.System.EventStream.Publish(
            new Progress($"learning {_policy}", _offset, report.Tokens, _version, _spec.Updates, stats)
        );
        _ready = _membership?.IsDue(_version) == true && _version < _spec.Updates;
        // The evaluation goes to the model first, so that its figures are here before the last checkpoint ends the run.
        var every = _ground.Scenario.Run.EvaluateEvery;
        if (_version == _spec.Updates || (every > 0 && _version % every == 0))
            Evaluate();
        if (!_ready)
            Settle();
        else if (!_weighing)
            Report();
    }

    // A step of the population comes before anybody may play with the new weights.
    private void Report() =>
        _population.Tell(new MemberReady(_policy, _version, _membership!.Take(), _membership.Settings));

    private void Adopted(Adopted adopted, Advice advice)
    {
        _advice = null;
        _membership!.Settings = advice.Settings;
        PersistAsync(
            new WeightsAdopted(
                _policy,
                _version,
                advice.Parent,
                adopted.ParentVersion,
                advice.Score,
                advice.ParentScore,
                advice.Settings
            ),
            static _ => { }
        );
        Settle();
    }

    private void Settle()
    {
        _ready = false;
        Context.Parent.Tell(new Learned(_policy, _version, _offset));
        if (_version % _ground.Scenario.Run.CheckpointEvery == 0)
            Checkpoint();
        Next();
    }

    private void Alarmed(Breach breach)
    {
        Context.System.EventStream.Publish(new Akka.Event.Warning(null!, PersistenceId, GetType(), breach.Text));
        if (breach.Then == Alarm.Stop)
            Context.Parent.Tell(new StopRun($"health of {_policy}: {breach.Text}"));
    }

    /// <summary>Says that all is done, once the last checkpoint and the last evaluation are in.</summary>
    private void Rest()
    {
        if (_savingLast && _saved == _version && !_weighing && _unwritten.Count + _beingWritten == 0)
            Context.Parent.Tell(new LearnerStopped(_policy, _version));
    }

    private void WriteDown(RunEvent e)
    {
        _unwritten.Enqueue(e);
        WriteDown();
    }

    /// <summary>Hands the journal, as one group, what was made of ledger entries that are on disk.</summary>
    private void WriteDown()
    {
        var due = new List<RunEvent>();
        while (_unwritten.TryPeek(out var next) && OffsetOf(next) <= _ledgerOnDisk)
            due.Add(_unwritten.Dequeue());
        _beingWritten += due.Count;
        if (due.Count > 0)
            PersistAllAsync(due, Written);

        static long OffsetOf(RunEvent e) => e is WeightsUpdated updated ? updated.To : ((FiguresTaken)e).Games;
    }

    private void Written(RunEvent e)
    {
        _beingWritten--;
        _metrics.Add(e);
        if (e is WeightsUpdated updated)
            _acknowledged = Math.Max(_acknowledged, updated.Version);
        Rest();
        if (!_owed || _acknowledged < _version)
            return;
        _owed = false;
        Checkpoint();
        Next();
    }

    /// <summary>
    /// A checkpoint never runs ahead of the journal: until the journal has the version, it is owed and no update is
    /// begun.
    /// </summary>
    private void Checkpoint()
    {
        if (_saving == _version)
            return;
        if (_owed = _acknowledged < _version)
            return;
        _saving = _version;
        _model.Tell(
            new SaveCheckpoint(
                _policy,
                new JsonObject
                {
                    ["offset"] = _offset,
                    ["advantage"] = _advantage.Save(),
                    ["health"] = _health.Save(),
                    ["population"] = _membership?.Save(),
                }
            )
        );
    }

    private void Evaluate()
    {
        if (_evaluator.Questions.IsEmpty || _evaluated == _version || _ground.Scenario.Run.EvaluateEvery <= 0)
            return;
        _evaluated = _version;
        _weighing = true;
        _model.Tell(new WeighMoves(_policy, _version, _evaluator.Questions));
    }

    private void Weighed(MovesWeighed weighed)
    {
        var stats = _evaluator.Values(weighed.Probabilities);
        var version = (int)weighed.Id;
        if (version > _figured)
        {
            _figured = version;
            WriteDown(new FiguresTaken(_policy, version, _offset, stats) { Seconds = _metrics.Seconds });
        }
        Context.System.EventStream.Publish(
            new Progress($"evaluated {_policy}", _offset, 0, version, _spec.Updates, stats)
        );
        _weighing = false;
        _membership?.Observe(stats);
        if (_ready)
            Report();
        Rest();
    }
}
