// How this machine runs: hocon/arena.conf, a file laid over it, and which file a run was started with. Knows no scenario.
using Akka.Configuration;
using Akka.Configuration.Hocon;
using AgentArena.Actors;
using AgentArena.Core.Configuration;
using AgentArena.Cli.Hocon;

namespace AgentArena.Cli;

/// <summary>The machine's configuration.</summary>
internal static class Machine
{
    private const string Remembered = "machine.conf";

    /// <summary><c>hocon/arena.conf</c> under what <paramref name="overlay"/>, or else the run itself, names.</summary>
    /// <exception cref="ScenarioException">A file is missing or malformed.</exception>
    public static Config Read(string? overlay, RunFolder? run = null)
    {
        var mistakes = new Mistakes();
        var config = ConfigurationFactory.Empty;
        var remembered = run is null ? null : Path.Combine(run.Path, Remembered);
        if (overlay is not null) config = Of(overlay, mistakes);
        else if (File.Exists(remembered)) config = Of(remembered, mistakes);
        if (Standard() is { } standard) config = config.WithFallback(Of(standard, mistakes));
        mistakes.ThrowIfAny();
        return config;
    }

    /// <summary>Has later commands on this run use the same file. Only its name is kept: it may hold passwords.</summary>
    public static void Remember(RunFolder run, string? overlay)
    {
        if (overlay is not null) File.WriteAllText(Path.Combine(run.Path, Remembered), $"include \"{Path.GetFullPath(overlay).Replace("\\", "\\\\").Replace("\"", "\\\"")}\"\n");
    }

    /// <summary>The file that holds every key and its default; null where the program lies apart from its repository.</summary>
    public static string? Standard()
    {
        var homes = new List<string?> { Environment.GetEnvironmentVariable("ARENA_HOME") };
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder)) homes.Add(folder);
        return homes.Where(h => !string.IsNullOrEmpty(h)).Select(h => Path.Combine(h!, "hocon", "arena.conf")).FirstOrDefault(File.Exists);
    }

    private static Config Of(string path, Mistakes mistakes) =>
        HoconFile.Read(path, mistakes) is { } value ? new Config(new HoconRoot(value)) : ConfigurationFactory.Empty;
}
