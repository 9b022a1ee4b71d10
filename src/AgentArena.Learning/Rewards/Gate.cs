// One reward that counts only where another allows it. Knows neither.
using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// R = r(of) where r(when) ≥ at-least, else <c>otherwise</c>; credits pass only where the gate is open. Nothing is said
/// where either says nothing. Posterior-GRPO (arXiv 2508.05170) is format + outcome + gate(thinking, when outcome): a
/// good process is worth something only behind a right answer. As a veto: of = payoff, when = format.
/// </summary>
public sealed class Gate(Gate.Options options, Catalog catalog) : Reward
{
    /// <summary>Options of <see cref="Gate"/>.</summary>
    public sealed record Options
    {
        /// <summary>What counts.</summary>
        public required Plugin Of { get; init; }

        /// <summary>What allows it.</summary>
        public Plugin When { get; init; } = new("outcome");

        /// <summary>The least score that allows it.</summary>
        public double AtLeast { get; init; } = 0.5;

        /// <summary>The reward where it does not.</summary>
        public double Otherwise { get; init; }
    }

    private readonly Reward _of = catalog.Rewards.Create(options.Of, "of"),
        _when = catalog.Rewards.Create(options.When, "when");

    /// <inheritdoc/>
    protected override IEnumerable<Reward> Parts => [_of, _when];

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var (scores, allowed) = (_of.Score(episode), _when.Score(episode));
        for (var seat = 0; seat < scores.Length; seat++)
            if (double.IsNaN(allowed[seat]))
                scores[seat] = double.NaN;
            else if (!double.IsNaN(scores[seat]) && allowed[seat] < options.AtLeast)
                scores[seat] = options.Otherwise;
        return scores;
    }

    /// <inheritdoc/>
    public override ImmutableArray<Credit> Credits(Episode episode, int seat) =>
        _when.Score(episode)[seat] >= options.AtLeast ? _of.Credits(episode, seat) : [];
}
