// One trainable policy: turns the ledger's finished games into updates, each exactly once. Knows who is asked for what
// and what waits for whom; its truth is the journal. What is learned from a game it leaves to Learner.
using System.Collections.Immutable;
using AgentArena.Actors.Journal;
using AgentArena.Core.Binding;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using AgentArena.Learning;
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>
/// Consumes the ledger in order, <c>batch</c> scored games an update. What an update needs is a function of the ledger,
/// the checkpoint and the scenario, so after a crash the updates since the checkpoint are made again, bit for bit, from
/// the journal; they are written down once.
/// </summary>
/// <remarks>
/// It is always in one of these states, in this order; evaluations run beside them. Loading: until its weights are
/// there. Collecting: until a batch of games has finished. ScoringTexts: where a reward asks for log-probabilities.
/// Updating: until the device has made the next version. AwaitingFigures, AwaitingPopulation, Adopting: at a step of
/// the population, before others may play with the new weights. AwaitingJournal: where a checkpoint is due; then
/// Collecting again. SavingLast, Stopped: after the last update, or the one in hand when it was told to stop. Weights
/// that are loaded again bring it from any of them to the place in the ledger where those stand.
/// </remarks>
public sealed class LearnerActor : JournalledActor
{
    private sealed record OnDisk; // the journal has acknowledged an event

    private readonly IActorRef _model;
    private readonly IActorRef _population;
    private readonly MetricsFile _metrics;
    private readonly TimeProvider _time;
    private readonly GameLogCache _logs;
    private readonly Learner _learner;
    private readonly LearnerQueue _queue;
    private readonly LearnerJournal _journal = new();
    private UntypedReceive _state;
    private Func<string>? _waitsFor;
    private DateTimeOffset _since; // when it came into its state
    private int _saved = -1; // newest version with a checkpoint
    private int _saving = -1; // newest version whose checkpoint was asked for
    private int _evaluated = -1; // newest version with an evaluation
    private int? _evaluating; // the version whose evaluation was asked for
    private bool _stopping; // told to stop: no update is begun any more

    /// <param name="ground">The scenario, bound.</param>
    /// <param name="policy">The policy that learns.</param>
    /// <param name="model">Where its weights are.</param>
    /// <param name="openReader">Opens the journal for reading finished games.</param>
    /// <param name="metrics">Where each update's figures go.</param>
    /// <param name="population">Who advises the members of a population.</param>
    /// <param name="time">The clock that tells how long it has waited.</param>
    public LearnerActor(
        BoundScenario ground,
        string policy,
        IActorRef model,
        Func<IGameReader> openReader,
        MetricsFile metrics,
        IActorRef population,
        TimeProvider time
    )
    {
        (_model, _metrics, _population, _time) = (model, metrics, population, time);
        (_learner, _logs) = (new Learner(ground, policy), new GameLogCache(openReader));
        _queue = new LearnerQueue(ground.Scenario.LearnOf(policy), (ulong)ground.Scenario.Seed, policy);
        PersistenceId = $"learner-{policy}";
        (_state, _waitsFor, _since) = (Loading, () => $"the weights of {policy}", time.GetUtcNow());
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        // Baselines went with the old incarnation: weights and learner go back to the checkpoint together.
        _model.Tell(new ReloadModel(_learner.Policy));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _logs.Dispose();
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        if (message is RunEvent e)
            _journal.Recall(e);
    }

    /// <inheritdoc/>
    protected override void OnCommand(object message) => Loading(message);

    private void Enter(UntypedReceive state, Func<string>? waitsFor)
    {
        (_state, _waitsFor, _since) = (state, waitsFor, _time.GetUtcNow());
        Become(state);
    }

    // --- the states

    private void Loading(object message)
    {
        if (message is not LedgerGrew) // what it needs it asks for when it knows where it stands
            InAnyState(message);
    }

    private void Collecting(object message)
    {
        InAnyState(message);
        if (message is StopLearning || (message is LedgerGrew && _queue.Missing == 0))
            GoOn();
    }

    private void ScoringTexts(UpdateGames games, LogProbQueries measuring, object message)
    {
        if (message is TextsMeasured measured && measured.Version == _learner.Version)
        {
            var values = measuring.Of(measured.Values);
            WriteDown(new GamesMeasured(_learner.Policy, _learner.Version, values), _learner.OffsetAfter(games));
            Update(games, measuring.With(values));
        }
        else
            InAnyState(message);
    }

