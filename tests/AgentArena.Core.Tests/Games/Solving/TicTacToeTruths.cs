// Ground truth of tic-tac-toe: positions, games, values and what uniform play earns. From enumeration by other means,
// none from this code.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Games.Bots;
using AgentArena.Games.Solving;

namespace AgentArena.Core.Tests.Games.Solving;

public class TicTacToeTruths
{
    private static readonly Game Game = Tables.Open("tic-tac-toe");

    [Fact]
    public void Positions_and_games_are_counted_exactly()
    {
        var byPly = new HashSet<GameState>[10];
        for (var ply = 0; ply < 10; ply++)
            byPly[ply] = [];
        var games = new Dictionary<(int Length, double Won), int>();
        Walk(Game.Start(new(1)), 0);
        byPly.Select(p => p.Count).ShouldBe([1, 9, 72, 252, 756, 1260, 1520, 1140, 390, 78]);
        byPly.Sum(p => p.Count).ShouldBe(5478);
        var ends = byPly
            .SelectMany(p => p)
            .Where(s => Game.Turns(s).IsEmpty)
            .Select(s => Game.Outcome(s)!.Payoffs[0])
            .ToList();
        (ends.Count, ends.Count(p => p > 0), ends.Count(p => p < 0), ends.Count(p => p == 0)).ShouldBe(
            (958, 626, 316, 16)
        );
        games.Values.Sum().ShouldBe(255168);
        (
            games.Where(g => g.Key.Won > 0).Sum(g => g.Value),
            games.Where(g => g.Key.Won < 0).Sum(g => g.Value),
            games.Where(g => g.Key.Won == 0).Sum(g => g.Value)
        ).ShouldBe((131184, 77904, 46080));
        Enumerable
            .Range(5, 5)
            .Select(n => games.Where(g => g.Key.Length == n).Sum(g => g.Value))
            .ShouldBe([1440, 5328, 47952, 72576, 127872]);

        void Walk(GameState state, int ply)
        {
            byPly[ply].Add(state);
            var open = Game.Turns(state);
            if (open.IsEmpty)
            {
                var key = (ply, Game.Outcome(state)!.Payoffs[0]);
                games[key] = games.GetValueOrDefault(key) + 1;
                return;
            }
            foreach (var move in open[0].Legal)
                Walk(Game.Play(state, open[0], new(move)), ply + 1);
        }
    }

    [Fact]
    public void Canonical_boards_are_counted_exactly_and_worth_the_same()
    {
        var canonical = Tables.Open("""tic-tac-toe {"orientation":"canonical"}""");
        var all = new HashSet<GameState>();
        Walk(canonical.Start(new(1)));
        all.Count.ShouldBe(765);
        all.Count(s => canonical.Turns(s).IsEmpty).ShouldBe(138);
        var solved = new Minimax(canonical);
        solved.Value(canonical.Start(new(1))).ShouldBe(0);
        var tree = GameTree.Of(canonical);
        var uniform = tree.Tabulate(new RandomBot());
        tree.Values(uniform)[0].ShouldBe(737 / 1260.0 - 121 / 420.0, 1e-9);
        tree.BestResponse(uniform, 0).Value.ShouldBe(191 / 192.0, 1e-9);
        tree.BestResponse(uniform, 1).Value.ShouldBe(874 / 945.0, 1e-9);

        void Walk(GameState state)
        {
            if (!all.Add(state) || canonical.Turns(state) is not [var turn])
                return;
            foreach (var move in turn.Legal)
                Walk(canonical.Play(state, turn, new(move)));
        }
    }

    [Fact]
    public void Lines_against_a_rule_are_counted_exactly()
    {
        var perfect = new Minimax(Game);
        for (var seat = 0; seat < 2; seat++)
        {
            Lines
                .Against(Game, seat, turns => [.. turns.Select(t => perfect.Best(Game.Restore(t)!, t)[0])])
                .Lost.ShouldBe(0);
            var (all, lost) = Walk(Game.Start(new(1)), seat);
            Lines.Against(Game, seat, turns => [.. turns.Select(_ => 0)]).ShouldBe(new Lines(all, lost));
            lost.ShouldBeGreaterThan(0);
        }

        // The first free cell, counted the plain way.
        static (long All, long Lost) Walk(GameState state, int seat)
        {
            if (Game.Turns(state) is not [var turn])
                return (1, Game.Outcome(state)!.Payoffs[seat] < 0 ? 1 : 0);
            var sum = (All: 0L, Lost: 0L);
            foreach (var move in turn.Seat == seat ? turn.Legal.Take(1) : turn.Legal)
            {
                var (all, lost) = Walk(Game.Play(state, turn, new(move)), seat);
                sum = (sum.All + all, sum.Lost + lost);
            }
            return sum;
        }
    }

