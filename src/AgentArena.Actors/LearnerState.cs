// What a learner keeps beside the weights. Knows its place in a checkpoint, and nothing of what the parts mean.
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentArena.Actors;

/// <summary>
/// A learner's own state at one version. It is saved with the weights as one atomic thing, so that after a crash both
/// go back to the same place in the ledger.
/// </summary>
/// <param name="Offset">The ledger's position up to which the weights have learned.</param>
/// <param name="Advantage">The advantage's baselines; null where it keeps none.</param>
/// <param name="Health">The gauges' means; null in checkpoints of versions that had no gauges.</param>
/// <param name="Population">What the policy has as a member of a population; null where it is none.</param>
public sealed record LearnerState(long Offset, JsonNode? Advantage, JsonNode? Health, JsonNode? Population)
{
    /// <summary>Its file in a checkpoint.</summary>
    public const string FileName = "learner.json";

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The state of a checkpoint; null where it was saved without one.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    public static LearnerState? Read(string folder) =>
        JsonSerializer.Deserialize<LearnerState>(File.ReadAllText(Path.Combine(folder, FileName)), Options);

    /// <summary>Writes it into a checkpoint that is being made.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    public void Write(string folder) =>
        File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Options));
}
