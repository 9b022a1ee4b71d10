// How this machine runs: hocon/arena.conf, a file laid over it, which file a run was started with. Knows no scenario.
using System.Text.Json.Nodes;
using AgentArena.Actors;
using AgentArena.Cli.Scenarios;
using AgentArena.Core.Configuration;
using AgentArena.Hocon;
using Akka.Configuration;

namespace AgentArena.Cli;

/// <summary>The machine's configuration.</summary>
internal static class Machine
{
    private const string Remembered = "machine.conf";

    /// <summary>
    /// <c>hocon/arena.conf</c> and, laid over it as if it included that, what <paramref name="overlay"/>, or else the
    /// run itself, names. Akka is handed the resolved text.
    /// </summary>
    /// <exception cref="ScenarioException">A file is missing or malformed.</exception>
    public static Config Read(string? overlay, RunFolder? run = null)
    {
        var remembered = run is null ? null : Path.Combine(run.Path, Remembered);
        var files = new[] { Standard(), overlay ?? (File.Exists(remembered) ? remembered : null) };
        var mistakes = new Mistakes();
        var document = HoconInput.Read(mistakes, [.. files.OfType<string>()]);
        mistakes.ThrowIfAny();
        DropNulls(document.Root!);
        return ConfigurationFactory.ParseString(HoconWriter.Write(document.Root!));
    }

    // A key that is null is as good as absent; Akka would have it hide the default.
    private static void DropNulls(JsonObject tree)
    {
        foreach (var (key, value) in tree.ToArray())
            if (value is null)
                tree.Remove(key);
            else if (value is JsonObject block)
                DropNulls(block);
    }

    /// <summary>Has later commands on this run use the same file. Only its name is kept: it may hold secrets.</summary>
    public static void Remember(RunFolder run, string? overlay)
    {
        if (overlay is null)
            return;
        var name = Path.GetFullPath(overlay).Replace("\\", "\\\\").Replace("\"", "\\\"");
        File.WriteAllText(Path.Combine(run.Path, Remembered), $"include \"{name}\"\n");
    }

    /// <summary>The file with every key and its default; null where the program lies without its repository.</summary>
    public static string? Standard() => Shipped(Path.Combine("hocon", "arena.conf"));

    /// <summary>A file that came along with the program, by its path in the repository; null where none is.</summary>
    public static string? Shipped(string path) =>
        Homes().Select(home => Path.Combine(home, path)).FirstOrDefault(File.Exists);

    /// <summary>
    /// A scenario that came along with the program, by its bare name: names are unique among the families' folders.
    /// </summary>
    public static string? ShippedScenario(string name) =>
        Homes()
            .Select(home => Path.Combine(home, "scenarios"))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateDirectories(folder))
            .Select(family => Path.Combine(family, $"{name}.conf"))
            .FirstOrDefault(File.Exists);

    // The folder that the launcher names, then the program's own and those above it.
    private static IEnumerable<string> Homes()
    {
        if (Environment.GetEnvironmentVariable("ARENA_HOME") is { Length: > 0 } home)
            yield return home;
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            yield return folder;
    }
}
