// The only thing that plays a game: decides what an answer is worth and folds what was decided. Knows no actor, model
// or clock.
using System.Collections.Immutable;
using AgentArena.Core.Models;

namespace AgentArena.Core.Play;

/// <summary>What bounds a game beside its rules.</summary>
/// <param name="Reasks">How often a seat is asked again after a refused answer to one turn.</param>
/// <param name="TurnsPerGame">The most moves of a game; 0: as many as its rules let it have.</param>
/// <param name="TokensPerGame">
/// The most tokens a seat may say before its next refused answer forfeits; 0: any number.
/// </param>
public sealed record GameLimits(int Reasks, int TurnsPerGame = 0, int TokensPerGame = 0);

/// <summary>A question that waits for its seat's answer.</summary>
/// <param name="Turn">What is asked.</param>
/// <param name="Attempt">Refused answers to this turn so far.</param>
/// <param name="Refusal">Why the last of them was refused; null where there was none.</param>
public sealed record OpenTurn(Turn Turn, int Attempt, string? Refusal);

/// <summary>A seat's answer: a well-formed move, or the fault of its reply; and what was said to give it.</summary>
/// <param name="Move">The move in the game's own spelling; null where the reply holds none.</param>
/// <param name="Fault">Why it holds none.</param>
public sealed record SeatAnswer(string? Move, string? Fault)
{
    /// <summary>The policy's words; null for bots, tools and people.</summary>
    public Utterance? Said { get; init; }

    /// <summary>Tools used before the answer.</summary>
    public ImmutableArray<ToolCall> Tools { get; init; } = [];
}

/// <summary>
/// Referees one game. Commands (<see cref="Begin"/>, <see cref="Answer"/>, <see cref="Fail"/>) decide and append the
/// events they decided on to <see cref="Log"/>; <see cref="Apply"/> folds an event that was decided before, after a
/// crash or in a replay. A run, an evaluation, a branch and an audit of the same answers come to the same events:
/// chance draws from a stream named by the game's own seed and the number of events before it.
/// </summary>
public sealed class Referee
{
    private readonly Game _game;
    private readonly GameLimits _limits;
    private readonly List<GameEvent> _log = new(6);
    private readonly List<OpenTurn> _open = new(1);
    private readonly List<(int Turn, int Count, string Reason)> _refusals = new(0);
    private readonly Utterance?[] _said;
    private readonly int[] _tokens;
    private GameState? _state;
    private bool[]? _patient;
    private int _moves;

    /// <param name="game">The rules.</param>
    /// <param name="limits">What bounds the game beside them.</param>
    public Referee(Game game, GameLimits limits)
    {
        (_game, _limits) = (game, limits);
        _said = new Utterance?[game.Facts.Seats];
        _tokens = new int[game.Facts.Seats];
    }

    /// <summary>The rules.</summary>
    public Game Game => _game;

    /// <summary>Every event so far, in order.</summary>
    public IReadOnlyList<GameEvent> Log => _log;

    /// <summary>The state after them; null before the first.</summary>
    public GameState? State => _state;

    /// <summary>The questions that wait for an answer, in the order they were opened.</summary>
    public IReadOnlyList<OpenTurn> Open => _open;

    /// <summary>Whether the game has ended or failed.</summary>
    public bool IsOver => _log.Count > 0 && _log[^1] is GameEnded or GameFailed;

    /// <summary>How it ended; null while it runs and where the system failed it.</summary>
    public Outcome? Outcome => _log.Count > 0 && _log[^1] is GameEnded ended ? ended.Outcome : null;

    /// <summary>Tokens said in this game by all seats.</summary>
    public int Tokens => _tokens.Sum();

    /// <summary>What a seat said last; null where it has not spoken.</summary>
    public Utterance? LastSaid(int seat) => _said[seat];

    /// <summary>A seat that may try again as often as it likes: a person.</summary>
    public void BePatientWith(int seat) => (_patient ??= new bool[_said.Length])[seat] = true;

    /// <summary>Starts the game: chance moves as far as the first player's turn.</summary>
    /// <param name="name">The game's name in its scenario.</param>
    /// <param name="setup">What it is started from.</param>
    /// <param name="seats">Who sits where, by policy.</param>
    public void Begin(string name, GameSetup setup, ImmutableArray<string> seats) =>
        Guarded(() =>
        {
            var state = _game.Start(setup);
            Record(new GameStarted(name, setup, seats) { Chance = Settle(ref state, setup.Seed) }, state);
            Proceed();
        });

