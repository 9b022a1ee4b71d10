// Bots with one habit: they take the first move on their list that is legal. Know the words of betting games, nothing
// of cards.
using System.Collections.Immutable;
using AgentArena.Core.Play;
using AgentArena.Core.Players;

namespace AgentArena.Games.Bots;

/// <summary>Takes the first of <paramref name="preferred"/> that is legal, else the first legal move.</summary>
public sealed class FixedHabit(ImmutableArray<string> preferred) : Bot
{
    /// <summary>Checks and folds.</summary>
    public static FixedHabit Pass { get; } = new(["check", "fold", "pass"]);

    /// <summary>Bets, raises and calls.</summary>
    public static FixedHabit Bet { get; } = new(["bet", "raise", "call"]);

    /// <inheritdoc/>
    public override double[] Probabilities(Turn turn)
    {
        foreach (var move in preferred)
            if (turn.Legal.IndexOf(move) is >= 0 and var i)
                return Pure(turn.Legal.Length, i);
        return Pure(turn.Legal.Length, 0);
    }
}
