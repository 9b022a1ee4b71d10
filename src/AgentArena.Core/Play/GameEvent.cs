// The persisted contract of a game. Replay, rewards, learning, export and the views are folds of these records alone.
using System.Collections.Immutable;
using AgentArena.Core.Models;

namespace AgentArena.Core.Play;

/// <summary>
/// What a game is started from. <see cref="Seed"/> feeds the chance of the rules, <see cref="Task"/> is the game's own
/// JSON.
/// </summary>
public sealed record GameSetup(ulong Seed, string? Task = null)
{
    /// <summary>
    /// The comparison group: the number of the first game with the same task; null where a game is a group of its own.
    /// </summary>
    public long? Group { get; init; }
}

/// <summary>A game's event.</summary>
public abstract record GameEvent;

/// <summary>The game begins; chance has moved as far as the first player's turn.</summary>
public sealed record GameStarted(string Game, GameSetup Setup, ImmutableArray<string> Seats) : GameEvent
{
    /// <summary>Chance moves made before the first turn.</summary>
    public ImmutableArray<string> Chance { get; init; } = [];
}

/// <summary>A legal move, what was said to make it, and the chance moves that followed it.</summary>
public sealed record MoveMade(int Turn, int Seat, string Move) : GameEvent
{
    /// <summary>The policy's utterance; null for bots and people.</summary>
    public Utterance? Said { get; init; }

    /// <summary>Tools used before it.</summary>
    public ImmutableArray<ToolCall> Tools { get; init; } = [];

    /// <summary>Chance moves made after it.</summary>
    public ImmutableArray<string> Chance { get; init; } = [];
}

/// <summary>An answer the referee refused, with the reason; the seat may be asked again.</summary>
public sealed record MoveRefused(int Turn, int Seat, string Reason) : GameEvent
{
    /// <summary>The policy's utterance; null for people.</summary>
    public Utterance? Said { get; init; }
}

/// <summary>
/// A seat used up its allowance of refused answers. The game is over, or goes on without this answer where its rules
/// say so.
/// </summary>
public sealed record SeatForfeited(int Turn, int Seat, string Reason) : GameEvent
{
    /// <summary>Chance moves made after it.</summary>
    public ImmutableArray<string> Chance { get; init; } = [];
}

/// <summary>Something measured on this game by a model, once, so that rewards stay pure.</summary>
public sealed record Measured(string Name, int Seat, ImmutableArray<double> Values) : GameEvent;

/// <summary>The game is over.</summary>
public sealed record GameEnded(Outcome Outcome) : GameEvent;

/// <summary>
/// The system failed the game; <see cref="Boundary"/> is one of rules, role, tool, model, journal, node.
/// </summary>
public sealed record GameFailed(string Boundary, string Error) : GameEvent;
