// The SQL snapshot store's actor. Knows the protocol's operations and how rows are made of snapshots; refuses to know SQL.
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Snapshot;
using Akka.Persistence.Sql.Storage;

namespace Akka.Persistence.Sql.Snapshot;

/// <summary>The snapshot store at <c>akka.persistence.snapshot-store.sql</c>.</summary>
public sealed class SqlSnapshotStore : SnapshotStore
{
    private readonly PayloadCodec _codec = new((ExtendedActorSystem)Context.System);
    private readonly ReaderThread<ISnapshotTable> _thread;

    /// <summary>The store of a configuration.</summary>
    public SqlSnapshotStore(Config snapshotConfig)
    {
        var store = SqlPersistence.StoreOf(snapshotConfig.WithFallback(SqlPersistence.SnapshotDefaults), "akka.persistence.snapshot-store.sql");
        _thread = new ReaderThread<ISnapshotTable>("snapshots", store.OpenSnapshots);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _thread.Dispose();
        base.PostStop();
    }

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Run(table =>
    {
        if (table.Latest(persistenceId, criteria) is not { } row) return null;
        var metadata = new SnapshotMetadata(persistenceId, row.SequenceNr, new DateTime(row.Created, DateTimeKind.Utc));
        return new SelectedSnapshot(metadata, _codec.Read(row.Snapshot, row.SerializerId, row.Manifest));
    });

    /// <inheritdoc/>
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        var (id, manifest, bytes) = _codec.Write(snapshot);
        return Run(table =>
        {
            table.Save(new SnapshotRow(metadata.PersistenceId, metadata.SequenceNr, metadata.Timestamp.Ticks, bytes, manifest, id));
            return true;
        });
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata) =>
        DeleteAsync(metadata.PersistenceId, new SnapshotSelectionCriteria(metadata.SequenceNr, DateTime.MaxValue, metadata.SequenceNr));

    /// <inheritdoc/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Run(table =>
    {
        table.Delete(persistenceId, criteria);
        return true;
    });

    private Task<T> Run<T>(Func<ISnapshotTable, T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _thread.Enqueue(table => done.SetResult(work(table)), done.SetException);
        return done.Task;
    }
}
