// The faults that a test can ask of a journal, in words. Knows interceptors; refuses to know journals.
namespace Akka.Persistence.TestKit;

/// <summary>What happens to events that are replayed.</summary>
public class JournalRecoveryBehavior
{
    private readonly Func<IJournalInterceptor, Task> _set;

    internal JournalRecoveryBehavior(Func<IJournalInterceptor, Task> set) => _set = set;

    /// <summary>A behaviour of the test's own.</summary>
    public Task SetInterceptorAsync(IJournalInterceptor interceptor) => _set(interceptor);

    /// <summary>All goes well again.</summary>
    public Task Pass() => On(_ => Task.CompletedTask);

    /// <summary>All goes well, later.</summary>
    public Task PassWithDelay(TimeSpan delay) => On(_ => Task.Delay(delay));

    /// <summary>Each event fails.</summary>
    public Task Fail() => FailIf(_ => true);

    /// <summary>Each event fails, later.</summary>
    public Task FailWithDelay(TimeSpan delay) => On(async _ =>
    {
        await Task.Delay(delay).ConfigureAwait(false);
        throw new TestJournalFailureException();
    });

    /// <summary>Events that fit fail.</summary>
    public Task FailIf(Func<IPersistentRepresentation, bool> predicate) => On(p => predicate(p) ? throw new TestJournalFailureException() : Task.CompletedTask);

    /// <summary>Events that do not fit fail.</summary>
    public Task FailUnless(Func<IPersistentRepresentation, bool> predicate) => FailIf(p => !predicate(p));

    /// <summary>Events of a type fail.</summary>
    public Task FailOnType<TMessage>() => FailIf(p => p.Payload is TMessage);

    private protected Task On(Func<IPersistentRepresentation, Task> intercept) => _set(new Delegated(intercept));

    private sealed class Delegated(Func<IPersistentRepresentation, Task> intercept) : IJournalInterceptor
    {
        public Task InterceptAsync(IPersistentRepresentation message) => intercept(message);
    }
}

/// <summary>What happens to events that are written.</summary>
public class JournalWriteBehavior : JournalRecoveryBehavior
{
    internal JournalWriteBehavior(Func<IJournalInterceptor, Task> set) : base(set) { }

    /// <summary>Each event is rejected.</summary>
    public Task Reject() => RejectIf(_ => true);

    /// <summary>Each event is rejected, later.</summary>
    public Task RejectWithDelay(TimeSpan delay) => On(async _ =>
    {
        await Task.Delay(delay).ConfigureAwait(false);
        throw new TestJournalRejectionException();
    });

    /// <summary>Events that fit are rejected.</summary>
    public Task RejectIf(Func<IPersistentRepresentation, bool> predicate) => On(p => predicate(p) ? throw new TestJournalRejectionException() : Task.CompletedTask);

    /// <summary>Events that do not fit are rejected.</summary>
    public Task RejectUnless(Func<IPersistentRepresentation, bool> predicate) => RejectIf(p => !predicate(p));

    /// <summary>Events of a type are rejected.</summary>
    public Task RejectOnType<TMessage>() => RejectIf(p => p.Payload is TMessage);
}
