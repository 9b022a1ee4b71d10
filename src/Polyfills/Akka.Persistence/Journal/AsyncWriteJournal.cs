// A journal actor over three asynchronous operations: answers in the order of asking, and a replay waits for the writes asked
// before it. Knows the protocol; refuses to know storage.
using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>The base of journals that write and read asynchronously.</summary>
public abstract class AsyncWriteJournal : ActorBase
{
    private readonly Queue<Item> _line = new();
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);
    private int _unstarted;

    private sealed record Settled;

    private sealed class Item(object request)
    {
        public object Request { get; } = request;
        public Task<IImmutableList<Exception?>?>? Write { get; set; }
        public bool Done => Request is not WriteMessages || Write is { IsCompleted: true };
    }

    /// <summary>Replays events of a stream in order, bounds included, at most <paramref name="max"/> of them.</summary>
    public abstract Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback);

    /// <summary>The highest number of a stream, deleted events too; 0 for none.</summary>
    public abstract Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);

    /// <summary>
    /// Stores writes. A failed task means that it is not known what is stored; a result that has an exception at a write's place
    /// means that this write was refused and nothing of it stored; null means that all is stored.
    /// </summary>
    protected abstract Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages);

    /// <summary>Deletes a stream's events up to and with a number.</summary>
    protected abstract Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr);

    /// <summary>Takes messages of the plug-in's own.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        switch (message)
        {
            case WriteMessages:
                _unstarted++;
                _line.Enqueue(new Item(message));
                Settle();
                return true;
            case ReplayMessages or DeleteMessagesTo:
                _line.Enqueue(new Item(message));
                Settle();
                return true;
            case Settled:
                Settle();
                return true;
            default:
                return ReceivePluginInternal(message);
        }
    }

    private Task<IImmutableList<Exception?>?> Start(WriteMessages write)
    {
        Task<IImmutableList<Exception?>?> task;
        try
        {
            var writes = write.Messages.OfType<AtomicWrite>().ToArray();
            task = writes.Length == 0 ? Task.FromResult<IImmutableList<Exception?>?>(null) : WriteMessagesAsync(writes);
        }
        catch (Exception e)
        {
            task = Task.FromException<IImmutableList<Exception?>?>(e);
        }

        if (!task.IsCompleted)
        {
            var self = Self;
            task.ContinueWith(_ => self.Tell(new Settled(), ActorRefs.NoSender), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return task;
    }

    /// <summary>Starts the writes of streams that have none under way: an actor that ends may have sent a second before its first was stored.</summary>
    private void StartWrites()
    {
        if (_unstarted == 0) return;
        _busy.Clear();
        foreach (var item in _line)
        {
            if (item.Request is not WriteMessages write || item.Done) continue;
            var stream = write.Messages.OfType<AtomicWrite>().FirstOrDefault()?.PersistenceId;
            if (item.Write is null && (stream is null || !_busy.Contains(stream)))
            {
                _unstarted--;
                item.Write = Start(write);
            }

            if (stream is not null && !item.Done) _busy.Add(stream);
        }
    }

    /// <summary>Starts what can be started, and answers the head of the line for as long as it can be answered.</summary>
    private void Settle()
    {
        StartWrites();
        while (_line.TryPeek(out var head) && head.Done)
        {
            _line.Dequeue();
            switch (head.Request)
            {
                case WriteMessages write:
                    Answer(write, head.Write!);
                    break;
                case ReplayMessages replay:
                    _ = ReplayTo(replay, Context);
                    break;
                case DeleteMessagesTo delete:
                    _ = DeleteFor(delete);
                    break;
            }
        }
    }

    private static void Answer(WriteMessages write, Task<IImmutableList<Exception?>?> task)
    {
        var fault = task.IsFaulted ? task.Exception!.GetBaseException() : task.IsCanceled ? new OperationCanceledException("The write was cancelled.") : null;
        var rejections = fault is null ? task.GetAwaiter().GetResult() : null;
        Outcomes.Tell(write, fault, rejections);
    }

    private async Task ReplayTo(ReplayMessages replay, IActorContext context)
    {
        var to = replay.PersistentActor;
        try
        {
            var highest = await ReadHighestSequenceNrAsync(replay.PersistenceId, Math.Max(0, replay.FromSequenceNr - 1)).ConfigureAwait(false);
            var last = Math.Min(replay.ToSequenceNr, highest);
            if (replay.FromSequenceNr <= last)
            {
                await ReplayMessagesAsync(context, replay.PersistenceId, replay.FromSequenceNr, last, replay.Max, p =>
                {
                    if (!p.IsDeleted) to.Tell(new ReplayedMessage(p), ActorRefs.NoSender);
                }).ConfigureAwait(false);
            }

            to.Tell(new RecoverySuccess(highest), ActorRefs.NoSender);
        }
        catch (Exception e)
        {
            to.Tell(new ReplayMessagesFailure(e), ActorRefs.NoSender);
        }
    }

    private async Task DeleteFor(DeleteMessagesTo delete)
    {
        try
        {
            await DeleteMessagesToAsync(delete.PersistenceId, delete.ToSequenceNr).ConfigureAwait(false);
            delete.PersistentActor.Tell(new DeleteMessagesSuccess(delete.ToSequenceNr), ActorRefs.NoSender);
        }
        catch (Exception e)
        {
            delete.PersistentActor.Tell(new DeleteMessagesFailure(e, delete.ToSequenceNr), ActorRefs.NoSender);
        }
    }
}

/// <summary>Tells a persistent actor how its writes ended, event by event, in order.</summary>
internal static class Outcomes
{
    /// <param name="write">What was asked.</param>
    /// <param name="fault">Why all of it failed, or null.</param>
    /// <param name="rejections">For each atomic write why it was refused, or null; null where none was.</param>
    public static void Tell(WriteMessages write, Exception? fault, IReadOnlyList<Exception?>? rejections)
    {
        var (to, id) = (write.PersistentActor, write.ActorInstanceId);
        object first = fault is null ? WriteMessagesSuccessful.Instance : new WriteMessagesFailed(fault, write.Messages.Count(m => m is AtomicWrite));
        to.Tell(first, ActorRefs.NoSender);
        var at = 0;
        foreach (var envelope in write.Messages)
        {
            if (envelope is not AtomicWrite atomic)
            {
                to.Tell(new LoopMessageSuccess(envelope.Payload, id), envelope.Sender ?? ActorRefs.NoSender);
                continue;
            }

            var rejection = rejections?[at];
            at++;
            foreach (var p in atomic.Events)
            {
                object outcome = fault is not null ? new WriteMessageFailure(p, fault, id)
                    : rejection is not null ? new WriteMessageRejected(p, rejection, id)
                    : new WriteMessageSuccess(p, id);
                to.Tell(outcome, p.Sender ?? ActorRefs.NoSender);
            }
        }
    }
}