    private void Updating(UpdateGames games, LearnerBatch batch, object message)
    {
        if (message is WeightsMade { Report: var report } && report.Version == _learner.Version + 1)
            Made(games, batch, report);
        else
            InAnyState(message);
    }

    private void AwaitingFigures(object message)
    {
        InAnyState(message);
        if (message is MovesWeighed && _evaluating is null)
            ReportToPopulation();
    }

    private void AwaitingPopulation(object message)
    {
        if (message is not MemberAdvised advised || advised.Version != _learner.Version)
            InAnyState(message);
        else if (advised.Advice is not { } advice)
            Settle();
        else
        {
            _model.Tell(new AdoptWeights(_learner.Policy, _learner.Version, advice.Parent));
            Enter(m => Adopting(advice, m), () => $"the weights of {advice.Parent}");
        }
    }

    private void Adopting(Advice advice, object message)
    {
        if (message is Adopted adopted && adopted.Version == _learner.Version)
        {
            WriteDown(_learner.TakeOver(advice, adopted.ParentVersion), _learner.Offset);
            Settle();
        }
        else
            InAnyState(message);
    }

    private void AwaitingJournal(object message)
    {
        InAnyState(message);
        if (message is OnDisk && TrySave())
            GoOn();
    }

    private void SavingLast(object message)
    {
        InAnyState(message);
        if (message is OnDisk or CheckpointSaved or MovesWeighed)
            Rest();
    }

    private void Stopped(object message)
    {
        if (message is not LedgerGrew) // the others may still play
            InAnyState(message);
    }

    private void InAnyState(object message)
    {
        switch (message)
        {
            case ModelLoaded loaded when loaded.Policy == _learner.Policy:
                Rewind(loaded);
                break;
            case LedgerGrew grew:
                for (var i = _queue.Take(grew); i < grew.Logs.Length; i++)
                    _logs.Keep(grew.Entries[i].Game, grew.Logs[i]);
                break;
            case LedgerWritten written:
                _journal.LedgerIsOnDisk(written.End);
                WriteDown();
                break;
            case MovesWeighed weighed when weighed.Id == _evaluating:
                Evaluated(weighed);
                break;
            case GenerateFailed failed:
                throw new InvalidOperationException($"{_learner.Policy} could not be evaluated: {failed.Error}");
            case CheckpointSaved saved:
                _saved = Math.Max(_saved, saved.Version);
                Context.Parent.Tell(saved);
                break;
            case StopLearning:
                _stopping = true;
                break;
            case ReportWaits:
                Sender.Tell(new Waits(_waitsFor is { } what ? [new Wait(PersistenceId, what(), _since, null)] : []));
                break;
            case TextsMeasured or WeightsMade or MemberAdvised or Adopted or MovesWeighed or OnDisk:
                break; // asked before a reload, or of no interest in this state
            default:
                Unhandled(message);
                break;
        }
    }

    // --- from one state to the next

    private void Rewind(ModelLoaded loaded)
    {
        _learner.Load(loaded);
        _saved = _saving = loaded.Learner is null ? -1 : loaded.Version;
        (_evaluated, _evaluating) = (Math.Min(_evaluated, loaded.Version), null);
        _journal.Forget(loaded.Version);
        _logs.Forget();
        var back = _queue.Rewind(_learner.Offset);
        Context.Parent.Tell(_learner.Place);
        Context.Parent.Tell(new LedgerWanted(_learner.Policy, _learner.Offset, back));
        Publish(new PolicyLoaded(_learner.Policy, loaded.Version));
        if (loaded.Version == 0 || _learner.IsDone)
            Evaluate();
        GoOn(); // nothing may be left to do: a run that ended, or was told to stop meanwhile
    }

    /// <summary>Begins the next update where it is due and its games are all there.</summary>
    private void GoOn()
    {
        if (_stopping || _learner.IsDone)
            SaveLast();
        else if (_queue.Next(_learner.Version) is { } games)
            Score(games);
        else
            Enter(Collecting, () => $"{_queue.Missing} more finished games for update {_learner.Version + 1}");
    }

