// An equilibrium player: solves an enumerable game by CFR+ once and then looks up what the seat knows.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Games.Solving;

namespace AgentArena.Games.Bots;

/// <summary>Plays the average policy of CFR+.</summary>
public sealed class SolvedBot : Bot
{
    /// <summary>Options of <see cref="SolvedBot"/>.</summary>
    public sealed record Options
    {
        /// <summary>The game it is to play, with the same options as the scenario's.</summary>
        public required Plugin Game { get; init; }

        /// <summary>
        /// Iterations of the solver; the exploitability falls at least as fast as their number grows.
        /// </summary>
        public int Iterations { get; init; } = 1000;
    }

    private readonly Lazy<Dictionary<(int, string), double[]>> _table;
    private readonly Game _game;

    /// <summary>A bot that solves its game at its first turn.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or the game cannot be walked.</exception>
    public SolvedBot(Options options, Catalog catalog)
    {
        if (options.Iterations < 1)
            throw new ArgumentException($"iterations is {options.Iterations}; it should be at least 1.");
        _game = catalog.Games.Create(options.Game);
        if (!_game.Facts.Enumerable)
            throw new ArgumentException(
                $"game {_game.Facts.Name} cannot be walked to its end. Choose an enumerable game, or the bot mcts."
            );
        _table = new(() =>
        {
            var tree = GameTree.Of(_game);
            var average = new CfrPlus(tree).Run(options.Iterations).Average();
            return tree.InformationStates.ToDictionary(s => (s.Seat, s.Key), s => average[s.Index]);
        });
    }

    /// <inheritdoc/>
    public override double[] Probabilities(Turn turn) =>
        _table.Value.TryGetValue((turn.Seat, turn.InformationState ?? ""), out var row)
            ? row
            : throw new InvalidOperationException(
                $"cfr: '{turn.InformationState}' is no information state of {_game.Facts.Name}. Give the bot the scenario's own game and options."
            );
}
