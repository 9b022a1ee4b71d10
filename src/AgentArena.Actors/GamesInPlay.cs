// The games of a run that are not over: assigned, waiting, at a table. Knows the matchmaker; no table, no learner, no
// journal.
using System.Collections.Immutable;
using AgentArena.Core;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Actors;

/// <summary>
/// A game is assigned once, by number, and started in that order. A fold of the arena's stream: after a crash it comes
/// to what it was, with the games that were running waiting again.
/// </summary>
internal sealed class GamesInPlay
{
    private const int FiguresEvery = 20; // updates between lines of the matchmaker's own figures

    // Games are assigned this far ahead, where that may be, so that a row of assignments is written for many updates; and by
    // as many as are in flight where those are more.
    private const int AssignedAhead = 2048,
        AheadOfFlight = 7; // but no further than so many times the games in flight
    private readonly Matchmaker _matchmaker;
    private readonly MatchContext _context;
    private readonly ulong _seed;
    private readonly int _inFlight;
    private readonly Dictionary<long, Assignment> _unfinished = [];
    private readonly SortedDictionary<long, Assignment> _waiting = []; // of the unfinished: not yet running
    private readonly Dictionary<long, Assignment> _running = []; // of the unfinished: given to a table
    private readonly Dictionary<string, int> _figured = []; // the newest version figures were taken at, by policy
    private long _assigned; // numbers below this are

    /// <param name="ground">The scenario, bound.</param>
    public GamesInPlay(BoundScenario ground)
    {
        _matchmaker = ground.Catalog.Matchmakers.Create(ground.Scenario.Matchmaker, "scenario.matchmaker");
        _context = new MatchContext(ground.Scenario, ground.Games);
        _matchmaker.Open(_context);
        (_seed, _inFlight) = ((ulong)ground.Scenario.Seed, ground.Scenario.Run.InFlight);
    }

    /// <summary>Games at tables.</summary>
    public int Running => _running.Count;

    /// <summary>Numbers of all games that are not over.</summary>
    public IEnumerable<long> Unfinished => _unfinished.Keys;

    /// <summary>Games at tables, by number.</summary>
    public IEnumerable<Assignment> AtTables => _running.Values.OrderBy(g => g.Number);

    /// <summary>Takes what the stream says was assigned.</summary>
    public void Recall(GamesAssigned assigned)
    {
        Add(assigned);
        foreach (var game in assigned.Games)
            _matchmaker.Recall(game);
    }

    /// <summary>Takes assignments that are on disk.</summary>
    public void Add(GamesAssigned assigned)
    {
        foreach (var game in assigned.Games)
        {
            _unfinished.Add(game.Number, game);
            _waiting.Add(game.Number, game);
            _assigned = Math.Max(_assigned, game.Number + 1);
        }
    }

    /// <summary>Games that may start now are taken out of line, in order, as far as tables are ready.</summary>
    /// <param name="allowed">Games below this number may run.</param>
    /// <param name="isReady">Whether a game's table is.</param>
    public List<Assignment> Start(long allowed, Predicate<long> isReady)
    {
        var start = new List<Assignment>();
        while (
            _running.Count < _inFlight
            && _waiting.Count > 0
            && _waiting.First() is var (number, game)
            && number < allowed
            && isReady(number)
        )
        {
            _waiting.Remove(number);
            _running.Add(number, game);
            start.Add(game);
        }
        return start;
    }

    /// <summary>
    /// How many games should be assigned now. Where outcomes do not matter to the matchmaker they are assigned before
    /// they may start, so that no start waits for the journal.
    /// </summary>
    /// <param name="allowed">Games below this number may run.</param>
    /// <param name="planned">Games in the whole run.</param>
    public int Wanted(long allowed, long planned)
    {
        var ahead = _matchmaker.LooksAhead;
        var margin = ahead ? Math.Min(AheadOfFlight * _inFlight, Math.Max(_inFlight, AssignedAhead)) : 0;
        if (ahead && _waiting.Count > Math.Min(margin / 2, _inFlight))
            return 0;
        var room = _inFlight + margin - _running.Count - _waiting.Count;
        return (int)Math.Max(0, Math.Min(room, (ahead ? planned : allowed) - _assigned));
    }

    /// <summary>The next games, each by a stream of its own. They count once they are added.</summary>
    public GamesAssigned Draw(int count)
    {
        var games = ImmutableArray.CreateBuilder<Assignment>(count);
        for (var i = 0; i < count; i++)
        {
            var stream = new RandomStream(RandomStream.Derive(_seed, "match", _assigned + i));
            games.Add(_matchmaker.Next(_context, _assigned + i, ref stream));
        }
        return new GamesAssigned(games.MoveToImmutable());
    }

    /// <summary>
    /// Takes a game from its table, or out of line, where a table that came up again had ended it before; false where
    /// it is told again.
    /// </summary>
    public bool TryEnd(long number) => _running.Remove(number) || _waiting.Remove(number);

    /// <summary>A game has entered the ledger.</summary>
    public void Enter(LedgerEntry entry)
    {
        _waiting.Remove(entry.Game);
        if (_unfinished.Remove(entry.Game, out var game))
            _matchmaker.Observe(game, entry);
    }

    /// <summary>Takes figures that the stream holds.</summary>
    public void Recall(FiguresTaken figures) => _figured[figures.Policy] = figures.Version;

    /// <summary>
    /// The matchmaker's figures where they are due; null where not, or where it has none. What a checkpoint brought
    /// back is no news: its figures were written when the update was made.
    /// </summary>
    public FiguresTaken? TakeFigures(Learned learned, double seconds)
    {
        if (learned.Version <= _figured.GetValueOrDefault(learned.Policy) || learned.Version % FiguresEvery != 0)
            return null;
        var figures = _matchmaker.Figures().ToImmutableSortedDictionary(f => f.Name, f => f.Value);
        if (figures.IsEmpty)
            return null;
        _figured[learned.Policy] = learned.Version;
        return new FiguresTaken(learned.Policy, learned.Version, learned.Offset, figures) { Seconds = seconds };
    }
}
