// From rewards to a weight per token. Pure save for declared baselines, which are saved with the checkpoint.
using System.Text.Json.Nodes;

namespace AgentArena.Core.Learning;

/// <summary>Turns a batch of rewarded trajectories into a weight per token.</summary>
public abstract class Advantage
{
    /// <summary>
    /// One array a trajectory, one array a step in it, one weight a sampled token. The trajectories come ordered by
    /// (game number, seat), whatever order the games ended in.
    /// </summary>
    public abstract IReadOnlyList<float[][]> Weigh(IReadOnlyList<Trajectory> batch);

    /// <summary>
    /// Whether it reads <see cref="AgentArena.Core.Models.Utterance.Values"/>, so that the policy's model must have a
    /// value head.
    /// </summary>
    public virtual bool NeedsValues => false;

    /// <summary>
    /// What the value head should have said at each sampled token, laid out like <see cref="Weigh"/>; null where no
    /// value is learned.
    /// </summary>
    public virtual IReadOnlyList<float[][]>? Targets(IReadOnlyList<Trajectory> batch) => null;

    /// <summary>Baselines and the like, for the checkpoint; null where there is nothing to keep.</summary>
    public virtual JsonNode? Save() => null;

    /// <summary>Restores what <see cref="Save"/> returned.</summary>
    public virtual void Load(JsonNode? state) { }

    /// <summary>Spreads one weight per trajectory over all its tokens.</summary>
    protected static float[][] Spread(Trajectory trajectory, double weight)
    {
        var steps = new float[trajectory.Steps.Length][];
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = new float[trajectory.Steps[i].Said.Tokens.Length];
            steps[i].AsSpan().Fill((float)weight);
        }
        return steps;
    }
}
