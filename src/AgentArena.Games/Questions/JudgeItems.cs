// Judging and mending answers that were graded before: n seats are given one item, whose right verdict or answer is
// known.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Core.Play;
using AgentArena.Games.Answers;

namespace AgentArena.Games.Questions;

/// <summary>The item and what each seat said of it: "" where nothing well-formed, null while it thinks.</summary>
public sealed record JudgeItemsState(JudgedItem Item, ImmutableArray<string?> Said) : GameState;

/// <summary>
/// The items of SPARK (InternLM/Spark), made of a graded group that a matchmaker deals (a product of
/// <c>word-problem</c> with recycle = on). All seats have the same item, so that they are a group of samples; each is
/// paid 1 where its verdict, or its mended answer, is right, else 0. Measures: <c>right</c>, <c>right-pointwise</c>,
/// <c>right-pairwise</c> or <c>right-reflection</c>; of single answers <c>right-on-right</c> or
/// <c>right-on-wrong</c>; of pairs <c>said-first</c>; of mended answers <c>undecided</c>; <c>formed</c>,
/// <c>correct/seat</c>.
/// </summary>
public sealed class JudgeItems : Game<JudgeItemsState>
{
    /// <summary>What seats are to do.</summary>
    public enum Doing
    {
        /// <summary>Say which answers are right.</summary>
        Judge,

        /// <summary>Mend a wrong answer.</summary>
        Reflect,
    }

    /// <summary>Options of <see cref="JudgeItems"/>; the defaults are the released code's.</summary>
    public sealed record Options
    {
        /// <summary>What seats are to do.</summary>
        public Doing Do { get; init; }

        /// <summary>Seats, each with the same item, 1 to 64.</summary>
        public int Samples { get; init; } = 8;

        /// <summary>
        /// Of groups with right and wrong answers: the share of which a single answer is judged, not a pair.
        /// </summary>
        public double Pointwise { get; init; } = 0.3;

        /// <summary>The share of wrong answers that are shown with all that led to them.</summary>
        public double Whole { get; init; } = 0.5;
    }

    // Without a dealt group: for random play and a first look.
    private static readonly ImmutableArray<GradedGroup> Few =
    [
        new(
            "Ben reads 15 pages a day. How many days does he need for a book of 210 pages?",
            "14",
            [new("210 / 15 = 14, so \\boxed{14}", true), new("It is \\boxed{15}", false), new("\\boxed{14}", true)]
        ),
        new(
            "How many minutes are 3 hours and a quarter?",
            "195",
            [new("\\boxed{185}", false), new("3 * 60 + 25 = 205: \\boxed{205}", false)]
        ),
        new(
            "What is half of 9?",
            "4.5",
            [new("\\boxed{9/2}", true), new("\\boxed{4.5}", true), new("\\boxed{5}", false)]
        ),
    ];

