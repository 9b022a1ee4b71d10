// The tree of one Monte-Carlo search: simulations that walk, wait for the policy, and walk on. Led by a policy (PUCT)
// or by nobody (UCT).
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Core.Play;
using AgentArena.Core.Players;

namespace AgentArena.Games.Searching;

/// <summary>One search in a game of perfect information.</summary>
public sealed class TreeSearch : Search
{
    private sealed class Node(GameState state, Turn? turn)
    {
        public readonly GameState State = state;
        public readonly Turn? Turn = turn;
        public readonly Node?[] Children = turn is null ? [] : new Node?[turn.Legal.Length];
        public readonly int[] Visits = turn is null ? [] : new int[turn.Legal.Length];
        public readonly int[] Underway = turn is null ? [] : new int[turn.Legal.Length];
        public readonly double[] Won = turn is null ? [] : new double[turn.Legal.Length];
        public double[]? Priors;
        public int Total;
    }

    // One simulation: the moves behind it, and where it stands. Once it has expanded its leaf it only plays out.
    private sealed class Walk(Node root)
    {
        public readonly List<(Node Node, int Move)> Path = [];
        public Node At = root;
        public GameState? PlayedOut;
    }

    private readonly Game _game;
    private readonly Mcts.Options _options;
    private readonly bool _led;
    private readonly double _stake;
    private readonly Node _root;
    private readonly List<Walk> _walks = [];
    private readonly Dictionary<(int Seat, string Key), double[]> _weighed = [];
    private readonly Dictionary<(int Seat, string Key), Turn> _wanted = [];
    private ImmutableArray<Turn> _open = [];
    private RandomStream _stream;
    private int? _chosen;
    private int _begun;
    private int _asked;

    /// <param name="game">The rules.</param>
    /// <param name="turn">Where to search from.</param>
    /// <param name="seed">Of the search's own stream.</param>
    /// <param name="options">How.</param>
    /// <param name="led">
    /// Whether a policy gives priors; without one every untried move comes first (UCT; Kocsis and Szepesvári 2006).
    /// </param>
    public TreeSearch(Game game, Turn turn, ulong seed, Mcts.Options options, bool led)
    {
        var state = game.Restore(turn)
            ?? throw new InvalidOperationException(
                $"mcts: '{turn.InformationState}' is no position of {game.Facts.Name}. Give the search the scenario's own game."
            );
        (_game, _options, _led, _stake, _stream) = (
            game,
            options,
            led,
            game.Facts.LargestStake,
            new RandomStream(seed)
        );
        _root = new Node(state, turn);
        Proceed();
    }

    /// <inheritdoc/>
    public override ImmutableArray<Turn> Wanted => _open;

    /// <inheritdoc/>
    public override Move Move => new(_root.Turn!.Legal[_chosen ??= Chosen()]);

    /// <inheritdoc/>
    public override double[] Shares => [.. _root.Visits.Select(v => (double)v / _root.Total)];

    /// <inheritdoc/>
    public override string Account =>
        string.Create(CultureInfo.InvariantCulture, $"{_root.Total} simulations, {_asked} positions weighed: ")
        + string.Join(
            ", ",
            _root
                .Visits.Select(
                    (v, i) =>
                        (
                            Visits: v,
                            Text: string.Create(
                                CultureInfo.InvariantCulture,
                                $"{_root.Turn!.Legal[i]} x {v} ({(v == 0 ? 0 : _root.Won[i] / v):+0.00;-0.00;0.00})"
                            )
                        )
                )
                .Where(m => m.Visits > 0)
                .OrderByDescending(m => m.Visits)
                .Select(m => m.Text)
        );

    /// <inheritdoc/>
    public override void Absorb(IReadOnlyList<double[]> probabilities)
    {
        var i = 0;
        foreach (var (key, turn) in _wanted)
            _weighed[key] = Checked(turn, probabilities[i++]);
        _asked += i;
        _wanted.Clear();
        Proceed();
    }

    private int Chosen()
    {
        if (_options.Temperature > 0)
            return _stream.Choose([.. _root.Visits.Select(v => Math.Pow(v, 1 / _options.Temperature))]);
        var best = 0;
        for (var i = 1; i < _root.Visits.Length; i++)
            if (
                _root.Visits[i] > _root.Visits[best]
                || (_root.Visits[i] == _root.Visits[best] && _root.Won[i] > _root.Won[best])
            )
                best = i;
        return best;
    }

    private static double[] Checked(Turn turn, double[] given) =>
        given.Length == turn.Legal.Length
            ? given
            : throw new ArgumentException(
                $"mcts: {given.Length} probabilities came for turn {turn.Id}, which has {turn.Legal.Length} legal moves. Give one a move."
            );

