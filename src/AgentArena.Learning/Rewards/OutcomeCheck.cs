// Whether a seat's answer is right. Knows how answers are compared, never how the right one came about.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Roles;
using AgentArena.Games.Answers;

namespace AgentArena.Learning.Rewards;

/// <summary>
/// R = right, wrong or missing, by the seat's last move against the right answer: those given here, or a field of the
/// game's task, or else those that the game itself knows of the turn, any of which will do. Outcome
/// reward of reinforcement learning with verifiable rewards; <c>right = 1, wrong = -0.5, missing = -1</c> are the
/// values of Absolute Zero (arXiv 2505.03335) and RISE. A seat that never moved is missing if it was ever asked, and
/// otherwise not spoken of.
/// </summary>
public sealed class OutcomeCheck(OutcomeCheck.Options options) : Reward
{
    /// <summary>How an answer is compared with a right one.</summary>
    public enum Comparison
    {
        /// <summary>
        /// By value: numbers with units, LaTeX in any dressing, sets, choices (see <see cref="AnswerChecker"/>).
        /// </summary>
        Answer,

        /// <summary>The very same text.</summary>
        Exact,

        /// <summary>The same words, without regard to case and spacing.</summary>
        Text,

        /// <summary>A number within <see cref="Options.Tolerance"/> of the right one.</summary>
        Number,
    }

    /// <summary>Options of <see cref="OutcomeCheck"/>.</summary>
    public sealed record Options
    {
        /// <summary>The right answers, where they are the same in every game.</summary>
        public ImmutableArray<string> Answers { get; init; } = [];

        /// <summary>
        /// A field of the task's JSON that holds the right answer or a list of them, with dots between levels.
        /// </summary>
        public string Field { get; init; } = "";

        /// <summary>
        /// Where there are several right answers: whether all must be given, in any order, or one is enough.
        /// </summary>
        public bool All { get; init; }

        /// <summary>How answers are compared.</summary>
        public Comparison Compare { get; init; } = Comparison.Answer;

        /// <summary>For numbers: the largest difference, relative to the right one beyond 1.</summary>
        public double Tolerance { get; init; } = 1e-6;

        /// <summary>The mark the reply must carry (boxed, tag); the parsed move is compared where unset.</summary>
        public AnswerFormat? Mark { get; init; }

        /// <summary>For a right answer.</summary>
        public double Right { get; init; } = 1;

        /// <summary>For a wrong one.</summary>
        public double Wrong { get; init; }

        /// <summary>
        /// For one that could not be compared with the right one: not understood, or too large to compute. As for a
        /// wrong one where unset.
        /// </summary>
        public double? Undecided { get; init; }

        /// <summary>For none: nothing that could be read, or not marked as asked.</summary>
        public double Missing { get; init; }

        /// <summary>Also credits each reply of a seat with its own score.</summary>
        public bool Dense { get; init; }
    }

    /// <inheritdoc/>
    public override double[] Score(Episode episode)
    {
        var scores = SeatsOf.Silent(episode);
        for (var seat = 0; seat < scores.Length; seat++)
            if (Reply.Of(episode, seat) is [.., var last])
                scores[seat] = Of(episode, last);
        return scores;
    }

    /// <inheritdoc/>
    public override ImmutableArray<Credit> Credits(Episode episode, int seat) =>
        !options.Dense
            ? []
            :
            [
                .. Reply
                    .Of(episode, seat)
                    .Where(r => r.Step >= 0)
                    .Select(r => (Reply: r, Score: Of(episode, r)))
                    .Where(r => !double.IsNaN(r.Score))
                    .Select(r => new Credit(r.Reply.Step, 0, r.Reply.Text.Length, r.Score)),
            ];

    private double Of(Episode episode, Reply reply)
    {
        var right = options.Answers.IsEmpty ? RightAnswers.Of(episode, reply, options.Field) : options.Answers;
        if (right.IsEmpty)
            return double.NaN;
        if (reply.Move is null)
            return options.Missing;
        var given = options.Mark is { } mark ? Answer.Last(mark, reply.Text, wholeReply: false) : reply.Move;
        if (given is null)
            return options.Missing;
        return (options.All && right.Length > 1 ? HasAll(right, given) : right.Max(r => Judge(r, given))) switch
        {
            Verdict.Right => options.Right,
            Verdict.Undecided => options.Undecided ?? options.Wrong,
            _ => options.Wrong,
        };
    }

    private Verdict Judge(string right, string given) =>
        options.Compare switch
        {
            Comparison.Exact => Of(right == given),
            Comparison.Text => Of(Words(right) == Words(given)),
            Comparison.Number => Of(
                Number(right) is { } r
                    && Number(given) is { } g
                    && Math.Abs(r - g) <= options.Tolerance * Math.Max(1, Math.Abs(r))
            ),
            _ => AnswerChecker.Compare(FinalAnswer.Marked(right) ?? right, FinalAnswer.Marked(given) ?? given).Verdict,
        };

    private static Verdict Of(bool same) => same ? Verdict.Right : Verdict.Wrong;

    // Each right answer has a part of the reply of its own, and no part is left over.
    private Verdict HasAll(ImmutableArray<string> right, string given)
    {
        var whole = options.Compare == Comparison.Answer ? Judge(string.Join(", ", right), given) : Verdict.Wrong;
        if (whole == Verdict.Right)
            return whole;
        var parts = given
            .Split([',', ';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToList();
        if (parts.Count != right.Length)
            return whole;
        foreach (var answer in right)
        {
            var partner = parts.FindIndex(p => Judge(answer, p) == Verdict.Right);
            if (partner < 0)
                return whole;
            parts.RemoveAt(partner);
        }
        return Verdict.Right;
    }

    private static string Words(string text) =>
        string.Join(
            ' ',
            text.ToLower(CultureInfo.InvariantCulture).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );

    private static double? Number(string text) => ScoreText.Numbers(text) is [.., var last] ? last : null;
}
