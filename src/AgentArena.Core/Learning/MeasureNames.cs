// Names of measures that options give, held against what the games declare: a misspelt one would be silence.
using AgentArena.Core.Configuration;
using AgentArena.Core.Play;

namespace AgentArena.Core.Learning;

/// <summary>Checks names of measures.</summary>
public static class MeasureNames
{
    /// <summary>Collects a name that none of the games declares, with the nearest one that some game does.</summary>
    public static void Check(string name, IEnumerable<Game> games, string path, Mistakes mistakes)
    {
        Game[] all = [.. games];
        if (all.Length == 0 || Array.Exists(all, g => g.Facts.Declares(name)))
            return;
        string[] declared = [.. all.SelectMany(g => g.Facts.Measures).Distinct()];
        mistakes.Add(
            path,
            declared.Length > 0
                ? DidYouMean.Unknown("measure of these games", name, declared)
                : $"is '{name}', but these games measure nothing beside their payoffs. Leave it out."
        );
    }
}
