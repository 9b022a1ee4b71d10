// Monte-Carlo tree search (UCT; Kocsis and Szepesvári 2006) with random rollouts, for games of perfect information.
using AgentArena.Core.Games;

namespace AgentArena.Core.Bots;

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

    private sealed class Node(GameState state, Turn? turn)
    {
        public readonly GameState State = state;
        public readonly Turn? Turn = turn;
        public readonly Node?[] Children = turn is null ? [] : new Node?[turn.Legal.Length];
        public readonly int[] Visits = turn is null ? [] : new int[turn.Legal.Length];
        public readonly double[] Won = turn is null ? [] : new double[turn.Legal.Length];
        public int Total;
    }

    private readonly Options _options;
    private readonly Game _game;

    /// <summary>A bot for one game.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or the game's information is not perfect.</exception>
    public TreeSearchBot(Options options)
    {
        if (options.Simulations < 1) throw new ArgumentException($"simulations is {options.Simulations}; it should be at least 1.");
        if (!(options.Exploration >= 0)) throw new ArgumentException($"exploration is {options.Exploration}; it should not be negative.");
        _options = options;
        _game = Catalog.Games.Create(options.Game);
        if (!_game.Facts.PerfectInformation) throw new ArgumentException($"game {_game.Facts.Name} hides part of its state; mcts needs perfect information. Choose the bot cfr.");
    }

    /// <summary>The share of visits of each move, from a stream of the position's own.</summary>
    public override double[] Probabilities(Turn turn)
    {
        var visits = Search(turn, new RandomStream(RandomStream.Derive((ulong)turn.Seat, turn.InformationState ?? "")));
        var total = (double)visits.Sum();
        return [.. visits.Select(v => v / total)];
    }

    /// <inheritdoc/>
    public override Move Choose(Turn turn, ref RandomStream stream)
    {
        var visits = Search(turn, new RandomStream(stream.NextUInt64()));
        return new Move(turn.Legal[Array.IndexOf(visits, visits.Max())]);
    }

    private int[] Search(Turn turn, RandomStream stream)
    {
        var state = _game.Restore(turn) ?? throw new InvalidOperationException($"mcts: '{turn.InformationState}' is no position of {_game.Facts.Name}. Give the bot the scenario's own game.");
        var root = new Node(state, turn);
        var path = new List<(Node Node, int Move)>();
        for (var n = 0; n < _options.Simulations; n++)
        {
            path.Clear();
            var node = root;
            while (node.Turn is { } asked)
            {
                var move = Pick(node, ref stream);
                path.Add((node, move));
                if (node.Children[move] is not null)
                {
                    node = node.Children[move]!;
                    continue;
                }
                var next = _game.Play(node.State, asked, new Move(asked.Legal[move]));
                node = node.Children[move] = new Node(next, _game.Turns(next) is [var open, ..] ? open : null);
                break;
            }
            var payoffs = Rollout(node.State, ref stream);
            foreach (var (passed, move) in path)
            {
                passed.Total++;
                passed.Visits[move]++;
                if (!passed.Turn!.IsChance) passed.Won[move] += payoffs[passed.Turn.Seat];
            }
        }
        return root.Visits;
    }

    // Untried moves first, in random order; then the largest mean plus the width of its bound. Chance moves by its own probabilities.
    private int Pick(Node node, ref RandomStream stream)
    {
        if (node.Turn!.IsChance) return stream.Choose(node.Turn.Probabilities.AsSpan());
        var untried = node.Visits.Count(v => v == 0);
        if (untried > 0)
        {
            var skip = stream.Next(untried);
            for (var i = 0; ; i++)
                if (node.Visits[i] == 0 && skip-- == 0) return i;
        }
        var (best, highest) = (0, double.NegativeInfinity);
        var width = _options.Exploration * _game.Facts.LargestStake * Math.Sqrt(Math.Log(node.Total));
        for (var i = 0; i < node.Visits.Length; i++)
        {
            var bound = node.Won[i] / node.Visits[i] + width / Math.Sqrt(node.Visits[i]);
            if (bound > highest) (best, highest) = (i, bound);
        }
        return best;
    }

    private System.Collections.Immutable.ImmutableArray<double> Rollout(GameState state, ref RandomStream stream)
    {
        while (_game.Turns(state) is [var turn, ..]) state = _game.Play(state, turn, Game.Sample(turn, ref stream));
        return _game.Outcome(state)!.Payoffs;
    }
}
