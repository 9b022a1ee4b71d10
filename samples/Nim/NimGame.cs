// A game of a user's own: rules as pure functions over a state that never changes.
using System.Collections.Immutable;
using System.Globalization;
using AgentArena.Core.Play;

namespace Nim;

/// <summary>Options of <see cref="NimGame"/>.</summary>
public sealed record NimOptions
{
    /// <summary>Matches at the start.</summary>
    public int Matches { get; init; } = 21;

    /// <summary>The most that one move takes.</summary>
    public int Most { get; init; } = 3;
}

/// <summary>Matches left, and who is to move.</summary>
public sealed record NimState(int Left, int Seat) : GameState;

/// <summary>One to <see cref="NimOptions.Most"/> matches a move; whoever takes the last wins. Win +1, loss −1.</summary>
public sealed class NimGame : Game<NimState>
{
    private readonly NimOptions _options;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public NimGame(NimOptions options)
    {
        if (options.Matches < 1)
            throw new ArgumentException($"matches is {options.Matches}; it should be 1 or more.");
        if (options.Most < 1)
            throw new ArgumentException($"most is {options.Most}; it should be 1 or more.");
        _options = options;
        Facts = new()
        {
            Name = "nim",
            Summary = "take matches in turn; whoever takes the last wins",
            Roles = ["player", "player"],
            ZeroSum = true,
            LongestGame = options.Matches,
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) => new NimState(_options.Matches, 0);

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(NimState state) =>
        state.Left == 0
            ? []
            :
            [
                new Turn
                {
                    Id = 2 * (_options.Matches - state.Left) + state.Seat,
                    Seat = state.Seat,
                    Role = "player",
                    Observation =
                    [
                        new(ObservationKind.Task, $"Take 1 to {_options.Most} matches. Whoever takes the last wins."),
                        new(ObservationKind.Board, Print(state.Left)),
                    ],
                    Legal = [.. Enumerable.Range(1, Math.Min(_options.Most, state.Left)).Select(Print)],
                },
            ];

    /// <inheritdoc/>
    protected override NimState Play(NimState state, Turn turn, Move move) =>
        new(state.Left - int.Parse(move.Text, CultureInfo.InvariantCulture), 1 - state.Seat);

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(NimState state) => state.Seat == 1 ? [1, -1] : [-1, 1];

    private static string Print(int number) => number.ToString(CultureInfo.InvariantCulture);
}
