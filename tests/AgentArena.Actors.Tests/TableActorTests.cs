using AgentArena.Core.Binding;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using Akka.Actor;
using Akka.TestKit;

namespace AgentArena.Actors.Tests;

/// <summary>
/// One table between an arena and a model that are probes, on a journal in memory whose writes can be held up and
/// failed.
/// </summary>
public abstract class TableTestKit : JournalTestKit
{
    private readonly BoundScenario _ground = BoundScenario.Bind(
        Runs.Kuhn(change: s => s["run"]!["turn-deadline"] = "10s"),
        Standard.Catalog
    );

    protected TableTestKit(string gathering)
        : base($"arena {{ rows-per-snapshot = 4, group-commit.rows = {gathering} }}") { }

    private protected TestProbe Model => field ??= CreateTestProbe(Sys);

    private protected IActorRef Open(params long[] unfinished)
    {
        var backends = new Dictionary<string, IActorRef> { ["student"] = Model };
        var table = Arena.ChildActorOf(Props.Create(() => new TableActor(_ground, 0, backends, Time)));
        Arena.ExpectMsg<TableReady>();
        table.Tell(new TableOpened([.. unfinished]), Arena);
        return table;
    }

    private protected void Restart(ref IActorRef table, params long[] unfinished)
    {
        Watch(table);
        Sys.Stop(table);
        ExpectTerminated(table);
        table = Open(unfinished.Length == 0 ? [0, 1] : unfinished);
    }

    private protected static Assignment Game(long number) =>
        new(number, "kuhn-poker", new GameSetup((ulong)number + 1), ["student", "student"]);

    private protected void Play(IActorRef table, params Assignment[] games) =>
        table.Tell(new PlayGames([.. games]), Arena);

    private protected List<Generate> Requests(int count)
    {
        var requests = new List<Generate>();
        while (requests.Count < count)
            requests.AddRange(Model.ExpectMsg<GenerateMany>(TimeSpan.FromSeconds(10)).Requests);
        return requests;
    }

    private protected void Answer(Generate asked, string move)
    {
        var text = asked.Request.Legal.First(l => l.Trim() == move);
        Model.Send(
            Model.LastSender,
            new GeneratedMany([
                new Generated(
                    asked.Request.Id,
                    new Utterance
                    {
                        Policy = "student",
                        Version = 0,
                        Text = text,
                    }
                ),
            ])
        );
    }

    // Whoever can fold does, anybody else does the first of the two: every game has two moves.
    private protected void AnswerAll(string first, string second) => AnswerAll(null, first, second);

    private protected void AnswerAll((Generate, string) first, string second)
    {
        Answer(first.Item1, first.Item2);
        Answer(Requests(1)[0], second);
    }

    private protected void AnswerAll(Generate? _, string first, string second)
    {
        var left = 0;
        do
        {
            var asked = Model.ExpectMsg<GenerateMany>(TimeSpan.FromSeconds(10)).Requests;
            foreach (var request in asked)
            {
                var folds = request.Request.Legal.Any(l => l.Trim() == second);
                left += folds ? -1 : 1;
                Answer(request, folds ? second : first);
            }
        } while (left > 0);
    }

    private protected static List<GameOver> Fold(TestProbe arena, int games)
    {
        var over = new List<GameOver>();
        while (over.Count < games)
            over.AddRange(arena.ExpectMsg<GamesOver>(TimeSpan.FromSeconds(10)).Games);
        return over;
    }
}

/// <summary>A table that writes at once.</summary>
public sealed class TableActorTests() : TableTestKit("0")
{
    [Fact]
    public void A_game_is_over_for_others_only_when_its_last_event_is_on_disk()
    {
        var table = Open();
        Journal.Hold();
        Play(table, Game(0));
        AnswerAll("bet", "fold");
        Arena.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Journal.Release();
        var over = Arena.ExpectMsg<GamesOver>().Games.ShouldHaveSingleItem();
        (over.Number, over.Outcome!.Kind, over.Rows.Table).ShouldBe((0, OutcomeKind.Finished, 0));
        over.Events.Select(e => e.GetType())
            .ShouldBe([typeof(GameStarted), typeof(MoveMade), typeof(MoveMade), typeof(GameEnded)]);
    }

