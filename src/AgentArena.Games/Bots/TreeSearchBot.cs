// Monte-Carlo tree search without a policy (UCT; Kocsis and Szepesvári 2006): untried moves first, random play to the
// end.
using AgentArena.Core;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Games.Searching;

namespace AgentArena.Games.Bots;

/// <summary>Searches from the position it is asked in and plays the most visited move.</summary>
public sealed class TreeSearchBot : Bot
{
    /// <summary>Options of <see cref="TreeSearchBot"/>.</summary>
    public sealed record Options
    {
        /// <summary>The game it is to play.</summary>
        public required Plugin Game { get; init; }

        /// <summary>Simulations a move.</summary>
        public int Simulations { get; init; } = 400;

        /// <summary>Weight of exploration, in units of the largest stake.</summary>
        public double Exploration { get; init; } = 1.4;
    }

    private readonly Mcts.Options _options;
    private readonly Game _game;

    /// <summary>A bot for one game.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of its range, or the game's information is not perfect.
    /// </exception>
    public TreeSearchBot(Options options, Catalog catalog)
    {
        if (options.Simulations < 1)
            throw new ArgumentException($"simulations is {options.Simulations}; it should be at least 1.");
        if (!(options.Exploration >= 0))
            throw new ArgumentException($"exploration is {options.Exploration}; it should not be negative.");
        _options = new Mcts.Options { Simulations = options.Simulations, C = options.Exploration };
        _game = catalog.Games.Create(options.Game);
        if (!_game.Facts.PerfectInformation)
            throw new ArgumentException(
                $"game {_game.Facts.Name} hides part of its state; mcts needs perfect information. Choose the bot cfr."
            );
    }

    /// <summary>The share of visits of each move, from a stream of the position's own.</summary>
    public override double[] Probabilities(Turn turn) =>
        Search(turn, RandomStream.Derive((ulong)turn.Seat, turn.InformationState ?? "")).Shares;

    /// <inheritdoc/>
    public override Move Choose(Turn turn, ref RandomStream stream) => Search(turn, stream.NextUInt64()).Move;

    private TreeSearch Search(Turn turn, ulong seed) => new(_game, turn, seed, _options, led: false);
}
