// Rewards out of a model's own probabilities: of its answer, of a reference answer, of one last token. Reads what was recorded, measures nothing.
using System.Collections.Immutable;
using AgentArena.Core.Answers;
using AgentArena.Core.Games;

namespace AgentArena.Core.Rewards;

/// <summary>
/// Over values that were recorded as <see cref="Measured"/> events under <c>measure</c> (log-probabilities l_t in nats unless said otherwise), or,
/// for the forms marked *, over what the sampler recorded with the seat's last reply where no event is:
/// <list type="bullet">
/// <item>Mean: R = mean of the values (the average log-likelihood; with values of per-position KL(U‖p), self-certainty, arXiv 2502.18581).</item>
/// <item>Confidence*: R = mean probability of the tokens of the final answer (CRew).</item>
/// <item>Reference: R = clip(mean e^l − mean e^l0, 0, 1), l of the reference answer after the reasoning, l0 of the same without, as measured under <c>bare</c> (RLPR, arXiv 2506.18254).</item>
/// <item>Aligned*: R = clip((ppl0 − ppl)/ppl0, −1, 1), ppl = e^(−mean l) of the reply with its question, ppl0 without, under <c>bare</c> (Self-Aligned Reward, arXiv 2509.05489).</item>
/// <item>Reflection: R = Σ_j w_j·l_j, w_j ∝ the standard deviation of token j's l over the role's seats: tokens that the reasoning decides count (R3 of DRO, arXiv 2506.13351); all alike where no token varies.</item>
/// <item>LastToken: R = beta·(l − c), one value: the log-probability of a reserved token after the reply (LaSeR: beta 0.1, c −23).</item>
/// </list>
/// </summary>
public sealed class Likelihood : Reward
{
    /// <summary>How values become a reward.</summary>
    public enum Kind
    {
        /// <summary>Their mean.</summary>
        Mean,

        /// <summary>Mean probability of the final answer's tokens.</summary>
        Confidence,

        /// <summary>Probability of the reference answer, beyond what it has without reasoning.</summary>
        Reference,

        /// <summary>Relative fall of perplexity by the question.</summary>
        Aligned,

        /// <summary>Log-likelihood of the tokens that reasoning decides.</summary>
        Reflection,

        /// <summary>Scaled log-probability of one token.</summary>
        LastToken,
    }

    /// <summary>Options of <see cref="Likelihood"/>.</summary>
    public sealed record Options
    {
        /// <summary>How values become a reward.</summary>
        public required Kind Form { get; init; }

        /// <summary>The name of the measurement.</summary>
        public string Measure { get; init; } = "likelihood";

        /// <summary>The name of the one without reasoning, or without question; 0 is taken off where it is not set.</summary>
        public string Bare { get; init; } = "";

        /// <summary>Last token: scale.</summary>
        public double Beta { get; init; } = 0.1;

        /// <summary>Last token: the log-probability worth 0.</summary>
        public double C { get; init; } = -23;
    }

    private readonly Options _options;

    /// <exception cref="ArgumentException">The form compares with a second measurement that is not named.</exception>
    public Likelihood(Options options)
    {
        if (options.Form == Kind.Aligned && options.Bare.Length == 0) throw new ArgumentException("form aligned compares with the reply without its question. Name that measurement: bare = NAME.");
        _options = options;
    }

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = SeatsOf.Silent(episode);
        var values = Enumerable.Range(0, scores.Length).Select(seat => Values(episode, seat, _options.Measure) ?? Sampled(episode, seat)).ToArray();
        for (var seat = 0; seat < scores.Length; seat++)
            if (values[seat] is { IsEmpty: false } own) scores[seat] = Of(episode, seat, own, values);
        return scores;
    }

    private double Of(Episode episode, int seat, ImmutableArray<double> own, ImmutableArray<double>?[] all)
    {
        var bare = _options.Bare.Length == 0 ? null : Values(episode, seat, _options.Bare);
        if (_options.Bare.Length > 0 && bare is null or { IsEmpty: true }) return double.NaN;
        switch (_options.Form)
        {
            case Kind.Confidence: return own.Average(Math.Exp);
            case Kind.Reference: return Math.Clamp(own.Average(Math.Exp) - (bare?.Average(Math.Exp) ?? 0), 0, 1);
            case Kind.Aligned: return bare is { } alone ? Math.Clamp(1 - Math.Exp(alone.Average() - own.Average()), -1, 1) : double.NaN;
            case Kind.LastToken: return _options.Beta * (own[0] - _options.C);
            case Kind.Reflection: break;
            default: return own.Average();
        }
        var role = episode.Game.Facts.Roles[seat];
        var group = SeatsOf.Role(episode, role).Select(s => all[s]).Where(v => v is { } other && other.Length == own.Length).Select(v => v!.Value).ToArray();
        var weights = Enumerable.Range(0, own.Length).Select(j => Deviation([.. group.Select(g => g[j])])).ToArray();
        var sum = weights.Sum();
        return sum <= 1e-12 ? own.Average() : own.Select((l, j) => weights[j] / sum * l).Sum();
    }

    // The last event of the name counts: a measurement that was made again after a crash is the same one.
    private static ImmutableArray<double>? Values(Episode episode, int seat, string name) =>
        episode.Events.OfType<Measured>().LastOrDefault(m => m.Name == name && m.Seat == seat)?.Values;

    private ImmutableArray<double>? Sampled(Episode episode, int seat)
    {
        if (_options.Form is not (Kind.Confidence or Kind.Aligned) || Reply.Of(episode, seat) is not [.., { Said: { } said }] || said.LogProbs.IsEmpty) return null;
        if (_options.Form == Kind.Aligned) return [.. said.LogProbs.Select(l => (double)l)];
        var answer = FinalAnswer.Last(said.Text);
        var at = answer is null ? -1 : said.Text.LastIndexOf(answer, StringComparison.Ordinal);
        if (at < 0 || said.Ends.IsDefaultOrEmpty) return said.Ends.IsDefaultOrEmpty ? [.. said.LogProbs.Select(l => (double)l)] : null;
        var tokens = Enumerable.Range(0, Math.Min(said.Ends.Length, said.LogProbs.Length)).Where(t => said.Ends[t] > at && (t == 0 ? 0 : said.Ends[t - 1]) < at + answer!.Length);
        return [.. tokens.Select(t => (double)said.LogProbs[t])];
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length);
    }
}
