// Rewards out of a model's own probabilities: of its answer, of a reference answer, of one last token. Reads what was
// recorded, measures nothing.
using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Games.Answers;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// Over values measured with the learner's weights and recorded as <see cref="Measured"/> events (log-probabilities l_t
/// in nats unless said otherwise), or, for the forms marked *, over what the sampler recorded with the seat's last
/// reply where no event is:
/// <list type="bullet">
/// <item>Mean*: R = mean of l over the reply (its average log-likelihood).</item>
/// <item>Certainty: R = mean of KL(U‖p) over the reply's positions (self-certainty, arXiv 2502.18581).</item>
/// <item>Confidence*: R = mean probability of the tokens of the final answer (CRew).</item>
/// <item>Reference: R = clip(mean e^l − mean e^l0, 0, 1), l of the right answer in the place of the reply's own, l0 of
/// the same without the reasoning before it (RLPR, arXiv 2506.18254); l0 is left out where <c>bare</c> is empty.</item>
/// <item>Aligned*: R = clip((ppl0 − ppl)/ppl0, −1, 1), ppl = e^(−mean l) of the reply with its question, ppl0 without
/// (Self-Aligned Reward, arXiv 2509.05489).</item>
/// <item>Reflection: R = Σ_j w_j·l_j, l of the right answer after the reasoning, w_j ∝ the standard deviation of token
/// j's l over the role's seats: tokens that the reasoning decides count (R3 of DRO, arXiv 2506.13351); all alike where
/// no token varies.</item>
/// <item>LastToken: R = beta·(l − c), l the log-probability of a reserved word's first token after the reply's end
/// (LaSeR: beta 0.1, c −23).</item>
/// </list>
/// </summary>
public sealed class Likelihood : Reward
{
    /// <summary>How values become a reward.</summary>
    public enum Kind
    {
        /// <summary>Their mean.</summary>
        Mean,

        /// <summary>Mean distance of the distributions from uniform ones.</summary>
        Certainty,

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

        /// <summary>
        /// The name of the one without reasoning, or without question; 0 is taken off where it is not set.
        /// </summary>
        public string Bare { get; init; } = "";

        /// <summary>
        /// For the forms with a right answer: a field of the task's JSON that holds it, with dots between levels; the
        /// turn's first suggestion where empty.
        /// </summary>
        public string Field { get; init; } = "";

        /// <summary>Last token: the word that is asked about.</summary>
        public string Token { get; init; } = " right";

        /// <summary>Last token: scale.</summary>
        public double Beta { get; init; } = 0.1;

        /// <summary>Last token: the log-probability worth 0.</summary>
        public double C { get; init; } = -23;
    }

    private readonly Options _options;

    /// <exception cref="ArgumentException">The form compares with a second measurement that is not named.</exception>
    public Likelihood(Options options)
    {
        if (options.Form == Kind.Aligned && options.Bare.Length == 0)
            throw new ArgumentException(
                "form aligned compares with the reply without its question. Name that measurement: bare = NAME."
            );
        _options = options;
    }

    /// <inheritdoc/>
    public override bool NeedsLogProbs => _options.Form is not (Kind.Mean or Kind.Confidence);

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Wants(Episode episode)
    {
        if (!NeedsLogProbs)
            yield break;
        for (var seat = 0; seat < episode.Game.Facts.Seats; seat++)
        {
            if (Reply.Of(episode, seat) is not [.., { Said: not null } last])
                continue;
            var own = new Measurement(_options.Measure, seat);
            switch (_options.Form)
            {
                case Kind.Certainty:
                    yield return own with
                    {
                        Certainty = true,
                    };
                    break;
                case Kind.Aligned:
                    yield return own with
                    {
                        Name = _options.Bare,
                        Prompted = false,
                    };
                    break;
                case Kind.LastToken:
                    yield return own with
                    {
                        Text = _options.Token,
                        After = true,
                    };
                    break;
                default:
                    if (RightAnswers.Of(episode, last, _options.Field) is not [var right, ..])
                        break;
                    var answer = FinalAnswer.Last(last.Text);
                    var at = answer is null
                        ? last.Text.Length
                        : last.Text.LastIndexOf(answer, StringComparison.Ordinal);
                    yield return own with
                    {
                        Given = last.Text[..Math.Max(0, at)],
                        Text = right,
                    };
                    if (_options.Bare.Length > 0)
                        yield return own with
                        {
                            Name = _options.Bare,
                            Text = right,
                        };
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = SeatsOf.Silent(episode);
        var values = Enumerable
            .Range(0, scores.Length)
            .Select(seat => Measurement.Values(episode, _options.Measure, seat) ?? Sampled(episode, seat))
            .ToArray();
        for (var seat = 0; seat < scores.Length; seat++)
            if (values[seat] is { IsEmpty: false } own)
                scores[seat] = Of(episode, seat, own, values);
        return scores;
    }

    private double Of(Episode episode, int seat, ImmutableArray<double> own, ImmutableArray<double>?[] all)
    {
        var bare = _options.Bare.Length == 0 ? null : Measurement.Values(episode, _options.Bare, seat);
        if (_options.Bare.Length > 0 && bare is null or { IsEmpty: true })
            return double.NaN;
        switch (_options.Form)
        {
            case Kind.Confidence:
                return own.Average(Math.Exp);
            case Kind.Reference:
                return Math.Clamp(own.Average(Math.Exp) - (bare?.Average(Math.Exp) ?? 0), 0, 1);
            case Kind.Aligned:
                return bare is { } alone
                    ? Math.Clamp(1 - Math.Exp(alone.Average() - own.Average()), -1, 1)
                    : double.NaN;
            case Kind.LastToken:
                return _options.Beta * (own[0] - _options.C);
            case Kind.Reflection:
                break;
            default:
                return own.Average();
        }
        var role = episode.Game.Facts.Roles[seat];
        var group = SeatsOf
            .Role(episode, role)
            .Select(s => all[s])
            .Where(v => v is { } other && other.Length == own.Length)
            .Select(v => v!.Value)
            .ToArray();
        var weights = Enumerable.Range(0, own.Length).Select(j => Deviation([.. group.Select(g => g[j])])).ToArray();
        var sum = weights.Sum();
        return sum <= 1e-12 ? own.Average() : own.Select((l, j) => weights[j] / sum * l).Sum();
    }

    private ImmutableArray<double>? Sampled(Episode episode, int seat)
    {
        if (
            _options.Form is not (Kind.Mean or Kind.Confidence or Kind.Aligned)
            || Reply.Of(episode, seat) is not [.., { Said: { } said }]
            || said.LogProbs.IsEmpty
        )
            return null;
        if (_options.Form != Kind.Confidence)
            return [.. said.LogProbs.Select(l => (double)l)];
        var answer = FinalAnswer.Last(said.Text);
        var at = answer is null ? -1 : said.Text.LastIndexOf(answer, StringComparison.Ordinal);
        if (at < 0 || said.Ends.IsDefaultOrEmpty)
            return said.Ends.IsDefaultOrEmpty ? [.. said.LogProbs.Select(l => (double)l)] : null;
        var tokens = Enumerable
            .Range(0, Math.Min(said.Ends.Length, said.LogProbs.Length))
            .Where(t => said.Ends[t] > at && (t == 0 ? 0 : said.Ends[t - 1]) < at + answer!.Length);
        return [.. tokens.Select(t => (double)said.LogProbs[t])];
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length);
    }
}
