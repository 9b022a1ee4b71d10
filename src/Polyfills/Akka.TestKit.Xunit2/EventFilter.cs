// Expectations of what is logged.
using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Makes filters for what is logged.</summary>
public sealed class EventFilterFactory(TestKitBase testKit)
{
    /// <summary>Errors with a cause of that type.</summary>
    public IEventFilterApplier Exception<TException>(string? message = null, string? start = null, string? contains = null, string? source = null) where TException : Exception => Exception(typeof(TException), message, start, contains, source);

    /// <summary>Errors with a cause of that type.</summary>
    public IEventFilterApplier Exception(Type exceptionType, string? message = null, string? start = null, string? contains = null, string? source = null) =>
        new EventFilterApplier(testKit, $"an error with a {exceptionType.Name} {message ?? start ?? contains}", e => e is Error && exceptionType.IsInstanceOfType(e.Cause) && (Fits(e.Message?.ToString(), message, start, contains) || Fits(e.Cause.Message, message, start, contains)) && From(e, source));

    /// <summary>Errors.</summary>
    public IEventFilterApplier Error(string? message = null, string? start = null, string? contains = null, string? source = null) => Of<Error>(message, start, contains, source);

    /// <summary>Warnings.</summary>
    public IEventFilterApplier Warning(string? message = null, string? start = null, string? contains = null, string? source = null) => Of<Warning>(message, start, contains, source);

    /// <summary>News.</summary>
    public IEventFilterApplier Info(string? message = null, string? start = null, string? contains = null, string? source = null) => Of<Info>(message, start, contains, source);

    /// <summary>Details.</summary>
    public IEventFilterApplier Debug(string? message = null, string? start = null, string? contains = null, string? source = null) => Of<Debug>(message, start, contains, source);

    /// <summary>All that satisfy the predicate.</summary>
    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => new EventFilterApplier(testKit, "a log event", predicate);

    private EventFilterApplier Of<T>(string? message, string? start, string? contains, string? source) where T : LogEvent =>
        new(testKit, $"{typeof(T).Name} {message ?? start ?? contains}", e => e is T && Fits(e.Message?.ToString(), message, start, contains) && From(e, source));

    private static bool Fits(string? text, string? message, string? start, string? contains) =>
        (message is null || text == message) && (start is null || text?.StartsWith(start, StringComparison.Ordinal) == true) && (contains is null || text?.Contains(contains, StringComparison.Ordinal) == true);

    private static bool From(LogEvent e, string? source) => source is null || e.LogSource == source || e.LogSource.StartsWith(source, StringComparison.Ordinal);
}

/// <summary>What is expected of a filter while something runs. What fits is not printed.</summary>
public interface IEventFilterApplier
{
    /// <summary>Exactly one event.</summary>
    void ExpectOne(Action action);

    /// <inheritdoc cref="ExpectOne(Action)"/>
    void ExpectOne(TimeSpan timeout, Action action);

    /// <summary>Exactly so many.</summary>
    void Expect(int expectedCount, Action action);

    /// <inheritdoc cref="Expect(int, Action)"/>
    void Expect(int expectedCount, TimeSpan timeout, Action action);

    /// <summary>Any number.</summary>
    void Mute(Action action);

    /// <inheritdoc cref="ExpectOne(Action)"/>
    Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ExpectOne(Action)"/>
    Task ExpectOneAsync(Action action, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Expect(int, Action)"/>
    Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Mute"/>
    Task MuteAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);
}

internal sealed class EventFilterApplier(TestKitBase testKit, string what, Predicate<LogEvent> fits) : IEventFilterApplier
{
    public void ExpectOne(Action action) => Expect(1, action);

    public void ExpectOne(TimeSpan timeout, Action action) => Expect(1, timeout, action);

    public void Expect(int expectedCount, Action action) => Expect(expectedCount, testKit.TestKitSettings.TestEventFilterLeeway, action);

    public void Expect(int expectedCount, TimeSpan timeout, Action action)
    {
        using var ear = new LogEar(testKit.Sys, fits);
        action();
        ear.Verify(expectedCount, testKit.RemainingOrDilated(timeout), what);
    }

    public void Mute(Action action)
    {
        using var ear = new LogEar(testKit.Sys, fits);
        action();
    }

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) => ExpectAsync(1, actionAsync, cancellationToken);

    public Task ExpectOneAsync(Action action, CancellationToken cancellationToken = default) => ExpectAsync(1, () =>
    {
        action();
        return Task.CompletedTask;
    }, cancellationToken);

    public async Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default)
    {
        using var ear = new LogEar(testKit.Sys, fits);
        await actionAsync().ConfigureAwait(false);
        var patience = testKit.RemainingOrDilated(testKit.TestKitSettings.TestEventFilterLeeway);
        await Task.Run(() => ear.Verify(expectedCount, patience, what), cancellationToken).ConfigureAwait(false);
    }

    public async Task MuteAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default)
    {
        using var ear = new LogEar(testKit.Sys, fits);
        await actionAsync().ConfigureAwait(false);
    }
}

/// <summary>Hears log events as they are published, and counts those that fit.</summary>
internal sealed class LogEar : MinimalActorRef, IDisposable
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<LogEvent, object> Heard = [];
    private static Predicate<LogEvent>[] _all = [];
    private static readonly Lock Gate = new();

    private readonly ActorSystem _system;
    private readonly Predicate<LogEvent> _fits;
    private readonly SemaphoreSlim _count = new(0);

    public LogEar(ActorSystem system, Predicate<LogEvent> fits)
    {
        (_system, _fits) = (system, fits);
        lock (Gate) _all = [.. _all, fits];
        system.EventStream.Subscribe(this, typeof(LogEvent));
    }

    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "test")) / $"ear{Guid.NewGuid():N}";

    /// <summary>Whether a filter takes the event off the screen.</summary>
    public static bool Takes(LogEvent e) => Heard.TryGetValue(e, out _) || Volatile.Read(ref _all).Any(f => f(e));

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is not LogEvent e || !_fits(e)) return;
        Heard.AddOrUpdate(e, e);
        _count.Release();
    }

    public void Verify(int expected, TimeSpan patience, string what)
    {
        var end = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        for (var i = 0; i < expected; i++)
            if (!_count.Wait((int)Math.Max(0, end - Environment.TickCount64))) Xunit.Assert.Fail($"EventFilter: expected {expected} times {what}, but saw {i} within {patience}.");
        if (_count.Wait(expected == 0 ? 100 : 0)) Xunit.Assert.Fail($"EventFilter: expected {expected} times {what}, but saw more.");
    }

    public void Dispose()
    {
        _system.EventStream.Unsubscribe(this);
        lock (Gate) _all = [.. _all.Where(f => f != _fits)];
    }
}

/// <summary>Prints what no filter takes.</summary>
public class TestEventListener : DefaultLogger
{
    /// <inheritdoc/>
    protected override void Print(LogEvent logEvent)
    {
        if (!LogEar.Takes(logEvent)) base.Print(logEvent);
    }
}
