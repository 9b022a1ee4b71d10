// The registration point of tools: one line each. Knows names and options, not runs.
using AgentArena.Core;
using AgentArena.Core.Tools;

namespace AgentArena.Actors.Tools;

/// <summary>Tools that can sit at a seat, by name.</summary>
public static class ToolCatalog
{
    /// <summary>Tools.</summary>
    public static Registry<Tool> Tools { get; } =
        new("tool")
        {
            {
                "python",
                "validates programs and marks answers to them in a sandbox",
                "Absolute Zero, arXiv 2505.03335",
                (PythonTool.Options o) => new PythonTool(o)
            },
            {
                "search",
                "finds documents of a folder or of a fictional world by BM25",
                "SQLite FTS5",
                (SearchTool.Options o) => new SearchTool(o)
            },
        };
}
