// A memory journal whose writes and replays can be made to fail. Knows interceptors; refuses to know when a test sets them.
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Journal;

namespace Akka.Persistence.TestKit;

/// <summary>Looks at an event on its way; throws to let it fail or be rejected, or takes its time.</summary>
public interface IJournalInterceptor
{
    /// <summary>Returns to let the event pass.</summary>
    /// <exception cref="TestJournalFailureException">The write or replay fails.</exception>
    /// <exception cref="TestJournalRejectionException">The write is rejected.</exception>
    Task InterceptAsync(IPersistentRepresentation message);
}

/// <summary>The faults of a <see cref="TestJournal"/>.</summary>
public interface ITestJournal
{
    /// <summary>What happens to events that are written from now on.</summary>
    JournalWriteBehavior OnWrite { get; }

    /// <summary>What happens to events that are replayed from now on.</summary>
    JournalRecoveryBehavior OnRecovery { get; }
}

/// <summary>Thrown by an interceptor: storage fails.</summary>
public class TestJournalFailureException(string message = "The test lets the journal fail.") : Exception(message);

/// <summary>Thrown by an interceptor: the event is rejected.</summary>
public class TestJournalRejectionException(string message = "The test lets the journal reject.") : Exception(message);

/// <summary>A memory journal with faults on demand.</summary>
public sealed class TestJournal : MemoryJournal
{
    private IJournalInterceptor _write = Pass.Instance;
    private IJournalInterceptor _recovery = Pass.Instance;

    /// <summary>The journal of a configuration.</summary>
    public TestJournal(Config journalConfig) => _ = journalConfig;

    internal sealed record UseWrite(IJournalInterceptor Interceptor);

    internal sealed record UseRecovery(IJournalInterceptor Interceptor);

    internal sealed record Ack;

    /// <summary>The faults of a journal actor of this class.</summary>
    public static ITestJournal FromRef(IActorRef actor) => new Remote(actor);

    /// <inheritdoc/>
    public override async Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        var interceptor = _recovery;
        foreach (var p in Read(persistenceId, fromSequenceNr, toSequenceNr, max))
        {
            await interceptor.InterceptAsync(p).ConfigureAwait(false);
            recoveryCallback(p);
        }
    }

    /// <inheritdoc/>
    protected override async Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var interceptor = _write;
        var rejections = ImmutableList.CreateBuilder<Exception?>();
        foreach (var write in messages)
        {
            try
            {
                foreach (var p in (IEnumerable<IPersistentRepresentation>)write.Payload) await interceptor.InterceptAsync(p).ConfigureAwait(false);
                Add(write);
                rejections.Add(null);
            }
            catch (TestJournalRejectionException e)
            {
                rejections.Add(e);
            }
        }

        return rejections.ToImmutable();
    }

    /// <inheritdoc/>
    protected override bool ReceivePluginInternal(object message)
    {
        switch (message)
        {
            case UseWrite use:
                _write = use.Interceptor;
                Sender.Tell(new Ack());
                return true;
            case UseRecovery use:
                _recovery = use.Interceptor;
                Sender.Tell(new Ack());
                return true;
            default:
                return base.ReceivePluginInternal(message);
        }
    }

    private sealed class Remote(IActorRef actor) : ITestJournal
    {
        public JournalWriteBehavior OnWrite => new(i => actor.Ask<Ack>(new UseWrite(i), TimeSpan.FromSeconds(10)));

        public JournalRecoveryBehavior OnRecovery => new(i => actor.Ask<Ack>(new UseRecovery(i), TimeSpan.FromSeconds(10)));
    }

    private sealed class Pass : IJournalInterceptor
    {
        public static readonly Pass Instance = new();
        public Task InterceptAsync(IPersistentRepresentation message) => Task.CompletedTask;
    }
}
