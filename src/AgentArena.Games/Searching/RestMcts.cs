// The tree search of ReST-MCTS* (arXiv 2406.03816; THUDM/ReST-MCTS) over reasoning steps, with the rules' own verdict
// at the leaves. One seat.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Core.Play;
using AgentArena.Core.Players;

namespace AgentArena.Games.Searching;

/// <summary>
/// Selects by V + c·√(2 ln N_parent / N_child), V + 1 where unvisited; expands <c>branch</c> steps drawn from the
/// policy; values each by one line played on with the policy; rolls greedily on from the best, V ← (1 − α)·V + α·best;
/// backs up as the visit-weighted mean of the children. Ends when a finished line is worth the end gate. The verdict is
/// an oracle's: the traces are for learning, not for play against anybody.
/// </summary>
public sealed class RestMcts : Searcher
{
    /// <summary>Options of <see cref="RestMcts"/>; the defaults are the release's where it has them.</summary>
    public sealed record Options
    {
        /// <summary>Expansions at most.</summary>
        public int Iterations { get; init; } = 20;

        /// <summary>Steps drawn at each expansion, without repetition.</summary>
        public int Branch { get; init; } = 3;

        /// <summary>Steps rolled on greedily from the best child; those that end within them count.</summary>
        public int RollForward { get; init; } = 3;

        /// <summary>Share α of the roll-out in a child's value.</summary>
        public double Alpha { get; init; } = 0.5;

        /// <summary>A finished line worth this ends the search.</summary>
        public double EndGate { get; init; } = 0.9;

        /// <summary>Weight c of exploration.</summary>
        public double C { get; init; } = 0.7;

        /// <summary>Temperature that steps are drawn at.</summary>
        public double Temperature { get; init; } = 0.7;
    }

    private readonly Options _options;

    /// <summary>A searcher with these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public RestMcts(Options options)
    {
        if (options.Iterations < 1 || options.Branch < 1 || options.RollForward < 0)
            throw new ArgumentException("iterations and branch should be at least 1, roll-forward 0 or more.");
        if (options.Alpha is not (>= 0 and <= 1) || !(options.C >= 0) || !(options.Temperature > 0))
            throw new ArgumentException(
                "alpha should lie in [0, 1], c should not be negative, temperature should be above 0."
            );
        _options = options;
    }

    /// <inheritdoc/>
    public override string? Misfit(Game game) =>
        game.Facts is { PerfectInformation: true, Seats: 1 }
            ? null
            : $"rest-mcts searches the steps of one seat that knows the whole state; {game.Facts.Name} has {game.Facts.Seats} seats or hides part of it. Choose mcts, or a game of steps such as chain-steps.";

    /// <inheritdoc/>
    public override Search Begin(Game game, Turn turn, ulong seed) => new Stepwise(game, turn, seed, _options);

    private sealed class Node(GameState state, Turn? turn, Node? parent, int move)
    {
        public readonly List<Node> Children = [];

        public GameState State => state;

        public Turn? Turn => turn;

        public Node? Parent => parent;

        public int Move => move;

        public double Value { get; set; }

        public int Visits { get; set; }
    }

    private sealed class Stepwise : Search
    {
        private readonly Game _game;
        private readonly Options _options;
        private readonly Node _root;
        private readonly IEnumerator<Turn> _course;
        private double[] _given = [];
        private ImmutableArray<Turn> _wanted;
        private RandomStream _stream;
        private Node? _end;
        private int _expanded;

        public Stepwise(Game game, Turn turn, ulong seed, Options options)
        {
            var state = game.Restore(turn)
                ?? throw new InvalidOperationException(
                    $"rest-mcts: '{turn.InformationState}' is no position of {game.Facts.Name}. Give the search the scenario's own game."
                );
            (_game, _options, _stream, _root) = (
                game,
                options,
                new RandomStream(seed),
                new Node(state, turn, null, -1)
            );
            _course = Course().GetEnumerator();
            _wanted = _course.MoveNext() ? [_course.Current] : [];
        }

        public override ImmutableArray<Turn> Wanted => _wanted;

