// Arithmetic worked out by one seat, a step a turn: reasoning as moves, so that it can be searched. The end alone is
// judged.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Core.Play;

namespace AgentArena.Games.Critics;

/// <summary>A problem and the values put down so far.</summary>
public sealed record ChainStepsState(Chain Problem, ImmutableArray<int> Put) : GameState;

/// <summary>
/// The seat is shown a problem and its own steps, and puts down the value of the next one; any number in range may
/// stand there. Payoff 1 where the last value is the problem's, else 0. Measures: <c>right</c>, and <c>right-steps</c>,
/// the share of steps that follow from the one before.
/// </summary>
public sealed class ChainSteps : Game<ChainStepsState>
{
    /// <summary>Options of <see cref="ChainSteps"/>.</summary>
    public sealed record Options
    {
        /// <summary>Steps of a problem, 1 to 4.</summary>
        public int Steps { get; init; } = 3;

        /// <summary>Values lie in 0 to this.</summary>
        public int Largest { get; init; } = 29;

        /// <summary>Which problems.</summary>
        public Split Split { get; init; } = Split.Train;
    }

    private readonly Options _options;
    private readonly ImmutableArray<string> _numbers;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public ChainSteps(Options options)
    {
        if (options.Steps is < 1 or > Chain.MostSteps)
            throw new ArgumentException($"steps is {options.Steps}; it should be 1 to {Chain.MostSteps}.");
        if (options.Largest is < 9 or > 99)
            throw new ArgumentException($"largest is {options.Largest}; it should be 9 to 99.");
        _options = options;
        _numbers = [.. Enumerable.Range(0, options.Largest + 1).Select(Chain.Spell)];
        Facts = new()
        {
            Name = "chain-steps",
            Measures = ["right", "right-steps"],
            Summary = "an arithmetic chain, one step a turn, judged by its end",
            Roles = ["solver"],
            ZeroSum = false,
            LongestGame = Chain.MostSteps,
            PerfectInformation = true,
            Forfeit = (-1, 0),
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup)
    {
        var stream = new RandomStream(RandomStream.Derive(setup.Seed, "problem"));
        return new ChainStepsState(
            setup.Task is { } task
                ? Chain.Read(task, _options.Largest)
                : Chain.Draw(ref stream, _options.Steps, _options.Largest, _options.Split),
            []
        );
    }

    /// <inheritdoc/>
    public override GameState? Restore(Turn turn)
    {
        if (
            turn.InformationState?.Split('|') is not [var start, var changes, var put]
            || !int.TryParse(start, CultureInfo.InvariantCulture, out var first)
        )
            return null;
        return new ChainStepsState(new Chain(first, Numbers(changes), _options.Largest), Numbers(put));

        static ImmutableArray<int> Numbers(string text) =>
            [
                .. text.Split(',', StringSplitOptions.RemoveEmptyEntries)
                    .Select(n => int.Parse(n, CultureInfo.InvariantCulture)),
            ];
    }

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(ChainStepsState state)
    {
        var (problem, put) = (state.Problem, state.Put);
        if (put.Length == problem.Changes.Length)
            return [];
        var before = put.IsEmpty ? problem.Start : put[^1];
        return
        [
            new Turn
            {
                Id = put.Length,
                Seat = 0,
                Role = "solver",
                Legal = _numbers,
                Observation =
                [
                    new(
                        ObservationKind.Task,
                        $"Work out the chain from left to right, one step a turn. Each answer is the value after the step, two digits from 00 to {Chain.Spell(_options.Largest)}. Only the last value is judged: 1 if it is right, else 0."
                    ),
                    new(
                        ObservationKind.Board,
                        $"{problem.Problem} {problem.Write(put)}{problem.Left(put.Length, before)}"
                    ),
                ],
                Gold = [Chain.Spell(Math.Clamp(before + problem.Changes[put.Length], 0, _options.Largest))],
                InformationState = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{problem.Start}|{string.Join(',', problem.Changes)}|{string.Join(',', put)}"
                ),
            },
        ];
    }

    /// <inheritdoc/>
    protected override ChainStepsState Play(ChainStepsState state, Turn turn, Move move) =>
        state with
        {
            Put = state.Put.Add(int.Parse(move.Text, CultureInfo.InvariantCulture)),
        };

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(ChainStepsState state) =>
        [state.Put[^1] == state.Problem.Values[^1] ? 1 : 0];

    /// <inheritdoc/>
    protected override string? Describe(ChainStepsState state) =>
        $"{state.Problem.Problem} worked out as {state.Problem.Write(state.Put)}";

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(ChainStepsState state) =>
        ImmutableSortedDictionary<string, double>
            .Empty.Add("right", Payoffs(state)[0])
            .Add(
                "right-steps",
                state
                    .Put.Where(
                        (v, i) => v == (i == 0 ? state.Problem.Start : state.Put[i - 1]) + state.Problem.Changes[i]
                    )
                    .Count() / (double)state.Put.Length
            );
}
