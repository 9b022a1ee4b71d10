// Active-Zero in text form: the released rewards by hand, what ends a game early, who sees the document, what is
// compared and what is kept.
using AgentArena.Core.Play;
using AgentArena.Games.Documents;

namespace AgentArena.Core.Tests.Games;

public class ActiveZeroTests
{
    private const string Search = "<type>person</type><query>who</query>",
        Find = "person-1: Mira was taught by Bo.\nperson-2: Bo lives in Ur.";

    private const string Ask =
        "<think>She had a teacher.</think><type>person</type><question>Who taught Mira?</question><answer>Bo</answer>";

    private static Game Zero(string options = """{"solvers":4}""") => Tables.Open("active-zero " + options);

    /// <summary>Plays moves in the order in which turns open; <c>!</c> is a seat without an answer.</summary>
    private static GameState Play(Game game, string? task, params string[] moves)
    {
        var state = game.Start(new GameSetup(1, task));
        foreach (var move in moves)
        {
            var turn = game.Turns(state)[0];
            if (move != "!")
                game.Check(state, turn, new(move)).ShouldBeNull(move);
            state =
                move == "!"
                    ? game.Apply(state, new SeatForfeited(turn.Id, turn.Seat, "babble"))
                    : game.Play(state, turn, new(move));
        }
        return state;
    }

    private static Outcome End(Game game, string? task, params string[] moves)
    {
        var state = Play(game, task, moves);
        game.Turns(state).ShouldBeEmpty();
        return game.Outcome(state)!;
    }

    private static string Earlier(string category, string query, string document, string question) =>
        TaskJson.Write(new ActiveQuestion(question, "x", category, query, document, question));

    [Theory] // nothing was dealt: no text has company, so nothing is taken off. w = 0.9, f = 0.1
    [InlineData("Bo;Bo;Bo;Bo", 0.9 * 0 + 0.1, "1;1;1;1")]
    [InlineData("Bo;bo;BO;Ur", 0.9 * 0.25 + 0.1, "1;1;1;0.1")]
    [InlineData("Ur;Ur;Bo;Bo", 0.9 * 0.5 + 0.1, "1;1;0.1;0.1")] // of equal halves the first named counts, right or not
    [InlineData("Bo;Ur;Ka;!", 0.9 * 0.25 + 0.1, "1;0.1;0.1;0")]
    [InlineData("!;!;!;!", 0.1, "0;0;0;0")]
    public void Rewards_are_the_released_ones(string answers, double proposers, string solvers)
    {
        var outcome = End(Zero(), null, ["category:person", Search, Find, "document:1", Ask, .. answers.Split(';')]);
        outcome.Payoffs.ShouldBe(
            [
                proposers,
                proposers,
                .. solvers.Split(';').Select(r => double.Parse(r, System.Globalization.CultureInfo.InvariantCulture)),
                0,
            ],
            1e-12
        );
    }

    [Fact]
    public void Form_is_the_tags_in_their_order_and_worth_a_tenth()
    {
        string[] answers = ["Bo", "Bo", "Ur", "Ur"];
        string Tags(string text, string without) =>
            text.Replace($"<{without}>", "", StringComparison.Ordinal)
                .Replace($"</{without}>", "", StringComparison.Ordinal);
        End(
            Zero(),
            null,
            ["category:person", "the <query>who</query>", Find, "document:1", Tags(Ask, "think"), .. answers]
        )
            .Payoffs[..2]
            .ShouldBe([0.45, 0.45], 1e-12);
        End(
            Zero(),
            null,
            ["category:person", "<query>who</query><type>person</type>", Find, "document:1", "Well. " + Ask, .. answers]
        )
            .Payoffs[..2]
            .ShouldBe([0.45, 0.55], 1e-12);
        End(
            Zero("""{"solvers":4,"format-weight":0}"""),
            null,
            ["category:person", Search, Find, "document:1", Ask, .. answers]
        )
            .Payoffs.ShouldBe([0.5, 0.5, 1, 1, 0, 0, 0], 1e-12);
    }

    [Theory]
    [InlineData("category:person;!", -0.9, 0, "nothing was searched for")]
    [InlineData(
        "category:person;<type>person</type><query>who</query>;nothing found",
        -0.8,
        0,
        "nothing was found for 'who'"
    )]
    [InlineData("category:person;<type>person</type><query>who</query>;!", -0.8, 0, "nothing was found for 'who'")]
    [InlineData(
        "category:person;<type>person</type><query>who</query>;person-1: Mira;document:1;!",
        -0.8,
        -0.9,
        "nothing was asked about person-1"
    )]
    public void Without_a_query_a_find_or_a_question_the_game_ends(
        string moves,
        double searcher,
        double questioner,
        string note
    )
    {
        var outcome = End(Zero(), null, moves.Split(';'));
        outcome.Payoffs.ShouldBe([searcher, questioner, 0, 0, 0, 0, 0], 1e-12);
        (outcome.Note, outcome.Product).ShouldBe((note, null));
        outcome.Measures.Keys.ShouldNotContain("agreed");
    }

