// Sending: order, exclusivity, nothing lost, nothing twice, nothing to the dead but letters.
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Tests.Actor;

public sealed class MessageLaws : Laws
{
    private sealed record Numbered(int Sender, int Number);

    private sealed class Collector : UntypedActor
    {
        private readonly int[] _next;
        private readonly int _each;
        private readonly IActorRef _tell;
        private int _left, _inside, _wrong;

        public Collector(int senders, int each, IActorRef tell)
        {
            (_next, _each, _tell) = (new int[senders], each, tell);
            _left = senders * each;
        }

        protected override void OnReceive(object message)
        {
            if (Interlocked.Increment(ref _inside) != 1) _wrong++;
            var m = (Numbered)message;
            if (_next[m.Sender]++ != m.Number) _wrong++;
            if (--_left == 0) _tell.Tell($"{_wrong} wrong, {_next.Count(n => n == _each)} complete");
            Interlocked.Decrement(ref _inside);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("pinned")]
    public void Order_holds_per_sender_under_load_and_one_thread_at_a_time_is_in_an_actor(string? dispatcher)
    {
        const int senders = 6, each = 30_000;
        using var system = ActorSystem.Create("order", ConfigurationFactory.ParseString("pinned { type = PinnedDispatcher }").WithFallback(Sys.Settings.Config));
        var props = Props.Create(() => new Collector(senders, each, TestActor));
        var collector = system.ActorOf(dispatcher is null ? props : props.WithDispatcher(dispatcher));
        var threads = Enumerable.Range(0, senders / 2).Select(s => new Thread(() =>
        {
            for (var i = 0; i < each; i++) collector.Tell(new Numbered(s, i), ActorRefs.NoSender);
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        for (var s = senders / 2; s < senders; s++)
        {
            var (sender, sent) = (s, 0);
            var actor = system.ActorOf(Lambda.Of((m, c) =>
            {
                for (var k = 0; k < 100 && sent < each; k++) collector.Tell(new Numbered(sender, sent++));
                if (sent < each) c.Self.Tell(m);
            }));
            actor.Tell("go");
        }

        ExpectMsg($"0 wrong, {senders} complete");
        foreach (var thread in threads) thread.Join();
    }

    [Fact]
    public async Task The_context_is_there_only_within_a_turn()
    {
        Should.Throw<ActorInitializationException>(() => new Mortal(TestActor));
        var actor = ActorOf(Lambda.Of(static (_, c) => c.Sender.Tell(c.Self.Path.Name)), "me");
        (await actor.Ask<string>("who", Patience)).ShouldBe("me");
    }

    [Fact]
    public void Forward_keeps_the_sender()
    {
        var echo = ActorOf(Lambda.Of(static (m, c) => c.Sender.Tell(m)));
        var relay = ActorOf(Lambda.Of((m, _) => echo.Forward(m)));
        relay.Tell("x", TestActor);
        ExpectMsg("x");
        LastSender.ShouldBe(echo);
    }

    [Fact]
    public void A_null_message_is_refused() => Should.Throw<InvalidMessageException>(() => TestActor.Tell(null!, TestActor));

    [Fact]
    public void Messages_to_the_dead_become_dead_letters_also_those_that_waited()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        using var gate = new ManualResetEventSlim();
        var actor = ActorOf(Lambda.Of((_, _) => gate.Wait(Patience)));
        var probe = CreateTestProbe();
        probe.Watch(actor);
        actor.Tell("first", TestActor);
        actor.Tell(PoisonPill.Instance, TestActor);
        actor.Tell("second", TestActor);
        gate.Set();
        var letter = FishForMessage<DeadLetter>(d => d.Message is "second");
        (letter.Sender, letter.Recipient).ShouldBe((TestActor, actor));
        probe.ExpectTerminated(actor);
        actor.Tell("third", TestActor);
        FishForMessage<DeadLetter>(static d => d.Message is "third").Recipient.ShouldBe(actor);
        Sys.DeadLetters.Tell("fourth", TestActor);
        FishForMessage<DeadLetter>(static d => d.Message is "fourth").Sender.ShouldBe(TestActor);
    }

    [Fact]
    public void What_no_handler_takes_is_published()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        var actor = ActorOf(Props.Create(() => new Choosy()));
        actor.Tell("x", TestActor);
        var lost = ExpectMsg<UnhandledMessage>();
        (lost.Message, lost.Recipient, lost.Sender).ShouldBe(("x", actor, TestActor));
    }

    private sealed class Choosy : ReceiveActor
    {
        public Choosy() => Receive<int>(static _ => { });
    }

    [Fact]
    public void Poison_waits_its_turn_and_a_stop_does_not()
    {
        var actor = ActorOf(Lambda.Of(static (m, c) => c.Sender.Tell(m)));
        Watch(actor);
        for (var i = 0; i < 500; i++) actor.Tell(i, TestActor);
        actor.Tell(PoisonPill.Instance, TestActor);
        for (var i = 0; i < 500; i++) ExpectMsg(i);
        ExpectTerminated(actor);
        var other = ActorOf(Lambda.Of(static (m, c) =>
        {
            c.Stop(c.Self);
            c.Sender.Tell(m);
        }));
        Watch(other);
        other.Tell(1, TestActor);
        other.Tell(2, TestActor);
        ExpectMsg(1);
        ExpectTerminated(other);
        ExpectNoMsg(50);
    }

    [Fact]
    public async Task Identify_finds_the_living_by_path_and_nobody_among_the_dead()
    {
        var actor = ActorOf(Lambda.Of(static (_, _) => { }), "here");
        (await Sys.ActorSelection("/user/here").Ask<ActorIdentity>(new Identify(1), Patience)).Subject.ShouldBe(actor);
        (await Sys.ActorSelection(actor.Path).ResolveOne(Patience)).ShouldBe(actor);
        (await Sys.ActorSelection("/user/nowhere").Ask<ActorIdentity>(new Identify(2), Patience)).Subject.ShouldBeNull();
        await Should.ThrowAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/nowhere").ResolveOne(Patience));
        (await actor.GracefulStop(Patience)).ShouldBeTrue();
        (await actor.Ask<ActorIdentity>(new Identify(3), Patience)).Subject.ShouldBeNull();
    }

    [Fact]
    public async Task Selections_know_parents_siblings_and_wild_cards()
    {
        var parent = ActorOf(Lambda.Of(static (m, c) => c.Sender.Tell(c.ActorOf(Lambda.Of(static (m, c) =>
        {
            if (m is string path && path.Contains('/')) c.ActorSelection(path).Tell("found", c.Sender);
            else c.Sender.Tell($"{c.Self.Path.Name} {m}");
        }), (string)m))), "parent");
        var a = await parent.Ask<IActorRef>("a1", Patience);
        await parent.Ask<IActorRef>("a2", Patience);
        await parent.Ask<IActorRef>("b1", Patience);
        Sys.ActorSelection("/user/parent/a*").Tell("hi", TestActor);
        ExpectMsgAllOf("a1 hi", "a2 hi");
        Sys.ActorSelection("/user/*/b?").Tell("ho", TestActor);
        ExpectMsg("b1 ho");
        a.Tell("../b1", TestActor);
        ExpectMsg("b1 found");
    }

    [Fact]
    public void Names_are_unique_among_the_living_and_well_formed()
    {
        var first = ActorOf(Lambda.Of(static (_, _) => { }), "one");
        Should.Throw<InvalidActorNameException>(() => ActorOf(Lambda.Of(static (_, _) => { }), "one"));
        foreach (var bad in (string[])["", "a/b", "$a", "ä", "a b"]) Should.Throw<InvalidActorNameException>(() => ActorOf(Lambda.Of(static (_, _) => { }), bad), bad);
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);
        AwaitAssert(() =>
        {
            var second = ActorOf(Lambda.Of(static (_, _) => { }), "one");
            second.ShouldNotBe(first);
            second.Path.ShouldBe(first.Path);
            second.Path.Uid.ShouldNotBe(first.Path.Uid);
        });
    }

    [Fact]
    public void Paths_read_back()
    {
        var actor = ActorOf(Lambda.Of(static (_, _) => { }), "p");
        actor.Path.ToString().ShouldBe("akka://test/user/p");
        ActorPath.Parse("akka://test/user/p").ShouldBe(actor.Path);
        actor.Path.ToStringWithoutAddress().ShouldBe("/user/p");
        actor.Path.Parent.Name.ShouldBe("user");
        ((ExtendedActorSystem)Sys).Provider.ResolveActorRef(actor.Path.ToSerializationFormat()).ShouldBe(actor);
        ActorPath.TryParse("nonsense", out _).ShouldBeFalse();
    }
}
