namespace AgentArena.Cli.Tests;

/// <summary>Files of the repository, found from wherever the tests run.</summary>
internal static class Repository
{
    private static readonly string Root = Find();

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    /// <summary>The scenario files of every family, by name; the base model's own file is no scenario.</summary>
    public static IEnumerable<string> Scenarios =>
        Directory
            .EnumerateFiles(Path("scenarios"), "*.conf", SearchOption.AllDirectories)
            .Where(f => System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(f)) != "base");

    /// <summary>The scenario file of a name, in whichever family's folder it lies.</summary>
    public static string Scenario(string file) => Scenarios.Single(f => System.IO.Path.GetFileName(f) == file);

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "AgentArena.slnx")))
            folder = System.IO.Path.GetDirectoryName(folder)
                ?? throw new DirectoryNotFoundException("AgentArena.slnx was not found above the tests.");
        return folder;
    }
}
