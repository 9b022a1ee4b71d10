// What each message means to a persistent actor in each phase of its life. Knows the journal's messages and the order that they
// promise; refuses to know storage.
using Akka.Actor;

namespace Akka.Persistence;

public abstract partial class Eventsourced
{
    /// <inheritdoc/>
    protected internal override void AroundPreStart()
    {
        _ = Journal; // a missing plug-in is an error of the start, not of the first event
        if (string.IsNullOrWhiteSpace(PersistenceId)) throw new InvalidOperationException($"{Self.Path}: the PersistenceId of {GetType().Name} is empty. It names the actor's stream. Return a name that no other actor has.");
        try
        {
            BeginRecovery();
            base.AroundPreStart();
        }
        catch
        {
            LeaveRecovery(); // an actor that never lived has no PostStop to do it
            throw;
        }
    }

    /// <inheritdoc/>
    protected internal override void AroundPreRestart(Exception cause, object message)
    {
        try
        {
            _internalStash.UnstashAll();
        }
        finally
        {
            while (_journalBatch.Count > 0) SendJournalBatch(); // persisted by the actor, so stored, though this incarnation ends
            LeaveRecovery();
            base.AroundPreRestart(cause, message switch
            {
                WriteMessageSuccess m => m.Persistent,
                LoopMessageSuccess m => m.Message,
                ReplayedMessage m => m.Persistent,
                _ => message,
            });
        }
    }

    /// <inheritdoc/>
    protected internal override void AroundPostRestart(Exception cause, object message)
    {
        try
        {
            BeginRecovery();
            base.AroundPostRestart(cause, message);
        }
        catch
        {
            LeaveRecovery();
            throw;
        }
    }

    /// <inheritdoc/>
    protected internal override void AroundPostStop()
    {
        try
        {
            _internalStash.UnstashAll();
        }
        finally
        {
            while (_journalBatch.Count > 0) SendJournalBatch(); // persisted by the actor, so stored, though this incarnation ends
            LeaveRecovery();
            base.AroundPostStop();
        }
    }

    /// <inheritdoc/>
    protected internal override bool AroundReceive(Receive receive, object message)
    {
        switch (_phase)
        {
            case Phase.Commands:
                if (!TakeOutcome(message)) TakeCommand(receive, message);
                return true;
            case Phase.Persisting:
                if (!TakeOutcome(message)) _internalStash.Stash();
                return true;
            case Phase.Failed:
                if (message is not IJournalResponse) _internalStash.Stash(); // the stop, which is on its way, hands them to dead letters
                return true;
            default:
                TakeWhileRecovering(message);
                return true;
        }
    }

    private void BeginRecovery()
    {
        _phase = Phase.AwaitingPermit;
        _ticket = _extension.Recoveries.Enter(Self, _instanceId);
        if (_ticket.Granted) LoadOrReplay();
    }

    private void LeaveRecovery()
    {
        if (_ticket is null) return;
        _extension.Recoveries.Leave(_ticket);
        _ticket = null;
    }

    private void LoadOrReplay()
    {
        var recovery = Recovery;
        if (recovery.FromSnapshot.MaxSequenceNr == 0 || !_extension.HasSnapshots(SnapshotPluginId))
        {
            Replay(recovery, 0);
            return;
        }

        _phase = Phase.AwaitingSnapshot;
        SnapshotStore.Tell(new LoadSnapshot(SnapshotterId, recovery.FromSnapshot, recovery.ToSequenceNr));
    }

    private void Replay(Recovery recovery, long after)
    {
        _phase = Phase.Replaying;
        Journal.Tell(new ReplayMessages(after + 1, recovery.ToSequenceNr, recovery.ReplayMax, PersistenceId, Self));
    }

    private void TakeWhileRecovering(object message)
    {
        switch (message)
        {
            case RecoveryGate.Granted granted when _phase == Phase.AwaitingPermit && granted.InstanceId == _instanceId:
                LoadOrReplay();
                break;
            case RecoveryGate.Granted:
                break;
            case RecoveryGate.Stalled stalled:
                if (stalled.InstanceId == _instanceId)
                    FailRecovery(new RecoveryTimedOutException($"{PersistenceId}: no event came for {_extension.Settings.RecoveryEventTimeout.TotalSeconds:0.###} s, the recovery-event-timeout. Check the journal, or raise the limit."), null);
                break;
            case LoadSnapshotResult loaded when _phase == Phase.AwaitingSnapshot:
                TakeSnapshot(loaded);
                break;
            case LoadSnapshotFailed failed when _phase == Phase.AwaitingSnapshot:
                FailRecovery(failed.Cause, null);
                break;
            case ReplayedMessage replayed when _phase == Phase.Replaying:
                TakeReplayed(replayed.Persistent);
                break;
            case RecoverySuccess success when _phase == Phase.Replaying:
                FinishRecovery(success.HighestSequenceNr);
                break;
            case ReplayMessagesFailure failure when _phase == Phase.Replaying:
                FailRecovery(failure.Cause, null);
                break;
            case IJournalResponse:
                break; // of an earlier incarnation
            default:
                _internalStash.Stash();
                break;
        }
    }

