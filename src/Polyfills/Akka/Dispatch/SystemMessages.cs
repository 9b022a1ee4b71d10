// Messages between cells that overtake user messages: birth, failure, death. Linked through themselves, so that a queue of them costs nothing more.
using Akka.Actor;

namespace Akka.Dispatch.SysMsg;

/// <summary>Overtakes user messages.</summary>
public interface ISystemMessage;

/// <summary>A link in a cell's list of system messages.</summary>
public abstract class SystemMessage : ISystemMessage
{
    internal SystemMessage? Next;
}

internal sealed class Closed : SystemMessage
{
    public static readonly Closed Sign = new();
}

/// <summary>Stop for good.</summary>
public sealed class Terminate : SystemMessage;

/// <summary>Handle no user messages until resumed.</summary>
public sealed class Suspend : SystemMessage;

/// <summary>Go on; the cause is given to the one whose failure it was.</summary>
public sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    /// <summary>Null where the failure was another's.</summary>
    public Exception? CausedByFailure { get; } = causedByFailure;
}

/// <summary>Restart.</summary>
public sealed class Recreate(Exception cause) : SystemMessage
{
    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;
}

/// <summary>A child failed; its supervisor decides.</summary>
public sealed class Failed(IInternalActorRef child, Exception cause) : SystemMessage
{
    /// <summary>Who failed.</summary>
    public IInternalActorRef Child { get; } = child;

    /// <summary>How.</summary>
    public Exception Cause { get; } = cause;
}

/// <summary>Tell the watcher when the watchee dies.</summary>
public sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    /// <summary>Who is watched.</summary>
    public IInternalActorRef Watchee { get; } = watchee;

    /// <summary>Who watches.</summary>
    public IInternalActorRef Watcher { get; } = watcher;
}

/// <summary>Undo a <see cref="Watch"/>.</summary>
public sealed class Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    /// <summary>Who was watched.</summary>
    public IInternalActorRef Watchee { get; } = watchee;

    /// <summary>Who watched.</summary>
    public IInternalActorRef Watcher { get; } = watcher;
}

/// <summary>An actor died: for its parent and its watchers.</summary>
public sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed, bool addressTerminated) : SystemMessage
{
    /// <summary>Who.</summary>
    public IActorRef Actor { get; } = actor;

    /// <summary>False where it was never known to have lived.</summary>
    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    /// <summary>Always false here.</summary>
    public bool AddressTerminated { get; } = addressTerminated;
}

/// <summary>A continuation of the actor's own task, run inside the actor.</summary>
internal sealed class TaskStep(ActorTaskScheduler scheduler, Task? task, ExceptionBox? end) : SystemMessage
{
    public ActorTaskScheduler Scheduler { get; } = scheduler;

    public Task? Task { get; } = task;

    /// <summary>Not null when the whole task has ended.</summary>
    public ExceptionBox? End { get; } = end;
}

/// <summary>How a task ended: a null cause means well.</summary>
internal sealed class ExceptionBox(Exception? cause)
{
    public Exception? Cause { get; } = cause;
}
