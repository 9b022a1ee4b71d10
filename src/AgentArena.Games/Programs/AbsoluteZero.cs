// Absolute Zero (arXiv 2505.03335): one seat proposes a task made of a program, an executor validates it, n solvers try
// it, the executor marks them.
using System.Collections.Immutable;
using AgentArena.Core.Play;
using AgentArena.Games.Python;

namespace AgentArena.Games.Programs;

/// <summary>
/// Seat 0 proposes, seat 1 executes, the others solve at once. The payoffs are the paper's rewards: see
/// <see cref="AbsoluteZeroPay.Proposer"/> and
/// <see cref="AbsoluteZeroPay.Solver"/>; the executor earns nothing. The product is the valid task; tasks dealt by a matchmaker are
/// references to differ from, and for induction the first holds the program to be shown at work. Measures:
/// <c>proposed</c>, <c>valid</c>, <c>solved</c> (mean share right), <c>formed</c> (share of solvers whose answer could
/// be judged), <c>type</c> (0 deduction, 1 abduction, 2 induction, 3 failure), <c>correct/seat</c>.
/// </summary>
public sealed class AbsoluteZero : Game<AbsoluteZeroState>
{
    /// <summary>Which type of task a game is about.</summary>
    public enum TaskChoice
    {
        /// <summary>Chance draws one.</summary>
        Drawn,

        /// <summary>Always deduction.</summary>
        Deduction,

        /// <summary>Always abduction.</summary>
        Abduction,

        /// <summary>Always induction.</summary>
        Induction,

        /// <summary>Always failure: which exception does this raise, or none? The released <c>code_e</c>.</summary>
        Failure,
    }

    /// <summary>When a program that gets some hidden pairs right counts.</summary>
    public enum InductionScore
    {
        /// <summary>Only where all are right.</summary>
        All,

        /// <summary>By the share that is right.</summary>
        Share,

        /// <summary>Where any is right.</summary>
        Any,
    }

    /// <summary>Which valid tasks are kept for later games.</summary>
    public enum Keeping
    {
        /// <summary>All.</summary>
        All,

        /// <summary>Those that not every solver solved.</summary>
        NonOne,

        /// <summary>Those that some solved and some did not.</summary>
        NonExtremes,
    }

    /// <summary>Options of <see cref="AbsoluteZero"/>; the defaults are the released code's.</summary>
    public sealed record Options
    {
        /// <summary>What the game is about.</summary>
        public TaskChoice Type { get; init; } = TaskChoice.Drawn;

        /// <summary>Whether a drawn type may be failure.</summary>
        public bool Failures { get; init; }

        /// <summary>Solvers of each valid task, 1 to 32.</summary>
        public int Solvers { get; init; } = 8;

        /// <summary>Inputs that an induction's proposer writes; half of them are shown to the solvers.</summary>
        public int Inputs { get; init; } = 10;

        /// <summary>When an induced program counts.</summary>
        public InductionScore Induction { get; init; } = InductionScore.All;

        /// <summary>Which valid tasks are kept.</summary>
        public Keeping Keep { get; init; } = Keeping.All;

        /// <summary>Whether seat 0 proposes; off: the first dealt task is solved again.</summary>
        public bool Propose { get; init; } = true;
    }

    private const int Proposer = 0,
        Executor = 1,
        FirstSolver = 2;
    private static readonly ImmutableArray<string> AllTypes =
    [
        .. Enum.GetNames<ProgramTaskType>().Select(t => "type:" + t.ToLowerInvariant()),
    ];