    [Fact]
    public void What_happens_while_a_row_is_written_is_one_row()
    {
        var table = Open();
        Journal.Hold();
        Play(table, [.. Enumerable.Range(0, 20).Select(n => Game(n))]);
        AnswerAll("bet", "fold");
        AwaitAssert(() =>
        {
            table.Tell(new ReportWaits(), Arena);
            Arena.ExpectMsg<Waits>().All.ShouldBeEmpty(); // every answer has arrived
        });
        Journal.Release();
        var over = Fold(Arena, 20);
        Journal.Written.Count.ShouldBe(2); // the one that began them, and all that came of them meanwhile
        over.Select(g => g.Rows).Distinct().ShouldBe([new RowSpan(0, 1, 2)]);
    }

    [Fact]
    public void A_table_that_comes_up_again_goes_on_with_the_same_questions()
    {
        var table = Open();
        Play(table, Game(0), Game(1));
        var asked = Requests(2);
        Answer(asked[0], "bet");
        var second = Requests(1)[0];
        Restart(ref table);
        Play(table, Game(0), Game(1));
        var again = Requests(2).Select(r => r.Request.Id);
        again.ShouldBe([asked[1].Request.Id, second.Request.Id], ignoreOrder: true);
    }

    [Fact]
    public void A_game_that_ended_before_a_restart_is_told_again_and_one_in_the_ledger_is_not()
    {
        var table = Open();
        Play(table, Game(0), Game(1));
        AnswerAll("bet", "fold");
        Fold(Arena, 2);
        Restart(ref table, unfinished: [1]);
        Arena.ExpectMsg<GamesOver>().Games.ShouldHaveSingleItem().Number.ShouldBe(1);
        Play(table, Game(1)); // as if the arena had not heard
        Arena.ExpectMsg<GamesOver>().Games.ShouldHaveSingleItem().Number.ShouldBe(1);
        Arena.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Games_that_ended_are_told_again_in_the_order_they_ended()
    {
        var table = Open();
        Play(table, [.. Enumerable.Range(0, 6).Select(n => Game(n))]);
        var asked = Requests(6);
        foreach (var i in (int[])[4, 1, 5, 0]) // 2 and 3 go on
        {
            Answer(asked[i], "bet");
            Answer(Requests(1)[0], "fold");
            Fold(Arena, 1);
        }
        Restart(ref table, unfinished: [0, 1, 2, 3, 5]);
        Arena.ExpectMsg<GamesOver>().Games.Select(g => g.Number).ShouldBe([1, 5, 0]);
    }

    [Fact]
    public void Games_come_back_from_a_snapshot_and_the_rows_after_it()
    {
        var table = Open();
        var over = new List<GameOver>();
        Play(table, Game(100)); // stays open over several snapshots
        var open = Requests(1)[0];
        for (var n = 0; n < 10; n++)
        {
            Play(table, Game(n));
            AnswerAll("bet", "fold");
            over.AddRange(Fold(Arena, 1));
        }
        Restart(ref table, unfinished: [100, 9]);
        Play(table, Game(100));
        Arena
            .ExpectMsg<GamesOver>()
            .Games.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                g => g.Number.ShouldBe(9),
                g => g.Rows.ShouldBe(over[9].Rows),
                g => g.Events.Length.ShouldBe(4)
            );
        Requests(1)[0].Request.Id.ShouldBe(open.Request.Id);
        AnswerAll(first: (open, "bet"), "fold");
        Fold(Arena, 1)[0].Rows.First.ShouldBe(1);
    }

