// The laws of a persistent actor when storage fails, rejects, stalls or gives back what it cannot take.
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.TestKit;
using Akka.TestKit;

namespace Akka.Persistence.Tests.Actors;

public sealed class FaultLaws() : PersistenceTestKit(ConfigurationFactory.ParseString(HappenedSerializer.Hocon))
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private void Hear(string what) => ExpectMsg<Heard>(Patience).What.ShouldBe(what);

    private IActorRef Start(string id) => Sys.ActorOf(Props.Create(() => new Scribe(id, TestActor, null)));

    private static void Answers(TestProbe probe, params string[] expected)
    {
        foreach (var text in expected) probe.ExpectMsg<string>(Patience).ShouldBe(text);
    }

    [Fact]
    public async Task A_failed_write_is_told_and_stops_the_actor()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        Hear("recovered 0: ");
        scribe.Tell(new Note("x"), client.Ref);
        Answers(client, "x");
        Watch(scribe);
        await WithJournalWrite(w => w.Fail(), () =>
        {
            scribe.Tell(new NoteAll("y", "z"), client.Ref);
            scribe.Tell(new Note("never"), client.Ref);
            Hear("failed 2");
            ExpectTerminated(scribe, Patience);
            return Task.CompletedTask;
        });
        Start("a");
        Hear("recovered 1: x");
        client.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task A_rejected_event_is_told_and_the_actor_goes_on_without_it()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        Hear("recovered 0: ");
        await Journal.OnWrite.RejectIf(p => p.Payload is Happened { Text: "bad" });
        scribe.Tell(new Note("x"), client.Ref);
        scribe.Tell(new Note("bad"), client.Ref);
        scribe.Tell(new Note("y"), client.Ref);
        scribe.Tell(new NoteAll("z", "bad"), client.Ref);
        scribe.Tell(new Tell(), client.Ref);
        Answers(client, "x", "y", "x,y");
        Hear("rejected 2");
        Hear("rejected 4");
        Hear("rejected 5");
        await Journal.OnWrite.Pass();
        scribe.Tell(new Note("w"), client.Ref);
        Answers(client, "w");
        Start("a");
        Hear("recovered 6: x,y,w");
    }

    [Fact]
    public async Task A_failed_replay_is_told_and_stops_the_actor()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        Hear("recovered 0: ");
        scribe.Tell(new NoteAll("x", "y"), client.Ref);
        Answers(client, "x", "y");
        await WithJournalRecovery(r => r.FailIf(p => p.SequenceNr == 2), () =>
        {
            var again = Start("a");
            Watch(again);
            Hear("no recovery: The test lets the journal fail.");
            ExpectTerminated(again, Patience);
            return Task.CompletedTask;
        });
        Start("a");
        Hear("recovered 2: x,y");
    }

    [Fact]
    public void An_event_that_the_actor_cannot_take_stops_it()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        Hear("recovered 0: ");
        scribe.Tell(new NoteAll("x", "poison"), client.Ref);
        Answers(client, "x", "poison");
        var again = Start("a");
        Watch(again);
        Hear("no recovery: poison");
        ExpectTerminated(again, Patience);
    }

    [Fact]
    public async Task Restarted_amid_a_write_it_recovers_with_what_it_wrote()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        Hear("recovered 0: ");
        var gate = new Gate();
        await Journal.OnWrite.SetInterceptorAsync(gate);
        scribe.Tell(new NoteAsync("slow"), client.Ref);
        scribe.Tell(new NoteAsync("slower"), client.Ref);
        Answers(client, "accepted slow", "accepted slower");
        scribe.Tell(new NoteThenThrow("last"), client.Ref);
        await Task.Delay(100); // the restart falls into the first write, the second still waits in the actor
        gate.Open.SetResult();
        Hear("recovered 3: slow,slower,last");
        await Journal.OnWrite.Pass();
        scribe.Tell(new Note("on"), client.Ref);
        Answers(client, "on");
        Start("a");
        Hear("recovered 4: slow,slower,last,on");
    }

    private sealed class Gate : IJournalInterceptor
    {
        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task InterceptAsync(IPersistentRepresentation message) => Open.Task;
    }

    [Fact]
    public void Without_a_snapshot_store_saving_fails_and_the_actor_lives()
    {
        Persistence.Instance.Apply(Sys).SnapshotStoreFor("akka.persistence.no-snapshot-store").Tell(new SaveSnapshot(new SnapshotMetadata("a", 1), "s"), TestActor);
        ExpectMsg<SaveSnapshotFailure>(Patience).Cause.Message.ShouldStartWith("akka.persistence.snapshot-store.plugin: no snapshot store is configured.");
    }

    [Theory]
    [InlineData("akka.persistence.journal.nope", "akka.persistence.journal.nope: there is no such path")]
    [InlineData("akka.persistence.journal", "akka.persistence.journal.class: is missing")]
    [InlineData("bad", "bad.class: there is no class 'No.Such, Thing'")]
    public void A_journal_configured_wrongly_is_named(string id, string expected)
    {
        using var system = ActorSystem.Create("wrong", "bad.class = \"No.Such, Thing\"");
        Should.Throw<ConfigurationException>(() => Persistence.Instance.Apply(system).JournalFor(id)).Message.ShouldContain(expected);
    }
}

public sealed class StallLaws() : PersistenceTestKit(ConfigurationFactory.ParseString(
    "akka.persistence.journal-plugin-fallback.recovery-event-timeout = 1500ms\nakka.persistence.max-concurrent-recoveries = 2\n" + HappenedSerializer.Hocon))
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private void Hear(string what) => ExpectMsg<Heard>(Patience).What.ShouldBe(what);

    private IActorRef Start(string id) => Sys.ActorOf(Props.Create(() => new Scribe(id, TestActor, null)));

    [Fact]
    public async Task A_replay_that_stalls_is_given_up_and_its_permit_with_it()
    {
        var client = CreateTestProbe();
        Start("a").Tell(new Note("x"), client.Ref);
        Hear("recovered 0: ");
        client.ExpectMsg<string>(Patience).ShouldBe("x");
        await WithJournalRecovery(r => r.PassWithDelay(TimeSpan.FromMinutes(1)), () =>
        {
            for (var i = 0; i < 3; i++) Start("a"); // of two permits all are taken
            for (var i = 0; i < 3; i++) ExpectMsg<Heard>(Patience).What.ShouldStartWith("no recovery: a: no event came for 1.5 s");
            return Task.CompletedTask;
        });
        Start("b");
        Hear("recovered 0: ");
    }
}
