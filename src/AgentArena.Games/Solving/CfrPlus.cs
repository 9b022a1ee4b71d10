// CFR+ (Tammelin 2014): regret matching+ with alternating updates and linearly weighted averages. Converges to
// equilibrium in two-seat zero-sum games.
using AgentArena.Core.Play;

namespace AgentArena.Games.Solving;

/// <summary>A solver that can be run on and on; <see cref="Average"/> is its answer.</summary>
public sealed class CfrPlus(GameTree tree)
{
    private readonly double[][] _regrets = Zeros(tree);
    private readonly double[][] _sums = Zeros(tree);
    private readonly double[][] _current = Zeros(tree);
    private readonly double[] _own = new double[tree.Nodes];
    private readonly double[] _others = new double[tree.Nodes];
    private readonly double[] _value = new double[tree.Nodes];

    /// <summary>Iterations done.</summary>
    public int Iterations { get; private set; }

    /// <summary>Runs further iterations, each updating every seat once.</summary>
    public CfrPlus Run(int iterations)
    {
        for (var i = 0; i < iterations; i++)
        {
            Iterations++;
            for (var seat = 0; seat < tree.Seats; seat++)
                Update(seat);
        }
        return this;
    }

    /// <summary>The average policy, as a table.</summary>
    public double[][] Average() => [.. _sums.Select(Normal)];

    private void Update(int seat)
    {
        foreach (var state in tree.InformationStates)
            Match(_regrets[state.Index], _current[state.Index]);
        _own[0] = _others[0] = 1;
        for (var n = 0; n < _value.Length; n++)
        {
            var state = tree.StateOf(n);
            var children = tree.Children(n);
            var chance = tree.ChanceOf(n);
            var mine = state >= 0 && tree.InformationStates[state].Seat == seat;
            for (var i = 0; i < children.Length; i++)
            {
                var p = state >= 0 ? _current[state][i] : chance[i];
                _own[children[i]] = mine ? _own[n] * p : _own[n];
                _others[children[i]] = mine ? _others[n] : _others[n] * p;
            }
        }
        // Children come after parents, so one pass from the back sees every value below before it is needed.
        for (var n = _value.Length - 1; n >= 0; n--)
        {
            var state = tree.StateOf(n);
            var children = tree.Children(n);
            var chance = tree.ChanceOf(n);
            if (children.IsEmpty)
            {
                _value[n] = tree.Payoff(n, seat);
                continue;
            }
            double value = 0;
            for (var i = 0; i < children.Length; i++)
                value += (state >= 0 ? _current[state][i] : chance[i]) * _value[children[i]];
            _value[n] = value;
            if (state < 0 || tree.InformationStates[state].Seat != seat)
                continue;
            for (var i = 0; i < children.Length; i++)
            {
                _regrets[state][i] += _others[n] * (_value[children[i]] - value);
                _sums[state][i] += Iterations * _own[n] * _current[state][i];
            }
        }
        for (var s = 0; s < _regrets.Length; s++)
            if (tree.InformationStates[s].Seat == seat)
                foreach (ref var regret in _regrets[s].AsSpan())
                    regret = Math.Max(0, regret);
    }

    private static void Match(double[] regrets, double[] policy)
    {
        double sum = 0;
        foreach (var r in regrets)
            sum += r;
        for (var i = 0; i < policy.Length; i++)
            policy[i] = sum > 0 ? regrets[i] / sum : 1.0 / policy.Length;
    }

    private static double[] Normal(double[] sums)
    {
        var policy = new double[sums.Length];
        Match(sums, policy);
        return policy;
    }

    private static double[][] Zeros(GameTree tree) =>
        [.. tree.InformationStates.Select(s => new double[s.Turn.Legal.Length])];
}
