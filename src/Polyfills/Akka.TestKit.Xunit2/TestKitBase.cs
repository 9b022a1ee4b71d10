// A test among actors: a system, an actor of the test's own, and a sense of time. Sibling files hold expectations and waiting.
using System.Linq.Expressions;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.TestKit;

/// <summary>How failures reach the test framework.</summary>
public interface ITestKitAssertions
{
    /// <summary>Fails.</summary>
    void Fail(string format = "", params object?[] args);

    /// <summary>Fails unless true.</summary>
    void AssertTrue(bool condition, string format = "", params object?[] args);
}

/// <summary>A test among actors.</summary>
public abstract partial class TestKitBase : IActorRefFactory
{
    /// <summary>Laid behind a test's own configuration.</summary>
    public static Config DefaultConfig { get; } = ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = INFO
          stdout-loglevel = WARNING
          log-dead-letters = off
          loggers = ["{{typeof(TestEventListener).FullName}}, {{typeof(TestEventListener).Assembly.GetName().Name}}"]
          test {
            timefactor = 1.0
            filter-leeway = 3s
            single-expect-default = 3s
            expect-no-message-default = 100ms
            default-timeout = 5s
          }
        }
        """);

    /// <summary>For tests that want to see all.</summary>
    public static Config FullDebugConfig { get; } = ConfigurationFactory.ParseString("akka { loglevel = DEBUG, actor.debug.unhandled = on }").WithFallback(DefaultConfig);

    private static int _names;

    private readonly ITestKitAssertions _assertions;
    private readonly ReceivedMessages _messages = new();
    private RealMessageEnvelope? _last;
    private TimeSpan? _end; // of the innermost Within, on the system's clock

    private protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system, Config? config, string? actorSystemName, string? testActorName)
    {
        _assertions = assertions;
        Sys = system ?? ActorSystem.Create(actorSystemName ?? "test", (config ?? ConfigurationFactory.Empty).WithFallback(DefaultConfig));
        TestKitSettings = new TestKitSettings(Sys.Settings.Config.WithFallback(DefaultConfig));
        TestActor = ((ExtendedActorSystem)Sys).SystemActorOf(Props.Create(() => new InternalTestActor(_messages)), $"{testActorName ?? "testActor"}{Interlocked.Increment(ref _names)}");
    }

    /// <summary>The system.</summary>
    public ActorSystem Sys { get; }

    /// <summary>The test's own actor: what it receives is expected by the test.</summary>
    public IActorRef TestActor { get; }

    /// <summary>How patient.</summary>
    public TestKitSettings TestKitSettings { get; }

    private protected ITestKitAssertions Assertions => _assertions;

    /// <summary>The message taken last.</summary>
    public object? LastMessage => _last?.Message;

    /// <summary>Its sender.</summary>
    public IActorRef LastSender => _last?.Sender ?? Sys.DeadLetters;

    /// <summary>Whether messages wait.</summary>
    public bool HasMessages => _messages.Any;

    /// <summary>Filters for what is logged.</summary>
    public EventFilterFactory EventFilter => new(this);

    /// <summary>Starts an actor.</summary>
    public IActorRef ActorOf(Props props, string? name = null) => Sys.ActorOf(props, name);

    /// <summary>Starts an actor.</summary>
    public IActorRef ActorOf<TActor>(string? name = null) where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>(), name);

    /// <summary>Starts an actor.</summary>
    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory, string? name = null) where TActor : ActorBase => Sys.ActorOf(Props.Create(factory), name);

    /// <inheritdoc/>
    public ActorSelection ActorSelection(string actorPath) => Sys.ActorSelection(actorPath);

    /// <inheritdoc/>
    public ActorSelection ActorSelection(ActorPath actorPath) => Sys.ActorSelection(actorPath);

    /// <summary>Another actor of the test's own.</summary>
    public TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    /// <summary>Another actor of the test's own.</summary>
    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, _assertions, name);

    /// <summary>Answers for the test actor.</summary>
    public void SetAutoPilot(AutoPilot pilot) => TestActor.Tell(new InternalTestActor.Pilot(pilot), ActorRefs.NoSender);

    /// <summary>Messages the test does not want to see.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) => TestActor.Tell(new InternalTestActor.Ignore(shouldIgnoreMessage), ActorRefs.NoSender);

    /// <summary>All messages again.</summary>
    public void IgnoreNoMessages() => TestActor.Tell(new InternalTestActor.Ignore(null), ActorRefs.NoSender);

    /// <summary>The test actor watches another.</summary>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        TestActor.Tell(new InternalTestActor.Follow(actorToWatch), ActorRefs.NoSender);
        return actorToWatch;
    }

    /// <summary>No longer.</summary>
    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        TestActor.Tell(new InternalTestActor.Unfollow(actorToUnwatch), ActorRefs.NoSender);
        return actorToUnwatch;
    }

    /// <summary>Ends the system.</summary>
    /// <param name="system">The test's own where null.</param>
    /// <param name="duration">How long it may take.</param>
    /// <param name="verifySystemShutdown">Whether to fail when it takes longer.</param>
    protected virtual void Shutdown(ActorSystem? system = null, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        system ??= Sys;
        var within = duration ?? Dilated(TimeSpan.FromSeconds(5));
        if (!system.Terminate().Wait(within) && verifySystemShutdown) _assertions.Fail($"{system.Name}: did not terminate within {within}.");
    }

    // --- time

    private static TimeSpan Clock => TimeSpan.FromTicks(Environment.TickCount64 * TimeSpan.TicksPerMillisecond);

    /// <summary>A span, longer on slow machines.</summary>
    public TimeSpan Dilated(TimeSpan duration) => duration == Timeout.InfiniteTimeSpan ? duration : duration * TestKitSettings.TestTimeFactor;

    /// <summary>What is left of the innermost Within.</summary>
    public TimeSpan Remaining => _end is { } end ? Max(end - Clock) : throw new InvalidOperationException("Remaining: there is no Within around this. Use RemainingOrDefault.");

    /// <summary>What is left of the innermost Within; a single message's patience outside of one.</summary>
    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    /// <summary>What is left of the innermost Within, or the given span.</summary>
    public TimeSpan RemainingOr(TimeSpan duration) => _end is { } end ? Max(end - Clock) : duration;

    /// <summary>The given span, dilated, but not beyond the innermost Within.</summary>
    public TimeSpan RemainingOrDilated(TimeSpan? duration)
    {
        if (duration is not { } span) return RemainingOrDefault;
        if (span < TimeSpan.Zero) throw new ArgumentException($"A time-out of {span}. It must not be negative.", nameof(duration));
        var dilated = Dilated(span);
        return _end is { } end && Max(end - Clock) is var left && left < dilated ? left : dilated;
    }

    private static TimeSpan Max(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    /// <summary>Runs a block that must not take longer.</summary>
    public void Within(TimeSpan max, Action action) => Within(TimeSpan.Zero, max, action);

    /// <summary>Runs a block that must take so long at least, and not longer than that.</summary>
    public void Within(TimeSpan min, TimeSpan max, Action action) => Within<object?>(min, max, () =>
    {
        action();
        return null;
    });

    /// <summary>Runs a block that must not take longer.</summary>
    public T Within<T>(TimeSpan max, Func<T> function) => Within(TimeSpan.Zero, max, function);

    /// <summary>Runs a block that must take so long at least, and not longer than that.</summary>
    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function)
    {
        var (before, start) = Enter(max);
        T result;
        try
        {
            result = function();
        }
        finally
        {
            _end = before;
        }

        Leave(start, min, max);
        return result;
    }

    /// <summary>Runs a block that must not take longer.</summary>
    public async Task WithinAsync(TimeSpan max, Func<Task> actionAsync) => await WithinAsync(TimeSpan.Zero, max, async () =>
    {
        await actionAsync().ConfigureAwait(false);
        return 0;
    }).ConfigureAwait(false);

    /// <summary>Runs a block that must not take longer.</summary>
    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function) => WithinAsync(TimeSpan.Zero, max, function);

    /// <summary>Runs a block that must take so long at least, and not longer than that.</summary>
    public async Task<T> WithinAsync<T>(TimeSpan min, TimeSpan max, Func<Task<T>> function)
    {
        var (before, start) = Enter(max);
        T result;
        try
        {
            result = await function().ConfigureAwait(false);
        }
        finally
        {
            _end = before;
        }

        Leave(start, min, max);
        return result;
    }

    private (TimeSpan? Before, TimeSpan Start) Enter(TimeSpan max)
    {
        var (before, start) = (_end, Clock);
        var end = start + Dilated(max);
        _end = before is { } outer && outer < end ? outer : end;
        return (before, start);
    }

    private void Leave(TimeSpan start, TimeSpan min, TimeSpan max)
    {
        var took = Clock - start;
        if (took < min) _assertions.Fail($"block took {took}, should have taken at least {min}");
        if (took > Dilated(max)) _assertions.Fail($"block took {took}, exceeding {Dilated(max)}");
    }
}
