// The plug-ins that tests of the actors' room name.
using AgentArena.Actors.Data;
using AgentArena.Actors.Tools;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Scenarios;
using AgentArena.Games;
using AgentArena.Learning;

namespace AgentArena.Tests;

internal static class Standard
{
    public static Catalog Catalog { get; } =
        new Catalog(new ScenarioFiles(AppContext.BaseDirectory))
            .With(new CorePlugins())
            .With(new GamePlugins())
            .With(new LearningPlugins())
            .With(new ToolPlugins());
}
