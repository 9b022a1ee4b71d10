// A word problem with the chain of equations that solves it, and the slips by which such chains go wrong. Knows numbers
// and words, no game.
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentArena.Core;

namespace AgentArena.Games.Corpus;

/// <summary>One equation, <c>12+7=19 apples</c>.</summary>
/// <param name="Left">The number before the sign.</param>
/// <param name="Sign">One of + - * /.</param>
/// <param name="Right">The number after it.</param>
/// <param name="Value">What stands behind the equals sign; in a wrong step not what it should be.</param>
/// <param name="Unit">What is counted.</param>
public sealed record ChainStep(int Left, char Sign, int Right, int Value, string Unit)
{
    /// <summary>The right value of left side and sign; null where a division leaves a rest.</summary>
    public int? Truth => Of(Left, Sign, Right);

    /// <summary>The equation.</summary>
    public string Equation => string.Create(CultureInfo.InvariantCulture, $"{Left}{Sign}{Right}={Value}");

    /// <inheritdoc/>
    public override string ToString() => Unit.Length == 0 ? $"{Equation}." : $"{Equation} {Unit}.";

    /// <summary>A value; null where a division leaves a rest.</summary>
    public static int? Of(int left, char sign, int right) =>
        sign switch
        {
            '+' => left + right,
            '-' => left - right,
            '*' => left * right,
            _ => right != 0 && left % right == 0 ? left / right : null,
        };
}

/// <summary>The slips by which a chain goes wrong.</summary>
public enum Slip
{
    /// <summary>A step is calculated wrong.</summary>
    Calculation,

    /// <summary>Added where to subtract, multiplied where to divide, or the other way round.</summary>
    Operation,

    /// <summary>A number of the question is read wrong.</summary>
    Number,

    /// <summary>The last step is left out.</summary>
    MissingStep,
}

/// <summary>A chain that goes wrong at a step (from 0), and by which slip.</summary>
public sealed record WrongChain(ImmutableArray<ChainStep> Steps, int At, Slip Slip)
{
    /// <summary>What it ends with.</summary>
    public int Answer => Steps[^1].Value;
}

/// <summary>A question and its chain.</summary>
public sealed record WorkedProblem(string Question, ImmutableArray<ChainStep> Steps)
{
    /// <summary>The right answer.</summary>
    public int Answer => Steps[^1].Value;

    /// <summary>The answer in digits.</summary>
    public string AnswerText => Digits(Answer);

    /// <summary>A number in digits.</summary>
    public static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The chain in words, an equation a line.</summary>
    public static string Write(ImmutableArray<ChainStep> steps) => string.Join('\n', steps);

    /// <summary>Chain and answer, the answer in a box.</summary>
    public static string Boxed(ImmutableArray<ChainStep> steps) =>
        $"{Write(steps)}\n\\boxed{{{Digits(steps[^1].Value)}}}";

    /// <summary>Chain and answer in words.</summary>
    public static string Told(ImmutableArray<ChainStep> steps) =>
        $"{Write(steps)}\nThe answer is {Digits(steps[^1].Value)}.";

    /// <summary>
    /// The chain with one slip; what follows is calculated from it. Null where the slip drawn does not fit or changes
    /// nothing.
    /// </summary>
    public WrongChain? Spoil(ref RandomStream chance)
    {
        var slip = chance.NextDouble() switch
        {
            < 0.45 => Slip.Calculation,
            < 0.7 => Slip.Operation,
            < 0.9 => Slip.Number,
            _ => Slip.MissingStep,
        };
        if (slip == Slip.MissingStep)
            return Steps.Length < 2 ? null : Checked(Steps[..^1], Steps.Length - 1, slip);
        var at = chance.Next(Steps.Length);
        var step = Steps[at];
        ChainStep? wrong = slip switch
        {
            Slip.Calculation => step with
            {
                Value =
                    step.Value
                    + (chance.Next(2) == 0 ? -1 : 1)
                        * (
                            chance.Next(3) switch
                            {
                                0 => 1,
                                1 => 10,
                                _ => 2,
                            }
                        ),
            },
            Slip.Operation => Other(step),
            _ => Redone(step with { Right = step.Right + 1 + chance.Next(3) }),
        };
        if (wrong is null || wrong.Value < 0)
            return null;
        var steps = Steps.SetItem(at, wrong);
        for (var next = at + 1; next < steps.Length; next++)
        {
            // A later step goes on from the value before it, where the right chain did.
            var uses = Steps[next];
            if (uses.Left == Steps[next - 1].Value)
                uses = uses with { Left = steps[next - 1].Value };
            if (Redone(uses) is not { Value: >= 0 } redone)
                return null;
            steps = steps.SetItem(next, redone);
        }
        return Checked(steps, at, slip);
    }

    private WrongChain? Checked(ImmutableArray<ChainStep> steps, int at, Slip slip) =>
        steps[^1].Value == Answer ? null : new WrongChain(steps, at, slip);

    private static ChainStep? Other(ChainStep step) =>
        Redone(
            step with
            {
                Sign = step.Sign switch
                {
                    '+' => '-',
                    '-' => '+',
                    '*' => '+',
                    _ => '*',
                },
            }
        );

    private static ChainStep? Redone(ChainStep step) => step.Truth is { } value ? step with { Value = value } : null;

    /// <summary>
    /// What a critic says of a chain: each step checked, the first wrong one with the right value or the right chain.
    /// </summary>
    /// <param name="steps">The chain on trial.</param>
    public string Review(ImmutableArray<ChainStep> steps)
    {
        var text = new StringBuilder();
        for (var i = 0; i < steps.Length; i++)
        {
            var (step, should) = (steps[i], i < Steps.Length ? Steps[i] : null);
            if (step.Truth != step.Value)
                return text.Append(CultureInfo.InvariantCulture, $"{step.Equation}: wrong, it is {step.Truth}.")
                    .ToString();
            if (should is null || step != should)
                return text.Append(
                        CultureInfo.InvariantCulture,
                        $"{step.Equation}: wrong step, it should be {should?.Equation}."
                    )
                    .ToString();
            text.Append(CultureInfo.InvariantCulture, $"{step.Equation}: right.\n");
        }
        return steps.Length < Steps.Length
            ? text.Append(CultureInfo.InvariantCulture, $"A step is missing: {Steps[steps.Length].Equation}.")
                .ToString()
            : text.Append("Every step holds.").ToString();
    }
}
