// Trees of actors that fail, restart, stop and start at random: nothing hangs, leaks into another actor, or is delivered twice.
using Akka.Actor;

namespace Akka.Tests.Actor;

public sealed class StressLaws : Laws
{
    private sealed class Ledger
    {
        public int Sent, Handled, Failed, Lost, Overlaps, Alive;
    }

    private sealed class Work(int seed)
    {
        public int Seed { get; } = seed;
    }

    private sealed class Worker : UntypedActor
    {
        private readonly Ledger _ledger;
        private readonly int _depth;
        private int _inside;

        public Worker(Ledger ledger, int depth, int seed)
        {
            (_ledger, _depth) = (ledger, depth);
            Interlocked.Increment(ref ledger.Alive);
            if (depth > 0)
                for (var i = 0; i < 3; i++) Context.ActorOf(Props.Create(typeof(Worker), ledger, depth - 1, seed * 3 + i));
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e => (Directive)(((Boom)e).Message.Length % 3));

        protected override void PostStop() => Interlocked.Decrement(ref _ledger.Alive);

        protected override void OnReceive(object message)
        {
            if (Interlocked.Increment(ref _inside) != 1) Interlocked.Increment(ref _ledger.Overlaps);
            try
            {
                var work = (Work)message;
                var random = new Random(work.Seed);
                Interlocked.Increment(ref _ledger.Handled);
                if (random.Next(5) == 0)
                {
                    Interlocked.Increment(ref _ledger.Failed);
                    throw new Boom(new string('x', random.Next(1, 4)));
                }

                foreach (var child in Context.GetChildren())
                {
                    if (random.Next(20) == 0)
                    {
                        Context.Stop(child);
                        Context.ActorOf(Props.Create(typeof(Worker), _ledger, _depth - 1, random.Next()));
                    }

                    Interlocked.Increment(ref _ledger.Sent);
                    child.Tell(new Work(random.Next()));
                }
            }
            finally
            {
                Interlocked.Decrement(ref _inside);
            }
        }
    }

    private sealed class LetterCounter(Ledger ledger) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Event.DeadLetter { Message: Work }) Interlocked.Increment(ref ledger.Lost);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Each_message_is_handled_once_or_becomes_a_dead_letter_whatever_fails(int seed)
    {
        var ledger = new Ledger();
        Sys.EventStream.Subscribe(Sys.ActorOf(Props.Create(() => new LetterCounter(ledger))), typeof(Event.DeadLetter));
        var tops = Enumerable.Range(0, 4).Select(i => Supervise(new OneForOneStrategy(_ => Directive.Restart), $"top{i}")).ToArray();
        var roots = await Task.WhenAll(tops.Select(t => t.Ask<IActorRef>((Props.Create(typeof(Worker), ledger, 3, seed), "w"), Patience)));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(t => Task.Run(() =>
        {
            var random = new Random(seed * 100 + t);
            for (var i = 0; i < 400; i++)
            {
                Interlocked.Increment(ref ledger.Sent);
                roots[random.Next(roots.Length)].Tell(new Work(random.Next()), ActorRefs.NoSender);
            }
        })));
        await AwaitAssertAsync(() => (ledger.Handled + ledger.Lost).ShouldBe(ledger.Sent), Patience, TimeSpan.FromMilliseconds(50));
        ledger.Overlaps.ShouldBe(0);
        ledger.Failed.ShouldBeGreaterThan(100);
        foreach (var top in tops) Watch(top);
        foreach (var top in tops) Sys.Stop(top);
        ReceiveN(tops.Length, Patience).Count.ShouldBe(tops.Length);
        await AwaitAssertAsync(() => ledger.Alive.ShouldBe(0), Patience);
    }

    [Fact]
    public void Many_births_and_deaths_leave_no_child_behind()
    {
        const int count = 20_000;
        var left = count;
        var parent = ActorOf(Lambda.Of((m, c) =>
        {
            switch (m)
            {
                case "go":
                    for (var i = 0; i < count; i++) c.Watch(c.ActorOf(Lambda.Of(static (_, c) => c.Stop(c.Self)))).Tell("stop");
                    break;
                case Terminated when --left == 0:
                    TestActor.Tell(c.GetChildren().Count());
                    break;
            }
        }));
        parent.Tell("go");
        ExpectMsg(0, TimeSpan.FromSeconds(30));
    }
}
