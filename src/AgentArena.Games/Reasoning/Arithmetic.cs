// Sums of two numbers: a proposer picks how many digits they have, n solvers answer at once. Knows digits, never how a
// solver thinks.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Core.Play;

namespace AgentArena.Games.Reasoning;

/// <summary>
/// Where a game of <see cref="Arithmetic"/> stands: the class (0: not picked yet), and per solver its answer, "" for
/// none, null while it thinks.
/// </summary>
public sealed record ArithmeticState(
    ulong Seed,
    int Digits,
    bool Picked,
    ImmutableArray<Turn> Asked,
    ImmutableArray<string?> Answers
) : GameState;

/// <summary>
/// Seat 0 proposes a class (+k: two numbers of k digits), the game draws the problem, the others answer it at once. One
/// problem in eight of the classes above +1 belongs to the test split, by a hash that does not tell a + b from b + a. A
/// solver is paid 1 for the right sum, the proposer 4s(1 − s) for the share s that was right. Measures: <c>digits</c>
/// (the class), <c>solved</c> (s),
/// <c>graded</c> (mean share of right digits), <c>formed</c>, <c>picked</c> (1 where the proposer chose),
/// <c>solved-k</c>, <c>graded/seat</c>.
/// </summary>
public sealed class Arithmetic : Game<ArithmeticState>
{
    /// <summary>Which problems are drawn.</summary>
    public enum Split
    {
        /// <summary>Those to learn from.</summary>
        Train,

        /// <summary>Those held out.</summary>
        Test,
    }

    /// <summary>How an answer is written.</summary>
    public enum Spelling
    {
        /// <summary>
        /// k + 1 digits, the least significant first, so that carries are known when they are needed; nothing else.
        /// </summary>
        LeastFirst,

        /// <summary>k + 1 digits in the usual order; nothing else.</summary>
        MostFirst,

        /// <summary>Any digits in the usual order, leading zeros or not; the role finds them in the reply.</summary>
        Free,
    }

    /// <summary>Options of <see cref="Arithmetic"/>.</summary>
    public sealed record Options
    {
        /// <summary>Solvers of each problem, 1 to 64.</summary>
        public int Solvers { get; init; } = 8;

        /// <summary>The classes there are: digits of each number, 1 to 9.</summary>
        public ImmutableArray<int> Classes { get; init; } = [1, 2, 3, 4];

        /// <summary>Which problems are drawn.</summary>
        public Split Split { get; init; } = Split.Train;

        /// <summary>How an answer is written.</summary>
        public Spelling Answer { get; init; } = Spelling.LeastFirst;

        /// <summary>Share of games in which chance picks the class, all alike, and the proposer is not asked.</summary>
        public double Chance { get; init; }

        /// <summary>
        /// Whether each solver is given a problem of its own, for lessons and measurements; their answers are not
        /// comparable then.
        /// </summary>
        public bool Apart { get; init; }

        /// <summary>
        /// Digits that each number is shown with, zeros in the places it does not have; the largest class where 0.
        /// </summary>
        public int Width { get; init; }

        /// <summary>
        /// Whether the two numbers are shown with their least significant digit first as well: then each digit of the
        /// answer stands equally far from the two digits it is made of, which is what relative positions (rotary
        /// embeddings) can use.
        /// </summary>
        public bool Reversed { get; init; }
    }

