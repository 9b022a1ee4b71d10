// Active-Zero in text form: one looks for a document, one asks about it, n answer; nobody knows the answer, agreement
// is all there is.
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AgentArena.Core.Play;
using AgentArena.Core.Roles;
using AgentArena.Games.Answers;
using AgentArena.Games.Questions;
using static AgentArena.Games.Documents.ActiveZeroReplies;

namespace AgentArena.Games.Documents;

/// <summary>
/// What a game of <see cref="ActiveZero"/> hands on; <paramref name="Question"/> is all that a solver needs,
/// <paramref name="Asked"/> the bare question.
/// </summary>
public sealed record ActiveQuestion(
    string Question,
    string Answer,
    string Category,
    string Query,
    string Document,
    string Asked
);

/// <summary>
/// Where a game of <see cref="ActiveZero"/> stands. What is null has not come yet, or, once the game is over, never
/// came; a solver without an answer has "".
/// </summary>
public sealed record ActiveZeroState(
    string? Category,
    ImmutableArray<ActiveQuestion> Earlier,
    string? Searched,
    ImmutableArray<Document>? Found,
    Document? Document,
    string? Questioned,
    bool Over,
    ImmutableArray<string?> Answers
) : GameState;

/// <summary>
/// Active-Zero (jinghan1he/Active-Zero) with documents in place of images. Chance draws a category; seat 0 writes what
/// to search for; chance draws one of the documents that the index (the last seat) finds; seat 1 asks a question about
/// it; seats 2 to n + 1 answer, by default without the document. With s the share of the largest cluster of equal
/// answers, the payoffs are the published rewards: searcher w·min(s, 1 − s) + f·format − c(query) − c(document),
/// questioner w·min(s, 1 − s) + f·format − c(question), solver w·[the majority's answer] + f·[an answer], f = 0.1, w =
/// 1 − f; −1 in place of min(s, 1 − s) where there is no query, nothing found or no question. c is the share of a
/// text's cluster by BLEU distance among those of this game and of the dealt ones of the same category, 0 where it is
/// alone. The product is the question with the majority's answer where low ≤ s ≤ high. Measures: <c>searched</c>,
/// <c>found</c>, <c>valid</c>, <c>agreed</c> (s), <c>formed</c>, <c>stated-right</c> (1 where the questioner's own
/// answer, which nobody is paid by, is the majority's), <c>query-share</c>, <c>document-share</c>,
/// <c>question-share</c>,
/// <c>undecided</c>, <c>correct/seat</c>.
/// </summary>
public sealed class ActiveZero : Game<ActiveZeroState>
{
    /// <summary>
    /// Options of <see cref="ActiveZero"/>; numbers are the released code's, save for the solvers, whose number is not
    /// known.
    /// </summary>
    public sealed record Options
    {
        /// <summary>Solvers at the table, 1 to 64.</summary>
        public int Solvers { get; init; } = 8;

        /// <summary>What to look for, one of these each game.</summary>
        public ImmutableArray<string> Categories { get; init; } = ["person", "place", "work"];

        /// <summary>
        /// The fictional world whose documents are searched, the same one in all games; of no account with
        /// <see cref="Folder"/>.
        /// </summary>
        public WorldOptions World { get; init; } =
            new()
            {
                People = 8,
                Places = 8,
                Works = 8,
            };

        /// <summary>Which world.</summary>
        public long WorldSeed { get; init; } = 1;

        /// <summary>Whether the documents are those of the index's own folder instead.</summary>
        public bool Folder { get; init; }

        /// <summary>Chance draws one of so many found documents.</summary>
        public int Top { get; init; } = 5;

        /// <summary>
        /// Whether solvers see the document, as the published ones see the image; else they must know.
        /// </summary>
        public bool Open { get; init; }

        /// <summary>What the form of a reply is worth.</summary>
        public double FormatWeight { get; init; } = 0.1;

        /// <summary>Mean distance below which two clusters of queries or questions are one.</summary>
        public double Threshold { get; init; } = 0.5;

        /// <summary>The same for documents; images were compared at 0.1.</summary>
        public double DocumentThreshold { get; init; } = 0.1;

        /// <summary>The least majority at which a question is kept.</summary>
        public double Low { get; init; } = 0.3;

        /// <summary>The largest.</summary>
        public double High { get; init; } = 0.8;
    }

