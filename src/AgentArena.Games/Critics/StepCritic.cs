// A sneaky generator against a step critic (SPC, arXiv 2504.19162): one puts a wrong value into a right solution, the
// other says whether it is right.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Play;

namespace AgentArena.Games.Critics;

/// <summary>
/// Seat 0 is the sneaky generator, seat 1 the critic; the others, where completions decide what counts as an error, are
/// solvers that go on from the right step and then from the sneaky one. Chance decides what is shown. Payoffs are the
/// table of reward <c>sneaky-critic</c>, with 0 where the table is silent. Where errors are named, each sneaky
/// game has the measures
/// <c>named-k</c> of each kind k (1 where it was named), <c>fits</c> (1 where the step has that error) and, once
/// judged, <c>fooled-k</c>.
/// </summary>
public sealed class StepCritic : Game<StepCriticState>
{
    /// <summary>How much the critic is shown.</summary>
    public enum View
    {
        /// <summary>The whole solution; an error may stand in any step.</summary>
        Chain,

        /// <summary>
        /// The last step is in question. With shorter solutions in play too, these are beginnings, as a guide meets
        /// them.
        /// </summary>
        Step,
    }

    /// <summary>What makes a rewritten step an error.</summary>
    public enum ValidityGate
    {
        /// <summary>Arithmetic.</summary>
        Exact,

        /// <summary>Solvers still succeed from the right step and no longer from the sneaky one.</summary>
        Completions,
    }

    /// <summary>Whether the sneaky seat says which error it makes.</summary>
    public enum Naming
    {
        /// <summary>It rewrites the step at once.</summary>
        None,

        /// <summary>It names one of the listed kinds first, then rewrites the step as it likes, as published.</summary>
        Named,

        /// <summary>It names a kind that this step can have, and the step must then have it.</summary>
        Held,
    }

    /// <summary>Options of <see cref="StepCritic"/>.</summary>
    public sealed record Options : ChainOptions
    {
        /// <summary>How much the critic is shown.</summary>
        public View Shown { get; init; } = View.Chain;

        /// <summary>Share of right solutions. A critic that sees few of them learns to say incorrect.</summary>
        public double Correct { get; init; } = 0.5;

        /// <summary>
        /// Share of uniform errors. Keep it at 0.3 of all errors or more, else the pair drifts into a dialect.
        /// </summary>
        public double Uniform { get; init; } = 0.15;

        /// <summary>Share of errors by one.</summary>
        public double OffByOne { get; init; }

        /// <summary>Share of errors by ten.</summary>
        public double OffByTen { get; init; }

        /// <summary>Share of errors that the sneaky seat makes.</summary>
        public double Sneaky { get; init; } = 0.35;

        /// <summary>Whether the sneaky seat names its error first.</summary>
        public Naming Naming { get; init; }

        /// <summary>The kinds of error that it may name.</summary>
        public ImmutableArray<StepError> Errors { get; init; } = StepErrors.All;

        /// <summary>What makes a rewritten step an error.</summary>
        public ValidityGate Gate { get; init; }

        /// <summary>Solver seats of the gate; each goes on from the right step and from the sneaky one.</summary>
        public int Completions { get; init; } = 4;

        /// <summary>
        /// The least share of solvers that succeed from the right step; with fewer the game says nothing.
        /// </summary>
        public double OriginalMinSuccess { get; init; } = 0.75;

        /// <summary>The largest share of solvers that may still succeed from a sneaky step.</summary>
        public double SneakyMaxSuccess { get; init; }
    }

    private const int SmallEdit = 3;

    internal const int SneakyTurn = 0,
        CriticTurn = 1,
        FirstSolver = 2;
    internal static readonly ImmutableArray<string> Verdicts = ["correct", "incorrect"];
    private readonly Options _options;
    private readonly ImmutableArray<(StepCase Case, string Name, double Share)> _cases;
    private readonly ImmutableArray<string> _numbers;
    private readonly int _solvers;
    private readonly StepCriticTurns _turns;

