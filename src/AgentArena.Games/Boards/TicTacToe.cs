// Tic-tac-toe: two bit boards. A turn depends on the position alone, so the 5,478 positions share their turns between
// games.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using AgentArena.Core.Play;

namespace AgentArena.Games.Boards;

/// <summary>
/// Cells of seat 0 and of seat 1 as bits, row by row, and the random plies still to come (−1: not drawn yet).
/// </summary>
public sealed record TicTacToeState(int Crosses, int Noughts, int Random) : GameState
{
    internal int Marks => BitOperations.PopCount((uint)(Crosses | Noughts));
}

/// <summary>Three in a row win; a full board is a draw. Cells are 0 to 8, row by row; seat 0 begins.</summary>
public sealed class TicTacToe : Game<TicTacToeState>
{
    /// <summary>Options of <see cref="TicTacToe"/>.</summary>
    public sealed record Options
    {
        /// <summary>From whose side the board is drawn.</summary>
        public BoardSide Side { get; init; } = BoardSide.Absolute;

        /// <summary>How the board is drawn.</summary>
        public BoardDrawing Drawing { get; init; } = BoardDrawing.Grid;

        /// <summary>How the board is turned: canonical leaves 765 positions of 5,478.</summary>
        public BoardOrientation Orientation { get; init; } = BoardOrientation.Fixed;

        /// <summary>
        /// The share of games that chance opens with 1 to <see cref="RandomPlies"/> random marks, in [0, 1].
        /// </summary>
        public double RandomOpenings { get; init; }

        /// <summary>The most marks of such an opening, 1 to 4.</summary>
        public int RandomPlies { get; init; } = 4;
    }

    private const int Full = 0b111_111_111;
    private static readonly int[] Lines =
    [
        0b111,
        0b111_000,
        0b111_000_000,
        0b001_001_001,
        0b010_010_010,
        0b100_100_100,
        0b100_010_001,
        0b001_010_100,
    ];
    private static readonly ImmutableArray<string> Cells = [.. Enumerable.Range(0, 9).Select(c => c.ToString())];

    // Where each cell goes under the turns and mirrors of the board.
    private static readonly int[][] Images =
    [
        .. Enumerable.Range(0, 8).Select(image => Enumerable.Range(0, 9).Select(cell => Turned(cell, image)).ToArray()),
    ];

    private readonly Options _options;
    private readonly ConcurrentDictionary<(int, int), ImmutableArray<Turn>> _asked = new();
    private readonly ConcurrentDictionary<(int, int, int), ImmutableArray<Turn>> _drawn = new();

    /// <summary>The game under these options.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public TicTacToe(Options options)
    {
        if (options.RandomOpenings is not (>= 0 and <= 1))
            throw new ArgumentException($"random-openings is {options.RandomOpenings}; it should lie in [0, 1].");
        if (options.RandomPlies is < 1 or > 4)
            throw new ArgumentException(
                $"random-plies is {options.RandomPlies}; it should be 1 to 4, so that no game is over before it begins."
            );
        _options = options;
        Facts = new()
        {
            Name = "tic-tac-toe",
            Summary = "three in a row; a draw when both play well",
            Roles = ["player", "player"],
            ZeroSum = true,
            LongestGame = 9,
            // Random openings repeat most of the tree under each of them.
            Enumerable = options.RandomOpenings == 0,
            PerfectInformation = true,
        };
    }

    /// <inheritdoc/>
    public override GameFacts Facts { get; }

    /// <inheritdoc/>
    public override GameState Start(GameSetup setup) => new TicTacToeState(0, 0, _options.RandomOpenings > 0 ? -1 : 0);

    /// <inheritdoc/>
    public override GameState? Restore(Turn turn)
    {
        var (crosses, noughts) = (0, 0);
        if (turn.InformationState is not { Length: 9 } board)
            return null;
        for (var cell = 0; cell < 9; cell++)
            if (board[cell] == 'X')
                crosses |= 1 << cell;
            else if (board[cell] == 'O')
                noughts |= 1 << cell;
        return new TicTacToeState(crosses, noughts, 0);
    }

    /// <inheritdoc/>
    protected override ImmutableArray<Turn> OpenTurns(TicTacToeState state)
    {
        if (Won(state.Crosses) || Won(state.Noughts) || (state.Crosses | state.Noughts) == Full)
            return [];
        return state.Random == 0
            ? _asked.GetOrAdd(
                (state.Crosses, state.Noughts),
                static (_, at) => [at.Game.Ask(at.State)],
                (Game: this, State: state)
            )
            : _drawn.GetOrAdd(
                (state.Crosses, state.Noughts, state.Random),
                static (_, at) => [at.Game.Draw(at.State)],
                (Game: this, State: state)
            );
    }

    /// <inheritdoc/>
    protected override TicTacToeState Play(TicTacToeState state, Turn turn, Move move)
    {
        if (turn.IsChance && state.Random < 0)
            return state with { Random = move.Text[^1] - '0' };
        var cell = 1 << (move.Text[^1] - '0');
        var left = turn.IsChance ? state.Random - 1 : 0;
        var next =
            (state.Marks & 1) == 0
                ? state with
                {
                    Crosses = state.Crosses | cell,
                    Random = left,
                }
                : state with
                {
                    Noughts = state.Noughts | cell,
                    Random = left,
                };
        return _options.Orientation == BoardOrientation.Canonical ? Canonical(next) : next;
    }

