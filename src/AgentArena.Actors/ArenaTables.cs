// The tables below the arena: which game is played where, which of them are up, and what they are told. Knows no
// ledger and no learner.
using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>A game is played at the table of its number, so that it is found there again after a crash.</summary>
/// <param name="count">How many tables there are.</param>
internal sealed class ArenaTables(int count)
{
    // A table, and whether it has read its stream.
    private sealed record Seating(IActorRef Actor, bool IsReady);

    private readonly Seating[] _tables = [.. Enumerable.Repeat(new Seating(ActorRefs.Nobody, IsReady: false), count)];

    /// <summary>All tables.</summary>
    public IEnumerable<IActorRef> All => _tables.Select(t => t.Actor);

    /// <summary>
    /// Whether the order in which games ended stands in the journal's rows, so that the ledger comes to be the same
    /// after a crash and learners need not wait for it. Rows of several tables have no common order: there, the
    /// ledger's own comes first.
    /// </summary>
    public bool OrderStandsInRows => count == 1;

    /// <summary>Makes them.</summary>
    /// <param name="open">Makes an actor of such a name.</param>
    /// <param name="parts">What they are made of.</param>
    /// <param name="backends">Who is asked for a policy.</param>
    public void Open(
        Func<Props, string, IActorRef> open,
        ArenaParts parts,
        IReadOnlyDictionary<string, IActorRef> backends
    )
    {
        for (var i = 0; i < count; i++)
        {
            var table = i;
            var props = Props.Create(() => new TableActor(parts.Ground, table, backends, parts.Time));
            _tables[table] = new Seating(open(props, TableActor.IdOf(table)), IsReady: false);
        }
    }

    /// <summary>Whether a game's table is up.</summary>
    public bool IsReady(long game) => _tables[TableOf(game)].IsReady;

    /// <summary>Whether the actor is a table.</summary>
    public bool Contains(IActorRef actor) => All.Contains(actor);

    /// <summary>An actor has failed; where it is a table, nothing is played there until it is up again.</summary>
    public void Failed(IActorRef actor)
    {
        if (Array.FindIndex(_tables, t => t.Actor.Equals(actor)) is >= 0 and var table)
            _tables[table] = _tables[table] with { IsReady = false };
    }

    /// <summary>
    /// A table has come up, for the first time or again: it is told what to forget, and goes on with what it had.
    /// </summary>
    /// <param name="table">Which.</param>
    /// <param name="games">All games that are not over.</param>
    public void IsUp(int table, GamesInPlay games)
    {
        _tables[table] = _tables[table] with { IsReady = true };
        _tables[table].Actor.Tell(new TableOpened([.. games.Unfinished.Where(g => TableOf(g) == table)]));
        ImmutableArray<Assignment> running = [.. games.AtTables.Where(g => TableOf(g.Number) == table)];
        if (!running.IsEmpty)
            _tables[table].Actor.Tell(new PlayGames(running));
    }

    /// <summary>Games begin.</summary>
    public void Play(IEnumerable<Assignment> games)
    {
        foreach (var given in games.GroupBy(g => TableOf(g.Number)))
            _tables[given.Key].Actor.Tell(new PlayGames([.. given]));
    }

    /// <summary>Games stand in the ledger on disk.</summary>
    public void Enter(GamesFinished finished)
    {
        foreach (var games in finished.Entries.GroupBy(e => e.Rows.Table))
            _tables[games.Key].Actor.Tell(new InLedger([.. games.Select(e => e.Game)]));
    }

    /// <summary>The run ends: those that are up write down what they have.</summary>
    /// <returns>Who will say that it has.</returns>
    public IReadOnlyList<int> Close()
    {
        int[] open = [.. Enumerable.Range(0, count).Where(t => _tables[t].IsReady)];
        foreach (var table in open)
            _tables[table].Actor.Tell(new CloseTable());
        return open;
    }

    private int TableOf(long game) => (int)(game % count);
}
