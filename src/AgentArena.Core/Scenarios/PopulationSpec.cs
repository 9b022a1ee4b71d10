// What a scenario says of a population. Knows figures by name, no weight.
using System.Collections.Immutable;
using AgentArena.Core.Configuration;

namespace AgentArena.Core.Scenarios;

/// <summary>
/// Policies that learn side by side and take over from the best of them (PBT, Jaderberg et al. 2017, arXiv 1711.09846).
/// </summary>
public sealed record PopulationSpec
{
    /// <summary>The policies; they share one network's shape.</summary>
    public required ImmutableArray<string> Members { get; init; }

    /// <summary>Updates of a member between its steps; a multiple of run.checkpoint-every.</summary>
    public int Every { get; init; } = 200;

    /// <summary>
    /// The figure of its updates or evaluations that members are compared by: its mean since the last step.
    /// </summary>
    public required string Score { get; init; }

    /// <summary>Whether a low figure is a good one (exploitability).</summary>
    public bool Lowest { get; init; }

    /// <summary>Share of the members, worst and best, at least one: a worst one takes over from a best one.</summary>
    public double Share { get; init; } = 0.2;

    /// <summary>What each setting that is taken over is multiplied by, one of them drawn.</summary>
    public ImmutableArray<double> Factors { get; init; } = [0.8, 1.2];

    /// <summary>First settings are drawn from 1/spread to spread, evenly in their logarithm.</summary>
    public double Spread { get; init; } = 3;

    /// <summary>Whether rates are part of it.</summary>
    public bool Rate { get; init; } = true;

    /// <summary>Whether entropy coefficients are part of it.</summary>
    public bool Entropy { get; init; } = true;

    /// <summary>Collects what is wrong with it in a scenario.</summary>
    public void Check(Scenario scenario, string path, Mistakes mistakes)
    {
        if (Members.Length < 2 || Members.Distinct().Count() < Members.Length)
            mistakes.Add($"{path}.members", "should name two policies or more, each once.");
        foreach (var member in Members)
            if (!scenario.Policies.TryGetValue(member, out var policy))
                mistakes.Add($"{path}.members", DidYouMean.Unknown("policy", member, scenario.Policies.Keys));
            else if (!policy.Train || policy.Model is null)
                mistakes.Add($"{path}.members", $"{member} does not learn. Give it a model and train = on.");
        if (Members.Select(m => scenario.Policies.GetValueOrDefault(m)?.Model).Distinct().Count() > 1)
            mistakes.Add(
                $"{path}.members",
                "have different models, so that no weights could be taken over. Give them one."
            );
        if (Every < 1 || Every % scenario.Run.CheckpointEvery != 0)
            mistakes.Add(
                $"{path}.every",
                $"is {Every}; what is taken over is kept by a checkpoint, and one is written every {scenario.Run.CheckpointEvery} updates (run.checkpoint-every). Make it a multiple of that."
            );
        if (Share is not (> 0 and <= 0.5))
            mistakes.Add($"{path}.share", $"is {Share}; it should lie above 0 and at most at 0.5.");
        if (Factors.IsEmpty || Factors.Any(f => !(f > 0)) || !(Spread >= 1))
            mistakes.Add($"{path}.factors", "factors should be above 0, and spread 1 or above.");
    }
}