    [Fact]
    public void Every_opening_is_a_draw()
    {
        var solved = new Minimax(Game);
        var start = Game.Start(new(1));
        solved.Value(start).ShouldBe(0);
        solved.Moves(start, Game.Turns(start)[0]).ShouldAllBe(v => v == 0);
        solved.Positions.ShouldBe(5478 - 958);
    }

    [Fact]
    public void Uniform_play_has_its_exact_values()
    {
        Shares(new RandomBot(), new RandomBot()).ShouldBe([737 / 1260.0, 121 / 420.0, 8 / 63.0], 1e-12);
        var perfect = Standard.Bot(new Plugin("minimax"));
        Shares(perfect, new RandomBot()).ShouldBe([75257 / 77760.0, 0, 1 - 75257 / 77760.0], 1e-12);
        Shares(new RandomBot(), perfect).ShouldBe([0, 2645 / 3402.0, 1 - 2645 / 3402.0], 1e-12);
        Shares(perfect, perfect).ShouldBe([0, 0, 1], 1e-12);
    }

    [Fact]
    public void The_best_response_to_uniform_play_has_its_exact_values()
    {
        var tree = GameTree.Of(Game);
        (tree.Decisions + tree.Terminals).ShouldBe(549946);
        var uniform = tree.Tabulate(new RandomBot());
        tree.BestResponse(uniform, 0).Value.ShouldBe(191 / 192.0, 1e-12);
        tree.BestResponse(uniform, 1).Value.ShouldBe(874 / 945.0, 1e-12);
        tree.NashConv(tree.Tabulate(Standard.Bot(new Plugin("minimax")))).ShouldBe(0, 1e-12);
    }

    [Fact]
    public void The_movers_side_is_drawn_the_same_for_both_seats()
    {
        var game = Tables.Open("""tic-tac-toe {"side":"mover","drawing":"line"}""");
        Seen("4").ShouldBe("....O....");
        Seen("4,0").ShouldBe("O...X....");
        Tables
            .Open("tic-tac-toe")
            .Turns(KuhnPokerTests.After(Game, "4,0"))[0]
            .Observation[1]
            .Text.ShouldBe("O 1 2\n3 X 5\n6 7 8");

        string Seen(string moves) =>
            game.Turns(KuhnPokerTests.After(game, moves))[0]
                .Observation.Single(p => p.Kind == ObservationKind.Board)
                .Text;
    }

    [Fact]
    public void Chance_may_open_a_share_of_the_games()
    {
        var game = Standard.Catalog.Games.Create(
            new Plugin("tic-tac-toe", JsonNode.Parse("""{"random-openings":0.4,"random-plies":4}""")!.AsObject())
        );
        var opened = new int[10];
        for (ulong seed = 0; seed < 20_000; seed++)
        {
            var stream = new RandomStream(seed);
            var state = game.Start(new(seed));
            var chance = game.Settle(ref state, ref stream);
            opened[chance.Length - 1]++;
            game.Turns(state)[0].Id.ShouldBe(chance.Length - 1);
        }
        opened[0].ShouldBeInRange(11_700, 12_300);
        for (var plies = 1; plies <= 4; plies++)
            opened[plies].ShouldBeInRange(1_800, 2_200);
    }

    // Shares of wins of seat 0, wins of seat 1 and draws, exactly.
    private static double[] Shares(ITurnPolicy first, ITurnPolicy second)
    {
        var known = new Dictionary<GameState, double[]>();
        return Of(Game.Start(new(1)));

        double[] Of(GameState state)
        {
            if (known.TryGetValue(state, out var shares))
                return shares;
            shares = new double[3];
            if (Game.Turns(state) is not [var turn])
                shares[
                    Game.Outcome(state)!.Payoffs[0] switch
                    {
                        > 0 => 0,
                        < 0 => 1,
                        _ => 2,
                    }
                ] = 1;
            else
            {
                var p = (turn.Seat == 0 ? first : second).Probabilities(turn);
                for (var i = 0; i < p.Length; i++)
                {
                    if (p[i] == 0)
                        continue;
                    var after = Of(Game.Play(state, turn, new(turn.Legal[i])));
                    for (var s = 0; s < 3; s++)
                        shares[s] += p[i] * after[s];
                }
            }
            return known[state] = shares;
        }
    }
}
