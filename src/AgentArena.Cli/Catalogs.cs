// Fills a catalogue: every room of this house, and the assemblies that a scenario names. Knows where plug-ins lie, not what they do.
using System.Reflection;
using System.Runtime.Loader;
using AgentArena.Actors.Data;
using AgentArena.Actors.Tools;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Games;
using AgentArena.Learning;
using AgentArena.Models;

namespace AgentArena.Cli;

/// <summary>Catalogues of plug-ins.</summary>
internal static class Catalogs
{
    /// <summary>This house's own plug-ins.</summary>
    /// <param name="folder">Where relative paths of files begin.</param>
    public static Catalog Standard(string folder) =>
        new Catalog(new ScenarioFiles(folder))
            .With(new CorePlugins())
            .With(new GamePlugins())
            .With(new LearningPlugins())
            .With(new ToolPlugins())
            .With(new ModelPlugins());

    /// <summary>This house's plug-ins and those of assemblies; what is wrong with an assembly is collected.</summary>
    /// <param name="folder">Where relative paths begin.</param>
    /// <param name="assemblies">Paths of assemblies.</param>
    /// <param name="path">Where they are named, for messages.</param>
    /// <param name="mistakes">Collects what is wrong.</param>
    public static Catalog Of(string folder, IEnumerable<string> assemblies, string path, Mistakes mistakes)
    {
        var catalog = Standard(folder);
        foreach (var (name, i) in assemblies.Select((name, i) => (name, i)))
            try
            {
                foreach (var source in SourcesOf(Path.GetFullPath(name, folder)))
                    catalog.With(source);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                var cause = e is TargetInvocationException { InnerException: { } inner } ? inner : e;
                mistakes.Add(
                    $"{path}[{i}]",
                    $"'{name}' cannot be used: {cause.Message} It should be an assembly built against this version's "
                        + $"packages, with a public class that implements {nameof(IPluginSource)}."
                );
            }
        return catalog;
    }

    private static List<IPluginSource> SourcesOf(string file)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException($"there is no file {file}.");
        var sources = new Loading(file)
            .LoadFromAssemblyPath(file)
            .GetExportedTypes()
            .Where(t => t.IsAssignableTo(typeof(IPluginSource)) && !t.IsAbstract)
            .Select(t => (IPluginSource)Activator.CreateInstance(t)!)
            .ToList();
        return sources.Count > 0
            ? sources
            : throw new ArgumentException($"it has no public class that implements {nameof(IPluginSource)}.");
    }

    // What this program has already is shared with the plug-in; what it brings itself lies beside it.
    private sealed class Loading(string file) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(file))
    {
        private readonly AssemblyDependencyResolver _beside = new(file);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            try
            {
                return Default.LoadFromAssemblyName(assemblyName);
            }
            catch (FileNotFoundException)
            {
                return _beside.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
            }
        }
    }
}
