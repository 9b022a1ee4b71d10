// Handlers, becoming, stash, timers, receive timeout.
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;

namespace Akka.Tests.Actor;

public sealed class BehaviourLaws : Laws
{
    private sealed class Typed : ReceiveActor
    {
        public Typed()
        {
            Receive<int>(i => Sender.Tell($"small {i}"), i => i < 10);
            Receive<int>(i => Sender.Tell($"int {i}"));
            Receive<string>(s =>
            {
                if (s != "mine") return false;
                Sender.Tell("mine");
                return true;
            });
            Receive<IComparable>(c => Sender.Tell($"comparable {c}"));
            Receive<string>(_ => Sender.Tell("never"));
            Receive<Action>(a => Become(() =>
            {
                Receive<string>(s => Sender.Tell($"changed {s}"));
                ReceiveAny(o => Sender.Tell($"any {o}"));
            }));
            ReceiveAny(o => Sender.Tell($"other {o}"));
        }
    }

    [Fact]
    public void The_first_handler_that_fits_gets_the_message()
    {
        var actor = ActorOf<Typed>();
        foreach (var (message, answer) in ((object, string)[])[(3, "small 3"), (30, "int 30"), ("mine", "mine"), ("yours", "comparable yours"), (1.5, "comparable 1.5"), (new Boom(), "other boom")])
        {
            actor.Tell(message, TestActor);
            ExpectMsg(answer);
        }

        actor.Tell(new Action(static () => { }), TestActor);
        actor.Tell("x", TestActor);
        ExpectMsg("changed x");
        actor.Tell(3, TestActor);
        ExpectMsg("any 3");
    }

    private sealed class TooMuch : ReceiveActor
    {
        public TooMuch()
        {
            ReceiveAny(static _ => { });
            Receive<int>(static _ => { });
        }
    }

    [Fact]
    public void A_handler_that_could_never_be_called_is_refused()
    {
        EventFilter.Exception<ActorInitializationException>().ExpectOne(() =>
        {
            var actor = ActorOf<TooMuch>();
            Watch(actor);
            ExpectTerminated(actor);
        });
    }

    [Fact]
    public void Behaviours_stack()
    {
        var actor = ActorOf(Lambda.Of(static (m, c) =>
        {
            c.Sender.Tell($"base {m}");
            c.BecomeStacked(new UntypedReceive(m2 =>
            {
                c.Sender.Tell($"above {m2}");
                c.UnbecomeStacked();
            }));
        }));
        for (var i = 0; i < 4; i++) actor.Tell(i, TestActor);
        ExpectLog("base 0", "above 1", "base 2", "above 3");
    }

    private sealed class Opening : ReceiveActor, IWithUnboundedStash
    {
        public Opening()
        {
            Receive<string>(m => m == "open", _ =>
            {
                Become(() => ReceiveAny(m => Sender.Tell(m)));
                Stash.UnstashAll();
            });
            Receive<Exception>(e => throw e);
            ReceiveAny(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;
    }

    [Fact]
    public void Stashed_messages_come_first_and_in_order()
    {
        var actor = ActorOf<Opening>();
        for (var i = 0; i < 100; i++) actor.Tell(i, TestActor);
        actor.Tell("open", TestActor);
        for (var i = 100; i < 200; i++) actor.Tell(i, TestActor);
        for (var i = 0; i < 200; i++) ExpectMsg(i);
        LastSender.ShouldBe(actor);
    }

    [Fact]
    public async Task A_restart_gives_stashed_messages_back()
    {
        var actor = await Supervise(new OneForOneStrategy(_ => Directive.Restart)).Ask<IActorRef>((Props.Create<Opening>(), "o"), Patience);
        for (var i = 0; i < 10; i++) actor.Tell(i, TestActor);
        actor.Tell(new Boom(), TestActor);
        actor.Tell("open", TestActor);
        for (var i = 0; i < 10; i++) ExpectMsg(i);
    }

    [Fact]
    public async Task The_same_message_is_not_stashed_twice()
    {
        var actor = await Supervise(new OneForOneStrategy(e =>
        {
            TestActor.Tell(e);
            return Directive.Resume;
        })).Ask<IActorRef>((Props.Create(() => new Greedy()), "g"), Patience);
        actor.Tell("x");
        ExpectMsg<IllegalActorStateException>();
    }

    private sealed class Greedy : UntypedActor, IWithUnboundedStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            Stash.Stash();
            Stash.Stash();
        }
    }

