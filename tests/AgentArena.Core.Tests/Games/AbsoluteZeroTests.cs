// Absolute Zero: the reward table, the flow with answers that are wrong, unreadable or missing, what is kept, and what
// no solver may see.
using AgentArena.Core.Play;
using AgentArena.Games.Python;

namespace AgentArena.Core.Tests.Games;

public class AbsoluteZeroTests
{
    private const string Doubling = "```python\ndef f(x):\n    return x * 2\n```\n```input\n21\n```";

    private static Game Zero(string options = """{"type":"deduction","solvers":8}""") =>
        Tables.Open("absolute-zero " + options);

    private static GameState Move(Game game, GameState state, string move, int at = 0)
    {
        var turn = game.Turns(state)[at];
        game.Check(state, turn, new(move)).ShouldBeNull(move);
        return game.Play(state, turn, new(move));
    }

    private static GameState Miss(Game game, GameState state) =>
        game.Apply(state, new SeatForfeited(game.Turns(state)[0].Id, game.Turns(state)[0].Seat, "no answer"));

    private static string Reply(params ProgramMark[] marks) => TaskJson.Write(new ProgramReply { Marks = [.. marks] });

    private static GameState Validated(Game game)
    {
        var state = Move(game, game.Start(new(1)), Doubling);
        return Move(game, state, """{"outputs":["42"]}""");
    }

    // The table of the released reward manager, n = 8.
    [Theory]
    [InlineData(0, -0.5)]
    [InlineData(1, 0.875)]
    [InlineData(4, 0.5)]
    [InlineData(7, 0.125)]
    [InlineData(8, -0.5)]
    public void A_valid_task_pays_its_proposer_by_how_many_failed(int right, double proposer)
    {
        var game = Zero();
        var state = Validated(game);
        for (var i = 0; i < 8; i++)
            state = Move(game, state, $"```output\n{(i < right ? "42" : "41")}\n```");
        state = Move(
            game,
            state,
            Reply([.. Enumerable.Range(0, 8).Select(i => new ProgramMark(i < right ? 1 : 0, true))])
        );
        var outcome = game.Outcome(state)!;
        outcome.Payoffs.ShouldBe([proposer, 0, .. Enumerable.Range(0, 8).Select(i => i < right ? 1.0 : -0.5)]);
        outcome.Measures["solved"].ShouldBe(right / 8.0);
        (
            outcome.Measures["valid"],
            outcome.Measures["type"],
            outcome.Measures["correct/2"],
            outcome.Measures["formed"]
        ).ShouldBe((1, 0, right > 0 ? 1 : 0, 1));
        TaskJson.Read<ProgramTask>(outcome.Product)!.Outputs.ShouldBe(["42"]);
    }

    [Fact]
    public void What_is_not_valid_costs_its_proposer_alone()
    {
        var game = Zero();
        var refused = game.Outcome(
            Move(game, Move(game, game.Start(new(1)), Doubling), """{"fault":"It raised ValueError."}""")
        )!;
        refused.Payoffs.ShouldBe([-1, .. new double[9]]);
        refused.Measures.ShouldBe(
            new Dictionary<string, double>
            {
                ["proposed"] = 1,
                ["type"] = 0,
                ["valid"] = 0,
            }
        );
        refused.Product.ShouldBeNull();
        refused.Note.ShouldBe("deduction: not valid: It raised ValueError.");
        var silent = game.Outcome(Miss(game, game.Start(new(1))))!;
        (silent.Kind, silent.Payoffs[0], silent.Measures["proposed"]).ShouldBe((OutcomeKind.Finished, -1, 0));
        game.Check(game.Start(new(1)), game.Turns(game.Start(new(1)))[0], new("def f(x): return x"))
            .ShouldBe("No program was found. Give it as lines between ```python and ```.");
    }

    [Fact]
    public void A_solver_without_an_answer_or_with_one_that_cannot_be_judged_pays_and_the_others_play_on()
    {
        var game = Zero("""{"type":"deduction","solvers":3}""");
        var state = Miss(game, Validated(game));
        state = Move(game, state, "```output\n42\n```");
        state = Move(game, state, "```output\none\n```");
        TaskJson.Read<ProgramRequest>(game.Turns(state)[0].Observation[0].Text)!.Answers.ShouldBe(["42", "one"]);
        game.Check(state, game.Turns(state)[0], new(Reply(new ProgramMark(1, true))))
            .ShouldNotBeNull("two answers need two marks");
        var outcome = game.Outcome(Move(game, state, Reply(new(1, true), new(0, false, "no value"))))!;
        outcome.Payoffs.ShouldBe([2 / 3.0, 0, -1, 1, -1], 1e-12);
        outcome.Measures["formed"].ShouldBe(1 / 3.0, 1e-12);
        // Nobody answers: nothing is asked of the executor.
        var none = Miss(game, Miss(game, Miss(game, Validated(game))));
        game.Outcome(none)!.Payoffs.ShouldBe([-0.5, 0, -1, -1, -1]);
    }

