// Questions and their solvers: a problem of a data set, or one that a proposer makes of nothing, of a problem or of a
// solution. Knows labels, no subject.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Core.Data;
using AgentArena.Core.Play;
using AgentArena.Core.Roles;
using AgentArena.Games.Answers;
using static AgentArena.Games.Questions.QuestionTurns;

namespace AgentArena.Games.Questions;

/// <summary>
/// Where a game of <see cref="ProposedQuestions"/> stands; answers are "" where there is none and null while a solver
/// thinks.
/// </summary>
public sealed record ProposedQuestionsState(
    PosedQuestion Source,
    ImmutableArray<string?> Originals,
    PosedQuestion? Asked,
    string? Fault,
    ImmutableArray<string?> Answers
) : GameState;

/// <summary>
/// Without a proposer: a drawn or dealt problem and n solvers. With one: R-Zero (from nothing, label majority), TTCS
/// (from a problem, label majority, novelty by <see cref="NearCopy"/>) and SvS (solvers of the original first; where a
/// share in [original-low, original-high] is right the proposer is shown one right solution, and not the problem, and
/// its variant must keep the answer: label preserved). A solver is paid 1 where its answer is the label; the proposer
/// 4s(1 − s), −1 without a question. The product is the question with its label, where the share that is right lies in
/// [low, high]. Measures: <c>valid</c>, <c>solved</c>, <c>agreed</c> (share of the largest cluster of equal answers),
/// <c>formed</c>, <c>undecided</c> (share of answers that the checker could not decide on: they are not right),
/// <c>novelty</c>,
/// <c>label-right</c> (1 where the majority is the known answer), <c>original-solved</c>, <c>correct/seat</c>.
/// </summary>
public sealed class ProposedQuestions : Game<ProposedQuestionsState>
{
    /// <summary>What counts as right.</summary>
    public enum Labelling
    {
        /// <summary>
        /// The answer that came with the question: the data's, or the proposer's own in &lt;result&gt;.
        /// </summary>
        Gold,

        /// <summary>The answer most solvers give.</summary>
        Majority,

        /// <summary>The answer of the problem that the question was made of.</summary>
        Preserved,
    }

    /// <summary>What a proposer makes its question of.</summary>
    public enum Sourcing
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>A problem.</summary>
        Problem,