    [Fact]
    public void What_others_asked_before_costs_a_share()
    {
        var task = TaskJson.Deal([
            Earlier("person", "who", "Mira was taught by Bo.", "Who taught Mira?"),
            Earlier(
                "person",
                "where is it",
                "Somebody else built a house in the far north.",
                "Which town lies beyond the river and the hills?"
            ),
            Earlier("place", "who", "Mira was taught by Bo.", "Who taught Mira?"),
        ]);
        string[] moves = ["category:person", Search, Find, "document:1", Ask, "Bo", "Bo", "Ur", "Ur"];
        var outcome = End(Zero(), task, moves);
        // Of three queries and documents of persons two are alike; of four questions three.
        (
            outcome.Measures["query-share"],
            outcome.Measures["document-share"],
            outcome.Measures["question-share"]
        ).ShouldBe((2 / 3.0, 2 / 3.0, 0.75));
        outcome.Payoffs[..2].ShouldBe([0.55 - 4 / 3.0, 0.55 - 0.75], 1e-12);
        moves[3] = "document:2";
        End(Zero(), task, moves).Measures["document-share"].ShouldBe(1 / 3.0);
    }

    [Theory]
    [InlineData("Bo;Bo;Bo;Bo", null)] // 1 is above 0.8
    [InlineData("Bo;Bo;Bo;Ur", "Bo")]
    [InlineData("Ur;Ur;Ur;Bo", "Ur")] // the majority's answer, whatever the questioner thinks
    [InlineData("a1;b2;c3;d4", null)] // 0.25 is below 0.3
    public void What_divides_the_solvers_is_kept_with_the_majoritys_answer(string answers, string? label)
    {
        var outcome = End(Zero(), null, ["category:person", Search, Find, "document:1", Ask, .. answers.Split(';')]);
        var kept = TaskJson.Read<ActiveQuestion>(outcome.Product);
        kept?.Answer.ShouldBe(label);
        (kept is null).ShouldBe(label is null);
        if (kept is null)
            return;
        kept.ShouldBe(
            new ActiveQuestion(
                "Who taught Mira?",
                label!,
                "person",
                "who",
                "Mira was taught by Bo.",
                "Who taught Mira?"
            )
        );
        outcome.Measures["stated-right"].ShouldBe(label == "Bo" ? 1 : 0);
        // It is a problem like any other.
        var practice = Tables.Open("word-problem");
        Tables
            .View(practice.Turns(practice.Start(new(1, TaskJson.Deal([outcome.Product!]))))[0])
            .ShouldContain("Who taught Mira?");
    }

    [Fact]
    public void Solvers_see_the_document_only_where_the_book_is_open()
    {
        string[] moves = ["category:person", Search, Find, "document:1", Ask];
        foreach (var (options, open) in new[] { ("""{"solvers":4}""", false), ("""{"solvers":4,"open":"on"}""", true) })
        {
            var game = Zero(options);
            var state = Play(game, null, moves);
            game.Turns(state).Select(t => t.Seat).ShouldBe([2, 3, 4, 5]);
            foreach (var turn in game.Turns(state))
            {
                Tables.View(turn).ShouldContain("Who taught Mira?");
                Tables.View(turn).Contains("Mira was taught by Bo.", StringComparison.Ordinal).ShouldBe(open);
                Tables.View(turn).ShouldNotContain("She had a teacher");
            }
            var product = End(game, null, [.. moves, "Bo", "Bo", "Ur", "Ur"]).Product;
            TaskJson
                .Read<ActiveQuestion>(product)!
                .Question.ShouldBe(open ? "Mira was taught by Bo.\nWho taught Mira?" : "Who taught Mira?");
        }
    }

    [Fact]
    public void The_index_is_asked_for_five_and_chance_takes_one()
    {
        var game = Zero();
        var state = Play(game, null, "category:place", Search.Replace("who", "  far   off ", StringComparison.Ordinal));
        var asked = IndexRequest.Parse(game.Turns(state)[0].Observation[0].Text)!;
        (asked.Query, asked.Top, asked.Seed, game.Turns(state)[0].Seat).ShouldBe(("far   off", 5, "1", 6));
        var folder = Zero("""{"folder":"on","top":3,"categories":["history"]}""");
        var found = IndexRequest.Parse(
            folder.Turns(Play(folder, null, "category:history", Search))[0].Observation[0].Text
        )!;
        (found.Top, found.Seed, found.World).ShouldBe((3, null, null));
        var drawn = game.Turns(Play(game, null, "category:person", Search, Find))[0];
        drawn.Legal.ShouldBe(["document:1", "document:2"]);
        drawn.Probabilities.ShouldBe([0.5, 0.5]);
    }

    [Theory]
    [InlineData("searcher", "no tags at all")]
    [InlineData("searcher", "<query>   </query>")]
    [InlineData("searcher", "<query>two\nlines</query>")]
    [InlineData("questioner", "<question>Who?</question>")]
    [InlineData("questioner", "<question></question><answer>Bo</answer>")]
    public void What_lacks_its_tags_is_refused(string role, string reply)
    {
        var game = Zero();
        var state =
            role == "searcher"
                ? Play(game, null, "category:person")
                : Play(game, null, "category:person", Search, Find, "document:1");
        game.Turns(state)[0].Role.ShouldBe(role);
        game.Check(state, game.Turns(state)[0], new(reply))
            .ShouldNotBeNull()
            .ShouldContain("was found. Give it within");
    }

    [Theory]
    [InlineData("""{"solvers":0}""", "solvers")]
    [InlineData("""{"categories":[]}""", "categories")]
    [InlineData("""{"categories":["a","A"]}""", "categories")]
    [InlineData("""{"top":0}""", "top")]
    [InlineData("""{"format-weight":2}""", "format-weight")]
    [InlineData("""{"low":0.9}""", "low")]
    public void Options_out_of_range_are_named(string options, string name) =>
        Should.Throw<Core.Configuration.ScenarioException>(() => Zero(options)).Message.ShouldContain(name);
}
