// The tools of a scenario, started before the first game and disposed of after the last. Knows no actor.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Players;
using AgentArena.Core.Tools;
using AgentArena.Games.Python;

namespace AgentArena.Actors.Tools;

/// <summary>Started tools by policy.</summary>
public sealed class Toolbox : IAsyncDisposable
{
    private readonly SortedDictionary<string, Tool> _tools = new(StringComparer.Ordinal);

    /// <summary>The tools.</summary>
    public IReadOnlyDictionary<string, Tool> Tools => _tools;

    /// <summary>Starts every tool that a policy of the scenario names.</summary>
    /// <exception cref="UserException">The machine lacks what one of them needs.</exception>
    public static async Task<Toolbox> StartAsync(BoundScenario ground, CancellationToken stop)
    {
        var box = new Toolbox();
        try
        {
            foreach (var (policy, player) in ground.Players)
            {
                if (player is not ToolPlayer { Tool: var plugin })
                    continue;
                var tool = ground.Catalog.Tools.Create(plugin, $"scenario.policies.{policy}.player.tool");
                box._tools.Add(policy, tool);
                await tool.StartAsync(stop).ConfigureAwait(false);
            }
            return box;
        }
        catch (Exception e)
        {
            await box.DisposeAsync().ConfigureAwait(false);
            if (e is InvalidOperationException or ExecutorException)
                throw new UserException(e.Message, e);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var tool in _tools.Values)
            await tool.DisposeAsync().ConfigureAwait(false);
        _tools.Clear();
    }
}
