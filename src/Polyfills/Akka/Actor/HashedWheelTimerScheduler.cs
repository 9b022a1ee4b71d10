// The system's timers: a wheel of buckets turned by one thread. Knows ticks, and what to do at them.
using System.Diagnostics;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Setting and calling off cost the same however many timers there are; precision is one tick. The thread sleeps until there is something to do.</summary>
public sealed class HashedWheelTimerScheduler : IScheduler, IAdvancedScheduler, IDisposable
{
    private sealed class Entry
    {
        public long Due; // tick
        public long Interval; // ticks; 0 for once
        public Action? Action;
        public ICanTell? Receiver;
        public object? Message;
        public IActorRef? Sender;
        public ICancelable? Cancelable;
        public Entry? Next, Previous;
        public int Bucket = -1;
    }

    private readonly object _gate = new();
    private readonly Entry?[] _wheel;
    private readonly ILoggingAdapter _log;
    private readonly long _tick; // stopwatch units
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Thread _thread;
    private long _now; // the last tick done
    private long _wakesAt = long.MaxValue; // tick
    private int _count;
    private bool _ended;

    /// <param name="scheduler">The system's configuration.</param>
    /// <param name="log">For actions that fail.</param>
    public HashedWheelTimerScheduler(Config scheduler, ILoggingAdapter log)
    {
        var tick = scheduler.GetTimeSpan("akka.scheduler.tick-duration", TimeSpan.FromMilliseconds(10));
        var size = scheduler.GetInt("akka.scheduler.ticks-per-wheel", 512);
        if (tick < TimeSpan.FromMilliseconds(1)) throw new ConfigurationException($"akka.scheduler.tick-duration: is {tick}. A tick is at least 1ms.");
        if (size < 2) throw new ConfigurationException($"akka.scheduler.ticks-per-wheel: is {size}. A wheel has at least 2 ticks.");
        _tick = (long)(tick.TotalSeconds * Stopwatch.Frequency);
        _wheel = new Entry?[size];
        _log = log;
        _thread = new Thread(Turn) { IsBackground = true, Name = "akka-scheduler" };
        _thread.UnsafeStart();
    }

    /// <inheritdoc/>
    public IAdvancedScheduler Advanced => this;

    /// <inheritdoc/>
    public DateTimeOffset Now => DateTimeOffset.UtcNow;

    /// <inheritdoc/>
    public TimeSpan MonotonicClock => TimeSpan.FromMilliseconds(Environment.TickCount64);

