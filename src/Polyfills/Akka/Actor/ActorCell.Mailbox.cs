// A cell's mailbox and turns: at any time at most one thread handles a cell's messages, system messages first.
using System.Runtime.CompilerServices;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

public sealed partial class ActorCell
{
    private const int Idle = 0, Scheduled = 1, Ended = 2;

    private EnvelopeChain _chain;
    private Stack<Envelope>? _front; // unstashed; the turn's thread only
    private readonly IMessageQueue? _custom;
    private SystemMessage? _sys; // newest first
    private Envelope _current;
    private int _status;
    private int _suspensions, _awaiting;
    private readonly bool _direct;
    private bool _created;
    private long _handled;

    /// <summary>The number of the current message: another for each time one is handled.</summary>
    internal long CurrentEnvelopeId => _handled;

    /// <summary>True once stopped for good.</summary>
    internal bool IsTerminated => Volatile.Read(ref _status) == Ended;

    /// <summary>How many user messages wait, about.</summary>
    internal int NumberOfMessages => (_front?.Count ?? 0) + (_custom?.Count ?? _chain.Count);

    private bool TakesMessages => (_suspensions | _awaiting) == 0;

    /// <summary>Gives the cell its first turn.</summary>
    internal void Start() => _dispatcher.Schedule(this);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SendMessage(object message, IActorRef sender)
    {
        if (_direct) _chain.Enqueue(message, sender);
        else EnqueueElsewhere(message, sender);
        // The enqueue ends with a full fence before the message is seen: either this sees the cell at rest, or the cell sees the claim.
        if (Volatile.Read(ref _status) != Scheduled) Rouse();
    }

    private void EnqueueElsewhere(object message, IActorRef sender)
    {
        if (_system.SerializesMessages) message = _system.Serialization.RoundTrip(message);
        if (_custom is null) _chain.Enqueue(message, sender);
        else _custom.Enqueue(_self, new Envelope(message, sender));
        Interlocked.MemoryBarrier();
    }

    internal void SendSystem(SystemMessage message)
    {
        var head = Volatile.Read(ref _sys);
        while (true)
        {
            if (ReferenceEquals(head, Closed.Sign))
            {
                HandleAfterEnd(message);
                return;
            }

            message.Next = head;
            var seen = Interlocked.CompareExchange(ref _sys, message, head);
            if (ReferenceEquals(seen, head)) break;
            head = seen;
        }

        if (Volatile.Read(ref _status) != Scheduled) Rouse();
    }

    private void Rouse()
    {
        if (Interlocked.CompareExchange(ref _status, Scheduled, Idle) is var was && was == Idle) _dispatcher.Schedule(this);
        else if (was == Ended) Drain();
    }

    void IThreadPoolWorkItem.Execute() => Worker.Run(this);

    /// <summary>Handles what waits, up to the dispatcher's throughput. Never throws.</summary>
    internal void RunTurn()
    {
        var before = _active;
        _active = this;
        if (!_created) Create();
        if (_sys is not null) HandleSystemMessages();
        if (_status != Ended) HandleMessages();
        // A resting actor holds on to no message, unless a restart is to be told of it.
        if (_failed is null && _awaiting == 0) _current = default;
        _active = before;
        Rest();
    }

    private void Rest()
    {
        if (_status == Ended) return;
        if (!HasWork())
        {
            Interlocked.Exchange(ref _status, Idle);
            // From here on another thread may run the cell; HasWork is then only a guess, and the exchange below decides.
            if (!HasWork() || Interlocked.CompareExchange(ref _status, Scheduled, Idle) != Idle) return;
        }

        _dispatcher.Reschedule(this);
    }

    private bool HasWork() =>
        Volatile.Read(ref _sys) is { } sys ? !ReferenceEquals(sys, Closed.Sign) : TakesMessages && (_front is { Count: > 0 } || (_custom is null ? _chain.HasClaimed : _custom.HasMessages));