        /// <summary>A right solution of a problem that is not shown.</summary>
        Solution,
    }

    /// <summary>Options of <see cref="ProposedQuestions"/>.</summary>
    public sealed record Options
    {
        /// <summary>Whether seat 0 proposes; else the solvers are given a problem, dealt ones first.</summary>
        public bool Propose { get; init; } = true;

        /// <summary>Solvers of the question, 1 to 64.</summary>
        public int Solvers { get; init; } = 4;

        /// <summary>Solvers of the original problem, for <see cref="Sourcing.Solution"/>.</summary>
        public int Originals { get; init; }

        /// <summary>What counts as right.</summary>
        public Labelling Label { get; init; } = Labelling.Majority;

        /// <summary>What a question is made of.</summary>
        public Sourcing Source { get; init; } = Sourcing.Problem;

        /// <summary>The least share of right originals at which a variant is made.</summary>
        public double OriginalLow { get; init; } = 0.125;

        /// <summary>The largest.</summary>
        public double OriginalHigh { get; init; } = 0.5;

        /// <summary>The least share of right answers at which a question is kept.</summary>
        public double Low { get; init; } = 0.3;

        /// <summary>The largest.</summary>
        public double High { get; init; } = 0.8;

        /// <summary>
        /// Without a proposer: whether the product is the group of graded answers, for games that judge or mend them
        /// (<see cref="GradedGroup"/>).
        /// </summary>
        public bool Recycle { get; init; }

        /// <summary>
        /// A file with a problem a row (JSON lines, JSON, Parquet, CSV or TSV, plain or gzipped); see <see
        /// cref="ProblemSet"/>.
        /// </summary>
        public string File { get; init; } = "";

        /// <summary>
        /// The path of the file's field of the question, or several with commas between them:
        /// <c>extra_info.question</c>.
        /// </summary>
        public string QuestionField { get; init; } = "question";

        /// <summary>
        /// The path of the file's field of the answer: <c>reward_model.ground_truth</c>. Of a list any member is right.
        /// </summary>
        public string AnswerField { get; init; } = "answer";

        /// <summary>Problems in place of a file.</summary>
        public ImmutableArray<GivenProblem> Problems { get; init; } = [];
    }

    /// <summary>Options of the game without a proposer.</summary>
    public sealed record WordProblemOptions
    {
        /// <inheritdoc cref="Options.Solvers"/>
        public int Solvers { get; init; } = 4;

        /// <inheritdoc cref="Options.Label"/>
        public Labelling Label { get; init; } = Labelling.Gold;

        /// <inheritdoc cref="Options.Recycle"/>
        public bool Recycle { get; init; }

        /// <inheritdoc cref="Options.File"/>
        public string File { get; init; } = "";

        /// <inheritdoc cref="Options.QuestionField"/>
        public string QuestionField { get; init; } = "question";

        /// <inheritdoc cref="Options.AnswerField"/>
        public string AnswerField { get; init; } = "answer";

        /// <inheritdoc cref="Options.Problems"/>
        public ImmutableArray<GivenProblem> Problems { get; init; } = [];

        /// <summary>The game.</summary>
        public ProposedQuestions Build(DataFiles files) =>
            new(
                new()
                {
                    Propose = false,
                    Solvers = Solvers,
                    Label = Label,
                    Recycle = Recycle,
                    File = File,
                    QuestionField = QuestionField,
                    AnswerField = AnswerField,
                    Problems = Problems,
                },
                files,
                "word-problem",
                "problems of a data set, solved by n seats at once"
            );
    }

    private const string Proposer = "proposer",
        OriginalSolver = "original-solver",
        Solver = "solver";
    private const int LongestQuestion = 4000;
    private readonly Options _options;
    private readonly ProblemSet _problems;
    private readonly QuestionMarks _marks;
    private readonly QuestionTurns _turns;
    private readonly int _first;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or contradicts another.</exception>
    public ProposedQuestions(
        Options options,
        DataFiles files,
        string name = "questions",
        string summary = "a proposer asks, of nothing, a problem or a solution; n solvers answer"
    )
    {
        if (options.Solvers is < 1 or > 64)
            throw new ArgumentException($"solvers is {options.Solvers}; it should be 1 to 64.");
        if (options.Originals is < 0 or > 64)
            throw new ArgumentException($"originals is {options.Originals}; it should be 0 to 64.");
        if (options.Propose && options.Source == Sourcing.Solution != options.Originals > 0)
            throw new ArgumentException(
                "originals: solvers of the original problem are needed by source = solution and of no use elsewhere. Set both, or neither."
            );
        if (options.Label == Labelling.Preserved && (!options.Propose || options.Source == Sourcing.None))
            throw new ArgumentException(
                "label: preserved needs a problem whose answer is kept. Set propose = on and source = problem or solution."
            );
        if (options.Recycle && options.Propose)
            throw new ArgumentException(
                "recycle: a game that proposes hands on its question, not the answers. Set propose = off, or recycle = off."
            );
        if (options.Low > options.High || options.OriginalLow > options.OriginalHigh)
            throw new ArgumentException(
                "low, high: low should not be above high, nor original-low above original-high."
            );
        _options = options;
        (_marks, _turns) = (new(options), new(options));
        _problems = new ProblemSet(files, options.File, options.QuestionField, options.AnswerField, options.Problems);
        _first = (options.Propose ? 1 : 0) + options.Originals;
        Facts = new()
        {
            Name = name,
            Measures =
            [
                "correct",
                "original-solved",
                "valid",
                "solved",
                "agreed",
                "formed",
                "undecided",
                "novelty",
                "label-right",
            ],
            Summary = summary,
            ZeroSum = false,
            Forfeit = (-1, 0),
            LongestGame = _first + options.Solvers,
            Roles =
            [
                .. Enumerable.Repeat(Proposer, options.Propose ? 1 : 0),
                .. Enumerable.Repeat(OriginalSolver, options.Originals),
                .. Enumerable.Repeat(Solver, options.Solvers),
            ],
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup)
    {
        var stream = new RandomStream(RandomStream.Derive(setup.Seed, "problem"));
        var drawn = _problems.Draw(ref stream);
        var dealt = _options.Propose ? [] : TaskJson.Dealt<PosedQuestion>(setup.Task, Facts.Name);
        var source = dealt.IsEmpty ? drawn : dealt[0];
        return new ProposedQuestionsState(
            source,
            [.. new string?[_options.Originals]],
            _options.Propose ? null : source,
            null,
            [.. new string?[_options.Solvers]]
        );
    }

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(ProposedQuestionsState state)
    {
        if (IsOver(state))
            return [];
        if (state.Asked is { } asked)
            return _turns.AskSolvers(state.Answers, asked, asked.Answer ?? state.Source.Answer, Solver, _first);
        if (state.Originals.Any(a => a is null))
            return _turns.AskSolvers(state.Originals, state.Source, state.Source.Answer, OriginalSolver, 1);
        return [_turns.AskProposer(state)];
    }

    /// <inheritdoc/>
    protected override string? Check(ProposedQuestionsState state, Turn turn, Move move) =>
        turn.Role == Proposer
            ? Proposed(move.Text, state) is null
                ? $"Write the question within <{QuestionTag}>…</{QuestionTag}>{(_options.Label == Labelling.Gold ? $" and its answer within <{ResultTag}>…</{ResultTag}>" : "")}."
                : null
            : string.IsNullOrWhiteSpace(move.Text)
                ? "An answer is not empty."
                : null;

    /// <inheritdoc/>
    protected override ProposedQuestionsState Play(ProposedQuestionsState state, Turn turn, Move move) =>
        turn.Role == Proposer ? state with { Asked = Proposed(move.Text, state) } : Answered(state, turn, move.Text);

    /// <summary>
    /// A proposer without a question ends the game; a solver without an answer leaves the others theirs.
    /// </summary>
    protected override ProposedQuestionsState? Missed(ProposedQuestionsState state, Turn turn, string reason) =>
        turn.Role == Proposer ? state with { Fault = reason } : Answered(state, turn, "");

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(ProposedQuestionsState state)
    {
        var right = _marks.Right(state);
        double proposer =
            state.Fault is not null ? -1
            : state.Asked is null ? 0
            : 4 * right.Average() * (1 - right.Average());
        return
        [
            .. Enumerable.Repeat(proposer, _options.Propose ? 1 : 0),
            .. state.Originals.Select(a => QuestionMarks.OriginalRight(state, a)),
            .. right,
        ];
    }

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(ProposedQuestionsState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < state.Originals.Length; i++)
            measures[FormattableString.Invariant($"correct/{i + 1}")] = QuestionMarks.OriginalRight(
                state,
                state.Originals[i]
            );
        if (_options.Originals > 0)
            measures["original-solved"] = state.Originals.Average(a => QuestionMarks.OriginalRight(state, a));
        if (state.Fault is not null)
            measures["valid"] = 0;
        if (state.Asked is not { } asked)
            return measures.ToImmutable();
        var verdicts = _marks.Verdicts(state);
        var right = verdicts.Select(v => v == Verdict.Right ? 1.0 : 0).ToArray();
        var (majority, share) = MajorityVote.Of(state.Answers);
        for (var i = 0; i < right.Length; i++)
            measures[FormattableString.Invariant($"correct/{_first + i}")] = right[i];
        (measures["solved"], measures["agreed"]) = (right.Average(), share);
        measures["formed"] = state.Answers.Count(a => a!.Length > 0) / (double)_options.Solvers;
        measures["undecided"] = verdicts.Count(v => v == Verdict.Undecided) / (double)_options.Solvers;
        if (_options.Propose)
            (measures["valid"], measures["novelty"]) = (
                1,
                _options.Source == Sourcing.None ? 1 : NearCopy.Novelty(state.Source.Question, asked.Question)
            );
        else if (asked.Answer is not null)
            measures["label-right"] = majority is not null && asked.IsRight(majority) == true ? 1 : 0;
        return measures.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Product(ProposedQuestionsState state)
    {
        if (_options.Recycle)
            return _marks.Group(state);
        if (!_options.Propose || state.Asked is not { } asked || _marks.Label(state) is not { } label)
            return null;
        var solved = _marks.Right(state).Average();
        return solved >= _options.Low && solved <= _options.High ? TaskJson.Write(asked with { Answer = label }) : null;
    }

    /// <inheritdoc/>
    protected override string? Describe(ProposedQuestionsState state) =>
        state.Fault is not null ? "no question was proposed"
        : state.Asked is null ? "the original gave no occasion for a variant"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{_marks.Right(state).Count(r => r > 0)} of {_options.Solvers} gave the answer {(_marks.Label(state) is { } label ? label.Length <= 60 ? label : label[..60] + "…" : "(nobody answered)")}"
        );

    private bool IsOver(ProposedQuestionsState state) =>
        state.Fault is not null
        || state.Answers.All(a => a is not null)
        || (
            state.Asked is null
            && _options.Originals > 0
            && state.Originals.All(a => a is not null)
            && !_marks.CallsForVariant(state)
        );

    private ProposedQuestionsState Answered(ProposedQuestionsState state, Turn turn, string answer) =>
        turn.Seat >= _first
            ? state with
            {
                Answers = state.Answers.SetItem(turn.Seat - _first, answer.Trim()),
            }
            : state with
            {
                Originals = state.Originals.SetItem(turn.Seat - 1, answer.Trim()),
            };

    private PosedQuestion? Proposed(string text, ProposedQuestionsState state)
    {
        if (
            Answer.Last(AnswerFormat.Tag, text, wholeReply: false, QuestionTag)
            is not { Length: > 0 and <= LongestQuestion } question
        )
            return null;
        if (_options.Label == Labelling.Preserved)
            return state.Source with { Question = question };
        if (_options.Label != Labelling.Gold)
            return new PosedQuestion(question);
        return Answer.Last(AnswerFormat.Tag, text, wholeReply: false, ResultTag) is { } stated
            ? new PosedQuestion(question) { Answer = stated }
            : null;
    }
}
