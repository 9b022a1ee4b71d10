// Mailboxes, dispatchers, event stream, logs, extensions, serialisation, backoff.
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Pattern;
using Akka.Serialization;

namespace Akka.Tests.Actor;

public sealed class EngineLaws : Laws
{
    public EngineLaws() : base($$"""
        urgent.mailbox-type = "{{typeof(UrgentFirst).AssemblyQualifiedName}}"
        small { mailbox-type = "Akka.Dispatch.BoundedMailbox, Akka", mailbox-capacity = 2, mailbox-push-timeout-time = 1ms }
        pinned { type = PinnedDispatcher }
        akka.actor {
          serializers.shapes = "{{typeof(ShapeSerializer).AssemblyQualifiedName}}"
          serialization-bindings { "{{typeof(Shape).AssemblyQualifiedName}}" = shapes }
        }
        """) { }

    public sealed class UrgentFirst(Settings settings, Config config) : UnboundedPriorityMailbox(settings, config)
    {
        protected override int PriorityGenerator(object message) => message is int i ? i : 0;
    }

    [Fact]
    public void A_priority_mailbox_serves_the_lowest_first_and_equals_in_order()
    {
        using var gate = new ManualResetEventSlim();
        var actor = ActorOf(Lambda.Of((m, _) =>
        {
            if (m is "gate") gate.Wait(Patience);
            else TestActor.Tell(m);
        }).WithMailbox("urgent"));
        actor.Tell("gate");
        foreach (var i in (int[])[5, 3, 9, 1, 7]) actor.Tell(i);
        gate.Set();
        foreach (var i in (int[])[1, 3, 5, 7, 9]) ExpectMsg(i);
    }

