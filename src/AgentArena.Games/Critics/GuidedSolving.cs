// A critic at work: it judges each step of a solution as it is made, and a step it rejects is made again (SPC, arXiv
// 2504.19162).
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Play;

namespace AgentArena.Games.Critics;

/// <summary>
/// A problem, the steps kept so far, the step on trial (null: to be made), attempts at the present step and in all, and
/// the critic's verdicts by kind.
/// </summary>
public sealed record GuidedSolvingState(
    Chain Problem,
    ImmutableArray<int> Kept,
    int? Trial,
    int Attempt,
    int Attempts,
    (int RightPassed, int Right, int WrongRejected, int Wrong) Verdicts
) : GameState;

/// <summary>
/// Seat 0 solves step by step, seat 1 judges. A step called incorrect is made again, at most so many times, then the
/// last one stands. Both are paid for the final value. With one attempt the critic is never asked: the control.
/// </summary>
public sealed class GuidedSolving : Game<GuidedSolvingState>
{
    /// <summary>Options of <see cref="GuidedSolving"/>.</summary>
    public sealed record Options : ChainOptions
    {
        /// <summary>The most attempts at a step; the last one stands, whatever it is.</summary>
        public int Attempts { get; init; } = 5;
    }

    private static readonly ImmutableArray<string> Said = ["correct", "incorrect"];
    private readonly Options _options;
    private readonly ImmutableArray<string> _numbers;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public GuidedSolving(Options options)
    {
        options.Check();
        if (options.Attempts is < 1 or > 100)
            throw new ArgumentException($"attempts is {options.Attempts}; it should be 1 to 100.");
        _options = options;
        _numbers = [.. Enumerable.Range(0, options.Largest + 1).Select(Chain.Spell)];
        Facts = new()
        {
            Name = "guided-solving",
            Measures = ["right", "attempts", "steps-right", "right-on-right", "right-on-wrong"],
            Summary = "one solves step by step, the other sends wrong steps back",
            Roles = ["solver", "critic"],
            ZeroSum = false,
            LongestGame = options.Steps * (2 * options.Attempts - 1),
            Forfeit = (-1, 0),
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup)
    {
        var stream = new RandomStream(RandomStream.Derive(setup.Seed, "chain"));
        return new GuidedSolvingState(_options.Deal(setup, ref stream), [], null, 0, 0, default);
    }

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(GuidedSolvingState state)
    {
        var (problem, step) = (state.Problem, state.Kept.Length);
        if (step == problem.Changes.Length)
            return [];
        var id = 2 * (step * _options.Attempts + state.Attempt);
        if (state.Trial is { } trial)
        {
            return
            [
                new Turn
                {
                    Id = id - 1,
                    Seat = 1,
                    Role = "critic",
                    Observation =
                    [
                        new(ObservationKind.Task, "Is every step of this solution right? Say correct or incorrect."),
                        new(ObservationKind.Board, problem.Write(state.Kept.Add(trial))),
                    ],
                    Legal = Said,
                    Gold = [IsRight(state) ? Said[0] : Said[1]],
                },
            ];
        }
        var before = Before(state);
        return
        [
            new Turn
            {
                Id = id,
                Seat = 0,
                Role = "solver",
                Observation =
                [
                    new(ObservationKind.Task, "Go on with this solution: what is the value of its last step?"),
                    new(ObservationKind.Board, problem.Write(state.Kept) + problem.Left(step, before)),
                ],
                Legal = _numbers,
                Gold = [_numbers[Math.Clamp(before + problem.Changes[step], 0, _options.Largest)]],
            },
        ];
    }

    /// <inheritdoc/>
    protected override GuidedSolvingState Play(GuidedSolvingState state, Turn turn, Move move)
    {
        if (turn.Seat == 0)
        {
            var made = state with
            {
                Trial = _numbers.IndexOf(move.Text),
                Attempt = state.Attempt + 1,
                Attempts = state.Attempts + 1,
            };
            return made.Attempt == _options.Attempts ? Keep(made) : made;
        }
        var (passed, right, v) = (move.Text == Said[0], IsRight(state), state.Verdicts);
        var judged = state with
        {
            Verdicts = right
                ? v with
                {
                    RightPassed = v.RightPassed + (passed ? 1 : 0),
                    Right = v.Right + 1,
                }
                : v with
                {
                    WrongRejected = v.WrongRejected + (passed ? 0 : 1),
                    Wrong = v.Wrong + 1,
                },
        };
        return passed ? Keep(judged) : judged with { Trial = null };
    }

    private static GuidedSolvingState Keep(GuidedSolvingState state) =>
        state with
        {
            Kept = state.Kept.Add(state.Trial!.Value),
            Trial = null,
            Attempt = 0,
        };

    private static int Before(GuidedSolvingState state) => state.Kept.IsEmpty ? state.Problem.Start : state.Kept[^1];

    // What the critic is asked about: every step so far, the one on trial included.
    private static bool IsRight(GuidedSolvingState state) =>
        state.Kept.Add(state.Trial!.Value).SequenceEqual(state.Problem.Values[..(state.Kept.Length + 1)]);

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(GuidedSolvingState state) =>
        state.Kept[^1] == state.Problem.Values[^1] ? [1, 1] : [0, 0];

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(GuidedSolvingState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        measures["right"] = Payoffs(state)[0];
        measures["attempts"] = (double)state.Attempts / state.Kept.Length;
        measures["steps-right"] =
            (double)
                state
                    .Kept.Where(
                        (value, step) =>
                            value - (step == 0 ? state.Problem.Start : state.Kept[step - 1])
                            == state.Problem.Changes[step]
                    )
                    .Count() / state.Kept.Length;
        if (state.Verdicts.Right > 0)
            measures["right-on-right"] = (double)state.Verdicts.RightPassed / state.Verdicts.Right;
        if (state.Verdicts.Wrong > 0)
            measures["right-on-wrong"] = (double)state.Verdicts.WrongRejected / state.Verdicts.Wrong;
        return measures.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Describe(GuidedSolvingState state) =>
        $"{state.Problem.Write(state.Kept)} in {state.Attempts} attempts; the right value is {Chain.Spell(state.Problem.Values[^1])}";
}
