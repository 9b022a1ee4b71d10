// Files that are whole or absent: a reader never sees half of one, a kill never leaves half of one.
namespace AgentArena.Actors;

/// <summary>Writes beside the file, then puts it in its place.</summary>
public static class AtomicFile
{
    /// <summary>Replaces a file by a text.</summary>
    public static void Write(string path, string text) => Write(path, to => to.Write(text));

    /// <summary>
    /// Replaces a file by what <paramref name="write"/> writes; where that throws, the file stays as it was.
    /// </summary>
    public static void Write(string path, Action<TextWriter> write)
    {
        using (var to = new StreamWriter(path + ".tmp"))
            write(to);
        File.Move(path + ".tmp", path, overwrite: true);
    }
}
