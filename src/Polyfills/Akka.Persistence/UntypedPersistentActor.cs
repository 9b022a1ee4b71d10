// The two plain forms of a persistent actor. Knows no storage.
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A persistent actor whose receivers say whether they handled a message.</summary>
public abstract class PersistentActor : Eventsourced
{
    /// <inheritdoc/>
    protected override bool Receive(object message) => ReceiveCommand(message);
}

/// <summary>A persistent actor with one method for commands and one for what is replayed.</summary>
public abstract class UntypedPersistentActor : Eventsourced
{
    /// <summary>The surroundings. Only within the actor's own turns.</summary>
    protected static new IUntypedActorContext Context => (IUntypedActorContext)ActorBase.Context;

    /// <summary>Takes a command; hands what it does not know to <c>Unhandled</c>.</summary>
    protected abstract void OnCommand(object message);

    /// <summary>Takes a replayed event, a <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/>; must change state only.</summary>
    protected abstract void OnRecover(object message);

    /// <inheritdoc/>
    protected sealed override bool Receive(object message) => ReceiveCommand(message);

    /// <inheritdoc/>
    protected sealed override bool ReceiveCommand(object message)
    {
        OnCommand(message);
        return true;
    }

    /// <inheritdoc/>
    protected sealed override bool ReceiveRecover(object message)
    {
        OnRecover(message);
        return true;
    }

    /// <summary>Replaces the command handler.</summary>
    protected void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Puts a command handler above the present one.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);
}