    [Theory]
    [InlineData("share", 0.6, 1.0, 0.0, new[] { 1 - 1.6 / 3, 0, 0.6, 1, -0.5 })]
    [InlineData("all", 0.6, 1.0, 0.0, new[] { 2 / 3.0, 0, -0.5, 1, -0.5 })]
    [InlineData("any", 0.6, 1.0, 0.0, new[] { 1 / 3.0, 0, 1, 1, -0.5 })]
    [InlineData("share", 0.2, 0.2, 0.2, new[] { 0.8, 0, 0.2, 0.2, 0.2 })]
    public void Induction_may_be_partly_right(string score, double one, double two, double three, double[] payoffs)
    {
        var game = Zero($$"""{"type":"induction","solvers":3,"inputs":4,"induction":"{{score}}"}""");
        var state = Move(game, game.Start(new(1)), Inputs(4) + "```message\nsame again\n```");
        TaskJson
            .Read<ProgramRequest>(game.Turns(state)[0].Observation[0].Text)!
            .Program.ShouldBe("def f(a):\n    return a");
        state = Move(game, state, """{"outputs":["1","2","3","4"]}""");
        Tables.View(game.Turns(state)[0]).ShouldContain("```input\n2\n```");
        Tables.View(game.Turns(state)[0]).ShouldNotContain("```input\n3\n```");
        foreach (var _ in payoffs[2..])
            state = Move(game, state, "```python\ndef f(a): return a\n```");
        var request = TaskJson.Read<ProgramRequest>(game.Turns(state)[0].Observation[0].Text)!;
        (request.Program, string.Join(',', request.Inputs), request.Answers.Length).ShouldBe(("", "3,4", 3));
        game.Outcome(Move(game, state, Reply(new(one, true), new(two, true), new(three, true))))!
            .Payoffs.ShouldBe(payoffs, 1e-12);
        game.Check(game.Start(new(1)), game.Turns(game.Start(new(1)))[0], new(Inputs(3) + "```message\nm\n```"))!
            .ShouldStartWith("3 inputs were found; exactly 4 are asked for");
    }

    private static string Inputs(int count) =>
        string.Concat(Enumerable.Range(1, count).Select(i => $"```input\n{i}\n```\n"));

    [Fact]
    public void Dealt_tasks_are_shown_to_the_proposer_and_induced_from()
    {
        var made = TaskJson.Write(
            new ProgramTask(ProgramTaskType.Deduction, "def f(x):\n    return x * 2", ["21"], ["42"])
        );
        var setup = new GameSetup(1, TaskJson.Deal([made]));
        var deduction = Zero();
        Tables
            .View(deduction.Turns(deduction.Start(setup))[0])
            .ShouldContain(
                "Earlier tasks:\n```python\ndef f(x):\n    return x * 2\n```\n```input\n21\n```\n```output\n42\n```"
            );
        var induction = Zero("""{"type":"induction"}""");
        Tables.View(induction.Turns(induction.Start(setup))[0]).ShouldContain("return x * 2");
        Should
            .Throw<InvalidOperationException>(() => deduction.Start(new(1, "{}")))
            .Message.ShouldContain("absolute-zero: its task cannot be read");
        Should
            .Throw<InvalidOperationException>(() => deduction.Start(new(1, """{"references":[{"program":"x"}]}""")))
            .Message.ShouldContain("task-pool");
    }

    [Fact]
    public void A_dealt_task_can_be_solved_again_without_a_proposer()
    {
        var game = Zero("""{"type":"abduction","propose":"off","solvers":2}""");
        var made = TaskJson.Write(
            new ProgramTask(ProgramTaskType.Abduction, "def f(x):\n    return abs(x)", ["-3"], ["3"])
        );
        var state = game.Start(new GameSetup(1, TaskJson.Deal([made])));
        game.Turns(state).Select(t => t.Seat).ShouldBe([2, 3]);
        Tables.View(game.Turns(state)[0]).ShouldContain("```output\n3\n```");
        Tables.View(game.Turns(state)[0]).ShouldNotContain("-3", Case.Sensitive, "the input is what is asked for");
        state = Move(game, Move(game, state, "```input\n3\n```"), "```input\n4\n```");
        var outcome = game.Outcome(Move(game, state, Reply(new(1, true), new(0, true))))!;
        outcome.Payoffs.ShouldBe([0, 0, 1, -0.5]);
        outcome.Measures.ShouldNotContainKey("valid");
        outcome.Product.ShouldBeNull();
    }

