// Credit for the steps of a solution from verdicts on each. Knows lines and verdicts, never what a step means.
using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Games.Answers;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// A seat's last reply falls into K steps at the separator (blank ones do not count); its judge gives each a score on
/// [low, high], in order, in one move or several, c_k = (score − low)/(high − low). Verdict: credit 2·c_k − 1. Progress
/// (ReST-MCTS*, THUDM/ReST-MCTS): v_k = max(0, v_(k−1) + (1 − v_(k−1))·r_k/m_k), r_k = 2·c_k − 1, m_k = K − k + 1 steps
/// still to go, v_0 = 0: a right solution gets k/K. First: the judge names the first wrong step instead (0: none is);
/// +1 before it, −1 from it on. Steps without a verdict get no credit. The reward at the end is 0: add an outcome term
/// for it.
/// </summary>
public sealed class StepCredit(StepCredit.Options options) : Reward
{
    /// <summary>How verdicts become credits.</summary>
    public enum Kind
    {
        /// <summary>Each step by its own verdict.</summary>
        Verdict,

        /// <summary>How far the solution has come.</summary>
        Progress,

        /// <summary>By the first wrong step.</summary>
        First,
    }

    /// <summary>Options of <see cref="StepCredit"/>.</summary>
    public sealed record Options
    {
        /// <summary>The role that judges; its k-th seat judges the k-th judged seat, a lone one judges all.</summary>
        public string Judge { get; init; } = "judge";

        /// <summary>The role whose steps are judged.</summary>
        public string Of { get; init; } = "solver";

        /// <summary>How verdicts become credits.</summary>
        public Kind Form { get; init; } = Kind.Verdict;

        /// <summary>What separates steps.</summary>
        public string Separator { get; init; } = "\n";

        /// <summary>The tag around each score; every number of a move counts where it is absent.</summary>
        public string Tag { get; init; } = "score";

        /// <summary>The score of a wrong step.</summary>
        public double Low { get; init; }

        /// <summary>The score of a right one.</summary>
        public double High { get; init; } = 1;
    }

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = SeatsOf.Silent(episode);
        for (var seat = 0; seat < scores.Length; seat++)
            if (!Credits(episode, seat).IsEmpty)
                scores[seat] = 0;
        return scores;
    }

    /// <inheritdoc/>
    public override ImmutableArray<Credit> Credits(Episode episode, int seat)
    {
        var judged = SeatsOf.Role(episode, options.Of);
        if (
            Array.IndexOf(judged, seat) is not (>= 0 and var index)
            || Reply.Of(episode, seat).LastOrDefault(r => r.Step >= 0) is not { } reply
        )
            return [];
        var steps = Steps(reply.Text);
        var verdicts = Verdicts(episode, index, judged.Length);
        if (options.Form == Kind.First)
            return verdicts is [var wrong, ..]
                ?
                [
                    .. steps.Select(
                        (s, k) => new Credit(reply.Step, s.Start, s.End, wrong > 0 && k + 1 >= wrong ? -1 : 1)
                    ),
                ]
                : [];
        var credits = ImmutableArray.CreateBuilder<Credit>();
        double value = 0;
        for (var k = 0; k < Math.Min(steps.Count, verdicts.Count); k++)
        {
            var right = 2 * Math.Clamp((verdicts[k] - options.Low) / (options.High - options.Low), 0, 1) - 1;
            value = Math.Max(0, value + (1 - value) * right / (steps.Count - k));
            credits.Add(
                new Credit(reply.Step, steps[k].Start, steps[k].End, options.Form == Kind.Progress ? value : right)
            );
        }
        return credits.ToImmutable();
    }

    private List<double> Verdicts(Episode episode, int index, int judged)
    {
        var judges = SeatsOf.Role(episode, options.Judge);
        if (judges.Length == 0)
            return [];
        string[] moves =
        [
            .. (
                judges.Length == 1 ? Reply.Moves(episode, judges[0])
                : index < judges.Length ? Reply.Moves(episode, judges[index])
                : []
            ).Select(r => r.Move!),
        ];
        if (judges.Length == 1 && judged > 1)
            moves =
                moves.Length % judged == 0
                    ? moves[(moves.Length / judged * index)..(moves.Length / judged * (index + 1))]
                    : [];
        return
        [
            .. moves.SelectMany(m =>
                ScoreText.Tagged(m, options.Tag).Any() ? ScoreText.Scores(m, options.Tag) : ScoreText.Numbers(m)
            ),
        ];
    }

    private List<(int Start, int End)> Steps(string text)
    {
        var steps = new List<(int, int)>();
        for (var start = 0; start < text.Length; )
        {
            var end = text.IndexOf(options.Separator, start, StringComparison.Ordinal);
            // a step owns its separator, so that every character has its step
            end = end < 0 ? text.Length : end + options.Separator.Length;
            if (!string.IsNullOrWhiteSpace(text[start..end]))
                steps.Add((start, end));
            start = end;
        }
        return steps;
    }
}
