// Every plug-in of this house, for tests and benchmarks of the whole.
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Scenarios;

namespace AgentArena.Tests;

internal static class Standard
{
    public static Catalog Catalog { get; } = Cli.Catalogs.Standard(AppContext.BaseDirectory);
}
