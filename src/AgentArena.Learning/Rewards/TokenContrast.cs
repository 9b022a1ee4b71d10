// Token-level credit that the model gives itself: how much likelier each token of a reply is when a good one is asked
// for.
using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// Credits of the last reply's tokens: scale * (sigma(l+ - l-) - 1/2), l+ and l- the log-probabilities (nats) of the
/// token where the prompt ends in
/// <c>better</c> and in <c>worse</c>; R = 0. Opposite prompting of T-REG (arXiv 2412.02685), as dense reward beside
/// that of the whole reply: take an advantage that spreads credits (reinforce-plus-plus), or the credits of a group.
/// </summary>
public sealed class TokenContrast(TokenContrast.Options options) : Reward
{
    /// <summary>Options of <see cref="TokenContrast"/>.</summary>
    public sealed record Options
    {
        /// <summary>Said after the prompt to ask for a good reply.</summary>
        public string Better { get; init; } = "Answer as well as you can.";

        /// <summary>Said after the prompt to ask for a bad one.</summary>
        public string Worse { get; init; } = "Answer as badly as you can.";

        /// <summary>Credit of a token that only the good prompt explains, doubled.</summary>
        public double Scale { get; init; } = 1;
    }

    private const string Plus = "contrast-better",
        Minus = "contrast-worse";

    /// <inheritdoc/>
    public override bool NeedsLogProbs => true;

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Wants(Episode episode) =>
        Enumerable
            .Range(0, episode.Game.Facts.Seats)
            .SelectMany(seat =>
                new Measurement[]
                {
                    new(Plus, seat) { Hint = options.Better },
                    new(Minus, seat) { Hint = options.Worse },
                }
            );

    /// <inheritdoc/>
    public override double[] Score(Episode episode) => new double[episode.Game.Facts.Seats];

    /// <inheritdoc/>
    public override ImmutableArray<Credit> Credits(Episode episode, int seat)
    {
        if (
            Reply.Of(episode, seat) is not [.., { Step: >= 0, Said: { } said } last]
            || Measurement.Values(episode, Plus, seat) is not { IsEmpty: false } better
            || Measurement.Values(episode, Minus, seat) is not { } worse
            || worse.Length != better.Length
        )
            return [];
        if (said.Ends.IsDefaultOrEmpty)
            return [new Credit(last.Step, 0, said.Text.Length, Of(better.Sum() - worse.Sum()))];
        return
        [
            .. Enumerable
                .Range(0, Math.Min(better.Length, said.Ends.Length))
                .Select(t => new Credit(
                    last.Step,
                    t == 0 ? 0 : said.Ends[t - 1],
                    said.Ends[t],
                    Of(better[t] - worse[t])
                ))
                .Where(c => c.End > c.Start),
        ];
    }

    private double Of(double difference) => options.Scale * (1 / (1 + Math.Exp(-difference)) - 0.5);
}
