// Countdown: make a target out of given numbers. A proposer picks how many numbers there are; n solvers answer at once.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core;
using AgentArena.Core.Play;

namespace AgentArena.Games.Reasoning;

/// <summary>
/// Where a game of <see cref="Countdown"/> stands: the numbers are empty until the class is picked; per solver its
/// answer, "" for none, null while it thinks.
/// </summary>
public sealed record CountdownState(
    ulong Seed,
    bool Picked,
    ImmutableArray<long> Numbers,
    long Target,
    string Solution,
    ImmutableArray<string?> Answers
) : GameState;

/// <summary>
/// Each given number may be used once, with + - * / and parentheses; every task has a solution that uses all of them,
/// through whole positive numbers only. A solver is paid 1 where its expression is the target exactly; graded is 1 −
/// min(1, |v − t|/t), and 0 where the expression cannot be read or uses what was not given. The proposer is paid 4s(1 −
/// s). Measures: <c>numbers</c>, <c>solved</c>,
/// <c>graded</c>, <c>formed</c>, <c>picked</c>, <c>solved-k</c>, <c>graded/seat</c>.
/// </summary>
public sealed class Countdown : Game<CountdownState>
{
    /// <summary>Options of <see cref="Countdown"/>.</summary>
    public sealed record Options
    {
        /// <summary>Solvers of each task, 1 to 64.</summary>
        public int Solvers { get; init; } = 8;

        /// <summary>The classes there are: how many numbers are given, 2 to 6.</summary>
        public ImmutableArray<int> Classes { get; init; } = [2, 3, 4];

        /// <summary>The largest number that is given.</summary>
        public int Largest { get; init; } = 25;

        /// <summary>The largest target.</summary>
        public int LargestTarget { get; init; } = 999;

        /// <summary>Whether an answer must use all the numbers.</summary>
        public bool All { get; init; }

        /// <summary>Share of games in which chance picks the class and the proposer is not asked.</summary>
        public double Chance { get; init; }
    }

