// The rules of a game as pure functions over an immutable state. Knows nothing of prompts, models, actors or time.
using System.Collections.Immutable;

namespace AgentArena.Core.Play;

/// <summary>The immutable state of one game; each game derives its own.</summary>
public abstract record GameState
{
    /// <summary>Set once a seat has forfeited.</summary>
    public (int Seat, string Reason)? Forfeited { get; init; }

    /// <summary>Set once a limit outside the rules (turns, tokens) ended the game.</summary>
    public bool Cut { get; init; }
}

/// <summary>
/// The rules. A game is a state machine: <see cref="Start"/>, the open <see cref="Turns"/>, <see cref="Check"/> (may
/// refuse),
/// <see cref="Play"/> (never fails on a checked move), <see cref="Payoffs"/>. Chance is a turn like any other, at seat
/// <see cref="Turn.Chance"/>, and is alone when it is open.
/// </summary>
public abstract class Game
{
    /// <summary>Facts as data.</summary>
    public abstract GameFacts Facts { get; }

    /// <summary>The initial state, before any chance.</summary>
    public abstract GameState Start(GameSetup setup);

    /// <summary>The turns open now, in seat order; empty when the game is over.</summary>
    public ImmutableArray<Turn> Turns(GameState state) =>
        state.Forfeited is not null || state.Cut ? [] : OpenTurns(state);

    /// <summary>The turns open by the rules alone.</summary>
    protected abstract ImmutableArray<Turn> OpenTurns(GameState state);

    /// <summary>Null where the move is legal, else the reason, worded for the player.</summary>
    public virtual string? Check(GameState state, Turn turn, Move move) =>
        !turn.HasLegal || turn.Legal.Contains(move.Text)
            ? null
            : $"'{move.Text}' is not a legal move here. Legal: {turn.LegalText}.";

    /// <summary>The state after a legal move of a player or of chance.</summary>
    public abstract GameState Play(GameState state, Turn turn, Move move);

    /// <summary>
    /// The state after a seat has failed to give a well-formed answer to a turn; null (the default) where that forfeits
    /// the game.
    /// </summary>
    protected virtual GameState? Missed(GameState state, Turn turn, string reason) => null;

    /// <summary>The payoff per seat of a state without open turns.</summary>
    protected abstract ImmutableArray<double> Payoffs(GameState state);

    /// <summary>A line for people about a finished state; null where there is nothing to say.</summary>
    protected virtual string? Describe(GameState state) => null;

    /// <summary>Facts beside the payoffs that rewards may read.</summary>
    protected virtual ImmutableSortedDictionary<string, double> Measure(GameState state) =>
        ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>What a finished game made for later games, in its own JSON; null where nothing.</summary>
    protected virtual string? Product(GameState state) => null;

    /// <summary>
    /// The payoffs of a state cut by a limit outside the rules; a draw unless the game says otherwise.
    /// </summary>
    protected virtual ImmutableArray<double> CutPayoffs(GameState state) => [.. new double[Facts.Seats]];

    /// <summary>
    /// Reads a player's answer: a legal move in any dress that <see cref="MoveText"/> takes off, or, where none are
    /// listed, the words themselves.
    /// Nothing is guessed. Null where there is none.
    /// </summary>
    public virtual Move? Read(Turn turn, string answer)
    {
        if (turn.HasLegal)
            return MoveText.Match(turn.Legal, answer, bare => Respell(turn, bare)) is { } move ? new Move(move) : null;
        return MoveText.WithoutEnd(answer).Trim() is { Length: > 0 } words ? new Move(words) : null;
    }

    /// <summary>
    /// A move in the spelling of another published harness, in lower case and without dress, to this game's own; null
    /// (the default) where no other
    /// spelling is known. One that could mean two moves has none.
    /// </summary>
    protected virtual string? Respell(Turn turn, string bare) => null;

    /// <summary>
    /// A legal move drawn at random: for chance by its probabilities, for players each listed or suggested one alike.
    /// </summary>
    public static Move Sample(Turn turn, ref RandomStream stream)
    {
        if (turn.IsChance)
            return new(turn.Legal[stream.Choose(turn.Probabilities.AsSpan())]);
        var moves = turn.HasLegal ? turn.Legal : turn.Suggestions;
        return new(moves[stream.Next(moves.Length)]);
    }

    /// <summary>
    /// The state in which this turn is open, rebuilt from what its seat knows; null where information is not perfect.
    /// </summary>
    public virtual GameState? Restore(Turn turn) => null;

    /// <summary>Null while the game runs, else how it ended.</summary>
    public Outcome? Outcome(GameState state)
    {
        if (state.Forfeited is { } forfeit)
        {
            var payoffs = Enumerable.Repeat(Facts.Forfeit.Others, Facts.Seats).ToArray();
            payoffs[forfeit.Seat] = Facts.Forfeit.Offender;
            return new Outcome(OutcomeKind.Forfeited, [.. payoffs])
            {
                Note = $"seat {forfeit.Seat} forfeited: {forfeit.Reason}",
            };
        }
        if (state.Cut)
            return new Outcome(OutcomeKind.Truncated, CutPayoffs(state)) { Note = "cut by a limit" };
        if (OpenTurns(state).Length > 0)
            return null;
        return new Outcome(OutcomeKind.Finished, Payoffs(state))
        {
            Note = Describe(state),
            Measures = Measure(state),
            Product = Product(state),
        };
    }

