// A learner's part in a population: what it has scored, what it learns with. Knows no other member.
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentArena.Core.Models;
using AgentArena.Core.Scenarios;
using AgentArena.Learning;

namespace AgentArena.Actors;

/// <summary>One member's settings, and its score since its last step.</summary>
internal sealed class PopulationMember(PopulationSpec spec, ulong seed, string policy)
{
    private double _sum;
    private int _count;

    /// <summary>What it learns with.</summary>
    public LearnSettings Settings { get; set; } = Population.First(spec, seed, policy);

    /// <summary>Whether a step is due at this version.</summary>
    public bool IsDue(int version) => version > 0 && version % spec.Every == 0;

    /// <summary>Reads the score out of an update's or an evaluation's figures.</summary>
    public void Observe(ImmutableSortedDictionary<string, double> figures)
    {
        if (!figures.TryGetValue(spec.Score, out var value))
            return;
        _sum += value;
        _count++;
    }

    /// <summary>The mean score since the last step, which begins anew.</summary>
    /// <exception cref="InvalidOperationException">There was no such figure.</exception>
    public double Take()
    {
        if (_count == 0)
            throw new InvalidOperationException(
                $"population.score: {policy} has had no figure '{spec.Score}'. Name one that metrics.jsonl shows, and let "
                    + $"it come at least every {spec.Every} updates (run.evaluate-every)."
            );
        var score = _sum / _count;
        (_sum, _count) = (0, 0);
        return score;
    }

    /// <summary>For the checkpoint.</summary>
    public JsonNode Save() =>
        new JsonObject
        {
            ["settings"] = JsonSerializer.SerializeToNode(Settings),
            ["sum"] = _sum,
            ["count"] = _count,
        };

    /// <summary>What <see cref="Save"/> returned; null at the beginning.</summary>
    public void Load(JsonNode? saved)
    {
        Settings = saved?["settings"].Deserialize<LearnSettings>() ?? Population.First(spec, seed, policy);
        (_sum, _count) = (saved?["sum"]?.GetValue<double>() ?? 0, saved?["count"]?.GetValue<int>() ?? 0);
    }
}
