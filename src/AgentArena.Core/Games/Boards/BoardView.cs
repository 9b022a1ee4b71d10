// How a board is shown, as options that board games share. Knows marks and cells, no rules.
namespace AgentArena.Core.Games.Boards;

/// <summary>From whose side a board is drawn.</summary>
public enum BoardSide
{
    /// <summary>The marks as they lie: seat 0 is X.</summary>
    Absolute,

    /// <summary>The marks of the seat that is asked are always X: one policy then needs to learn one side only.</summary>
    Mover,
}

/// <summary>How much ink a board gets.</summary>
public enum BoardDrawing
{
    /// <summary>Rows under each other, for readers.</summary>
    Grid,

    /// <summary>One line, rows parted by a slash, for tiny models.</summary>
    Line,
}

internal static class BoardView
{
    /// <summary>The mark of a seat as the asked seat sees it.</summary>
    public static char Mark(int seat, int asked, BoardSide side) => (side == BoardSide.Mover ? seat ^ asked : seat) == 0 ? 'X' : 'O';
}
