// What a player is shown, and how its reply is read: legal prints parse back, the last complete answer counts, nothing
// is guessed.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Roles;

namespace AgentArena.Core.Tests.Roles;

public class PlayerTests
{
    private static readonly Game Kuhn = Standard.Catalog.Games.Create(new Plugin("kuhn-poker"));

    private static Turn Facing(params string[] moves)
    {
        var state = Kuhn.Start(new(1));
        foreach (var move in moves)
            state = Kuhn.Play(state, Kuhn.Turns(state)[0], new Move(move));
        return Kuhn.Turns(state)[0];
    }

    private static Role Player(string json = "{}") =>
        Standard.Catalog.Roles.Create(new Plugin("player", JsonNode.Parse(json)!.AsObject()));

    [Fact]
    public void A_tiny_model_is_shown_a_line_or_three()
    {
        var player = Player("""{"show":["board","transcript"]}""");
        var turn = Facing("deal:K", "deal:Q", "check", "bet");
        player
            .Render(turn, first: true)
            .ShouldHaveSingleItem()
            .ShouldBe(new Message(Speaker.User, "board: K pot 3\ntranscript: check, bet\nmove:"));
        player.Render(Facing("deal:J", "deal:Q"), first: true)[0].Text.ShouldBe("board: J pot 2\ntranscript:\nmove:");
        player.Print(turn, new("call")).ShouldBe(" call");
    }

    [Fact]
    public void Messages_of_shared_turns_are_made_once()
    {
        var player = Player();
        var turn = Facing("deal:K", "deal:Q");
        player.Render(turn, true).ShouldBe(player.Render(Facing("deal:K", "deal:J"), true));
        ReferenceEquals(player.Render(turn, true)[0], player.Render(turn, true)[0]).ShouldBeTrue();
    }

    [Fact]
    public void A_player_who_remembers_is_told_the_rules_once()
    {
        var player = Player("""{"remember":"on"}""");
        player
            .Render(Facing("deal:K", "deal:Q"), first: true)
            .Select(m => m.Speaker)
            .ShouldBe([Speaker.System, Speaker.User]);
        player
            .Render(Facing("deal:K", "deal:Q", "check", "bet"), first: false)
            .ShouldHaveSingleItem()
            .Speaker.ShouldBe(Speaker.User);
        Player().Render(Facing("deal:K", "deal:Q", "check", "bet"), first: false).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("<answer>a</answer>", "a")]
    [InlineData("<answer>a</answer> or <answer>b</answer>", "b")]
    [InlineData("<answer>x <answer>b</answer>", "b")]
    [InlineData("<answer><think>t</think><answer>in</answer></answer>", "<think>t</think><answer>in</answer>")]
    [InlineData(
        "<answer>p <answer>q</answer> <answer>r</answer> s</answer>",
        "p <answer>q</answer> <answer>r</answer> s"
    )]
    [InlineData("</answer><answer>", null)]
    [InlineData("b</answer>", null)]
    public void The_pair_of_tags_that_closes_last_counts_with_all_within(string reply, string? answer) =>
        Answer.Last(AnswerFormat.Tag, reply, wholeReply: false).ShouldBe(answer);

    [Theory]
    [InlineData("plain", " bet", "bet")]
    [InlineData("plain", "I have the best card.\n  BET \n\n", "bet")]
    [InlineData("plain", "bet\nno, check", null)]
    [InlineData("plain", "I bet", null)]
    [InlineData("plain", "bett", null)]
    [InlineData("plain", " \n ", null)]
    [InlineData("boxed", @"\boxed{bet}", "bet")]
    [InlineData("boxed", @"first \boxed{check}, no: \boxed{ bet } it is", "bet")]
    [InlineData("boxed", @"\boxed{check} then \boxed{be", "check")]
    [InlineData("boxed", @"\boxed{check} then \boxed{raise}", null)]
    [InlineData("boxed", @"}}}{{ \boxed{bet", null)]
    [InlineData("boxed", @"\boxed{unclosed { \boxed{bet} ", "bet")]
    [InlineData("boxed", "bet", null)]
    [InlineData("tag", "<answer>check</answer><answer>bet</answer>", "bet")]
    [InlineData("tag", "<answer>check</answer> <answer>be", "check")]
    [InlineData("tag", "</answer>bet<answer>", null)]
    [InlineData("tag", "bet</answer>", null)]
    [InlineData("whole", " BET\n", "bet")]
    [InlineData("whole", "I bet", null)]
    [InlineData("tag\",\"tag\":\"question", "<question>check</question><answer>bet</answer>", "check")]
    [InlineData("tag\",\"tag\":\"question", "<answer>bet</answer>", null)]
    public void The_last_complete_answer_counts_and_nothing_is_guessed(string format, string reply, string? move)
    {
        var reading = Player($$"""{"format":"{{format}}","constrained":"off"}""")
            .Parse(Kuhn, Facing("deal:K", "deal:Q"), reply);
        reading.Move?.Text.ShouldBe(move);
        if (move is null)
            reading.Move.ShouldBeNull();
        (reading.Fault is null).ShouldBe(move is not null);
    }

    [Fact]
    public void Whole_replies_are_asked_for_by_the_game_alone()
    {
        var turn = Facing("deal:K", "deal:Q");
        var messages = Player("""{"format":"whole","constrained":"off"}""").Render(turn, first: true);
        messages[0].Text.ShouldBe(turn.Observation.Single(p => p.Kind == ObservationKind.Task).Text);
        messages[^1].Text.ShouldNotContain("move:");
        Player("""{"format":"tag","tag":"score","constrained":"off"}""")
            .Render(turn, first: true)[0]
            .Text.ShouldEndWith("<score>…</score>.");
    }

    [Fact]
    public void A_fault_says_what_would_be_right()
    {
        Player()
            .Parse(Kuhn, Facing("deal:K", "deal:Q"), "raise")
            .Fault.ShouldBe("'raise' is not a legal move. Legal: check, bet.");
        Player("""{"format":"boxed","constrained":"off"}""")
            .Parse(Kuhn, Facing("deal:K", "deal:Q"), "raise")
            .Fault!.ShouldContain(@"\boxed{answer}");
        Player().Parse(Kuhn, Facing("deal:K", "deal:Q"), new string('x', 100_000)).Fault!.Length.ShouldBeLessThan(120);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("boxed")]
    [InlineData("tag")]
    public void Hostile_replies_are_read_in_linear_time(string format)
    {
        var player = Player($$"""{"format":"{{format}}","constrained":"off"}""");
        var turn = Facing("deal:K", "deal:Q");
        string[] hostile = [@"\boxed{", "{", "}", "<answer>", "</answer>", "\n", "\0\ud800", "bet\n", @"\boxed{bet}{"];
        Linear.ShouldRead(text => player.Parse(Kuhn, turn, text), hostile);
    }

    [Fact]
    public void Options_that_contradict_are_refused()
    {
        Should
            .Throw<ScenarioException>(() => Player("""{"format":"boxed"}"""))
            .Message.ShouldContain("constrained = off");
        Should
            .Throw<ScenarioException>(() => Player("""{"show":[]}"""))
            .Message.ShouldContain("task, board, transcript, notice");
        Should.Throw<ScenarioException>(() => Player("""{"tag":"<x>"}""")).Message.ShouldContain("bare name");
        Should
            .Throw<ScenarioException>(() => Player("""{"show":["bord"]}"""))
            .Message.ShouldContain("one of task, board, transcript, notice");
    }
}
