// Questions by label and source: R-Zero, TTCS, SvS and plain data sets as one game.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Games.Questions;

namespace AgentArena.Core.Tests.Games;

public class ProposedQuestionsTests
{
    private static readonly string Data = Path.Combine(
        Path.GetDirectoryName(Here())!,
        "..",
        "..",
        "..",
        "data",
        "math"
    );

    [Theory]
    [InlineData("gsm8k-100.jsonl", "question", "answer", "18")]
    [InlineData("math500-100.jsonl", "problem", "answer", null)]
    [InlineData("svamp-100.jsonl", "Body,Question", "Answer", "145.0")]
    public void Published_problems_are_read_and_their_answers_count(
        string file,
        string question,
        string answer,
        string? first
    )
    {
        var game = Open(
            "word-problem",
            new JsonObject
            {
                ["file"] = Path.Combine(Data, file),
                ["question-field"] = question,
                ["answer-field"] = answer,
                ["solvers"] = 2,
            }
        );
        var seen = new HashSet<string>();
        var suggested = new HashSet<string>();
        for (ulong seed = 0; seed < 2000; seed++)
        {
            var turn = game.Turns(game.Start(new GameSetup(seed)))[0];
            seen.Add(turn.Observation[1].Text);
            suggested.Add(turn.Suggestions[0]);
            if (seed >= 30)
                continue;
            var outcome = Play(game, seed, turn.Suggestions[0], "no idea");
            outcome.Payoffs.ShouldBe([1, 0]);
            (outcome.Measures["solved"], outcome.Measures["formed"], outcome.Measures["label-right"]).ShouldBe(
                (0.5, 1, 1)
            );
        }
        seen.Count.ShouldBe(100);
        if (first is not null)
            suggested.ShouldContain(first);
    }

    [Fact]
    public void A_file_that_is_not_there_or_lacks_a_field_is_named()
    {
        Should
            .Throw<ScenarioException>(() => Open("word-problem", new JsonObject { ["file"] = "/nowhere.jsonl" }))
            .Message.ShouldContain("/nowhere.jsonl");
        var wrong = Should
            .Throw<ScenarioException>(() =>
                Open("word-problem", new JsonObject { ["file"] = Path.Combine(Data, "svamp-100.jsonl") })
            )
            .Message;
        wrong.ShouldContain("line 1");
        wrong.ShouldContain("Body");
        Should
            .Throw<ScenarioException>(() => Open("questions", """{ "source": "solution" }"""))
            .Message.ShouldContain("originals");
        Should
            .Throw<ScenarioException>(() => Open("questions", """{ "source": "none", "label": "preserved" }"""))
            .Message.ShouldContain("preserved");
    }

    [Fact]
    public void The_majority_labels_what_nobody_knows()
    {
        var game = Open("questions", """{ "source": "none", "solvers": 5 }""");
        var outcome = Play(
            game,
            1,
            "<question>What is six times nine?</question>",
            "54",
            "42",
            @"\boxed{54}",
            "54.0",
            null
        );
        outcome.Payoffs[1..].ShouldBe([1, 0, 1, 1, 0]);
        (outcome.Measures["solved"], outcome.Measures["agreed"], outcome.Measures["formed"]).ShouldBe((0.6, 0.6, 0.8));
        outcome.Payoffs[0].ShouldBe(4 * 0.6 * 0.4, 1e-12);
        JsonNode
            .Parse(outcome.Product!)!
            .ToJsonString()
            .ShouldBe("""{"question":"What is six times nine?","answer":"54"}""");
        // Too easy, too hard, and nobody at all: nothing is kept.
        Play(game, 1, "<question>?</question>", "1", "1", "1", "1", "1").Product.ShouldBeNull();
        Play(game, 1, "<question>?</question>", "1", "2", "3", "4", "5").Product.ShouldBeNull();
        var silent = Play(game, 1, "<question>?</question>", null, null, null, null, null);
        (silent.Measures["solved"], silent.Measures["agreed"], silent.Product).ShouldBe((0, 0, null));
    }

