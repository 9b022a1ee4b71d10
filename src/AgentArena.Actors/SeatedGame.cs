// One game at a table: its referee, what of it was gathered into rows, and which of its questions are with the seats
// since when. Asks nobody and writes nothing.
using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;

namespace AgentArena.Actors;

/// <summary>A game that is being played, or was taken up again from what a table's stream holds of it.</summary>
internal sealed class SeatedGame
{
    private readonly List<(OpenTurn Turn, long Since)> _asked = new(1); // with the clock's timestamp
    private readonly ImmutableArray<string> _policies;
    private readonly string _name;
    private int _gathered; // events of the log that are in a row
    private long _first;
    private long _last;

    private SeatedGame(BoundScenario ground, long number, string name, ImmutableArray<string> policies)
    {
        (Number, _name, _policies) = (number, name, policies);
        Referee = new Referee(ground.Games[name], ground.Scenario.Run.Limits);
        for (var seat = 0; seat < policies.Length; seat++)
            if (ground.PlayerOf(policies[seat]).IsPatientlyAsked)
                Referee.BePatientWith(seat);
    }

    /// <summary>The game's number in its run.</summary>
    public long Number { get; }

    /// <summary>What decides it.</summary>
    public Referee Referee { get; }

    /// <summary>A game that begins.</summary>
    public static SeatedGame Begin(BoundScenario ground, Assignment game)
    {
        var seated = new SeatedGame(ground, game.Number, game.Game, game.Seats);
        seated.Referee.Begin(game.Game, game.Setup, game.Seats);
        return seated;
    }

    /// <summary>A game of an earlier incarnation, as far as it had come.</summary>
    public static SeatedGame TakeUp(BoundScenario ground, GameSoFar game)
    {
        var started = (GameStarted)game.Events[0];
        var seated = new SeatedGame(ground, game.Game, started.Game, started.Seats);
        foreach (var e in game.Events)
            seated.Referee.Apply(e);
        (seated._gathered, seated._first, seated._last) = (game.Events.Length, game.First, game.Last);
        return seated;
    }

    /// <summary>What the referee has decided since the last time, for a row.</summary>
    public IEnumerable<GameEvent> Gather(long row)
    {
        if (_gathered == 0)
            _first = row;
        if (_gathered < Referee.Log.Count)
            _last = row;
        for (; _gathered < Referee.Log.Count; _gathered++)
            yield return Referee.Log[_gathered];
    }

    /// <summary>
    /// Questions that are no longer open are forgotten: those that were answered silently; those that became void are
    /// returned, for whoever works on them.
    /// </summary>
    public IEnumerable<TurnOpened> TakeVoid()
    {
        for (var i = _asked.Count - 1; i >= 0; i--)
        {
            var turn = _asked[i].Turn;
            if (Referee.Open.Any(o => ReferenceEquals(o, turn)))
                continue;
            _asked.RemoveAt(i);
            if (!IsAnswered(turn))
                yield return QuestionOf(turn);
        }
    }

    /// <summary>Questions that were opened since the last time.</summary>
    /// <param name="now">The clock's timestamp.</param>
    public IEnumerable<TurnOpened> TakeOpened(long now)
    {
        foreach (var open in Referee.Open)
        {
            if (_asked.Exists(a => ReferenceEquals(a.Turn, open)))
                continue;
            _asked.Add((open, now));
            yield return QuestionOf(open);
        }
    }

    /// <summary>Fails the game where a question has waited for longer than it may.</summary>
    public bool FailIfLate(TimeProvider time, TimeSpan allowed)
    {
        var at = _asked.FindIndex(a => time.GetElapsedTime(a.Since) > allowed);
        if (at < 0)
            return false;
        Referee.Fail(
            "model",
            $"{NameOf(_asked[at].Turn.Turn)} had no answer within {allowed}. "
                + "Raise run.turn-deadline, or see what the model waits for with ./arena status."
        );
        return true;
    }

    /// <summary>What it waits for.</summary>
    public IEnumerable<Wait> Waits(TimeProvider time, TimeSpan allowed)
    {
        foreach (var (open, asked) in _asked)
        {
            var since = time.GetUtcNow() - time.GetElapsedTime(asked);
            yield return new Wait($"game-{Number}", NameOf(open.Turn), since, since + allowed);
        }
    }

    /// <summary>What is told of it when it is over.</summary>
    /// <param name="table">Where it was played.</param>
    public GameOver Over(int table) =>
        new(
            Number,
            Referee.Outcome,
            [.. Referee.Log],
            new RowSpan(table, _first, _last),
            Referee.Tokens,
            Referee.Log[^1] is GameFailed failed ? $"{failed.Boundary}: {failed.Error}" : null
        );

    /// <summary>What the rows on disk hold of it; null where they hold nothing yet.</summary>
    /// <param name="waiting">Its newest events that are in no row on disk.</param>
    public GameSoFar? SoFar(int waiting) =>
        Referee.Log.Count > waiting
            ? new GameSoFar(Number, _first, _last, [.. Referee.Log.Take(Referee.Log.Count - waiting)])
            : null;

    private string NameOf(Turn turn) => $"turn {turn.Id} of {turn.Role}-{turn.Seat} ({_policies[turn.Seat]})";

    private TurnOpened QuestionOf(OpenTurn open) =>
        new(
            Number,
            _name,
            _policies[open.Turn.Seat],
            open.Turn,
            open.Attempt,
            open.Refusal,
            Referee.LastSaid(open.Turn.Seat)
        );

    private bool IsAnswered(OpenTurn open)
    {
        for (var i = Referee.Log.Count - 1; i >= 0; i--)
            switch (Referee.Log[i])
            {
                case MoveMade made when made.Turn == open.Turn.Id:
                    return true;
                case MoveRefused refused when refused.Turn == open.Turn.Id:
                    return true;
                case GameStarted:
                    return false;
            }
        return false;
    }
}
