// A game's whole tree, walked once through its rules and kept as flat arrays: values of a table of probabilities cost
// microseconds.
using System.Collections.Immutable;
using AgentArena.Core.Play;
using AgentArena.Core.Players;

namespace AgentArena.Games.Solving;

/// <summary>All that a seat knows at a turn; the turn stands for every state that looks the same to it.</summary>
/// <param name="Index">Its row in a table of probabilities.</param>
/// <param name="Seat">The seat.</param>
/// <param name="Key">The key its rules gave it, e.g. <c>K|check,bet</c>.</param>
/// <param name="Turn">The turn, for rendering.</param>
public sealed record InformationState(int Index, int Seat, string Key, Turn Turn);

/// <summary>
/// The tree of an enumerable game. A policy is a table <c>double[][]</c>: one row per information state in the order of
/// <see cref="InformationStates"/>, one probability per legal move. Turns that are open at once are walked one after
/// the other in seat order; their information states hide the earlier answers. Immutable, so safe to share.
/// </summary>
public sealed class GameTree
{
    private const int Chance = -1,
        Terminal = -2;

    // One entry a node, parents before children. Children of a node lie in _child[_firstChild[n] .. _firstChild[n +
    // 1]].
    private readonly int[] _state;
    private readonly int[] _firstChild;
    private readonly int[] _child;
    private readonly double[] _chance;
    private readonly double[] _payoff;
    private readonly int[] _seat;
    private readonly int[][] _members;
    private readonly (int Node, int State)[][] _schedule;

    private GameTree(Game game, TreeWalk walk)
    {
        Game = game;
        InformationStates = [.. walk.States];
        Seats = game.Facts.Seats;
        (_state, _firstChild, _child, _chance, _payoff) = (
            [.. walk.NodeState],
            [.. walk.FirstChild, walk.Child.Count],
            [.. walk.Child],
            [.. walk.ChanceOfChild],
            [.. walk.Payoff]
        );
        _seat = [.. InformationStates.Select(s => s.Seat)];
        _members = [.. walk.Members.Select(m => m.ToArray())];
        _schedule = [.. Enumerable.Range(0, Seats).Select(Schedule)];
    }

    /// <summary>The rules.</summary>
    public Game Game { get; }

    /// <summary>Every information state, in the order a table has its rows.</summary>
    public ImmutableArray<InformationState> InformationStates { get; }

    /// <summary>Number of seats.</summary>
    public int Seats { get; }

    /// <summary>Histories at which a seat moves.</summary>
    public int Decisions => _state.Count(s => s >= 0);

    /// <summary>Histories at which chance moves.</summary>
    public int Chances => _state.Count(s => s == Chance);

    /// <summary>Histories at which the game is over.</summary>
    public int Terminals => _state.Count(s => s == Terminal);

    /// <summary>Walks the whole tree of a game.</summary>
    /// <exception cref="InvalidOperationException">
    /// The game does not declare itself enumerable, its tree is larger than <paramref name="most"/> nodes, or its
    /// information states are not consistent.
    /// </exception>
    public static GameTree Of(Game game, GameSetup? setup = null, int most = 2_000_000) =>
        new(game, TreeWalk.Of(game, setup ?? new GameSetup(0), most));

    /// <summary>A policy as a table.</summary>
    public double[][] Tabulate(ITurnPolicy policy) => [.. InformationStates.Select(s => policy.Probabilities(s.Turn))];

    /// <summary>A table in which seat i plays <paramref name="policies"/>[i].</summary>
    public double[][] Tabulate(params ITurnPolicy[] policies) =>
        [.. InformationStates.Select(s => policies[s.Seat].Probabilities(s.Turn))];

    /// <summary>A table with the rows of <paramref name="seat"/> from one table and all others from another.</summary>
    public double[][] Join(double[][] own, int seat, double[][] others) =>
        [.. InformationStates.Select(s => (s.Seat == seat ? own : others)[s.Index])];

    /// <summary>The value to each seat when all play the table.</summary>
    public double[] Values(double[][] policy)
    {
        var reach = Reach(policy, exceptSeat: -1);
        var values = new double[Seats];
        for (var n = 0; n < _state.Length; n++)
            if (_state[n] == Terminal)
                for (var seat = 0; seat < Seats; seat++)
                    values[seat] += reach[n] * _payoff[n * Seats + seat];
        return values;
    }

