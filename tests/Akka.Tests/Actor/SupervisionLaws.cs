// Supervision: what each directive does to state, mailbox, children and siblings; limits and windows; escalation.
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Tests.Actor;

public sealed class SupervisionLaws : Laws
{
    private static OneForOneStrategy Always(Directive directive) => new(_ => directive);

    [Fact]
    public async Task Restart_forgets_the_state_keeps_ref_and_mailbox_and_calls_the_hooks_in_order()
    {
        var child = await Child(Supervise(Always(Directive.Restart)), "c", TestActor);
        ExpectLog("c: made", "c: start");
        child.Tell(1, TestActor);
        child.Tell(new Boom(), TestActor);
        child.Tell(2, TestActor);
        ExpectMsg(((object)1, 1));
        ExpectLog("c: before restart by boom", "c: stop", "c: made", "c: after restart by boom", "c: start");
        ExpectMsg(((object)2, 1));
        LastSender.ShouldBe(child);
    }

    [Fact]
    public async Task Resume_keeps_the_state_and_loses_only_the_message()
    {
        var child = await Child(Supervise(Always(Directive.Resume)), "c", TestActor);
        child.Tell(1, TestActor);
        child.Tell(new Boom(), TestActor);
        child.Tell(2, TestActor);
        ExpectLog("c: made", "c: start");
        ExpectMsg(((object)1, 1));
        ExpectMsg(((object)2, 2));
    }

    [Fact]
    public async Task Stop_ends_the_child()
    {
        var child = await Child(Supervise(Always(Directive.Stop)), "c", TestActor);
        Watch(child);
        child.Tell(new Boom());
        ExpectLog("c: made", "c: start", "c: stop");
        ExpectTerminated(child);
    }

    [Fact]
    public async Task Escalate_fails_the_parent_whose_restart_stops_the_child()
    {
        var grandparent = Supervise(Always(Directive.Restart));
        var parent = await grandparent.Ask<IActorRef>((Props.Create(() => new Supervisor(Always(Directive.Escalate))), "parent"), Patience);
        var child = await Child(parent, "c", TestActor);
        Watch(child);
        child.Tell(new Boom());
        ExpectLog("c: made", "c: start", "c: stop");
        ExpectTerminated(child);
        ExpectNoMsg(50);
        // The parent lives on, empty.
        var second = await Child(parent, "c", TestActor);
        second.ShouldNotBe(child);
    }

    [Fact]
    public async Task A_failure_that_escalates_to_the_top_ends_nothing_but_the_top_level_actor_when_the_guardian_stops_it()
    {
        using var system = ActorSystem.Create("top", ConfigurationFactory.ParseString("akka.actor.guardian-supervisor-strategy = \"" + typeof(StoppingSupervisorStrategy).AssemblyQualifiedName + "\"").WithFallback(Sys.Settings.Config));
        var top = system.ActorOf(Props.Create(() => new Supervisor(Always(Directive.Escalate))));
        var child = await Child(top, "c", TestActor);
        Watch(top);
        ExpectLog("c: made", "c: start");
        child.Tell(new Boom());
        ExpectMsg("c: stop");
        system.WhenTerminated.IsCompleted.ShouldBeFalse();
        (await Child(system.ActorOf(Props.Create(() => new Supervisor(Always(Directive.Stop)))), "d", Sys.DeadLetters)).IsNobody().ShouldBeFalse();
    }

    [Fact]
    public async Task Restarts_are_limited()
    {
        var child = await Child(Supervise(new OneForOneStrategy(2, TimeSpan.FromMinutes(10), _ => Directive.Restart)), "c", Sys.DeadLetters);
        Watch(child);
        for (var i = 0; i < 2; i++)
        {
            child.Tell(new Boom());
            (await Count(child)).ShouldBe(1);
        }

        child.Tell(new Boom());
        ExpectTerminated(child);
    }

    [Fact]
    public async Task Restarts_count_anew_in_the_next_window()
    {
        var child = await Child(Supervise(new OneForOneStrategy(1, TimeSpan.FromMilliseconds(200), _ => Directive.Restart)), "c", Sys.DeadLetters);
        Watch(child);
        for (var i = 0; i < 3; i++)
        {
            child.Tell(new Boom());
            (await Count(child)).ShouldBe(1);
            await Task.Delay(500);
        }

        ExpectNoMsg(10);
    }

    [Fact]
    public async Task One_for_one_leaves_siblings_alone_and_all_for_one_does_not()
    {
        var one = Supervise(Always(Directive.Restart));
        var (a, b) = (await Child(one, "a", Sys.DeadLetters), await Child(one, "b", Sys.DeadLetters));
        await Count(b);
        a.Tell(new Boom());
        (await Count(a)).ShouldBe(1);
        (await Count(b)).ShouldBe(2);
        var all = Supervise(new AllForOneStrategy(-1, -1, _ => Directive.Restart));
        (a, b) = (await Child(all, "a", Sys.DeadLetters), await Child(all, "b", TestActor));
        ExpectLog("b: made", "b: start");
        await Count(b);
        a.Tell(new Boom());
        ExpectLog("b: before restart by ", "b: stop", "b: made", "b: after restart by boom", "b: start");
        (await Count(b)).ShouldBe(1);
        var stop = Supervise(new AllForOneStrategy(_ => Directive.Stop));
        (a, b) = (await Child(stop, "a", Sys.DeadLetters), await Child(stop, "b", Sys.DeadLetters));
        Watch(a);
        Watch(b);
        a.Tell(new Boom());
        ExpectMsgAllOfTerminated(a, b);
    }

