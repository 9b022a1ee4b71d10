// Rock, paper, scissors: both seats answer at once, neither sees the other's answer. Turns are shared by all games.
using System.Collections.Immutable;
using AgentArena.Core.Play;

namespace AgentArena.Games.Matrix;

/// <summary>What each seat threw; null where it has not answered.</summary>
public sealed record RockPaperScissorsState(int? First, int? Second) : GameState;

/// <summary>One throw; win +1, tie 0, loss −1. Value 0, the one equilibrium is a third each.</summary>
public sealed class RockPaperScissors : Game<RockPaperScissorsState>
{
    private static readonly ImmutableArray<string> Throws = ["rock", "paper", "scissors"];
    private static readonly Turn[] Asked = [Ask(0), Ask(1)];
    private static readonly ImmutableArray<Turn>[] Open =
    [
        [Asked[0], Asked[1]],
        [Asked[0]],
        [Asked[1]],
        [],
    ];

    /// <inheritdoc/>
    public override GameFacts Facts { get; } =
        new()
        {
            Name = "rock-paper-scissors",
            Summary = "two seats answer at once; plain policy gradients cycle here for ever",
            Roles = ["player", "player"],
            ZeroSum = true,
            LongestGame = 2,
            Enumerable = true,
        };

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) => new RockPaperScissorsState(null, null);

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(RockPaperScissorsState state) =>
        Open[(state.First is null ? 0 : 2) + (state.Second is null ? 0 : 1)];

    /// <inheritdoc/>
    protected override RockPaperScissorsState Play(RockPaperScissorsState state, Turn turn, Move move)
    {
        var thrown = Throws.IndexOf(move.Text);
        return turn.Seat == 0 ? state with { First = thrown } : state with { Second = thrown };
    }

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(RockPaperScissorsState state) =>
        ((state.First!.Value - state.Second!.Value + 3) % 3) switch
        {
            0 => [0, 0],
            1 => [1, -1],
            _ => [-1, 1],
        };

    /// <inheritdoc/>
    protected override string? Describe(RockPaperScissorsState state)
    {
        var (a, b) = (Throws[state.First!.Value], Throws[state.Second!.Value]);
        return Payoffs(state)[0] switch
        {
            0 => $"both threw {a}",
            > 0 => $"seat 0 wins: {a} beats {b}",
            _ => $"seat 1 wins: {b} beats {a}",
        };
    }

    /// <summary>TextArena takes the first letter alone.</summary>
    protected override string? Respell(Turn turn, string bare) =>
        bare switch
        {
            "r" => "rock",
            "p" => "paper",
            "s" => "scissors",
            _ => null,
        };

    private static Turn Ask(int seat) =>
        new()
        {
            Id = seat,
            Seat = seat,
            Role = "player",
            Observation =
            [
                new(
                    ObservationKind.Task,
                    $"You are seat {seat} in rock, paper, scissors. Both seats throw at once. Rock beats scissors, scissors beat paper, paper beats rock. A win is worth 1, a loss -1, a tie 0."
                ),
                new(ObservationKind.Board, "throw"),
                new(ObservationKind.Transcript, ""),
            ],
            Legal = Throws,
            InformationState = "|",
            Shared = true,
        };
}
