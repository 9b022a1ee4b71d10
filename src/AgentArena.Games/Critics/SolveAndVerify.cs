// Solve, then verify one's own solution on the same scale of rewards (RISE): each solution and its verification stand
// in one game.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Core.Play;
using AgentArena.Core.Roles;

namespace AgentArena.Games.Critics;

/// <summary>
/// A problem, each solver's solution (empty: none), whether it goes on to verification, and each verifier's critique;
/// null where not yet.
/// </summary>
public sealed record SolveAndVerifyState(
    Chain Problem,
    ImmutableArray<string?> Solutions,
    ImmutableArray<bool?> Chosen,
    ImmutableArray<string?> Critiques
) : GameState;

/// <summary>
/// The first n seats solve one problem, a group; seat n + i scores the solution of seat i. A solution without boxed
/// answer is worth −1, a wrong one −0.5, a right one +1; a verification that names that very score +1, another −0.5,
/// none −1, and −1 as well where the critique is too short. Rewards are the measures <c>score/seat</c> and
/// <c>verdict/seat</c>; seats whose solution was not chosen have none. Payoffs are the same with 0 for those.
/// </summary>
public sealed class SolveAndVerify : Game<SolveAndVerifyState>
{
    /// <summary>How seats answer.</summary>
    public enum AnswerForm
    {
        /// <summary>
        /// From a list: values, and scores. Nothing can be missing or too short but an answer that never came.
        /// </summary>
        Listed,

        /// <summary>Any text with the answer, or the score, in a box.</summary>
        Text,
    }

    /// <summary>
    /// Options of <see cref="SolveAndVerify"/>; the defaults are RISE's, save that each solution is verified.
    /// </summary>
    public sealed record Options : ChainOptions
    {
        /// <summary>Solvers of one problem.</summary>
        public int Solvers { get; init; } = 1;

        /// <summary>How seats answer.</summary>
        public AnswerForm Answers { get; init; } = AnswerForm.Listed;

        /// <summary>Share of right solutions that are verified (RISE: 128 of 8192 solutions in all).</summary>
        public double VerifyRight { get; init; } = 1;

        /// <summary>
        /// Share of other solutions that are verified. The two shares balance the classes as the solvers get better.
        /// </summary>
        public double VerifyWrong { get; init; } = 1;

        /// <summary>A right solution, and a verification that names the score.</summary>
        public double Right { get; init; } = 1;

        /// <summary>A wrong one.</summary>
        public double Wrong { get; init; } = -0.5;

        /// <summary>Nothing in a box.</summary>
        public double Missing { get; init; } = -1;

        /// <summary>Critiques with fewer characters count as missing; for text alone.</summary>
        public int ShortestCritique { get; init; } = 800;
    }

