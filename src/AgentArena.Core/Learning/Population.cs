// Population-based training: who gives up its weights for whose, and with what settings it goes on. Knows figures, no
// weight.
using System.Collections.Immutable;
using AgentArena.Core.Configuration;
using AgentArena.Core.Games;

namespace AgentArena.Core.Learning;

/// <summary>What a member of a population changes of its learning: factors of what its scenario says.</summary>
/// <param name="Rate">Of the learning rate.</param>
/// <param name="Entropy">Of the entropy coefficients.</param>
public sealed record LearnSettings(double Rate = 1, double Entropy = 1);

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
                mistakes.Add($"{path}.members", Nearest.Unknown("policy", member, scenario.Policies.Keys));
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
    public override Assignment Next(Table table, long number, ref RandomStream stream)
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
    public override void Check(Table table, string path, Mistakes mistakes)
    {
        if (table.Scenario.Population is null)
            mistakes.Add(
                path,
                "deals games to the members of a population, but scenario.population is missing. Name its members there."
            );
    }
}
