// One game's events, folded. Pure: built from the log alone, so that any reward can re-score any game ever played.
using System.Collections.Immutable;
using AgentArena.Core.Models;

namespace AgentArena.Core.Play;

/// <summary>A turn as it was answered: what the seat was asked, and the event that answered it.</summary>
public sealed record EpisodeStep(GameState Before, Turn Turn, GameEvent Event)
{
    /// <summary>What the policy said; null for bots and people.</summary>
    public Utterance? Said =>
        Event switch
        {
            MoveMade m => m.Said,
            MoveRefused r => r.Said,
            _ => null,
        };
}

/// <summary>The fold of one game's events.</summary>
public sealed class Episode
{
    private readonly Lazy<(GameState State, ImmutableArray<EpisodeStep> Steps)> _fold;

    /// <param name="number">The game's number in its run.</param>
    /// <param name="game">Its rules.</param>
    /// <param name="events">All its events in order, beginning with <see cref="GameStarted"/>.</param>
    public Episode(long number, Game game, ImmutableArray<GameEvent> events)
    {
        if (events.IsDefaultOrEmpty || events[0] is not GameStarted started)
            throw new InvalidOperationException(
                $"game {number}: the log does not begin with GameStarted. Its beginning is missing."
            );
        (Number, Game, Events, Started) = (number, game, events, started);
        _fold = new(Fold, LazyThreadSafetyMode.None);
    }

    /// <summary>The game's number in its run.</summary>
    public long Number { get; }

    /// <summary>Its rules.</summary>
    public Game Game { get; }

    /// <summary>All its events in order.</summary>
    public ImmutableArray<GameEvent> Events { get; }

    /// <summary>Its first event.</summary>
    public GameStarted Started { get; }

    /// <summary>How it ended; null while it runs. Read from the log, not computed again.</summary>
    public Outcome? Outcome =>
        Events[^1] switch
        {
            GameFailed f => new Outcome(OutcomeKind.Aborted, []) { Note = $"{f.Boundary}: {f.Error}" },
            _ => Events.OfType<GameEnded>().LastOrDefault()?.Outcome,
        };

    /// <summary>The state after the last event.</summary>
    public GameState State => _fold.Value.State;

    /// <summary>Every answered turn in order, refusals included.</summary>
    public ImmutableArray<EpisodeStep> Steps => _fold.Value.Steps;

    private (GameState, ImmutableArray<EpisodeStep>) Fold()
    {
        var steps = ImmutableArray.CreateBuilder<EpisodeStep>(Events.Length);
        GameState? state = null;
        foreach (var e in Events)
        {
            var turn = e switch
            {
                MoveMade m => m.Turn,
                MoveRefused r => r.Turn,
                SeatForfeited f => f.Turn,
                _ => (int?)null,
            };
            if (turn is { } id)
                steps.Add(new EpisodeStep(state!, Game.OpenTurn(state!, id), e));
            state = Game.Apply(state, e);
        }
        return (state!, steps.ToImmutable());
    }
}
