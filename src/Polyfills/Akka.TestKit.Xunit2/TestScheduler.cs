// Timers on a clock that only the test moves.
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Set <c>akka.scheduler.implementation</c> to this type; then <c>(TestScheduler)Sys.Scheduler</c> moves time.</summary>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Action<bool>, (long Due, long Number)> _timers = new();
    private DateTimeOffset _now;
    private readonly DateTimeOffset _began;
    private long _numbers;

    /// <param name="schedulerConfig">Not read.</param>
    /// <param name="log">Not written.</param>
    public TestScheduler(Config schedulerConfig, ILoggingAdapter log) => _began = _now = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public IAdvancedScheduler Advanced => this;

    /// <inheritdoc/>
    public DateTimeOffset Now
    {
        get
        {
            lock (_gate) return _now;
        }
    }

    /// <inheritdoc/>
    public TimeSpan MonotonicClock => Now - _began;

    /// <inheritdoc/>
    public TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <summary>Moves time on, and does what comes due, in order.</summary>
    public void Advance(TimeSpan offset) => AdvanceTo(Now + offset);

    /// <inheritdoc cref="Advance"/>
    public void AdvanceTo(DateTimeOffset when)
    {
        if (when < Now) throw new InvalidOperationException($"TestScheduler: {when} has passed. Time goes forward only.");
        while (true)
        {
            Action<bool> run;
            lock (_gate)
            {
                if (!_timers.TryPeek(out run!, out var next) || next.Due > when.UtcTicks)
                {
                    _now = when;
                    return;
                }

                _timers.Dequeue();
                if (next.Due > _now.UtcTicks) _now = new DateTimeOffset(next.Due, TimeSpan.Zero);
            }

            run(true);
        }
    }

    private void Add(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        void Set(TimeSpan after)
        {
            lock (_gate) _timers.Enqueue(Run, (_now.UtcTicks + after.Ticks, _numbers++));
        }

        void Run(bool _)
        {
            if (cancelable?.IsCancellationRequested == true) return;
            action();
            if (interval is { } again && cancelable?.IsCancellationRequested != true) Set(again);
        }

        Set(delay);
    }

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) => ScheduleTellOnce(delay, receiver, message, sender, null);

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) => Add(delay, null, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) => ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) => Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Add(delay, null, action, cancelable);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action) => Add(delay, null, action, null);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) => Add(initialDelay, interval, action, cancelable);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => Add(initialDelay, interval, action, null);
}