    private sealed class Timed(IActorRef log) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case (string key, string what, int ms):
                    Timers.StartSingleTimer(key, what, TimeSpan.FromMilliseconds(ms));
                    Sender.Tell("set");
                    break;
                case (string key, int ms):
                    Timers.StartPeriodicTimer(key, key, TimeSpan.FromMilliseconds(ms));
                    Sender.Tell("set");
                    break;
                case ("cancel", string key):
                    Timers.Cancel(key);
                    Sender.Tell(Timers.IsTimerActive(key) ? "active" : "off");
                    break;
                case Exception e:
                    throw e;
                default:
                    log.Tell(message);
                    break;
            }
        }
    }

    private async Task<(IActorRef Actor, TestScheduler Time, ActorSystem System)> TimedActor()
    {
        var system = ActorSystem.Create("timed", ConfigurationFactory.ParseString($"akka.scheduler.implementation = \"{typeof(TestScheduler).AssemblyQualifiedName}\"").WithFallback(Sys.Settings.Config));
        var supervisor = system.ActorOf(Props.Create(() => new Supervisor(new OneForOneStrategy(_ => Directive.Restart))));
        var actor = await supervisor.Ask<IActorRef>((Props.Create(() => new Timed(TestActor)), "t"), Patience);
        return (actor, (TestScheduler)system.Scheduler, system);
    }

    [Fact]
    public async Task Timers_fire_once_or_again_and_a_replaced_or_cancelled_one_never()
    {
        var (actor, time, system) = await TimedActor();
        using var _ = system;
        foreach (var timer in (object[])[("a", "first", 100), ("a", "second", 200), ("b", "gone", 100), ("p", 50)]) (await actor.Ask<string>(timer, Patience)).ShouldBe("set");
        (await actor.Ask<string>(("cancel", "b"), Patience)).ShouldBe("off");
        time.Advance(TimeSpan.FromMilliseconds(100));
        ExpectMsg("p");
        ExpectMsg("p");
        time.Advance(TimeSpan.FromMilliseconds(100));
        ExpectMsgAllOf("p", "p", "second");
        (await actor.Ask<string>(("cancel", "p"), Patience)).ShouldBe("off");
        time.Advance(TimeSpan.FromSeconds(1));
        ExpectNoMsg(50);
    }

    [Fact]
    public void A_replaced_timer_whose_message_waits_in_the_mailbox_does_not_fire()
    {
        using var system = ActorSystem.Create("timed", ConfigurationFactory.ParseString($"akka.scheduler.implementation = \"{typeof(TestScheduler).AssemblyQualifiedName}\"").WithFallback(Sys.Settings.Config));
        using var gate = new ManualResetEventSlim();
        var actor = system.ActorOf(Props.Create(() => new Replacing(gate, TestActor)));
        actor.Tell("set", TestActor);
        ExpectMsg("set");
        actor.Tell("replace", TestActor);
        var time = (TestScheduler)system.Scheduler;
        time.Advance(TimeSpan.FromMilliseconds(10)); // the old one's message is in the mailbox now
        gate.Set();
        ExpectMsg("replaced");
        time.Advance(TimeSpan.FromMilliseconds(10));
        ExpectMsg("new");
    }

    private sealed class Replacing(ManualResetEventSlim gate, IActorRef log) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "set":
                    Timers.StartSingleTimer("key", "old", TimeSpan.FromMilliseconds(10));
                    Sender.Tell("set");
                    break;
                case "replace":
                    gate.Wait(Patience);
                    Timers.StartSingleTimer("key", "new", TimeSpan.FromMilliseconds(10));
                    Sender.Tell("replaced");
                    break;
                default:
                    log.Tell(message);
                    break;
            }
        }
    }

    [Fact]
    public async Task A_timer_of_an_earlier_incarnation_never_fires()
    {
        var (actor, time, system) = await TimedActor();
        using var _ = system;
        await actor.Ask<string>(("a", "old", 100), Patience);
        await actor.Ask<string>(("p", 100), Patience);
        actor.Tell(new Boom());
        await actor.Ask<string>(("a", "new", 300), Patience);
        time.Advance(TimeSpan.FromMilliseconds(200));
        ExpectNoMsg(50);
        time.Advance(TimeSpan.FromMilliseconds(200));
        ExpectMsg("new");
        ExpectNoMsg(50);
    }

    [Fact]
    public void Real_timers_come_in_order_and_not_early()
    {
        var began = Environment.TickCount64;
        var order = new[] { 250, 50, 150 };
        foreach (var ms in order) Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(ms), TestActor, ms, ActorRefs.NoSender);
        var called = new Cancelable(Sys.Scheduler.Advanced);
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(100), TestActor, "never", ActorRefs.NoSender, called);
        called.Cancel();
        foreach (var ms in order.Order())
        {
            ExpectMsg(ms);
            (Environment.TickCount64 - began).ShouldBeGreaterThanOrEqualTo(ms - 16);
        }
    }

    [Fact]
    public void Repeated_timers_repeat_until_cancelled()
    {
        var cancelable = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.Zero, TimeSpan.FromMilliseconds(20), TestActor, "tick", ActorRefs.NoSender);
        for (var i = 0; i < 5; i++) ExpectMsg("tick");
        cancelable.Cancel();
        AwaitAssert(() =>
        {
            while (HasMessages) ReceiveOne(TimeSpan.Zero);
            ExpectNoMsg(100);
        });
    }

    [Fact]
    public void A_receive_timeout_comes_when_nothing_else_does_and_again()
    {
        var actor = ActorOf(Lambda.Of((m, c) =>
        {
            if (m is int ms) c.SetReceiveTimeout(ms > 0 ? TimeSpan.FromMilliseconds(ms) : null);
            else TestActor.Tell(m);
        }));
        actor.Tell(50);
        ExpectMsg<ReceiveTimeout>();
        ExpectMsg<ReceiveTimeout>();
        actor.Tell(0);
        actor.Tell("off");
        FishForMessage<string>(static s => s == "off");
        ExpectNoMsg(150);
    }
}