    /// <summary>The open turn with this id.</summary>
    /// <exception cref="InvalidOperationException">
    /// No such turn is open: the log does not belong to these rules.
    /// </exception>
    public Turn OpenTurn(GameState state, int id)
    {
        foreach (var turn in Turns(state))
            if (turn.Id == id)
                return turn;
        throw new InvalidOperationException(
            $"{Facts.Name}: turn {id} is not open. The events do not belong to this state; replay the game from its first event."
        );
    }

    /// <summary>
    /// The fold: the state after an event. <paramref name="state"/> is null before <see cref="GameStarted"/>.
    /// </summary>
    public GameState Apply(GameState? state, GameEvent e) =>
        e switch
        {
            GameStarted started => PlayChance(Start(started.Setup), started.Chance),
            _ when state is null => throw new InvalidOperationException(
                $"{Facts.Name}: {e.GetType().Name} before GameStarted. The log's beginning is missing."
            ),
            MoveMade made => PlayChance(
                PlayChecked(state, OpenTurn(state, made.Turn), new Move(made.Move)),
                made.Chance
            ),
            SeatForfeited forfeit => PlayChance(
                Missed(state, OpenTurn(state, forfeit.Turn), forfeit.Reason)
                    ?? state with
                    {
                        Forfeited = (forfeit.Seat, forfeit.Reason),
                    },
                forfeit.Chance
            ),
            GameEnded { Outcome.Kind: OutcomeKind.Truncated } => state with { Cut = true },
            _ => state,
        };

    /// <summary>Lets chance move until a player is to move or the game is over; the moves it made, in order.</summary>
    /// <param name="state">Replaced by the state reached.</param>
    /// <param name="stream">The game's stream of chance.</param>
    public ImmutableArray<string> Settle(ref GameState state, ref RandomStream stream)
    {
        ImmutableArray<string>.Builder? made = null;
        while (Turns(state) is [{ IsChance: true } turn])
        {
            var move = turn.Legal[stream.Choose(turn.Probabilities.AsSpan())];
            state = Play(state, turn, new Move(move));
            (made ??= ImmutableArray.CreateBuilder<string>()).Add(move);
        }
        return made is null ? [] : made.ToImmutable();
    }

    private GameState PlayChecked(GameState state, Turn turn, Move move) =>
        Check(state, turn, move) is not { } fault
            ? Play(state, turn, move)
            : throw new InvalidOperationException(
                $"{Facts.Name}: move '{move}' of seat {turn.Seat} is not possible here: {fault} The log was altered or belongs to other rules."
            );

    private GameState PlayChance(GameState state, ImmutableArray<string> chance)
    {
        foreach (var move in chance)
        {
            if (Turns(state) is not [{ IsChance: true } turn] || Check(state, turn, new Move(move)) is not null)
                throw new InvalidOperationException(
                    $"{Facts.Name}: chance move '{move}' is not possible here. The log was altered or belongs to other rules."
                );
            state = Play(state, turn, new Move(move));
        }
        return state;
    }
}

/// <summary>A game over a state type of its own.</summary>
public abstract class Game<TState> : Game
    where TState : GameState
{
    /// <inheritdoc/>
    protected sealed override ImmutableArray<Turn> OpenTurns(GameState state) => OpenTurns((TState)state);

    /// <inheritdoc/>
    public sealed override GameState Play(GameState state, Turn turn, Move move) => Play((TState)state, turn, move);

    /// <inheritdoc/>
    public sealed override string? Check(GameState state, Turn turn, Move move) => Check((TState)state, turn, move);

    /// <inheritdoc/>
    protected sealed override ImmutableArray<double> Payoffs(GameState state) => Payoffs((TState)state);

    /// <inheritdoc/>
    protected sealed override GameState? Missed(GameState state, Turn turn, string reason) =>
        Missed((TState)state, turn, reason);

    /// <inheritdoc/>
    protected sealed override string? Product(GameState state) => Product((TState)state);

    /// <inheritdoc/>
    protected sealed override string? Describe(GameState state) => Describe((TState)state);

    /// <inheritdoc/>
    protected sealed override ImmutableSortedDictionary<string, double> Measure(GameState state) =>
        Measure((TState)state);

    /// <inheritdoc cref="Game.OpenTurns"/>
    protected abstract ImmutableArray<Turn> OpenTurns(TState state);

    /// <inheritdoc cref="Game.Play"/>
    protected abstract TState Play(TState state, Turn turn, Move move);

    /// <inheritdoc cref="Game.Check"/>
    protected virtual string? Check(TState state, Turn turn, Move move) => base.Check(state, turn, move);

    /// <inheritdoc cref="Game.Missed"/>
    protected virtual TState? Missed(TState state, Turn turn, string reason) => null;

    /// <inheritdoc cref="Game.Product"/>
    protected virtual string? Product(TState state) => null;

    /// <inheritdoc cref="Game.Payoffs"/>
    protected abstract ImmutableArray<double> Payoffs(TState state);

    /// <inheritdoc cref="Game.Describe"/>
    protected virtual string? Describe(TState state) => null;

    /// <inheritdoc cref="Game.Measure"/>
    protected virtual ImmutableSortedDictionary<string, double> Measure(TState state) =>
        ImmutableSortedDictionary<string, double>.Empty;
}