        public override void Absorb(IReadOnlyList<double[]> probabilities)
        {
            _given = probabilities[0];
            _wanted = _course.MoveNext() ? [_course.Current] : [];
        }

        public override Move Move => new(_root.Turn!.Legal[Best().Move]);

        public override double[] Shares
        {
            get
            {
                var shares = new double[_root.Turn!.Legal.Length];
                var visits = Math.Max(1, _root.Children.Sum(c => c.Visits));
                foreach (var child in _root.Children)
                    shares[child.Move] = (double)child.Visits / visits;
                return shares;
            }
        }

        public override string Account =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_expanded} expansions{(_end is null ? "" : ", a line that holds")}: "
            )
            + string.Join(
                ", ",
                _root
                    .Children.OrderByDescending(c => c.Value)
                    .Select(c =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{_root.Turn!.Legal[c.Move]} x {c.Visits} ({c.Value:0.00})"
                        )
                    )
            );

        // Not simply the first step of a line that holds: its mistakes may have cancelled out, and its other lines
        // would show it.
        private Node Best() => _root.Children.MaxBy(c => (c.Value, c.Visits))!;

        // Each yield asks the policy one turn; what it said is in _given when the course goes on.
        private IEnumerable<Turn> Course()
        {
            for (_expanded = 0; _expanded < _options.Iterations && _end is null; _expanded++)
            {
                var node = Select();
                if (node.Turn is { } turn)
                {
                    yield return turn;
                    Expand(node);
                    foreach (var child in node.Children)
                    {
                        // One line played on with the policy says what the step may lead to.
                        var state = child.State;
                        while (_game.Turns(state) is [var open, ..])
                        {
                            yield return open;
                            state = _game.Play(state, open, new Move(open.Legal[_stream.Choose(_given)]));
                        }
                        child.Value = Worth(state);
                        child.Visits = 1;
                        if (child.Turn is null && child.Value >= _options.EndGate)
                            _end ??= child;
                    }
                    var best = node.Children.MaxBy(c => c.Value)!;
                    if (best.Turn is not null)
                    {
                        var (state, highest) = (best.State, 0.0);
                        for (var step = 0; step < _options.RollForward && _game.Turns(state) is [var open, ..]; step++)
                        {
                            yield return open;
                            state = _game.Play(state, open, new Move(open.Legal[Array.IndexOf(_given, _given.Max())]));
                            if (_game.Turns(state).IsEmpty)
                                highest = Worth(state);
                        }
                        best.Value = (1 - _options.Alpha) * best.Value + _options.Alpha * highest;
                    }
                }
                else
                    node.Visits++;
                BackUp(node.Turn is null ? node.Parent! : node);
            }
        }

        private double Worth(GameState state) =>
            Math.Clamp(_game.Outcome(state)!.Payoffs[0] / _game.Facts.LargestStake, 0, 1);

        private Node Select()
        {
            var node = _root;
            while (node.Children.Count > 0)
            {
                var parent = node;
                node = node.Children.MaxBy(c =>
                    c.Visits == 0
                        ? c.Value + 1
                        : c.Value + _options.C * Math.Sqrt(2 * Math.Log(Math.Max(1, parent.Visits)) / c.Visits)
                )!;
            }
            return node;
        }

        private void Expand(Node node)
        {
            var weights = _given.Select(p => Math.Pow(p, 1 / _options.Temperature)).ToArray();
            for (var i = 0; i < _options.Branch && weights.Any(w => w > 0); i++)
            {
                var drawn = _stream.Choose(weights);
                weights[drawn] = 0;
                var state = _game.Play(node.State, node.Turn!, new Move(node.Turn!.Legal[drawn]));
                node.Children.Add(new Node(state, _game.Turns(state) is [var open, ..] ? open : null, node, drawn));
            }
        }

        private static void BackUp(Node? node)
        {
            for (; node is not null; node = node.Parent)
            {
                node.Visits = node.Children.Sum(c => c.Visits);
                node.Value = node.Children.Sum(c => c.Visits * c.Value) / node.Visits;
            }
        }
    }
}
