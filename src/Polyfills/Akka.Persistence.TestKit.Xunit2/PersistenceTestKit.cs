// A test kit whose actor system keeps its events in a journal with faults on demand. Knows the configuration that makes it so.
using Akka.Configuration;

namespace Akka.Persistence.TestKit;

/// <summary>The base of tests that inject faults into persistence.</summary>
public abstract class PersistenceTestKit : Akka.TestKit.Xunit2.TestKit
{
    /// <summary>A system with a <see cref="TestJournal"/> and memory snapshots; what the test's own configuration says goes first.</summary>
    protected PersistenceTestKit(Config? customConfig = null)
        : base((customConfig ?? Config.Empty).WithFallback(ConfigurationFactory.ParseString($$"""
            akka.persistence {
              journal {
                plugin = "akka.persistence.journal.test"
                test.class = "{{typeof(TestJournal).FullName}}, {{typeof(TestJournal).Assembly.GetName().Name}}"
              }
              snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
            }
            """)))
    {
        JournalActorRef = Persistence.Instance.Apply(Sys).JournalFor(null);
        Journal = TestJournal.FromRef(JournalActorRef);
    }

    /// <summary>The journal.</summary>
    public Akka.Actor.IActorRef JournalActorRef { get; }

    /// <summary>The journal's faults.</summary>
    public ITestJournal Journal { get; }

    /// <summary>Runs a piece of a test while writes behave in a way, and normally again afterwards.</summary>
    public async Task WithJournalWrite(Func<JournalWriteBehavior, Task> behaviorSelector, Func<Task> execution)
    {
        try
        {
            await behaviorSelector(Journal.OnWrite).ConfigureAwait(false);
            await execution().ConfigureAwait(false);
        }
        finally
        {
            await Journal.OnWrite.Pass().ConfigureAwait(false);
        }
    }

    /// <summary>Runs a piece of a test while replays behave in a way, and normally again afterwards.</summary>
    public async Task WithJournalRecovery(Func<JournalRecoveryBehavior, Task> behaviorSelector, Func<Task> execution)
    {
        try
        {
            await behaviorSelector(Journal.OnRecovery).ConfigureAwait(false);
            await execution().ConfigureAwait(false);
        }
        finally
        {
            await Journal.OnRecovery.Pass().ConfigureAwait(false);
        }
    }
}