    /// <summary>
    /// What <paramref name="seat"/> can win at most against the others' rows of the table, and the moves that win it
    /// (the first of equals).
    /// </summary>
    /// <returns>The value, and a move index per information state (−1 in rows of other seats).</returns>
    public (double Value, int[] Moves) BestResponse(double[][] policy, int seat)
    {
        var reach = Reach(policy, exceptSeat: seat);
        var value = new double[_state.Length];
        var moves = new int[InformationStates.Length];
        moves.AsSpan().Fill(-1);
        Span<double> gains = stackalloc double[MostMoves];
        foreach (var (node, state) in _schedule[seat])
        {
            if (node >= 0)
                value[node] = Fold(policy, value, node, seat, moves);
            else
            {
                var best = gains[..InformationStates[state].Turn.Legal.Length];
                best.Clear();
                foreach (var member in _members[state])
                    for (var c = _firstChild[member]; c < _firstChild[member + 1]; c++)
                        best[c - _firstChild[member]] += reach[member] * value[_child[c]];
                var choice = 0;
                for (var i = 1; i < best.Length; i++)
                    if (best[i] > best[choice] + 1e-12)
                        choice = i;
                moves[state] = choice;
            }
        }
        return (value[0], moves);
    }

    /// <summary>Sum over seats of what a best response would add: 0 exactly at equilibria.</summary>
    public double NashConv(double[][] policy)
    {
        var values = Values(policy);
        return Enumerable.Range(0, Seats).Sum(seat => BestResponse(policy, seat).Value - values[seat]);
    }

    /// <summary>NashConv over the number of seats, in the game's own unit per game.</summary>
    public double Exploitability(double[][] policy) => NashConv(policy) / Seats;

    internal int Nodes => _state.Length;

    internal int StateOf(int node) => _state[node];

    internal ReadOnlySpan<int> Children(int node) =>
        _child.AsSpan(_firstChild[node], _firstChild[node + 1] - _firstChild[node]);

    internal ReadOnlySpan<double> ChanceOf(int node) =>
        _chance.AsSpan(_firstChild[node], _firstChild[node + 1] - _firstChild[node]);

    internal double Payoff(int node, int seat) => _payoff[node * Seats + seat];

    private int MostMoves =>
        Math.Max(1, InformationStates.IsEmpty ? 1 : InformationStates.Max(s => s.Turn.Legal.Length));

    private double[] Reach(double[][] policy, int exceptSeat)
    {
        if (policy.Length != InformationStates.Length)
            throw new ArgumentException(
                $"{Game.Facts.Name}: the table has {policy.Length} rows; it should have {InformationStates.Length}, one an information state."
            );
        var reach = new double[_state.Length];
        reach[0] = 1;
        for (var n = 0; n < _state.Length; n++)
        {
            var state = _state[n];
            var row = state >= 0 && _seat[state] != exceptSeat ? policy[state] : null;
            for (int c = _firstChild[n], i = 0; c < _firstChild[n + 1]; c++, i++)
                reach[_child[c]] =
                    reach[n]
                    * (
                        state == Chance ? _chance[c]
                        : row is null ? 1
                        : row[i]
                    );
        }
        return reach;
    }

    private double Fold(double[][] policy, double[] value, int node, int seat, int[] moves)
    {
        var state = _state[node];
        if (state == Terminal)
            return _payoff[node * Seats + seat];
        var first = _firstChild[node];
        if (state >= 0 && _seat[state] == seat)
            return value[_child[first + moves[state]]];
        double sum = 0;
        for (var c = first; c < _firstChild[node + 1]; c++)
            sum += (state == Chance ? _chance[c] : policy[state][c - first]) * value[_child[c]];
        return sum;
    }

    // An order in which a seat's best response can be computed in one pass: nodes as (node, −1), and (−1, state) where
    // the seat chooses, once everything below every node of that information state is known.
    private (int, int)[] Schedule(int seat)
    {
        var order = new List<(int, int)>(_state.Length);
        var chosen = new byte[InformationStates.Length];
        Visit(0);
        return [.. order];

        void Visit(int node)
        {
            var state = _state[node];
            if (state >= 0 && _seat[state] == seat)
                Choose(state);
            else
            {
                foreach (var child in Children(node))
                    Visit(child);
                order.Add((node, -1));
            }
        }

        void Choose(int state)
        {
            if (chosen[state] == 2)
                return;
            if (chosen[state] == 1)
                throw new InvalidOperationException(
                    $"{Game.Facts.Name}: information state '{InformationStates[state].Key}' of seat {seat} comes again below itself. Keys should hold all that the seat has done and seen."
                );
            chosen[state] = 1;
            foreach (var member in _members[state])
            foreach (var child in Children(member))
                Visit(child);
            order.Add((-1, state));
            foreach (var member in _members[state])
                order.Add((member, -1));
            chosen[state] = 2;
        }
    }
}
