// The registration of tools: one line each. Knows names and options, not runs.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Tools;

namespace AgentArena.Actors.Tools;

/// <summary>Tools of this house.</summary>
public sealed class ToolPlugins : IPluginSource
{
    /// <inheritdoc/>
    public void AddTo(Catalog catalog) => AddTools(catalog.Tools);

    private static void AddTools(Registry<Tool> to)
    {
        to.Add(
            "python",
            "validates programs and marks answers to them in a sandbox",
            "Absolute Zero, arXiv 2505.03335",
            (PythonTool.Options o) => new PythonTool(o)
        );
        to.Add(
            "search",
            "finds documents of a folder or of a fictional world by BM25",
            "SQLite FTS5",
            (SearchTool.Options o, Catalog c) => new SearchTool(o, c.Files)
        );
    }
}
