// Plays what the rules suggest first: the right answer, in games that know one. For demonstrations and for tests.
using AgentArena.Core;
using AgentArena.Core.Play;
using AgentArena.Core.Players;

namespace AgentArena.Games.Bots;

/// <summary>The first of <see cref="Turn.Suggestions"/>.</summary>
public sealed class TeacherBot : Bot
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The game suggests nothing here.</exception>
    public override Move Choose(Turn turn, ref RandomStream stream) => new(Suggested(turn));

    /// <inheritdoc/>
    public override double[] Probabilities(Turn turn) => Pure(turn.Legal.Length, turn.Legal.IndexOf(Suggested(turn)));

    private static string Suggested(Turn turn) =>
        turn.Suggestions is [var first, ..]
            ? first
            : throw new InvalidOperationException(
                $"teacher: the game suggests no answer to seat {turn.Seat} ({turn.Role}) here. Seat another policy there."
            );
}