    [Fact]
    public void A_proposer_without_a_question_ends_the_game()
    {
        var game = Open("questions", """{ "source": "none", "solvers": 2 }""");
        var outcome = Play(game, 1, [null]);
        outcome.Payoffs.ShouldBe([-1, 0, 0]);
        outcome.Measures["valid"].ShouldBe(0);
        var start = game.Start(new GameSetup(1));
        foreach (
            var bad in new[]
            {
                "What?",
                "<question></question>",
                "<question>open",
                $"<question>{new string('x', 5000)}</question>",
            }
        )
            game.Check(start, game.Turns(start)[0], new Move(bad)).ShouldNotBeNull();
    }

    [Fact]
    public void A_stated_answer_is_gold()
    {
        var game = Open("questions", """{ "source": "none", "label": "gold", "solvers": 4, "high": 1 }""");
        var outcome = Play(game, 1, "<question>6 x 9?</question> so <result>54</result>", "54", "42", "42", "42");
        outcome.Payoffs[1..].ShouldBe([1, 0, 0, 0]);
        (outcome.Measures["solved"], outcome.Measures["agreed"]).ShouldBe((0.25, 0.75));
        var start = game.Start(new GameSetup(1));
        game.Check(start, game.Turns(start)[0], new Move("<question>6 x 9?</question>"))!.ShouldContain("<result>");
    }

    [Fact]
    public void Variants_are_made_of_right_solutions_of_hard_problems_and_keep_the_answer()
    {
        const string options =
            """{ "source": "solution", "originals": 4, "solvers": 4, "label": "preserved", "low": 0.125, "high": 0.625, "problems": [{ "question": "2 + 2?", "answer": "4" }] }""";
        var game = Open("questions", options);
        var state = game.Apply(null, new GameStarted("questions", new GameSetup(1), []));
        foreach (var (seat, answer) in new[] { (1, "5"), (2, "It is two twos: 4"), (3, "3"), (4, "6") })
            state = game.Apply(state, new MoveMade(seat, seat, answer));
        var turn = game.Turns(state).ShouldHaveSingleItem();
        turn.Observation[1].Text.ShouldBe("It is two twos: 4");
        Tables.View(turn).ShouldNotContain("2 + 2?");
        state = game.Apply(state, new MoveMade(0, 0, "<question>Which number is twice two?</question>"));
        foreach (var (seat, answer) in new[] { (5, "4"), (6, "5"), (7, "5"), (8, "5") })
            state = game.Apply(state, new MoveMade(seat, seat, answer));
        var outcome = game.Outcome(state)!;
        outcome.Payoffs.ShouldBe([0.75, 0, 1, 0, 0, 1, 0, 0, 0]);
        (outcome.Measures["original-solved"], outcome.Measures["solved"]).ShouldBe(
            (0.25, 0.25),
            "the label is the original's answer, not the majority"
        );
        outcome.Product.ShouldBe("""{"question":"Which number is twice two?","answer":"4"}""");

        // All right, or none: there is nothing to make a variant of, and nobody is paid for it.
        foreach (var (answer, solved) in new[] { ("4", 1.0), ("5", 0.0) })
        {
            state = game.Apply(null, new GameStarted("questions", new GameSetup(1), []));
            for (var seat = 1; seat <= 4; seat++)
                state = game.Apply(state, new MoveMade(seat, seat, answer));
            outcome = game.Outcome(state)!;
            outcome.Measures["original-solved"].ShouldBe(solved);
            outcome.Measures.ShouldNotContainKey("valid");
            outcome.Payoffs[0].ShouldBe(0);
        }
    }

    [Fact]
    public void Dealt_questions_are_solved_against_their_label()
    {
        var game = Open("word-problem", """{ "solvers": 2 }""");
        var setup = new GameSetup(1, TaskJson.Deal(["""{"question":"Which number is twice two?","answer":"4"}"""]));
        var state = game.Apply(null, new GameStarted("word-problem", setup, []));
        game.Turns(state)[0].Observation[1].Text.ShouldBe("Which number is twice two?");
        state = game.Apply(game.Apply(state, new MoveMade(0, 0, "4")), new MoveMade(1, 1, "5"));
        game.Outcome(state)!.Payoffs.ShouldBe([1, 0]);
    }

