// A perfect player for small games of perfect information.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Games.Solving;

namespace AgentArena.Games.Bots;

/// <summary>Plays a best move; among equals each alike.</summary>
public sealed class MinimaxBot : Bot
{
    /// <summary>Options of <see cref="MinimaxBot"/>.</summary>
    public sealed record Options
    {
        /// <summary>The game it is to play.</summary>
        public Plugin Game { get; init; } = new("tic-tac-toe");
    }

    private readonly Game _game;
    private readonly Minimax _solved;

    /// <summary>A bot that solves positions as it meets them.</summary>
    /// <exception cref="ArgumentException">
    /// The game's information is not perfect, or its positions do not fit in a table.
    /// </exception>
    public MinimaxBot(Options options, Catalog catalog)
    {
        _game = catalog.Games.Create(options.Game);
        if (_game.Facts is not { PerfectInformation: true, Enumerable: true, ZeroSum: true, Seats: 2 })
            throw new ArgumentException(
                $"game {_game.Facts.Name} cannot be solved by minimax: it should have two seats, perfect information and a small tree. Choose the bot mcts or cfr."
            );
        _solved = new Minimax(_game);
    }

    /// <inheritdoc/>
    public override double[] Probabilities(Turn turn)
    {
        var state = _game.Restore(turn)
            ?? throw new InvalidOperationException(
                $"minimax: '{turn.InformationState}' is no position of {_game.Facts.Name}. Give the bot the scenario's own game."
            );
        int[] best;
        lock (_solved)
            best = _solved.Best(state, turn);
        var p = new double[turn.Legal.Length];
        foreach (var i in best)
            p[i] = 1.0 / best.Length;
        return p;
    }
}
