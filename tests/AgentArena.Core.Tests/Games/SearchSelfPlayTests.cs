// Search self-play: each rule refuses what it should and nothing else, the judge fails closed, and everyone is paid as
// published.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Games.Bots;
using AgentArena.Games.Documents;
using AgentArena.Learning.Rewards;

namespace AgentArena.Core.Tests.Games;

public class SearchSelfPlayTests
{
    private const string Good = "Who is the teacher of the ruler of the old setting?";

    private static SearchDialogue Asked(string? question, params string[] queries) =>
        queries.Aggregate(SearchDialogue.Open, (i, q) => i.Asks(q).Finds("d-1: some text")).Closes(question);

    [Fact]
    public void A_question_that_keeps_every_rule_is_not_refused() =>
        QuestionRules.Refuse(Asked(Good, "one", "two"), "Mira", new()).ShouldBeNull();

    [Theory]
    [InlineData("missing", null)]
    [InlineData("missing", "   ")]
    [InlineData("short", "a b c d e")]
    [InlineData("few-words", "Who is the teacher of the ruler of it?")]
    [InlineData("holds-answer", "Who is the teacher of the ruler of the old mIRA?")]
    public void The_wording_is_held_to_its_rules(string rule, string? question) =>
        QuestionRules.Refuse(Asked(question, "one", "two"), "Mira", new()).ShouldBe(rule);

    [Fact]
    public void Lengths_are_counted_in_characters_and_the_bounds_are_allowed()
    {
        static string Long(int length) =>
            string.Join(' ', Enumerable.Repeat("word", length / 5)) + new string('x', length - (length / 5 * 5 - 1));
        QuestionRules.Refuse(Asked(Long(1_000), "one", "two"), "Mira", new()).ShouldBeNull();
        QuestionRules.Refuse(Asked(Long(1_001), "one", "two"), "Mira", new()).ShouldBe("long");
        QuestionRules.Refuse(Asked("1234567890", "one", "two"), "Mira", new() { LeastWords = 1 }).ShouldBeNull();
        QuestionRules.Refuse(Asked("123456789", "one", "two"), "Mira", new() { LeastWords = 1 }).ShouldBe("short");
        QuestionRules.Words("a  b c ").ShouldBe(3);
    }

    [Fact]
    public void Searches_are_held_to_their_rules()
    {
        QuestionRules.Refuse(Asked(Good), "Mira", new()).ShouldBe("no-documents");
        QuestionRules
            .Refuse(
                SearchDialogue.Open.Asks("a").Finds("nothing found").Asks("b").Finds("nothing found").Closes(Good),
                "Mira",
                new()
            )
            .ShouldBe("no-documents");
        QuestionRules.Refuse(Asked(Good, "one"), "Mira", new()).ShouldBe("few-searches");
        QuestionRules.Refuse(Asked(Good, "one", "ONE "), "Mira", new()).ShouldBe("repeated-search");
        QuestionRules.Refuse(Asked(Good, "one", "where is mira"), "Mira", new()).ShouldBeNull();
        QuestionRules
            .Refuse(Asked(Good, "one", "where is mira"), "Mira", new() { HideAnswer = true })
            .ShouldBe("searched-answer");
    }

