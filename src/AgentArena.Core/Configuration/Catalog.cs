// THE registration point: an instance that is filled by rooms and by users' own assemblies, and handed down. Knows no plug-in.
using System.Collections.Concurrent;
using AgentArena.Core.Data;

namespace AgentArena.Core.Configuration;

/// <summary>
/// What an assembly brings: games, rewards, losses … under names that scenarios can say. A public class with a constructor
/// without parameters is found in every assembly that a scenario names in <c>plugins</c>.
/// </summary>
public interface IPluginSource
{
    /// <summary>Registers everything of this source, one line a plug-in.</summary>
    /// <exception cref="ArgumentException">A name is taken.</exception>
    void AddTo(Catalog catalog);
}

/// <summary>Every plug-in that a scenario may name, by kind and name, and the files that plug-ins read.</summary>
/// <param name="files">Opens files of data; where left out, a plug-in that wants one is refused.</param>
public sealed class Catalog(DataFiles? files = null)
{
    private readonly ConcurrentDictionary<Type, object> _kinds = new();

    /// <summary>Files of data.</summary>
    public DataFiles Files { get; } = files ?? DataFiles.None;

    /// <summary>The plug-ins of a kind; rooms give their kinds a name of its own (<c>catalog.Games</c>).</summary>
    /// <param name="kind">Singular, for messages: <c>loss</c>.</param>
    public Registry<T> Of<T>(string kind)
        where T : class => (Registry<T>)_kinds.GetOrAdd(typeof(T), _ => new Registry<T>(kind, this));

    /// <summary>Adds what a source brings.</summary>
    public Catalog With(IPluginSource source)
    {
        source.AddTo(this);
        return this;
    }
}