    private void TakeSnapshot(LoadSnapshotResult loaded)
    {
        _ticket!.Progress();
        var after = 0L;
        if (loaded.Snapshot is { } snapshot)
        {
            after = LastSequenceNr = snapshot.Metadata.SequenceNr;
            if (!Fold(new SnapshotOffer(snapshot.Metadata, snapshot.Snapshot))) return;
        }

        Replay(Recovery, after);
    }

    private void TakeReplayed(IPersistentRepresentation persistent)
    {
        _ticket!.Progress();
        LastSequenceNr = persistent.SequenceNr;
        Fold(persistent.Payload);
    }

    private bool Fold(object message)
    {
        try
        {
            base.AroundReceive(ReceiveRecover, message);
            return true;
        }
        catch (Exception e)
        {
            FailRecovery(e, message);
            return false;
        }
    }

    private void FailRecovery(Exception cause, object? message)
    {
        _phase = Phase.Failed;
        LeaveRecovery();
        try
        {
            OnRecoveryFailure(cause, message);
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    private void FinishRecovery(long highest)
    {
        LeaveRecovery();
        OnReplaySuccess();
        _sequenceNr = LastSequenceNr = Math.Max(highest, LastSequenceNr);
        _phase = Phase.Commands;
        try
        {
            base.AroundReceive(ReceiveRecover, RecoveryCompleted.Instance);
        }
        finally
        {
            FlushBatch();
            if (_pendingStashing > 0) _phase = Phase.Persisting;
            else _internalStash.UnstashAll();
        }
    }

    private void TakeCommand(Receive receive, object message)
    {
        var failed = true;
        try
        {
            base.AroundReceive(receive, message);
            failed = false;
        }
        finally
        {
            FlushBatch();
            if (_pendingStashing > 0) _phase = Phase.Persisting;
            else Unstash(failed);
        }
    }

    /// <summary>Takes what a journal answers; false for anything else. Answers to an earlier incarnation are dropped.</summary>
    private bool TakeOutcome(object message)
    {
        switch (message)
        {
            case WriteMessageSuccess m:
                if (m.ActorInstanceId != _instanceId) return true;
                LastSequenceNr = Math.Max(LastSequenceNr, m.Persistent.SequenceNr);
                Handle(m.Persistent.Payload);
                return true;
            case LoopMessageSuccess m:
                if (m.ActorInstanceId == _instanceId) Handle(m.Message);
                return true;
            case WriteMessagesSuccessful:
                _writing = false;
                FlushJournalBatch();
                return true;
            case WriteMessagesFailed failed:
                _writing = false;
                if (failed.WriteCount == 0) FlushJournalBatch(); // else a failure follows for each, and stops the actor
                return true;
            case WriteMessageRejected m:
                if (m.ActorInstanceId != _instanceId) return true;
                LastSequenceNr = Math.Max(LastSequenceNr, m.Persistent.SequenceNr);
                try
                {
                    OnPersistRejected(m.Cause, m.Persistent.Payload, m.Persistent.SequenceNr);
                }
                finally
                {
                    Handled(failed: false);
                }

                return true;
            case WriteMessageFailure m:
                if (m.ActorInstanceId != _instanceId) return true;
                _phase = Phase.Failed;
                try
                {
                    OnPersistFailure(m.Cause, m.Persistent.Payload, m.Persistent.SequenceNr);
                }
                finally
                {
                    Context.Stop(Self);
                }

                return true;
            case RecoveryGate.Granted or RecoveryGate.Stalled:
                return true;
            case ReplayedMessage or RecoverySuccess or ReplayMessagesFailure:
                return true; // a late answer to an earlier incarnation
            default:
                return false;
        }
    }

    private void Handle(object payload)
    {
        var failed = true;
        try
        {
            _pending.Peek().Handler(payload);
            failed = false;
        }
        finally
        {
            FlushBatch();
            Handled(failed);
        }
    }

    private void Handled(bool failed)
    {
        if (_pending.Dequeue().Stashing) _pendingStashing--;
        if (_pendingStashing > 0)
        {
            _phase = Phase.Persisting;
            return;
        }

        var was = _phase;
        _phase = Phase.Commands;
        if (was == Phase.Persisting || failed) Unstash(failed);
    }

    /// <summary>Lets the next of the set-aside messages come before the mailbox; all of them when a restart follows.</summary>
    private void Unstash(bool all)
    {
        if (all) _internalStash.UnstashAll();
        else _internalStash.Unstash();
    }

    private void FlushBatch()
    {
        if (_eventBatch.Count == 0) return;
        _journalBatch.AddRange(_eventBatch);
        _eventBatch.Clear();
        FlushJournalBatch();
    }

    private void FlushJournalBatch()
    {
        if (!_writing && _journalBatch.Count > 0) SendJournalBatch();
    }

    private void SendJournalBatch()
    {
        var most = _extension.Settings.MaxMessageBatchSize;
        var batch = _journalBatch;
        if (batch.Count <= most) _journalBatch = [];
        else
        {
            batch = _journalBatch.GetRange(0, most);
            _journalBatch.RemoveRange(0, most);
        }

        _writing = true;
        Journal.Tell(new WriteMessages(batch, Self, _instanceId));
    }
}
