// The life of a persistent actor: recover, then take commands, with later ones set aside while events are being stored. Knows
// the journal's messages; refuses to know storage and what events mean.
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>Who a persistent actor is.</summary>
public interface IPersistentIdentity
{
    /// <summary>The stream of its events; the same in each incarnation, and of no other actor.</summary>
    string PersistenceId { get; }

    /// <summary>The configuration path of its journal; empty for <c>akka.persistence.journal.plugin</c>.</summary>
    string JournalPluginId { get; }

    /// <summary>The configuration path of its snapshot store; empty for <c>akka.persistence.snapshot-store.plugin</c>.</summary>
    string SnapshotPluginId { get; }
}

/// <summary>
/// An actor whose state is the fold of its stored events. After a start it is given its latest snapshot and the events since, then
/// <see cref="RecoveryCompleted"/>, then commands. A failed write stops it; a rejected one does not.
/// </summary>
public abstract partial class Eventsourced : ActorBase, IPersistentIdentity, IWithUnboundedStash
{
    private enum Phase
    {
        AwaitingPermit,
        AwaitingSnapshot,
        Replaying,
        Commands,
        Persisting,
        Failed,
    }

    private static int _instances;

    private readonly PersistenceExtension _extension;
    private readonly int _instanceId;
    private readonly string _writer;
    private readonly InternalStash _internalStash;
    private readonly Queue<(Action<object> Handler, bool Stashing)> _pending = new();
    private readonly List<IPersistentEnvelope> _eventBatch = [];
    private List<IPersistentEnvelope> _journalBatch = [];
    private IActorRef? _journal;
    private IActorRef? _snapshotStore;
    private RecoveryGate.Ticket? _ticket;
    private ILoggingAdapter? _log;
    private Phase _phase;
    private int _pendingStashing;
    private bool _writing;
    private long _sequenceNr;

    /// <summary>A persistent actor; made by its system alone.</summary>
    protected Eventsourced()
    {
        _extension = Persistence.Instance.Apply(Context.System);
        _instanceId = Interlocked.Increment(ref _instances);
        _writer = _extension.WriterOf(_instanceId);
        _internalStash = new InternalStash(Context);
    }

    /// <inheritdoc/>
    public abstract string PersistenceId { get; }

    /// <inheritdoc/>
    public string JournalPluginId { get; protected set; } = string.Empty;

    /// <inheritdoc/>
    public string SnapshotPluginId { get; protected set; } = string.Empty;

    /// <summary>How it recovers; asked once, at the start.</summary>
    public virtual Recovery Recovery => Recovery.Default;

    /// <summary>The actor's own stash; apart from the one that sets commands aside while events are stored.</summary>
    public IStash Stash { get; set; } = null!;

    /// <summary>The journal.</summary>
    public IActorRef Journal => _journal ??= _extension.JournalFor(JournalPluginId);

    /// <summary>The snapshot store.</summary>
    public IActorRef SnapshotStore => _snapshotStore ??= _extension.SnapshotStoreFor(SnapshotPluginId);

    /// <summary>The stream of its snapshots.</summary>
    public string SnapshotterId => PersistenceId;

    /// <summary>The number of the last event replayed, stored or rejected.</summary>
    public long LastSequenceNr { get; private set; }

    /// <summary>The number that a snapshot taken now has.</summary>
    public long SnapshotSequenceNr => LastSequenceNr;

    /// <summary>True until <see cref="RecoveryCompleted"/> is delivered.</summary>
    public bool IsRecovering => _phase <= Phase.Replaying;

    /// <summary>True from <see cref="RecoveryCompleted"/> on.</summary>
    public bool IsRecoveryFinished => !IsRecovering;

    /// <summary>The actor's log.</summary>
    protected virtual ILoggingAdapter Log => _log ??= Context.GetLogger();

    /// <summary>Takes a replayed event, a <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/>; must change state only.</summary>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Takes a command.</summary>
    protected abstract bool ReceiveCommand(object message);

    /// <summary>Stores an event; commands wait until its handler has run. The handler may change state and answer <c>Sender</c>.</summary>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler) => Add(@event, handler, stashing: true);

    /// <summary>Stores an event; commands do not wait.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler) => Add(@event, handler, stashing: false);

    /// <summary>Stores events all or not at all; commands wait until the handler has run for each.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => AddAll(events, handler, stashing: true);

    /// <summary>Stores events all or not at all; commands do not wait.</summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => AddAll(events, handler, stashing: false);

    /// <summary>Runs a handler after all events persisted so far have been handled; nothing is stored.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        if (_pending.Count == 0)
        {
            handler(evt);
            return;
        }

