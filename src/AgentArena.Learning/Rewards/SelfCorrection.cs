// What a second try was worth beside the first. Knows scores of replies, never replies.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// R = first·r(y1) + second·r(y2) + alpha·(r(y2) − r(y1)), with y1 and y2 the first and last reply of a seat that
/// answered more than once and r what <c>of</c> credits each reply with. SCoRe (arXiv 2409.12917), stage II; stage I is
/// <c>first = 0, alpha = 0</c>. With <c>dense</c> each reply is credited with its own share instead: y1 with
/// first·r(y1), y2 with the rest, and the reward at the end is 0.
/// </summary>
public sealed class SelfCorrection(SelfCorrection.Options options, Catalog catalog) : Reward
{
    /// <summary>Options of <see cref="SelfCorrection"/>.</summary>
    public sealed record Options
    {
        /// <summary>Credits each reply; an outcome check must be <c>dense</c> for it.</summary>
        public Plugin Of { get; init; } = new("outcome", new JsonObject { ["dense"] = "on" });

        /// <summary>Weight of the first reply.</summary>
        public double First { get; init; } = 1;

        /// <summary>Weight of the last.</summary>
        public double Second { get; init; } = 1;

        /// <summary>Weight of the gain from the first to the last.</summary>
        public double Alpha { get; init; } = 10;

        /// <summary>Whether each reply has its own share.</summary>
        public bool Dense { get; init; }
    }

    private readonly Reward _of = catalog.Rewards.Create(options.Of, "of");

    /// <inheritdoc/>
    protected override IEnumerable<Reward> Parts => [_of];

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = SeatsOf.Silent(episode);
        for (var seat = 0; seat < scores.Length; seat++)
            if (_of.Credits(episode, seat) is [var one, .., var two])
                scores[seat] = options.Dense ? 0 : options.First * one.Score + Last(one.Score, two.Score);
        return scores;
    }

    /// <inheritdoc/>
    public override ImmutableArray<Credit> Credits(Episode episode, int seat) =>
        options.Dense && _of.Credits(episode, seat) is [var one, .., var two]
            ? [one with { Score = options.First * one.Score }, two with { Score = Last(one.Score, two.Score) }]
            : [];

    private double Last(double one, double two) => options.Second * two + options.Alpha * (two - one);
}