    [Fact]
    public void A_turn_that_waits_beyond_its_deadline_aborts_its_game_and_theModel_is_told()
    {
        var table = Open();
        Play(table, Game(0), Game(1));
        var asked = Requests(2);
        Time.Advance(TimeSpan.FromSeconds(6));
        Answer(asked[1], "bet");
        var newer = Requests(1)[0];
        Time.Advance(TimeSpan.FromSeconds(5));
        Clock.Advance(TimeSpan.FromSeconds(2));
        var over = Arena.ExpectMsg<GamesOver>().Games.ShouldHaveSingleItem();
        (over.Number, over.Outcome).ShouldBe((0, null));
        over.Error!.ShouldContain("turn-deadline");
        Model.ExpectMsg<CancelGeneration>().Ids.ShouldBe([asked[0].Request.Id]);
        Answer(asked[0], "bet"); // late: no event
        Answer(newer, "fold");
        Fold(Arena, 1)[0].Number.ShouldBe(1);
    }

    [Fact]
    public void A_request_that_can_never_be_answered_fails_its_own_game_alone()
    {
        var table = Open();
        Play(table, Game(0), Game(1));
        var asked = Requests(2);
        Model.Send(Model.LastSender, new GenerateFailed(asked[1].Request.Id, "too long"));
        var over = Fold(Arena, 1)[0];
        (over.Number, over.Error).ShouldBe((1, "model: too long"));
        Answer(asked[0], "bet");
        Answer(Requests(1)[0], "fold");
        Fold(Arena, 1)[0].Number.ShouldBe(0);
    }

    [Fact]
    public void A_write_that_fails_is_told_and_the_game_is_not_over()
    {
        var table = Open();
        Watch(table);
        Journal.FailNext();
        Play(table, Game(0));
        Arena.ExpectMsg<JournalFailed>().Error.ShouldContain("the disk is full");
    }

    [Fact]
    public void Waits_are_told_with_their_game_and_deadline()
    {
        var table = Open();
        Play(table, Game(3));
        Requests(1);
        table.Tell(new ReportWaits(), Arena);
        var wait = Arena.ExpectMsg<Waits>().All.ShouldHaveSingleItem();
        (wait.Owner, wait.Deadline).ShouldBe(("game-3", wait.Since + TimeSpan.FromSeconds(10)));
        wait.For.ShouldContain("student");
    }
}

/// <summary>A table whose events wait for company.</summary>
public sealed class GroupCommitTests() : TableTestKit("10ms")
{
    [Fact]
    public void What_happened_is_written_when_it_has_waited_long_enough()
    {
        var table = Open();
        Play(table, Game(0), Game(1));
        var asked = Requests(2);
        Answer(asked[0], "bet");
        Answer(Requests(1)[0], "fold");
        Arena.ExpectNoMsg(TimeSpan.FromMilliseconds(100)); // game 0 is over, but the other is being played
        Journal.Written.ShouldBeEmpty();
        Clock.Advance(TimeSpan.FromMilliseconds(10));
        Fold(Arena, 1)[0].Rows.ShouldBe(new RowSpan(0, 1, 1));
        Journal.Written.Count.ShouldBe(1);
    }

    [Fact]
    public void The_last_game_waits_for_nobody()
    {
        var table = Open();
        Play(table, Game(0), Game(1));
        AnswerAll("bet", "fold");
        Fold(Arena, 2).ShouldAllBe(g => g.Rows == new RowSpan(0, 1, 1));
    }

    [Fact]
    public void A_table_that_is_closed_writes_down_what_it_has_gathered()
    {
        var table = Open();
        Play(table, Game(0));
        Answer(Requests(1)[0], "bet");
        Requests(1);
        table.Tell(new CloseTable(), Arena);
        Arena.ExpectMsg<TableClosed>();
        Journal.Written.Count.ShouldBe(1);
        Restart(ref table, 0);
        Play(table, Game(0));
        Requests(1)[0].Request.Legal.ShouldContain(l => l.Trim() == "fold"); // the bet was not lost
    }
}