        _pending.Enqueue((o => handler((TEvent)o), false));
        _eventBatch.Add(new NonPersistentMessage(evt!, Sender));
    }

    /// <summary>Asks for a snapshot; it comes as <see cref="LoadSnapshotResult"/> or <see cref="LoadSnapshotFailed"/>.</summary>
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) =>
        SnapshotStore.Tell(new LoadSnapshot(persistenceId, criteria, toSequenceNr));

    /// <summary>Saves the state; <see cref="SaveSnapshotSuccess"/> or <see cref="SaveSnapshotFailure"/> comes as a command.</summary>
    public void SaveSnapshot(object snapshot) => SnapshotStore.Tell(new SaveSnapshot(new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr), snapshot));

    /// <summary>Deletes one snapshot; <see cref="DeleteSnapshotSuccess"/> or <see cref="DeleteSnapshotFailure"/> comes as a command.</summary>
    public void DeleteSnapshot(long sequenceNr) => SnapshotStore.Tell(new DeleteSnapshot(new SnapshotMetadata(SnapshotterId, sequenceNr)));

    /// <summary>Deletes the snapshots that fit; <see cref="DeleteSnapshotsSuccess"/> or <see cref="DeleteSnapshotsFailure"/> comes as a command.</summary>
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) => SnapshotStore.Tell(new DeleteSnapshots(SnapshotterId, criteria));

    /// <summary>Deletes events up to and with a number; <see cref="DeleteMessagesSuccess"/> or <see cref="DeleteMessagesFailure"/> comes as a command.</summary>
    public void DeleteMessages(long toSequenceNr) => Journal.Tell(new DeleteMessagesTo(PersistenceId, toSequenceNr, Self));

    /// <summary>Recovery failed; the actor stops after this.</summary>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null) =>
        Log.Error(reason, message is null
            ? $"{PersistenceId}: recovery failed after event {LastSequenceNr}. The actor stops."
            : $"{PersistenceId}: recovery failed at {message.GetType().Name}, event {LastSequenceNr}. The actor stops.");

    /// <summary>Storing an event failed, and whether it is stored is not known; the actor stops after this.</summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, $"{PersistenceId}: event {sequenceNr} ({@event.GetType().Name}) was not stored: {cause.Message} The actor stops.");

    /// <summary>The journal refused an event before storing it; the actor goes on, its state without the event.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, $"{PersistenceId}: event {sequenceNr} ({@event.GetType().Name}) was rejected: {cause.Message}");

    /// <summary>All events were replayed; <see cref="RecoveryCompleted"/> comes next.</summary>
    protected virtual void OnReplaySuccess() { }

    /// <inheritdoc/>
    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted or SaveSnapshotSuccess or DeleteMessagesSuccess or DeleteSnapshotSuccess or DeleteSnapshotsSuccess:
                return;
            case SaveSnapshotFailure f:
                Log.Warning($"{PersistenceId}: snapshot {f.Metadata.SequenceNr} was not saved: {f.Cause.Message}");
                return;
            case DeleteMessagesFailure f:
                Log.Warning($"{PersistenceId}: events up to {f.ToSequenceNr} were not deleted: {f.Cause.Message}");
                return;
            case DeleteSnapshotFailure f:
                Log.Warning($"{PersistenceId}: snapshot {f.Metadata.SequenceNr} was not deleted: {f.Cause.Message}");
                return;
            case DeleteSnapshotsFailure f:
                Log.Warning($"{PersistenceId}: snapshots were not deleted: {f.Cause.Message}");
                return;
        }

        base.Unhandled(message);
    }

    private void RefuseWhileRecovering()
    {
        if (IsRecovering) throw new InvalidOperationException($"{PersistenceId}: nothing can be persisted while events are replayed. Persist in a command, or on RecoveryCompleted.");
    }

    private void Add<TEvent>(TEvent @event, Action<TEvent> handler, bool stashing)
    {
        ArgumentNullException.ThrowIfNull(@event);
        RefuseWhileRecovering();
        Await(handler, stashing);
        _eventBatch.Add(new AtomicWrite(Represent(@event)));
    }

    private void AddAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler, bool stashing)
    {
        RefuseWhileRecovering();
        var builder = ImmutableArray.CreateBuilder<IPersistentRepresentation>();
        foreach (var @event in events)
        {
            Await(handler, stashing);
            builder.Add(Represent(@event!));
        }

        if (builder.Count > 0) _eventBatch.Add(new AtomicWrite(builder.DrainToImmutable()));
    }

    private void Await<TEvent>(Action<TEvent> handler, bool stashing)
    {
        _pending.Enqueue((o => handler((TEvent)o), stashing));
        if (stashing) _pendingStashing++;
    }

    private Persistent Represent(object @event) => new(@event, ++_sequenceNr, PersistenceId, null, false, Sender, _writer);
}
