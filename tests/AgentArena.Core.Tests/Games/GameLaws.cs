// Laws that every catalogued game obeys, over random games. A new game is under them by being in the catalogue.
using System.Text.Json;
using AgentArena.Core.Binding;
using AgentArena.Core.Play;

namespace AgentArena.Core.Tests.Games;

public class GameLaws
{
    private const int Seeds = 25;

    public static TheoryData<string> All => Tables.All;

    private static IEnumerable<ulong> EverySeed => Enumerable.Range(1, Seeds).Select(s => (ulong)s);

    internal static readonly string[] Absurd =
    [
        "",
        " ",
        "\n",
        "\0",
        "no such move",
        "bet bet",
        "-1",
        "999999999999999999999",
        "0",
        "[",
        "]",
        "[]",
        "[4",
        "{}",
        "\\boxed{",
        "<answer>",
        "[Offer:",
        "[Offer: -> ]",
        "[Offer: 99999999999999999999 Sheep -> 1 Ore]",
        "[Offer: 0 Wood -> 0 Gold]",
        "[Accept][Deny][Accept]",
        "N/A",
        "\ud800",
        "\u202edrow",
        "ﬁ İ ß",
        new string('x', 100_000),
        string.Concat(Enumerable.Repeat("[Offer: 1 Wood -> 1 Gold]", 2_000)),
        "deal:K",
        "null",
    ];

