// Moves as people's models write them: what released harnesses take is taken, by every game, and nothing that could be
// two moves.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Tests.Games;

namespace AgentArena.Core.Tests.Roles;

public class MoveReadingTests
{
    public static TheoryData<string> Replies => Rows.Lines("moves/replies.jsonl");

    public static TheoryData<string> Playthroughs => Rows.Lines("openspiel/playthroughs.jsonl");

    public static TheoryData<string> Entries => [.. Tables.Entries];

    private static Role Player(string format) =>
        Standard.Catalog.Roles.Create(
            new Plugin("player", new JsonObject { ["format"] = format, ["constrained"] = "off" })
        );

    private static GameState After(Game game, string[] moves)
    {
        var state = game.Start(new(1));
        var stream = new RandomStream(1);
        game.Settle(ref state, ref stream);
        foreach (var move in moves)
        {
            state = game.Play(state, game.Turns(state)[0], new Move(move));
            game.Settle(ref state, ref stream);
        }
        return state;
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_reply_is_read_as_the_move_it_is(string line)
    {
        var row = JsonNode.Parse(line)!.AsObject();
        var game = Standard.Catalog.Games.Create(new Plugin(row["game"]!.ToString()));
        var state = After(game, row["moves"].Texts());
        var turn = game.Turns(state)[0];
        var reading = Player(row["format"]!.ToString()).Parse(game, turn, row["reply"]!.ToString());
        if (row["taken"] is { } taken)
            (reading.Move is { } words && game.Check(state, turn, words) is null).ShouldBe(taken.GetValue<bool>());
        else
            reading.Move?.Text.ShouldBe(row["move"]?.ToString(), reading.Fault);
        if (row["taken"] is null)
            (reading.Move is null).ShouldBe(row["move"] is null, reading.Fault ?? reading.Move?.Text);
    }

    [Theory]
    [MemberData(nameof(Playthroughs))]
    public void Rules_are_those_of_OpenSpiel(string line)
    {
        var row = JsonNode.Parse(line)!.AsObject();
        var game = Standard.Catalog.Games.Create(
            new Plugin(
                row["game"]!.ToString(),
                row["game"]!.ToString() == "leduc-poker" ? new JsonObject { ["suits"] = "distinct" } : []
            )
        );
        var state = game.Start(new(1));
        var moves = row["moves"].Texts();
        for (var i = 0; i <= moves.Length; i++)
        {
            var open = game.Turns(state);
            if (row["players"]![i] is { } player)
                open.ShouldHaveSingleItem().Seat.ShouldBe(player.GetValue<int>());
            var legal = row["legal"]![i].Texts();
            if (legal.Length > 0)
                open[0].Legal.Order().ShouldBe(legal.Order());
            if (i < moves.Length)
                state = game.Play(state, open[0], new Move(moves[i]));
        }
        game.Outcome(state)!.Payoffs.ShouldBe(row["returns"]!.AsArray().Select(r => r!.GetValue<double>()));
    }

    /// <summary>Dress that every listed move may wear, with the move in it as {0}.</summary>
    private static readonly string[] Dress =
    [
        "{0}",
        "[{0}]",
        "[ {0} ]",
        "({0})",
        "{{{0}}}",
        "\"{0}\"",
        "'{0}'",
        "“{0}”",
        "`{0}`",
        "**{0}**",
        "*{0}*",
        "__{0}__",
        "{0}.",
        "{0}!",
        "**{0}**.",
        "**{0}.**",
        @"\text{{{0}}}",
        @"\mathbf{{{0}}}",
        @"\text{{[{0}]}}",
        @"\text {{{0}}}",
        @"\boxed{{{0}}}",
        @"${0}$",
        @"\({0}\)",
        @"$\boxed{{\text{{{0}}}}}$",
        "Move: {0}",
        "**Move:** {0}",
        "My move: [{0}]",
        "Action: {0}",
        "Final Answer: {0}",
        "answer = {0}",
        "{{\"move\": \"{0}\"}}",
        "<move>{0}</move>",
        "{0}<|im_end|>",
        "{0}</s>",
        "{0}<end_of_turn>",
        "\u200b{0}\u200b",
        "\u00a0{0}\ufeff",
        "I will [{0}]",
        "[{0}]. I repeat: [{0}]",
    ];

    [Theory]
    [MemberData(nameof(Entries))]
    public void A_listed_move_is_itself_in_any_dress(string entry)
    {
        var game = Tables.Open(entry);
        for (ulong seed = 1; seed <= 2; seed++)
            Tables.Play(game, seed, (live, _) =>
            {
                foreach (var turn in game.Turns(live).Where(t => t.HasLegal && !t.IsChance))
                {
                    // Of a long list a few of all along it.
                    string[] some = [.. turn.Legal.Where((_, i) => i % (1 + turn.Legal.Length / 8) == 0)];
                    foreach (var move in some)
                    {
                        foreach (var dress in Dress)
                            game.Read(turn, string.Format(dress, move)).ShouldBe(new Move(move), dress);
                        if (!turn.Legal.Any(m => m != move && m.Equals(move, StringComparison.OrdinalIgnoreCase)))
                            game.Read(turn, Wide(move.ToUpperInvariant())).ShouldBe(new Move(move));
                        foreach (var other in some.Where(m => m != move).Take(2))
                        {
                            game.Read(turn, $"[{move}] or [{other}]").ShouldBeNull();
                            game.Read(turn, $"{move} or {other}").ShouldBeNull();
                        }
                    }
                }
            });

        static string Wide(string text) =>
            string.Concat(text.Select(c => c is > ' ' and <= '~' ? (char)(c + 0xFEE0) : c));
    }

    [Theory]
    [InlineData("leduc-poker", "call", "check")]
    [InlineData("leduc-poker", "[bet]", "raise")]
    [InlineData("rock-paper-scissors", "[r]", "rock")]
    [InlineData("connect-four", "[col 4]", "4")]
    [InlineData("connect-four", "Column: 4", "4")]
    [InlineData("tic-tac-toe", "cell 0", "0")]
    [InlineData("liars-dice", "[Bid: 1, 4]", "1x4")]
    [InlineData("liars-dice", "[bid 1 4]", "1x4")]
    [InlineData("liars-dice", "bid 1 x 4", "1x4")]
    [InlineData("liars-dice", "[Call]", "liar", "1x2")]
    [InlineData("liars-dice", "1 4", null)]
    [InlineData("liars-dice", "14", null)]
    [InlineData("leduc-poker", "check", null, "raise")]
    [InlineData("kuhn-poker", "bet?", null)]
    [InlineData("kuhn-poker", "check the pot", null)]
    [InlineData("kuhn-poker", "[bet] or [fold]", null)]
    [InlineData("kuhn-poker", """{"move": "bet", "answer": "check"}""", null)]
    public void Other_harnesses_spellings_are_taken_where_they_mean_one_move(
        string name,
        string answer,
        string? move,
        params string[] before
    )
    {
        var game = Standard.Catalog.Games.Create(new Plugin(name));
        game.Read(game.Turns(After(game, before))[0], answer)?.Text.ShouldBe(move);
        if (move is null)
            game.Read(game.Turns(After(game, before))[0], answer).ShouldBeNull();
    }

    [Theory]
    [InlineData("<think>a</think>b", "b")]
    [InlineData("a</think>b", "b")]
    [InlineData("<think>a", null)]
    [InlineData("b<think>a", null)]
    [InlineData("<THINK>a</THINK> b <think>c</think> d", " b  d")]
    [InlineData("<think>a<think>b</think>c</think>d", "d")]
    [InlineData("[THINK]a[/THINK]b", "b")]
    [InlineData("no thoughts < here", "no thoughts < here")]
    [InlineData("", "")]
    public void What_is_thought_is_not_spoken(string reply, string? spoken) => Thoughts.Without(reply).ShouldBe(spoken);

    [Fact]
    public void A_thought_within_an_answer_in_free_words_is_the_answers_own()
    {
        Thoughts.Without("<think>a</think>b <think>c</think> d", leading: true).ShouldBe("b <think>c</think> d");
        Thoughts
            .Without("a</think><answer><think>t</think>in</answer>", leading: true)
            .ShouldBe("<answer><think>t</think>in</answer>");
    }

    [Fact]
    public void A_negotiator_says_what_it_does_not_think()
    {
        var game = Standard.Catalog.Games.Create(new Plugin("simple-negotiation"));
        var turn = game.Turns(game.Start(new(1)))[0];
        game.Read(turn, "<think>[Offer: 9 Wood -> 1 Gold]?</think> What would you like?")
            .ShouldBe(new Move("What would you like?"));
        game.Read(turn, "<think>[Offer: 9 Wood -> 1 Gold]").ShouldBeNull();
    }

    [Theory]
    [InlineData("[Offer: 3 Wood or 2 Gold -> 1 Wood]")]
    [InlineData("[Offer: 3 Wood 2 -> 1 Wood]")]
    [InlineData("[Offer3 Wood -> 1 Gold]")]
    [InlineData("[Offer: -> 1 Gold]")]
    public void An_offer_that_could_mean_something_else_is_refused(string words)
    {
        var game = Standard.Catalog.Games.Create(new Plugin("simple-negotiation"));
        var state = game.Start(new(1));
        game.Check(state, game.Turns(state)[0], new Move(words)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("countdown", @"$(1+2)\times 3$", "(1+2)* 3")]
    [InlineData("countdown", @"\text{1 × 2}", "1 * 2")]
    [InlineData("countdown", "no idea", "no idea")]
    public void Expressions_are_undressed_as_well(string name, string answer, string move)
    {
        var game = Standard.Catalog.Games.Create(new Plugin(name, new JsonObject { ["chance"] = "1" }));
        game.Read(game.Turns(game.Start(new(1)))[0], answer).ShouldBe(new Move(move));
    }
}
