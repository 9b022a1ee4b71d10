// What the trainer is given: ids as they were sampled, weights as the advantage decided, and what came of it.
using System.Collections.Immutable;

namespace AgentArena.Core.Models;

/// <summary>One sampled reply to learn from.</summary>
public sealed record TrainingRow
{
    /// <summary>Ids the policy was conditioned on.</summary>
    public required ImmutableArray<int> Prompt { get; init; }

    /// <summary>Ids it sampled.</summary>
    public required ImmutableArray<int> Tokens { get; init; }

    /// <summary>
    /// Their log-probabilities when sampled, under mask and temperature; NaN where they were not sampled but
    /// demonstrated.
    /// </summary>
    public required ImmutableArray<float> LogProbs { get; init; }

    /// <summary>Ids allowed at each sampled position; default where sampling was free.</summary>
    public ImmutableArray<ImmutableArray<int>> Allowed { get; init; }

    /// <summary>Weight of each sampled token in the policy-gradient sum (its advantage); 0 masks it out.</summary>
    public required ImmutableArray<float> Weights { get; init; }

    /// <summary>What the value head should say at each sampled position; default where no value is learned.</summary>
    public ImmutableArray<float> Targets { get; init; }

    /// <summary>
    /// What a teacher is told beyond the prompt, as a message of the user's; null where the reply has no teacher.
    /// </summary>
    public string? Hint { get; init; }

    /// <summary>
    /// Ids the teacher is conditioned on: the prompt with the hint. The model's to fill in; default where there is
    /// none.
    /// </summary>
    public ImmutableArray<int> Privileged { get; init; }

    /// <summary>Temperature it was sampled at, applied again when its log-probabilities are computed.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Version of the weights that sampled it.</summary>
    public int Version { get; init; }

    /// <summary>
    /// Index of its game (trajectory) within the batch: losses that average over games need to know which rows belong
    /// together.
    /// </summary>
    public required int Trajectory { get; init; }

    /// <summary>
    /// Index of its comparison group (same task, game and role) within the batch; -1 for demonstrations.
    /// </summary>
    public int Group { get; init; }

    /// <summary>Whether it was cut at its budget.</summary>
    public bool Truncated { get; init; }
}

/// <summary>
/// A reply somebody else gave, to be learned as if it had been said here: words, for the model to put into ids of its
/// own.
/// </summary>
/// <param name="Messages">The conversation up to the reply.</param>
/// <param name="Legal">What the reply would be held to; default where it is free.</param>
/// <param name="Text">The reply.</param>
/// <param name="Weight">Weight of each of its tokens.</param>
/// <param name="Trajectory">As <see cref="TrainingRow.Trajectory"/>.</param>
public sealed record Demonstration(
    ImmutableArray<Message> Messages,
    ImmutableArray<string> Legal,
    string Text,
    float Weight,
    int Trajectory
);

/// <summary>
/// Rows for one update. <see cref="Progress"/> is the share of the run's planned updates already made, for schedules.
/// </summary>
public sealed record TrainingBatch(ImmutableArray<TrainingRow> Rows, int Trajectories, int Games, double Progress)
{
    /// <summary>Factors of what the recipe says, as a population has tuned them.</summary>
    public LearnSettings Settings { get; init; } = new();

    /// <summary>Replies of others to learn beside the rows.</summary>
    public ImmutableArray<Demonstration> Demonstrations { get; init; } = [];
}

/// <summary>What an update did; every number also goes to <c>metrics.jsonl</c> under its kebab-case name.</summary>
public sealed record UpdateReport
{
    /// <summary>The version the update made.</summary>
    public required int Version { get; init; }

    /// <summary>The scalar loss.</summary>
    public double Loss { get; init; }

    /// <summary>Mean entropy (nats) of the sampled positions' distributions.</summary>
    public double Entropy { get; init; }

    /// <summary>Mean KL to the recipe's reference (0 where it has none).</summary>
    public double Kl { get; init; }

    /// <summary>Mean squared error of the value head (0 where it has none).</summary>
    public double ValueError { get; init; }

    /// <summary>Gradient norm before clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>Share of tokens whose ratio left the clip band.</summary>
    public double ClipShare { get; init; }

    /// <summary>
    /// Mean absolute gap between recorded log-probabilities and those of the weights that sampled them, recomputed; 0
    /// staleness only.
    /// </summary>
    public double GapMean { get; init; }

    /// <summary>95th percentile of that gap.</summary>
    public double GapP95 { get; init; }

    /// <summary>Largest gap.</summary>
    public double GapMax { get; init; }

    /// <summary>Learning rate used.</summary>
    public double LearningRate { get; init; }

    /// <summary>Sampled tokens in the batch.</summary>
    public int Tokens { get; init; }

    /// <summary>Token positions actually computed after equal prefixes were merged.</summary>
    public int ComputedTokens { get; init; }

    /// <summary>Seconds the update took.</summary>
    public double Seconds { get; init; }
}

/// <summary>What a member of a population changes of its learning: factors of what its scenario says.</summary>
/// <param name="Rate">Of the learning rate.</param>
/// <param name="Entropy">Of the entropy coefficients.</param>
public sealed record LearnSettings(double Rate = 1, double Entropy = 1);
