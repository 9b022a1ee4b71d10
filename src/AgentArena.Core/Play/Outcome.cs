// How a game ended and what it was worth to each seat.
using System.Collections.Immutable;

namespace AgentArena.Core.Play;

/// <summary>How a game ended. Only the first three are scored.</summary>
public enum OutcomeKind
{
    /// <summary>By its rules.</summary>
    Finished,

    /// <summary>A seat broke the rules beyond its allowance: the player's fault, scored.</summary>
    Forfeited,

    /// <summary>A limit on turns or tokens was reached: scored by the game's own rule.</summary>
    Truncated,

    /// <summary>The system's fault: never scored, never trained on.</summary>
    Aborted,

    /// <summary>Stopped on purpose: never scored, never trained on.</summary>
    Cancelled,
}

/// <summary>How a game ended, the payoff per seat, and further measured facts (such as a solve rate) by name.</summary>
public sealed record Outcome(OutcomeKind Kind, ImmutableArray<double> Payoffs)
{
    /// <summary>A line for people, e.g. who won and how.</summary>
    public string? Note { get; init; }

    /// <summary>Other facts rewards may read, e.g. <c>valid</c>, <c>correct/2</c>.</summary>
    public ImmutableSortedDictionary<string, double> Measures { get; init; } =
        ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>
    /// What the game made for later games (a valid task, a program, a variant), in the game's own JSON; null where
    /// nothing.
    /// </summary>
    public string? Product { get; init; }

    /// <summary>Whether rewards and learning may use it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsScored => Kind is OutcomeKind.Finished or OutcomeKind.Forfeited or OutcomeKind.Truncated;
}
