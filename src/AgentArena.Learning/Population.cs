// Population-based training: who gives up its weights for whose, and with what settings it goes on. Knows figures, no
// weight.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Learning;

/// <summary>What a member is told at a step: from whom to take over, with which settings.</summary>
public sealed record Advice(string Parent, LearnSettings Settings, double Score, double ParentScore);

/// <summary>The newest scores of all members. Asynchronous: each step sees what there is.</summary>
/// <param name="spec">The population.</param>
/// <param name="seed">The run's seed.</param>
public sealed class Population(PopulationSpec spec, ulong seed)
{
    private readonly SortedDictionary<string, (double Score, LearnSettings Settings)> _reports = new(
        StringComparer.Ordinal
    );

    /// <summary>What a member begins with.</summary>
    public static LearnSettings First(PopulationSpec spec, ulong seed, string member)
    {
        var stream = new RandomStream(RandomStream.Derive(seed, $"population-{member}"));
        double Draw() => Math.Pow(spec.Spread, 2 * stream.NextDouble() - 1);
        var (rate, entropy) = (Draw(), Draw());
        return new LearnSettings(spec.Rate ? rate : 1, spec.Entropy ? entropy : 1);
    }

    /// <summary>
    /// A member is ready. Null: it goes on as it is, being none of the worst, or not all having reported yet.
    /// </summary>
    public Advice? Step(string member, int version, double score, LearnSettings settings)
    {
        _reports[member] = (spec.Lowest ? -score : score, settings);
        if (_reports.Count < spec.Members.Length)
            return null;
        var ranked = _reports
            .OrderBy(r => r.Value.Score)
            .ThenBy(r => r.Key, StringComparer.Ordinal)
            .Select(r => r.Key)
            .ToArray();
        var few = Math.Max(1, (int)(spec.Share * ranked.Length));
        if (Array.IndexOf(ranked, member) >= few)
            return null;
        var stream = new RandomStream(RandomStream.Derive(seed, $"population-{member}", version));
        var parent = ranked[ranked.Length - few + stream.Next(few)];
        var taken = _reports[parent];
        if (taken.Score <= _reports[member].Score)
            return null;
        double Perturbed(double setting, bool on) =>
            on ? setting * spec.Factors[stream.Next(spec.Factors.Length)] : setting;
        var changed = new LearnSettings(
            Perturbed(taken.Settings.Rate, spec.Rate),
            Perturbed(taken.Settings.Entropy, spec.Entropy)
        );
        // It stands where its parent stood until it has a score of its own.
        _reports[member] = (taken.Score, changed);
        return new Advice(parent, changed, score, spec.Lowest ? -taken.Score : taken.Score);
    }
}

/// <summary>
/// Each game to one member in turn, who takes every seat that the scenario gives to a member: many self-plays in one
/// run, of equal length.
/// </summary>
public sealed class PopulationPlay : Matchmaker
{
    /// <inheritdoc/>
    public override bool LooksAhead => true;

    /// <inheritdoc/>
    public override Assignment Next(MatchContext table, long number, ref RandomStream stream)
    {
        var members = table.Scenario.Population!.Members;
        var game = Draw(table.Shares, ref stream);
        var turn = members[(int)(number % members.Length)];
        return new Assignment(
            number,
            game,
            new GameSetup(stream.NextUInt64()),
            [.. Seat(table, game).Select(s => members.Contains(s) ? turn : s)]
        );
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Seats(Scenario scenario) => scenario.Population?.Members ?? [];

    /// <inheritdoc/>
    public override void Check(MatchContext table, string path, Mistakes mistakes)
    {
        if (table.Scenario.Population is null)
            mistakes.Add(
                path,
                "deals games to the members of a population, but scenario.population is missing. Name its members there."
            );
    }
}
