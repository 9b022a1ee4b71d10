// The files that a scenario names: found by one rule, opened, remembered by their hashes. Knows no row's meaning.
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AgentArena.Core.Data;

namespace AgentArena.Actors.Data;

/// <summary>
/// A path is sought beside the scenario, then in the folder <c>data</c> of each folder above it, then in those above the program.
/// </summary>
/// <param name="beside">The scenario's folder.</param>
public sealed class ScenarioFiles(string beside) : DataFiles
{
    private readonly ConcurrentDictionary<string, string> _hashes = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Hashes => _hashes;

    /// <inheritdoc/>
    public override IEnumerable<DataRow> Rows(string name)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(Found(name, File.Exists));
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new DataException(
                $"'{name}' cannot be read ({e.Message}). It should be a file of rows. Give its path from the scenario's folder, or from a folder data above it.",
                e
            );
        }
        _hashes[name] = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return DataText.Rows(new MemoryStream(bytes), name, ParquetRows.Read);
    }

    /// <inheritdoc/>
    public override string Folder(string name)
    {
        var found = Found(name, Directory.Exists);
        if (!Directory.Exists(found))
            throw new DataException(
                $"folder '{name}' does not exist. Give its path from the scenario's folder, or from a folder data above it."
            );
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = Directory.EnumerateFiles(found, "*", SearchOption.AllDirectories);
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(found, file).Replace('\\', '/') + "\0"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }
        _hashes[name] = Convert.ToHexStringLower(hash.GetHashAndReset());
        return found;
    }

    private string Found(string name, Func<string, bool> exists)
    {
        if (Path.IsPathRooted(name))
            return name;
        var candidates = Above(beside)
            .Concat(Above(AppContext.BaseDirectory))
            .Select(folder => Path.Combine(folder, "data", name))
            .Prepend(Path.Combine(beside, name));
        return candidates.FirstOrDefault(exists) ?? Path.Combine(beside, name);
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            yield return at.FullName;
    }
}
