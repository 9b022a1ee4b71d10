// Search questions: what is read as a move, who is answered when, what counts as right, useful and found.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Games.Bots;
using AgentArena.Games.Documents;

namespace AgentArena.Core.Tests.Games;

public class SearchQuestionsTests
{
    [Theory]
    [InlineData("search: mira", "search: mira")]
    [InlineData("  SEARCH:   mira\t tolu  \n", "search: mira tolu")]
    [InlineData("I think.\nsearch: a\nanswer: b", "answer: b")]
    [InlineData("answer: b\nsearch: a\nthat is all", "search: a")]
    [InlineData("<search>a</search>", "search: a")]
    [InlineData("<answer>first</answer> no, <answer>second</answer> done", "answer: second")]
    [InlineData("<search>q</search>\nanswer: b", "answer: b")]
    [InlineData("answer: b\n<search>q</search>", "search: q")]
    [InlineData("<think>search: x</think><answer>y", null)]
    [InlineData("answer:", null)]
    [InlineData("answer", null)]
    [InlineData("mira", null)]
    [InlineData("</answer><answer>", null)]
    public void The_last_well_formed_move_counts(string reply, string? move) =>
        SearchDialogue.Read(reply, "answer").ShouldBe(move);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_teacher_is_right_whatever_the_question_and_needs_a_search_a_hop(bool judged)
    {
        var game = Make(
            new()
            {
                ["searchers"] = 3,
                ["search"] = new JsonObject { ["judged"] = judged },
            }
        );
        for (ulong seed = 1; seed <= 30; seed++)
        {
            var outcome = Play(game, new(seed), turn => new TeacherBot().Choose(turn, ref Any));
            outcome.Payoffs.ShouldBe([1.0, 1, 1, 0]);
            outcome.Measures["right"].ShouldBe(1);
            outcome.Measures["searches/1"].ShouldBeLessThanOrEqualTo(outcome.Measures["hops"]);
            outcome.Measures["found/2"].ShouldBe(1);
            outcome.Measures.ContainsKey("judged/0").ShouldBe(judged);
            if (judged)
                outcome.Measures["judged/0"].ShouldBe(1);
        }
    }

    [Fact]
    public void Who_answers_at_once_is_wrong_save_by_luck_and_finds_nothing()
    {
        var game = Make([]);
        var outcome = Play(game, new(1), turn => new($"answer: {(turn.Observation[1].Text.Split(' ')[^1])}"));
        outcome.Payoffs.ShouldBe([0.0, 0]);
        outcome.Measures["found/0"].ShouldBe(0);
    }

    [Fact]
    public void The_index_is_asked_for_one_seat_at_a_time_in_the_order_they_came()
    {
        var game = Make(new() { ["searchers"] = 3 });
        var state = game.Start(new(4));
        foreach (var seat in (int[])[2, 0, 1])
        {
            state = game.Play(state, game.Turns(state).Single(t => t.Seat == seat), new($"search: from seat {seat}"));
            game.Turns(state).Count(t => t.Role == "index").ShouldBe(1);
        }
        foreach (var seat in (int[])[2, 0, 1])
        {
            var turn = game.Turns(state).Single(t => t.Role == "index");
            IndexRequest.Parse(turn.Observation[0].Text)!.Query.ShouldBe($"from seat {seat}");
            state = game.Play(state, turn, new($"x-{seat}: something"));
            game.Turns(state)
                .Single(t => t.Seat == seat)
                .Observation[2]
                .Text.ShouldBe($"search: from seat {seat}\nx-{seat}: something");
        }
    }

    [Fact]
    public void The_request_names_the_world_so_that_the_index_can_make_it_again()
    {
        var game = Make(new() { ["world"] = new JsonObject { ["people"] = 7 } });
        var state = (SearchState)game.Start(new(4));
        var next = game.Play(state, game.Turns(state)[0], new("search: \"quoted\" \0 – words"));
        var request = IndexRequest.Parse(game.Turns(next).Single().Observation[0].Text)!;
        request.Query.ShouldBe("\"quoted\" \0 – words");
        World
            .Create(ulong.Parse(request.Seed!, System.Globalization.CultureInfo.InvariantCulture), request.World!)
            .Documents.ShouldBe(state.Posed.World!.Documents);
    }

    [Fact]
    public void Held_out_worlds_are_a_tenth_and_never_dealt_in_training()
    {
        var (train, test) = (Make(new() { ["split"] = "train" }), Make(new() { ["split"] = "test" }));
        for (ulong seed = 0; seed < 300; seed++)
        {
            Posed.IsHeldOut(((SearchState)train.Start(new(seed))).Posed.Seed).ShouldBeFalse();
            Posed.IsHeldOut(((SearchState)test.Start(new(seed))).Posed.Seed).ShouldBeTrue();
        }
        Enumerable.Range(0, 10_000).Count(s => Posed.IsHeldOut((ulong)s)).ShouldBeInRange(850, 1150);
    }