    // After all other turns, so that turns have the same numbers in games that name no error.
    private int KindTurn => FirstSolver + 2 * _solvers;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public StepCritic(Options options)
    {
        options.Check();
        if (options.Completions is < 1 or > 32)
            throw new ArgumentException($"completions is {options.Completions}; it should be 1 to 32.");
        if (options.OriginalMinSuccess is not (>= 0 and <= 1) || options.SneakyMaxSuccess is not (>= 0 and < 1))
            throw new ArgumentException(
                $"original-min-success and sneaky-max-success are {options.OriginalMinSuccess} and {options.SneakyMaxSuccess}; they are shares, the second below 1."
            );
        if (options.Errors.IsDefaultOrEmpty || options.Errors.Distinct().Count() < options.Errors.Length)
            throw new ArgumentException("errors should list one kind of error or more, each once.");
        (StepCase, string, double)[] cases =
        [
            (StepCase.Correct, "correct", options.Correct),
            (StepCase.Uniform, "uniform", options.Uniform),
            (StepCase.OffByOne, "off-by-one", options.OffByOne),
            (StepCase.OffByTen, "off-by-ten", options.OffByTen),
            (StepCase.Sneaky, "sneaky", options.Sneaky),
        ];
        if (cases.Any(c => !(c.Item3 >= 0)) || cases.All(c => c.Item3 == 0))
            throw new ArgumentException(
                "correct, uniform, off-by-one, off-by-ten and sneaky are shares: none should be negative, and one should be above 0."
            );
        _options = options;
        _cases = [.. cases.Where(c => c.Item3 > 0)];
        _numbers = [.. Enumerable.Range(0, options.Largest + 1).Select(Chain.Spell)];
        _solvers = options.Gate == ValidityGate.Completions ? options.Completions : 0;
        _turns = new(options, _numbers, _solvers);
        Facts = new()
        {
            Name = "step-critic",
            Measures = StepCriticTurns.Measures,
            Summary = "one puts an error into a solution, the other finds whether there is one",
            Roles = ["sneaky", "critic", .. Enumerable.Repeat("solver", _solvers)],
            ZeroSum = false,
            LongestGame = (options.Naming == Naming.None ? 2 : 3) + 2 * _solvers,
            Forfeit = (-1, 0),
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup)
    {
        var stream = new RandomStream(RandomStream.Derive(setup.Seed, "chain"));
        var problem = _options.Deal(setup, ref stream);
        var step = _options.Shown == View.Step ? problem.Changes.Length - 1 : stream.Next(problem.Changes.Length);
        ImmutableArray<string?> unsaid = [.. new string?[_solvers]];
        return new StepCriticState(
            problem,
            RandomStream.Derive(setup.Seed, "error"),
            null,
            step,
            null,
            unsaid,
            unsaid,
            null
        );
    }

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(StepCriticState state)
    {
        if (state.Case is null)
        {
            var total = _cases.Sum(c => c.Share);
            return
            [
                new Turn
                {
                    Id = -1,
                    Seat = Turn.Chance,
                    Legal = [.. _cases.Select(c => "show:" + c.Name)],
                    Probabilities = [.. _cases.Select(c => c.Share / total)],
                },
            ];
        }
        if (state.Case == StepCase.Sneaky && state.Value is null)
            return
            [
                state.Named is null && Kinds(state) is { IsEmpty: false } kinds
                    ? StepCriticTurns.AskKind(state, KindTurn, kinds)
                    : _turns.AskSneaky(state),
            ];
        if (state.Case == StepCase.Sneaky && _solvers > 0)
        {
            var open = ImmutableArray.CreateBuilder<Turn>(_solvers);
            for (var solver = 0; solver < _solvers; solver++)
                if (state.FromRight[solver] is null)
                    open.Add(_turns.AskSolver(state, solver, sneaky: false));
                else if (state.FromSneaky[solver] is null)
                    open.Add(_turns.AskSolver(state, solver, sneaky: true));
            if (open.Count > 0)
                return open.ToImmutable();
        }
        return state.SaidCorrect is null && Judge(state) == Validity.Valid ? [StepCriticTurns.AskCritic(state)] : [];
    }

    /// <inheritdoc/>
    protected override StepCriticState Play(StepCriticState state, Turn turn, Move move)
    {
        if (turn.IsChance)
            return Show(state, _cases[turn.Legal.IndexOf(move.Text)].Case);
        if (turn.Id == KindTurn)
            return state with { Named = _options.Errors.First(k => StepErrors.Spell(k) == move.Text) };
        return turn.Id switch
        {
            SneakyTurn => state with { Value = _numbers.IndexOf(move.Text) },
            CriticTurn => state with { SaidCorrect = move.Text == Verdicts[0] },
            _ => Complete(state, turn, move.Text),
        };
    }

    /// <inheritdoc/>
    protected override StepCriticState? Missed(StepCriticState state, Turn turn, string reason) =>
        turn.Role == "solver" ? Complete(state, turn, "") : null;

    private StepCriticState Complete(StepCriticState state, Turn turn, string answer)
    {
        var solver = turn.Seat - 2;
        return turn.Id < FirstSolver + _solvers
            ? state with
            {
                FromRight = state.FromRight.SetItem(solver, answer),
            }
            : state with
            {
                FromSneaky = state.FromSneaky.SetItem(solver, answer),
            };
    }

    // The rules' own errors. An error by ten may not fit everywhere: it then stands in a step where it does.
    private static StepCriticState Show(StepCriticState state, StepCase shown)
    {
        var (problem, step) = (state.Problem, state.Step);
        if (shown is StepCase.Sneaky)
            return state with { Case = shown };
        var stream = new RandomStream(state.Seed);
        if (shown is StepCase.OffByTen && Wrong(step).Length == 0)
        {
            int[] fitting = [.. Enumerable.Range(0, problem.Changes.Length).Where(s => Wrong(s).Length > 0)];
            step = fitting[stream.Next(fitting.Length)];
        }
        var wrong = Wrong(step);
        return state with
        {
            Case = shown,
            Step = step,
            Value = shown is StepCase.Correct ? problem.Values[step] : wrong[stream.Next(wrong.Length)],
        };

        int[] Wrong(int at)
        {
            var (right, (low, high)) = (problem.Values[at], problem.Room(at));
            return shown switch
            {
                StepCase.Correct => [right],
                StepCase.OffByOne => [.. new[] { right - 1, right + 1 }.Where(v => v >= low && v <= high)],
                StepCase.OffByTen => [.. new[] { right - 10, right + 10 }.Where(v => v >= low && v <= high)],
                _ => [.. Enumerable.Range(low, high - low + 1).Where(v => v != right)],
            };
        }
    }

    private enum Validity
    {
        Valid,

        /// <summary>The sneaky step is no error that matters.</summary>
        NoError,

        /// <summary>The solvers fail from the right step too: nothing can be said.</summary>
        Void,
    }

    private Validity Judge(StepCriticState state)
    {
        if (state.Case != StepCase.Sneaky)
            return Validity.Valid;
        if (_solvers == 0)
            return state.Value == state.Problem.Values[state.Step] ? Validity.NoError : Validity.Valid;
        var (original, sneaky) = (Success(state, state.FromRight), Success(state, state.FromSneaky));
        if (original < _options.OriginalMinSuccess)
            return Validity.Void;
        return sneaky <= _options.SneakyMaxSuccess ? Validity.Valid : Validity.NoError;
    }

    private static double Success(StepCriticState state, ImmutableArray<string?> answers)
    {
        var right = Chain.Spell(state.Problem.Values[^1]);
        return (double)answers.Count(a => a == right) / answers.Length;
    }

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(StepCriticState state)
    {
        var payoffs = new double[Facts.Seats];
        var judged = Judge(state);
        if (state.SaidCorrect is { } said)
            payoffs[1] = said == (state.Case == StepCase.Correct) ? 1 : -1;
        if (state.Case == StepCase.Sneaky)
            payoffs[0] = judged switch
            {
                Validity.NoError => -1,
                Validity.Void => 0,
                _ => -payoffs[1],
            };
        return [.. payoffs];
    }

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(StepCriticState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        var judged = Judge(state);
        var edit = Math.Abs(state.Value!.Value - state.Problem.Values[state.Step]);
        if (state.Case == StepCase.Sneaky)
        {
            if (_solvers > 0)
            {
                measures["original-success"] = Success(state, state.FromRight);
                measures["sneaky-success"] = Success(state, state.FromSneaky);
            }
            if (judged != Validity.Void)
                measures["valid"] = judged == Validity.Valid ? 1 : 0;
            if (state.Named is { } named)
            {
                foreach (var kind in _options.Errors)
                    measures["named-" + StepErrors.Spell(kind)] = kind == named ? 1 : 0;
                measures["fits"] = StepErrors.Values(state.Problem, state.Step, named).Contains(state.Value.Value)
                    ? 1
                    : 0;
                if (state.SaidCorrect is { } fooled)
                    measures["fooled-" + StepErrors.Spell(named)] = fooled ? 1 : 0;
            }
        }
        if (state.SaidCorrect is not { } said)
            return measures.ToImmutable();
        var right = said == (state.Case == StepCase.Correct) ? 1 : 0;
        measures["right"] = right;
        measures[state.Case == StepCase.Correct ? "right-on-right" : "right-on-wrong"] = right;
        if (!said)
            // over games: of the steps called wrong; recall is right-on-wrong
            measures["precision"] = state.Case == StepCase.Correct ? 0 : 1;
        if (state.Case != StepCase.Correct)
            measures["right-on-" + _cases.First(c => c.Case == state.Case).Name] = right;
        if (state.Case == StepCase.Sneaky)
            measures["fooled"] = 1 - right;
        if (state.Case is not (StepCase.Sneaky or StepCase.Uniform))
            return measures.ToImmutable();
        measures[state.Case == StepCase.Sneaky ? "edit" : "edit-uniform"] = edit;
        measures[state.Case == StepCase.Sneaky ? "small-edit" : "small-edit-uniform"] = edit <= SmallEdit ? 1 : 0;
        return measures.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Describe(StepCriticState state) =>
        Judge(state) switch
        {
            Validity.Void => "the solvers fail from the right step too: not used",
            Validity.NoError => "the sneaky step is no error that matters",
            _ =>
                $"{(state.Named is { } kind ? StepErrors.Spell(kind) : _cases.First(c => c.Case == state.Case).Name)}: {state.Problem.Write(StepCriticTurns.Shown(state))} was called {(state.SaidCorrect == true ? Verdicts[0] : Verdicts[1])}",
        };

    // What may be named. Where the step must have the error, only what it can have: of a short list that may be
    // nothing, and nothing is asked.
    private ImmutableArray<StepError> Kinds(StepCriticState state) =>
        _options.Naming switch
        {
            Naming.None => [],
            Naming.Named => _options.Errors,
            _ => [.. _options.Errors.Where(k => !StepErrors.Values(state.Problem, state.Step, k).IsEmpty)],
        };
}