    [Theory]
    [InlineData(ProposerPay.OneMinusAccuracy, 0, 1)]
    [InlineData(ProposerPay.OneMinusAccuracy, 2, 0.6)]
    [InlineData(ProposerPay.OneMinusAccuracy, 5, 0)]
    [InlineData(ProposerPay.IntermediateDifficulty, 0, 0)]
    [InlineData(ProposerPay.IntermediateDifficulty, 2, 0.96)]
    [InlineData(ProposerPay.IntermediateDifficulty, 5, 0)]
    [InlineData(ProposerPay.FormatOnly, 0, 1)]
    [InlineData(ProposerPay.FormatOnly, 5, 1)]
    public void The_proposer_is_paid_by_how_many_solvers_were_right(ProposerPay pay, int right, double expected)
    {
        var game = Make(new() { ["pay"] = AgentArena.Core.Configuration.OptionsBinder.Kebab(pay.ToString()) });
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var outcome = Play(game, new(seed), turn =>
                turn.Role == "solver" && turn.Seat - 2 >= right ? new("answer: no idea") : Teach(turn)
            );
            outcome.Payoffs.ShouldBe(
                [expected, 0, .. Enumerable.Range(0, 5).Select(i => i < right ? 1.0 : 0), 0],
                1e-12
            );
            (outcome.Measures["accepted"], outcome.Measures["sound"], outcome.Measures["accuracy"]).ShouldBe(
                (1, 1, right / 5.0)
            );
            outcome.Product.ShouldNotBeNull();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_refused_question_is_put_to_nobody_and_makes_nothing(double penalty)
    {
        var game = Make(new() { ["penalty"] = penalty });
        var outcome = Play(game, new(1), turn =>
            turn.Role == "proposer" ? new("question: why?") : throw new InvalidOperationException(turn.Role)
        );
        outcome.Payoffs.ShouldBe([penalty, 0, 0, 0, 0, 0, 0, 0]);
        (outcome.Measures["accepted"], outcome.Measures["refused-short"], outcome.Product).ShouldBe((0, 1, null));
        outcome.Measures.Keys.ShouldNotContain("right/2", "solvers who were not asked have nothing to be scored by");
    }

    [Fact]
    public void In_place_of_a_refused_question_one_of_the_pool_is_asked()
    {
        var game = Make([]);
        var product = Play(game, new(1), Teach).Product!;
        var outcome = Play(game, new(2, TaskJson.Deal([product])), turn =>
            turn.Role == "proposer" ? new("question: why?") : Teach(turn)
        );
        outcome.Payoffs.ShouldBe([0.0, 0, 1, 1, 1, 1, 1, 0]);
        outcome.Product.ShouldBeNull("what was dealt is not made again");
        Play(game, new(2, TaskJson.Deal([product])), Teach)
            .Product.ShouldNotBe(product, "an accepted question is asked itself");
        var questions = (SearchState)
            Standard.Catalog.Games.Create(new Plugin("search-questions")).Start(new(9, TaskJson.Deal([product])));
        questions.Posed.ToTask().ShouldBe(product);
    }

    [Fact]
    public void The_judge_sees_what_the_proposer_found_among_other_documents()
    {
        var game = Make(new() { ["noise"] = 4 });
        var (state, turn) = UntilJudge(game, 3);
        var found = ((SearchSelfPlayState)state).Proposer.Found.Distinct().ToArray();
        var shown = IndexRequest.Read(turn.Observation[2].Text).Select(d => d.Id).ToArray();
        shown.ShouldBeUnique();
        shown.Length.ShouldBe(found.Length + 4);
        found.ShouldBeSubsetOf(shown);
        turn.Observation[1].Text.ShouldBe(((SearchSelfPlayState)state).Proposer.Said);
        turn.Suggestions[0].ShouldBe(((SearchSelfPlayState)state).Seed.Answer);
    }

    [Theory]
    [InlineData("I do not know", false)]
    [InlineData("unknown", false)]
    [InlineData("", false)]
    [InlineData(" The {0}. ", true)]
    public void The_judges_word_decides(string said, bool accepted)
    {
        var game = Make([]);
        var (state, turn) = UntilJudge(game, 3);
        var answer = ((SearchSelfPlayState)state).Seed.Answer;
        var next =
            game.Read(turn, string.Format(System.Globalization.CultureInfo.InvariantCulture, said, answer)) is { } move
            && game.Check(state, turn, move) is null
                ? game.Play(state, turn, move)
                : Missed(game, state, turn);
        ((SearchSelfPlayState)next).Refusal.ShouldBe(accepted ? null : QuestionRules.Unanswerable);
        game.Turns(next).IsEmpty.ShouldBe(!accepted);
    }

    [Fact]
    public void A_judge_that_fails_refuses()
    {
        var game = Make([]);
        var (state, turn) = UntilJudge(game, 3);
        var next = (SearchSelfPlayState)Missed(game, state, turn);
        next.Refusal.ShouldBe(QuestionRules.Unanswerable);
        game.Outcome(next)!.Measures["refused-unanswerable"].ShouldBe(1);
    }

    [Fact]
    public void A_judge_that_fails_lets_a_question_pass_where_it_is_to_fail_open()
    {
        var game = Make(new System.Text.Json.Nodes.JsonObject { ["fail-open"] = "on" });
        var (state, turn) = UntilJudge(game, 3);
        var next = (SearchSelfPlayState)Missed(game, state, turn);
        next.Refusal.ShouldBeNull();
        next.Asked.ShouldNotBeNull();
    }

    [Fact]
    public void A_question_that_does_not_follow_from_the_documents_has_no_suggested_verdict_but_unknown()
    {
        var game = Make(
            new()
            {
                ["noise"] = 0,
                ["question"] = new JsonObject { ["least-searches"] = 1 },
                ["search"] = new JsonObject { ["top"] = 1 },
                ["least-hops"] = 3,
            }
        );
        var start = game.Start(new(1));
        var state = (SearchSelfPlayState)start;
        // Only the first thing on the way was looked up: two facts are missing.
        GameState at = start;
        at = game.Play(at, game.Turns(at)[0], new($"search: {state.Seed.Known!.Path[0].Name}"));
        at = game.Play(at, game.Turns(at)[0], Teach(game.Turns(at)[0]));
        at = game.Play(at, game.Turns(at)[0], new($"question: {state.Seed.Known.Text}"));
        game.Turns(at).ShouldHaveSingleItem().Suggestions.ShouldBe(["unknown"]);
    }

    [Theory]
    [InlineData(true, 0, 1)]
    [InlineData(true, 1, 1)]
    [InlineData(true, 10, 1)]
    [InlineData(true, 11, 0.25)]
    [InlineData(false, 11, 0)]
    public void More_than_ten_answers_in_a_reply_are_worth_a_quarter(bool right, int tags, double expected)
    {
        QuestionRules.Pay(right, tags).ShouldBe(expected);
        // The same through the reward, from a recorded game.
        var game = Standard.Catalog.Games.Create(new Plugin("search-questions"));
        var state = (SearchState)game.Start(new(1));
        var answer = right ? state.Posed.Answer : "nothing";
        var text =
            string.Concat(Enumerable.Repeat("<answer>x</answer>", Math.Max(0, tags - 1)))
            + (tags == 0 ? $"answer: {answer}" : $"<answer>{answer}</answer>");
        var turn = game.Turns(state)[0];
        var move = game.Read(turn, text)!.Value;
        var end = game.Outcome(game.Play(state, turn, move))!;
        var episode = new Episode(
            1,
            game,
            [
                new GameStarted("search-questions", new(1), ["a", "b"]),
                new MoveMade(0, 0, move.Text)
                {
                    Said = new()
                    {
                        Policy = "a",
                        Version = 0,
                        Text = text,
                    },
                },
                new GameEnded(end),
            ]
        );
        new AnswerTags().Score(episode).ShouldBe([expected, double.NaN]);
    }

    [Fact]
    public void No_question_could_be_accepted_is_said_before_the_game() =>
        Should
            .Throw<ArgumentException>(() => new SearchSelfPlay(new() { Search = new() { Searches = 1 } }))
            .Message.ShouldContain("least-searches");

    private static RandomStream Any = new(1);

    private static Move Teach(Turn turn) => new TeacherBot().Choose(turn, ref Any);

    private static GameState Missed(Game game, GameState state, Turn turn) =>
        game.Apply(state, new SeatForfeited(turn.Id, turn.Seat, "babble"));

    private static (GameState State, Turn Turn) UntilJudge(Game game, ulong seed)
    {
        var state = game.Start(new(seed));
        while (game.Turns(state) is [{ Role: not "judge" } turn, ..])
            state = game.Play(state, turn, Teach(turn));
        return (state, game.Turns(state).ShouldHaveSingleItem());
    }

    // Questions of this plain wording have 3 words a hop and one more.
    private static Game Make(JsonObject options)
    {
        options["question"] ??= new JsonObject { ["least-words"] = 4 };
        options["question"]!["least-words"] = 4;
        return Standard.Catalog.Games.Create(new Plugin("search-self-play", options));
    }

    private static Outcome Play(Game game, GameSetup setup, Func<Turn, Move> choose)
    {
        var state = game.Start(setup);
        while (game.Turns(state) is [var turn, ..])
            state = game.Play(state, turn, choose(turn));
        return game.Outcome(state)!;
    }
}
