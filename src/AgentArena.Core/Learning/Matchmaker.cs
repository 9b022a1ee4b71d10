// Who plays what against whom next. Pure over its own state, which is fed by outcomes and saved with the run.
using System.Collections.Immutable;
using AgentArena.Core.Games;

namespace AgentArena.Core.Learning;

/// <summary>A game to be played: everything that is needed to start it, on any node, after any crash.</summary>
public sealed record Assignment(long Number, string Game, GameSetup Setup, ImmutableArray<string> Seats)
{
    /// <summary>The comparison group (games with one task); 0 where games are not grouped.</summary>
    public long Group { get; init; }
}

/// <summary>What the matchmaker may know of the table.</summary>
public sealed record Table(Scenario Scenario, IReadOnlyDictionary<string, Game> Games);

/// <summary>Decides the next game.</summary>
public abstract class Matchmaker
{
    /// <summary>The assignment of game <paramref name="number"/>. Draws only from <paramref name="stream"/>.</summary>
    public abstract Assignment Next(Table table, long number, ref RandomStream stream);

    /// <summary>Whether assignments do not depend on what was observed, so that games may be assigned well before they start.</summary>
    public virtual bool LooksAhead => false;

    /// <summary>Told of every finished game, in ledger order.</summary>
    public virtual void Observe(Assignment assignment, OutcomeKind kind, ImmutableArray<double> payoffs) { }
}

/// <summary>Every seat by the scenario's <c>seats</c>; games by their shares.</summary>
public sealed class SelfPlay : Matchmaker
{
    /// <inheritdoc/>
    public override bool LooksAhead => true;

    /// <inheritdoc/>
    public override Assignment Next(Table table, long number, ref RandomStream stream)
    {
        var shares = table.Scenario.AllGames;
        var key = shares.Count == 1 ? shares.First().Key : shares.ElementAt(stream.Choose([.. shares.Values.Select(s => s.Share)])).Key;
        var roles = table.Games[key].Facts.Roles;
        var seats = ImmutableArray.CreateBuilder<string>(roles.Length);
        for (var seat = 0; seat < roles.Length; seat++) seats.Add(table.Scenario.PolicyAt(roles[seat], seat)!);
        return new Assignment(number, key, new GameSetup(stream.NextUInt64()), seats.MoveToImmutable());
    }
}