    [Fact]
    public void A_failure_task_asks_for_the_class_of_the_exception()
    {
        var game = Zero("""{"type":"failure","solvers":3}""");
        var earlier = TaskJson.Write(
            new ProgramTask(ProgramTaskType.Failure, "def f(a):\n    return a[7]", ["[1]"], ["IndexError"])
        );
        var state = game.Start(new(1, TaskJson.Deal([earlier])));
        Tables.View(game.Turns(state)[0]).ShouldContain("```input\n[1]\n```\n```error\nIndexError\n```");
        state = Move(game, state, Doubling.Replace("21", "None", StringComparison.Ordinal));
        var asked = TaskJson.Read<ProgramRequest>(game.Turns(state)[0].Observation[0].Text)!;
        (asked.MayFail, asked.Check).ShouldBe((true, null));
        state = Move(game, state, """{"outputs":["TypeError"]}""");
        Tables.View(game.Turns(state)[0]).ShouldContain("```input\nNone\n```");
        Tables
            .View(game.Turns(state)[0])
            .ShouldNotContain("TypeError", Case.Sensitive, "the error is what is asked for");
        game.Check(state, game.Turns(state)[0], new("TypeError"))!.ShouldContain("```error");
        foreach (var answer in new[] { "TypeError", "NoError", "it fails, I think" })
            state = Move(game, state, $"```error\n{answer}\n```");
        var request = TaskJson.Read<ProgramRequest>(game.Turns(state)[0].Observation[0].Text)!;
        (request.Program, request.Check, string.Join(',', request.Outputs)).ShouldBe(
            ("", ProgramTaskType.Failure, "TypeError")
        );
        var outcome = game.Outcome(
            Move(
                game,
                state,
                Reply([
                    .. request
                        .Answers.Select(a => ProgramJudge.NameError("TypeError", a))
                        .Select(v => new ProgramMark(v.Share, v.WellFormed)),
                ])
            )
        )!;
        outcome.Payoffs.ShouldBe([2 / 3.0, 0, 1, -0.5, -1], 1e-12);
        outcome.Measures["type"].ShouldBe(3);
        outcome.Note.ShouldBe("failure: 1 of 3 solved it");
        TaskJson.Read<ProgramTask>(outcome.Product)!.Type.ShouldBe(ProgramTaskType.Failure);
    }

    [Theory]
    [InlineData("IndexError", "IndexError", true, true)]
    [InlineData("IndexError", " indexerror ", true, true)]
    [InlineData("IndexError", "IndexError: list index out of range", true, true)]
    [InlineData("IndexError", "KeyError", false, true)]
    [InlineData("IndexError", "NoError", false, true)]
    [InlineData("NoError", "no error", true, true)]
    [InlineData("NoError", "NoError", true, true)]
    [InlineData("IndexError", "IndexError or KeyError?", false, false)]
    [InlineData("IndexError", "IndexError\nKeyError", false, false)]
    [InlineData("IndexError", "", false, false)]
    [InlineData("IndexError", ":", false, false)]
    public void An_error_is_named_by_its_class_alone(string gold, string answer, bool right, bool formed)
    {
        var verdict = ProgramJudge.NameError(gold, answer);
        (verdict.Correct, verdict.WellFormed, verdict.Share).ShouldBe((right, formed, right ? 1 : 0));
    }

    [Fact]
    public void Failure_tasks_are_drawn_where_they_are_asked_for_alone()
    {
        var (off, on) = (Zero("{}"), Zero("""{"failures":"on"}"""));
        off.Turns(off.Start(new(1)))[0].Legal.ShouldBe(["type:deduction", "type:abduction", "type:induction"]);
        on.Turns(on.Start(new(1)))[0]
            .Legal.ShouldBe(["type:deduction", "type:abduction", "type:induction", "type:failure"]);
    }

    [Theory]
    [InlineData("all", true, true, true)]
    [InlineData("non-one", true, true, false)]
    [InlineData("non-extremes", false, true, false)]
    public void What_is_kept_can_depend_on_how_many_solved_it(string keep, bool none, bool half, bool all)
    {
        var game = Zero($$"""{"type":"deduction","solvers":2,"keep":"{{keep}}"}""");
        bool After(int one, int two)
        {
            var state = Validated(game);
            for (var i = 0; i < 2; i++)
                state = Move(game, state, "```output\n42\n```");
            return game.Outcome(Move(game, state, Reply(new(one, true), new(two, true))))!.Product is not null;
        }
        (After(0, 0), After(1, 0), After(1, 1)).ShouldBe((none, half, all));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"outputs":[]}""")]
    [InlineData("""{"outputs":["1","2"]}""")]
    [InlineData("""{"outputs":[null]}""")]
    [InlineData("""{"outputs":null}""")]
    [InlineData("""{"outputs":["1"],"fault":"x"}""")]
    [InlineData("""{"outputs":["1"],"marks":[{"share":1,"formed":true}]}""")]
    [InlineData("""{"marks":[null]}""")]
    [InlineData("\ud800")]
    public void Only_an_executors_reply_passes_for_one(string reply)
    {
        var game = Zero();
        var state = Move(game, game.Start(new(1)), Doubling);
        game.Check(state, game.Turns(state)[0], new(reply))
            .ShouldBe("This is no executor's reply to the request. Seat tool python here.");
    }
}