    [Fact]
    public void Near_copies_are_recognised()
    {
        const string source =
            "A box holds 12 eggs. Ana buys 3 boxes and breaks 4 eggs on the way home. How many whole eggs does she have?";
        NearCopy.Novelty(source, source).ShouldBe(0);
        NearCopy.Novelty(source, source.Replace("Ana", "Eva")).ShouldBeLessThan(0.1);
        NearCopy
            .Novelty(source, "Prove that the square root of two is irrational, using only facts about even numbers.")
            .ShouldBe(1);
        NearCopy.Ratio("abcd", "bcde").ShouldBe(0.75);
        NearCopy.Jaccard("one two three", "Two, three, four!").ShouldBe(0.5);
        NearCopy.Skeleton("If 3.5*x + 12 = 40, x is?").ShouldBe("#*+#=#");
        // The same sums in wholly other words: the skeleton gives it away, and one number alone does not.
        NearCopy
            .Novelty(
                "(12 * 3) - 4 = eggs left over in the kitchen of the old house",
                "What remains when Tom counts (15 * 6) - 9 = ?"
            )
            .ShouldBe(0);
        NearCopy.Novelty("Take 12 of them.", "Give away only 15 pieces today, please, dear friends.").ShouldBe(1);
    }

    [Fact]
    public void TTCS_pays_the_bell_times_novelty_less_the_cluster_share()
    {
        var game = Open(
            "questions",
            """{ "solvers": 4, "problems": [{ "question": "What is the sum of all even numbers from two to twenty?", "answer": "110" }] }"""
        );
        var reward = Standard.Catalog.Rewards.Create(
            new Plugin(
                "diversity",
                JsonNode
                    .Parse(
                        """{ "min": 0, "from": { "name": "difficulty", "form": "bell", "measure": "agreed", "novelty": "novelty" } }"""
                    )!
                    .AsObject()
            )
        );
        var references = TaskJson.Deal(
            Enumerable
                .Range(0, 3)
                .Select(i =>
                    $$"""{"question":"{{new[] { "How long is a day on the planet Mars in minutes?", "Which prime follows after ninety seven?", "Name the area of a disc with radius five." }[i]}}"}"""
                )
        );
        double Paid(string question)
        {
            var (setup, log) = (new GameSetup(1, references), new List<GameEvent>());
            log.Add(new GameStarted("questions", setup, ["p", "s", "s", "s", "s"]));
            log.Add(new MoveMade(0, 0, $"<question>{question}</question>"));
            foreach (var (seat, answer) in new[] { (1, "1"), (2, "1"), (3, "2"), (4, "3") })
                log.Add(new MoveMade(seat, seat, answer));
            GameState? state = null;
            foreach (var e in log)
                state = game.Apply(state, e);
            log.Add(new GameEnded(game.Outcome(state!)!));
            return reward.Score(new Episode(1, game, [.. log]))[0];
        }
        Paid("A farmer sells seven goats and buys three cows; what did he pay?").ShouldBe(1 - 0.25, 1e-9);
        Paid("What is the sum of all even numbers from two to thirty?")
            .ShouldBe(0, "a near copy is worth less than its share of the four texts");
    }

    private static Game Open(string name, string options) => Open(name, JsonNode.Parse(options)!.AsObject());

    private static Game Open(string name, JsonObject options) =>
        Standard.Catalog.Games.Create(new Plugin(name, options));

    // Answers by seat; null where a seat fails to give one.
    private static Outcome Play(Game game, ulong seed, params string?[] answers)
    {
        var state = game.Apply(null, new GameStarted(game.Facts.Name, new GameSetup(seed), []));
        for (var seat = 0; seat < answers.Length; seat++)
            state = game.Apply(
                state,
                answers[seat] is { } answer ? new MoveMade(seat, seat, answer) : new SeatForfeited(seat, seat, "babble")
            );
        return game.Outcome(state)!;
    }

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
