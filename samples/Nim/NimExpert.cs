// A player of a user's own: sees what its seat sees, answers with a probability a move.
using System.Globalization;
using AgentArena.Core.Play;
using AgentArena.Core.Players;

namespace Nim;

/// <summary>Leaves a multiple of four where it can, and takes one match where it cannot.</summary>
public sealed class NimExpert : Bot
{
    /// <inheritdoc/>
    public override double[] Probabilities(Turn turn)
    {
        var left = int.Parse(turn.Observation[^1].Text, CultureInfo.InvariantCulture);
        var take = left % 4;
        return Pure(turn.Legal.Length, take is > 0 && take <= turn.Legal.Length ? take - 1 : 0);
    }
}
