// Questions with one answer, answers of tasks as messages, and stopping with a wait.
using Akka.Event;

namespace Akka.Actor;

/// <summary>Asking from outside of actors.</summary>
public static class Futures
{
    /// <summary>Sends a message and waits for the first answer.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) => self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Sends a message and waits for the first answer.</summary>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<object>(message, null, cancellationToken);

    /// <summary>Sends a message and waits for the first answer.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) => self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Sends a message and waits for the first answer.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<T>(message, null, cancellationToken);

    /// <summary>Sends a message and waits for the first answer.</summary>
    /// <returns>Fails with <see cref="AskTimeoutException"/>, with the cause of a <see cref="Status.Failure"/>, or with an <see cref="ArgumentException"/> for an answer of another type.</returns>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) => self.Ask<T>(_ => message, timeout, cancellationToken);

    /// <summary>Sends a message that knows where the answer is expected.</summary>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var system = SystemOf(self) ?? throw new ArgumentException("Ask: the receiver belongs to no actor system. Ask an actor.", nameof(self));
        var promise = new FutureActorRef<T>(system, self.ToString() ?? "", timeout ?? system.Settings.AskTimeout, cancellationToken);
        self.Tell(messageFactory(promise), promise);
        return promise.Answer;
    }

    private static ActorSystemImpl? SystemOf(ICanTell target) => target switch
    {
        LocalActorRef local => local.Cell.SystemImpl,
        ActorSelection selection => SystemOf(selection.Anchor),
        DeadLetterActorRef letters => letters.System,
        _ => ActorCell.Active?.SystemImpl,
    };
}

/// <summary>Answers of tasks as messages.</summary>
public static class PipeToSupport
{
    /// <summary>Sends the task's result, or its failure as <see cref="Status.Failure"/>.</summary>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who gets it.</param>
    /// <param name="sender">In whose name; the current actor's where null.</param>
    /// <param name="success">Makes a message of the result.</param>
    /// <param name="failure">Makes a message of the failure.</param>
    public static Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe, recipient, sender ?? ActorCell.GetCurrentSelfOrNoSender(), success, failure);

    /// <summary>Sends a message on success (nothing, where there is no mapper) and on failure.</summary>
    public static Task PipeTo(this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null) =>
        Pipe(taskToPipe, recipient, sender ?? ActorCell.GetCurrentSelfOrNoSender(), success, failure);

    private static async Task Pipe<T>(Task<T> task, ICanTell recipient, IActorRef? sender, Func<T, object>? success, Func<Exception, object>? failure)
    {
        object message;
        try
        {
            var result = await task.ConfigureAwait(false);
            message = success is null ? result! : success(result);
        }
        catch (Exception e)
        {
            message = failure is null ? new Status.Failure(e) : failure(e);
        }

        recipient.Tell(message, sender);
    }

    private static async Task Pipe(Task task, ICanTell recipient, IActorRef? sender, Func<object>? success, Func<Exception, object>? failure)
    {
        object? message;
        try
        {
            await task.ConfigureAwait(false);
            message = success?.Invoke();
        }
        catch (Exception e)
        {
            message = failure is null ? new Status.Failure(e) : failure(e);
        }

        if (message is not null) recipient.Tell(message, sender);
    }
}

/// <summary>Stopping with a wait.</summary>
public static class GracefulStopSupport
{
    /// <summary>Sends a <see cref="PoisonPill"/> and waits for the end.</summary>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Sends a message that makes the actor stop, and waits for the end.</summary>
    /// <returns>Fails with <see cref="TaskCanceledException"/> where it did not come in time.</returns>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var actor = (IInternalActorRef)target;
        if (actor.IsTerminated || target is not LocalActorRef local) return true;
        var promise = new FutureActorRef<Terminated>(local.Cell.SystemImpl, target.ToString()!, timeout, CancellationToken.None);
        var watch = new DeathPromise(promise);
        actor.SendSystemMessage(new Dispatch.SysMsg.Watch(actor, watch));
        target.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            await promise.Answer.ConfigureAwait(false);
            return true;
        }
        catch (AskTimeoutException)
        {
            actor.SendSystemMessage(new Dispatch.SysMsg.Unwatch(actor, watch));
            throw new TaskCanceledException($"{target.Path}: did not stop within {timeout}. Give it more time, or find out what it waits for.");
        }
    }

    private sealed class DeathPromise(FutureActorRef<Terminated> promise) : MinimalActorRef
    {
        public override ActorPath Path => promise.Path;

        public override void SendSystemMessage(Dispatch.SysMsg.ISystemMessage message)
        {
            if (message is Dispatch.SysMsg.DeathWatchNotification note) ((ICanTell)promise).Tell(new Terminated(note.Actor, note.ExistenceConfirmed, false), null);
        }
    }
}
