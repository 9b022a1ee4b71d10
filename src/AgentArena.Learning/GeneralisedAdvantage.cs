// Generalised advantage estimation over the values that the policy's own value head gave when it played. Pure; keeps
// nothing.
using AgentArena.Core.Learning;

namespace AgentArena.Learning;

/// <summary>
/// delta_t = r_t + gamma V(s_{t+1}) - V(s_t); A_t = delta_t + gamma lambda A_{t+1}; the target of V(s_t) is A_t +
/// V(s_t) (Schulman et al. 2016, arXiv 1506.02438). A trajectory's states are those in which its tokens were drawn,
/// reply after reply; V is 0 after the last. The reward comes with the last token, credits with the last token of
/// theirs.
/// </summary>
public sealed class GeneralisedAdvantage : Advantage
{
    /// <summary>What one step of the estimate is.</summary>
    public enum Unit
    {
        /// <summary>Each sampled token.</summary>
        Token,

        /// <summary>
        /// Each reply: its state is the one before its first token, and its tokens share one advantage.
        /// </summary>
        Reply,
    }

    /// <summary>
    /// Options of <see cref="GeneralisedAdvantage"/>; the defaults are those usual for language models.
    /// </summary>
    public sealed record Options
    {
        /// <summary>Discount of a step.</summary>
        public double Gamma { get; init; } = 1;

        /// <summary>Weight of longer returns: 0 trusts the values, 1 the rewards.</summary>
        public double Lambda { get; init; } = 0.95;

        /// <summary>What a step is.</summary>
        public Unit By { get; init; } = Unit.Token;

        /// <summary>Whether a batch's advantages are brought to mean 0 and deviation 1 (over steps).</summary>
        public bool Normalise { get; init; }
    }

    private readonly Options _options;

    /// <summary>The estimate under these options.</summary>
    /// <exception cref="ArgumentException">gamma or lambda is outside [0, 1].</exception>
    public GeneralisedAdvantage(Options options)
    {
        if (options.Gamma is not (>= 0 and <= 1))
            throw new ArgumentException($"gamma is {options.Gamma}; it should lie in [0, 1].");
        if (options.Lambda is not (>= 0 and <= 1))
            throw new ArgumentException($"lambda is {options.Lambda}; it should lie in [0, 1].");
        _options = options;
    }

    /// <inheritdoc/>
    public override bool NeedsValues => true;

    /// <inheritdoc/>
    public override IReadOnlyList<float[][]> Weigh(IReadOnlyList<Trajectory> batch)
    {
        var steps = batch.Select(t => Estimate(t).Advantages).ToArray();
        var (mean, deviation) = _options.Normalise ? Moments([.. steps.SelectMany(s => s)]) : (0, 1);
        return [.. batch.Select((t, i) => Lay(t, [.. steps[i].Select(a => (a - mean) / deviation)]))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<float[][]> Targets(IReadOnlyList<Trajectory> batch) =>
        [
            .. batch.Select(t =>
            {
                var (advantages, values) = Estimate(t);
                return Lay(t, [.. advantages.Select((a, i) => a + values[i])]);
            }),
        ];

    /// <summary>Advantages and values of a trajectory's steps, in order.</summary>
    internal (double[] Advantages, double[] Values) Estimate(Trajectory trajectory)
    {
        var values = new List<double>();
        var first = new int[trajectory.Steps.Length]; // number of each reply's first step
        for (var s = 0; s < trajectory.Steps.Length; s++)
        {
            var said = trajectory.Steps[s].Said;
            first[s] = values.Count;
            if (said.Tokens.IsEmpty)
                continue;
            if (said.Values.IsDefault || said.Values.Length != said.Tokens.Length)
                throw new InvalidOperationException(
                    $"gae: game {trajectory.GameNumber}, seat {trajectory.Seat} was played without recorded values. Give the model value-head = on, or take another advantage."
                );
            values.AddRange(_options.By == Unit.Token ? said.Values.Select(v => (double)v) : [said.Values[0]]);
        }
        var rewards = new double[values.Count];
        if (rewards.Length == 0)
            return ([], []);
        rewards[^1] += trajectory.Reward;
        foreach (var credit in trajectory.Credits)
        {
            var (from, to) = trajectory.TokensOf(credit);
            if (to > from)
                rewards[first[credit.Step] + (_options.By == Unit.Token ? to - 1 : 0)] += credit.Score;
        }
        var advantages = new double[values.Count];
        double next = 0,
            after = 0;
        for (var t = advantages.Length - 1; t >= 0; t--)
        {
            next = rewards[t] + _options.Gamma * after - values[t] + _options.Gamma * _options.Lambda * next;
            (advantages[t], after) = (next, values[t]);
        }
        return (advantages, [.. values]);
    }

    // One number a step to one a token.
    private float[][] Lay(Trajectory trajectory, double[] steps)
    {
        var laid = new float[trajectory.Steps.Length][];
        var next = 0;
        for (var s = 0; s < laid.Length; s++)
        {
            laid[s] = new float[trajectory.Steps[s].Said.Tokens.Length];
            if (laid[s].Length == 0)
                continue;
            if (_options.By == Unit.Reply)
                laid[s].AsSpan().Fill((float)steps[next++]);
            else
                for (var t = 0; t < laid[s].Length; t++)
                    laid[s][t] = (float)steps[next++];
        }
        return laid;
    }

    private static (double Mean, double Deviation) Moments(double[] all)
    {
        if (all.Length < 2)
            return (0, 1);
        var mean = all.Average();
        return (mean, Math.Sqrt(all.Sum(a => (a - mean) * (a - mean)) / (all.Length - 1)) + 1e-8);
    }
}
