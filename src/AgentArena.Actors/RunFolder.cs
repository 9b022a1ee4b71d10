// A run's folder: where its parts lie and who holds it. Knows no content.
namespace AgentArena.Actors;

/// <summary>A run directory: self-contained, one run, one writer at a time.</summary>
public sealed class RunFolder
{
    private RunFolder(string path) => Path = System.IO.Path.GetFullPath(path);

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>The SQLite journal.</summary>
    public string Journal => System.IO.Path.Combine(Path, "journal.db");

    /// <summary>Parent of the checkpoint folders, one a policy and version.</summary>
    public string Checkpoints => System.IO.Path.Combine(Path, "checkpoints");

    /// <summary>One JSON object a line.</summary>
    public string Metrics => System.IO.Path.Combine(Path, "metrics.jsonl");

    /// <summary>What every actor waits for, while the run is alive.</summary>
    public string Status => System.IO.Path.Combine(Path, "status.json");

    /// <summary>Whether journal and actors are well, while the run is alive.</summary>
    public string Health => System.IO.Path.Combine(Path, "health.json");

    /// <summary>The resolved scenario.</summary>
    public string ScenarioFile => System.IO.Path.Combine(Path, "scenario.conf");

    /// <summary>The parent of one policy's checkpoints.</summary>
    public string CheckpointsOf(string policy) => System.IO.Path.Combine(Checkpoints, policy);

    /// <summary>The path, numbered where it exists.</summary>
    public static string Free(string path) =>
        Enumerable
            .Range(1, int.MaxValue)
            .Select(i => i == 1 ? path : $"{path}-{i}")
            .First(free => !Directory.Exists(free));

    /// <summary>A new run's folder.</summary>
    /// <exception cref="UserException">It already holds a run, or cannot be made.</exception>
    public static RunFolder Create(string path)
    {
        var folder = new RunFolder(path);
        if (File.Exists(folder.Journal) || File.Exists(folder.ScenarioFile))
            throw new UserException(
                $"{path}: already holds a run. Give another --out, or go on with it: ./arena resume {path}"
            );
        try
        {
            Directory.CreateDirectory(folder.Checkpoints);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be made a run folder ({e.Message}) Give another --out.", e);
        }
        return folder;
    }

    /// <summary>An existing run's folder.</summary>
    /// <exception cref="UserException">It is missing or no run.</exception>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(path);
        if (!Directory.Exists(path))
            throw new UserException($"{path}: no such run folder. A run's folder is printed when it starts; name it.");
        if (!File.Exists(folder.ScenarioFile))
            throw new UserException(
                $"{path}: not a run folder (no scenario.conf in it). Name the folder that ./arena run printed."
            );
        return folder;
    }

    /// <summary>
    /// Holds the folder against other writers until disposed. The operating system lets go when the process ends,
    /// however it ends.
    /// </summary>
    /// <exception cref="UserException">Another process holds it; the message names it.</exception>
    public IDisposable Lock()
    {
        FileStream held;
        try
        {
            // None, or else .NET on POSIX takes a shared lock, which excludes nobody. Nobody can read a file held so:
            // the holder's name lies beside it.
            held = new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (Holder() is { } holder)
        {
            throw new UserException(
                $"{Path}: is in use by process {holder}. Wait for it to end, or stop it (Ctrl-C there); then try "
                    + "again.",
                e
            );
        }
        try
        {
            File.WriteAllText(
                HolderFile,
                Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)
            );
            return held;
        }
        catch (IOException)
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The id of the process that holds the folder now; null where none does.</summary>
    public string? Holder()
    {
        if (!File.Exists(LockFile))
            return null;
        try
        {
            using var probe = new FileStream(LockFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return null;
        }
        catch (IOException)
        {
            return File.Exists(HolderFile) ? File.ReadAllText(HolderFile) : "(unknown)";
        }
    }

    private string LockFile => System.IO.Path.Combine(Path, "lock");

    private string HolderFile => System.IO.Path.Combine(Path, "lock.pid");
}
