// Connect Four: 7 columns of 6, as two bit boards with a spare row that keeps lines from running over the edge.
using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using AgentArena.Core.Play;

namespace AgentArena.Games.Boards;

/// <summary>Discs of each seat, 7 bits a column from the bottom, the seventh always free.</summary>
public sealed record ConnectFourState(ulong First, ulong Second) : GameState
{
    internal ulong Taken => First | Second;

    internal int Discs => BitOperations.PopCount(Taken);
}

/// <summary>
/// Four in a line win; a full board is a draw. Columns are 1 to 7; seat 0 begins, and wins when both play perfectly.
/// </summary>
public sealed class ConnectFour(ConnectFour.Options options) : Game<ConnectFourState>
{
    /// <summary>Options of <see cref="ConnectFour"/>.</summary>
    public sealed record Options
    {
        /// <summary>From whose side the board is drawn.</summary>
        public BoardSide Side { get; init; } = BoardSide.Absolute;

        /// <summary>How the board is drawn.</summary>
        public BoardDrawing Drawing { get; init; } = BoardDrawing.Grid;
    }

    private const int Columns = 7,
        Rows = 6,
        Stride = Rows + 1;
    private static readonly ImmutableArray<string> Names = [.. Enumerable.Range(1, Columns).Select(c => c.ToString())];

    /// <inheritdoc/>
    public override GameFacts Facts { get; } =
        new()
        {
            Name = "connect-four",
            Summary = "four in a line on a board of 7 columns and 6 rows",
            Roles = ["player", "player"],
            ZeroSum = true,
            LongestGame = Columns * Rows,
            PerfectInformation = true,
        };

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) => new ConnectFourState(0, 0);

    /// <inheritdoc/>
    public override GameState? Restore(Turn turn)
    {
        if (turn.InformationState?.Split('/') is not { Length: Rows } rows)
            return null;
        var (first, second) = (0UL, 0UL);
        for (var row = 0; row < Rows; row++)
        for (var column = 0; column < Columns; column++)
        {
            var bit = 1UL << (column * Stride + Rows - 1 - row);
            if (rows[row][column] == 'X')
                first |= bit;
            else if (rows[row][column] == 'O')
                second |= bit;
        }
        return new ConnectFourState(first, second);
    }

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(ConnectFourState state)
    {
        var discs = state.Discs;
        var seat = discs & 1;
        if (discs == Columns * Rows || Won(seat == 0 ? state.Second : state.First))
            return [];
        var key = Rowed(state, 0, BoardSide.Absolute, "/");
        var drawn =
            options is { Side: BoardSide.Absolute, Drawing: BoardDrawing.Line } ? key
            : options.Drawing == BoardDrawing.Line ? Rowed(state, seat, options.Side, "/")
            : options.Drawing == BoardDrawing.Cells
                ? string.Join(' ', Rowed(state, seat, options.Side, "").AsEnumerable())
            : Rowed(state, seat, options.Side, "\n") + "\n" + string.Concat(Names);
        return
        [
            new Turn
            {
                Id = discs,
                Seat = seat,
                Role = "player",
                Observation = [new(ObservationKind.Task, Task(seat)), new(ObservationKind.Board, drawn)],
                Legal = [.. Names.Where((_, column) => (state.Taken >> (column * Stride + Rows - 1) & 1) == 0)],
                InformationState = key,
            },
        ];
    }

    /// <summary>TextArena writes a column as <c>[col 4]</c>.</summary>
    protected override string? Respell(Turn turn, string bare) => MoveText.After(bare, "column", "col");

    /// <inheritdoc/>
    protected override ConnectFourState Play(ConnectFourState state, Turn turn, Move move)
    {
        var column = move.Text[0] - '1';
        // Adding one at the foot of a column carries through its discs to the first free cell.
        var disc =
            (state.Taken + (1UL << (column * Stride))) & (((1UL << Stride) - 1) << (column * Stride)) & ~state.Taken;
        return turn.Seat == 0 ? state with { First = state.First | disc } : state with { Second = state.Second | disc };
    }

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(ConnectFourState state) =>
        Won(state.First) ? [1, -1]
        : Won(state.Second) ? [-1, 1]
        : [0, 0];

    /// <inheritdoc/>
    protected override string? Describe(ConnectFourState state) =>
        Won(state.First) ? "seat 0 has four in a line"
        : Won(state.Second) ? "seat 1 has four in a line"
        : "the board is full";

    private static bool Won(ulong discs)
    {
        foreach (var step in (ReadOnlySpan<int>)[1, Stride, Stride - 1, Stride + 1])
        {
            var pairs = discs & (discs >> step);
            if ((pairs & (pairs >> (2 * step))) != 0)
                return true;
        }
        return false;
    }

    private static string Rowed(ConnectFourState state, int asked, BoardSide side, string between)
    {
        var text = new StringBuilder(64);
        for (var row = Rows - 1; row >= 0; row--)
        {
            for (var column = 0; column < Columns; column++)
            {
                var cell = column * Stride + row;
                text.Append(
                    (state.First >> cell & 1) != 0 ? BoardView.Mark(0, asked, side)
                    : (state.Second >> cell & 1) != 0 ? BoardView.Mark(1, asked, side)
                    : '.'
                );
            }
            if (row > 0)
                text.Append(between);
        }
        return text.ToString();
    }

    private string Task(int seat) =>
        $"You are seat {seat} in Connect Four and play {BoardView.Mark(seat, seat, options.Side)}. The board has 7 columns, numbered 1 to 7 from the left, and 6 rows, shown from the top. "
        + "In turn each seat drops a disc into a column that is not full; it falls to the lowest free cell. Four discs in a line, in any direction, win (1 to -1); a full board is a draw (0). "
        + "Answer with the number of a column.";
}
