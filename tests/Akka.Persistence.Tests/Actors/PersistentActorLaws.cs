// The laws of a persistent actor while storage is well: recovery, order, stashing, snapshots, restarts.
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.TestKit;
using Akka.TestKit;

namespace Akka.Persistence.Tests.Actors;

public sealed class PersistentActorLaws() : PersistenceTestKit(ConfigurationFactory.ParseString(HappenedSerializer.Hocon))
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private void Hear(string what) => ExpectMsg<Heard>(Patience).What.ShouldBe(what);

    private IActorRef Start(string id, Recovery? recovery = null) => Sys.ActorOf(Props.Create(() => new Scribe(id, TestActor, recovery)));

    private void StopAndWait(IActorRef actor)
    {
        Watch(actor);
        actor.Tell("stop");
        ExpectTerminated(actor, Patience);
    }

    private static void Answers(TestProbe probe, params string[] expected)
    {
        foreach (var text in expected) probe.ExpectMsg<string>(Patience).ShouldBe(text);
    }

    [Fact]
    public void State_comes_back_after_a_stop()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        Hear("recovered 0: ");
        foreach (var text in new[] { "x", "y" }) scribe.Tell(new Note(text), client.Ref);
        scribe.Tell(new NoteAll("p", "q", "r"), client.Ref);
        Answers(client, "x", "y", "p", "q", "r");
        StopAndWait(scribe);
        Start("a");
        Hear("recovered 5: x,y,p,q,r");
        Start("b");
        Hear("recovered 0: ");
    }

    [Fact]
    public void Commands_wait_until_the_event_is_handled()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        for (var i = 0; i < 50; i++)
        {
            scribe.Tell(new Note($"{i}"), client.Ref);
            scribe.Tell(new Tell(), client.Ref);
        }

        for (var i = 0; i < 50; i++) Answers(client, $"{i}", string.Join(',', Enumerable.Range(0, i + 1)));
    }

    [Fact]
    public async Task Commands_do_not_wait_for_asynchronous_events_but_handlers_keep_their_order()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        Hear("recovered 0: ");
        await Journal.OnWrite.PassWithDelay(TimeSpan.FromMilliseconds(30));
        foreach (var text in new[] { "1", "2", "3" }) scribe.Tell(new NoteAsync(text), client.Ref);
        Answers(client, "accepted 1", "accepted 2", "accepted 3", "1", "2", "3");
        await Journal.OnWrite.Pass();
        StopAndWait(scribe);
        Start("a");
        Hear("recovered 3: 1,2,3");
    }

    [Fact]
    public void A_handler_may_persist_again_and_later_commands_wait_for_that_too()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        scribe.Tell(new Nest("outer", "inner"), client.Ref);
        scribe.Tell(new Note("after"), client.Ref);
        scribe.Tell(new Tell(), client.Ref);
        Answers(client, "outer", "inner", "after", "outer,inner,after");
    }

    [Fact]
    public void A_mix_of_all_keeps_the_order_of_commands()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        for (var i = 0; i < 30; i++)
        {
            scribe.Tell(new Note($"n{i}"), client.Ref);
            scribe.Tell(new NoteAll($"p{i}", $"q{i}"), client.Ref);
            scribe.Tell(new Nest($"o{i}", $"i{i}"), client.Ref);
        }

        for (var i = 0; i < 30; i++) Answers(client, $"n{i}", $"p{i}", $"q{i}", $"o{i}", $"i{i}");
    }

    [Fact]
    public void A_deferred_handler_runs_after_the_events_before_it_and_stores_nothing()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        Hear("recovered 0: ");
        scribe.Tell(new Defer("stored", "deferred"), client.Ref);
        Answers(client, "stored", "deferred");
        StopAndWait(scribe);
        Start("a");
        Hear("recovered 1: stored");
    }

    [Fact]
    public void The_actors_own_stash_is_apart()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        scribe.Tell(new Hold("held 1"), client.Ref);
        scribe.Tell(new Note("x"), client.Ref);
        scribe.Tell(new Hold("held 2"), client.Ref);
        scribe.Tell(new Release(), client.Ref);
        Answers(client, "x", "held 1", "held 2");
    }

    [Fact]
    public void What_is_persisted_on_recovery_completed_comes_before_commands()
    {
        var client = CreateTestProbe();
        var scribe = Start("eager");
        scribe.Tell(new Note("second"), client.Ref);
        scribe.Tell(new Tell(), client.Ref);
        Answers(client, "second", "first,second");
    }

    [Fact]
    public void An_empty_PersistAll_holds_nothing_up()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        scribe.Tell(new NoteAll(), client.Ref);
        scribe.Tell(new Note("x"), client.Ref);
        Answers(client, "x");
    }

    [Fact]
    public void A_throwing_handler_restarts_the_actor_with_the_event_and_the_waiting_commands()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        Hear("recovered 0: ");
        scribe.Tell(new Note("x"), client.Ref);
        scribe.Tell(new NoteAndThrow("boom"), client.Ref);
        scribe.Tell(new Note("y"), client.Ref);
        scribe.Tell(new Note("z"), client.Ref);
        Answers(client, "x", "y", "z");
        Hear("recovered 2: x,boom");
        scribe.Tell(new Tell(), client.Ref);
        Answers(client, "x,boom,y,z");
    }

    [Fact]
    public void A_throwing_command_restarts_the_actor_and_what_it_persisted_is_stored()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        Hear("recovered 0: ");
        scribe.Tell(new NoteThenThrow("kept"), client.Ref);
        scribe.Tell(new Note("y"), client.Ref);
        Hear("recovered 1: kept");
        Answers(client, "y");
        scribe.Tell(new Tell(), client.Ref);
        Answers(client, "kept,y");
    }

    [Fact]
    public void A_snapshot_is_offered_and_only_later_events_follow()
    {
        var client = CreateTestProbe();
        var scribe = Start("a");
        Hear("recovered 0: ");
        scribe.Tell(new NoteAll("x", "y"), client.Ref);
        scribe.Tell(new Save(), client.Ref);
        scribe.Tell(new Note("z"), client.Ref);
        Answers(client, "x", "y", "z");
        Hear("saved 2");
        StopAndWait(scribe);
        Start("a");
        Hear("offer 2");
        Hear("recovered 3: x,y,z");
        Start("a", new Recovery(SnapshotSelectionCriteria.None));
        Hear("recovered 3: x,y,z");
        Start("a", new Recovery(SnapshotSelectionCriteria.Latest, 1));
        Hear("recovered 3: x");
        Start("a", new Recovery(SnapshotSelectionCriteria.None, long.MaxValue, 2));
        Hear("recovered 3: x,y");
        var none = Start("a", Recovery.None);
        Hear("recovered 3: ");
        none.Tell(new Note("w"), client.Ref);
        Answers(client, "w");
        Start("a");
        Hear("offer 2");
        Hear("recovered 4: x,y,z,w");
    }

    [Fact]
    public void Many_more_actors_than_permits_all_recover()
    {
        for (var i = 0; i < 300; i++) Start($"s-{i}");
        for (var i = 0; i < 300; i++) Hear("recovered 0: ");
    }

    [Fact]
    public void Persisting_while_events_are_replayed_is_refused()
    {
        Sys.ActorOf(Props.Create(() => new Hasty(TestActor)));
        ExpectMsg<string>(Patience).ShouldContain("hasty: nothing can be persisted while events are replayed");
    }

    private sealed class Hasty : ReceivePersistentActor
    {
        public Hasty(IActorRef probe)
        {
            probe.Tell(Should.Throw<InvalidOperationException>(() => Persist("x", _ => { })).Message);
            CommandAny(_ => { });
        }

        public override string PersistenceId => "hasty";
    }

    [Fact]
    public async Task The_death_of_a_watched_actor_waits_for_the_event_like_any_message()
    {
        var watched = Sys.ActorOf(Props.Create(() => new Mute()));
        var watcher = Sys.ActorOf(Props.Create(() => new Watcher(watched, TestActor)));
        await Journal.OnWrite.PassWithDelay(TimeSpan.FromMilliseconds(150));
        watcher.Tell("persist");
        Watch(watched);
        Sys.Stop(watched);
        ExpectMsg<Terminated>(Patience);
        ExpectMsg<string>(Patience).ShouldBe("persisted");
        ExpectMsg<string>(Patience).ShouldBe("terminated");
    }

    [Fact]
    public void An_actor_that_fails_to_start_gives_its_permit_back()
    {
        for (var i = 0; i < 100; i++) Sys.ActorOf(Props.Create(() => new StillBorn()));
        Start("a");
        Hear("recovered 0: ");
    }

    [Fact]
    public void An_empty_id_stops_the_actor_at_its_start()
    {
        var scribe = Sys.ActorOf(Props.Create(() => new Scribe(" ", TestActor, null)));
        Watch(scribe);
        ExpectTerminated(scribe, Patience);
    }

    private sealed class Mute : UntypedActor
    {
        protected override void OnReceive(object message) { }
    }

    private sealed class StillBorn : ReceivePersistentActor
    {
        public override string PersistenceId => "still-born";

        protected override void PreStart() => throw new InvalidOperationException("not today");
    }

    private sealed class Watcher : ReceivePersistentActor
    {
        public Watcher(IActorRef watched, IActorRef probe)
        {
            Context.Watch(watched);
            Command<string>(_ => Persist(new Happened("x"), _ => probe.Tell("persisted")));
            Command<Terminated>(_ => probe.Tell("terminated"));
        }

        public override string PersistenceId => "watcher";
    }
}
