// The kinds of error that a sneaky generator names before it makes one, and what each does to a step of arithmetic.
// Knows chains, no game.
using System.Collections.Immutable;

namespace AgentArena.Games.Critics;

/// <summary>
/// A kind of error in a step. SPC (arXiv 2504.19162) has its generator pick one from a fixed list before it rewrites
/// the step; the list is not published, so these are the slips of arithmetic by hand.
/// </summary>
public enum StepError
{
    /// <summary>Ten too many or too few: a carry or a borrow that was forgotten, or made where there is none.</summary>
    Carry,

    /// <summary>One digit is another.</summary>
    Digit,

    /// <summary>Added where to subtract, or the other way round.</summary>
    Sign,

    /// <summary>The change of another step was made in place of this one.</summary>
    Operand,

    /// <summary>This step's change was left out, or that of the step before.</summary>
    SkippedStep,

    /// <summary>The two digits changed places.</summary>
    TransposedDigits,
}

/// <summary>What the kinds of error are in numbers.</summary>
public static class StepErrors
{
    /// <summary>Every kind, in order.</summary>
    public static ImmutableArray<StepError> All { get; } = [.. Enum.GetValues<StepError>()];

    /// <summary>The kind as it is named in a game, e.g. <c>skipped-step</c>.</summary>
    public static string Spell(StepError kind) =>
        kind switch
        {
            StepError.SkippedStep => "skipped-step",
            StepError.TransposedDigits => "transposed-digits",
            _ => kind.ToString().ToLowerInvariant(),
        };

    /// <summary>
    /// The wrong values that an error of this kind puts after a step, ascending, without the right one and those
    /// outside
    /// <see cref="Chain.Room"/>; empty where the step has no such error, e.g. no two digits to change places.
    /// </summary>
    public static ImmutableArray<int> Values(Chain chain, int step, StepError kind)
    {
        var (values, (low, high)) = (chain.Values, chain.Room(step));
        var (right, change) = (values[step], chain.Changes[step]);
        var before = right - change;
        IEnumerable<int> wrong = kind switch
        {
            StepError.Carry => [right - 10, right + 10],
            StepError.Digit => Enumerable
                .Range(0, 10)
                .SelectMany(digit => new[] { right / 10 * 10 + digit, digit * 10 + right % 10 }),
            StepError.Sign => [before - change],
            StepError.Operand => chain.Changes.Select(other => before + other),
            StepError.SkippedStep => step == 0 ? [before] : [before, right - chain.Changes[step - 1]],
            _ => [right % 10 * 10 + right / 10],
        };
        return [.. wrong.Where(v => v != right && v >= low && v <= high).Distinct().Order()];
    }
}
