// Publishes events to those who subscribed to their type or a base of it. Knows refs, not what they do.
using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Event;

/// <summary>Publishes to subscribers.</summary>
public abstract class LoggingBus
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Type, IActorRef[]> _byType = new();
    private (IActorRef Subscriber, Type Channel)[] _subscriptions = [];

    /// <summary>The lowest level that is logged.</summary>
    public LogLevel LogLevel { get; private set; } = LogLevel.WarningLevel;

    /// <summary>Sets the lowest level that is logged.</summary>
    public void SetLogLevel(LogLevel logLevel) => LogLevel = logLevel;

    /// <summary>From now on the subscriber gets events of that type and those derived from it. False where it did before.</summary>
    public virtual bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        lock (_gate)
        {
            if (_subscriptions.Contains((subscriber, channel))) return false;
            _subscriptions = [.. _subscriptions, (subscriber, channel)];
            _byType.Clear();
        }

        if (subscriber is LocalActorRef { Cell: var cell })
        {
            cell.NoteSubscription();
            if (cell.IsTerminated) Unsubscribe(subscriber);
        }

        return true;
    }

    /// <summary>No longer.</summary>
    public virtual bool Unsubscribe(IActorRef subscriber, Type channel) => Drop(s => s.Subscriber.Equals(subscriber) && s.Channel == channel);

    /// <summary>No longer to anything.</summary>
    public virtual bool Unsubscribe(IActorRef subscriber) => Drop(s => s.Subscriber.Equals(subscriber));

    private bool Drop(Predicate<(IActorRef Subscriber, Type Channel)> which)
    {
        lock (_gate)
        {
            var left = Array.FindAll(_subscriptions, s => !which(s));
            if (left.Length == _subscriptions.Length) return false;
            _subscriptions = left;
            _byType.Clear();
            return true;
        }
    }

    /// <summary>Tells all subscribers of the event's type.</summary>
    public void Publish(object @event)
    {
        var type = @event.GetType();
        if (!_byType.TryGetValue(type, out var subscribers))
            lock (_gate)
                _byType[type] = subscribers = [.. _subscriptions.Where(s => s.Channel.IsAssignableFrom(type)).Select(static s => s.Subscriber).Distinct()];
        foreach (var subscriber in subscribers) subscriber.Tell(@event, ActorRefs.NoSender);
        if (subscribers.Length == 0 && @event is LogEvent early) PrintEarly(early);
    }

    /// <summary>Set until the loggers run: prints log events that no logger would.</summary>
    internal Action<LogEvent>? EarlyPrinter { get; set; }

    private void PrintEarly(LogEvent early) => EarlyPrinter?.Invoke(early);
}

/// <summary>A system's events.</summary>
public class EventStream(bool debug) : LoggingBus
{
    /// <summary>Whether subscriptions are themselves logged. Not here.</summary>
    protected bool Debug { get; } = debug;
}

/// <summary>Shorthands.</summary>
public static class EventBusExtensions
{
    /// <summary>Subscribes to a type.</summary>
    public static bool Subscribe<T>(this EventStream stream, IActorRef subscriber) => stream.Subscribe(subscriber, typeof(T));

    /// <summary>Unsubscribes from a type.</summary>
    public static bool Unsubscribe<T>(this EventStream stream, IActorRef subscriber) => stream.Unsubscribe(subscriber, typeof(T));
}
