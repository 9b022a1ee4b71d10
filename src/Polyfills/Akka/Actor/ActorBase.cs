// What all actors have in common: life-cycle hooks and behaviour. Knows its cell only while it is alive.
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// An actor: state that one message at a time may touch. Made by <see cref="Props"/> only; a restart makes a new object
/// behind the same ref.
/// </summary>
public abstract class ActorBase
{
    private IActorRef? _clearedSelf;
    private SupervisorStrategy? _strategy;
    private Receive? _firstBehaviour;

    /// <exception cref="ActorInitializationException">Made with new.</exception>
    protected ActorBase()
    {
        if (ActorCell.Active is null)
            throw new ActorInitializationException($"{GetType()}: an actor cannot be made with new. Start it with ActorOf(Props.Create<{GetType().Name}>()).");
    }

    /// <summary>Who sent the current message; dead letters where nobody did.</summary>
    protected IActorRef Sender => Context.Sender;

    /// <summary>This actor.</summary>
    protected IActorRef Self => _clearedSelf ?? Context.Self;

    /// <summary>The surroundings. Only within the actor's own turns.</summary>
    /// <exception cref="NotSupportedException">Read from another thread.</exception>
    protected static IActorContext Context => ActorCell.Active
        ?? throw new NotSupportedException("There is no active ActorContext, this is most likely due to use of async operations from within this actor.");

    internal Receive FirstBehaviour => _firstBehaviour ??= Receive;

    internal SupervisorStrategy Strategy => _strategy ??= SupervisorStrategy();

    internal void Clear(IActorRef self) => _clearedSelf = self;

    /// <summary>The first behaviour: handles a message, or returns false.</summary>
    protected abstract bool Receive(object message);

    /// <summary>Hands a message to a behaviour. For what must see each message first; call the base.</summary>
    protected internal virtual bool AroundReceive(Receive receive, object message)
    {
        if (receive(message)) return true;
        Unhandled(message);
        return false;
    }

    /// <summary>Around <see cref="PreStart"/>.</summary>
    protected internal virtual void AroundPreStart() => PreStart();

    /// <summary>Around <see cref="PostStop"/>.</summary>
    protected internal virtual void AroundPostStop() => PostStop();

    /// <summary>Around <see cref="PreRestart"/>.</summary>
    protected internal virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);

    /// <summary>Around <see cref="PostRestart"/>.</summary>
    protected internal virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    /// <summary>Before the first message of the first incarnation.</summary>
    protected virtual void PreStart() { }

    /// <summary>After the last message.</summary>
    protected virtual void PostStop() { }

    /// <summary>On the failed incarnation, before it is let go. By default stops all children and calls <see cref="PostStop"/>.</summary>
    /// <param name="reason">The failure.</param>
    /// <param name="message">The message it came from; null where there was none.</param>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in Context.GetChildren().ToArray())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }

        PostStop();
    }

    /// <summary>On the new incarnation, before its first message. By default calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>What becomes of failed children.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.DefaultStrategy;

    /// <summary>A message that no behaviour handled: published as <see cref="UnhandledMessage"/>.</summary>
    /// <exception cref="DeathPactException">It was a <see cref="Terminated"/>.</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated dead) throw new DeathPactException(dead.ActorRef);
        Context.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(Receive receive) => Context.Become(receive);

    /// <summary>Lays a behaviour over the present one.</summary>
    protected void BecomeStacked(Receive receive) => Context.BecomeStacked(receive);

    /// <summary>Back to the behaviour below.</summary>
    protected void UnbecomeStacked() => Context.UnbecomeStacked();

    /// <summary>Sends <see cref="ReceiveTimeout"/> whenever nothing came for so long; null ends it.</summary>
    protected void SetReceiveTimeout(TimeSpan? timeout) => Context.SetReceiveTimeout(timeout);
}