    private const int Proposer = 0;
    private readonly Options _options;
    private readonly Turn _pick;

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Countdown(Options options)
    {
        if (options.Solvers is < 1 or > 64)
            throw new ArgumentException($"solvers is {options.Solvers}; it should be 1 to 64.");
        if (
            options.Classes.IsEmpty
            || options.Classes.Any(c => c is < 2 or > 6)
            || options.Classes.Distinct().Count() != options.Classes.Length
        )
            throw new ArgumentException(
                $"classes is [{string.Join(", ", options.Classes)}]; it should hold different counts of numbers, 2 to 6."
            );
        if (options.Largest < 2)
            throw new ArgumentException($"largest is {options.Largest}; it should be 2 or more.");
        if (options.LargestTarget < 2 * options.Largest)
            throw new ArgumentException(
                $"largest-target is {options.LargestTarget}; it should be at least twice largest, {2 * options.Largest}."
            );
        if (options.Chance is not (>= 0 and <= 1))
            throw new ArgumentException($"chance is {options.Chance}; it should be from 0 to 1.");
        _options = options;
        Facts = new()
        {
            Name = "countdown",
            Measures = ["graded", "solved", "numbers", "picked", "solved-*", "formed"],
            Summary = "a proposer picks how many numbers, solvers make the target of them",
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
            Legal = [.. options.Classes.Select(c => c.ToString(CultureInfo.InvariantCulture))],
            Observation =
            [
                new(
                    ObservationKind.Task,
                    "Pick how many numbers the solvers are given to make a target of. You are paid most where about half of them succeed."
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
        var state = new CountdownState(setup.Seed, false, [], 0, "", []);
        var stream = new RandomStream(RandomStream.Derive(setup.Seed, "class"));
        return stream.NextDouble() < _options.Chance
            ? Draw(state, _options.Classes[stream.Next(_options.Classes.Length)])
            : state;
    }

    /// <summary>The share of the way to the target: 1 − min(1, |v − t|/t) for a well-formed expression.</summary>
    public static double Grade(Expression expression, long target) =>
        1 - Math.Min(1, expression.DistanceTo(target) / target);

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(CountdownState state)
    {
        if (state.Numbers.IsEmpty)
            return [_pick];
        var numbers = string.Join(' ', state.Numbers);
        ImmutableArray<ObservationPart> told =
        [
            new(
                ObservationKind.Task,
                $"Make the target of the numbers with + - * / and parentheses, using {(_options.All ? "each number exactly" : "each number at most")} once. Answer with the expression alone."
            ),
            new(ObservationKind.Board, string.Create(CultureInfo.InvariantCulture, $"{numbers} -> {state.Target}")),
        ];
        ImmutableArray<string> suggestions = [state.Solution, string.Join('+', state.Numbers)];
        if (suggestions[0] == suggestions[1])
            suggestions = [state.Solution];
        return
        [
            .. Enumerable
                .Range(0, _options.Solvers)
                .Where(i => state.Answers[i] is null)
                .Select(i => new Turn
                {
                    Id = i + 1,
                    Seat = i + 1,
                    Role = "solver",
                    Observation = told,
                    Gold = [state.Solution],
                    Suggestions = suggestions,
                }),
        ];
    }

    /// <summary>
    /// An expression in any dress and with the signs of print (× ÷); what is none stays as it is, for the rules to say
    /// so.
    /// </summary>
    public override Move? Read(Turn turn, string answer) =>
        turn.Seat == Proposer || base.Read(turn, answer) is not { } words
            ? base.Read(turn, answer)
            : new Move(
                MoveText.Barer(answer).Select(Typed).FirstOrDefault(a => Expression.Read(a) is not null) ?? words.Text
            );

    /// <inheritdoc/>
    protected override string? Check(CountdownState state, Turn turn, Move move)
    {
        if (turn.Seat == Proposer)
            return base.Check(state, turn, move);
        if (Expression.Read(move.Text) is not { } expression)
            return "This is no expression of whole numbers with + - * / and parentheses.";
        var left = state.Numbers.ToList();
        foreach (var number in expression.Numbers)
            if (!left.Remove(number))
                return $"{number} is used more often than it was given ({string.Join(", ", state.Numbers)}).";
        return _options.All && left.Count > 0
            ? $"All numbers must be used; {string.Join(", ", left)} was left over."
            : null;
    }

    /// <inheritdoc/>
    protected override CountdownState Play(CountdownState state, Turn turn, Move move) =>
        turn.Seat == Proposer
            ? Draw(state with { Picked = true }, _options.Classes[turn.Legal.IndexOf(move.Text)])
            : state with
            {
                Answers = state.Answers.SetItem(turn.Seat - 1, move.Text),
            };

    /// <summary>A solver without an answer leaves the others theirs.</summary>
    protected override CountdownState? Missed(CountdownState state, Turn turn, string reason) =>
        turn.Seat == Proposer ? null : state with { Answers = state.Answers.SetItem(turn.Seat - 1, "") };

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(CountdownState state)
    {
        double[] right = [.. state.Answers.Select(a => Expression.Read(a!)?.Is(state.Target) == true ? 1.0 : 0)];
        var solved = right.Average();
        return [state.Picked ? 4 * solved * (1 - solved) : 0, .. right];
    }

    /// <inheritdoc/>
    protected override ImmutableSortedDictionary<string, double> Measure(CountdownState state)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        double[] grades = [.. state.Answers.Select(a => Expression.Read(a!) is { } e ? Grade(e, state.Target) : 0)];
        for (var i = 0; i < grades.Length; i++)
            measures[string.Create(CultureInfo.InvariantCulture, $"graded/{i + 1}")] = grades[i];
        (measures["graded"], measures["solved"]) = (grades.Average(), Payoffs(state)[1..].Average());
        (measures["numbers"], measures["picked"]) = (state.Numbers.Length, state.Picked ? 1 : 0);
        measures[string.Create(CultureInfo.InvariantCulture, $"solved-{state.Numbers.Length}")] = measures["solved"];
        measures["formed"] = state.Answers.Count(a => a!.Length > 0) / (double)_options.Solvers;
        return measures.ToImmutable();
    }

    private static string Typed(string text) =>
        text.Replace(@"\times", "*")
            .Replace(@"\cdot", "*")
            .Replace(@"\div", "/")
            .Replace('×', '*')
            .Replace('·', '*')
            .Replace('÷', '/');

    /// <inheritdoc/>
    protected override string? Describe(CountdownState state) =>
        $"{string.Join(' ', state.Numbers)} -> {state.Target}: {state.Answers.Count(a => Expression.Read(a!)?.Is(state.Target) == true)} of {_options.Solvers} made it";

    // Numbers are joined two by two in random order; every value on the way is whole and positive, so that the task can
    // be done by hand.
    private CountdownState Draw(CountdownState state, int count)
    {
        var stream = new RandomStream(RandomStream.Derive(state.Seed, "task", count));
        while (true)
        {
            ImmutableArray<long> numbers =
            [
                .. Enumerable.Range(0, count).Select(_ => 1L + stream.Next(_options.Largest)),
            ];
            var left = numbers.Select(n => (Value: n, Text: n.ToString(CultureInfo.InvariantCulture))).ToList();
            while (left.Count > 1)
            {
                var a = Take(left, ref stream);
                var b = Take(left, ref stream);
                if (a.Value < b.Value)
                    (a, b) = (b, a);
                char[] operators =
                [
                    .. "+*-/".Where(o =>
                        o switch
                        {
                            '-' => a.Value > b.Value,
                            '/' => b.Value > 1 && a.Value % b.Value == 0,
                            '*' => a.Value * b.Value <= _options.LargestTarget && b.Value > 1,
                            _ => true,
                        }
                    ),
                ];
                var with = operators[stream.Next(operators.Length)];
                var value = with switch
                {
                    '+' => a.Value + b.Value,
                    '-' => a.Value - b.Value,
                    '*' => a.Value * b.Value,
                    _ => a.Value / b.Value,
                };
                left.Add((value, left.Count == 0 ? $"{a.Text}{with}{b.Text}" : $"({a.Text}{with}{b.Text})"));
            }
            if (left[0].Value > _options.LargestTarget || numbers.Contains(left[0].Value))
                continue; // out of range, or there already
            return state with
            {
                Numbers = numbers,
                Target = left[0].Value,
                Solution = left[0].Text,
                Answers = [.. new string?[_options.Solvers]],
            };
        }
    }

    private static (long Value, string Text) Take(List<(long Value, string Text)> left, ref RandomStream stream)
    {
        var at = stream.Next(left.Count);
        var taken = left[at];
        left.RemoveAt(at);
        return taken;
    }
}
