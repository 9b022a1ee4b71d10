// Multi-Agent Evolve (arXiv 2510.23595): one seat asks a question, n seats answer it, judges score question and
// answers. Nothing else is true.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core.Play;
using AgentArena.Games.Answers;

namespace AgentArena.Games.Questions;

/// <summary>
/// Where a game of <see cref="MultiAgentEvolve"/> stands. Null entries are still open; an answer that is missing is
/// empty.
/// </summary>
public sealed record MultiAgentEvolveState(
    PosedQuestion? Reference,
    string? Question,
    bool NoQuestion,
    ImmutableArray<double?> QuestionScores,
    ImmutableArray<string?> Answers,
    ImmutableArray<double?> AnswerScores,
    int Fallbacks
) : GameState;

/// <summary>
/// Seat 0 proposes; then the judges of the question, the solvers, and one judge for each solver. Judges give 1 to 10; a
/// verdict is worth v = clip((score − 1) / 9, 0, 1), the mean where it holds several scores, and 0.5 where it holds
/// none. Quality Q is the mean verdict on the question, S that on the answers, difficulty D = 1 − S. The payoffs are
/// the judged part of the paper's rewards: (Q + D) / 3 to the proposer, J / 2 to a solver, nothing to judges; the rest
/// is the reward <c>format</c>: F / 3, F / 2, F. A question with Q below the gate is not asked: its proposer gets Q / 3
/// and it is not kept. Measures: <c>proposed</c>, <c>quality</c>, <c>rejected</c>, <c>solved</c> (S),
/// <c>difficulty</c>, <c>fallbacks</c> (verdicts without a score), <c>judged/seat</c>.
/// </summary>
public sealed class MultiAgentEvolve : Game<MultiAgentEvolveState>
{
    /// <summary>Options of <see cref="MultiAgentEvolve"/>; the defaults are the released run's.</summary>
    public sealed record Options
    {
        /// <summary>Answers to each question, 1 to 16.</summary>
        public int Solvers { get; init; } = 5;

        /// <summary>Verdicts on each question, 1 to 8.</summary>
        public int QuestionJudges { get; init; } = 1;

        /// <summary>The least quality of a question that is asked and kept.</summary>
        public double Gate { get; init; } = 0.7;

        /// <summary>
        /// How many <c>&lt;score&gt;</c> pairs judges are asked for. Give the reward <c>format</c> the same number: the
        /// released code asks for 1 and pays for 3.
        /// </summary>
        public int ExpectedScoreTags { get; init; } = 1;

        /// <summary>
        /// Whether seat 0 proposes; off: the dealt question, which was accepted before, is answered again.
        /// </summary>
        public bool Propose { get; init; } = true;

        /// <summary>The longest question and answer, in characters.</summary>
        public int Longest { get; init; } = 8000;
    }

    private const double Neutral = 0.5;

