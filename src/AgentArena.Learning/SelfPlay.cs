// The plainest matchmaker.
using AgentArena.Core;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Learning;

/// <summary>Every seat by the scenario's <c>seats</c>; games by their shares.</summary>
public sealed class SelfPlay : Matchmaker
{
    /// <inheritdoc/>
    public override bool LooksAhead => true;

    /// <inheritdoc/>
    public override Assignment Next(MatchContext table, long number, ref RandomStream stream)
    {
        var game = Draw(table.Shares, ref stream);
        return new Assignment(number, game, new GameSetup(stream.NextUInt64()), Seat(table, game));
    }
}
