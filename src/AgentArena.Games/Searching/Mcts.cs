// Monte-Carlo tree search led by a policy (PUCT; Rosin 2011, Silver et al. 2017, arXiv 1712.01815). Options and fit;
// the tree is TreeSearch.
using AgentArena.Core.Play;
using AgentArena.Core.Players;

namespace AgentArena.Games.Searching;

/// <summary>Where the value of a new leaf comes from.</summary>
public enum LeafValue
{
    /// <summary>One game played to its end by the policy.</summary>
    Policy,

    /// <summary>One game played to its end at random.</summary>
    Random,
}

/// <summary>
/// Each simulation walks down by the largest Q + c·stake·P·√N / (1 + n), where P = (1 − u)·policy + u / moves, expands
/// one leaf, plays it out once and adds the payoff to every move on the way. The most visited move is made.
/// </summary>
public sealed class Mcts : Searcher
{
    /// <summary>Options of <see cref="Mcts"/>.</summary>
    public sealed record Options
    {
        /// <summary>Simulations a move.</summary>
        public int Simulations { get; init; } = 200;

        /// <summary>Weight of exploration, in units of the largest stake.</summary>
        public double C { get; init; } = 1.4;

        /// <summary>Where the value of a new leaf comes from.</summary>
        public LeafValue Value { get; init; } = LeafValue.Policy;

        /// <summary>
        /// The share u of uniform priors mixed into the policy's at every position, in [0, 1]: a move the policy never
        /// makes is still looked at.
        /// </summary>
        public double Uniform { get; init; } = 0.25;

        /// <summary>
        /// Simulations that ask the policy together; those under way count as lost, so that they part.
        /// </summary>
        public int Together { get; init; } = 8;

        /// <summary>
        /// 0 makes the most visited move; otherwise moves are drawn in proportion to visits^(1 / temperature).
        /// </summary>
        public double Temperature { get; init; }
    }

    private readonly Options _options;

    /// <summary>A searcher with these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Mcts(Options options)
    {
        if (options.Simulations < 1)
            throw new ArgumentException($"simulations is {options.Simulations}; it should be at least 1.");
        if (!(options.C >= 0))
            throw new ArgumentException($"c is {options.C}; it should not be negative.");
        if (options.Uniform is not (>= 0 and <= 1))
            throw new ArgumentException($"uniform is {options.Uniform}; it should lie in [0, 1].");
        if (options.Together < 1)
            throw new ArgumentException($"together is {options.Together}; it should be at least 1.");
        if (!(options.Temperature >= 0))
            throw new ArgumentException($"temperature is {options.Temperature}; it should not be negative.");
        _options = options;
    }

    /// <inheritdoc/>
    public override string? Misfit(Game game) =>
        game.Facts.PerfectInformation
            ? null
            : $"mcts needs to know the whole state, and {game.Facts.Name} hides part of it. Search in a game of perfect information, or seat a policy that does not search.";

    /// <inheritdoc/>
    public override Search Begin(Game game, Turn turn, ulong seed) =>
        new TreeSearch(game, turn, seed, _options, led: true);
}
