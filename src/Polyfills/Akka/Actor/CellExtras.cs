// What most actors never need, kept apart so that an idle actor stays small.
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

internal sealed class CellExtras
{
    public Stack<Receive>? Behaviours;

    /// <summary>Watched actors, with the message to send instead of <see cref="Terminated"/>, or null.</summary>
    public Dictionary<IActorRef, object?>? Watching;

    /// <summary>Their <see cref="Terminated"/> is in the mailbox; the value is the message to hand out.</summary>
    public Dictionary<IActorRef, object?>? Dead;

    public List<IInternalActorRef>? WatchedBy;

    public List<IStash>? Stashes;

    public TimerScheduler? Timers;

    public ActorTaskScheduler? Tasks;

    public Envelope AwaitedFor;

    public TimeSpan? ReceiveTimeout;

    public ICancelable? ReceiveTimer;

    public TimeSpan LastReceived;

    public ChildRestartStats? Restarts;

    /// <summary>System messages that wait until the actor is neither failed nor waiting for children.</summary>
    public Queue<SystemMessage>? Deferred;
}
