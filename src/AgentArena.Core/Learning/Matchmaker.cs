// Who plays what against whom next. Pure over its own state, which is fed by outcomes and saved with the run.
using System.Collections.Immutable;
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Core.Learning;

/// <summary>What the matchmaker may know of the table.</summary>
public sealed record MatchContext(Scenario Scenario, IReadOnlyDictionary<string, Game> Games)
{
    /// <summary>Relative share of the games played, by key.</summary>
    public ImmutableSortedDictionary<string, double> Shares { get; } =
        Scenario.AllGames.ToImmutableSortedDictionary(g => g.Key, g => g.Value.Share);
}

/// <summary>Decides the next game.</summary>
public abstract class Matchmaker
{
    /// <summary>Told of the table once, before anything else.</summary>
    public virtual void Open(MatchContext table) { }

    /// <summary>The assignment of game <paramref name="number"/>. Draws only from <paramref name="stream"/>.</summary>
    public abstract Assignment Next(MatchContext table, long number, ref RandomStream stream);

    /// <summary>
    /// Whether assignments do not depend on what was observed, so that games may be assigned well before they start.
    /// </summary>
    public virtual bool LooksAhead => false;

    /// <summary>
    /// Told, after a crash, of every game it had assigned, in order: what <see cref="Next"/> keeps of its own
    /// assignments comes back here.
    /// </summary>
    public virtual void Recall(Assignment assignment) { }

    /// <summary>Told of every finished game, in ledger order; after a crash, of all of them again.</summary>
    public virtual void Observe(Assignment assignment, LedgerEntry entry) { }

    /// <summary>What it knows that people want to see (ratings, win rates), by name for <c>metrics.jsonl</c>.</summary>
    public virtual IEnumerable<(string Name, double Value)> Figures() => [];

    /// <summary>Policies it may seat that the scenario's <c>seats</c> do not name.</summary>
    public virtual IEnumerable<string> Seats(Scenario scenario) => [];

    /// <summary>
    /// Collects what is wrong between this matchmaker's options and the scenario, before anything starts.
    /// </summary>
    public virtual void Check(MatchContext table, string path, Mistakes mistakes) { }

    /// <summary>A game by its share among <paramref name="shares"/>.</summary>
    protected static string Draw(ImmutableSortedDictionary<string, double> shares, ref RandomStream stream) =>
        shares.Count == 1 ? shares.First().Key : shares.ElementAt(stream.Choose([.. shares.Values])).Key;

    /// <summary>
    /// Every seat of a game by the scenario's seats, save where <paramref name="instead"/> names another policy for the
    /// role or seat.
    /// </summary>
    protected static ImmutableArray<string> Seat(
        MatchContext table,
        string game,
        ImmutableSortedDictionary<string, string>? instead = null
    )
    {
        var roles = table.Games[game].Facts.Roles;
        var seats = ImmutableArray.CreateBuilder<string>(roles.Length);
        for (var seat = 0; seat < roles.Length; seat++)
            seats.Add(
                (instead is null ? null : Scenario.At(instead, roles[seat], seat))
                    ?? table.Scenario.PolicyAt(roles[seat], seat)!
            );
        return seats.MoveToImmutable();
    }
}