    // What rewards want to know of the weights is measured once, written down, and read like any event of the games.
    private void Score(UpdateGames games)
    {
        if (_learner.Measure(games, _logs) is not { } measuring)
            Update(games, []);
        else if (_journal.TryTakeMeasurements(_learner.Version, out var known))
            Update(games, measuring.With(known));
        else if (measuring.Questions.IsEmpty)
            Update(games, measuring.With([]));
        else
        {
            _model.Tell(new MeasureTexts(_learner.Policy, _learner.Version, measuring.Questions));
            Enter(
                m => ScoringTexts(games, measuring, m),
                () => $"log-probabilities of {measuring.Questions.Length} texts for update {_learner.Version + 1}"
            );
        }
    }

    private void Update(UpdateGames games, IEnumerable<(long Number, ImmutableArray<GameEvent> Events)> measured)
    {
        foreach (var (number, events) in measured)
            _logs.Keep(number, events);
        var batch = _learner.Form(games, _logs);
        _model.Tell(_learner.UpdateOf(batch));
        Enter(m => Updating(games, batch, m), () => $"update {_learner.Version + 1} on the device");
    }

    private void Made(UpdateGames games, LearnerBatch batch, UpdateReport report)
    {
        Telemetry.UpdateTime.Record(report.Seconds);
        var updated = _learner.Made(games, batch, report, _metrics.Seconds);
        WriteDown(updated, updated.To);
        Raise(_learner.Watch(updated));
        Publish(new UpdateMade(updated.Policy, updated.Version) { Figures = updated.Stats });
        // The evaluation goes to the model first, so that its figures are here before the last checkpoint ends the run.
        Evaluate();
        if (!_learner.IsStepDue)
            Settle();
        else if (_evaluating is null)
            ReportToPopulation();
        else
            Enter(AwaitingFigures, () => $"the evaluation of version {updated.Version}, before its population step");
    }

    private void ReportToPopulation()
    {
        _population.Tell(_learner.Report());
        Enter(AwaitingPopulation, () => $"the population's advice to version {_learner.Version}");
    }

    // The new weights are what they will be: others may play with them.
    private void Settle()
    {
        Context.Parent.Tell(_learner.Place);
        if (!_learner.IsCheckpointDue || TrySave())
            GoOn();
    }

    private void SaveLast()
    {
        if (!TrySave())
            return;
        Enter(SavingLast, () => $"the checkpoint of version {_learner.Version}, which is the last");
        Rest();
    }

    /// <summary>Says that all is done, once the last checkpoint and the last evaluation are in.</summary>
    private void Rest()
    {
        if (_saved != _learner.Version || _evaluating is not null || !_journal.IsIdle)
            return;
        Context.Parent.Tell(new LearnerStopped(_learner.Policy, _learner.Version));
        Enter(Stopped, null);
    }

    // --- journal, checkpoints, figures

    private void WriteDown(RunEvent e, long madeOf)
    {
        _journal.Add(e, madeOf);
        WriteDown();
    }

    /// <summary>Hands the journal, as one group, what was made of ledger entries that are on disk.</summary>
    private void WriteDown()
    {
        var due = _journal.TakeDue();
        if (due.Count > 0)
            PersistAllAsync(due, e =>
            {
                _journal.Written();
                _metrics.Add(e);
                _state(new OnDisk());
            });
    }

    // A checkpoint never runs ahead of the journal: where that has not all that was made, it is awaited.
    private bool TrySave()
    {
        if (_saving == _learner.Version)
            return true;
        if (!_journal.IsIdle)
        {
            if (_state != AwaitingJournal)
                Enter(AwaitingJournal, () => $"the journal, before the checkpoint of version {_learner.Version}");
            return false;
        }
        _saving = _learner.Version;
        _model.Tell(_learner.Save());
        return true;
    }

    private void Evaluate()
    {
        if (_evaluated == _learner.Version || _learner.EvaluationDue is not { } evaluation)
            return;
        _evaluating = _learner.Version;
        _model.Tell(evaluation);
    }

    private void Evaluated(MovesWeighed weighed)
    {
        var figures = _learner.Evaluated(weighed, _metrics.Seconds);
        (_evaluated, _evaluating) = (figures.Version, null);
        WriteDown(figures, figures.Games);
        Publish(new PolicyEvaluated(figures.Policy, figures.Version) { Figures = figures.Figures });
    }

    private void Raise(IEnumerable<Breach> breaches)
    {
        foreach (var breach in breaches)
        {
            Warn(breach.Text);
            if (breach.Then == Alarm.Stop)
                Context.Parent.Tell(new StopRun($"health of {_learner.Policy}: {breach.Text}"));
        }
    }

    private static void Publish(Progress progress) => Context.System.EventStream.Publish(progress);
}
