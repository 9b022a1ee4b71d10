// The persisted contract of a game. Replay, rewards, learning, export and the views are folds of these records alone.
using System.Collections.Immutable;

namespace AgentArena.Core.Games;

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

/// <summary>What a policy said: exactly the ids that were sampled, so that exactly those are trained on.</summary>
public sealed record Utterance
{
    /// <summary>The policy, without version: <c>student</c>.</summary>
    public required string Policy { get; init; }

    /// <summary>The version of its weights that sampled the first token.</summary>
    public required int Version { get; init; }

    /// <summary>The decoded reply, before parsing.</summary>
    public required string Text { get; init; }

    /// <summary>Ids the policy was conditioned on.</summary>
    public ImmutableArray<int> Prompt { get; init; } = [];

    /// <summary>Ids it sampled, a closing stop id included.</summary>
    public ImmutableArray<int> Tokens { get; init; } = [];

    /// <summary>
    /// Log-probability (nats) of each sampled id under the distribution it was drawn from (mask, temperature, top-k/p
    /// applied).
    /// </summary>
    public ImmutableArray<float> LogProbs { get; init; } = [];

    /// <summary>
    /// The value head's estimate of the state each id was drawn in; default where the model has none.
    /// </summary>
    public ImmutableArray<float> Values { get; init; }

    /// <summary>Where sampling was masked: the ids allowed at each position; default where it was free.</summary>
    public ImmutableArray<ImmutableArray<int>> Allowed { get; init; }

    /// <summary>
    /// The version per token, where an update fell inside the reply; default where all are <see cref="Version"/>.
    /// </summary>
    public ImmutableArray<int> Versions { get; init; }

    /// <summary>
    /// For replies of several tokens: where each token ends in <see cref="Text"/>, in characters; default where there
    /// is one token.
    /// </summary>
    public ImmutableArray<int> Ends { get; init; }

    /// <summary>Whether the reply was cut by its token budget.</summary>
    public bool Truncated { get; init; }

    /// <summary>Temperature it was sampled at.</summary>
    public float Temperature { get; init; } = 1;
}

/// <summary>A tool a seat used before its answer.</summary>
public sealed record ToolCall(string Tool, string Input, string Output);

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