    private const int Proposer = 0;
    private readonly Options _options;
    private readonly Turn _pick;
    private readonly int _width;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Arithmetic(Options options)
    {
        if (options.Solvers is < 1 or > 64)
            throw new ArgumentException($"solvers is {options.Solvers}; it should be 1 to 64.");
        if (
            options.Classes.IsEmpty
            || options.Classes.Any(c => c is < 1 or > 9)
            || options.Classes.Distinct().Count() != options.Classes.Length
        )
            throw new ArgumentException(
                $"classes is [{string.Join(", ", options.Classes)}]; it should hold different numbers of digits, 1 to 9."
            );
        if (options.Chance is not (>= 0 and <= 1))
            throw new ArgumentException($"chance is {options.Chance}; it should be from 0 to 1.");
        if (options.Width != 0 && options.Width < options.Classes.Max())
            throw new ArgumentException(
                $"width is {options.Width}; it should be at least the largest class, {options.Classes.Max()}, or 0."
            );
        (_options, _width) = (options, options.Width == 0 ? options.Classes.Max() : options.Width);
        Facts = new()
        {
            Name = "arithmetic",
            Measures = ["graded", "solved", "digits", "solved-*", "picked", "formed"],
            Summary = "a proposer picks how long the numbers are, solvers add them",
            ZeroSum = false,
            Forfeit = (-1, 0),
            Roles = ["proposer", .. Enumerable.Repeat("solver", options.Solvers)],
            LongestGame = options.Solvers + 1,
        };
        _pick = new()
        {
            Id = 0,
            Seat = Proposer,
            Role = "proposer",
            Shared = true,
            Legal = [.. options.Classes.Select(Name)],
            Observation =
            [
                new(
                    ObservationKind.Task,
                    "Pick how many digits the numbers have that the solvers will add. You are paid most where about half of them are right."
                ),
                new(ObservationKind.Board, "pick"),
            ],
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup)
    {
        var state = new ArithmeticState(setup.Seed, 0, false, [], []);
        var stream = new RandomStream(RandomStream.Derive(setup.Seed, "class"));
        return stream.NextDouble() < _options.Chance
            ? Draw(state, _options.Classes[stream.Next(_options.Classes.Length)])
            : state;
    }

    /// <summary>Whether a problem is held out. Sums of one digit never are: there are only a hundred.</summary>
    public static bool IsHeldOut(long a, long b, int digits) =>
        digits > 1 && RandomStream.Derive(0, "split", Math.Min(a, b), Math.Max(a, b)) % 8 == 0;

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(ArithmeticState state)
    {
        if (state.Digits == 0)
            return [_pick];
        var open = ImmutableArray.CreateBuilder<Turn>(_options.Solvers);
        for (var i = 0; i < state.Answers.Length; i++)
            if (state.Answers[i] is null)
                open.Add(state.Asked[i]);
        return open.ToImmutable();
    }

    /// <inheritdoc/>
    public override Move? Read(Turn turn, string answer) =>
        turn.Seat == Proposer ? base.Read(turn, answer)
        : MoveText.Barer(answer).FirstOrDefault(a => Fault(turn, a) is null) is { } digits ? new Move(digits)
        : null;

    /// <inheritdoc/>
    protected override string? Check(ArithmeticState state, Turn turn, Move move) =>
        turn.Seat == Proposer ? base.Check(state, turn, move) : Fault(turn, move.Text);

    /// <inheritdoc/>
    protected override ArithmeticState Play(ArithmeticState state, Turn turn, Move move) =>
        turn.Seat == Proposer
            ? Draw(state with { Picked = true }, _options.Classes[turn.Legal.IndexOf(move.Text)])
            : state with
            {
                Answers = state.Answers.SetItem(turn.Seat - 1, move.Text),
            };

    /// <summary>A solver without an answer leaves the others theirs.</summary>
    protected override ArithmeticState? Missed(ArithmeticState state, Turn turn, string reason) =>
        turn.Seat == Proposer ? null : state with { Answers = state.Answers.SetItem(turn.Seat - 1, "") };

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(ArithmeticState state)
    {
        double[] right = [.. Enumerable.Range(0, _options.Solvers).Select(i => IsRight(state, i) ? 1.0 : 0)];
        var solved = right.Average();
        return [state.Picked ? 4 * solved * (1 - solved) : 0, .. right];
    }

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(ArithmeticState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        var (solved, graded) = (0.0, 0.0);
        for (var i = 0; i < _options.Solvers; i++)
        {
            var share = Share(state, i);
            measures[string.Create(CultureInfo.InvariantCulture, $"graded/{i + 1}")] = share;
            graded += share / _options.Solvers;
            if (IsRight(state, i))
                solved += 1.0 / _options.Solvers;
        }
        (measures["solved"], measures["graded"], measures["digits"]) = (solved, graded, state.Digits);
        measures[string.Create(CultureInfo.InvariantCulture, $"solved-{state.Digits}")] = solved;
        measures["picked"] = state.Picked ? 1 : 0;
        measures["formed"] = state.Answers.Count(a => a!.Length > 0) / (double)_options.Solvers;
        return measures.ToImmutable();
    }

    /// <inheritdoc/>
    protected override string? Describe(ArithmeticState state) =>
        $"{Name(state.Digits)}: {Enumerable.Range(0, _options.Solvers).Count(i => IsRight(state, i))} of {_options.Solvers} right";

    private static string Name(int digits) => string.Create(CultureInfo.InvariantCulture, $"+{digits}");

    private ArithmeticState Draw(ArithmeticState state, int digits)
    {
        var stream = new RandomStream(RandomStream.Derive(state.Seed, "problem", digits));
        var asked = ImmutableArray.CreateBuilder<Turn>(_options.Solvers);
        var problem = Problem(digits, ref stream);
        for (var seat = 1; seat <= _options.Solvers; seat++)
        {
            if (_options.Apart && seat > 1)
                problem = Problem(digits, ref stream);
            asked.Add(problem with { Id = seat, Seat = seat });
        }
        return state with
        {
            Digits = digits,
            Asked = asked.MoveToImmutable(),
            Answers = [.. new string?[_options.Solvers]],
        };
    }

    private Turn Problem(int digits, ref RandomStream stream)
    {
        var (least, count) = digits == 1 ? (0, 10) : (Power(digits - 1), 9 * Power(digits - 1));
        long a,
            b;
        do (a, b) = (least + stream.Next(count), least + stream.Next(count));
        while (digits > 1 && IsHeldOut(a, b, digits) != (_options.Split == Split.Test));
        return new()
        {
            Id = 0,
            Seat = 0,
            Role = "solver",
            TokenBudget = _options.Answer == Spelling.Free ? 0 : digits + 1,
            Gold = [Spell(a + b, digits)],
            Suggestions = [Spell(a + b, digits), Spell(a + b == 0 ? 1 : a + b - 1, digits)],
            Observation =
            [
                new(
                    ObservationKind.Task,
                    _options.Answer switch
                    {
                        Spelling.Free => "Add the two numbers.",
                        Spelling.MostFirst =>
                            $"Add the two numbers. Answer with {digits + 1} digits, zeros before a shorter sum.",
                        _ =>
                            $"Add the two numbers. Answer with {digits + 1} digits, the last one first, zeros at the end of a shorter sum.",
                    }
                ),
                new(ObservationKind.Board, $"{Padded(a)}+{Padded(b)}"),
            ],
        };
    }

    private string? Fault(Turn turn, string answer)
    {
        if (answer.Length == 0 || !answer.All(char.IsAsciiDigit))
            return "An answer is digits alone.";
        var length = turn.Gold[0].Length;
        return _options.Answer == Spelling.Free || answer.Length == length
            ? null
            : $"An answer has {length} digits here.";
    }

    private bool IsRight(ArithmeticState state, int solver)
    {
        if (state.Answers[solver] is not { Length: > 0 } answer)
            return false;
        var right = state.Asked[solver].Gold[0];
        return _options.Answer == Spelling.Free ? answer.TrimStart('0') == right.TrimStart('0') : answer == right;
    }

    // The share of the right answer's digits that stand in their places, counted from the last one where lengths may
    // differ.
    private double Share(ArithmeticState state, int solver)
    {
        var (answer, right) = (state.Answers[solver]!, state.Asked[solver].Gold[0]);
        if (answer.Length == 0)
            return 0;
        var same = 0;
        if (_options.Answer == Spelling.Free)
        {
            (answer, right) = (answer.TrimStart('0'), right.TrimStart('0'));
            for (var k = 1; k <= Math.Min(answer.Length, right.Length); k++)
                if (answer[^k] == right[^k])
                    same++;
            return right.Length == 0
                ? answer.Length == 0
                    ? 1
                    : 0
                : (double)same / Math.Max(right.Length, answer.Length);
        }
        for (var k = 0; k < right.Length; k++)
            if (answer[k] == right[k])
                same++;
        return (double)same / right.Length;
    }

    private string Spell(long sum, int digits)
    {
        if (_options.Answer == Spelling.Free)
            return sum.ToString(CultureInfo.InvariantCulture);
        var usual = sum.ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        return _options.Answer == Spelling.MostFirst ? usual : new string([.. usual.Reverse()]);
    }

    private string Padded(long number)
    {
        var shown = number.ToString(CultureInfo.InvariantCulture).PadLeft(_width, '0');
        return _options.Reversed ? new string([.. shown.Reverse()]) : shown;
    }

    private static int Power(int digits) => (int)Math.Pow(10, digits);
}