    [Theory]
    [MemberData(nameof(All))]
    public void Games_end_in_time_and_pay_what_the_facts_allow(string entry)
    {
        var game = Tables.Open(entry);
        foreach (var seed in EverySeed)
        {
            var (events, state) = Tables.Play(game, seed);
            var outcome = game.Outcome(state)!;
            outcome.Kind.ShouldBe(OutcomeKind.Finished);
            outcome.Payoffs.Length.ShouldBe(game.Facts.Seats);
            outcome.Payoffs.ShouldAllBe(p => Math.Abs(p) <= game.Facts.LargestStake + 1e-9);
            if (game.Facts.ZeroSum)
                outcome.Payoffs.Sum().ShouldBe(0, 1e-9);
            events.Length.ShouldBeLessThanOrEqualTo(game.Facts.LongestGame + 2);
            outcome.Measures.Keys.ShouldAllBe(measure => game.Facts.Declares(measure));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_fold_of_the_events_is_the_live_state_after_each(string entry)
    {
        var game = Tables.Open(entry);
        foreach (var seed in EverySeed)
        {
            GameState? folded = null;
            Tables.Play(game, seed, (live, e) =>
            {
                folded = game.Apply(folded, Reborn(e));
                Tables.Face(game, folded).ShouldBe(Tables.Face(game, live));
            });
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_same_seed_and_moves_are_the_same_game_on_rules_made_anew(string entry)
    {
        foreach (var seed in EverySeed.Take(10))
            Written(Tables.Play(Tables.Open(entry), seed).Events)
                .ShouldBe(Written(Tables.Play(Tables.Open(entry), seed).Events));

        static string Written(IEnumerable<GameEvent> events) =>
            string.Join('\n', events.Select(e => JsonSerializer.Serialize(e, e.GetType())));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void States_never_change_once_they_were_reached(string entry)
    {
        var game = Tables.Open(entry);
        foreach (var seed in EverySeed.Take(10))
        {
            var kept = new List<(GameState State, string Face)>();
            Tables.Play(game, seed, (live, _) => kept.Add((live, Tables.Face(game, live))));
            foreach (var (state, face) in kept)
                Tables.Face(game, state).ShouldBe(face);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Open_turns_are_well_formed(string entry)
    {
        var game = Tables.Open(entry);
        foreach (var seed in EverySeed)
        {
            var answered = new HashSet<int>();
            Tables.Play(game, seed, (live, e) =>
            {
                if (e is MoveMade made)
                    answered.Add(made.Turn).ShouldBeTrue($"turn {made.Turn} was asked twice");
                var open = game.Turns(live);
                open.Select(t => t.Id).ShouldBeUnique();
                open.Select(t => t.Seat).ShouldBeInOrder();
                foreach (var turn in open)
                {
                    answered.ShouldNotContain(turn.Id);
                    turn.IsChance.ShouldBeFalse("chance has settled");
                    turn.Role.ShouldBe(game.Facts.Roles[turn.Seat]);
                    turn.Observation.ShouldContain(p => p.Kind == ObservationKind.Task);
                    game.OpenTurn(live, turn.Id).Seat.ShouldBe(turn.Seat);
                    (turn.HasLegal ? turn.Legal : turn.Suggestions).ShouldNotBeEmpty();
                    turn.Suggestions.ShouldBeUnique();
                    foreach (var answer in turn.Suggestions)
                        game.Check(live, turn, game.Read(turn, answer)!.Value).ShouldBeNull(answer);
                    if (!turn.HasLegal)
                        continue;
                    turn.Legal.ShouldBeUnique();
                    foreach (var move in turn.Legal)
                    {
                        game.Read(turn, move)!.Value.Text.ShouldBe(move);
                        game.Read(turn, $"  {move.ToUpperInvariant()}\n")!.Value.Text.ShouldBe(move);
                        game.Check(live, turn, new Move(move)).ShouldBeNull();
                    }
                }
            });
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Chance_is_alone_and_its_probabilities_sum_to_one(string entry)
    {
        var game = Tables.Open(entry);
        foreach (var seed in EverySeed)
        {
            var stream = new RandomStream(seed);
            var state = game.Start(new GameSetup(seed));
            for (var open = game.Turns(state); !open.IsEmpty; open = game.Turns(state))
            {
                if (open.Any(t => t.IsChance))
                {
                    var turn = open.ShouldHaveSingleItem();
                    turn.Probabilities.Length.ShouldBe(turn.Legal.Length);
                    turn.Probabilities.ShouldAllBe(p => p > 0);
                    turn.Probabilities.Sum().ShouldBe(1, 1e-12);
                    turn.Legal.ShouldBeUnique();
                }
                state = game.Play(state, open[0], Game.Sample(open[0], ref stream));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void No_answer_however_absurd_throws_and_no_illegal_one_passes(string entry)
    {
        var game = Tables.Open(entry);
        foreach (var seed in EverySeed.Take(3))
            Tables.Play(game, seed, (live, _) =>
            {
                foreach (var turn in game.Turns(live))
                foreach (var answer in Absurd)
                {
                    var faults = new[] { game.Read(turn, answer), new Move(answer) }
                        .Select(m => m is { } move ? game.Check(live, turn, move) : "unread")
                        .ToArray();
                    if (turn.HasLegal && !turn.Legal.Contains(answer.Trim().ToLowerInvariant()))
                        faults[1].ShouldNotBeNullOrWhiteSpace();
                    if (faults[0] is null)
                        game.Play(live, turn, game.Read(turn, answer)!.Value)
                            .ShouldNotBeNull("what passes the check is played without fail");
                }
            });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_seat_sees_the_same_wherever_it_knows_the_same(string entry)
    {
        var game = Tables.Open(entry);
        var views = new Dictionary<(int, string), string>();
        // Games of free text have no finite keys and are left after the first.
        for (ulong seed = 1; seed <= 200 && (seed == 1 || views.Count > 0); seed++)
            Tables.Play(game, seed, (live, _) =>
            {
                foreach (var turn in game.Turns(live))
                {
                    if (turn.InformationState is not { } key)
                        continue;
                    var view = $"{Tables.View(turn)} {(turn.HasLegal ? string.Join(',', turn.Legal) : "")}";
                    if (!views.TryAdd((turn.Seat, key), view))
                        view.ShouldBe(views[(turn.Seat, key)]);
                }
            });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_turn_that_stays_open_does_not_change_with_what_others_answer(string entry)
    {
        var game = Tables.Open(entry);
        foreach (var seed in EverySeed)
        {
            var before = new Dictionary<int, string>();
            Tables.Play(game, seed, (live, _) =>
            {
                var now = game.Turns(live).ToDictionary(t => t.Id, Tables.Face);
                foreach (var (id, face) in now)
                    if (before.TryGetValue(id, out var was))
                        face.ShouldBe(was);
                before = now;
            });
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_forfeit_or_a_cut_ends_the_game_wherever_it_comes(string entry)
    {
        var game = Tables.Open(entry);
        Tables.Play(game, 3, (live, _) =>
        {
            foreach (var turn in game.Turns(live))
            {
                var gone = game.Apply(live, new SeatForfeited(turn.Id, turn.Seat, "babble"));
                if (gone.Forfeited is null)
                {
                    // The rules go on without the answer: the turn is closed, and the game comes to its end.
                    game.Turns(gone).ShouldNotContain(t => t.Id == turn.Id);
                    PlayOut(game, gone).Kind.ShouldBe(OutcomeKind.Finished);
                    continue;
                }
                game.Turns(gone).ShouldBeEmpty();
                var outcome = game.Outcome(gone)!;
                outcome.Kind.ShouldBe(OutcomeKind.Forfeited);
                outcome.Payoffs[turn.Seat].ShouldBe(game.Facts.Forfeit.Offender);
                outcome.Payoffs.Where((_, seat) => seat != turn.Seat).ShouldAllBe(p => p == game.Facts.Forfeit.Others);
            }
            if (game.Outcome(live) is not null)
                return;
            var cut = live with { Cut = true };
            game.Turns(cut).ShouldBeEmpty();
            game.Outcome(cut)!.Kind.ShouldBe(OutcomeKind.Truncated);
            game.Outcome(cut)!.Payoffs.Length.ShouldBe(game.Facts.Seats);
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_log_of_other_rules_is_refused(string entry)
    {
        var game = Tables.Open(entry);
        var state = game.Apply(null, Tables.Play(game, 1).Events[0]);
        Should
            .Throw<InvalidOperationException>(() => game.Apply(state, new MoveMade(9999, 0, "bet")))
            .Message.ShouldContain("9999");
        Should.Throw<InvalidOperationException>(() => game.Apply(null, new MoveMade(0, 0, "bet")));
        foreach (var turn in game.Turns(state).Where(t => t.HasLegal))
            Should
                .Throw<InvalidOperationException>(() =>
                    game.Apply(state, new MoveMade(turn.Id, turn.Seat, "no such move"))
                )
                .Message.ShouldContain("no such move");
        Should
            .Throw<InvalidOperationException>(() =>
                game.Apply(null, new GameStarted(game.Facts.Name, new(1), []) { Chance = ["deal:joker"] })
            )
            .Message.ShouldContain("deal:joker");
    }

    // To the end by random moves, save that every second player misses its turn where the rules allow it.
    private static Outcome PlayOut(Game game, GameState state)
    {
        var stream = new RandomStream(5);
        for (var moves = 0; game.Turns(state) is [var turn, ..]; moves++)
        {
            moves.ShouldBeLessThanOrEqualTo(game.Facts.LongestGame);
            var missed =
                moves % 2 == 1 && !turn.IsChance
                    ? game.Apply(state, new SeatForfeited(turn.Id, turn.Seat, "babble"))
                    : null;
            state = missed is { Forfeited: null } ? missed : game.Play(state, turn, Game.Sample(turn, ref stream));
        }
        return game.Outcome(state)!;
    }

    private static GameEvent Reborn(GameEvent e) =>
        (GameEvent)JsonSerializer.Deserialize(JsonSerializer.Serialize(e, e.GetType()), e.GetType())!;
}
