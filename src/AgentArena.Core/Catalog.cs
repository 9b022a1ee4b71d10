// THE registration point: an instance that is filled by rooms and by users' own assemblies, and handed down. Knows no plug-in.
using System.Collections.Concurrent;
using AgentArena.Core.Data;
using AgentArena.Core.Games;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Rewards;
using AgentArena.Core.Roles;
using AgentArena.Core.Tools;

namespace AgentArena.Core;

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

    /// <summary>Rules.</summary>
    public Registry<Game> Games => Of<Game>("game");

    /// <summary>Ways of speaking.</summary>
    public Registry<Role> Roles => Of<Role>("role");

    /// <summary>Who can fill a seat.</summary>
    public Registry<Player> Players => Of<Player>("player");

    /// <summary>Tools that can sit at a seat.</summary>
    public Registry<Tool> Tools => Of<Tool>("tool");

    /// <summary>Scores of finished episodes.</summary>
    public Registry<Reward> Rewards => Of<Reward>("reward");

    /// <summary>From rewards to weights.</summary>
    public Registry<Advantage> Advantages => Of<Advantage>("advantage");

    /// <summary>Who plays whom.</summary>
    public Registry<Matchmaker> Matchmakers => Of<Matchmaker>("matchmaker");

    /// <summary>The plug-ins of a kind that another room defines (networks, losses, optimisers).</summary>
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
