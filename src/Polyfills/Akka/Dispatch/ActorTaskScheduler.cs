// Lets asynchronous code run inside an actor: each continuation becomes a turn of the actor's.
using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>The task scheduler of one incarnation of an actor.</summary>
public sealed class ActorTaskScheduler : TaskScheduler
{
    private readonly ActorCell _cell;

    internal ActorTaskScheduler(ActorCell cell) => _cell = cell;

    /// <summary>Runs an asynchronous action as part of the current message: the next waits until it is done.</summary>
    public static void RunTask(Func<Task> asyncAction)
    {
        ArgumentNullException.ThrowIfNull(asyncAction);
        (ActorCell.Active ?? throw new InvalidOperationException("ActorTaskScheduler.RunTask: there is no active actor. Call it while handling a message.")).RunTask(asyncAction);
    }

    /// <summary>Runs an action.</summary>
    public static void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    internal void Run(Task task) => TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => [];

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => _cell.SendSystem(new TaskStep(this, task, null));

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ReferenceEquals(ActorCell.Active, _cell) && TryExecuteTask(task);
}
