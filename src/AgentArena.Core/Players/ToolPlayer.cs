// The player that is a tool: a sandbox, a search engine. What it answers is the move.
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;
using AgentArena.Core.Tools;

namespace AgentArena.Core.Players;

/// <summary>Asks a tool <see cref="Turn.RequestOfTool"/>.</summary>
public sealed class ToolPlayer : Player
{
    /// <summary>Options of <see cref="ToolPlayer"/>.</summary>
    public sealed record Options
    {
        /// <summary>Which tool, and its options.</summary>
        public required Plugin Tool { get; init; }
    }

    /// <summary>A player for a tool that the catalogue knows.</summary>
    /// <exception cref="ScenarioException">It does not, or the tool's options are wrong.</exception>
    public ToolPlayer(Options options, Catalog catalog)
    {
        var mistakes = new Mistakes();
        catalog.Of<Tool>("tool").Check(options.Tool, "tool", mistakes);
        mistakes.ThrowIfAny();
        Tool = options.Tool;
    }

    /// <summary>The tool; whoever runs the games starts it.</summary>
    public Plugin Tool { get; }

    /// <inheritdoc/>
    public override Asking Ask(SeatTurn turn) => new Used(turn);

    private sealed class Used : Asking
    {
        public Used(SeatTurn turn) => Wanted = new ToolQuery(turn.Id, turn.Turn.RequestOfTool);

        public override void Hear(string text) => (Answer, Wanted) = (new SeatAnswer(text, null), null);
    }
}