    private readonly Options _options;
    private readonly ImmutableArray<string> _types;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AbsoluteZero(Options options)
    {
        if (options.Solvers is < 1 or > 32)
            throw new ArgumentException($"solvers is {options.Solvers}; it should be 1 to 32.");
        if (options.Inputs is < 2 or > 64)
            throw new ArgumentException($"inputs is {options.Inputs}; it should be 2 to 64.");
        _options = options;
        _types = options.Failures ? AllTypes : AllTypes.Remove("type:failure");
        Facts = new()
        {
            Name = "absolute-zero",
            Measures = ["type", "proposed", "valid", "solved", "formed", "correct"],
            Summary = "a proposer writes a program task, solvers try it, an executor is the judge",
            Roles = ["proposer", "executor", .. Enumerable.Repeat("solver", options.Solvers)],
            ZeroSum = false,
            LongestGame = options.Solvers + 3,
            Forfeit = (-1, 0),
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup)
    {
        var references = TaskJson.Dealt<ProgramTask>(setup.Task, Facts.Name);
        ProgramTaskType? type = _options.Type == TaskChoice.Drawn ? null : (ProgramTaskType)(_options.Type - 1);
        return Entered(new(type, references, null, null, [.. new ProgramAnswer?[_options.Solvers]], default), type);
    }

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(AbsoluteZeroState state)
    {
        if (state.Type is null)
            return
            [
                new()
                {
                    Id = -1,
                    Seat = Turn.Chance,
                    Legal = _types,
                    Probabilities = [.. _types.Select(_ => 1.0 / _types.Length)],
                },
            ];
        if (state.Fault is not null || !state.Marks.IsDefault)
            return [];
        if (state.Task is not { } task)
            return
            [
                Ask(
                    Proposer,
                    Proposer,
                    ProgramWords.Propose(state.Type.Value, _options.Inputs),
                    ProgramWords.ToPropose(state.Type.Value, state.References),
                    ProgramWords.Proposals(state.Type.Value, _options.Inputs)
                ),
            ];
        if (task.Outputs.IsEmpty)
            return [Execute(Executor, ProgramRequest.Validate(task), ProgramWords.Validations(task))];
        if (state.Answers.Any(a => a is null))
            return
            [
                .. Enumerable
                    .Range(0, _options.Solvers)
                    .Where(i => state.Answers[i] is null)
                    .Select(i =>
                        Ask(
                            FirstSolver + i,
                            FirstSolver + i,
                            ProgramWords.Solve(task.Type),
                            ProgramWords.ToSolve(task),
                            ProgramWords.Solutions(task)
                        )
                    ),
            ];
        var request = Request(state);
        return [Execute(FirstSolver + _options.Solvers, request, ProgramWords.Markings(request))];
    }

    /// <inheritdoc/>
    protected override string? Check(AbsoluteZeroState state, Turn turn, Move move)
    {
        if (turn.IsChance)
            return base.Check(state, turn, move);
        return turn.Seat switch
        {
            Proposer => Proposed(state, move.Text).Fault,
            Executor => ProgramReply.Read(move.Text, Request(state)) is null
                ? "This is no executor's reply to the request. Seat tool python here."
                : null,
            _ => ProgramProposal.Last(move.Text, ProgramWords.Label(state.Task!.Type)) is null
                ? ProgramWords.NoAnswer(state.Task.Type)
                : null,
        };
    }

    /// <inheritdoc/>
    protected override AbsoluteZeroState Play(AbsoluteZeroState state, Turn turn, Move move)
    {
        if (turn.IsChance)
            return Entered(state, (ProgramTaskType)turn.Legal.IndexOf(move.Text));
        if (turn.Seat == Proposer)
            return state with { Task = Proposed(state, move.Text).Task };
        if (turn.Seat == Executor)
        {
            var reply = ProgramReply.Read(move.Text, Request(state))!;
            return state.Task!.Outputs.IsEmpty
                ? state with
                {
                    Task = state.Task with { Outputs = reply.Outputs },
                    Fault = reply.Fault,
                }
                : state with
                {
                    Marks = reply.Marks,
                };
        }
        return Answered(
            state,
            turn.Seat,
            new(ProgramProposal.Last(move.Text, ProgramWords.Label(state.Task!.Type)), null)
        );
    }

    /// <summary>
    /// A proposer without a proposal ends the game; a solver without an answer leaves the others theirs.
    /// </summary>
    protected override AbsoluteZeroState? Missed(AbsoluteZeroState state, Turn turn, string reason) =>
        turn.Seat switch
        {
            Proposer => state with { Fault = reason },
            Executor => null,
            _ => Answered(state, turn.Seat, new(null, reason)),
        };

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(AbsoluteZeroState state)
    {
        if (state.Fault is not null)
            return [AbsoluteZeroPay.Proposer(null), .. new double[_options.Solvers + 1]];
        var shares = Shares(state);
        return
        [
            _options.Propose ? AbsoluteZeroPay.Proposer(shares.Average(s => s ?? 0)) : 0,
            0,
            .. shares.Select(AbsoluteZeroPay.Solver),
        ];
    }

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(AbsoluteZeroState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        measures["type"] = (int)state.Type!.Value;
        if (_options.Propose)
            (measures["proposed"], measures["valid"]) = (state.Task is null ? 0 : 1, state.Fault is null ? 1 : 0);
        if (state.Fault is not null)
            return measures.ToImmutable();
        var shares = Shares(state);
        measures["solved"] = shares.Average(s => s ?? 0);
        measures["formed"] = shares.Average(s => s is null ? 0.0 : 1);
        for (var i = 0; i < shares.Length; i++)
            measures[$"correct/{FirstSolver + i}"] = shares[i] ?? 0;
        return measures.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Product(AbsoluteZeroState state)
    {
        if (state.Fault is not null || !_options.Propose)
            return null;
        var solved = Shares(state).Average(s => s ?? 0);
        return _options.Keep switch
        {
            Keeping.NonOne when solved >= 1 => null,
            Keeping.NonExtremes when solved is <= 0 or >= 1 => null,
            _ => TaskJson.Write(state.Task!),
        };
    }

    /// <inheritdoc/>
    protected override string? Describe(AbsoluteZeroState state)
    {
        var type = state.Type.ToString()!.ToLowerInvariant();
        if (state.Fault is { } fault)
            return $"{type}: not valid: {(fault.Length <= 120 ? fault : fault[..120] + "…")}";
        return $"{type}: {Shares(state).Count(s => s >= 1)} of {_options.Solvers} solved it";
    }

    // A game that does not propose begins with a dealt task: the first of the type, or Absolute Zero's own first one.
    private AbsoluteZeroState Entered(AbsoluteZeroState state, ProgramTaskType? type) =>
        state with
        {
            Type = type,
            Task =
                _options.Propose || type is null
                    ? null
                    : state.References.FirstOrDefault(r =>
                        r.Type == type && r.Outputs.Length == r.Inputs.Length && !r.Inputs.IsEmpty
                    ) ?? ProgramTask.Identity(type.Value),
        };

    private (ProgramTask? Task, string? Fault) Proposed(AbsoluteZeroState state, string text)
    {
        if (state.Type != ProgramTaskType.Induction)
        {
            var (program, input, fault) = ProgramProposal.ReadSingle(text);
            return fault is not null
                ? (null, fault)
                : (new ProgramTask(state.Type!.Value, program!, [input!], []), null);
        }
        var many = ProgramProposal.ReadMany(text, _options.Inputs);
        return many.Fault is not null
            ? (null, many.Fault)
            : (
                new ProgramTask(state.Type.Value, ProgramWords.ProgramOf(state.References), many.Inputs!.Value, [])
                {
                    Message = many.Message,
                },
                null
            );
    }

    // What the executor is asked now; an answer that is missing is not marked, and keeps its place by an empty mark.
    private static ProgramRequest Request(AbsoluteZeroState state) =>
        state.Task!.Outputs.IsEmpty
            ? ProgramRequest.Validate(state.Task)
            : ProgramRequest.Mark(state.Task, [.. state.Answers.Where(a => a?.Text is not null).Select(a => a!.Text!)]);

    // When the last answer is in and none could be read, there is nothing to ask the executor.
    private static AbsoluteZeroState Answered(AbsoluteZeroState state, int seat, ProgramAnswer answer)
    {
        var answers = state.Answers.SetItem(seat - FirstSolver, answer);
        return state with { Answers = answers, Marks = answers.All(a => a is { Text: null }) ? [] : state.Marks };
    }

    // What each solver got right, by the rule on inductions; null where there was nothing to judge.
    private ImmutableArray<double?> Shares(AbsoluteZeroState state)
    {
        var mark = 0;
        return
        [
            .. state.Answers.Select(a =>
                a!.Text is null ? null
                : state.Marks[mark++] is not { Formed: true } given ? (double?)null
                : _options.Induction switch
                {
                    InductionScore.Share => given.Share,
                    InductionScore.Any => given.Share > 0 ? 1 : 0,
                    _ => given.Share >= 1 ? 1 : 0,
                }
            ),
        ];
    }

    private Turn Ask(int id, int seat, string task, string board, ImmutableArray<string> suggestions) =>
        new()
        {
            Id = id,
            Seat = seat,
            Role = Facts.Roles[seat],
            Suggestions = suggestions,
            Observation = [new(ObservationKind.Task, task), new(ObservationKind.Board, board)],
        };

    private Turn Execute(int id, ProgramRequest request, ImmutableArray<string> suggestions) =>
        new()
        {
            Id = id,
            Seat = Executor,
            Role = Facts.Roles[Executor],
            Request = TaskJson.Write(request),
            Suggestions = suggestions,
            Observation =
            [
                new(ObservationKind.Board, TaskJson.Write(request)),
                new(
                    ObservationKind.Task,
                    "Say what these programs do: their outputs, or a mark for each answer, as JSON."
                ),
            ],
        };
}
