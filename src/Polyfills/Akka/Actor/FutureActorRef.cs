// A ref that stands for one answer. Has a path only if somebody asks for it.
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Receives one message and completes a task with it.</summary>
internal abstract class FutureActorRef(ActorSystemImpl system) : MinimalActorRef
{
    private readonly Lock _gate = new();
    private ActorPath? _path;
    private List<IActorRef>? _watchers;
    private bool _done;

    public override ActorPath Path
    {
        get
        {
            if (_path is not null) return _path;
            lock (_gate) return _path ??= system.Register(this);
        }
    }

    public override IInternalActorRef Parent => system.LookupRoot;

    public override bool IsTerminated => _done;

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is IAutoReceivedMessage and not Terminated)
        {
            if (message is Identify identify) (sender ?? system.DeadLetters).Tell(new ActorIdentity(identify.MessageId, this), this);
            else if (message is PoisonPill) Stop();
            return;
        }

        if (!End() || !Complete(message)) system.DeadLetters.Tell(new Event.DeadLetter(message, sender!, this), sender);
    }

    public override void Stop() => End();

    /// <summary>False where it had ended before.</summary>
    protected bool End()
    {
        List<IActorRef>? watchers;
        lock (_gate)
        {
            if (_done) return false;
            _done = true;
            (watchers, _watchers) = (_watchers, null);
            if (_path is not null) system.Forget(_path);
        }

        foreach (var watcher in watchers ?? []) ((IInternalActorRef)watcher).SendSystemMessage(new DeathWatchNotification(this, true, false));
        return true;
    }

    protected abstract bool Complete(object message);

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is Unwatch unwatch)
            lock (_gate) _watchers?.Remove(unwatch.Watcher);
        if (message is not Watch watch) return;
        lock (_gate)
            if (!_done)
            {
                (_watchers ??= []).Add(watch.Watcher);
                return;
            }

        watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, true, false));
    }
}

internal sealed class FutureActorRef<T> : FutureActorRef
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource? _timer;
    private readonly CancellationTokenRegistration _onTimeout, _onCancel;

    public FutureActorRef(ActorSystemImpl system, string asked, TimeSpan timeout, CancellationToken cancel) : base(system)
    {
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            _timer = new CancellationTokenSource(timeout);
            _onTimeout = _timer.Token.UnsafeRegister(_ =>
            {
                if (End()) _answer.TrySetException(new AskTimeoutException($"Timeout after {timeout} seconds, asking {asked} for {typeof(T).Name}"));
            }, null);
        }

        if (cancel.CanBeCanceled)
            _onCancel = cancel.UnsafeRegister(_ =>
            {
                if (End()) _answer.TrySetCanceled(cancel);
            }, null);
    }

    public Task<T> Answer => _answer.Task;

    protected override bool Complete(object message)
    {
        _onTimeout.Dispose();
        _onCancel.Dispose();
        _timer?.Dispose();
        return message switch
        {
            T answer => _answer.TrySetResult(answer),
            Status.Failure failure => _answer.TrySetException(failure.Cause ?? new InvalidOperationException("Ask: the answer is a failure without a cause.")),
            _ => _answer.TrySetException(new ArgumentException($"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
        };
    }
}
