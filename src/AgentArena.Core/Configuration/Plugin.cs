// Named plug-ins: a name, a line for people, an options record, a factory. Knows no plug-in.
using System.Text.Json.Nodes;

namespace AgentArena.Core.Configuration;

/// <summary>A plug-in as a scenario names it: <c>{ name = …, its own options }</c>, or the bare name.</summary>
/// <param name="Name">The catalogued name.</param>
/// <param name="Options">Everything beside the name, not yet bound.</param>
public sealed record Plugin(string Name, JsonObject Options)
{
    /// <summary>A plug-in with default options.</summary>
    public Plugin(string name)
        : this(name, []) { }
}

/// <summary>A registered plug-in.</summary>
/// <param name="Name">Kebab-case.</param>
/// <param name="Summary">One line: the formula or the rule.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="OptionsType">Its options record; its defaults are the source's values.</param>
/// <param name="Create">Builds it from bound options and the catalogue that its own plug-ins come from.</param>
public sealed record Registration<T>(
    string Name,
    string Summary,
    string Source,
    Type OptionsType,
    Func<object, Catalog, T> Create
);

/// <summary>No options.</summary>
public sealed record NoOptions;

/// <summary>All plug-ins of one kind, by name.</summary>
/// <param name="kind">Singular, for messages: <c>game</c>.</param>
/// <param name="catalog">Where the plug-ins within a plug-in come from.</param>
public sealed class Registry<T>(string kind, Catalog catalog) : IEnumerable<Registration<T>>
    where T : class
{
    private readonly SortedDictionary<string, Registration<T>> _entries = new(StringComparer.Ordinal);

    /// <summary>Singular name of the kind.</summary>
    public string Kind => kind;

    /// <summary>All names in order.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Registers a plug-in.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add<TOptions>(string name, string summary, string source, Func<TOptions, T> create)
        where TOptions : class => Add<TOptions>(name, summary, source, (options, _) => create(options));

    /// <summary>Registers a plug-in that holds others, or reads files.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add<TOptions>(string name, string summary, string source, Func<TOptions, Catalog, T> create)
        where TOptions : class
    {
        var entry = new Registration<T>(name, summary, source, typeof(TOptions), (o, c) => create((TOptions)o, c));
        if (!_entries.TryAdd(name, entry))
            throw new ArgumentException($"{kind} '{name}' is registered twice. Give one of the two another name.");
    }

    /// <summary>Whether the name is known.</summary>
    public bool Knows(string name) => _entries.ContainsKey(name);

    /// <summary>The registration of a name.</summary>
    /// <exception cref="ScenarioException">Unknown; the message lists the known names and the nearest one.</exception>
    public Registration<T> this[string name] =>
        _entries.TryGetValue(name, out var entry)
            ? entry
            : throw new ScenarioException([new Mistake(kind, DidYouMean.Unknown(kind, name, Names))]);

    /// <summary>Collects what is wrong with a plug-in, without keeping one.</summary>
    public void Check(Plugin plugin, string path, Mistakes mistakes) => Create(plugin, path, mistakes);

    /// <summary>
    /// Binds the plug-in's options and builds it; mistakes are collected under <paramref name="path"/> and null is
    /// returned.
    /// </summary>
    public T? Create(Plugin plugin, string path, Mistakes mistakes)
    {
        if (!_entries.TryGetValue(plugin.Name, out var entry))
        {
            mistakes.Add($"{path}.name", DidYouMean.Unknown(kind, plugin.Name, Names));
            return null;
        }
        var before = mistakes.Count;
        var options = OptionsBinder.Bind(entry.OptionsType, plugin.Options, path, mistakes, ignore: "name");
        if (mistakes.Count > before)
            return null;
        try
        {
            return entry.Create(options!, catalog);
        }
        catch (ArgumentException e)
        {
            mistakes.Add(path, e.Message);
            return null;
        }
        catch (ScenarioException e)
        {
            foreach (var mistake in e.Mistakes)
                mistakes.Add($"{path}.{mistake.Path}", mistake.Text); // of a plug-in within this one
            return null;
        }
    }

    /// <summary>Builds it, throwing every mistake found.</summary>
    /// <exception cref="ScenarioException">Unknown name or bad options.</exception>
    public T Create(Plugin plugin, string path = "")
    {
        var mistakes = new Mistakes();
        var made = Create(plugin, path.Length == 0 ? kind : path, mistakes);
        mistakes.ThrowIfAny();
        return made!;
    }

    /// <inheritdoc/>
    public IEnumerator<Registration<T>> GetEnumerator() => _entries.Values.GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
