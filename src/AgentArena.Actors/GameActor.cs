// One game: opens turns, checks moves, writes what happened, reports the end. Knows the rules' seam, never a prompt or a model.
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using AgentArena.Core;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;

namespace AgentArena.Actors;

/// <summary>
/// A game as a persistent state machine. Its events go to the journal as they happen, in order, and the game does not
/// wait for each: nothing outside learns of a move before <see cref="GameOver"/>, which is sent when the last event is
/// on disk, so a crash in between replays to an earlier state and asks again with the same seeds.
/// </summary>
public sealed class GameActor : UntypedPersistentActor
{
    private static readonly Utterance Silence = new() { Policy = "", Version = 0, Text = "" };

    private sealed record Open(Turn Turn, int Attempt, DateTimeOffset Since);

    private readonly Playground _ground;
    private readonly Assignment _assignment;
    private readonly IReadOnlyDictionary<string, IActorRef> _backends;
    private readonly TimeProvider _time;
    private readonly Game _game;
    private readonly List<Open> _open = new(2);
    private readonly IActorRef?[] _agents;
    private readonly int[] _tokens;
    private readonly Utterance?[] _lastSaid;
    private readonly List<(int Turn, int Count, string Reason)> _refusals = new(0);
    private readonly ImmutableArray<GameEvent>.Builder _log = ImmutableArray.CreateBuilder<GameEvent>(6);
    private GameState? _state;
    private GameEvent? _last;
    private int _moves;

    /// <param name="ground">The scenario, bound.</param>
    /// <param name="assignment">Which game this is.</param>
    /// <param name="backends">Who is asked for a policy: the model actor, or a tool's own.</param>
    /// <param name="time">The clock deadlines are kept by.</param>
    public GameActor(Playground ground, Assignment assignment, IReadOnlyDictionary<string, IActorRef> backends, TimeProvider time)
    {
        (_ground, _assignment, _backends, _time) = (ground, assignment, backends, time);
        _game = ground.Games[assignment.Game];
        _agents = new IActorRef?[_game.Facts.Seats];
        _tokens = new int[_game.Facts.Seats];
        _lastSaid = new Utterance?[_game.Facts.Seats];
        PersistenceId = IdOf(assignment.Number);
    }

    /// <summary>The journal's stream of a game.</summary>
    public static string IdOf(long number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"game-{number}");

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case GameEvent e:
                _state = _game.Apply(_state, e);
                Count(e);
                break;
            case RecoveryCompleted:
                Resume();
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        Context.Parent.Tell(new JournalFailed(cause.Message));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    /// <inheritdoc/>
    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case TurnAnswered answer:
                Answered(answer);
                break;
            case TurnFailed failed:
                Fail(failed.Boundary, failed.Error);
                break;
            case CheckDeadline:
                CheckDeadlines();
                break;
            case ReportWaits:
                Sender.Tell(new Waits([.. _open.Select(o => new Wait(PersistenceId, $"turn {o.Turn.Id} of {o.Turn.Role}-{o.Turn.Seat} ({_assignment.Seats[o.Turn.Seat]})", o.Since, o.Since + _ground.Scenario.Run.TurnDeadline))]));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Resume()
    {
        if (_last is GameEnded or GameFailed)
        {
            Report();
            return;
        }
        if (_last is null) Guard(() =>
        {
            var state = _game.Start(_assignment.Setup);
            var chance = Settle(ref state);
            _state = state;
            Record(new GameStarted(_assignment.Game, _assignment.Setup, _assignment.Seats) { Chance = chance });
        });
        Proceed();
    }

    /// <summary>Asks the seats of newly opened turns, or ends the game.</summary>
    private void Proceed()
    {
        if (_last is GameFailed) return;
        Guard(() =>
        {
            var limit = _ground.Scenario.Run.TurnsPerGame;
            if (limit > 0 && _moves >= limit && _game.Outcome(_state!) is null) _state = _state! with { Cut = true };
            if (_game.Outcome(_state!) is { } outcome)
            {
                End(new GameEnded(outcome));
                return;
            }
            foreach (var turn in _game.Turns(_state!))
                if (!IsOpen(turn.Id))
                {
                    var (_, count, reason) = _refusals.Find(r => r.Turn == turn.Id);
                    Ask(turn, count, reason);
                }
        });
    }

