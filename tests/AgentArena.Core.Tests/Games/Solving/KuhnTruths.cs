// Ground truth of Kuhn poker: sizes, values, best responses, equilibria. From exact enumeration and the literature,
// none from this code.
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Games.Bots;
using AgentArena.Games.Solving;

namespace AgentArena.Core.Tests.Games.Solving;

public class KuhnTruths
{
    private const double Exact = 1e-12;
    private static readonly GameTree Tree = GameTree.Of(Standard.Catalog.Games.Create(new Plugin("kuhn-poker")));
    private static readonly ITurnPolicy Uniform = new RandomBot();

    /// <summary>
    /// A policy by the probability of betting or calling, per card and line; alpha as the opener's family.
    /// </summary>
    private sealed class Bets(Func<char, string, double> bets) : ITurnPolicy
    {
        public double[] Probabilities(Turn turn)
        {
            var p = bets(turn.InformationState![0], turn.InformationState[2..]);
            return [1 - p, p];
        }
    }

    private static ITurnPolicy Nash(double alpha) => new KuhnNash(new() { Alpha = alpha });

    private static ITurnPolicy Named(string name) =>
        name switch
        {
            "uniform" => Uniform,
            "always-pass" or "always-bet" => Standard.Bot(new Plugin(name)),
            "honest" => new Bets((card, _) => card == 'K' ? 1 : 0),
            _ => Nash(0.2),
        };

    [Fact]
    public void The_tree_has_the_published_sizes()
    {
        (Tree.Decisions + Tree.Terminals).ShouldBe(54);
        (Tree.Decisions, Tree.Terminals).ShouldBe((24, 30));
        Tree.InformationStates.Length.ShouldBe(12);
        Tree.InformationStates.Count(s => s.Seat == 0).ShouldBe(6);
        Tree.InformationStates.Select(s => s.Key).ShouldContain("K|check,bet");
    }