    private readonly Options _options;
    private readonly int _firstSolver,
        _firstJudge;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public MultiAgentEvolve(Options options)
    {
        if (options.Solvers is < 1 or > 16)
            throw new ArgumentException($"solvers is {options.Solvers}; it should be 1 to 16.");
        if (options.QuestionJudges is < 1 or > 8)
            throw new ArgumentException($"question-judges is {options.QuestionJudges}; it should be 1 to 8.");
        if (options.Gate is not (>= 0 and <= 1))
            throw new ArgumentException($"gate is {options.Gate}; it should be 0 to 1.");
        if (options.ExpectedScoreTags is < 1 or > 10)
            throw new ArgumentException($"expected-score-tags is {options.ExpectedScoreTags}; it should be 1 to 10.");
        if (options.Longest < 100)
            throw new ArgumentException($"longest is {options.Longest}; it should be at least 100.");
        _options = options;
        _firstSolver = 1 + options.QuestionJudges;
        _firstJudge = _firstSolver + options.Solvers;
        Facts = new()
        {
            Name = "multi-agent-evolve",
            Measures = ["proposed", "fallbacks", "quality", "rejected", "solved", "difficulty", "judged"],
            Summary = "a proposer asks, solvers answer, judges score the question and each answer",
            Roles =
            [
                "proposer",
                .. Enumerable.Repeat("judge", options.QuestionJudges),
                .. Enumerable.Repeat("solver", options.Solvers),
                .. Enumerable.Repeat("judge", options.Solvers),
            ],
            ZeroSum = false,
            LongestGame = 1 + options.QuestionJudges + 2 * options.Solvers,
            Forfeit = (0, 0),
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <summary>A verdict's worth, and whether it is the neutral one because no score can be read.</summary>
    public static (double Value, bool Fallback) Verdict(string text) =>
        ScoreText.Scores(text, "score") is { Count: > 0 } scores
            ? (scores.Average(s => Math.Clamp((s - 1) / 9, 0, 1)), false)
            : (Neutral, true);

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup)
    {
        var dealt = TaskJson.Dealt<PosedQuestion>(setup.Task, Facts.Name).FirstOrDefault();
        var state = new MultiAgentEvolveState(
            dealt,
            null,
            false,
            [.. new double?[_options.QuestionJudges]],
            [.. new string?[_options.Solvers]],
            [.. new double?[_options.Solvers]],
            0
        );
        return _options.Propose
            ? state
            : state with
            {
                Question = dealt?.Question ?? JudgingWords.Questions[0],
                QuestionScores = [.. state.QuestionScores.Select(_ => (double?)1)],
            };
    }

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(MultiAgentEvolveState state)
    {
        if (state.NoQuestion)
            return [];
        if (state.Question is not { } question)
            return
            [
                Ask(0, JudgingWords.Propose, JudgingWords.ToPropose(state.Reference?.Question), JudgingWords.Questions),
            ];
        if (state.QuestionScores.Any(s => s is null))
            return
            [
                .. Enumerable
                    .Range(0, _options.QuestionJudges)
                    .Where(i => state.QuestionScores[i] is null)
                    .Select(i =>
                        Ask(
                            1 + i,
                            JudgingWords.JudgeQuestion(_options.ExpectedScoreTags),
                            JudgingWords.ToJudge(question, null),
                            JudgingWords.Verdicts(_options.ExpectedScoreTags)
                        )
                    ),
            ];
        if (Quality(state) < _options.Gate)
            return [];
        var open = ImmutableArray.CreateBuilder<Turn>();
        for (var i = 0; i < _options.Solvers; i++)
            if (state.Answers[i] is null)
                open.Add(Ask(_firstSolver + i, JudgingWords.Solve, question, JudgingWords.Answers));
        for (var i = 0; i < _options.Solvers; i++)
            if (state.Answers[i] is { } answer && state.AnswerScores[i] is null)
                open.Add(
                    Ask(
                        _firstJudge + i,
                        JudgingWords.JudgeAnswer(_options.ExpectedScoreTags),
                        JudgingWords.ToJudge(question, answer),
                        JudgingWords.Verdicts(_options.ExpectedScoreTags)
                    )
                );
        return open.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Check(MultiAgentEvolveState state, Turn turn, Move move)
    {
        if (string.IsNullOrWhiteSpace(move.Text))
            return "The answer is empty.";
        return turn.Role != "judge" && move.Text.Length > _options.Longest
            ? $"It has {move.Text.Length} characters; at most {_options.Longest} are read."
            : null;
    }

    /// <inheritdoc/>
    protected override MultiAgentEvolveState Play(MultiAgentEvolveState state, Turn turn, Move move)
    {
        if (turn.Seat == 0)
            return state with { Question = move.Text };
        return turn.Role == "judge"
            ? Judged(state, turn.Seat, Verdict(move.Text))
            : state with
            {
                Answers = state.Answers.SetItem(turn.Seat - _firstSolver, move.Text),
            };
    }

    /// <summary>
    /// No question ends the game; a missing answer is worth nothing and is not judged; a missing verdict is neutral.
    /// </summary>
    protected override MultiAgentEvolveState? Missed(MultiAgentEvolveState state, Turn turn, string reason)
    {
        if (turn.Seat == 0)
            return state with { NoQuestion = true };
        if (turn.Role == "judge")
            return Judged(state, turn.Seat, (Neutral, true));
        var solver = turn.Seat - _firstSolver;
        return state with
        {
            Answers = state.Answers.SetItem(solver, ""),
            AnswerScores = state.AnswerScores.SetItem(solver, 0),
        };
    }

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(MultiAgentEvolveState state)
    {
        var payoffs = new double[Facts.Seats];
        if (state.NoQuestion)
            return [.. payoffs];
        if (_options.Propose)
            payoffs[0] = Quality(state) / 3;
        if (Quality(state) < _options.Gate)
            return [.. payoffs];
        if (_options.Propose)
            payoffs[0] = (Quality(state) + 1 - Solved(state)) / 3;
        for (var i = 0; i < _options.Solvers; i++)
            payoffs[_firstSolver + i] = state.AnswerScores[i]!.Value / 2;
        return [.. payoffs];
    }

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(MultiAgentEvolveState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        if (_options.Propose)
            measures["proposed"] = state.NoQuestion ? 0 : 1;
        if (state.NoQuestion)
            return measures.ToImmutable();
        var rejected = Quality(state) < _options.Gate;
        measures["fallbacks"] = state.Fallbacks;
        if (_options.Propose)
            (measures["quality"], measures["rejected"]) = (Quality(state), rejected ? 1 : 0);
        if (rejected)
            return measures.ToImmutable();
        (measures["solved"], measures["difficulty"]) = (Solved(state), 1 - Solved(state));
        for (var i = 0; i < _options.Solvers; i++)
            measures[string.Create(CultureInfo.InvariantCulture, $"judged/{_firstSolver + i}")] = state.AnswerScores[
                i
            ]!.Value;
        return measures.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Product(MultiAgentEvolveState state) =>
        !_options.Propose || state.NoQuestion || Quality(state) < _options.Gate
            ? null
            : TaskJson.Write(new PosedQuestion(state.Question!));

    /// <inheritdoc/>
    protected override string? Describe(MultiAgentEvolveState state) =>
        state.NoQuestion ? "no question"
        : Quality(state) < _options.Gate
            ? string.Create(CultureInfo.InvariantCulture, $"quality {Quality(state):0.##}: rejected")
        : string.Create(CultureInfo.InvariantCulture, $"quality {Quality(state):0.##}, solved {Solved(state):0.##}");

    private MultiAgentEvolveState Judged(MultiAgentEvolveState state, int seat, (double Value, bool Fallback) verdict)
    {
        var counted = state with { Fallbacks = state.Fallbacks + (verdict.Fallback ? 1 : 0) };
        return seat < _firstSolver
            ? counted with
            {
                QuestionScores = state.QuestionScores.SetItem(seat - 1, verdict.Value),
            }
            : counted with
            {
                AnswerScores = state.AnswerScores.SetItem(seat - _firstJudge, verdict.Value),
            };
    }

    private static double Quality(MultiAgentEvolveState state) => state.QuestionScores.Average()!.Value;

    private static double Solved(MultiAgentEvolveState state) => state.AnswerScores.Average()!.Value;

    private Turn Ask(int seat, string task, string board, ImmutableArray<string> suggestions) =>
        new()
        {
            Id = seat,
            Seat = seat,
            Role = Facts.Roles[seat],
            Suggestions = suggestions,
            Observation = [new(ObservationKind.Task, task), new(ObservationKind.Board, board)],
        };
}
