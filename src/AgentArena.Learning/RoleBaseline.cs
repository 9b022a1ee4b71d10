// Role-conditioned advantage estimation (RAE; SPIRAL, arXiv 2506.24119, algorithm 1): reward less a running mean per
// game and seat.
using System.Text.Json.Nodes;
using AgentArena.Core.Learning;

namespace AgentArena.Learning;

/// <summary>Whether a reward is compared with the baseline as it was before the reward came, or after.</summary>
public enum BaselineOrder
{
    /// <summary>As SPIRAL's code does: unbiased.</summary>
    BeforeUpdate,

    /// <summary>As the paper's algorithm does: every advantage is shrunk by the decay.</summary>
    AfterUpdate,
}

/// <summary>Who shares a baseline.</summary>
public enum BaselineKey
{
    /// <summary>Each seat of each game has its own (the roles p of a two-player game).</summary>
    Seat,

    /// <summary>Seats of one role share one.</summary>
    Role,
}

/// <summary>A = R − b, b ← decay·b + (1 − decay)·R, per game, role and seat.</summary>
public sealed class RoleBaseline : Advantage
{
    /// <summary>Options of <see cref="RoleBaseline"/>; the defaults are SPIRAL's.</summary>
    public sealed record Options
    {
        /// <summary>Weight of the past, in [0, 1).</summary>
        public double Decay { get; init; } = 0.95;

        /// <summary>Which baseline a reward is compared with.</summary>
        public BaselineOrder Order { get; init; } = BaselineOrder.BeforeUpdate;

        /// <summary>The baseline before any reward.</summary>
        public double Init { get; init; }

        /// <summary>Who shares a baseline.</summary>
        public BaselineKey By { get; init; } = BaselineKey.Seat;
    }

    private readonly Options _options;
    private readonly SortedDictionary<string, double> _baselines = new(StringComparer.Ordinal);

    /// <summary>Baselines at their start.</summary>
    /// <exception cref="ArgumentException">The decay is outside [0, 1).</exception>
    public RoleBaseline(Options options)
    {
        if (options.Decay is not (>= 0 and < 1))
            throw new ArgumentException($"decay is {options.Decay}; it should lie in [0, 1).");
        _options = options;
    }

    /// <summary>The baselines by <c>game/role/seat</c>, for metrics.</summary>
    public IReadOnlyDictionary<string, double> Baselines => _baselines;

    /// <inheritdoc/>
    public override IReadOnlyList<float[][]> Weigh(IReadOnlyList<Trajectory> batch)
    {
        var weights = new float[batch.Count][][];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Spread(batch[i], double.IsNaN(batch[i].Reward) ? 0 : Advance(batch[i]));
        return weights;
    }

    /// <inheritdoc/>
    public override JsonNode Save()
    {
        var saved = new JsonObject();
        foreach (var (key, value) in _baselines)
            saved[key] = value;
        return saved;
    }

    /// <inheritdoc/>
    public override void Load(JsonNode? state)
    {
        _baselines.Clear();
        if (state is null)
            return;
        foreach (var (key, value) in state.AsObject())
            _baselines[key] = value!.GetValue<double>();
    }

    private double Advance(Trajectory t)
    {
        var key = _options.By == BaselineKey.Seat ? $"{t.Game}/{t.Role}/{t.Seat}" : $"{t.Game}/{t.Role}";
        var before = _baselines.GetValueOrDefault(key, _options.Init);
        var after = _options.Decay * before + (1 - _options.Decay) * t.Reward;
        _baselines[key] = after;
        return t.Reward - (_options.Order == BaselineOrder.BeforeUpdate ? before : after);
    }
}