    [Fact]
    public void A_task_is_played_as_it_is_and_without_a_world_asks_the_indexs_own_documents()
    {
        var game = Make([]);
        var posed = ((SearchState)game.Start(new(4))).Posed;
        var again = ((SearchState)game.Start(new(99, posed.ToTask()))).Posed;
        (again.Text, again.Answer, again.Seed, again.Known!.Hops).ShouldBe(
            (posed.Text, posed.Answer, posed.Seed, posed.Known!.Hops)
        );
        var state = game.Start(new(1, """{"question":"Who runs?","answer":"The Dog!"}"""));
        state = game.Play(state, game.Turns(state)[0], new("search: runs"));
        game.Turns(state)[0].Observation[0].Text.ShouldBe("""{"query":"runs","top":3,"snippet":0}""");
        state = game.Play(
            game.Play(state, game.Turns(state)[0], new("d: a dog runs")),
            game.Turns(game.Play(state, game.Turns(state)[0], new("d: a dog runs")))[0],
            new("answer: dog")
        );
        game.Outcome(state)!.Payoffs[0].ShouldBe(1, "articles, capitals and punctuation do not count");
        foreach (
            var bad in (string[])
                ["", "[]", "{}", """{"question":"a","answer":"b","world":"x"}""", """{"question":1,"answer":"b"}"""]
        )
            Should.Throw<InvalidOperationException>(() => game.Start(new(1, bad))).Message.ShouldContain("task");
    }

    [Fact]
    public void Searches_run_out_and_what_is_listed_cannot_be_left()
    {
        var game = Make(
            new()
            {
                ["search"] = new JsonObject { ["searches"] = 1, ["listed"] = true },
            }
        );
        var state = game.Start(new(1));
        var turn = game.Turns(state)[0];
        turn.Legal.Length.ShouldBe(64);
        state = game.Play(state, turn, new(turn.Legal[0]));
        state = game.Play(state, game.Turns(state)[0], new("nothing found"));
        game.Turns(state)[0].Legal.ShouldAllBe(move => move.StartsWith("answer: "));
        var free = Make(new() { ["search"] = new JsonObject { ["searches"] = 0 } });
        var start = free.Start(new(1));
        free.Check(start, free.Turns(start)[0], new("search: x"))!.ShouldContain("no searches left");
        free.Check(start, free.Turns(start)[0], new("answer: " + new string('x', 3000)))!.ShouldContain("brief");
    }

    [Fact]
    public void A_seat_that_says_nothing_well_formed_is_wrong_and_the_others_play_on()
    {
        var game = Make(new() { ["searchers"] = 2 });
        var started = game.Apply(null, new GameStarted(game.Facts.Name, new(1), ["a", "a", "index"]));
        var state = game.Apply(started, new SeatForfeited(game.Turns(started)[0].Id, 0, "babble"));
        game.Turns(state).ShouldHaveSingleItem().Seat.ShouldBe(1);
    }

    [Fact]
    public void A_find_is_of_use_only_the_first_time()
    {
        var game = Make(
            new()
            {
                ["least-hops"] = 2,
                ["most-hops"] = 2,
                ["search"] = new JsonObject { ["judged"] = true },
            }
        );
        var posed = ((SearchState)game.Start(new(1))).Posed;
        var (first, other) = (
            posed.Known!.Path[0].Id,
            posed.World!.Things.First(t => !posed.Known.Path.Contains(t)).Id
        );
        posed.IsUseful([new(first, "")], []).ShouldBeTrue();
        posed.IsUseful([new(first, "")], [first]).ShouldBeFalse();
        posed.IsUseful([new(other, "")], []).ShouldBeFalse();
        posed
            .IsUseful([new(posed.Known.Path[^1].Id, "")], [])
            .ShouldBeFalse("the answer's own document does not lead to the answer");
        var inquiry = SearchDialogue
            .Open.Asks("a")
            .Finds($"{first}: x")
            .Judges(true)
            .Asks("b")
            .Finds($"{first}: x")
            .Judges(true)
            .Asks("c")
            .Finds("nothing found")
            .Judges(false);
        SearchQuestions.Judged(posed, inquiry)!.Value.ShouldBe(2.0 / 3, 1e-12);
    }

    private static RandomStream Any = new(1);

    private static Game Make(JsonObject options) =>
        Standard.Catalog.Games.Create(new Plugin("search-questions", options));

    private static Outcome Play(Game game, GameSetup setup, Func<Turn, Move> choose)
    {
        var state = game.Start(setup);
        while (game.Turns(state) is [var turn, ..])
            state = game.Play(state, turn, choose(turn));
        return game.Outcome(state)!;
    }
}