    /// <summary>Takes an answer to an open turn: a move, a refusal, or a forfeit.</summary>
    /// <returns>False where no such question is open: the answer came late, or twice, and is no event.</returns>
    public bool Answer(int turn, int attempt, SeatAnswer answer)
    {
        var at = IsOver ? -1 : _open.FindIndex(o => o.Turn.Id == turn && o.Attempt == attempt);
        if (at < 0)
            return false;
        var open = _open[at];
        _open.RemoveAt(at);
        Guarded(() =>
        {
            if ((answer.Fault ?? _game.Check(_state!, open.Turn, new Move(answer.Move!))) is { } fault)
                Refuse(open, fault, answer);
            else
            {
                var state = _game.Play(_state!, open.Turn, new Move(answer.Move!));
                var chance = Settle(ref state, Seed);
                Record(
                    new MoveMade(turn, open.Turn.Seat, answer.Move!)
                    {
                        Said = answer.Said,
                        Tools = answer.Tools,
                        Chance = chance,
                    },
                    state
                );
            }
            Proceed();
        });
        return true;
    }

    /// <summary>Ends the game by a fault of the system; no event where it is over already.</summary>
    /// <param name="boundary">Where it failed: rules, role, tool, model, journal or node.</param>
    /// <param name="error">What happened, for people.</param>
    public void Fail(string boundary, string error)
    {
        if (IsOver)
            return;
        _open.Clear();
        _log.Add(new GameFailed(boundary, error));
    }

    /// <summary>Folds an event that was decided earlier. Call <see cref="Resume"/> after the last one.</summary>
    /// <exception cref="InvalidOperationException">The event does not follow from those before it.</exception>
    public void Apply(GameEvent e)
    {
        if (IsOver)
            throw new InvalidOperationException($"{e.GetType().Name} comes after the end of the game.");
        Record(e, _game.Apply(_state, e));
    }

    /// <summary>
    /// Opens the questions of a game whose events were applied, or ends it where nothing is left to ask.
    /// </summary>
    public void Resume()
    {
        if (!IsOver)
            Guarded(Proceed);
    }

    private ulong Seed => ((GameStarted)_log[0]).Setup.Seed;

    private void Refuse(OpenTurn open, string fault, SeatAnswer answer)
    {
        var (turn, attempt) = (open.Turn, open.Attempt);
        Record(new MoveRefused(turn.Id, turn.Seat, fault) { Said = answer.Said }, _state!);
        var exhausted = attempt >= _limits.Reasks && _patient?[turn.Seat] != true;
        if (!exhausted && (_limits.TokensPerGame <= 0 || _tokens[turn.Seat] < _limits.TokensPerGame))
            return;
        var forfeit = new SeatForfeited(turn.Id, turn.Seat, fault);
        var state = _game.Apply(_state, forfeit);
        var chance = Settle(ref state, Seed);
        Record(forfeit with { Chance = chance }, state);
    }

    // Opens what the rules have opened meanwhile, or writes down the end.
    private void Proceed()
    {
        if (_limits.TurnsPerGame > 0 && _moves >= _limits.TurnsPerGame && _game.Outcome(_state!) is null)
            _state = _state! with { Cut = true };
        var turns = _game.Turns(_state!);
        if (turns.IsEmpty)
        {
            _open.Clear();
            _log.Add(new GameEnded(_game.Outcome(_state!)!));
            return;
        }
        if (_open.Count > 0)
            _open.RemoveAll(o => !turns.Any(t => t.Id == o.Turn.Id)); // questions that an answer has made void
        foreach (var turn in turns)
        {
            if (_open.Exists(o => o.Turn.Id == turn.Id))
                continue;
            var (_, refused, reason) = _refusals.Find(r => r.Turn == turn.Id);
            _open.Add(new OpenTurn(turn, refused, reason));
        }
    }

    // A stream an event: a game that was interrupted draws what the uninterrupted one would have drawn.
    private ImmutableArray<string> Settle(ref GameState state, ulong seed)
    {
        var stream = new RandomStream(RandomStream.Derive(seed, "chance", _log.Count));
        return _game.Settle(ref state, ref stream);
    }

    private void Record(GameEvent e, GameState state)
    {
        _state = state;
        _log.Add(e);
        if (e is MoveMade made)
        {
            _moves++;
            Hear(made.Seat, made.Said);
        }
        else if (e is MoveRefused refused)
        {
            var before = _refusals.FindIndex(r => r.Turn == refused.Turn);
            var count = before < 0 ? 1 : _refusals[before].Count + 1;
            if (before >= 0)
                _refusals.RemoveAt(before);
            _refusals.Add((refused.Turn, count, refused.Reason));
            Hear(refused.Seat, refused.Said);
        }
    }

    private void Hear(int seat, Utterance? said)
    {
        if (said is null)
            return;
        _said[seat] = said;
        _tokens[seat] += said.Tokens.Length;
    }

    // A fault of the rules is data: it is written down and ends this game, not the run.
    private void Guarded(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fail("rules", $"{e.GetType().Name}: {e.Message}");
        }
    }
}