    private readonly Options _options;
    private readonly int _n;
    private readonly ImmutableArray<string> _numbers,
        _scores;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SolveAndVerify(Options options)
    {
        options.Check();
        if (options.Solvers is < 1 or > 64)
            throw new ArgumentException($"solvers is {options.Solvers}; it should be 1 to 64.");
        if (options.VerifyRight is not (>= 0 and <= 1) || options.VerifyWrong is not (>= 0 and <= 1))
            throw new ArgumentException(
                $"verify-right and verify-wrong are {options.VerifyRight} and {options.VerifyWrong}; they are shares from 0 to 1."
            );
        if (!(options.Right > options.Wrong && options.Wrong > options.Missing))
            throw new ArgumentException(
                $"right, wrong and missing are {options.Right}, {options.Wrong} and {options.Missing}; each should be above the next, since the score names the class."
            );
        if (options.ShortestCritique < 0)
            throw new ArgumentException($"shortest-critique is {options.ShortestCritique}; it should be 0 or more.");
        (_options, _n) = (options, options.Solvers);
        _numbers = [.. Enumerable.Range(0, options.Largest + 1).Select(Chain.Spell)];
        _scores = [Print(options.Missing), Print(options.Wrong), Print(options.Right)];
        Facts = new()
        {
            Name = "solve-and-verify",
            Measures = ["score", "verdict", "solved", "right-on-right", "right-on-wrong"],
            Summary = "solve, then say what reward the solution earned",
            Roles = [.. Enumerable.Repeat("solver", _n), .. Enumerable.Repeat("verifier", _n)],
            ZeroSum = false,
            LongestGame = 2 * _n,
            LargestStake = new[] { options.Right, options.Wrong, options.Missing }.Max(Math.Abs),
            Forfeit = (options.Missing, 0),
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup)
    {
        var stream = new RandomStream(RandomStream.Derive(setup.Seed, "chain"));
        return new SolveAndVerifyState(
            _options.Deal(setup, ref stream),
            [.. new string?[_n]],
            [.. new bool?[_n]],
            [.. new string?[_n]]
        );
    }

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(SolveAndVerifyState state)
    {
        if (Seats(i => state.Solutions[i] is null) is { Length: > 0 } solving)
            return [.. solving.Select(i => AskSolver(state, i))];
        // A share of 0 or 1 leaves nothing to chance; the choice is made with the last solution (see Settled).
        if (Seats(i => state.Chosen[i] is null) is [var next, ..])
        {
            var share = Share(state, next);
            return
            [
                new Turn
                {
                    Id = -1 - next,
                    Seat = Turn.Chance,
                    Legal = [$"verify:{next}", $"leave:{next}"],
                    Probabilities = [share, 1 - share],
                },
            ];
        }
        return
        [
            .. Seats(i => state.Chosen[i] == true && state.Critiques[i] is null).Select(i => AskVerifier(state, i)),
        ];
    }

    private int[] Seats(Func<int, bool> where) => [.. Enumerable.Range(0, _n).Where(where)];

    /// <inheritdoc/>
    protected override SolveAndVerifyState Play(SolveAndVerifyState state, Turn turn, Move move) =>
        turn.IsChance
            ? state with
            {
                Chosen = state.Chosen.SetItem(-1 - turn.Id, move.Text == turn.Legal[0]),
            }
            : Answered(state, turn, move.Text);

    /// <inheritdoc/>
    protected override SolveAndVerifyState? Missed(SolveAndVerifyState state, Turn turn, string reason) =>
        Answered(state, turn, "");

    private SolveAndVerifyState Answered(SolveAndVerifyState state, Turn turn, string text)
    {
        if (turn.Seat >= _n)
            return state with { Critiques = state.Critiques.SetItem(turn.Seat - _n, text) };
        var solved = state with { Solutions = state.Solutions.SetItem(turn.Seat, text) };
        return solved.Solutions.Contains(null)
            ? solved
            : solved with
            {
                Chosen =
                [
                    .. Enumerable
                        .Range(0, _n)
                        .Select(i =>
                            Share(solved, i) switch
                            {
                                1 => true,
                                0 => false,
                                _ => (bool?)null,
                            }
                        ),
                ],
            };
    }

    private double Share(SolveAndVerifyState state, int solver) =>
        Score(state, solver) == _options.Right ? _options.VerifyRight : _options.VerifyWrong;

    /// <summary>What the solution of a solver is worth.</summary>
    private double Score(SolveAndVerifyState state, int solver)
    {
        if (Boxed(state.Solutions[solver]!) is not { } answer)
            return _options.Missing;
        return answer.TrimStart('0').PadLeft(1, '0') == Print(state.Problem.Values[^1])
            ? _options.Right
            : _options.Wrong;
    }

    private double Verdict(SolveAndVerifyState state, int solver)
    {
        var critique = state.Critiques[solver]!;
        if (
            Boxed(critique) is not { } said
            || (_options.Answers == AnswerForm.Text && critique.Length < _options.ShortestCritique)
        )
            return _options.Missing;
        return
            double.TryParse(said, NumberStyles.Float, CultureInfo.InvariantCulture, out var score)
            && score == Score(state, solver)
            ? _options.Right
            : _options.Wrong;
    }

    private string? Boxed(string text) =>
        text.Length == 0 ? null
        : _options.Answers == AnswerForm.Listed ? text
        : Answer.Last(AnswerFormat.Boxed, text, wholeReply: false);

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(SolveAndVerifyState state) =>
        [
            .. Enumerable.Range(0, _n).Select(i => Score(state, i)),
            .. Enumerable.Range(0, _n).Select(i => state.Chosen[i] == true ? Verdict(state, i) : 0),
        ];

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(SolveAndVerifyState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        for (var i = 0; i < _n; i++)
        {
            measures[$"score/{i}"] = Score(state, i);
            if (state.Chosen[i] == true)
                measures[$"verdict/{_n + i}"] = Verdict(state, i);
        }
        measures["solved"] = Enumerable.Range(0, _n).Average(i => Score(state, i) == _options.Right ? 1.0 : 0);
        Share("right-on-right", i => Score(state, i) == _options.Right);
        Share("right-on-wrong", i => Score(state, i) != _options.Right);
        return measures.ToImmutable();

        void Share(string name, Func<int, bool> where)
        {
            if (Seats(i => state.Chosen[i] == true && where(i)) is { Length: > 0 } seats)
                measures[name] = seats.Average(i => Verdict(state, i) == _options.Right ? 1.0 : 0);
        }
    }

    private Turn AskSolver(SolveAndVerifyState state, int solver) =>
        Asked(
            solver,
            "solver",
            $"What is the value of this sum?{(_options.Answers == AnswerForm.Text ? @" Solve it step by step and give the value as \boxed{value}." : "")}",
            state.Problem.Problem,
            _numbers,
            Chain.Spell(state.Problem.Values[^1]),
            $"{state.Problem.Write(state.Problem.Values)} so it is "
        );

    private Turn AskVerifier(SolveAndVerifyState state, int solver) =>
        Asked(
            _n + solver,
            "verifier",
            $"What score did this solution earn? {_scores[2]}: its value is right. {_scores[1]}: it is wrong. {_scores[0]}: it gives none."
                + (
                    _options.Answers == AnswerForm.Text
                        ? $@" Check it step by step, in at least {_options.ShortestCritique} characters, and give the score as \boxed{{score}}."
                        : ""
                ),
            $"{state.Problem.Problem}\n{state.Solutions[solver]}",
            _scores,
            Print(Score(state, solver)),
            "I went through the solution step by step. ".PadRight(_options.ShortestCritique)
        );

    private Turn Asked(
        int seat,
        string role,
        string task,
        string board,
        ImmutableArray<string> listed,
        string right,
        string before
    ) =>
        new()
        {
            Id = seat,
            Seat = seat,
            Role = role,
            Observation = [new(ObservationKind.Task, task), new(ObservationKind.Board, board)],
            Legal = _options.Answers == AnswerForm.Listed ? listed : default,
            Gold = [right],
            Suggestions =
                _options.Answers == AnswerForm.Listed
                    ? [right]
                    :
                    [
                        .. listed
                            .Where(l => l == right)
                            .Concat(listed.Where(l => l != right).Take(2))
                            .Select(l => $@"{before}\boxed{{{l}}}"),
                        "I cannot say.",
                    ],
        };

    private static string Print(double number) => number.ToString(CultureInfo.InvariantCulture);
}
