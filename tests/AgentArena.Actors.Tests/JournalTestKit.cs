using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Time.Testing;

namespace AgentArena.Actors.Tests;

/// <summary>
/// One actor below an arena that is a probe, on a journal in memory whose writes can be held up and failed, with clocks
/// that stand still.
/// </summary>
public abstract class JournalTestKit : TestKit
{
    protected JournalTestKit(string hocon = "")
        : base(
            ConfigurationFactory
                .ParseString(
                    $$"""
                    akka.loglevel = OFF
                    akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
                    akka.actor.serialize-messages = off
                    akka.persistence.journal.plugin = "held"
                    akka.persistence.journal.auto-start-journals = []
                    held.class = "{{typeof(HeldJournal).AssemblyQualifiedName}}"
                    held.plugin-dispatcher = "akka.actor.default-dispatcher"
                    akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
                    {{hocon}}
                    """
                )
                .WithFallback(ConfigurationFactory.ParseString(EventSerializer.Hocon))
        ) { }

    private protected FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch);

    private protected TestProbe Arena => field ??= CreateTestProbe(Sys);

    private protected HeldJournal.Gate Journal => HeldJournal.Of(Sys);

    private protected TestScheduler Clock => (TestScheduler)Sys.Scheduler;
}

/// <summary>A journal in memory; writes wait while it is held, and the next one fails when it is told so.</summary>
public sealed class HeldJournal : MemoryJournal
{
    public sealed class Gate
    {
        private volatile TaskCompletionSource _open = Opened();
        private volatile bool _fail;
        private readonly List<(string Stream, object Event)> _written = [];

        private static TaskCompletionSource Opened()
        {
            var open = new TaskCompletionSource();
            open.SetResult();
            return open;
        }

        public void Hold() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _open.TrySetResult();

        public void FailNext() => _fail = true;

        /// <summary>What was written, in order, with its stream.</summary>
        public IReadOnlyList<(string Stream, object Event)> Written
        {
            get
            {
                lock (_written)
                    return [.. _written];
            }
        }

        internal async Task Pass(AtomicWrite write)
        {
            await _open.Task;
            if (_fail)
            {
                _fail = false;
                throw new IOException("the disk is full");
            }
            lock (_written)
                _written.AddRange(
                    ((IImmutableList<IPersistentRepresentation>)write.Payload).Select(p => (p.PersistenceId, p.Payload))
                );
        }
    }

    private static readonly ConditionalWeakTable<ActorSystem, Gate> Gates = [];

    public static Gate Of(ActorSystem system) => Gates.GetValue(system, _ => new Gate());

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages,
        CancellationToken cancellationToken
    )
    {
        var all = messages.ToArray();
        var gate = Of(Context.System);
        foreach (var message in all)
            await gate.Pass(message);
        return await base.WriteMessagesAsync(all, cancellationToken);
    }
}
