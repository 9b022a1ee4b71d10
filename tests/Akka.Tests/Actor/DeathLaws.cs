// Death watch and the end of systems: who is told, when, once.
using Akka.Actor;
using Akka.Event;

namespace Akka.Tests.Actor;

public sealed class DeathLaws : Laws
{
    private static readonly Props Nothing = Lambda.Of(static (_, _) => { });

    [Fact]
    public void Each_watcher_is_told_once_also_when_it_watched_twice()
    {
        var actor = ActorOf(Nothing);
        var probes = Enumerable.Range(0, 5).Select(_ => CreateTestProbe()).ToArray();
        foreach (var probe in probes)
        {
            probe.Watch(actor);
            probe.Watch(actor);
        }

        Sys.Stop(actor);
        foreach (var probe in probes) probe.ExpectTerminated(actor);
        probes[0].ExpectNoMsg(50);
    }

    [Fact]
    public void Watching_the_dead_tells_at_once()
    {
        var actor = ActorOf(Nothing);
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        var late = CreateTestProbe();
        late.Watch(actor);
        late.ExpectTerminated(actor);
        Watch(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public void After_unwatch_nothing_comes_even_if_it_was_on_its_way()
    {
        var actor = ActorOf(Nothing);
        using var gate = new ManualResetEventSlim();
        var watcher = ActorOf(Lambda.Of((m, c) =>
        {
            switch (m)
            {
                case "watch":
                    c.Watch(actor);
                    break;
                case "wait":
                    gate.Wait(Patience);
                    break;
                case "unwatch":
                    c.Unwatch(actor);
                    break;
                default:
                    TestActor.Tell(m is Terminated ? "terminated" : m, c.Self); // in words: the test actor would not take another's notice
                    break;
            }
        }));
        watcher.Tell("watch");
        watcher.Tell("wait");
        watcher.Tell("unwatch"); // waits in the mailbox before the news does
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        gate.Set();
        watcher.Tell("after");
        ExpectMsg("after");
        ExpectNoMsg(50);
    }

    [Fact]
    public void WatchWith_sends_the_message_given()
    {
        var actor = ActorOf(Nothing);
        var watcher = ActorOf(Lambda.Of((m, c) =>
        {
            if (m is IActorRef who) c.WatchWith(who, "it died");
            TestActor.Tell(m);
        }));
        watcher.Tell(actor);
        ExpectMsg(actor);
        Sys.Stop(actor);
        ExpectMsg("it died");
    }

    [Fact]
    public void A_death_that_nobody_handles_kills_the_watcher()
    {
        var actor = ActorOf(Nothing);
        var supervisor = Supervise(new OneForOneStrategy(e =>
        {
            TestActor.Tell(e);
            return Directive.Stop;
        }));
        supervisor.Tell((Props.Create(() => new Careless(actor)), "c"), TestActor);
        var watcher = ExpectMsg<IActorRef>();
        watcher.Tell("ready?", TestActor);
        ExpectMsg("ready");
        Sys.Stop(actor);
        ExpectMsg<DeathPactException>().DeadActor.ShouldBe(actor);
        Watch(watcher);
        ExpectTerminated(watcher);
    }

    private sealed class Careless : ReceiveActor
    {
        public Careless(IActorRef other)
        {
            Context.Watch(other);
            Receive<string>(_ => Sender.Tell("ready"));
        }
    }

    [Fact]
    public void Children_end_before_their_parent_and_the_deepest_first()
    {
        var root = ActorOf(Props.Create(() => new Nested(3, TestActor)));
        ExpectMsg("made 0");
        Sys.Stop(root);
        foreach (var depth in (int[])[0, 1, 2, 3]) ExpectMsg($"stopped {depth}");
    }

    private sealed class Nested : UntypedActor
    {
        private readonly int _depth;
        private readonly IActorRef _log;

        public Nested(int depth, IActorRef log)
        {
            (_depth, _log) = (depth, log);
            if (depth > 0) Context.ActorOf(Props.Create(() => new Nested(depth - 1, log)));
            else log.Tell("made 0");
        }

        protected override void PostStop() => _log.Tell($"stopped {_depth}");

        protected override void OnReceive(object message) { }
    }

    [Fact]
    public async Task GracefulStop_waits_for_the_end_and_says_when_it_does_not_come()
    {
        var actor = ActorOf(Nothing);
        (await actor.GracefulStop(Patience)).ShouldBeTrue();
        (await actor.GracefulStop(Patience)).ShouldBeTrue();
        var stubborn = ActorOf(Nothing);
        await Should.ThrowAsync<TaskCanceledException>(() => stubborn.GracefulStop(TimeSpan.FromMilliseconds(100), "please"));
    }

    [Fact]
    public async Task A_system_ends_all_actors_and_runs_what_was_registered()
    {
        var system = ActorSystem.Create("ends", Sys.Settings.Config);
        var ran = new List<int>();
        system.RegisterOnTermination(() => ran.Add(1));
        system.RegisterOnTermination(() => ran.Add(2));
        for (var i = 0; i < 100; i++) system.ActorOf(Props.Create(() => new Nested(2, TestActor)));
        await system.Terminate().WaitAsync(Patience);
        system.WhenTerminated.IsCompletedSuccessfully.ShouldBeTrue();
        ran.ShouldBe([2, 1]);
        var stopped = ReceiveN(400, Patience).Count(m => ((string)m).StartsWith("stopped", StringComparison.Ordinal));
        stopped.ShouldBe(300);
        Should.Throw<InvalidOperationException>(() => system.ActorOf(Nothing));
    }

    [Fact]
    public void A_probe_is_a_ref_like_any_other()
    {
        var probe = CreateTestProbe();
        var watcher = ActorOf(Lambda.Of((m, c) =>
        {
            if (m is IActorRef who) c.Watch(who);
            TestActor.Tell(m is Terminated dead ? dead.ActorRef : c.Sender.Equals(probe));
        }));
        probe.Send(watcher, probe);
        ExpectMsg(true);
        Sys.Stop(probe.Ref);
        ExpectMsg(probe.Ref);
    }

    [Fact]
    public void A_dead_subscriber_leaves_the_event_stream()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var subscriber = ActorOf(Nothing);
        Sys.EventStream.Subscribe(subscriber, typeof(Version));
        Watch(subscriber);
        Sys.Stop(subscriber);
        ExpectTerminated(subscriber);
        AwaitAssert(() => Sys.EventStream.Unsubscribe(subscriber, typeof(Version)).ShouldBeFalse());
    }
}
