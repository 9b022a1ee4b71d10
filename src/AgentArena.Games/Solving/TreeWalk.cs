// The walk that fills a GameTree: every state through the rules, each checked for what the tree relies on.
using AgentArena.Core.Play;

namespace AgentArena.Games.Solving;

internal sealed class TreeWalk
{
    public List<InformationState> States { get; } = [];
    public List<List<int>> Members { get; } = [];
    public List<int> NodeState { get; } = [];
    public List<int> FirstChild { get; } = [];
    public List<int> Child { get; } = [];
    public List<double> ChanceOfChild { get; } = [];
    public List<double> Payoff { get; } = [];

    private readonly Game _game;
    private readonly Dictionary<(int, string), InformationState> _byKey = [];
    private readonly int _most;

    private TreeWalk(Game game, int most) => (_game, _most) = (game, most);

    public static TreeWalk Of(Game game, GameSetup setup, int most)
    {
        if (!game.Facts.Enumerable)
            throw new InvalidOperationException(
                $"{game.Facts.Name}: the rules do not declare the tree small enough to be walked. Exact values need a game that is enumerable under its options."
            );
        var walk = new TreeWalk(game, most);
        // Breadth first, so that the children of a node lie together and parents come before children.
        var open = new Queue<GameState>();
        open.Enqueue(game.Start(setup));
        var named = 1;
        while (open.TryDequeue(out var state))
            named = walk.Take(state, open, named);
        return walk;
    }

    private int Take(GameState state, Queue<GameState> open, int named)
    {
        var node = NodeState.Count;
        var turns = _game.Turns(state);
        FirstChild.Add(Child.Count);
        if (turns.IsEmpty)
        {
            NodeState.Add(-2);
            Payoff.AddRange(_game.Outcome(state)!.Payoffs);
            return named;
        }
        Payoff.AddRange(Enumerable.Repeat(0.0, _game.Facts.Seats));
        var turn = turns[0];
        if (!turn.HasLegal || turn.Legal.IsEmpty)
            throw Fault("a turn lists no legal moves");
        if (turn.IsChance)
            NodeState.Add(-1);
        else
        {
            var known = Known(turn);
            NodeState.Add(known.Index);
            Members[known.Index].Add(node);
        }
        for (var i = 0; i < turn.Legal.Length; i++)
        {
            Child.Add(named++);
            ChanceOfChild.Add(turn.IsChance ? turn.Probabilities[i] : 0);
            open.Enqueue(_game.Play(state, turn, new Move(turn.Legal[i])));
        }
        if (named > _most)
            throw Fault($"the tree has more than {_most} nodes");
        return named;
    }

    private InformationState Known(Turn turn)
    {
        var key = turn.InformationState ?? throw Fault($"turn {turn.Id} of seat {turn.Seat} has no information state");
        if (_byKey.TryGetValue((turn.Seat, key), out var known))
        {
            if (!known.Turn.Legal.AsSpan().SequenceEqual(turn.Legal.AsSpan()))
                throw Fault($"seat {turn.Seat} at '{key}' has different legal moves in different states");
            return known;
        }
        known = new InformationState(States.Count, turn.Seat, key, turn);
        States.Add(known);
        Members.Add([]);
        return _byKey[(turn.Seat, key)] = known;
    }

    private InvalidOperationException Fault(string what) =>
        new($"{_game.Facts.Name}: {what}. The exact solvers need a finite tree with consistent information states.");
}