    internal const int SearcherTurn = 0,
        QuestionerTurn = 2,
        FirstSolver = 2,
        FirstAnswer = 3;
    private readonly Options _options;
    private readonly World _world;
    private readonly SearchTurns _desk;
    private readonly ActiveZeroTurns _turns;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public ActiveZero(Options options)
    {
        if (options.Solvers is < 1 or > 64)
            throw new ArgumentException($"solvers is {options.Solvers}; it should be 1 to 64.");
        if (
            options.Categories.IsDefaultOrEmpty
            || options.Categories.Any(c => string.IsNullOrWhiteSpace(c) || c.Any(char.IsControl))
            || options.Categories.Distinct(StringComparer.OrdinalIgnoreCase).Count() < options.Categories.Length
        )
            throw new ArgumentException(
                "categories should be a list of one name or more, none of them empty, each once."
            );
        if (options.Top is < 1 or > 20)
            throw new ArgumentException($"top is {options.Top}; it should be 1 to 20.");
        if (options.FormatWeight is not (>= 0 and <= 1))
            throw new ArgumentException($"format-weight is {options.FormatWeight}; it should be 0 to 1.");
        if (options.Low > options.High)
            throw new ArgumentException($"low is {options.Low} and high {options.High}; low should not be above high.");
        _options = options;
        _world = World.Create((ulong)options.WorldSeed, options.World);
        _turns = new(options, _world);
        var index = FirstSolver + options.Solvers;
        _desk = new SearchTurns(
            new InquiryOptions { Searches = 1, Top = options.Top },
            options.World,
            index,
            "query",
            default
        );
        Facts = new()
        {
            Name = "active-zero",
            Measures =
            [
                "searched",
                "found",
                "query-share",
                "valid",
                "document-share",
                "agreed",
                "question-share",
                "formed",
                "undecided",
                "stated-right",
                "correct",
            ],
            Summary = "one finds a document, one asks about it, n answer; the majority is the label",
            Roles = ["searcher", "questioner", .. Enumerable.Repeat("solver", options.Solvers), SearchTurns.Index],
            ZeroSum = false,
            LongestGame = 3 + options.Solvers,
            LargestStake = 3,
            Forfeit = (-1, 0),
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) =>
        new ActiveZeroState(
            null,
            TaskJson.Dealt<ActiveQuestion>(setup.Task, Facts.Name),
            null,
            null,
            null,
            null,
            false,
            [.. new string?[_options.Solvers]]
        );

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(ActiveZeroState state)
    {
        if (state.Over)
            return [];
        if (state.Category is not { } category)
            return [ActiveZeroTurns.Draw(_options.Categories.Select(c => $"category:{c}"))];
        if (state.Searched is not { } searched)
            return [_turns.AskSearcher(category)];
        if (state.Found is not { } found)
            return
            [
                _desk.Serve(
                    0,
                    SearchDialogue.Open.Asks(Query(searched)!),
                    _options.Folder ? null : _world,
                    (ulong)_options.WorldSeed
                ),
            ];
        if (state.Document is null)
            return
            [
                ActiveZeroTurns.Draw(
                    Enumerable
                        .Range(1, found.Length)
                        .Select(i => string.Create(CultureInfo.InvariantCulture, $"document:{i}"))
                ),
            ];
        if (state.Questioned is null)
            return [_turns.AskQuestioner(state)];
        return _turns.AskSolvers(state);
    }

    /// <inheritdoc/>
    protected override string? Check(ActiveZeroState state, Turn turn, Move move) =>
        turn.Role switch
        {
            "searcher" => Query(move.Text) is null
                ? "No query was found. Give it within <query>…</query>, on one line."
                : null,
            "questioner" => move.Text.Length > 4 * LongestText
            || Tag(move.Text, "question") is null
            || Tag(move.Text, "answer") is null
                ? "No question was found. Give it within <question>…</question>, and then its answer within <answer>…</answer>."
                : null,
            "solver" => string.IsNullOrWhiteSpace(move.Text) ? "An answer is not empty." : null,
            _ => base.Check(state, turn, move),
        };

    /// <inheritdoc/>
    public override Move? Read(Turn turn, string answer) =>
        turn.Role == SearchTurns.Index ? _desk.Read(turn, answer) : base.Read(turn, answer);

    /// <inheritdoc/>
    protected override ActiveZeroState Play(ActiveZeroState state, Turn turn, Move move) =>
        turn switch
        {
            { IsChance: true } when state.Category is null => state with
            {
                Category = _options.Categories[turn.Legal.IndexOf(move.Text)],
            },
            { IsChance: true } => state with { Document = state.Found!.Value[turn.Legal.IndexOf(move.Text)] },
            { Id: SearcherTurn } => state with { Searched = move.Text },
            { Id: QuestionerTurn } => state with { Questioned = move.Text },
            { Role: SearchTurns.Index } when IndexRequest.Read(move.Text) is var found => state with
            {
                Found = found,
                Over = found.IsEmpty,
            },
            _ => Answered(state, turn, move.Text.Trim()),
        };

    /// <summary>
    /// Without a query, a find or a question there is nothing to go on from; a solver without an answer leaves the
    /// others theirs.
    /// </summary>
    protected override ActiveZeroState? Missed(ActiveZeroState state, Turn turn, string reason) =>
        turn.Role == "solver" ? Answered(state, turn, "") : state with { Over = true };

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(ActiveZeroState state)
    {
        var (label, share) = MajorityVote.Of(state.Answers, Same);
        var (weight, worth) = (1 - _options.FormatWeight, state.Questioned is null ? -1 : Math.Min(share, 1 - share));
        var searcher =
            weight * worth + Formed(state.Searched, SearcherForm()) - QueryShare(state) - DocumentShare(state);
        var questioner = state.Document is null
            ? 0
            : weight * worth + Formed(state.Questioned, QuestionerForm()) - QuestionShare(state);
        return
        [
            searcher,
            questioner,
            .. state.Answers.Select(a =>
                a is null ? 0 : weight * Right(label, a) + (a.Length > 0 ? _options.FormatWeight : 0)
            ),
            0,
        ];

        double Formed(string? reply, Regex form) =>
            reply is not null && form.IsMatch(reply) ? _options.FormatWeight : 0;
    }

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(ActiveZeroState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        measures["searched"] = state.Searched is null ? 0 : 1;
        if (state.Searched is not null)
            (measures["found"], measures["query-share"]) = (state.Document is null ? 0 : 1, QueryShare(state));
        if (state.Document is not null)
            (measures["valid"], measures["document-share"]) = (state.Questioned is null ? 0 : 1, DocumentShare(state));
        if (state.Questioned is not { } questioned)
            return measures.ToImmutable();
        var (label, share) = MajorityVote.Of(state.Answers, Same);
        (measures["agreed"], measures["question-share"]) = (share, QuestionShare(state));
        measures["formed"] = state.Answers.Average(a => a!.Length > 0 ? 1.0 : 0);
        measures["undecided"] = state.Answers.Average(a => Judge(label, a!) == Verdict.Undecided ? 1.0 : 0);
        measures["stated-right"] = Right(label, Tag(questioned, "answer")!);
        for (var i = 0; i < state.Answers.Length; i++)
            measures[FormattableString.Invariant($"correct/{FirstSolver + i}")] = Right(label, state.Answers[i]!);
        return measures.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Product(ActiveZeroState state)
    {
        if (
            state.Questioned is not { } questioned
            || MajorityVote.Of(state.Answers, Same) is not ({ } label, var share)
            || share < _options.Low
            || share > _options.High
        )
            return null;
        return TaskJson.Write(
            new ActiveQuestion(
                _turns.ForSolvers(state),
                label,
                state.Category!,
                Query(state.Searched!)!,
                state.Document!.Text,
                Tag(questioned, "question")!
            )
        );
    }

    /// <inheritdoc/>
    protected override string? Describe(ActiveZeroState state) =>
        state.Searched is null ? "nothing was searched for"
        : state.Document is null ? $"nothing was found for '{Query(state.Searched)}'"
        : state.Questioned is not { } questioned ? $"nothing was asked about {state.Document.Id}"
        : MajorityVote.Of(state.Answers, Same) is ({ } label, var share)
            ? string.Create(CultureInfo.InvariantCulture, $"{Tag(questioned, "question")} {share:P0} say {label}")
        : "nobody answered";

    private static ActiveZeroState Answered(ActiveZeroState state, Turn turn, string answer)
    {
        var answers = state.Answers.SetItem(turn.Seat - FirstSolver, answer);
        return state with { Answers = answers, Over = answers.All(a => a is not null) };
    }

    private double QueryShare(ActiveZeroState state) =>
        state.Searched is null ? 0 : Share(state, Query(state.Searched)!, e => e.Query, _options.Threshold);

    private double DocumentShare(ActiveZeroState state) =>
        state.Document is null ? 0 : Share(state, state.Document.Text, e => e.Document, _options.DocumentThreshold);

    // Questions are compared across categories.
    private double QuestionShare(ActiveZeroState state) =>
        state.Questioned is null
            ? 0
            : Share(
                state with
                {
                    Category = null,
                },
                Tag(state.Questioned, "question")!,
                e => e.Asked,
                _options.Threshold
            );

    private static double Share(ActiveZeroState state, string own, Func<ActiveQuestion, string> of, double threshold)
    {
        string[] texts =
        [
            own,
            .. state.Earlier.Where(e => state.Category is null || e.Category == state.Category).Select(of),
        ];
        return texts.Length == 1 ? 0 : Bleu.ClusterShares(texts, threshold)[0];
    }

    private static double Right(string? label, string answer) => Judge(label, answer) == Verdict.Right ? 1 : 0;

    private static Verdict Judge(string? label, string answer)
    {
        if (label is null || answer.Length == 0)
            return Verdict.Wrong;
        var given = FinalAnswer.Marked(answer) ?? answer;
        return ShortAnswer.Same(label, given) ? Verdict.Right : AnswerChecker.Compare(label, given).Verdict;
    }

    // Names or numbers: by their words or by their value.
    private static bool Same(string one, string other) =>
        ShortAnswer.Same(one, other) || AnswerChecker.Same(one, other);
}
