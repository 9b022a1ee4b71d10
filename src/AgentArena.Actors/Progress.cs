// How far a run is, for whoever watches it: one record for each thing that can be told. Persisted nowhere.
using System.Collections.Immutable;

namespace AgentArena.Actors;

/// <summary>
/// Something moved in the run. Published on the system's event stream; these records are all there are.
/// </summary>
public abstract record Progress
{
    // Whoever switches over them knows them all: no other room can add one.
    private protected Progress() { }

    /// <summary>The newest values of what it changed, by kebab-case name.</summary>
    public ImmutableSortedDictionary<string, double> Figures { get; init; } =
        ImmutableSortedDictionary<string, double>.Empty;
}

/// <summary>Games ended and stand in the ledger.</summary>
/// <param name="Games">All that ever did.</param>
/// <param name="Tokens">Tokens sampled in games that ended since the run was started or resumed.</param>
public sealed record GamesPlayed(long Games, long Tokens) : Progress;

/// <summary>A policy's weights are in memory.</summary>
/// <param name="Policy">Whose.</param>
/// <param name="Version">Which.</param>
public sealed record PolicyLoaded(string Policy, int Version) : Progress;

/// <summary>A policy was updated.</summary>
/// <param name="Policy">Whose weights.</param>
/// <param name="Version">The version that was made.</param>
public sealed record UpdateMade(string Policy, int Version) : Progress;

/// <summary>A policy was measured against what is known exactly.</summary>
/// <param name="Policy">Whose weights.</param>
/// <param name="Version">Their version.</param>
public sealed record PolicyEvaluated(string Policy, int Version) : Progress;

/// <summary>What the matchmaker knows by now.</summary>
public sealed record MatchmakerMeasured : Progress;

/// <summary>A remote model answered, or failed to.</summary>
/// <param name="Policy">The policy that it sits for.</param>
public sealed record RemoteAnswered(string Policy) : Progress;
