// The actors at the top of the tree: they supervise, and pass the end on in order (user, system, root).
namespace Akka.Actor;

internal sealed class RootGuardianActor : ActorBase
{
    public sealed record Follow(IActorRef Last);

    private IActorRef? _last;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Follow follow:
                Context.Watch(_last = follow.Last);
                return true;
            case Terminated dead when dead.ActorRef.Equals(_last):
                Context.Stop(Self);
                return true;
            default:
                return message is Terminated;
        }
    }
}

internal sealed class GuardianActor : ActorBase
{
    protected override bool Receive(object message)
    {
        if (message is not Terminated) Context.System.DeadLetters.Tell(new Event.DeadLetter(message, Sender, Self), Sender);
        return true;
    }

    // Top-level actors outlive a failure of the guardian's.
    protected override void PreRestart(Exception reason, object message) { }
}

internal sealed class SystemGuardianActor(IActorRef user) : ActorBase
{
    protected override void PreStart() => Context.Watch(user);

    protected override bool Receive(object message)
    {
        if (message is Terminated dead && dead.ActorRef.Equals(user)) Context.Stop(Self);
        return true;
    }

    protected override void PreRestart(Exception reason, object message) { }
}
