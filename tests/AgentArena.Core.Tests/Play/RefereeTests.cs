using System.Collections.Immutable;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Tests.Games;

namespace AgentArena.Core.Tests.Play;

/// <summary>What a referee promises of any game, and its limits.</summary>
public sealed class RefereeTests
{
    private static readonly GameLimits Usual = new(Reasks: 1);

    [Theory]
    [MemberData(nameof(Tables.All), MemberType = typeof(Tables))]
    public void A_game_that_is_taken_up_after_any_of_its_events_goes_on_as_if_nothing_had_been(string entry)
    {
        var game = Tables.Open(entry);
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var whole = PlayOn(Begin(game, Usual, seed), seed);
            whole.Outcome.ShouldNotBeNull(string.Join('\n', whole.Log));
            for (var kept = 1; kept < whole.Log.Count; kept += 1 + whole.Log.Count / 12)
            {
                var resumed = new Referee(game, Usual);
                foreach (var e in whole.Log.Take(kept))
                    resumed.Apply(e);
                resumed.Resume();
                Texts(PlayOn(resumed, seed)).ShouldBe(Texts(whole), $"{entry}, seed {seed}, after event {kept}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tables.All), MemberType = typeof(Tables))]
    public void Its_events_fold_to_its_state(string entry)
    {
        var game = Tables.Open(entry);
        var referee = PlayOn(Begin(game, Usual, 5), 5);
        GameState? state = null;
        foreach (var e in referee.Log)
            state = game.Apply(state, e);
        Tables.Face(game, state!).ShouldBe(Tables.Face(game, referee.State!));
        referee.Open.ShouldBeEmpty();
    }

    [Fact]
    public void A_refused_answer_is_asked_again_and_the_last_one_forfeits()
    {
        var referee = Begin(Tables.Open("kuhn-poker"), new GameLimits(Reasks: 2), 1);
        for (var attempt = 0; attempt <= 2; attempt++)
        {
            var open = referee.Open.ShouldHaveSingleItem();
            open.Attempt.ShouldBe(attempt);
            (open.Refusal is null).ShouldBe(attempt == 0);
            referee.Answer(open.Turn.Id, attempt, new SeatAnswer("fold everything", null)).ShouldBeTrue();
        }
        referee
            .Log.Select(e => e.GetType())
            .ShouldBe([
                typeof(GameStarted),
                typeof(MoveRefused),
                typeof(MoveRefused),
                typeof(MoveRefused),
                typeof(SeatForfeited),
                typeof(GameEnded),
            ]);
        referee.Outcome!.Kind.ShouldBe(OutcomeKind.Forfeited);
    }

    [Fact]
    public void Refusals_before_an_interruption_count()
    {
        var game = Tables.Open("kuhn-poker");
        var before = Begin(game, Usual, 1);
        before.Answer(before.Open[0].Turn.Id, 0, new SeatAnswer(null, "no move was found"));
        var after = new Referee(game, Usual);
        foreach (var e in before.Log)
            after.Apply(e);
        after.Resume();
        after.Open.ShouldHaveSingleItem().ShouldBe(before.Open[0]);
        (after.Open[0].Attempt, after.Open[0].Refusal).ShouldBe((1, "no move was found"));
    }

    [Fact]
    public void A_person_may_try_as_often_as_they_like()
    {
        var referee = new Referee(Tables.Open("kuhn-poker"), new GameLimits(Reasks: 0));
        referee.BePatientWith(0);
        referee.Begin("kuhn-poker", new GameSetup(1), ["me", "me"]);
        for (var i = 0; i < 5; i++)
            referee.Answer(referee.Open[0].Turn.Id, i, new SeatAnswer("no such move", null)).ShouldBeTrue();
        referee.IsOver.ShouldBeFalse();
    }

    [Fact]
    public void Answers_that_come_late_or_twice_are_no_events()
    {
        var referee = Begin(Tables.Open("kuhn-poker"), Usual, 1);
        var open = referee.Open[0];
        referee.Answer(open.Turn.Id, 1, new SeatAnswer("bet", null)).ShouldBeFalse();
        referee.Answer(open.Turn.Id + 7, 0, new SeatAnswer("bet", null)).ShouldBeFalse();
        referee.Answer(open.Turn.Id, 0, new SeatAnswer("bet", null)).ShouldBeTrue();
        referee.Answer(open.Turn.Id, 0, new SeatAnswer("bet", null)).ShouldBeFalse();
        referee.Log.Count.ShouldBe(2);
    }

    [Fact]
    public void A_seat_that_has_used_up_its_tokens_forfeits_with_its_next_refused_answer()
    {
        var referee = Begin(Tables.Open("kuhn-poker"), new GameLimits(Reasks: 9, TokensPerGame: 5), 1);
        var said = new Utterance
        {
            Policy = "p",
            Version = 0,
            Text = "hm",
            Tokens = [1, 2, 3],
            LogProbs = [0, 0, 0],
        };
        referee.Answer(referee.Open[0].Turn.Id, 0, new SeatAnswer(null, "none") { Said = said });
        referee.IsOver.ShouldBeFalse();
        referee.Answer(referee.Open[0].Turn.Id, 1, new SeatAnswer(null, "none") { Said = said });
        referee.Outcome!.Kind.ShouldBe(OutcomeKind.Forfeited);
        referee.Tokens.ShouldBe(6);
        referee.LastSaid(0).ShouldBe(said);
    }

    [Fact]
    public void A_limit_on_turns_cuts_the_game()
    {
        var referee = PlayOn(Begin(Tables.Open("tic-tac-toe"), new GameLimits(Reasks: 1, TurnsPerGame: 3), 1), 1);
        referee.Log.OfType<MoveMade>().Count().ShouldBe(3);
        referee.Outcome!.Kind.ShouldBe(OutcomeKind.Truncated);
    }

    [Fact]
    public void A_fault_of_the_rules_is_written_down_and_ends_the_game()
    {
        var referee = Begin(new Broken(), Usual, 1);
        referee.Answer(0, 0, new SeatAnswer("break", null)).ShouldBeTrue();
        referee.Log[^1].ShouldBeOfType<GameFailed>().Boundary.ShouldBe("rules");
        (referee.IsOver, referee.Outcome).ShouldBe((true, null));
        referee.Open.ShouldBeEmpty();
        Should.Throw<InvalidOperationException>(() => referee.Apply(new GameFailed("model", "again")));
    }

    private sealed record Whole : GameState;

    private sealed class Broken : Game<Whole>
    {
        public override GameFacts Facts { get; } =
            new()
            {
                Name = "broken",
                Summary = "",
                Roles = ["player"],
                ZeroSum = false,
                LongestGame = 1,
            };

        public override GameState Start(GameSetup setup) => new Whole();

        protected override ImmutableArray<Turn> OpenTurns(Whole state) =>
            [
                new Turn
                {
                    Id = 0,
                    Seat = 0,
                    Role = "player",
                    Legal = ["break"],
                },
            ];

        protected override Whole Play(Whole state, Turn turn, Move move) =>
            throw new FormatException("a rule nobody thought of");

        protected override ImmutableArray<double> Payoffs(Whole state) => [0];
    }

    private static Referee Begin(Game game, GameLimits limits, ulong seed)
    {
        var referee = new Referee(game, limits);
        referee.Begin(game.Facts.Name, new GameSetup(seed), [.. game.Facts.Roles.Select(_ => "random")]);
        return referee;
    }

    // Every answer is a function of the seed and the turn alone, as a seat's is; one in ten is nonsense.
    private static Referee PlayOn(Referee referee, ulong seed)
    {
        while (!referee.IsOver)
        {
            referee.Log.Count.ShouldBeLessThanOrEqualTo(4 * referee.Game.Facts.LongestGame + 8);
            var open = referee.Open.MinBy(o => RandomStream.Derive(seed, "order", o.Turn.Id, o.Attempt))!;
            var stream = new RandomStream(RandomStream.Derive(seed, "answer", open.Turn.Id, open.Attempt));
            referee.Answer(
                open.Turn.Id,
                open.Attempt,
                stream.Next(10) == 0 && open.Attempt == 0
                    ? new SeatAnswer(null, "nonsense")
                    : new SeatAnswer(Game.Sample(open.Turn, ref stream).Text, null)
            );
        }
        return referee;
    }

    private static ImmutableArray<string> Texts(Referee referee) =>
        [
            .. referee.Log.Select(e =>
                e switch
                {
                    GameStarted s => $"started {string.Join(',', s.Chance)}",
                    MoveMade m => $"{m.Turn} {m.Seat} {m.Move} {string.Join(',', m.Chance)}",
                    SeatForfeited f => $"{f.Turn} {f.Seat} {f.Reason} {string.Join(',', f.Chance)}",
                    GameEnded { Outcome: var o } =>
                        $"{o.Kind} {string.Join(',', o.Payoffs)} {o.Note} {string.Join(',', o.Measures)} {o.Product}",
                    _ => e.ToString(),
                }
            ),
        ];
}
