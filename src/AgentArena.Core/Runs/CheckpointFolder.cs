// A folder that is either whole or absent: written aside, hashed, flushed to the disk, then renamed. Knows nothing of
// what the files mean.
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace AgentArena.Core.Runs;

/// <summary>
/// Checkpoint folders. <see cref="Write"/> makes a folder appear at once with a manifest (<c>manifest.json</c>: size
/// and SHA-256 of every file in it); <see cref="Verify"/> recognises one that was cut short or altered.
/// </summary>
public static partial class CheckpointFolder
{
    /// <summary>Name of the manifest within the folder.</summary>
    public const string Manifest = "manifest.json";

    private const string Aside = ".tmp";
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
    };

    /// <summary>The folder of a version, by whose name versions sort.</summary>
    public static string Name(int version) => string.Create(CultureInfo.InvariantCulture, $"v{version:D8}");

    /// <summary>The version of a folder that <see cref="Name"/> named.</summary>
    public static int VersionOf(string folder) =>
        int.Parse(Path.GetFileName(folder).AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);

    private sealed record FileEntry(long Bytes, string Sha256);

    private sealed record Contents(int Format, SortedDictionary<string, FileEntry> Files);

    /// <summary>
    /// Fills a folder beside <paramref name="folder"/>, adds the manifest, flushes everything and renames it into
    /// place. A crash at any moment leaves the old folder, the new one, or neither and a leftover that the next write
    /// removes; never half of one.
    /// </summary>
    /// <exception cref="IOException">The folder exists already, or the disk refuses.</exception>
    public static void Write(string folder, Action<string> fill)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(folder))
            throw new IOException(
                $"{folder}: exists already. A checkpoint is never overwritten. Delete it, or write to another name."
            );
        var aside = folder + Aside;
        if (Directory.Exists(aside))
            Directory.Delete(aside, recursive: true);
        Directory.CreateDirectory(aside);
        fill(aside);
        var entries = new SortedDictionary<string, FileEntry>(StringComparer.Ordinal);
        foreach (var (name, path) in FilesIn(aside))
        {
            Flush(path);
            entries.Add(name, Measure(path));
        }
        var manifest = Path.Combine(aside, Manifest);
        File.WriteAllText(manifest, JsonSerializer.Serialize(new Contents(1, entries), Json));
        Flush(manifest);
        foreach (var inner in Directory.EnumerateDirectories(aside, "*", SearchOption.AllDirectories))
            FlushFolder(inner);
        FlushFolder(aside);
        Directory.Move(aside, folder);
        FlushFolder(Path.GetDirectoryName(folder)!);
    }

    /// <summary>Deletes all but the newest <paramref name="keep"/> checkpoints in <paramref name="parent"/>.</summary>
    public static void Prune(string parent, int keep)
    {
        foreach (
            var old in Directory
                .EnumerateDirectories(parent)
                .Where(f => !f.EndsWith(Aside, StringComparison.Ordinal))
                .OrderDescending(StringComparer.Ordinal)
                .Skip(Math.Max(keep, 1))
        )
            Directory.Delete(old, recursive: true);
    }

    /// <summary>Checks every file against the manifest.</summary>
    /// <exception cref="InvalidDataException">
    /// A file is missing, added, cut short or altered; the message names it, the fault and the remedy.
    /// </exception>
    public static void Verify(string folder)
    {
        const string remedy = "Use an earlier checkpoint, or copy this one again from where it is whole.";
        var path = Path.Combine(folder, Manifest);
        if (!File.Exists(path))
            throw new InvalidDataException(
                $"{path}: is missing, so the folder is no checkpoint or was cut short. {remedy}"
            );
        Contents contents;
        try
        {
            contents = JsonSerializer.Deserialize<Contents>(File.ReadAllText(path), Json) is { Files: not null } read
                ? read
                : throw new JsonException("no files are listed");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: is not a manifest ({e.Message}). {remedy}", e);
        }
        var found = FilesIn(folder).Where(f => f.Name != Manifest).ToDictionary(f => f.Name, f => f.Path);
        foreach (var (name, expected) in contents.Files)
        {
            var file = Path.Combine(folder, name);
            if (!found.Remove(name))
                throw new InvalidDataException($"{file}: is missing. {remedy}");
            var length = new FileInfo(file).Length;
            if (length != expected.Bytes)
                throw new InvalidDataException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{file}: has {length} bytes, the manifest says {expected.Bytes}; it was {(length < expected.Bytes ? "cut short" : "added to")}. {remedy}"
                    )
                );
            if (Measure(file).Sha256 != expected.Sha256)
                throw new InvalidDataException($"{file}: its SHA-256 is not the manifest's; it was altered. {remedy}");
        }
        foreach (var stranger in found.Values)
            throw new InvalidDataException(
                $"{stranger}: is not in the manifest. Remove it; nothing may be added to a checkpoint."
            );
    }

    /// <summary>The newest whole checkpoint below <paramref name="parent"/>; null where there is none.</summary>
    public static string? Newest(string parent) => Kept(parent) is [.., var newest] ? newest : null;

    /// <summary>
    /// The whole checkpoints below <paramref name="parent"/>, by name in ordinal order (so number names with leading
    /// zeros). Leftovers of a crash are passed over.
    /// </summary>
    public static IReadOnlyList<string> Kept(string parent) =>
        !Directory.Exists(parent)
            ? []
            :
            [
                .. Directory
                    .EnumerateDirectories(parent)
                    .Where(d => !d.EndsWith(Aside, StringComparison.Ordinal) && File.Exists(Path.Combine(d, Manifest)))
                    .OrderBy(d => Path.GetFileName(d), StringComparer.Ordinal),
            ];

    private static IEnumerable<(string Name, string Path)> FilesIn(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(p => (Path.GetRelativePath(folder, p).Replace(Path.DirectorySeparatorChar, '/'), p));

    private static FileEntry Measure(string path)
    {
        using var stream = File.OpenRead(path);
        return new FileEntry(stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    private static void Flush(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    // The names in a folder are the folder's own content on POSIX systems, and only fsync of the folder makes a rename
    // last.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            return;
        _ = Fsync(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
