// A soft reward, trusted as far as it agrees with a hard one. Knows neither.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// R = γ·r(of), γ = 1 where over the seats of one role the mean r of the right ones (r(outcome) ≥ ½) is at least that
/// of the wrong ones, else γ = exp(mean right − mean wrong): where a judge of thoughts likes wrong replies better, it
/// is believed less. γ = 1 where all are right or all are wrong. Trust-GRPO (SophiaVL-R1, arXiv 2505.17018), there
/// within a group, here within the seats of a role of one game; there also annealed: put it into <c>shaped</c> with
/// <c>from = 0.3</c> and <c>steps</c>.
/// </summary>
public sealed class TrustWeight(TrustWeight.Options options, Catalog catalog) : Reward
{
    /// <summary>Options of <see cref="TrustWeight"/>.</summary>
    public sealed record Options
    {
        /// <summary>The soft reward.</summary>
        public required Plugin Of { get; init; }

        /// <summary>The hard one.</summary>
        public Plugin Outcome { get; init; } = new("outcome");
    }

    private readonly Reward _of = catalog.Rewards.Create(options.Of, "of"),
        _outcome = catalog.Rewards.Create(options.Outcome, "outcome");

    /// <inheritdoc/>
    protected override IEnumerable<Reward> Parts => [_of, _outcome];

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var (scores, outcome) = (_of.Score(episode), _outcome.Score(episode));
        foreach (
            var group in Enumerable
                .Range(0, scores.Length)
                .Where(s => !double.IsNaN(scores[s]) && !double.IsNaN(outcome[s]))
                .GroupBy(s => episode.Game.Facts.Roles[s])
                .ToArray()
        )
        {
            double[] right = [.. group.Where(s => outcome[s] >= 0.5).Select(s => scores[s])],
                wrong = [.. group.Where(s => outcome[s] < 0.5).Select(s => scores[s])];
            if (right.Length == 0 || wrong.Length == 0)
                continue;
            var trust = Math.Min(1, Math.Exp(right.Average() - wrong.Average()));
            foreach (var seat in group)
                scores[seat] *= trust;
        }
        return scores;
    }
}