    /// <inheritdoc/>
    protected override ImmutableArray<double> Payoffs(TicTacToeState state) =>
        Won(state.Crosses) ? [1, -1]
        : Won(state.Noughts) ? [-1, 1]
        : [0, 0];

    /// <inheritdoc/>
    protected override string? Describe(TicTacToeState state) =>
        (
            Won(state.Crosses) ? "seat 0 has three in a row"
            : Won(state.Noughts) ? "seat 1 has three in a row"
            : "the board is full"
        )
        + ": "
        + Key(state);

    private static bool Won(int cells)
    {
        foreach (var line in Lines)
            if ((cells & line) == line)
                return true;
        return false;
    }

    private static TicTacToeState Canonical(TicTacToeState state)
    {
        var first = (Crosses: int.MaxValue, Noughts: int.MaxValue);
        foreach (var image in Images)
        {
            var (crosses, noughts) = (0, 0);
            for (var cell = 0; cell < 9; cell++)
            {
                crosses |= (state.Crosses >> cell & 1) << image[cell];
                noughts |= (state.Noughts >> cell & 1) << image[cell];
            }
            if ((crosses, noughts).CompareTo(first) < 0)
                first = (crosses, noughts);
        }
        return state with { Crosses = first.Crosses, Noughts = first.Noughts };
    }

    private static int Turned(int cell, int image)
    {
        var (row, column) = (cell / 3, cell % 3);
        if (image >= 4)
            column = 2 - column;
        for (var quarter = 0; quarter < image % 4; quarter++)
            (row, column) = (column, 2 - row);
        return row * 3 + column;
    }

    private static string Key(TicTacToeState state) => string.Create(9, state, static (board, s) =>
        {
            for (var cell = 0; cell < 9; cell++)
                board[cell] =
                    (s.Crosses >> cell & 1) != 0 ? 'X'
                    : (s.Noughts >> cell & 1) != 0 ? 'O'
                    : '.';
        });

    /// <inheritdoc/>
    protected override string? Respell(Turn turn, string bare) => MoveText.After(bare, "cell", "position", "square");

    private Turn Ask(TicTacToeState state)
    {
        var seat = state.Marks & 1;
        return new Turn
        {
            Id = state.Marks,
            Seat = seat,
            Role = "player",
            Observation = [new(ObservationKind.Task, Task(seat)), new(ObservationKind.Board, Drawn(state, seat))],
            Legal = Free(state),
            InformationState = Key(state),
            Shared = true,
        };
    }

    private Turn Draw(TicTacToeState state)
    {
        if (state.Random > 0)
        {
            var free = Free(state);
            return new Turn
            {
                Id = -2 - state.Marks,
                Seat = Turn.Chance,
                Legal = [.. free.Select(c => "mark:" + c)],
                Probabilities = [.. free.Select(_ => 1.0 / free.Length)],
                Shared = true,
            };
        }
        // A share of 1 leaves no weight for an empty opening, and chance lists nothing that cannot happen.
        var plies = Enumerable
            .Range(_options.RandomOpenings < 1 ? 0 : 1, _options.RandomPlies + (_options.RandomOpenings < 1 ? 1 : 0))
            .ToArray();
        return new Turn
        {
            Id = -1,
            Seat = Turn.Chance,
            Shared = true,
            Legal = [.. plies.Select(n => "random:" + n)],
            Probabilities =
            [
                .. plies.Select(n =>
                    n == 0 ? 1 - _options.RandomOpenings : _options.RandomOpenings / _options.RandomPlies
                ),
            ],
        };
    }

    private static ImmutableArray<string> Free(TicTacToeState state) =>
        [.. Cells.Where((_, cell) => ((state.Crosses | state.Noughts) >> cell & 1) == 0)];

    private string Task(int seat) =>
        $"You are seat {seat} in tic-tac-toe and play {BoardView.Mark(seat, seat, _options.Side)}. The cells are numbered 0 to 8, row by row. "
        + "In turn each seat marks a free cell; three marks in a row, a column or a diagonal win (1 to -1), a full board is a draw (0). Answer with the number of a cell."
        + (
            _options.Orientation == BoardOrientation.Canonical
                ? " The board may be turned or mirrored after a mark; cells are numbered as it is drawn now."
                : ""
        );

    private string Drawn(TicTacToeState state, int asked)
    {
        var text = new StringBuilder();
        for (var cell = 0; cell < 9; cell++)
        {
            var seat =
                (state.Crosses >> cell & 1) != 0 ? 0
                : (state.Noughts >> cell & 1) != 0 ? 1
                : -1;
            var grid = _options.Drawing == BoardDrawing.Grid;
            if (_options.Drawing == BoardDrawing.Cells && cell > 0)
                text.Append(' ');
            text.Append(
                seat >= 0 ? BoardView.Mark(seat, asked, _options.Side)
                : grid ? (char)('0' + cell)
                : '.'
            );
            if (grid && cell < 8)
                text.Append(cell % 3 == 2 ? '\n' : ' ');
        }
        return text.ToString();
    }
}
