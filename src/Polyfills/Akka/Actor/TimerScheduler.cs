// An actor's own timers, by key. A timer that was replaced, called off or set by an earlier incarnation never reaches the actor.
using Akka.Event;

namespace Akka.Actor;

/// <summary>An actor's own timers.</summary>
public interface ITimerScheduler
{
    /// <summary>Sends a message to oneself at that interval; replaces the timer of the same key.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    /// <inheritdoc cref="StartPeriodicTimer(object, object, TimeSpan)"/>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>Sends a message to oneself once; replaces the timer of the same key.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    /// <summary>True from start to end.</summary>
    bool IsTimerActive(object key);

    /// <summary>Calls a timer off. Its message does not come, even if it waits in the mailbox.</summary>
    void Cancel(object key);

    /// <summary>Calls all off.</summary>
    void CancelAll();
}

/// <summary>An actor that is given timers, before its first message and after its constructor.</summary>
public interface IWithTimers
{
    /// <summary>Set by the engine.</summary>
    ITimerScheduler Timers { get; set; }
}

internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    /// <summary>On its way to the actor.</summary>
    internal sealed class Fired(object key, object message, long generation, bool repeats) : IAutoReceivedMessage, INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public object Key => key;

        public object Message => message;

        public long Generation => generation;

        public bool Repeats => repeats;
    }

    private readonly Dictionary<object, (long Generation, ICancelable Task)> _timers = [];
    private long _generations;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => StartPeriodicTimer(key, msg, interval, interval);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval)
    {
        var fired = Next(key, msg, true);
        _timers[key] = (fired.Generation, cell.SystemImpl.Scheduler.ScheduleTellRepeatedlyCancelable(initialDelay, interval, cell.Self, fired, cell.Self));
    }

    public void StartSingleTimer(object key, object msg, TimeSpan timeout)
    {
        var fired = Next(key, msg, false);
        _timers[key] = (fired.Generation, cell.SystemImpl.Scheduler.ScheduleTellOnceCancelable(timeout, cell.Self, fired, cell.Self));
    }

    private Fired Next(object key, object message, bool repeats)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(message);
        Cancel(key);
        return new Fired(key, message, ++_generations, repeats);
    }

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer)) timer.Task.Cancel();
    }

    public void CancelAll()
    {
        foreach (var (_, task) in _timers.Values) task.Cancel();
        _timers.Clear();
    }

    /// <summary>The timer's message, if the timer is still the one that was set.</summary>
    public bool Accept(Fired fired, out object message)
    {
        message = fired.Message;
        if (!_timers.TryGetValue(fired.Key, out var timer) || timer.Generation != fired.Generation) return false;
        if (!fired.Repeats) _timers.Remove(fired.Key);
        return true;
    }
}
