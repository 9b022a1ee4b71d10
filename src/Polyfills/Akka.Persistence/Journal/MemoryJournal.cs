// A journal in memory: gone with its actor. Knows the order and the bounds of streams.
using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>A journal for tests and for what need not outlive the process.</summary>
public class MemoryJournal : AsyncWriteJournal
{
    private readonly object _lock = new();
    private readonly Dictionary<string, Stream> _streams = new(StringComparer.Ordinal);

    private sealed class Stream
    {
        public long Highest { get; set; }
        public SortedList<long, IPersistentRepresentation> Events { get; } = [];
    }

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        foreach (var p in Read(persistenceId, fromSequenceNr, toSequenceNr, max)) recoveryCallback(p);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
    {
        lock (_lock) return Task.FromResult(_streams.TryGetValue(persistenceId, out var s) ? s.Highest : 0);
    }

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        foreach (var write in messages) Add(write);
        return Task.FromResult<IImmutableList<Exception?>?>(null);
    }

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        lock (_lock)
        {
            if (!_streams.TryGetValue(persistenceId, out var stream)) return Task.CompletedTask;
            while (stream.Events.Count > 0 && stream.Events.GetKeyAtIndex(0) <= toSequenceNr) stream.Events.RemoveAt(0);
        }

        return Task.CompletedTask;
    }

    /// <summary>The stored events of a stream, bounds included, at most <paramref name="max"/> of them.</summary>
    protected IReadOnlyList<IPersistentRepresentation> Read(string persistenceId, long from, long to, long max)
    {
        lock (_lock)
        {
            if (!_streams.TryGetValue(persistenceId, out var stream)) return [];
            return [.. stream.Events.Values.SkipWhile(p => p.SequenceNr < from).TakeWhile(p => p.SequenceNr <= to).Take((int)Math.Min(max, int.MaxValue))];
        }
    }

    /// <summary>Stores a write, all of it or, where a number is taken, nothing.</summary>
    /// <exception cref="InvalidOperationException">A number is taken; the message names it.</exception>
    protected void Add(AtomicWrite write)
    {
        lock (_lock)
        {
            if (!_streams.TryGetValue(write.PersistenceId, out var stream)) _streams[write.PersistenceId] = stream = new Stream();
            if (write.LowestSequenceNr <= stream.Highest)
                throw new InvalidOperationException($"memory journal: event {write.LowestSequenceNr} of '{write.PersistenceId}' is there already. Each number is written once. Two actors of this id may be running: stop one, and restart the other so that it recovers.");
            foreach (var p in write.Events)
            {
                var bare = p.Payload is Tagged tagged ? p.WithPayload(tagged.Payload) : p;
                stream.Events.Add(p.SequenceNr, bare.Update(p.SequenceNr, p.PersistenceId, p.IsDeleted, null, p.WriterGuid).WithTimestamp(DateTime.UtcNow.Ticks));
                stream.Highest = p.SequenceNr;
            }
        }
    }
}
