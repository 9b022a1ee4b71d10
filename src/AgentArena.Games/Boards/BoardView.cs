// How a board is shown, as options that board games share. Knows marks and cells, no rules.

namespace AgentArena.Games.Boards;

/// <summary>From whose side a board is drawn.</summary>
public enum BoardSide
{
    /// <summary>The marks as they lie: seat 0 is X.</summary>
    Absolute,

    /// <summary>
    /// The marks of the seat that is asked are always X: one policy then needs to learn one side only.
    /// </summary>
    Mover,
}

/// <summary>How much ink a board gets.</summary>
public enum BoardDrawing
{
    /// <summary>Rows under each other, for readers.</summary>
    Grid,

    /// <summary>One line without gaps.</summary>
    Line,

    /// <summary>
    /// One line with a blank before each cell, so that every cell is a token of its own: for tiny models.
    /// </summary>
    Cells,
}

/// <summary>How a board that looks alike from several sides is turned.</summary>
public enum BoardOrientation
{
    /// <summary>As it is played.</summary>
    Fixed,

    /// <summary>
    /// After each mark the board is turned or mirrored into the first of its eight images, so that positions that are
    /// the same up to symmetry are the same.
    /// </summary>
    Canonical,
}

internal static class BoardView
{
    /// <summary>The mark of a seat as the asked seat sees it.</summary>
    public static char Mark(int seat, int asked, BoardSide side) =>
        (side == BoardSide.Mover ? seat ^ asked : seat) == 0 ? 'X' : 'O';
}
