// A betting round of Leduc poker: every line of moves there is, worked out once. Knows no cards and no chips, only
// raises.
using System.Collections.Immutable;

namespace AgentArena.Games.Poker;

/// <summary>
/// A round after some moves; what each seat has put in is counted in raises. Seat 0 begins every round.
/// </summary>
internal sealed record LeducBetting(
    string Line,
    int Moves,
    int Raises,
    ImmutableArray<int> Paid,
    bool Over,
    bool Folded,
    ImmutableArray<string> Legal
)
{
    private static readonly Dictionary<string, LeducBetting> Lines = [];

    static LeducBetting() => Grow(new LeducBetting("", 0, 0, [0, 0], false, false, ["check", "raise"]));

    /// <summary>The round after a line such as <c>raise,call</c>.</summary>
    public static LeducBetting After(string line) => Lines[line];

    /// <summary>Who moves.</summary>
    public int Mover => Moves & 1;

    /// <summary>Raises that the mover would have to pay to stay.</summary>
    public int Owed => Paid[Mover ^ 1] - Paid[Mover];

    private static void Grow(LeducBetting at)
    {
        Lines.Add(at.Line, at);
        foreach (var move in at.Legal)
            Grow(at.Then(move));
    }

    private LeducBetting Then(string move)
    {
        var line = Line.Length == 0 ? move : $"{Line},{move}";
        var raised = move == "raise";
        var paid = move is "call" or "raise" ? Paid.SetItem(Mover, Paid[Mover ^ 1] + (raised ? 1 : 0)) : Paid;
        var raises = Raises + (raised ? 1 : 0);
        var over = move is "fold" or "call" || line == "check,check";
        ImmutableArray<string> legal =
            over ? []
            : raised
                ? raises < 2 ? ["fold", "call", "raise"]
                    : ["fold", "call"]
            : ["check", "raise"];
        return new LeducBetting(line, Moves + 1, raises, paid, over, move == "fold", legal);
    }
}