    private sealed class Lingering(ManualResetEventSlim gate, ManualResetEventSlim ending) : UntypedActor
    {
        protected override void PostStop()
        {
            ending.Set();
            gate.Wait(Patience);
        }

        protected override void OnReceive(object message) { }
    }

    [Fact]
    public async Task A_sibling_that_is_restarted_handles_nothing_while_its_children_end()
    {
        using var gate = new ManualResetEventSlim();
        using var ending = new ManualResetEventSlim();
        var all = Supervise(new AllForOneStrategy(-1, -1, _ => Directive.Restart));
        var (a, b) = (await Child(all, "a", Sys.DeadLetters), await Child(all, "b", Sys.DeadLetters));
        await Count(b);
        await b.Ask<IActorRef>(Props.Create(() => new Lingering(gate, ending)), Patience);
        a.Tell(new Boom());
        ending.Wait(Patience).ShouldBeTrue();
        b.Tell("waits", TestActor);
        ExpectNoMsg(100);
        gate.Set();
        ExpectMsg(((object)"waits", 1));
    }

    private sealed class SecondTime : UntypedActor
    {
        public SecondTime(int[] tries)
        {
            if (++tries[0] < 3) throw new Boom();
        }

        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    [Fact]
    public async Task What_could_not_be_made_can_be_tried_again_and_keeps_its_mailbox()
    {
        var tries = new int[1];
        var child = await Supervise(Always(Directive.Restart)).Ask<IActorRef>((Props.Create(() => new SecondTime(tries)), "c"), Patience);
        child.Tell("x", TestActor);
        ExpectMsg("x");
        tries[0].ShouldBe(3);
    }

    private void ExpectMsgAllOfTerminated(params IActorRef[] dead) =>
        ReceiveN(dead.Length, Patience).Cast<Terminated>().Select(t => t.ActorRef).ShouldBe(dead, ignoreOrder: true);

    [Fact]
    public async Task A_restart_stops_children_before_the_new_incarnation_begins()
    {
        var parent = await Child(Supervise(Always(Directive.Restart)), "p", TestActor);
        ExpectLog("p: made", "p: start");
        parent.Tell(Props.Create(() => new Mortal(TestActor)), TestActor);
        var child = (IActorRef)ReceiveWhileRefs();
        Watch(child);
        parent.Tell(new Boom());
        var life = new List<string>();
        while (life.Count < 6)
            if (ReceiveOne(Patience) is string line) life.Add(line);
        life.IndexOf("child: stop").ShouldBeLessThan(life.IndexOf("p: made"));
        life.ShouldBe(["p: before restart by boom", "p: stop", "child: stop", "p: made", "p: after restart by boom", "p: start"], ignoreOrder: true);
    }

    private object ReceiveWhileRefs()
    {
        object? child = null;
        for (var i = 0; i < 3; i++)
            if (ReceiveOne(Patience) is IActorRef found) child = found;
        return child.ShouldNotBeNull();
    }

    private sealed class Faulty : UntypedActor
    {
        public Faulty(bool inConstructor)
        {
            if (inConstructor) throw new Boom("constructor");
        }

        protected override void PreStart() => throw new Boom("start");

        protected override void OnReceive(object message) { }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_cannot_be_made_is_stopped_and_the_cause_is_in_the_log(bool inConstructor)
    {
        var supervisor = Supervise(new OneForOneStrategy(e =>
        {
            TestActor.Tell(e);
            return SupervisorStrategy.DefaultDecider.Decide(e);
        }));
        supervisor.Tell((Props.Create(() => new Faulty(inConstructor)), "f"), TestActor);
        var seen = ReceiveN(2, Patience);
        var error = seen.OfType<ActorInitializationException>().Single();
        error.GetBaseException().ShouldBeOfType<Boom>();
        var child = seen.OfType<IActorRef>().Single();
        Watch(child);
        ExpectTerminated(child);
    }

    [Fact]
    public async Task Kill_stops_by_default_and_the_failure_is_logged_once()
    {
        var child = await Child(Supervise(new OneForOneStrategy(SupervisorStrategy.DefaultDecider)), "c", Sys.DeadLetters);
        Watch(child);
        EventFilter.Exception<ActorKilledException>().ExpectOne(() => child.Tell(Kill.Instance));
        ExpectTerminated(child);
    }

    [Fact]
    public async Task The_strategy_sees_the_failed_child_as_the_sender()
    {
        var parent = ActorOf(Props.Create(() => new Asker(TestActor)));
        var child = await parent.Ask<IActorRef>("child", Patience);
        child.Tell(new Boom());
        ExpectMsg(child);
    }

    private sealed class Asker(IActorRef tell) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ =>
        {
            tell.Tell(Sender);
            return Directive.Stop;
        });

        protected override void OnReceive(object message) => Sender.Tell(Context.ActorOf(Props.Create(() => new Mortal(Context.System.DeadLetters))));
    }

    [Fact]
    public async Task A_suspended_actor_handles_nothing_until_its_parent_has_decided()
    {
        using var decide = new ManualResetEventSlim();
        var child = await Child(Supervise(new OneForOneStrategy(_ =>
        {
            decide.Wait(Patience);
            return Directive.Resume;
        })), "c", Sys.DeadLetters);
        child.Tell(new Boom());
        child.Tell("waits", TestActor);
        ExpectNoMsg(100);
        decide.Set();
        ExpectMsg(((object)"waits", 1));
    }
}
