using AgentArena.Core.Play;
using AgentArena.Core.Tools;
using Akka.Actor;

namespace AgentArena.Actors.Tests;

/// <summary>What answers from outside: in line, by a deadline, and never in silence.</summary>
public sealed class BackendActorTests : JournalTestKit
{
    // Answers when it is told to.
    private sealed class SlowTool : Tool
    {
        private readonly Dictionary<string, TaskCompletionSource<string>> _asked = new(StringComparer.Ordinal);

        public int Asked { get; private set; }

        public TaskCompletionSource<string> Of(string request)
        {
            lock (_asked)
            {
                if (!_asked.TryGetValue(request, out var answer))
                    _asked.Add(request, answer = new(TaskCreationOptions.RunContinuationsAsynchronously));
                return answer;
            }
        }

        public override Task<string> AnswerAsync(string request, CancellationToken stop)
        {
            lock (_asked)
                Asked++;
            return Of(request).Task;
        }
    }

    private sealed class SlowPerson : Person
    {
        private readonly List<(int Turn, TaskCompletionSource<string?> Answer)> _shown = [];

        public IReadOnlyList<int> Shown
        {
            get
            {
                lock (_shown)
                    return [.. _shown.Select(s => s.Turn)];
            }
        }

        public void Type(string? text)
        {
            lock (_shown)
                _shown[^1].Answer.SetResult(text);
        }

        public override Task<string?> AnswerAsync(Turn turn, string? refusal, CancellationToken stop)
        {
            var answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_shown)
                _shown.Add((turn.Id, answer));
            return answer.Task;
        }
    }

    private (IActorRef Actor, SlowTool Tool) OpenTool()
    {
        var tool = new SlowTool();
        return (
            Arena.ChildActorOf(Props.Create(() => new ToolActor("index", tool, TimeSpan.FromSeconds(10), Time))),
            tool
        );
    }

    private (IActorRef Actor, SlowPerson Person) OpenPerson()
    {
        var person = new SlowPerson();
        return (Arena.ChildActorOf(Props.Create(() => new PersonActor("you", person, Time))), person);
    }

    private void Show(IActorRef person, int turn) =>
        person.Tell(new ShowTurn(turn, new Turn { Id = turn, Seat = 0 }, null), TestActor);

    private Wait? WaitOf(IActorRef backend)
    {
        backend.Tell(new ReportWaits(), Arena);
        return Arena.ReceiveOne(TimeSpan.FromMilliseconds(200)) is Waits waits ? waits.All.Single() : null;
    }

    [Fact]
    public void A_tool_is_asked_many_things_at_once_and_answers_in_its_own_order()
    {
        var (actor, tool) = OpenTool();
        actor.Tell(new UseTool(1, "a"), TestActor);
        actor.Tell(new UseTool(2, "b"), TestActor);
        AwaitAssert(() => tool.Asked.ShouldBe(2));
        tool.Of("b").SetResult("B");
        ExpectMsg<ToolAnswered>().ShouldBe(new ToolAnswered(2, "B", null));
        tool.Of("a").SetException(new FormatException("odd"));
        ExpectMsg<ToolAnswered>().ShouldBe(new ToolAnswered(1, null, "index: FormatException: odd"));
    }

    [Fact]
    public void A_tool_that_hangs_is_given_up_at_its_deadline()
    {
        var (actor, tool) = OpenTool();
        actor.Tell(new UseTool(1, "a"), TestActor);
        AwaitAssert(() => tool.Asked.ShouldBe(1));
        WaitOf(actor)
            .ShouldBe(
                new Wait(
                    "tool-index",
                    "1 answers of the tool",
                    DateTimeOffset.UnixEpoch,
                    Time.GetUtcNow().AddSeconds(10)
                )
            );
        Time.Advance(TimeSpan.FromSeconds(11));
        ExpectMsg<ToolAnswered>().Error!.ShouldContain("no answer within 00:00:10");
        WaitOf(actor).ShouldBeNull();
    }

    [Fact]
    public void What_is_asked_again_by_a_seat_that_was_restarted_is_asked_once_and_answered_there()
    {
        var (actor, tool) = OpenTool();
        actor.Tell(new UseTool(1, "a"), Arena);
        actor.Tell(new UseTool(1, "a"), TestActor);
        actor.Tell(new UseTool(2, "b"), TestActor);
        AwaitAssert(() => tool.Asked.ShouldBe(2));
        tool.Of("a").SetResult("A");
        ExpectMsg<ToolAnswered>().Answer.ShouldBe("A");
    }

    [Fact]
    public void A_person_is_shown_one_turn_after_another_and_none_that_nobody_waits_for()
    {
        var (actor, person) = OpenPerson();
        for (var turn = 1; turn <= 3; turn++)
            Show(actor, turn);
        AwaitAssert(() => person.Shown.ShouldBe([1]));
        Time.Advance(TimeSpan.FromMinutes(5));
        WaitOf(actor).ShouldBe(new Wait("you", "an answer to turn 1", DateTimeOffset.UnixEpoch, null));
        actor.Tell(new CancelGeneration([2]), TestActor);
        person.Type("up");
        ExpectMsg<PersonAnswered>().ShouldBe(new PersonAnswered(1, "up"));
        AwaitAssert(() => person.Shown.ShouldBe([1, 3]));
        Show(actor, 1); // refused, and shown again under the same id
        person.Type("down");
        ExpectMsg<PersonAnswered>().Id.ShouldBe(3);
        AwaitAssert(() => person.Shown.ShouldBe([1, 3, 1]));
    }

    [Fact]
    public void When_a_person_leaves_the_run_is_stopped_and_nothing_more_is_shown()
    {
        var (actor, person) = OpenPerson();
        Show(actor, 1);
        Show(actor, 2);
        AwaitAssert(() => person.Shown.ShouldBe([1]));
        person.Type(null);
        Arena.ExpectMsg<StopRun>().Reason.ShouldBe("you left");
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        person.Shown.ShouldBe([1]);
    }
}
