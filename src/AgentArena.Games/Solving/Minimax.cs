// Perfect play in games of perfect information whose positions fit in a table. One value a position, however it was
// reached.
using AgentArena.Core.Play;

namespace AgentArena.Games.Solving;

/// <summary>Values of a two-seat zero-sum game, for seat 0, by backward induction; chance is averaged.</summary>
public sealed class Minimax(Game game)
{
    private const double Tie = 1e-9;
    private readonly Dictionary<(int, string), (double Value, double[] Moves)> _known = [];

    /// <summary>Positions in which a seat was asked, so far.</summary>
    public int Positions => _known.Count;

    /// <summary>The value of a state to seat 0 under perfect play.</summary>
    public double Value(GameState state)
    {
        var turns = game.Turns(state);
        if (turns.IsEmpty)
            return game.Outcome(state)!.Payoffs[0];
        if (!turns[0].IsChance)
            return Known(state, turns[0]).Value;
        double value = 0;
        for (var i = 0; i < turns[0].Legal.Length; i++)
            value += turns[0].Probabilities[i] * Value(game.Play(state, turns[0], new Move(turns[0].Legal[i])));
        return value;
    }

    /// <summary>The value to seat 0 of each legal move of an open turn.</summary>
    public IReadOnlyList<double> Moves(GameState state, Turn turn) => Known(state, turn).Moves;

    /// <summary>Indices of the legal moves that are best for the seat asked.</summary>
    public int[] Best(GameState state, Turn turn)
    {
        var (value, moves) = Known(state, turn);
        return [.. Enumerable.Range(0, moves.Length).Where(i => Math.Abs(moves[i] - value) < Tie)];
    }

    private (double Value, double[] Moves) Known(GameState state, Turn turn)
    {
        var key = (
            turn.Seat,
            turn.InformationState
                ?? throw new InvalidOperationException(
                    $"{game.Facts.Name}: a turn has no information state; perfect play needs positions with names."
                )
        );
        if (_known.TryGetValue(key, out var known))
            return known;
        var moves = new double[turn.Legal.Length];
        for (var i = 0; i < moves.Length; i++)
            moves[i] = Value(game.Play(state, turn, new Move(turn.Legal[i])));
        return _known[key] = (turn.Seat == 0 ? moves.Max() : moves.Min(), moves);
    }
}