    private readonly Options _options;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public JudgeItems(Options options)
    {
        if (options.Samples is < 1 or > 64)
            throw new ArgumentException($"samples is {options.Samples}; it should be 1 to 64.");
        if (options.Pointwise is not (>= 0 and <= 1) || options.Whole is not (>= 0 and <= 1))
            throw new ArgumentException(
                $"pointwise and whole are {options.Pointwise} and {options.Whole}; they are shares, 0 to 1."
            );
        _options = options;
        Facts = new()
        {
            Name = "judge-items",
            Measures = ["right", "right-*", "said-first", "undecided", "formed", "correct"],
            Summary = "answers that were graded before, to judge or to mend",
            Roles = [.. Enumerable.Repeat(options.Do == Doing.Judge ? "judge" : "reflector", options.Samples)],
            ZeroSum = false,
            LongestGame = options.Samples,
            Forfeit = (0, 0),
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup)
    {
        var stream = new RandomStream(RandomStream.Derive(setup.Seed, "item"));
        var group = TaskJson.Dealt<GradedGroup>(setup.Task, Facts.Name) is [var dealt, ..]
            ? dealt
            : Few[stream.Next(Few.Length)];
        if (group.Answers.IsDefaultOrEmpty || group.Answers.Any(a => a is null))
            throw new InvalidOperationException(
                $"{Facts.Name}: the group of '{group.Question}' has no answers. A graded group should hold one or more."
            );
        var item =
            _options.Do == Doing.Judge
                ? JudgedItem.ToJudge(group, _options.Pointwise, ref stream)
                : JudgedItem.ToMend(group, _options.Whole, ref stream)
                    ?? throw new InvalidOperationException(
                        $"{Facts.Name}: of the answers to '{group.Question}' none is wrong, so there is nothing to mend. Deal groups with a wrong answer: matchmaker recycling with measure = solved, below = 1."
                    );
        return new JudgeItemsState(item, [.. new string?[_options.Samples]]);
    }

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(JudgeItemsState state)
    {
        var item = state.Item;
        var (task, board) = item.Kind switch
        {
            ItemKind.Pointwise => (
                "Is this answer to the question right? Say correct or incorrect.",
                $"{item.Question}\nanswer: {item.Shown[0]}"
            ),
            ItemKind.Pairwise => (
                "One of these two answers to the question is right. Say which: first or second.",
                $"{item.Question}\nfirst: {item.Shown[0]}\nsecond: {item.Shown[1]}"
            ),
            _ => (
                "This answer to the question is wrong. Find what went wrong, and answer the question.",
                $"{item.Question}\nanswer: {item.Shown[0]}"
            ),
        };
        ImmutableArray<ObservationPart> told = [new(ObservationKind.Task, task), new(ObservationKind.Board, board)];
        ImmutableArray<string> legal = item.Kind switch
        {
            ItemKind.Pointwise => JudgedItem.Verdicts,
            ItemKind.Pairwise => JudgedItem.Sides,
            _ => default,
        };
        var mended = FinalAnswer.Marked(item.Label) ?? item.Label;
        ImmutableArray<string> suggestions =
            item.Kind != ItemKind.Reflection ? [item.Label]
            : mended == "0" ? [mended, "1"]
            : [mended, "0"];
        return
        [
            .. Enumerable
                .Range(0, _options.Samples)
                .Where(i => state.Said[i] is null)
                .Select(i => new Turn
                {
                    Id = i,
                    Seat = i,
                    Role = Facts.Roles[i],
                    Observation = told,
                    Legal = legal,
                    Gold = [suggestions[0]],
                    Suggestions = suggestions,
                }),
        ];
    }

    /// <inheritdoc/>
    protected override string? Check(JudgeItemsState state, Turn turn, Move move) =>
        turn.HasLegal ? base.Check(state, turn, move)
        : string.IsNullOrWhiteSpace(move.Text) ? "An answer is not empty."
        : null;

    /// <inheritdoc/>
    protected override JudgeItemsState Play(JudgeItemsState state, Turn turn, Move move) =>
        state with
        {
            Said = state.Said.SetItem(turn.Seat, move.Text.Trim()),
        };

    /// <inheritdoc/>
    protected override JudgeItemsState? Missed(JudgeItemsState state, Turn turn, string reason) =>
        state with
        {
            Said = state.Said.SetItem(turn.Seat, ""),
        };

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(JudgeItemsState state) =>
        [.. state.Said.Select(said => Right(state.Item, said))];

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(JudgeItemsState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        var item = state.Item;
        var right = state.Said.Average(said => Right(item, said));
        measures["right"] = measures["right-" + item.Kind.ToString().ToLowerInvariant()] = right;
        if (item.Kind == ItemKind.Pointwise)
            measures[item.Label == JudgedItem.Verdicts[0] ? "right-on-right" : "right-on-wrong"] = right;
        if (item.Kind == ItemKind.Pairwise)
            measures["said-first"] = state.Said.Average(said => said == JudgedItem.Sides[0] ? 1.0 : 0);
        if (item.Kind == ItemKind.Reflection)
            measures["undecided"] = state.Said.Average(said => Judge(item, said) == Verdict.Undecided ? 1.0 : 0);
        measures["formed"] = state.Said.Average(said => said!.Length > 0 ? 1.0 : 0);
        for (var i = 0; i < state.Said.Length; i++)
            measures[FormattableString.Invariant($"correct/{i}")] = Right(item, state.Said[i]);
        return measures.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Describe(JudgeItemsState state) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{state.Item.Kind.ToString().ToLowerInvariant()}: {state.Said.Count(said => Right(state.Item, said) > 0)} of {state.Said.Length} were right"
        );

    private static double Right(JudgedItem item, string? said) => Judge(item, said) == Verdict.Right ? 1 : 0;

    private static Verdict Judge(JudgedItem item, string? said) =>
        said is not { Length: > 0 } ? Verdict.Wrong
        : item.Kind == ItemKind.Reflection ? AnswerChecker.Judge(item.Label, said).Verdict
        : said == item.Label ? Verdict.Right
        : Verdict.Wrong;
}
