// Where messages go that nobody receives.
using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Event;

/// <summary>Not worth a dead letter.</summary>
public interface IDeadLetterSuppression;

/// <summary>A message that nobody received.</summary>
public abstract class AllDeadLetters(object message, IActorRef sender, IActorRef recipient)
{
    /// <summary>What.</summary>
    public object Message { get; } = message;

    /// <summary>For whom.</summary>
    public IActorRef Recipient { get; } = recipient;

    /// <summary>From whom.</summary>
    public IActorRef Sender { get; } = sender;

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name} from {Sender} to {Recipient}: <{Message}>";
}

/// <summary>A message that nobody received; published on the event stream.</summary>
public sealed class DeadLetter(object message, IActorRef sender, IActorRef recipient) : AllDeadLetters(message, sender, recipient);

/// <summary>As <see cref="DeadLetter"/>, for messages that nobody misses.</summary>
public sealed class SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef sender, IActorRef recipient) : AllDeadLetters(message, sender, recipient);

/// <summary>The ref of nobody in particular: publishes what it is told.</summary>
internal class EmptyLocalActorRef(ActorSystemImpl system, ActorPath path) : MinimalActorRef
{
    public ActorSystemImpl System => system;

    public override ActorPath Path => path;

    public override bool IsTerminated => true;

    public override IInternalActorRef Parent => system.LookupRoot;

    protected override void TellInternal(object message, IActorRef sender)
    {
        switch (message)
        {
            case DeadLetter letter when this is DeadLetterActorRef:
                if (!SpecialHandled(letter.Message, letter.Sender)) Publish(letter.Message, letter.Sender, letter.Recipient);
                break;
            case AllDeadLetters:
                break;
            default:
                if (!SpecialHandled(message, sender)) Publish(message, sender, this);
                break;
        }
    }

    private bool SpecialHandled(object message, IActorRef? sender)
    {
        if (message is not Identify identify) return false;
        sender?.Tell(new ActorIdentity(identify.MessageId, null), this);
        return true;
    }

    private void Publish(object message, IActorRef? sender, IActorRef recipient)
    {
        var from = sender ?? system.DeadLetters;
        if (message is IDeadLetterSuppression suppressed) system.EventStream.Publish(new SuppressedDeadLetter(suppressed, from, recipient));
        else system.EventStream.Publish(new DeadLetter(message, from, recipient));
    }
}

internal sealed class DeadLetterActorRef(ActorSystemImpl system, ActorPath path) : EmptyLocalActorRef(system, path);