    [Fact]
    public void A_bounded_mailbox_sends_what_does_not_fit_to_dead_letters()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        using var gate = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        var actor = ActorOf(Lambda.Of((m, _) =>
        {
            if (m is "gate")
            {
                inside.Set();
                gate.Wait(Patience);
            }
        }).WithMailbox("small"));
        actor.Tell("gate");
        inside.Wait(Patience).ShouldBeTrue();
        for (var i = 0; i < 5; i++) actor.Tell(i);
        for (var i = 2; i < 5; i++) ExpectMsg<DeadLetter>().Message.ShouldBe(i);
        gate.Set();
    }

    [Fact]
    public void A_pinned_actor_has_one_thread_for_itself()
    {
        Props Where() => Lambda.Of(static (_, c) => c.Sender.Tell((Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread))).WithDispatcher("pinned");
        var (a, b) = (ActorOf(Where()), ActorOf(Where()));
        var threads = new HashSet<(int, bool)>[] { [], [] };
        for (var i = 0; i < 200; i++)
        {
            a.Tell(i, TestActor);
            threads[0].Add(ExpectMsg<(int, bool)>());
            b.Tell(i, TestActor);
            threads[1].Add(ExpectMsg<(int, bool)>());
        }

        threads[0].Count.ShouldBe(1);
        threads[1].Count.ShouldBe(1);
        threads[0].Single().ShouldNotBe(threads[1].Single());
        threads[0].Single().Item2.ShouldBeFalse();
    }

    [Fact]
    public void A_slow_actor_does_not_hold_up_the_one_it_woke()
    {
        using var gate = new ManualResetEventSlim();
        var woken = ActorOf(Lambda.Of((_, _) => gate.Set()));
        var slow = ActorOf(Lambda.Of((_, _) =>
        {
            woken.Tell("wake");
            TestActor.Tell(gate.Wait(Patience));
        }));
        slow.Tell("go");
        ExpectMsg(true);
    }

    [Fact]
    public void Unknown_dispatchers_and_mailboxes_are_refused_by_name()
    {
        Should.Throw<ConfigurationException>(() => ActorOf(Lambda.Of(static (_, _) => { }).WithDispatcher("nowhere"))).Message.ShouldContain("nowhere");
        Should.Throw<ConfigurationException>(() => ActorOf(Lambda.Of(static (_, _) => { }).WithMailbox("nowhere"))).Message.ShouldContain("nowhere");
    }

    [Fact]
    public void The_event_stream_publishes_to_subscribers_of_the_type_and_its_bases_once()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Exception)).ShouldBeTrue();
        Sys.EventStream.Subscribe(TestActor, typeof(Boom)).ShouldBeTrue();
        Sys.EventStream.Subscribe(TestActor, typeof(Boom)).ShouldBeFalse();
        var boom = new Boom();
        Sys.EventStream.Publish(boom);
        ExpectMsg(boom);
        Sys.EventStream.Publish("no one listens");
        Sys.EventStream.Unsubscribe(TestActor).ShouldBeTrue();
        Sys.EventStream.Publish(boom);
        ExpectNoMsg(50);
    }

    [Fact]
    public void Logs_reach_subscribers_from_the_level_on()
    {
        using var system = ActorSystem.Create("logs", ConfigurationFactory.ParseString("akka { loglevel = WARNING, loggers = [], stdout-loglevel = OFF }"));
        system.EventStream.Subscribe(TestActor, typeof(LogEvent));
        var actor = system.ActorOf(Lambda.Of(static (m, c) =>
        {
            var log = c.GetLogger();
            log.Info("not {0}", m);
            log.Warning("careful, {0}", m);
            log.Error(new Boom(), "ouch");
        }), "logger");
        actor.Tell("you");
        var warning = ExpectMsg<Warning>();
        (warning.Message.ToString(), warning.LogSource).ShouldBe(("careful, you", "akka://logs/user/logger"));
        ExpectMsg<Error>().Cause.ShouldBeOfType<Boom>();
    }

    private sealed class Part : IExtension
    {
        public static int Made;
    }

    private sealed class PartProvider : ExtensionIdProvider<Part>
    {
        public override Part CreateExtension(ExtendedActorSystem system)
        {
            Interlocked.Increment(ref Part.Made);
            return new Part();
        }
    }

    [Fact]
    public void An_extension_is_made_once()
    {
        var before = Part.Made;
        var parts = Enumerable.Range(0, 16).AsParallel().Select(_ => new PartProvider().Apply(Sys)).Distinct().ToArray();
        parts.Length.ShouldBe(1);
        (Part.Made - before).ShouldBe(1);
        Sys.GetExtension<Part>().ShouldBe(parts[0]);
    }

    public abstract record Shape;

    public sealed record Circle(double Radius) : Shape;

    public sealed class ShapeSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 4711;

        public override string Manifest(object o) => "circle-1";

        public override byte[] ToBinary(object obj) => BitConverter.GetBytes(((Circle)obj).Radius);

        public override object FromBinary(byte[] bytes, string manifest) => manifest == "circle-1" ? new Circle(BitConverter.ToDouble(bytes)) : throw new ArgumentException(manifest);
    }

    [Fact]
    public void Serializers_are_found_by_base_type_and_id()
    {
        var serialization = Sys.Serialization;
        var serializer = serialization.FindSerializerFor(new Circle(2)).ShouldBeOfType<ShapeSerializer>();
        var bytes = serializer.ToBinary(new Circle(2));
        serialization.Deserialize(bytes, 4711, "circle-1").ShouldBe(new Circle(2));
        serialization.FindSerializerFor(new byte[1]).ShouldBeOfType<ByteArraySerializer>();
        Should.Throw<System.Runtime.Serialization.SerializationException>(() => serialization.Deserialize(bytes, 1234, "circle-1"));
    }

    public sealed record Parcel(string Name, IActorRef From, IReadOnlyList<int> Numbers, object Anything, Dictionary<string, double> Table);

    [Fact]
    public void With_serialize_messages_each_message_goes_through_bytes()
    {
        using var system = ActorSystem.Create("bytes", ConfigurationFactory.ParseString("akka.actor.serialize-messages = on").WithFallback(Sys.Settings.Config));
        var echo = system.ActorOf(Lambda.Of(static (m, c) => c.Sender.Tell(m)));
        var probe = CreateTestProbe(system);
        var sent = new Parcel("p", probe.Ref, [1, 2, 3], new Circle(3), new Dictionary<string, double> { ["a"] = double.NaN });
        probe.Send(echo, sent);
        var got = probe.ExpectMsg<Parcel>();
        got.ShouldNotBeSameAs(sent);
        (got.Name, got.From).ShouldBe((sent.Name, sent.From));
        got.Numbers.ShouldBe(sent.Numbers);
        got.Table.ShouldBe(sent.Table);
    }

    [Fact]
    public async Task A_backoff_supervisor_brings_the_child_back_after_a_pause_and_gives_up_in_the_end()
    {
        foreach (var onFailure in (bool[])[true, false])
        {
            var props = Props.Create(() => new Mortal(TestActor));
            var (min, max) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200));
            var options = onFailure ? Backoff.OnFailure(props, "c", min, max, 0, 2) : Backoff.OnStop(props, "c", min, max, 0, 2).WithDefaultStoppingStrategy();
            var supervisor = ActorOf(BackoffSupervisor.Props(options.WithManualReset()));
            Watch(supervisor);
            for (var i = 0; i < 3; i++)
            {
                ExpectLog("c: made", "c: start");
                supervisor.Tell(i, TestActor);
                ExpectMsg(((object)i, 1));
                (await supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance, Patience)).Count.ShouldBe(i);
                supervisor.Tell(new Boom());
                ExpectMsg("c: stop");
            }

            ExpectTerminated(supervisor);
        }
    }
}
