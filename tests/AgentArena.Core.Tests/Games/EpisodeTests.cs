// The fold of a log, the trajectories in it, and its reading text.
using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Core.Tests.Games;

public class EpisodeTests
{
    private static readonly Game Kuhn = Tables.Open("kuhn-poker");

    private static Utterance Say(string text, params float[] logProbs) =>
        new()
        {
            Policy = "student",
            Version = 3,
            Text = text,
            Prompt = [1, 2, 3],
            Tokens = [.. logProbs.Select((_, i) => 10 + i)],
            LogProbs = [.. logProbs],
        };

    private static readonly GameStarted Start = new("kuhn-poker", new GameSetup(9), ["student", "always-bet"])
    {
        Chance = ["deal:K", "deal:Q"],
    };

    private static Episode Played(params GameEvent[] events) => new(17, Kuhn, [Start, .. events]);

    private static Episode Whole =>
        Played(
            new MoveRefused(0, 0, "'hm' is not a legal move.") { Said = Say("hm\u001b[2J", -0.5f) },
            new MoveMade(0, 0, "check") { Said = Say(" check", -0.25f, -0.25f) },
            new MoveMade(1, 1, "bet"),
            new MoveMade(2, 0, "call") { Said = Say(" call", -1) },
            new GameEnded(new Outcome(OutcomeKind.Finished, [2, -2]) { Note = "seat 0 wins 2: K over Q" })
        );

    [Fact]
    public void Steps_are_what_was_asked_and_what_came_back()
    {
        var steps = Whole.Steps;
        steps.Select(s => s.Turn.InformationState).ShouldBe(["K|", "K|", "Q|check", "K|check,bet"]);
        steps.Select(s => s.Said?.Text.Trim()).ShouldBe(["hm\u001b[2J", "check", null, "call"]);
        Whole.Outcome!.Payoffs.ShouldBe([2, -2]);
        Kuhn.Outcome(Whole.State)!.Payoffs.ShouldBe([2, -2]);
    }

    [Fact]
    public void Trajectories_hold_a_policys_own_words_and_the_refused_ones()
    {
        var trajectory = Trajectory.Of(Whole, "student").ShouldHaveSingleItem();
        (trajectory.GameNumber, trajectory.Seat, trajectory.Role, trajectory.Outcome).ShouldBe(
            (17, 0, "player", OutcomeKind.Finished)
        );
        trajectory.Steps.Select(s => (s.Turn, s.Refused)).ShouldBe([(0, true), (0, false), (2, false)]);
        Trajectory.Of(Whole, "always-bet").Single().Steps.ShouldBeEmpty();
        Trajectory.Of(Whole, "nobody").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(OutcomeKind.Aborted)]
    [InlineData(OutcomeKind.Cancelled)]
    public void What_the_system_spoiled_is_never_learned_from(OutcomeKind kind)
    {
        Trajectory.Of(Played(new GameEnded(new Outcome(kind, [0, 0]))), "student").ShouldBeEmpty();
        Trajectory.Of(Played(new GameFailed("model", "out of memory")), "student").ShouldBeEmpty();
        Trajectory.Of(Played(), "student").ShouldBeEmpty("it still runs");
    }

    [Fact]
    public void A_failed_game_is_aborted_with_its_first_error()
    {
        var failed = Played(new GameFailed("model", "out of memory"));
        failed.Outcome!.Kind.ShouldBe(OutcomeKind.Aborted);
        failed.Outcome.Note.ShouldBe("model: out of memory");
        Played().Outcome.ShouldBeNull();
    }

    [Fact]
    public void A_log_without_its_beginning_is_refused() =>
        Should
            .Throw<InvalidOperationException>(() => new Episode(4, Kuhn, [new MoveMade(0, 0, "check")]))
            .Message.ShouldContain("game 4");

    [Fact]
    public void It_reads_like_a_game()
    {
        var text = EpisodeText.Write(Whole);
        text.ShouldBe(
            """
            game 17: kuhn-poker, seed 9
            seat 0 (player): student
            seat 1 (player): always-bet
            chance: deal:K, deal:Q

            turn 0, seat 0 (player)
              task: RULES0
              board: K pot 2
              transcript:
              student@3 said: hm\u001b[2J   [p = 0.6065, 1 tokens]
            x refused: 'hm' is not a legal move.
              student@3 said: check   [p = 0.6065, 2 tokens]
            > check

            turn 1, seat 1 (player)
              task: RULES1
              board: Q pot 2
              transcript: check
            > bet

            turn 2, seat 0 (player)
              board: K pot 3
              transcript: check, bet
              student@3 said: call   [p = 0.3679, 1 tokens]
            > call

            finished: seat 0 wins 2: K over Q
            returns: 2, -2

            """.Replace("RULES0", Rules(0)).Replace("RULES1", Rules(1))
        );
        EpisodeText.Write(Played()).ShouldEndWith("the game is still running\n");
    }

    [Fact]
    public void Nothing_a_seat_says_reaches_a_terminal_as_control_characters()
    {
        var game = Tables.Open("simple-negotiation");
        var hostile = "hi\u001b[2J\u0007\r there\u202e";
        var text = EpisodeText.Write(
            new(
                1,
                game,
                [
                    new GameStarted("simple-negotiation", new GameSetup(1), ["a", "b"]),
                    new MoveMade(0, 0, hostile) { Said = Say(hostile) },
                    new MoveMade(1, 1, "no") { Said = Say("no") },
                    new SeatForfeited(2, 0, hostile),
                    new GameEnded(new Outcome(OutcomeKind.Forfeited, [-1, 1]) { Note = hostile }),
                ]
            )
        );
        text.ShouldContain("the other: hi\\u001b[2J", Case.Sensitive, "seat 1 was shown what seat 0 said");
        text.Where(c => c != '\n' && (char.IsControl(c) || c == '\u202e')).ShouldBeEmpty();
    }

    private static string Rules(int seat) => Whole.Steps.First(s => s.Turn.Seat == seat).Turn.Observation[0].Text;
}