    private void Ask(Turn turn, int attempt, string? refusal)
    {
        _open.Add(new Open(turn, attempt, _time.GetUtcNow()));
        var agent = _agents[turn.Seat] ??= Context.ActorOf(
            Props.Create(typeof(AgentActor), _ground, _assignment, turn.Seat, _backends, _lastSaid[turn.Seat] ?? Silence), string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{turn.Role}-{turn.Seat}"));
        agent.Tell(new TurnOpened(turn, attempt, refusal), Self);
    }

    private void Answered(TurnAnswered answer)
    {
        var index = _open.FindIndex(o => o.Turn.Id == answer.Turn && o.Attempt == answer.Attempt);
        if (index < 0 || _last is GameEnded or GameFailed) return; // a late answer to a turn that is closed
        var (turn, attempt, _) = _open[index];
        _open.RemoveAt(index);
        Guard(() =>
        {
            var fault = answer.Fault;
            if (fault is null) fault = _game.Check(_state!, turn, new Move(answer.Move!));
            if (fault is null)
            {
                var state = _game.Play(_state!, turn, new Move(answer.Move!));
                var chance = Settle(ref state);
                _state = state;
                Record(new MoveMade(turn.Id, turn.Seat, answer.Move!) { Said = answer.Said, Tools = answer.Tools.IsDefault ? [] : answer.Tools, Chance = chance });
            }
            else
            {
                Record(new MoveRefused(turn.Id, turn.Seat, fault) { Said = answer.Said });
                var run = _ground.Scenario.Run;
                if ((attempt >= run.Reasks && !_ground.IsPerson(_assignment.Seats[turn.Seat])) || (run.TokensPerGame > 0 && _tokens[turn.Seat] >= run.TokensPerGame))
                {
                    var forfeit = new SeatForfeited(turn.Id, turn.Seat, fault);
                    var state = _game.Apply(_state, forfeit);
                    var chance = Settle(ref state);
                    _state = state;
                    Record(forfeit with { Chance = chance });
                }
                else
                {
                    Ask(turn, attempt + 1, fault);
                    return;
                }
            }
        });
        Proceed();
    }

    private void CheckDeadlines()
    {
        var now = _time.GetUtcNow();
        var allowed = _ground.Scenario.Run.TurnDeadline;
        if (_open.Find(o => now - o.Since > allowed) is { } late)
            Fail("model", $"turn {late.Turn.Id} of {late.Turn.Role}-{late.Turn.Seat} ({_assignment.Seats[late.Turn.Seat]}) had no answer within {allowed}. Raise run.turn-deadline, or see what the model waits for with ./arena status.");
    }

    private ImmutableArray<string> Settle(ref GameState state)
    {
        // A stream per event: a resumed game draws what the uninterrupted one would have drawn.
        var stream = new RandomStream(RandomStream.Derive(_assignment.Setup.Seed, "chance", _log.Count));
        return _game.Settle(ref state, ref stream);
    }

    private void Record(GameEvent e)
    {
        Count(e);
        PersistAsync(e, static _ => { });
    }

    private void End(GameEvent e)
    {
        Count(e);
        _open.Clear();
        PersistAsync(e, _ => Report());
    }

    private void Count(GameEvent e)
    {
        _last = e;
        _log.Add(e);
        if (e is MoveMade made)
        {
            _moves++;
            Hear(made.Seat, made.Said);
        }
        else if (e is MoveRefused refusal)
        {
            var before = _refusals.FindIndex(r => r.Turn == refusal.Turn);
            var count = 1;
            if (before >= 0)
            {
                count += _refusals[before].Count;
                _refusals.RemoveAt(before);
            }
            _refusals.Add((refusal.Turn, count, refusal.Reason));
            Hear(refusal.Seat, refusal.Said);
        }
    }

    private void Hear(int seat, Utterance? said)
    {
        if (said is null) return;
        _lastSaid[seat] = said;
        _tokens[seat] += said.Tokens.Length;
    }

    /// <summary>A fault of rules or role is data: it is written down and ends this game, not the run.</summary>
    private void Guard(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is not ActorKilledException)
        {
            Fail("rules", $"{e.GetType().Name}: {e.Message}");
        }
    }

    private void Fail(string boundary, string error)
    {
        if (_last is GameEnded or GameFailed) return;
        End(new GameFailed(boundary, error));
    }

    private void Report()
    {
        var (outcome, error) = _last switch
        {
            GameEnded ended => (ended.Outcome, (string?)null),
            GameFailed f => (null, $"{f.Boundary}: {f.Error}"),
            _ => throw new InvalidOperationException($"{PersistenceId}: reported before its end."),
        };
        Context.Parent.Tell(new GameOver(_assignment.Number, outcome, _log.ToImmutable(), _tokens.Sum(), error));
        Context.Stop(Self);
    }

    private bool IsOpen(int turn)
    {
        foreach (var open in _open)
            if (open.Turn.Id == turn) return true;
        return false;
    }
}
