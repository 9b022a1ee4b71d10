// A scenario's own evaluations: games with rules, seats and temperature of their own, played with the weights of one
// checkpoint.
using System.Globalization;
using AgentArena.Actors;
using AgentArena.Actors.Tools;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Players;
using AgentArena.Core.Scenarios;

namespace AgentArena.Cli.Play;

/// <summary>One <c>evaluation</c> block of a run, ready to be played.</summary>
internal sealed class EvaluationBlock
{
    private readonly RunReading _run;
    private readonly EvaluationSpec _spec;
    private readonly BoundScenario _ground;

    private EvaluationBlock(string name, RunReading run, EvaluationSpec spec, BoundScenario ground) =>
        (Name, _run, _spec, _ground) = (name, run, spec, ground);

    /// <summary>The block's name.</summary>
    public string Name { get; }

    /// <summary>All blocks of a run's scenario.</summary>
    /// <exception cref="ScenarioException">A block has mistakes.</exception>
    public static IReadOnlyList<EvaluationBlock> Of(RunReading run)
    {
        var mistakes = new Mistakes();
        var trials = new List<EvaluationBlock>();
        foreach (var (name, spec) in run.Ground.Scenario.Evaluation)
            if (run.Ground.Evaluation(name, mistakes) is { } ground)
                trials.Add(new EvaluationBlock(name, run, spec, ground));
        mistakes.ThrowIfAny();
        return trials;
    }

    /// <summary>
    /// Plays the block's games: the mean of every measure, and of each seat's payoff as <c>payoff/role-seat</c>.
    /// </summary>
    /// <param name="weights">The checkpoint folder of each policy that has weights; null for its first ones.</param>
    /// <param name="tools">Started tools by policy.</param>
    public SortedDictionary<string, double> Play(IReadOnlyDictionary<string, string?> weights, Toolbox tools)
    {
        var game = _ground.Games[Name];
        var policies = Enumerable
            .Range(0, game.Facts.Seats)
            .Select(seat => _ground.Scenario.PolicyAt(game.Facts.Roles[seat], seat)!)
            .ToArray();
        var contestants = policies.Distinct().ToDictionary(p => p, p => Sit(p, weights, tools));
        try
        {
            var sums = new SortedDictionary<string, (double Sum, int Count)>(StringComparer.Ordinal);
            var games = Enumerable
                .Range(0, _spec.Games)
                .Select(i => new RolloutGame(i, Name, [.. policies.Select(p => contestants[p])], []));
            foreach (var episode in new Rollouts(_ground, (ulong)_spec.Seed).Play(games))
            {
                if (!episode.Outcome!.IsScored)
                    throw new InvalidOperationException(
                        $"evaluation.{Name}: game {episode.Number} failed: {episode.Outcome.Note}"
                    );
                foreach (var (measure, value) in episode.Outcome.Measures)
                    Add(measure, value);
                for (var seat = 0; seat < episode.Outcome.Payoffs.Length; seat++)
                    Add(
                        string.Create(CultureInfo.InvariantCulture, $"payoff/{game.Facts.Roles[seat]}-{seat}"),
                        episode.Outcome.Payoffs[seat]
                    );
            }
            return new(sums.ToDictionary(s => s.Key, s => s.Value.Sum / s.Value.Count), StringComparer.Ordinal);

            void Add(string key, double value)
            {
                var (sum, count) = sums.GetValueOrDefault(key);
                sums[key] = (sum + value, count + 1);
            }
        }
        finally
        {
            foreach (var contestant in contestants.Values)
                contestant.Model?.Dispose();
        }
    }

    private Contestant Sit(string policy, IReadOnlyDictionary<string, string?> weights, Toolbox tools)
    {
        var spec = _ground.Scenario.Policies[policy];
        var player = _ground.Players[policy];
        if (player is RemotePlayer or PersonPlayer)
            throw new UserException(
                $"evaluation.{Name}: {policy} is a remote model or a person, which plays in runs only. Seat another policy in the block."
            );
        if (!player.NeedsWeights)
            return new Contestant(policy, player, spec) { Tool = tools.Tools.GetValueOrDefault(policy) };
        var owner = _ground.Scenario.WeightsOf(policy);
        var model = _run.Load(owner, weights[owner]);
        var drawn = spec with { Temperature = _spec.Temperature ?? spec.Temperature };
        return new Contestant(FrozenPolicy.Name(policy, model.Version), player, drawn, model);
    }
}
