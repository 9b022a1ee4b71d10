// The registration point of tools: one line each. Knows names and options, not runs.
using AgentArena.Core;
using AgentArena.Core.Tools;

namespace AgentArena.Actors.Tools;

/// <summary>Tools that can sit at a seat, by name.</summary>
public static class ToolCatalog
{
    /// <summary>Tools.</summary>
    public static Registry<Tool> Tools { get; } = new("tool");
}