    // Lets every simulation go as far as it can and begins new ones, until all wait for the policy or all are done.
    private void Proceed()
    {
        do
        {
            _walks.RemoveAll(GoesToItsEnd);
            while (_walks.Count < (_led ? _options.Together : 1) && _begun < _options.Simulations)
            {
                _begun++;
                var walk = new Walk(_root);
                if (!GoesToItsEnd(walk))
                    _walks.Add(walk);
            }
        } while (_wanted.Count == 0 && _begun < _options.Simulations);
        _open = [.. _wanted.Values];
    }

    private bool GoesToItsEnd(Walk walk)
    {
        while (walk.PlayedOut is null)
        {
            if (walk.At.Turn is not { } turn)
            {
                walk.PlayedOut = walk.At.State;
                break;
            }
            if (!turn.IsChance && walk.At.Priors is null)
            {
                if (!Priors(turn, out var priors))
                    return false;
                walk.At.Priors = priors;
                if (walk.At != _root)
                    walk.PlayedOut = walk.At.State; // the root's own value is of no use to anybody
                continue;
            }
            var move =
                turn.IsChance ? _stream.Choose(turn.Probabilities.AsSpan())
                : _led ? Led(walk.At)
                : Unled(walk.At);
            walk.At.Underway[move]++;
            walk.Path.Add((walk.At, move));
            walk.At = walk.At.Children[move] ??= Child(walk.At, move);
        }
        while (_game.Turns(walk.PlayedOut) is [var open, ..])
        {
            Move move;
            if (open.IsChance || _options.Value == LeafValue.Random || !_led)
                move = Game.Sample(open, ref _stream);
            else if (Weighed(open) is { } weights)
                move = new Move(open.Legal[_stream.Choose(weights)]);
            else
                return false;
            walk.PlayedOut = _game.Play(walk.PlayedOut, open, move);
        }
        var payoffs = _game.Outcome(walk.PlayedOut)!.Payoffs;
        foreach (var (node, move) in walk.Path)
        {
            node.Underway[move]--;
            node.Total++;
            node.Visits[move]++;
            if (!node.Turn!.IsChance)
                node.Won[move] += payoffs[node.Turn.Seat];
        }
        return true;
    }

    private Node Child(Node node, int move)
    {
        var next = _game.Play(node.State, node.Turn!, new Move(node.Turn!.Legal[move]));
        return new Node(next, _game.Turns(next) is [var open, ..] ? open : null);
    }

    private bool Priors(Turn turn, out double[] priors)
    {
        priors = [];
        if (!_led)
            return true;
        if (Weighed(turn) is not { } weights)
            return false;
        var share = _options.Uniform / weights.Length;
        priors = [.. weights.Select(p => (1 - _options.Uniform) * p + share)];
        return true;
    }

    // Null where the policy has not said yet; then it is asked.
    private double[]? Weighed(Turn turn)
    {
        var key = (turn.Seat, turn.InformationState!);
        if (_weighed.TryGetValue(key, out var weights))
            return weights;
        _wanted.TryAdd(key, turn);
        return null;
    }

    // Q of an untried move is its position's mean so far; a simulation under way counts as lost.
    private int Led(Node node)
    {
        var (won, tried, underway) = (0.0, 0, 0);
        for (var i = 0; i < node.Visits.Length; i++)
        {
            won += node.Won[i];
            tried += node.Visits[i];
            underway += node.Underway[i];
        }
        var (mean, root) = (tried == 0 ? 0 : won / tried, Math.Sqrt(tried + underway + 1));
        var (best, highest) = (0, double.NegativeInfinity);
        for (var i = 0; i < node.Visits.Length; i++)
        {
            var n = node.Visits[i] + node.Underway[i];
            var q = n == 0 ? mean : (node.Won[i] - node.Underway[i] * _stake) / n;
            var score = q + _options.C * _stake * node.Priors![i] * root / (1 + n);
            if (score > highest)
                (best, highest) = (i, score);
        }
        return best;
    }

    // Untried moves first, in random order; then the largest mean plus the width of its bound.
    private int Unled(Node node)
    {
        var untried = node.Visits.Count(v => v == 0);
        if (untried > 0)
        {
            var skip = _stream.Next(untried);
            for (var i = 0; ; i++)
                if (node.Visits[i] == 0 && skip-- == 0)
                    return i;
        }
        var (best, highest) = (0, double.NegativeInfinity);
        var width = _options.C * _stake * Math.Sqrt(Math.Log(node.Total));
        for (var i = 0; i < node.Visits.Length; i++)
        {
            var bound = node.Won[i] / node.Visits[i] + width / Math.Sqrt(node.Visits[i]);
            if (bound > highest)
                (best, highest) = (i, bound);
        }
        return best;
    }
}
