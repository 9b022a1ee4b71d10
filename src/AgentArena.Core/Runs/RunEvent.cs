// The persisted contract of a run beside its games: what was assigned, what finished, what was learned.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;

namespace AgentArena.Core.Runs;

/// <summary>An event of the arena's or of a learner's stream.</summary>
public abstract record RunEvent;

/// <summary>The run begins. Holds the resolved scenario verbatim: the run can be understood from its own log alone.</summary>
public sealed record RunStarted(JsonObject Scenario, long Seed, string Build) : RunEvent;

/// <summary>Games given out. Numbers rise by one from 0.</summary>
public sealed record GamesAssigned(ImmutableArray<Assignment> Games) : RunEvent;

/// <summary>One line of the ledger: how a game ended, and what of it matchmakers may go by.</summary>
public sealed record LedgerEntry(long Game, OutcomeKind Kind, ImmutableArray<double> Payoffs)
{
    /// <summary>The outcome's measures.</summary>
    public ImmutableSortedDictionary<string, double> Measures { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>What the game made for later games.</summary>
    public string? Product { get; init; }

    /// <summary>The entry of a game that ended so.</summary>
    public static LedgerEntry Of(long game, Outcome outcome) => new(game, outcome.Kind, outcome.Payoffs) { Measures = outcome.Measures, Product = outcome.Product };
}

/// <summary>
/// The ledger: games that ended, in the order the learner consumes them. The first entry ever has position 0; a
/// game appears exactly once.
/// </summary>
public sealed record GamesFinished(ImmutableArray<LedgerEntry> Entries) : RunEvent;

/// <summary>What a learner measured of one game.</summary>
public sealed record GameMeasured(long Game, ImmutableArray<Measured> Values);

/// <summary>A learner measured, with the weights of <paramref name="Version"/>, what its rewards must know of the games it is about to learn from.</summary>
public sealed record GamesMeasured(string Policy, int Version, ImmutableArray<GameMeasured> Games) : RunEvent;

/// <summary>A learner made a new version out of the ledger's entries [From, To).</summary>
public sealed record WeightsUpdated(string Policy, int Version, long From, long To) : RunEvent
{
    /// <summary>Games that gave at least one row.</summary>
    public int Games { get; init; }

    /// <summary>Rows trained on.</summary>
    public int Rows { get; init; }

    /// <summary>Why ledger entries gave no row, with counts.</summary>
    public ImmutableSortedDictionary<string, int> Dropped { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>What the update reported, by kebab-case name.</summary>
    public ImmutableSortedDictionary<string, double> Stats { get; init; } = ImmutableSortedDictionary<string, double>.Empty;
}

/// <summary>A member of a population took over another's weights, and goes on with settings of its own.</summary>
/// <param name="Policy">Who took over.</param>
/// <param name="Version">Its version, which stays.</param>
/// <param name="Parent">From whom.</param>
/// <param name="ParentVersion">The version of the weights that were taken.</param>
/// <param name="Score">What it had scored.</param>
/// <param name="ParentScore">What its parent had.</param>
/// <param name="Settings">What it goes on with.</param>
public sealed record WeightsAdopted(string Policy, int Version, string Parent, int ParentVersion, double Score, double ParentScore, LearnSettings Settings) : RunEvent;

/// <summary>The run ended, and why.</summary>
public sealed record RunEnded(string Reason) : RunEvent;
