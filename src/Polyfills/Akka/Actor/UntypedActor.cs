// The plain actor: one method for all messages.
namespace Akka.Actor;

/// <summary>An actor with one method for all messages; call <see cref="ActorBase.Unhandled"/> for those it does not know.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Handles a message.</summary>
    protected abstract void OnReceive(object message);

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Lays a behaviour over the present one.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);

    /// <summary>The surroundings.</summary>
    protected static new IUntypedActorContext Context => (IUntypedActorContext)ActorBase.Context;

    /// <summary>Runs an asynchronous action as part of the current message.</summary>
    protected void RunTask(Func<Task> action) => Dispatch.ActorTaskScheduler.RunTask(action);

    /// <summary>Runs an action.</summary>
    protected void RunTask(Action action) => Dispatch.ActorTaskScheduler.RunTask(action);
}