    private void HandleMessages()
    {
        var left = _dispatcher.Throughput;
        while (TakesMessages)
        {
            try
            {
                while (left-- > 0 && TryDequeue())
                {
                    Invoke();
                    if (_sys is null && _awaiting == 0) continue;
                    if (_sys is not null) HandleSystemMessages();
                    if (!TakesMessages || _status == Ended) return;
                }

                return;
            }
            catch (Exception e)
            {
                HandleFailure(e, null);
                if (_sys is not null) HandleSystemMessages();
                if (_status == Ended) return;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryDequeue()
    {
        if (_front is not null || _custom is not null) return TryDequeueElsewhere();
        return _chain.TryDequeue(ref _current);
    }

    private bool TryDequeueElsewhere()
    {
        if (_front is { } front)
        {
            if (front.TryPop(out var envelope))
            {
                _current = envelope;
                return true;
            }

            _front = null;
        }

        if (_custom is null) return _chain.TryDequeue(ref _current);
        if (!_custom.TryDequeue(out var taken)) return false;
        _current = taken;
        return true;
    }

    /// <summary>Puts messages before all others, the first of them next.</summary>
    internal void Prepend(IReadOnlyList<Envelope> envelopes)
    {
        if (envelopes.Count == 0) return;
        _front ??= new Stack<Envelope>(envelopes.Count);
        for (var i = envelopes.Count - 1; i >= 0; i--)
        {
            // One that was put aside has been taken off the list of those to hand out: put it back on.
            if (envelopes[i].Content is Terminated dead) (Extras.Dead ??= [])[dead.ActorRef] = dead;
            _front.Push(envelopes[i]);
        }
    }

    private void Invoke()
    {
        var message = _current.Content;
        _handled++;
        if (message is IAutoReceivedMessage) AutoReceive(message);
        else _actor!.AroundReceive(_behaviour!, message);
        if (_extras?.ReceiveTimeout is not null && message is not INotInfluenceReceiveTimeout) _extras.LastReceived = _system.Scheduler.MonotonicClock;
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case PoisonPill:
                _self.Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self);
                break;
            case Terminated dead:
                ReceiveTerminated(dead);
                break;
            case TimerScheduler.Fired fired:
                if (_extras?.Timers is not { } timers || !timers.Accept(fired, out var inner)) return;
                _current.Content = inner;
                if (inner is IAutoReceivedMessage) AutoReceive(inner);
                else _actor!.AroundReceive(_behaviour!, inner);
                break;
            case ReceiveTimeoutDue:
                ReceiveTimeoutPassed();
                break;
            default:
                _actor!.AroundReceive(_behaviour!, message);
                break;
        }
    }

    private void HandleSystemMessages()
    {
        while (true)
        {
            var list = Interlocked.Exchange(ref _sys, null);
            if (list is null) return;
            SystemMessage? ordered = null;
            while (list is not null)
            {
                var next = list.Next;
                list.Next = ordered;
                ordered = list;
                list = next;
            }

            while (ordered is not null)
            {
                var message = ordered;
                ordered = message.Next;
                message.Next = null;
                if (_status == Ended) HandleAfterEnd(message);
                else HandleSystemMessage(message);
            }

            if (_status != Ended) continue;
            // The end has put its sign there; put it back should the exchange above have taken it.
            var late = Interlocked.Exchange(ref _sys, Closed.Sign);
            while (late is not null && !ReferenceEquals(late, Closed.Sign))
            {
                var next = late.Next;
                HandleAfterEnd(late);
                late = next;
            }

            return;
        }
    }

    private void HandleSystemMessage(SystemMessage message)
    {
        try
        {
            if (Defers(message)) (Extras.Deferred ??= new Queue<SystemMessage>()).Enqueue(message);
            else Perform(message);
            while (_extras?.Deferred is { Count: > 0 } deferred && _status != Ended && !Defers(deferred.Peek())) Perform(deferred.Dequeue());
        }
        catch (Exception e)
        {
            HandleFailure(e, message is Failed failed ? failed.Child : null);
        }
    }

    private void Perform(SystemMessage message)
    {
        switch (message)
        {
            case DeathWatchNotification note: WatchedActorTerminated(note); break;
            case Dispatch.SysMsg.Terminate: Terminate(); break;
            case Watch watch: AddWatcher(watch.Watchee, watch.Watcher); break;
            case Unwatch unwatch: RemoveWatcher(unwatch.Watchee, unwatch.Watcher); break;
            case Failed failed: HandleFailed(failed); break;
            case Recreate recreate: FaultRecreate(recreate.Cause); break;
            case Suspend: FaultSuspend(); break;
            case Resume resume: FaultResume(resume.CausedByFailure); break;
            case TaskStep step: RunTaskStep(step); break;
        }
    }

    private void HandleAfterEnd(SystemMessage message)
    {
        if (message is Watch watch && ReferenceEquals(watch.Watchee, _self)) watch.Watcher.SendSystemMessage(new DeathWatchNotification(_self, true, false));
    }

    /// <summary>Closes the mailbox. Within a turn.</summary>
    private void CloseMailbox()
    {
        Volatile.Write(ref _status, Ended);
        Interlocked.MemoryBarrier();
        var late = Interlocked.Exchange(ref _sys, Closed.Sign);
        while (late is not null && !ReferenceEquals(late, Closed.Sign))
        {
            var next = late.Next;
            HandleAfterEnd(late);
            late = next;
        }

        Drain();
    }

    /// <summary>Hands what came to an ended cell to dead letters.</summary>
    private void Drain()
    {
        var letters = _system.DeadLetters;
        lock (_self)
        {
            var envelope = default(Envelope);
            var spin = new SpinWait();
            while (true)
            {
                if (_front is { } front && front.TryPop(out envelope)) { }
                else if (_custom is not null)
                {
                    if (!_custom.TryDequeue(out envelope)) return;
                }
                else if (!_chain.TryDequeue(ref envelope))
                {
                    if (!_chain.HasClaimed) return;
                    spin.SpinOnce(sleep1Threshold: -1);
                    continue;
                }

                // An ended subscriber to dead letters is told of them too: such a letter has no letter of its own, or they never end.
                if (envelope.Content is not AllDeadLetters) letters.Tell(new DeadLetter(envelope.Content, envelope.From, _self), envelope.From);
            }
        }
    }
}
