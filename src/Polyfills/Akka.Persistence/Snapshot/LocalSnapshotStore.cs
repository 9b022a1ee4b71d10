// Snapshots as files of one folder, each written whole or not at all. Knows file names and a header of serializer and manifest.
using System.Globalization;
using System.Text;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence.Snapshot;

/// <summary>A snapshot store on the local disk; its folder is <c>dir</c>.</summary>
public sealed class LocalSnapshotStore : SnapshotStore
{
    private readonly PayloadCodec _codec = new((ExtendedActorSystem)Context.System);
    private readonly string _folder;

    /// <summary>The store of a configuration.</summary>
    public LocalSnapshotStore(Config config) => _folder = config.GetString("dir", "snapshots");

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        var newest = Files(persistenceId).Where(f => criteria.Matches(f.Metadata)).OrderByDescending(f => f.Metadata.SequenceNr).FirstOrDefault();
        if (newest.Path is null)
            return Task.FromResult<SelectedSnapshot?>(null);
        using var reader = new BinaryReader(File.OpenRead(newest.Path), Encoding.UTF8);
        var (id, manifest, length) = (reader.ReadInt32(), reader.ReadString(), reader.ReadInt32());
        var bytes = reader.ReadBytes(length);
        if (bytes.Length != length) throw new InvalidDataException($"{newest.Path}: the snapshot was cut short ({bytes.Length} bytes of {length}). Delete the file; an earlier snapshot or the events will do.");
        return Task.FromResult<SelectedSnapshot?>(new SelectedSnapshot(newest.Metadata, _codec.Read(bytes, id, manifest)));
    }

    /// <inheritdoc/>
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        Directory.CreateDirectory(_folder);
        var path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"snapshot-{Uri.EscapeDataString(metadata.PersistenceId)}-{metadata.SequenceNr}-{metadata.Timestamp.Ticks}"));
        var (id, manifest, bytes) = _codec.Write(snapshot);
        using (var writer = new BinaryWriter(File.Create(path + ".tmp"), Encoding.UTF8))
        {
            writer.Write(id);
            writer.Write(manifest);
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }

        var old = Files(metadata.PersistenceId).Where(f => f.Metadata.SequenceNr == metadata.SequenceNr).ToList();
        File.Move(path + ".tmp", path, overwrite: true);
        foreach (var file in old.Where(f => f.Path != path)) File.Delete(file.Path);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata) =>
        DeleteAsync(metadata.PersistenceId, new SnapshotSelectionCriteria(metadata.SequenceNr, DateTime.MaxValue, metadata.SequenceNr));

    /// <inheritdoc/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        foreach (var file in Files(persistenceId).Where(f => criteria.Matches(f.Metadata)).ToList()) File.Delete(file.Path);
        return Task.CompletedTask;
    }

    private IEnumerable<(SnapshotMetadata Metadata, string Path)> Files(string persistenceId)
    {
        if (!Directory.Exists(_folder)) yield break;
        var prefix = $"snapshot-{Uri.EscapeDataString(persistenceId)}-";
        foreach (var path in Directory.EnumerateFiles(_folder, prefix + "*"))
        {
            var rest = Path.GetFileName(path)[prefix.Length..].Split('-');
            if (rest.Length == 2 && long.TryParse(rest[0], NumberStyles.None, CultureInfo.InvariantCulture, out var nr) && long.TryParse(rest[1], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks))
                yield return (new SnapshotMetadata(persistenceId, nr, new DateTime(ticks, DateTimeKind.Utc)), path);
        }
    }
}
