// CoMAS (arXiv 2510.08529): agents solve, fault each other's solutions and score the faults; what is earned comes from
// their talk alone.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core.Play;
using AgentArena.Games.Answers;

namespace AgentArena.Games.Questions;

/// <summary>
/// Where a game of <see cref="Comas"/> stands. Null entries are open; empty texts and scores of 0 are missing.
/// </summary>
public sealed record ComasState(
    PosedQuestion? Question,
    ImmutableArray<int> Drawn,
    ImmutableArray<string?> Solutions,
    ImmutableArray<string?> Evaluations,
    ImmutableArray<int?> Scores
) : GameState;

/// <summary>
/// m rounds. In each a solver answers the question, n evaluators look for faults, and one scorer for each evaluation
/// says by 1, 2 or 3 whether the fault is fatal, minor or none. Solvers and evaluators see the last <c>history</c>
/// rounds of solutions and evaluations; scores are never shown to anybody, and the next round does not wait for them.
/// Each action is a seat of its own; a matchmaker draws which agent takes it. Payoffs: a solution the mean of (score −
/// 1) / 2, an evaluation 1 − (score − 1) / 2, a scorer 0; −1 for a scorer and 0 for others whose answer could not be
/// read. Measures: <c>earned/seat</c> (the payoff, where there is one to speak of), <c>agreed</c> (mean reward of the
/// solutions), and where the answer is known <c>correct</c>, <c>undecided</c>, <c>correct/seat</c>, and precision and
/// recall of "the reward is above 0.5" for "the solution is right".
/// </summary>
public sealed class Comas : Game<ComasState>
{
    /// <summary>Options of <see cref="Comas"/>; the defaults are the paper's for four agents.</summary>
    public sealed record Options
    {
        /// <summary>Rounds, each with one solution: twice the number of agents in the paper.</summary>
        public int Solutions { get; init; } = 8;

        /// <summary>Evaluations of each solution.</summary>
        public int Evaluations { get; init; } = 1;

        /// <summary>Rounds that are remembered.</summary>
        public int History { get; init; } = 2;

        /// <summary>The longest solution or evaluation, in characters.</summary>
        public int Longest { get; init; } = 8000;
    }

    private const int MostSeats = 60;
    private static readonly ImmutableArray<string> Marks = ["1", "2", "3"];
    private static readonly ImmutableArray<string> Numbers =
    [
        .. Enumerable.Range(2, 19).Select(n => n.ToString(CultureInfo.InvariantCulture)),
    ];
    private static readonly ImmutableArray<string> Signs = ["+", "-", "*"];

