// Asynchronous handlers, stash, timers and the receive timeout of a cell.
using System.Runtime.ExceptionServices;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

public sealed partial class ActorCell
{
    /// <summary>Not a message for the actor: the receive timeout may have passed.</summary>
    private sealed class ReceiveTimeoutDue : IAutoReceivedMessage, INotInfluenceReceiveTimeout, IDeadLetterSuppression, INoSerializationVerificationNeeded
    {
        public static readonly ReceiveTimeoutDue Instance = new();
    }

    /// <summary>Runs an asynchronous handler: no other user message is handled until it ends, and its continuations run within the actor's turns.</summary>
    internal void RunTask(Func<Task> action)
    {
        var scheduler = Extras.Tasks ??= new ActorTaskScheduler(this);
        var outer = new Task<Task>(action);
        outer.RunSynchronously(scheduler);
        if (outer.IsFaulted) ExceptionDispatchInfo.Throw(outer.Exception!.InnerException!);
        var task = outer.GetAwaiter().GetResult();
        if (task is null || task.IsCompletedSuccessfully) return;
        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
            return;
        }

        _awaiting++;
        Extras.AwaitedFor = _current;
        task.ContinueWith(
            t => SendSystem(new TaskStep(scheduler, null, new ExceptionBox(t.IsCompletedSuccessfully ? null : t.Exception?.InnerException ?? new TaskCanceledException(t)))),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void RunTaskStep(TaskStep step)
    {
        if (_extras is null || !ReferenceEquals(step.Scheduler, _extras.Tasks)) return; // an earlier incarnation's
        if (_awaiting > 0) _current = _extras.AwaitedFor;
        if (step.End is not { } end)
        {
            step.Scheduler.Run(step.Task!);
            return;
        }

        _awaiting--;
        if (end.Cause is not null) ExceptionDispatchInfo.Throw(end.Cause);
    }

    /// <summary>A stash for the present incarnation.</summary>
    public IStash CreateStash() => CreateStash(int.MaxValue);

    internal IStash CreateStash(int capacity)
    {
        var stash = new Stash(this, capacity);
        (Extras.Stashes ??= []).Add(stash);
        return stash;
    }

    private TimerScheduler Timers() => Extras.Timers ??= new TimerScheduler(this);

    /// <inheritdoc/>
    public TimeSpan? ReceiveTimeout => _extras?.ReceiveTimeout;

    /// <inheritdoc/>
    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is null && _extras is null) return;
        if (timeout <= TimeSpan.Zero) throw new ArgumentException($"{_self.Path}: a receive timeout of {timeout}. It must be positive; null ends it.", nameof(timeout));
        CancelReceiveTimeout();
        Extras.ReceiveTimeout = timeout;
        if (timeout is not { } span) return;
        Extras.LastReceived = _system.Scheduler.MonotonicClock;
        Extras.ReceiveTimer = _system.Scheduler.ScheduleTellOnceCancelable(span, _self, ReceiveTimeoutDue.Instance, _self);
    }

    private void CancelReceiveTimeout()
    {
        if (_extras is null) return;
        _extras.ReceiveTimer?.Cancel();
        (_extras.ReceiveTimer, _extras.ReceiveTimeout) = (null, null);
    }

    private void ReceiveTimeoutPassed()
    {
        if (_extras?.ReceiveTimeout is not { } timeout) return;
        // One timer serves for many messages: it looks when the last of them came.
        var left = timeout - (_system.Scheduler.MonotonicClock - _extras.LastReceived);
        if (left > TimeSpan.Zero)
        {
            _extras.ReceiveTimer = _system.Scheduler.ScheduleTellOnceCancelable(left, _self, ReceiveTimeoutDue.Instance, _self);
            return;
        }

        _extras.LastReceived = _system.Scheduler.MonotonicClock;
        _extras.ReceiveTimer = _system.Scheduler.ScheduleTellOnceCancelable(timeout, _self, ReceiveTimeoutDue.Instance, _self);
        _current.Content = Akka.Actor.ReceiveTimeout.Instance;
        _actor!.AroundReceive(_behaviour!, Akka.Actor.ReceiveTimeout.Instance);
    }
}
