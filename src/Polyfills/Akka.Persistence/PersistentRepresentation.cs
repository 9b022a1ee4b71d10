// An event on its way to or from a journal: payload, stream, number, writer. Knows no storage and no actor's state.
using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>An event as a journal sees it.</summary>
public interface IPersistentRepresentation
{
    /// <summary>The event itself.</summary>
    object Payload { get; }

    /// <summary>The type as the event's adapter names it; empty for none.</summary>
    string Manifest { get; }

    /// <summary>The stream.</summary>
    string PersistenceId { get; }

    /// <summary>1, 2, 3 … within the stream.</summary>
    long SequenceNr { get; }

    /// <summary>The incarnation of the actor that wrote it.</summary>
    string WriterGuid { get; }

    /// <summary>True for logically deleted events.</summary>
    bool IsDeleted { get; }

    /// <summary>Who sent the command; null once stored.</summary>
    IActorRef? Sender { get; }

    /// <summary>When it was stored, in UTC ticks (100 ns since year 1); 0 before.</summary>
    long Timestamp { get; }

    /// <summary>The same with another payload.</summary>
    IPersistentRepresentation WithPayload(object payload);

    /// <summary>The same with another manifest.</summary>
    IPersistentRepresentation WithManifest(string manifest);

    /// <summary>The same with another time.</summary>
    IPersistentRepresentation WithTimestamp(long newTimestamp);

    /// <summary>The same with other particulars.</summary>
    IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef? sender, string writerGuid);
}

/// <inheritdoc cref="IPersistentRepresentation"/>
public class Persistent(object payload, long sequenceNr = 0L, string? persistenceId = null, string? manifest = null, bool isDeleted = false,
    IActorRef? sender = null, string? writerGuid = null, long timestamp = 0L) : IPersistentRepresentation, IEquatable<IPersistentRepresentation>
{
    /// <summary>What stands for a missing text.</summary>
    public static string Undefined => string.Empty;

    /// <inheritdoc/>
    public object Payload { get; } = payload;

    /// <inheritdoc/>
    public long SequenceNr { get; } = sequenceNr;

    /// <inheritdoc/>
    public string PersistenceId { get; } = persistenceId ?? Undefined;

    /// <inheritdoc/>
    public string Manifest { get; } = manifest ?? Undefined;

    /// <inheritdoc/>
    public bool IsDeleted { get; } = isDeleted;

    /// <inheritdoc/>
    public IActorRef? Sender { get; } = sender;

    /// <inheritdoc/>
    public string WriterGuid { get; } = writerGuid ?? Undefined;

    /// <inheritdoc/>
    public long Timestamp { get; } = timestamp;

    /// <inheritdoc/>
    public IPersistentRepresentation WithPayload(object payload) =>
        new Persistent(payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    /// <inheritdoc/>
    public IPersistentRepresentation WithManifest(string manifest) =>
        new Persistent(Payload, SequenceNr, PersistenceId, manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    /// <inheritdoc/>
    public IPersistentRepresentation WithTimestamp(long newTimestamp) =>
        new Persistent(Payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, newTimestamp);

    /// <inheritdoc/>
    public IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef? sender, string writerGuid) =>
        new Persistent(Payload, sequenceNr, persistenceId, Manifest, isDeleted, sender, writerGuid, Timestamp);

    /// <inheritdoc/>
    public bool Equals(IPersistentRepresentation? other) =>
        other != null && SequenceNr == other.SequenceNr && PersistenceId == other.PersistenceId && Manifest == other.Manifest
        && IsDeleted == other.IsDeleted && WriterGuid == other.WriterGuid && Equals(Sender, other.Sender) && Equals(Payload, other.Payload);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IPersistentRepresentation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(SequenceNr, PersistenceId, Manifest, WriterGuid);

    /// <inheritdoc/>
    public override string ToString() => $"Persistent<{PersistenceId} #{SequenceNr} {Payload}>";
}

/// <summary>What an actor sends to its journal: an atomic write, or a message that only comes back in order.</summary>
public interface IPersistentEnvelope
{
    /// <summary>The content.</summary>
    object Payload { get; }

    /// <summary>Who sent the command.</summary>
    IActorRef? Sender { get; }

    /// <summary>How many events it holds.</summary>
    int Size { get; }
}

/// <summary>Events of one stream that are stored all or not at all.</summary>
public sealed class AtomicWrite : IPersistentEnvelope
{
    private readonly IImmutableList<IPersistentRepresentation> _events;

    /// <summary>A write of one event.</summary>
    public AtomicWrite(IPersistentRepresentation @event) : this(ImmutableArray.Create(@event)) { }

    /// <summary>A write of several events of one stream.</summary>
    /// <exception cref="ArgumentException">There are none, or they belong to different streams.</exception>
    public AtomicWrite(IImmutableList<IPersistentRepresentation> payload)
    {
        if (payload is null || payload.Count == 0) throw new ArgumentException("An atomic write needs at least one event. Pass the events to store.", nameof(payload));
        _events = payload;
        var first = payload[0];
        for (var i = 1; i < payload.Count; i++)
            if (payload[i].PersistenceId != first.PersistenceId)
                throw new ArgumentException($"An atomic write holds events of '{first.PersistenceId}' and of '{payload[i].PersistenceId}'. All must belong to one stream. Write them separately.", nameof(payload));
    }

    /// <summary>The events, as <see cref="IImmutableList{T}"/> of <see cref="IPersistentRepresentation"/>.</summary>
    public object Payload => _events;

    internal IImmutableList<IPersistentRepresentation> Events => _events;

    /// <inheritdoc/>
    public IActorRef? Sender => null;

    /// <inheritdoc/>
    public int Size => _events.Count;

    /// <summary>The stream.</summary>
    public string PersistenceId => _events[0].PersistenceId;

    /// <summary>The first event's number.</summary>
    public long LowestSequenceNr => _events[0].SequenceNr;

    /// <summary>The last event's number.</summary>
    public long HighestSequenceNr => _events[_events.Count - 1].SequenceNr;

    /// <inheritdoc/>
    public override string ToString() => $"AtomicWrite<{PersistenceId} #{LowestSequenceNr}..{HighestSequenceNr}>";
}

internal sealed class NonPersistentMessage(object payload, IActorRef? sender) : IPersistentEnvelope
{
    public object Payload { get; } = payload;
    public IActorRef? Sender { get; } = sender;
    public int Size => 1;
}
