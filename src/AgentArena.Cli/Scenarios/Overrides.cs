// What the command line lays over a scenario file: --preset, --set path=value, --seed, --updates. Knows trees and
// paths, no meaning.
using System.Globalization;
using System.Text.Json.Nodes;
using AgentArena.Core.Configuration;

namespace AgentArena.Cli.Scenarios;

/// <summary>Values laid over a scenario's tree, in the order given.</summary>
internal sealed class Overrides
{
    private readonly List<(string Path, string Option, Action<JsonObject> Apply)> _all = [];

    /// <summary>None.</summary>
    public static Overrides None => new([], null, null, new Mistakes());

    /// <param name="set"><c>path=value</c>, the path with or without <c>scenario.</c>, the value as HOCON.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="updates">Updates of every learning policy.</param>
    /// <param name="mistakes">Told of what is no <c>path=value</c>.</param>
    /// <param name="preset">A tree laid over the scenario's before all else.</param>
    public Overrides(IEnumerable<string> set, long? seed, int? updates, Mistakes mistakes, JsonObject? preset = null)
    {
        if (preset is not null)
            _all.Add(("", "--preset", tree => Presets.Lay(preset, tree)));
        foreach (var one in set)
        {
            var equals = one.IndexOf('=', StringComparison.Ordinal);
            var path = equals < 0 ? "" : one[..equals].Trim();
            if (path.StartsWith("scenario.", StringComparison.Ordinal))
                path = path["scenario.".Length..];
            if (path.Split('.').Any(k => k.Length == 0))
                mistakes.Add("--set", $"'{one}' is no path=value. Write for example --set learn.updates=500.");
            else
            {
                var value = HoconInput.Value(one[(equals + 1)..], $"--set {path}", mistakes);
                _all.Add((path, "--set", tree => Put(tree, path.Split('.'), value?.DeepClone())));
            }
        }
        if (seed is { } s)
            _all.Add(("seed", "--seed", tree => tree["seed"] = Text(s)));
        if (updates is { } u)
            _all.Add(("learn.updates", "--updates", tree => SetUpdates(tree, u)));
    }

    /// <summary>Changes the tree of a <c>scenario</c> block.</summary>
    public void Apply(JsonObject scenario)
    {
        foreach (var (_, _, apply) in _all)
            apply(scenario);
    }

    /// <summary>The option to blame for a mistake at a scenario path; null where it is the file's.</summary>
    /// <param name="path">The mistake's path.</param>
    /// <param name="inFile">Whether the file has a value there; where not, an option set below it made it.</param>
    public string? Origin(string path, bool inFile) =>
        _all.Where(o => $"scenario.{o.Path}" is var mine && (Within(path, mine) || !inFile && Within(mine, path)))
            .Select(o => o.Option)
            .LastOrDefault();

    private static bool Within(string path, string block) =>
        path.StartsWith(block, StringComparison.Ordinal)
        && (path.Length == block.Length || path[block.Length] is '.' or '[');

    private static void SetUpdates(JsonObject tree, int updates)
    {
        Put(tree, ["learn", "updates"], Text(updates));
        if (tree["policies"] is not JsonObject policies)
            return;
        foreach (var (_, policy) in policies)
            if (policy?["learn"] is JsonObject own)
                own["updates"] = Text(updates);
    }

    private static void Put(JsonObject tree, ReadOnlySpan<string> path, JsonNode? value)
    {
        if (path.Length == 1)
        {
            tree[path[0]] = value;
            return;
        }
        // A plug-in may be written as its bare name; an option set on it makes it a block.
        if (tree[path[0]] is JsonValue name)
            tree[path[0]] = new JsonObject { ["name"] = name.DeepClone() };
        else if (tree[path[0]] is not JsonObject)
            tree[path[0]] = new JsonObject();
        Put((JsonObject)tree[path[0]]!, path[1..], value);
    }

    private static JsonValue Text(long number) => JsonValue.Create(number.ToString(CultureInfo.InvariantCulture));
}
