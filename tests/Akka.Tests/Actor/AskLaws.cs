// Asking, piping, and asynchronous handlers.
using Akka.Actor;

namespace Akka.Tests.Actor;

public sealed class AskLaws : Laws
{
    private readonly IActorRef _silent;

    public AskLaws() => _silent = ActorOf(Lambda.Of(static (_, _) => { }));

    [Fact]
    public async Task An_answer_completes_an_ask_and_a_failure_fails_it()
    {
        var actor = ActorOf(Lambda.Of(static (m, c) => c.Sender.Tell(m is "fail" ? new Status.Failure(new Boom()) : m)));
        (await actor.Ask<int>(7, Patience)).ShouldBe(7);
        (await actor.Ask("x", Patience)).ShouldBe("x");
        await Should.ThrowAsync<Boom>(() => actor.Ask<int>("fail", Patience));
        (await Should.ThrowAsync<Exception>(() => actor.Ask<int>("a string", Patience))).ShouldNotBeOfType<AskTimeoutException>();
    }

    [Fact]
    public async Task An_ask_without_answer_times_out_or_is_cancelled()
    {
        await Should.ThrowAsync<AskTimeoutException>(() => _silent.Ask<int>(1, TimeSpan.FromMilliseconds(50)));
        using var cancel = new CancellationTokenSource();
        var asked = _silent.Ask<int>(1, Patience, cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task Many_asks_do_not_mix()
    {
        var actor = ActorOf(Lambda.Of(static (m, c) => c.Sender.Tell(m)));
        var answers = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => actor.Ask<int>(i, Patience)));
        answers.ShouldBe(Enumerable.Range(0, 2_000));
    }

    [Fact]
    public void Pipes_map_success_and_failure_and_name_the_sender()
    {
        Task.FromResult(1).PipeTo(TestActor, _silent);
        ExpectMsg(1);
        LastSender.ShouldBe(_silent);
        Task.FromResult(1).PipeTo(TestActor, success: static i => $"got {i}");
        ExpectMsg("got 1");
        Task.FromException<int>(new Boom()).PipeTo(TestActor);
        ExpectMsg<Status.Failure>().Cause.ShouldBeOfType<Boom>();
        Task.FromException<int>(new Boom()).PipeTo(TestActor, failure: static e => e.Message);
        ExpectMsg("boom");
        Task.FromException(new Boom()).PipeTo(TestActor, failure: static e => e.Message);
        ExpectMsg("boom");
        Task.CompletedTask.PipeTo(TestActor);
        Task.CompletedTask.PipeTo(TestActor, success: static () => "done");
        ExpectMsg("done");
        ExpectNoMsg(50);
    }

    private sealed class Async : ReceiveActor
    {
        private int _inside;

        public Async()
        {
            ReceiveAsync<int>(async ms =>
            {
                var (self, sender) = (Self, Sender);
                _inside++;
                await Task.Delay(ms);
                if (_inside != 1 || !Equals(Sender, sender) || !Equals(Self, self)) throw new Boom("another message came between");
                await Task.Yield();
                _inside--;
                Sender.Tell(ms);
            });
            ReceiveAsync<Exception>(async e =>
            {
                await Task.Yield();
                throw e;
            });
            Receive<string>(s => Sender.Tell($"{s} {_inside}"));
        }
    }

    [Fact]
    public async Task An_asynchronous_handler_holds_up_the_next_message_and_keeps_its_context()
    {
        var actor = await Supervise(new OneForOneStrategy(_ => Directive.Restart)).Ask<IActorRef>((Props.Create<Async>(), "a"), Patience);
        var other = CreateTestProbe();
        foreach (var ms in (int[])[30, 20, 10, 0, 1])
        {
            actor.Tell(ms, TestActor);
            actor.Tell("next", other);
        }

        foreach (var ms in (int[])[30, 20, 10, 0, 1])
        {
            ExpectMsg(ms);
            other.ExpectMsg("next 0");
        }

        actor.Tell(new Boom(), TestActor);
        actor.Tell(5, TestActor);
        ExpectMsg(5);
    }

    [Fact]
    public async Task An_actor_can_be_stopped_while_it_awaits()
    {
        var actor = ActorOf<Async>();
        Watch(actor);
        actor.Tell(600_000, TestActor);
        await Task.Delay(20);
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }
}
