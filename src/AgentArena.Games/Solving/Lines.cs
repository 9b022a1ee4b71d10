// Every line of play against one fixed way of moving: what any opponent whatever could make of it. Counts, never
// averages.
using AgentArena.Core.Play;

namespace AgentArena.Games.Solving;

/// <summary>
/// How many lines there are in which one seat moves by a rule and everybody else (chance included) as they like, and in
/// how many it loses.
/// </summary>
/// <param name="All">Different histories from the first move to the end.</param>
/// <param name="Lost">
/// Those in which the seat's payoff is below 0: its holes. None means that nobody can beat it.
/// </param>
public sealed record Lines(long All, long Lost)
{
    /// <summary>Walks every line of an enumerable game.</summary>
    /// <param name="game">The rules.</param>
    /// <param name="seat">The seat that moves by the rule.</param>
    /// <param name="rule">
    /// Its moves: a list of turns to a move index each. Asked once for each information state, level by level.
    /// </param>
    /// <exception cref="InvalidOperationException">The game's tree is not small enough to be walked.</exception>
    public static Lines Against(Game game, int seat, Func<IReadOnlyList<Turn>, IReadOnlyList<int>> rule)
    {
        if (!game.Facts.Enumerable)
            throw new InvalidOperationException(
                $"{game.Facts.Name}: the rules do not declare the tree small enough to be walked. Count lines in an enumerable game."
            );
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var (all, lost) = (0L, 0L);
        var level = new List<GameState> { game.Start(new GameSetup(0)) };
        while (level.Count > 0)
        {
            var asked = level
                .Select(s => game.Turns(s))
                .Where(t => t is [var first, ..] && first.Seat == seat)
                .Select(t => t[0])
                .DistinctBy(t => t.InformationState)
                .Where(t => !known.ContainsKey(t.InformationState!))
                .ToArray();
            if (asked.Length > 0)
            {
                var moves = rule(asked);
                for (var i = 0; i < asked.Length; i++)
                    known.Add(asked[i].InformationState!, moves[i]);
            }
            var next = new List<GameState>();
            foreach (var state in level)
            {
                if (game.Turns(state) is not [var turn, ..])
                {
                    all++;
                    if (game.Outcome(state)!.Payoffs[seat] < 0)
                        lost++;
                }
                else if (turn.Seat == seat)
                    next.Add(game.Play(state, turn, new Move(turn.Legal[known[turn.InformationState!]])));
                else
                    next.AddRange(turn.Legal.Select(m => game.Play(state, turn, new Move(m))));
            }
            level = next;
        }
        return new Lines(all, lost);
    }
}
