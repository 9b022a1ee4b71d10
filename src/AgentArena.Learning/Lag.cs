// Play against a policy's earlier weights: which versions exist when, and who meets them. Knows no weight.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Scenarios;

namespace AgentArena.Learning;

/// <summary>Versions of a policy that can be played.</summary>
public static class FrozenVersions
{
    /// <summary>
    /// The newest <paramref name="most"/> multiples of <paramref name="every"/> that are certain to be on disk when
    /// game <paramref name="number"/> begins, newest first.
    /// </summary>
    public static List<int> Newest(LearnSpec learn, long number, int every, int most)
    {
        // A game begins at most 1 + max-staleness batches ahead of what was learned, and an update begins after the
        // checkpoint of the one before. Where other policies learn for longer, games go on when this one's last version
        // is made.
        var certain = (int)Math.Clamp(number / learn.Batch - learn.MaxStaleness - 1, 0, learn.Updates);
        var versions = new List<int>();
        for (var version = certain / every * every; version > 0 && versions.Count < most; version -= every)
            versions.Add(version);
        return versions;
    }

    /// <summary>Collects what keeps a policy's versions from being played.</summary>
    public static void Check(Scenario scenario, string policy, int every, string path, Mistakes mistakes)
    {
        if (every % scenario.Run.CheckpointEvery != 0)
            mistakes.Add(
                $"{path}.every",
                $"is {every}, but a checkpoint is written every {scenario.Run.CheckpointEvery} updates (run.checkpoint-every). Make it a multiple of that."
            );
        var needed = scenario.Policies.ContainsKey(policy)
            ? scenario.LearnOf(policy).Updates / scenario.Run.CheckpointEvery
            : 0;
        if (scenario.Run.KeepCheckpoints < needed)
            mistakes.Add(
                "scenario.run.keep-checkpoints",
                $"is {scenario.Run.KeepCheckpoints}; frozen versions are played from their checkpoints, of which this run writes {needed}. Give at least that."
            );
    }
}

/// <summary>
/// Lagged opponents at a table of several learners: in a share of the games one of them, drawn anew, plays its newest
/// weights and each other one an earlier version of its own, so that none forgets what beat the others before (SPC
/// plays each side against the other's last round).
/// </summary>
public sealed record Lag
{
    /// <summary>Share of the games, once there is an earlier version.</summary>
    public double Share { get; init; } = 0.5;

    /// <summary>Updates between versions that are played; a multiple of run.checkpoint-every.</summary>
    public required int Every { get; init; }

    /// <summary>How many of the newest are drawn from.</summary>
    public int Most { get; init; } = 1;

    /// <summary>The seats with earlier versions in them, or as they were.</summary>
    public ImmutableArray<string> Seat(
        Scenario scenario,
        long number,
        ImmutableArray<string> seats,
        ref RandomStream stream
    )
    {
        var learners = seats.Where(s => scenario.Policies.GetValueOrDefault(s)?.Train == true).Distinct().ToArray();
        if (learners.Length < 2 || stream.NextDouble() >= Share)
            return seats;
        var newest = learners[stream.Next(learners.Length)];
        foreach (var other in learners)
            if (
                other != newest
                && FrozenVersions.Newest(scenario.LearnOf(other), number, Every, Most) is { Count: > 0 } versions
            )
            {
                var frozen = FrozenPolicy.Name(other, versions[stream.Next(versions.Count)]);
                seats = [.. seats.Select(s => s == other ? frozen : s)];
            }
        return seats;
    }

    /// <summary>Collects what is wrong with it in a scenario.</summary>
    public void Check(Scenario scenario, string path, Mistakes mistakes)
    {
        if (Share is not (> 0 and <= 1))
            mistakes.Add($"{path}.share", $"is {Share}; it should lie above 0 and at most at 1.");
        if (Every < 1 || Most < 1)
            mistakes.Add($"{path}.every", $"every and most are {Every} and {Most}; each should be 1 or more.");
        else
            foreach (var policy in scenario.Policies.Where(p => p.Value.Train))
                FrozenVersions.Check(scenario, policy.Key, Every, path, mistakes);
    }
}
