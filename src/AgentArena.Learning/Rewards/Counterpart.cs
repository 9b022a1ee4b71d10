// What one side is paid for what another side got. Knows roles and scores, never what was played.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// R of every seat of <c>to</c> = f(s), s = mean r(of) over the seats of <c>by</c> of which it says something.
/// Opposite: −s (zero-sum). Complement: 1 − s. Same: s, as for a helper. Barely (STP, arXiv 2502.00212): 1 where low
/// &lt; s &lt; high, else 0: solved, but seldom; the paper's band is (0, ¼). For the other functions of a solve rate
/// that proposers are paid by see <c>difficulty</c>, where the rules measure it.
/// </summary>
public sealed class Counterpart(Counterpart.Options options, Catalog catalog) : Reward
{
    /// <summary>What s is worth to the other side.</summary>
    public enum Kind
    {
        /// <summary>−s.</summary>
        Opposite,

        /// <summary>1 − s.</summary>
        Complement,

        /// <summary>s.</summary>
        Same,

        /// <summary>1 within an open band.</summary>
        Barely,
    }

    /// <summary>Options of <see cref="Counterpart"/>.</summary>
    public sealed record Options
    {
        /// <summary>What scores the other side.</summary>
        public Plugin Of { get; init; } = new("outcome");

        /// <summary>The other side.</summary>
        public string By { get; init; } = "solver";

        /// <summary>The side that is paid.</summary>
        public string To { get; init; } = "proposer";

        /// <summary>What s is worth.</summary>
        public Kind Form { get; init; } = Kind.Opposite;

        /// <summary>Barely: s must be above.</summary>
        public double Low { get; init; }

        /// <summary>Barely: s must be below.</summary>
        public double High { get; init; } = 0.25;
    }

    private readonly Reward _of = catalog.Rewards.Create(options.Of, "of");

    /// <inheritdoc/>
    protected override IEnumerable<Reward> Parts => [_of];

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var (scores, others) = (SeatsOf.Silent(episode), _of.Score(episode));
        double[] said =
        [
            .. SeatsOf.Role(episode, options.By).Select(seat => others[seat]).Where(s => !double.IsNaN(s)),
        ];
        if (said.Length == 0)
            return scores;
        var s = said.Average();
        var worth = options.Form switch
        {
            Kind.Complement => 1 - s,
            Kind.Same => s,
            Kind.Barely => s > options.Low && s < options.High ? 1 : 0,
            _ => -s,
        };
        foreach (var seat in SeatsOf.Role(episode, options.To))
            scores[seat] = worth;
        return scores;
    }
}
