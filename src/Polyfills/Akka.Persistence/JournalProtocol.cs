// The messages between a persistent actor and its journal. Knows no storage.
using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>A message of persistence; it carries references and so is never serialised.</summary>
public interface IPersistenceMessage : INoSerializationVerificationNeeded;

/// <summary>A message to or from a journal.</summary>
public interface IJournalMessage : IPersistenceMessage;

/// <summary>A message to a journal.</summary>
public interface IJournalRequest : IJournalMessage;

/// <summary>A message from a journal.</summary>
public interface IJournalResponse : IJournalMessage;

/// <summary>Deletes a stream's events up to and with a number.</summary>
public sealed record DeleteMessagesTo(string PersistenceId, long ToSequenceNr, IActorRef PersistentActor) : IJournalRequest;

/// <summary>The events are deleted.</summary>
public sealed record DeleteMessagesSuccess(long ToSequenceNr);

/// <summary>The events could not be deleted.</summary>
public sealed record DeleteMessagesFailure(Exception Cause, long ToSequenceNr) : INoSerializationVerificationNeeded;

/// <summary>Stores writes, and sends messages that need no storing back in their turn.</summary>
public sealed class WriteMessages(IEnumerable<IPersistentEnvelope> messages, IActorRef persistentActor, int actorInstanceId) : IJournalRequest
{
    /// <summary>Atomic writes and plain messages, in order.</summary>
    public IEnumerable<IPersistentEnvelope> Messages { get; } = messages;

    /// <summary>Who is told the outcome.</summary>
    public IActorRef PersistentActor { get; } = persistentActor;

    /// <summary>The asking incarnation; it comes back with each outcome.</summary>
    public int ActorInstanceId { get; } = actorInstanceId;
}

/// <summary>All of a <see cref="WriteMessages"/> was taken; a <see cref="WriteMessageSuccess"/> or rejection follows for each event.</summary>
public sealed class WriteMessagesSuccessful : IJournalResponse
{
    private WriteMessagesSuccessful() { }

    /// <summary>The one instance.</summary>
    public static WriteMessagesSuccessful Instance { get; } = new();
}

/// <summary>A <see cref="WriteMessages"/> failed; a <see cref="WriteMessageFailure"/> follows for each event.</summary>
public sealed record WriteMessagesFailed(Exception Cause, int WriteCount) : IJournalResponse;

/// <summary>An event is stored.</summary>
public sealed record WriteMessageSuccess(IPersistentRepresentation Persistent, int ActorInstanceId) : IJournalResponse;

/// <summary>An event was refused before anything was stored of it; the journal itself is well.</summary>
public sealed record WriteMessageRejected(IPersistentRepresentation Persistent, Exception Cause, int ActorInstanceId) : IJournalResponse;

/// <summary>Storing an event failed; whether it is stored is not known.</summary>
public sealed record WriteMessageFailure(IPersistentRepresentation Persistent, Exception Cause, int ActorInstanceId) : IJournalResponse;

/// <summary>A message that needed no storing comes back in its turn.</summary>
public sealed record LoopMessageSuccess(object Message, int ActorInstanceId) : IJournalResponse;

/// <summary>Asks for a stream's events.</summary>
public sealed record ReplayMessages(long FromSequenceNr, long ToSequenceNr, long Max, string PersistenceId, IActorRef PersistentActor) : IJournalRequest;

/// <summary>One replayed event.</summary>
public sealed class ReplayedMessage(IPersistentRepresentation persistent) : IJournalResponse, IDeadLetterSuppression
{
    /// <summary>The event.</summary>
    public IPersistentRepresentation Persistent { get; } = persistent;
}

/// <summary>All asked for was replayed.</summary>
/// <param name="HighestSequenceNr">The highest number of the stream, 0 for an empty one.</param>
public sealed record RecoverySuccess(long HighestSequenceNr) : IJournalResponse, IDeadLetterSuppression;

/// <summary>The replay failed.</summary>
public sealed record ReplayMessagesFailure(Exception Cause) : IJournalResponse, IDeadLetterSuppression;
