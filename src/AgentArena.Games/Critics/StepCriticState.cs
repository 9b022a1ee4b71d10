// Where a game of sneaky generator and critic stands. Knows no rule of it.
using System.Collections.Immutable;
using AgentArena.Core.Play;

namespace AgentArena.Games.Critics;

/// <summary>What is shown to the critic.</summary>
public enum StepCase
{
    /// <summary>The right solution.</summary>
    Correct,

    /// <summary>A wrong value, every one alike.</summary>
    Uniform,

    /// <summary>One too many or too few.</summary>
    OffByOne,

    /// <summary>Ten too many or too few.</summary>
    OffByTen,

    /// <summary>What the sneaky seat chooses.</summary>
    Sneaky,
}

/// <summary>
/// A problem, what is done to it and where, the value shown there, and what solvers and critic said (null: not yet).
/// </summary>
public sealed record StepCriticState(
    Chain Problem,
    ulong Seed,
    StepCase? Case,
    int Step,
    int? Value,
    ImmutableArray<string?> FromRight,
    ImmutableArray<string?> FromSneaky,
    bool? SaidCorrect
) : GameState
{
    /// <summary>The kind of error that the sneaky seat named; null where it names none, or has not yet.</summary>
    public StepError? Named { get; init; }
}
