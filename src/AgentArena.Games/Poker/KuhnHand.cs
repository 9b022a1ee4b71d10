// One hand of Kuhn poker (Kuhn 1950): who may do what after a line of moves, and what a finished line pays. Knows no
// turns, no words.
using System.Collections.Immutable;

namespace AgentArena.Games.Poker;

/// <summary>The betting of one hand; seats are counted from the one that opens (0).</summary>
public static class KuhnHand
{
    /// <summary>Cards by rank.</summary>
    public static readonly ImmutableArray<string> Cards = ["J", "Q", "K"];

    /// <summary>Deals by rank: <c>deal:J</c>, …</summary>
    public static readonly ImmutableArray<string> Deals = [.. Cards.Select(c => "deal:" + c)];

    private static readonly ImmutableArray<string> Open = ["check", "bet"];
    private static readonly ImmutableArray<string> Facing = ["fold", "call"];

    /// <summary>
    /// The legal moves after a line such as <c>check,bet</c>, the passive one first; empty when the hand is over.
    /// </summary>
    public static ImmutableArray<string> Legal(string line) =>
        line switch
        {
            "" or "check" => Open,
            "bet" or "check,bet" => Facing,
            _ => [],
        };

    /// <summary>Who moves: 0 opens, 1 answers.</summary>
    public static int Mover(string line) => line is "check" or "bet" ? 1 : 0;

    /// <summary>The line after a further move.</summary>
    public static string Then(string line, string move) => line.Length == 0 ? move : $"{line},{move}";

    /// <summary>Chips in the pot after a line, antes of 1 included.</summary>
    public static int Pot(string line) =>
        2 + (line.Contains("bet") ? 1 : 0) + (line.EndsWith("call", StringComparison.Ordinal) ? 1 : 0);

    /// <summary>Whether both cards are turned up at the end of this line.</summary>
    public static bool Shows(string line) => line is "check,check" or "bet,call" or "check,bet,call";

    /// <summary>
    /// What the opener wins (negative: loses) at the end of a line, in chips, where a bet costs <paramref name="bet"/>.
    /// </summary>
    public static int Pays(string line, int opener, int answerer, int bet) =>
        line switch
        {
            "check,bet,fold" => -1,
            "bet,fold" => 1,
            "check,check" => opener > answerer ? 1 : -1,
            "bet,call" or "check,bet,call" => opener > answerer ? 1 + bet : -1 - bet,
            _ => throw new InvalidOperationException($"kuhn-poker: the hand is not over after '{line}'."),
        };
}
