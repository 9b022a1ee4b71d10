// A snapshot store actor over four asynchronous operations, and the store that has none. Knows the protocol; no storage.
using Akka.Actor;

namespace Akka.Persistence.Snapshot;

/// <summary>The base of snapshot stores.</summary>
public abstract class SnapshotStore : ActorBase
{
    /// <summary>The latest snapshot that fits, or null.</summary>
    protected abstract Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Saves a snapshot, in place of one of the same number.</summary>
    protected abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot);

    /// <summary>Deletes one snapshot.</summary>
    protected abstract Task DeleteAsync(SnapshotMetadata metadata);

    /// <summary>Deletes the snapshots that fit.</summary>
    protected abstract Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        switch (message)
        {
            case LoadSnapshot m:
                _ = Answer(async () => new LoadSnapshotResult(await LoadAsync(m.PersistenceId, m.Criteria.Limit(m.ToSequenceNr)).ConfigureAwait(false), m.ToSequenceNr), e => new LoadSnapshotFailed(e), Sender);
                return true;
            case SaveSnapshot m:
                var metadata = m.Metadata with { Timestamp = DateTime.UtcNow };
                _ = Answer(async () => { await SaveAsync(metadata, m.Snapshot).ConfigureAwait(false); return new SaveSnapshotSuccess(metadata); }, e => new SaveSnapshotFailure(metadata, e), Sender);
                return true;
            case DeleteSnapshot m:
                _ = Answer(async () => { await DeleteAsync(m.Metadata).ConfigureAwait(false); return new DeleteSnapshotSuccess(m.Metadata); }, e => new DeleteSnapshotFailure(m.Metadata, e), Sender);
                return true;
            case DeleteSnapshots m:
                _ = Answer(async () => { await DeleteAsync(m.PersistenceId, m.Criteria).ConfigureAwait(false); return new DeleteSnapshotsSuccess(m.Criteria); }, e => new DeleteSnapshotsFailure(m.Criteria, e), Sender);
                return true;
            default:
                return false;
        }
    }

    private static async Task Answer<T>(Func<Task<T>> operation, Func<Exception, object> failed, IActorRef to) where T : notnull
    {
        object answer;
        try
        {
            answer = await operation().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            answer = failed(e);
        }

        to.Tell(answer, ActorRefs.NoSender);
    }
}

/// <summary>The store of a system that wants none: nothing is found, and saving fails with a message that says so.</summary>
public sealed class NoSnapshotStore : SnapshotStore
{
    private const string None = "akka.persistence.snapshot-store.plugin: no snapshot store is configured. Set it to \"akka.persistence.snapshot-store.sql\" or another, or save no snapshots.";

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Task.FromResult<SelectedSnapshot?>(null);

    /// <inheritdoc/>
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot) => Task.FromException(new InvalidOperationException(None));

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata) => Task.FromException(new InvalidOperationException(None));

    /// <inheritdoc/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Task.FromException(new InvalidOperationException(None));
}

/// <summary>Snapshots in memory: gone with the actor.</summary>
public sealed class MemorySnapshotStore : SnapshotStore
{
    private readonly object _lock = new();
    private readonly Dictionary<string, SortedList<long, SelectedSnapshot>> _streams = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        lock (_lock) return Task.FromResult(_streams.TryGetValue(persistenceId, out var stream) ? stream.Values.LastOrDefault(s => criteria.Matches(s.Metadata)) : null);
    }

    /// <inheritdoc/>
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        lock (_lock)
        {
            if (!_streams.TryGetValue(metadata.PersistenceId, out var stream)) _streams[metadata.PersistenceId] = stream = [];
            stream[metadata.SequenceNr] = new SelectedSnapshot(metadata, snapshot);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata) =>
        DeleteAsync(metadata.PersistenceId, new SnapshotSelectionCriteria(metadata.SequenceNr, DateTime.MaxValue, metadata.SequenceNr));

    /// <inheritdoc/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        lock (_lock)
        {
            if (!_streams.TryGetValue(persistenceId, out var stream)) return Task.CompletedTask;
            foreach (var metadata in stream.Values.Select(s => s.Metadata).Where(criteria.Matches).ToList()) stream.Remove(metadata.SequenceNr);
        }

        return Task.CompletedTask;
    }
}
