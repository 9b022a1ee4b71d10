// A scripted policy: a distribution over the listed moves of a turn. Sees what the seat sees, nothing else.
using AgentArena.Core.Play;

namespace AgentArena.Core.Players;

/// <summary>A policy given as probabilities: scripted bots, tables, solved games and models alike.</summary>
public interface ITurnPolicy
{
    /// <summary>The probability of each of <see cref="Turn.Legal"/>, in order; sums to 1.</summary>
    double[] Probabilities(Turn turn);
}

/// <summary>A player that answers at once, by a rule.</summary>
public abstract class Bot : Player, ITurnPolicy
{
    /// <inheritdoc/>
    public abstract double[] Probabilities(Turn turn);

    /// <summary>Draws a move. Bots that speak freely override this.</summary>
    /// <exception cref="InvalidOperationException">The turn lists no moves to choose from.</exception>
    public virtual Move Choose(Turn turn, ref RandomStream stream) =>
        turn.HasLegal
            ? new(turn.Legal[stream.Choose(Probabilities(turn))])
            : throw new InvalidOperationException(
                $"{GetType().Name}: seat {turn.Seat} is asked for free text, and this bot only chooses among listed moves. Seat a policy there."
            );

    /// <inheritdoc/>
    public sealed override Asking Ask(SeatTurn turn)
    {
        var stream = new RandomStream(turn.Seed);
        return Asking.Answered(new SeatAnswer(Choose(turn.Turn, ref stream).Text, null));
    }

    /// <summary>All mass on one index.</summary>
    protected static double[] Pure(int count, int index)
    {
        var p = new double[count];
        p[index] = 1;
        return p;
    }
}
