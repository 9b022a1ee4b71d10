// The messages that every actor understands or may receive from the engine.
using Akka.Event;

namespace Akka.Actor;

/// <summary>Handled by the engine before the actor sees it.</summary>
public interface IAutoReceivedMessage;

/// <summary>Dangerous to send to unknown receivers.</summary>
public interface IPossiblyHarmful;

/// <summary>Does not restart a receive timeout.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>Needs no verification of its serialisation.</summary>
public interface INoSerializationVerificationNeeded;

/// <summary>Stops the receiver when it comes to its turn in the mailbox.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, INoSerializationVerificationNeeded
{
    private PoisonPill() { }

    /// <summary>The only one.</summary>
    public static PoisonPill Instance { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the receiver throw <see cref="ActorKilledException"/>.</summary>
public sealed class Kill : IAutoReceivedMessage, IPossiblyHarmful, INoSerializationVerificationNeeded
{
    private Kill() { }

    /// <summary>The only one.</summary>
    public static Kill Instance { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "<Kill>";
}

/// <summary>A watched actor has stopped for good.</summary>
public sealed class Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated) : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression, INoSerializationVerificationNeeded
{
    /// <summary>Which.</summary>
    public IActorRef ActorRef { get; } = actorRef;

    /// <summary>Always false here.</summary>
    public bool AddressTerminated { get; } = addressTerminated;

    /// <summary>False where it was never known to have lived.</summary>
    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    /// <inheritdoc/>
    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>Asks an actor to answer with <see cref="ActorIdentity"/>.</summary>
public sealed record Identify(object MessageId) : IAutoReceivedMessage, INotInfluenceReceiveTimeout;

/// <summary>The answer to <see cref="Identify"/>; the subject is null where nobody is there.</summary>
public sealed class ActorIdentity(object messageId, IActorRef? subject)
{
    /// <summary>From the question.</summary>
    public object MessageId { get; } = messageId;

    /// <summary>Who is there, or null.</summary>
    public IActorRef? Subject { get; } = subject;

    /// <inheritdoc/>
    public override string ToString() => $"<ActorIdentity>: {Subject} - MessageId={MessageId}";
}

/// <summary>Nothing came for as long as <c>SetReceiveTimeout</c> said.</summary>
public sealed class ReceiveTimeout : IPossiblyHarmful, INoSerializationVerificationNeeded
{
    private ReceiveTimeout() { }

    /// <summary>The only one.</summary>
    public static ReceiveTimeout Instance { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "<ReceiveTimeout>";
}

/// <summary>A message that took the way through a selection.</summary>
public sealed record ActorSelectionMessage(object Message);

/// <summary>An answer that says whether it worked.</summary>
public abstract class Status
{
    private Status() { }

    /// <summary>It worked.</summary>
    public sealed class Success(object status) : Status
    {
        /// <summary>What came of it.</summary>
        public object Status { get; } = status;

        /// <inheritdoc/>
        public override string ToString() => $"Success: {Status}";
    }

    /// <summary>It did not. An <c>Ask</c> answered with this fails with the cause.</summary>
    public sealed class Failure(Exception cause, object? state = null) : Status
    {
        /// <summary>Why.</summary>
        public Exception Cause { get; } = cause;

        /// <summary>Of the caller's choice.</summary>
        public object? State { get; } = state;

        /// <inheritdoc/>
        public override string ToString() => $"Failure: {Cause}";
    }
}

/// <summary>Nothing to say, but done.</summary>
public sealed class Done
{
    private Done() { }

    /// <summary>The only one.</summary>
    public static readonly Done Instance = new();
}

/// <summary>An actor did not handle a message; published on the event stream.</summary>
public sealed class UnhandledMessage(object message, IActorRef sender, IActorRef recipient)
{
    /// <summary>What.</summary>
    public object Message { get; } = message;

    /// <summary>From whom.</summary>
    public IActorRef Sender { get; } = sender;

    /// <summary>Who did not handle it.</summary>
    public IActorRef Recipient { get; } = recipient;
}
