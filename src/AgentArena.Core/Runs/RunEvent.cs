// The persisted contract of a run beside its games: what was assigned, what finished, what was learned.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Core.Runs;

/// <summary>An event of the arena's or of a learner's stream.</summary>
public abstract record RunEvent;

/// <summary>
/// The run begins. Holds the resolved scenario verbatim: the run can be understood from its own log alone.
/// </summary>
public sealed record RunStarted(JsonObject Scenario, long Seed, string Build) : RunEvent
{
    /// <summary>The format of all that this version writes into a journal; an older run is refused.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The format this run is written in.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>SHA-256 of every file and folder of data the scenario names, by the name it says; null where none.</summary>
    public ImmutableSortedDictionary<string, string>? Data { get; init; }
}

/// <summary>A game to be played: everything that is needed to start it, on any node, after any crash.</summary>
public sealed record Assignment(long Number, string Game, GameSetup Setup, ImmutableArray<string> Seats);

/// <summary>Games given out. Numbers rise by one from 0.</summary>
public sealed record GamesAssigned(ImmutableArray<Assignment> Games) : RunEvent;

/// <summary>
/// Where a game's events stand: in rows <paramref name="First"/> to <paramref name="Last"/> of a table's stream, beside
/// those of other games.
/// </summary>
public readonly record struct RowSpan(int Table, long First, long Last);

/// <summary>
/// What the games at one table did since its last row, in order: the only thing a table persists. Games share rows, so
/// that a row is written once a group of events, however small the games are.
/// </summary>
public sealed record TableRow(ImmutableArray<(long Game, GameEvent Event)> Events) : RunEvent;

/// <summary>A game that a table still answers for: what has happened in it, and where that stands.</summary>
/// <param name="Game">Its number.</param>
/// <param name="First">The row of its first event.</param>
/// <param name="Last">The row of its newest event.</param>
/// <param name="Events">All its events so far.</param>
public sealed record GameSoFar(long Game, long First, long Last, ImmutableArray<GameEvent> Events);

/// <summary>
/// A table's snapshot: the games it plays, and those that ended and are not known to stand in the ledger.
/// </summary>
public sealed record TableSnapshot(ImmutableArray<GameSoFar> Games);

/// <summary>One line of the ledger: how a game ended, where it stands, and what of it matchmakers may go by.</summary>
public sealed record LedgerEntry(long Game, OutcomeKind Kind, ImmutableArray<double> Payoffs)
{
    /// <summary>Where the game's events stand.</summary>
    public RowSpan Rows { get; init; }

    /// <summary>
    /// Whether the game is scored and learned from; one that the system failed is neither, and is replaced.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsScored => Kind is OutcomeKind.Finished or OutcomeKind.Forfeited or OutcomeKind.Truncated;

    /// <summary>The outcome's measures.</summary>
    public ImmutableSortedDictionary<string, double> Measures { get; init; } =
        ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>What the game made for later games.</summary>
    public string? Product { get; init; }

    /// <summary>The entry of a game that ended so.</summary>
    public static LedgerEntry Of(long game, Outcome outcome, RowSpan rows) =>
        new(game, outcome.Kind, outcome.Payoffs)
        {
            Measures = outcome.Measures,
            Product = outcome.Product,
            Rows = rows,
        };
}

/// <summary>
/// The ledger: games that ended, in the order the learner consumes them. The first entry ever has position 0; a
/// game appears exactly once.
/// </summary>
public sealed record GamesFinished(ImmutableArray<LedgerEntry> Entries) : RunEvent;

/// <summary>What a learner measured of one game.</summary>
public sealed record GameMeasured(long Game, ImmutableArray<Measured> Values);

/// <summary>
/// A learner measured, with the weights of <paramref name="Version"/>, what its rewards must know of the games it is
/// about to learn from.
/// </summary>
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

    /// <summary>Seconds of play since the run began, pauses between stop and resume left out.</summary>
    public double Seconds { get; init; }

    /// <summary>What the update reported, by kebab-case name.</summary>
    public ImmutableSortedDictionary<string, double> Stats { get; init; } =
        ImmutableSortedDictionary<string, double>.Empty;
}

/// <summary>
/// Figures beside those of an update: an evaluation's, a matchmaker's. <c>metrics.jsonl</c> is a fold of these and of
/// the updates.
/// </summary>
/// <param name="Policy">Whose.</param>
/// <param name="Version">The version they were taken at.</param>
/// <param name="Games">Ledger entries the policy had learned from.</param>
/// <param name="Figures">By kebab-case name.</param>
public sealed record FiguresTaken(
    string Policy,
    int Version,
    long Games,
    ImmutableSortedDictionary<string, double> Figures
) : RunEvent
{
    /// <summary>Seconds of play since the run began, pauses between stop and resume left out.</summary>
    public double Seconds { get; init; }
}

/// <summary>A member of a population took over another's weights, and goes on with settings of its own.</summary>
/// <param name="Policy">Who took over.</param>
/// <param name="Version">Its version, which stays.</param>
/// <param name="Parent">From whom.</param>
/// <param name="ParentVersion">The version of the weights that were taken.</param>
/// <param name="Score">What it had scored.</param>
/// <param name="ParentScore">What its parent had.</param>
/// <param name="Settings">What it goes on with.</param>
public sealed record WeightsAdopted(
    string Policy,
    int Version,
    string Parent,
    int ParentVersion,
    double Score,
    double ParentScore,
    LearnSettings Settings
) : RunEvent;

/// <summary>The run ended, and why.</summary>
public sealed record RunEnded(string Reason) : RunEvent;
