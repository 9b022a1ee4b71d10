// CoMAS: who earns what from a score, what is remembered and what never is, truth beside the talk, and games that
// outlive missing answers.
using System.Text.Json.Nodes;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Scenarios;
using AgentArena.Games.Questions;
using AgentArena.Learning;

namespace AgentArena.Core.Tests.Games;

public class ComasTests
{
    private const string Options = """{"solutions":3,"evaluations":1,"history":1}""";

    private static readonly Game Three = Tables.Open("comas " + Options);

    private static GameSetup Asking(string? answer) =>
        new(1, TaskJson.Deal([TaskJson.Write(new PosedQuestion("What is 3 * 4?") { Answer = answer })]));

    private static GameState Say(GameState state, int seat, string? text)
    {
        var turn = Three.Turns(state).Single(t => t.Seat == seat);
        if (text is null)
            return Three.Apply(state, new SeatForfeited(turn.Id, seat, "nothing"));
        Three.Check(state, turn, new(text)).ShouldBeNull();
        return Three.Play(state, turn, new(text));
    }

    private static GameState Whole(
        string? answer,
        params (string? Solution, string? Evaluation, string? Score)[] rounds
    )
    {
        var state = Three.Start(Asking(answer));
        for (var r = 0; r < rounds.Length; r++)
        {
            state = Say(state, r, rounds[r].Solution);
            if (rounds[r].Solution is null)
                continue;
            state = Say(state, 3 + r, rounds[r].Evaluation);
            if (rounds[r].Evaluation is not null)
                state = Say(state, 6 + r, rounds[r].Score);
        }
        return state;
    }

    [Fact]
    public void Solution_and_evaluation_share_what_the_scorer_says()
    {
        var outcome = Three.Outcome(Whole(null, ("12", "fine", "3"), ("13", "hm", "2"), ("14", "no", "1")))!;
        outcome.Payoffs.ShouldBe([1, 0.5, 0, 0, 0.5, 1, 0, 0, 0]);
        outcome.Measures["agreed"].ShouldBe(0.5);
        outcome.Measures.Count(m => m.Key.StartsWith("earned/", StringComparison.Ordinal)).ShouldBe(9);
        outcome.Measures.ShouldNotContainKey("correct");
        outcome.Note.ShouldBe("scores 3, 2, 1");
        new[] { 1, 2, 3 }.Select(Comas.SolutionPay).ShouldBe([0, 0.5, 1]);
    }

    [Fact]
    public void What_is_missing_costs_its_own_seat_and_nobody_can_say_what_depends_on_it()
    {
        var outcome = Three.Outcome(Whole(null, (null, null, null), ("13", null, null), ("14", "no", null)))!;
        var measures = outcome.Measures;
        outcome.Kind.ShouldBe(OutcomeKind.Finished);
        (measures["earned/0"], measures["earned/4"], measures["earned/8"]).ShouldBe((0, 0, -1));
        measures
            .Keys.Where(k => k.StartsWith("earned/", StringComparison.Ordinal))
            .ShouldBe(["earned/0", "earned/4", "earned/8"]);
        outcome.Payoffs[2].ShouldBe(0.5, "neutral where a score is missing");
    }

    [Fact]
    public void The_truth_is_measured_beside_the_talk_and_pays_nothing()
    {
        // Right and praised, right and condemned, wrong and praised.
        var measures = Three
            .Outcome(Whole("#### 12", ("It is 12", "fine", "3"), ("The answer is 12", "no", "1"), ("13", "fine", "3")))!
            .Measures;
        (measures["correct"], measures["precision"], measures["recall"]).ShouldBe((2 / 3.0, 0.5, 0.5));
        (measures["correct/0"], measures["correct/2"]).ShouldBe((1, 0));
        var none = Three.Outcome(Whole("12", ("1", "no", "1"), ("2", "no", "1"), ("3", "no", "1")))!.Measures;
        none.ShouldNotContainKey("precision");
        none.ShouldNotContainKey("recall");
    }

    [Fact]
    public void The_last_rounds_are_remembered_and_scores_never()
    {
        var state = Say(Say(Three.Start(Asking(null)), 0, "first try"), 3, "first fault");
        // The next solution does not wait for the score.
        Three.Turns(state).Select(t => t.Seat).ShouldBe([1, 6]);
        var open = Three.Turns(state)[0];
        Three.Turns(Say(state, 6, "1")).Single().Observation.ShouldBe(open.Observation);
        open.Observation[^1].Text.ShouldBe("solution 1: first try\nevaluation of 1: first fault");
        state = Say(Say(Say(state, 6, "1"), 1, "second try"), 4, "second fault");
        var third = Three.Turns(state)[0];
        third.Observation[^1].Text.ShouldBe("solution 2: second try\nevaluation of 2: second fault");
        Tables
            .View(Three.Turns(state)[1])
            .ShouldNotContain("first", Case.Sensitive, "a scorer sees one solution and one evaluation");
    }

    [Fact]
    public void Without_a_dealt_question_chance_asks_a_sum_whose_answer_is_known()
    {
        var state = Three.Start(new(1));
        foreach (var move in new[] { "7", "-", "12" })
            state = Three.Play(state, Three.Turns(state)[0], new(move));
        Tables.View(Three.Turns(state)[0]).ShouldContain("What is 7 - 12?");
        Three.Turns(state)[0].Suggestions[0].ShouldBe("The answer is -5");
    }

    [Fact]
    public void Seats_are_drawn_among_the_policies_of_their_role_alike()
    {
        var table = Table(
            """{ "solver": "ann", "solver-1": "ben", "solver-2": "cat", "evaluator": "ann", "evaluator-4": "ben", "scorer": "dan" }"""
        );
        var counts = new Dictionary<(string, string), int>();
        for (var number = 0; number < 3000; number++)
        {
            var stream = new RandomStream(RandomStream.Derive(1, "match", number));
            var seats = new DrawnSeats().Next(table, number, ref stream).Seats;
            for (var seat = 0; seat < 9; seat++)
                counts[(Three.Facts.Roles[seat], seats[seat])] =
                    counts.GetValueOrDefault((Three.Facts.Roles[seat], seats[seat])) + 1;
        }
        counts
            .Keys.Order()
            .ShouldBe([
                ("evaluator", "ann"),
                ("evaluator", "ben"),
                ("scorer", "dan"),
                ("solver", "ann"),
                ("solver", "ben"),
                ("solver", "cat"),
            ]);
        foreach (var agent in new[] { "ann", "ben", "cat" })
            counts[("solver", agent)].ShouldBeInRange(2800, 3200);
        counts[("evaluator", "ben")].ShouldBeInRange(4250, 4750);
        var mistakes = new Mistakes();
        new DrawnSeats().Check(table, "m", mistakes);
        mistakes.All.ShouldBeEmpty();
        new DrawnSeats().Check(Table("""{ "solver": "ann", "evaluator": "ben", "scorer": "dan" }"""), "m", mistakes);
        mistakes
            .All.ShouldHaveSingleItem()
            .ToString()
            .ShouldStartWith("m: draws seats, but every role has one policy.");
    }

    private static MatchContext Table(string seats)
    {
        var scenario = Scenario.Bind(
            (JsonObject)JsonNode.Parse($$"""{ "game": { "name": "comas" }, "seats": {{seats}} }""")!,
            "scenario",
            new Mistakes()
        );
        return new MatchContext(scenario, new Dictionary<string, Game> { ["comas"] = Three });
    }
}