    private readonly Options _options;
    private readonly int _judgements;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Comas(Options options)
    {
        _judgements = options.Solutions * options.Evaluations;
        if (options.Solutions < 1 || options.Evaluations < 1 || options.Solutions + 2 * _judgements > MostSeats)
            throw new ArgumentException(
                $"solutions is {options.Solutions} and evaluations {options.Evaluations}; both should be 1 or more, and solutions * (1 + 2 * evaluations) at most {MostSeats}."
            );
        if (options.History < 0)
            throw new ArgumentException($"history is {options.History}; it should be 0 or more.");
        if (options.Longest < 100)
            throw new ArgumentException($"longest is {options.Longest}; it should be at least 100.");
        _options = options;
        Facts = new()
        {
            Name = "comas",
            Measures = ["earned", "agreed", "correct", "undecided", "precision", "recall"],
            Summary = "agents solve, evaluate and score each other; the talk is the only reward",
            Roles =
            [
                .. Enumerable.Repeat("solver", options.Solutions),
                .. Enumerable.Repeat("evaluator", _judgements),
                .. Enumerable.Repeat("scorer", _judgements),
            ],
            ZeroSum = false,
            LongestGame = options.Solutions + 2 * _judgements,
            Forfeit = (-1, 0),
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <summary>r = (score − 1) / 2: fatal 0, minor ½, none 1.</summary>
    public static double SolutionPay(int score) => (score - 1) / 2.0;

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) =>
        new ComasState(
            TaskJson.Dealt<PosedQuestion>(setup.Task, Facts.Name).FirstOrDefault(),
            [],
            [.. new string?[_options.Solutions]],
            [.. new string?[_judgements]],
            [.. new int?[_judgements]]
        );

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(ComasState state)
    {
        if (state.Question is not { } question)
        {
            // Nothing was dealt: chance asks for a sum, so that the truth is known.
            var legal = state.Drawn.Length == 1 ? Signs : Numbers;
            return
            [
                new()
                {
                    Id = -1 - state.Drawn.Length,
                    Seat = Turn.Chance,
                    Legal = legal,
                    Probabilities = [.. legal.Select(_ => 1.0 / legal.Length)],
                },
            ];
        }
        var open = ImmutableArray.CreateBuilder<Turn>();
        var round = state.Solutions.IndexOf(null);
        if (round < 0)
            round = _options.Solutions;
        if (round < _options.Solutions && (round == 0 || Evaluated(state, round - 1)))
            open.Add(
                Ask(
                    round,
                    ComasWords.Solve,
                    ComasWords.ToSolve(question.Question),
                    History(state, round),
                    ComasWords.Solutions(question)
                )
            );
        for (var i = 0; i < _judgements; i++)
            if (state.Solutions[i / _options.Evaluations] is { Length: > 0 } solution && state.Evaluations[i] is null)
                open.Add(
                    Ask(
                        _options.Solutions + i,
                        ComasWords.Evaluate,
                        ComasWords.ToEvaluate(question.Question, solution),
                        History(state, i / _options.Evaluations),
                        ComasWords.Evaluations
                    )
                );
        for (var i = 0; i < _judgements; i++)
            if (state.Evaluations[i] is { Length: > 0 } evaluation && state.Scores[i] is null)
                open.Add(
                    Ask(
                        _options.Solutions + _judgements + i,
                        ComasWords.Score,
                        ComasWords.ToScore(question.Question, state.Solutions[i / _options.Evaluations]!, evaluation),
                        null,
                        Marks
                    ) with
                    {
                        Legal = Marks,
                    }
                );
        return open.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Check(ComasState state, Turn turn, Move move)
    {
        if (turn.HasLegal)
            return base.Check(state, turn, move);
        if (string.IsNullOrWhiteSpace(move.Text))
            return "The answer is empty.";
        return move.Text.Length > _options.Longest
            ? $"It has {move.Text.Length} characters; at most {_options.Longest} are read."
            : null;
    }

    /// <inheritdoc/>
    protected override ComasState Play(ComasState state, Turn turn, Move move)
    {
        if (!turn.IsChance)
            return Answered(state, turn, move.Text);
        var drawn = state.Drawn.Add(turn.Legal.IndexOf(move.Text));
        return state with
        {
            Drawn = drawn,
            Question = drawn.Length == 3 ? ComasWords.Sum(drawn[0] + 2, Signs[drawn[1]], drawn[2] + 2) : null,
        };
    }

    /// <summary>The others go on: a missing solution is not evaluated, a missing evaluation not scored.</summary>
    protected override ComasState? Missed(ComasState state, Turn turn, string reason) => Answered(state, turn, "");

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(ComasState state) => [.. Earned(state).Select(e => e ?? 0.5)];

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(ComasState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        var earned = Earned(state);
        for (var seat = 0; seat < earned.Length; seat++)
            if (earned[seat] is { } pay)
                measures[string.Create(CultureInfo.InvariantCulture, $"earned/{seat}")] = pay;
        var solutions = earned[.._options.Solutions];
        if (solutions.Any(p => p is not null))
            measures["agreed"] = solutions.Average()!.Value;
        if (state.Question!.Answer is null)
            return measures.ToImmutable();
        var verdicts = state.Solutions.Select(s => s!.Length > 0 ? state.Question.Judge(s) : Verdict.Wrong).ToArray();
        bool[] right = [.. verdicts.Select(v => v == Verdict.Right)],
            praised = [.. solutions.Select(p => p > 0.5)];
        for (var i = 0; i < right.Length; i++)
            measures[string.Create(CultureInfo.InvariantCulture, $"correct/{i}")] = right[i] ? 1 : 0;
        var both = right.Zip(praised, (r, p) => r && p).Count(x => x);
        measures["correct"] = right.Average(r => r ? 1.0 : 0);
        measures["undecided"] = verdicts.Average(v => v == Verdict.Undecided ? 1.0 : 0);
        if (praised.Any(p => p))
            measures["precision"] = (double)both / praised.Count(p => p);
        if (right.Any(r => r))
            measures["recall"] = (double)both / right.Count(r => r);
        return measures.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Describe(ComasState state) =>
        $"scores {string.Join(", ", state.Scores.Select(s => s is null or 0 ? "-" : s.ToString()))}";

    private ComasState Answered(ComasState state, Turn turn, string text)
    {
        var seat = turn.Seat;
        if (seat < _options.Solutions)
        {
            var first = seat * _options.Evaluations;
            state = state with { Solutions = state.Solutions.SetItem(seat, text) };
            for (var i = first; text.Length == 0 && i < first + _options.Evaluations; i++)
                state = state with { Evaluations = state.Evaluations.SetItem(i, "") };
            return state;
        }
        seat -= _options.Solutions;
        return seat < _judgements
            ? state with
            {
                Evaluations = state.Evaluations.SetItem(seat, text),
            }
            : state with
            {
                Scores = state.Scores.SetItem(seat - _judgements, text.Length == 0 ? 0 : Marks.IndexOf(text) + 1),
            };
    }

    // Each seat's pay; null where nobody can say, because a score is missing or the seat was never asked.
    private ImmutableArray<double?> Earned(ComasState state)
    {
        var earned = new double?[Facts.Seats];
        for (var s = 0; s < _options.Solutions; s++)
        {
            if (state.Solutions[s]!.Length == 0)
            {
                earned[s] = 0;
                continue;
            }
            var scores = state
                .Scores.AsSpan(s * _options.Evaluations, _options.Evaluations)
                .ToArray()
                .Where(x => x is > 0)
                .Select(x => SolutionPay(x!.Value))
                .ToArray();
            if (scores.Length > 0)
                earned[s] = scores.Average();
            for (var i = s * _options.Evaluations; i < (s + 1) * _options.Evaluations; i++)
            {
                if (state.Evaluations[i]!.Length == 0)
                    earned[_options.Solutions + i] = 0;
                else if (state.Scores[i] is > 0 and var score)
                    earned[_options.Solutions + i] = 1 - SolutionPay(score);
                if (state.Scores[i] is { } given)
                    earned[_options.Solutions + _judgements + i] = given > 0 ? 0 : -1;
            }
        }
        return [.. earned];
    }

    private bool Evaluated(ComasState state, int round) =>
        state.Evaluations.AsSpan(round * _options.Evaluations, _options.Evaluations).IndexOf((string?)null) < 0;

    // The rounds before this one, as far back as is remembered.
    private string History(ComasState state, int round)
    {
        var lines = new List<string>();
        for (var r = Math.Max(0, round - _options.History); r < round; r++)
        {
            if (state.Solutions[r] is not { Length: > 0 } solution)
                continue;
            lines.Add($"solution {r + 1}: {solution}");
            for (var i = r * _options.Evaluations; i < (r + 1) * _options.Evaluations; i++)
                if (state.Evaluations[i] is { Length: > 0 } evaluation)
                    lines.Add($"evaluation of {r + 1}: {evaluation}");
        }
        return string.Join('\n', lines);
    }

    private Turn Ask(int seat, string task, string board, string? transcript, ImmutableArray<string> suggestions)
    {
        ImmutableArray<ObservationPart> told = [new(ObservationKind.Task, task), new(ObservationKind.Board, board)];
        return new()
        {
            Id = seat,
            Seat = seat,
            Role = Facts.Roles[seat],
            Suggestions = suggestions,
            Observation = transcript is null ? told : told.Add(new(ObservationKind.Transcript, transcript)),
        };
    }
}
