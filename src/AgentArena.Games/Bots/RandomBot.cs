// The bot that knows nothing.
using AgentArena.Core;
using AgentArena.Core.Play;
using AgentArena.Core.Players;

namespace AgentArena.Games.Bots;

/// <summary>Every legal move alike; where any text may be an answer, every suggested one.</summary>
public sealed class RandomBot : Bot
{
    /// <inheritdoc/>
    public override Move Choose(Turn turn, ref RandomStream stream) => Game.Sample(turn, ref stream);

    /// <inheritdoc/>
    public override double[] Probabilities(Turn turn)
    {
        var p = new double[turn.Legal.Length];
        p.AsSpan().Fill(1.0 / p.Length);
        return p;
    }
}