    /// <inheritdoc/>
    public TimeSpan HighResMonotonicClock => Stopwatch.GetElapsedTime(_began);

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) => ScheduleTellOnce(delay, receiver, message, sender, null);

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Add(new Entry { Receiver = receiver, Message = message, Sender = sender, Cancelable = cancelable }, delay, TimeSpan.Zero);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) => ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Add(new Entry { Receiver = receiver, Message = message, Sender = sender, Cancelable = cancelable }, initialDelay, Positive(interval));

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Add(new Entry { Action = action, Cancelable = cancelable }, delay, TimeSpan.Zero);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) => Add(new Entry { Action = action, Cancelable = cancelable }, initialDelay, Positive(interval));

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => ScheduleRepeatedly(initialDelay, interval, action, null);

    private static TimeSpan Positive(TimeSpan interval) =>
        interval > TimeSpan.Zero ? interval : throw new ArgumentOutOfRangeException(nameof(interval), $"Scheduler: an interval of {interval}. It must be positive.");

    private long Ticks(TimeSpan span) => (long)Math.Ceiling(span.TotalSeconds * Stopwatch.Frequency / _tick);

    private long Elapsed => (Stopwatch.GetTimestamp() - _began) / _tick;

    private void Add(Entry entry, TimeSpan delay, TimeSpan interval)
    {
        if (delay < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(delay), $"Scheduler: a delay of {delay}. It cannot be negative.");
        if (entry.Cancelable?.IsCancellationRequested == true) return;
        entry.Interval = interval == TimeSpan.Zero ? 0 : Math.Max(1, Ticks(interval));
        lock (_gate)
        {
            if (_ended) throw new SchedulerException("Scheduler: has ended with its system. Set timers before the system terminates.");
            // The present tick has begun already, so a whole number of ticks from the next one is never too early.
            entry.Due = delay == TimeSpan.Zero ? _now + 1 : Elapsed + 1 + Ticks(delay);
            Insert(entry);
            if (entry.Due < _wakesAt) Monitor.Pulse(_gate);
        }

        if (entry.Cancelable is Cancelable own) own.OnCancel = (Action)Delegate.Combine(own.OnCancel, () => Remove(entry));
    }

    private void Insert(Entry entry)
    {
        var bucket = (int)(entry.Due % _wheel.Length);
        entry.Bucket = bucket;
        entry.Previous = null;
        entry.Next = _wheel[bucket];
        if (entry.Next is not null) entry.Next.Previous = entry;
        _wheel[bucket] = entry;
        _count++;
    }

    private void Unlink(Entry entry)
    {
        if (entry.Bucket < 0) return;
        if (entry.Previous is null) _wheel[entry.Bucket] = entry.Next;
        else entry.Previous.Next = entry.Next;
        if (entry.Next is not null) entry.Next.Previous = entry.Previous;
        entry.Next = entry.Previous = null;
        entry.Bucket = -1;
        _count--;
    }

    private void Remove(Entry entry)
    {
        lock (_gate) Unlink(entry);
    }

    private void Turn()
    {
        var due = new List<Entry>();
        while (true)
        {
            lock (_gate)
            {
                while (true)
                {
                    if (_ended) return;
                    Collect(due);
                    if (due.Count > 0) break;
                    _wakesAt = Next();
                    if (_wakesAt == long.MaxValue) Monitor.Wait(_gate);
                    else
                    {
                        var wait = _wakesAt * _tick - (Stopwatch.GetTimestamp() - _began);
                        if (wait > 0) Monitor.Wait(_gate, (int)Math.Clamp((wait * 1000 + Stopwatch.Frequency - 1) / Stopwatch.Frequency, 1, 1 << 30));
                    }
                }

                _wakesAt = 0; // awake
            }

            due.Sort(static (a, b) => a.Due.CompareTo(b.Due));
            foreach (var entry in due) Fire(entry);
            due.Clear();
        }
    }

    /// <summary>Takes what is due up to the present tick.</summary>
    private void Collect(List<Entry> due)
    {
        var now = Elapsed;
        if (_count == 0 || now - _now >= _wheel.Length)
        {
            // The whole wheel, once.
            if (_count > 0)
                for (var b = 0; b < _wheel.Length; b++) Collect(b, now, due);
            _now = Math.Max(_now, now);
            return;
        }

        while (_now < now) Collect((int)(++_now % _wheel.Length), _now, due);
    }

    private void Collect(int bucket, long upTo, List<Entry> due)
    {
        for (var entry = _wheel[bucket]; entry is not null;)
        {
            var next = entry.Next;
            if (entry.Due <= upTo)
            {
                Unlink(entry);
                due.Add(entry);
            }

            entry = next;
        }
    }

    /// <summary>The next tick at which a bucket has entries, of this round or a later one.</summary>
    private long Next()
    {
        if (_count == 0) return long.MaxValue;
        for (var t = 1; t <= _wheel.Length; t++)
            if (_wheel[(_now + t) % _wheel.Length] is not null) return _now + t;
        return _now + _wheel.Length;
    }

    private void Fire(Entry entry)
    {
        if (entry.Cancelable?.IsCancellationRequested == true) return;
        try
        {
            if (entry.Action is not null) entry.Action();
            else entry.Receiver!.Tell(entry.Message!, entry.Sender);
        }
        catch (Exception e)
        {
            _log.Error(e, "a scheduled action failed");
            return; // one that fails is not repeated
        }

        if (entry.Interval == 0) return;
        lock (_gate)
        {
            if (_ended || entry.Cancelable?.IsCancellationRequested == true) return;
            // Late by more than an interval: what was missed is not made up for.
            entry.Due = Math.Max(entry.Due + entry.Interval, _now + 1);
            Insert(entry);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }

        if (Thread.CurrentThread != _thread) _thread.Join(TimeSpan.FromSeconds(1));
    }
}
