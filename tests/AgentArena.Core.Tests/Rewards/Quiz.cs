// A table for rewards: seats of any roles answer in free text, one after another, as often as is wanted.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Play;

namespace AgentArena.Core.Tests.Rewards;

/// <summary>
/// A game without judgement of its own: any text is a move; the right answer, where there is one, is the first
/// suggestion.
/// </summary>
internal sealed class Quiz(ImmutableArray<string> roles, ImmutableArray<int> order, string? right = null)
    : Game<Quiz.State>
{
    public sealed record State(int Made) : GameState;

    public override GameFacts Facts =>
        new()
        {
            Name = "quiz",
            Summary = "a table for tests",
            Roles = roles,
            ZeroSum = false,
            LongestGame = order.Length,
        };

    public override GameState Start(GameSetup setup) => new State(0);

    protected override ImmutableArray<Turn> OpenTurns(State state) =>
        state.Made >= order.Length
            ? []
            :
            [
                new Turn
                {
                    Id = state.Made,
                    Seat = order[state.Made],
                    Role = roles[order[state.Made]],
                    Gold = right is null ? [] : [right],
                    Suggestions = right is null ? [] : [right],
                },
            ];

    protected override State Play(State state, Turn turn, Move move) => new(state.Made + 1);

    protected override State Missed(State state, Turn turn, string reason) => new(state.Made + 1);

    protected override ImmutableArray<double> Payoffs(State state) => [.. new double[roles.Length]];
}

/// <summary>An episode in the making.</summary>
internal sealed class Table(params string[] roles)
{
    private readonly List<(int Seat, Func<int, GameEvent> Event)> _events = [];
    private readonly List<GameEvent> _measured = [];
    private ImmutableSortedDictionary<string, double> _measures = ImmutableSortedDictionary<string, double>.Empty;

    public string? Right { get; init; }

    public string? Task { get; init; }

    public long Number { get; init; }

    public double[]? Payoffs { get; init; }

    /// <summary>A seat answers; the reply is the move where it is not given.</summary>
    public Table Says(
        int seat,
        string move,
        string? reply = null,
        int version = 0,
        int? tokens = null,
        float[]? logProbs = null,
        int[]? ends = null
    )
    {
        var count = logProbs?.Length ?? tokens ?? 1;
        _events.Add((seat, turn => new MoveMade(turn, seat, move)
            {
                Said = new Utterance
                {
                    Policy = "student",
                    Version = version,
                    Text = reply ?? move,
                    Tokens = [.. Enumerable.Range(0, count)],
                    LogProbs = logProbs is null ? [.. new float[count]] : [.. logProbs],
                    Ends = ends is null ? default : [.. ends],
                },
            }));
        return this;
    }

    /// <summary>A bot answers.</summary>
    public Table Plays(int seat, string move)
    {
        _events.Add((seat, turn => new MoveMade(turn, seat, move)));
        return this;
    }

    /// <summary>A seat's answer cannot be read, and the game goes on without it.</summary>
    public Table Mumbles(int seat, string reply)
    {
        _events.Add((seat, turn => new MoveRefused(turn, seat, "no answer")
            {
                Said = new Utterance
                {
                    Policy = "student",
                    Version = 0,
                    Text = reply,
                    Tokens = [1],
                    LogProbs = [0],
                },
            }));
        return this;
    }

    public Table Measures(string name, double value)
    {
        _measures = _measures.SetItem(name, value);
        return this;
    }

    public Table Event(string name, int seat, params double[] values)
    {
        _measured.Add(new Measured(name, seat, [.. values]));
        return this;
    }

    public Episode Ends()
    {
        var game = new Quiz([.. roles], [.. _events.Select(e => e.Seat)], Right);
        var events = ImmutableArray.CreateBuilder<GameEvent>();
        events.Add(new GameStarted("quiz", new GameSetup(1, Task), [.. roles.Select(_ => "student")]));
        for (var i = 0; i < _events.Count; i++)
        {
            events.Add(_events[i].Event(i));
            if (events[^1] is MoveRefused refused)
                events.Add(new SeatForfeited(i, refused.Seat, "no answer"));
        }
        events.Add(
            new GameEnded(
                new Outcome(OutcomeKind.Finished, [.. Payoffs ?? new double[roles.Length]]) { Measures = _measures }
            )
        );
        events.AddRange(_measured);
        return new Episode(Number, game, events.ToImmutable());
    }
}

internal static class Rewarding
{
    /// <summary>A catalogued reward with options as JSON.</summary>
    public static Reward Make(string name, string options = "{}") =>
        Standard.Catalog.Rewards.Create(new Plugin(name, JsonNode.Parse(options)!.AsObject()));

    /// <summary>Scores within rounding, NaN equal to NaN.</summary>
    public static void ShouldScore(this Reward reward, Episode episode, params double[] expected)
    {
        var scores = reward.Score(episode);
        scores.Length.ShouldBe(expected.Length);
        for (var i = 0; i < scores.Length; i++)
            if (double.IsNaN(expected[i]))
                scores[i].ShouldBe(double.NaN, $"seat {i}");
            else
                scores[i].ShouldBe(expected[i], 1e-6, $"seat {i}");
    }
}
