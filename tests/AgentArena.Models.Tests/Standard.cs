// The plug-ins that this room's tests name.
using AgentArena.Core;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;

namespace AgentArena.Models.Tests;

internal static class Standard
{
    public static Catalog Catalog { get; } =
        new Catalog().With(new GamePlugins()).With(new LearningPlugins()).With(new ModelPlugins());
}
