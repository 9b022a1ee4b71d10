// The plug-ins that this room's tests name.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Games;
using AgentArena.Learning;

namespace AgentArena.Models.Tests;

internal static class Standard
{
    public static Catalog Catalog { get; } =
        new Catalog().With(new GamePlugins()).With(new LearningPlugins()).With(new ModelPlugins());
}