    [Theory]
    [InlineData("uniform", 1 / 8.0, 1 / 2.0, 5 / 12.0, 11 / 12.0)]
    [InlineData("always-pass", 0, 1, 1, 2)]
    [InlineData("always-bet", 0, 1 / 3.0, 1 / 3.0, 2 / 3.0)]
    [InlineData("honest", 0, 1 / 6.0, 1 / 3.0, 1 / 2.0)]
    [InlineData("nash", -1 / 18.0, -1 / 18.0, 1 / 18.0, 0)]
    public void Profiles_have_their_exact_values(string name, double value, double best0, double best1, double nashConv)
    {
        var table = Tree.Tabulate(Named(name));
        Tree.Values(table).ShouldBe([value, -value], Exact);
        Tree.BestResponse(table, 0).Value.ShouldBe(best0, Exact);
        Tree.BestResponse(table, 1).Value.ShouldBe(best1, Exact);
        Tree.NashConv(table).ShouldBe(nashConv, Exact);
        Tree.Exploitability(table).ShouldBe(nashConv / 2, Exact);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.2)]
    [InlineData(1 / 3.0)]
    public void Every_alpha_is_an_equilibrium_and_so_is_every_mixture(double alpha)
    {
        Tree.NashConv(Tree.Tabulate(Nash(alpha))).ShouldBe(0, Exact);
        Tree.Values(Tree.Tabulate(Nash(alpha)))[0].ShouldBe(-1 / 18.0, Exact);
        var (one, two) = (Tree.Tabulate(Nash(alpha)), Tree.Tabulate(Nash(1 / 3.0)));
        // The J and the K are bet in the same proportion, so behaviour that lies between is in the family too.
        var between = one.Select((row, s) => row.Select((p, i) => 0.3 * p + 0.7 * two[s][i]).ToArray()).ToArray();
        Tree.NashConv(between).ShouldBe(0, Exact);
    }

    [Theory]
    [InlineData("uniform", 0, 1 / 18.0)]
    [InlineData("uniform", 1 / 6.0, 1 / 9.0)]
    [InlineData("uniform", 1 / 3.0, 1 / 6.0)]
    [InlineData("always-bet", 0, 1 / 9.0)]
    [InlineData("always-bet", 0.2, 1 / 9.0)]
    [InlineData("always-pass", 0, 0)]
    [InlineData("always-pass", 1 / 6.0, 1 / 9.0)]
    [InlineData("always-pass", 1 / 3.0, 2 / 9.0)]
    public void The_opener_in_equilibrium_earns_so_much(string opponent, double alpha, double value) =>
        Tree.Values(Tree.Tabulate(Nash(alpha), Named(opponent)))[0].ShouldBe(value, Exact);

    [Theory]
    [InlineData("uniform", -1 / 6.0)]
    [InlineData("always-bet", -1 / 9.0)]
    [InlineData("always-pass", -2 / 9.0)]
    public void The_answerer_in_equilibrium_concedes_so_much(string opponent, double value) =>
        Tree.Values(Tree.Tabulate(Named(opponent), Nash(0)))[0].ShouldBe(value, Exact);

    [Theory]
    [InlineData(0.5, 5 / 36.0)]
    [InlineData(0.2, 11 / 90.0)]
    [InlineData(0, 2 / 9.0)]
    public void Off_the_family_the_answerer_gains(double alpha, double best)
    {
        var off = new Bets(
            (card, line) =>
                (card, line) switch
                {
                    ('J', "") => alpha,
                    ('K', "") => 1,
                    ('Q', "check,bet") => alpha + 1 / 3.0,
                    ('K', _) => 1,
                    _ => 0,
                }
        );
        Tree.BestResponse(Tree.Tabulate(off), 1).Value.ShouldBe(best, Exact);
    }

    [Fact]
    public void The_best_response_to_uniform_play_is_known_move_by_move()
    {
        var table = Tree.Tabulate(Uniform);
        var moves = new Dictionary<string, string>();
        for (var seat = 0; seat < 2; seat++)
            foreach (var state in Tree.InformationStates.Where(s => s.Seat == seat))
                moves[$"{seat} {state.Key}"] = state.Turn.Legal[Tree.BestResponse(table, seat).Moves[state.Index]];
        string[] bold = ["0 J|", "0 Q|", "1 J|check", "1 Q|check", "1 K|check"],
            calls = ["0 Q|check,bet", "0 K|check,bet", "1 Q|bet", "1 K|bet"];
        foreach (var key in bold)
            moves[key].ShouldBe("bet", key);
        foreach (var key in calls)
            moves[key].ShouldBe("call", key);
        moves["0 K|"].ShouldBe("check", "both are equally good, and the first of equals counts");
        moves["0 J|check,bet"].ShouldBe("fold");
        moves["1 J|bet"].ShouldBe("fold");
    }

    [Fact]
    public void Cfr_plus_solves_it_within_two_hundred_iterations()
    {
        var average = new CfrPlus(Tree).Run(200).Average();
        Tree.Exploitability(average).ShouldBeLessThan(1e-3);
        Tree.Values(average)[0].ShouldBe(-1 / 18.0, 1e-3);
        average.ShouldAllBe(row => Math.Abs(row.Sum() - 1) < 1e-12);
    }

    [Fact]
    public void The_solved_bot_plays_what_was_solved()
    {
        var bot = Standard.Bot(new Plugin("cfr", new JsonObject { ["game"] = "kuhn-poker" }));
        Tree.Exploitability(Tree.Tabulate(bot)).ShouldBeLessThan(1e-4);
    }

    [Fact]
    public void Where_bets_are_free_the_cards_decide()
    {
        var tree = GameTree.Of(
            Standard.Catalog.Games.Create(
                new Plugin("kuhn-poker", new JsonObject { ["payoff"] = "text-arena-pot-only" })
            )
        );
        var table = tree.Tabulate(Uniform);
        tree.Values(table)[0].ShouldBe(2 * 9 / 16.0 - 1, Exact);
        tree.BestResponse(table, 0).Value.ShouldBe(2 * 3 / 4.0 - 1, Exact);
        tree.BestResponse(table, 1).Value.ShouldBe(2 * 5 / 8.0 - 1, Exact);
        tree.NashConv(tree.Tabulate(Named("always-bet"))).ShouldBe(0, Exact, "whoever never folds cannot be beaten");
    }

    [Fact]
    public void Two_hands_are_worth_their_sum()
    {
        var tree = GameTree.Of(
            Standard.Catalog.Games.Create(new Plugin("kuhn-poker", new JsonObject { ["hands"] = 2 }))
        );
        tree.Values(tree.Tabulate(Nash(0.1))).ShouldBe([0, 0], Exact);
        tree.NashConv(tree.Tabulate(Nash(0.1))).ShouldBe(0, 1e-9);
        // The opener changes, so each seat meets both sides of the uniform game once.
        tree.Exploitability(tree.Tabulate(Uniform)).ShouldBe(11 / 12.0, 1e-9);
        var last = GameTree.Of(
            Standard.Catalog.Games.Create(
                new Plugin("kuhn-poker", new JsonObject { ["hands"] = 2, ["payoff"] = "last-hand-wins" })
            )
        );
        last.Values(last.Tabulate(Uniform))[0].ShouldBe(-1 / 8.0, Exact);
    }

    [Fact]
    public void A_table_of_the_wrong_size_is_refused() =>
        Should
            .Throw<ArgumentException>(() =>
                Tree.NashConv([
                    [1.0],
                ])
            )
            .Message.ShouldContain("12");
}
