// What can go wrong with actors, as exceptions.
namespace Akka.Actor
{
    /// <summary>Root of the engine's own exceptions.</summary>
    public abstract class AkkaException : Exception
    {
        /// <summary>A message and, optionally, a cause.</summary>
        protected AkkaException(string? message, Exception? cause = null) : base(message, cause) { }

        /// <summary>The inner exception.</summary>
        protected Exception? Cause => InnerException;
    }

    /// <summary>An actor could not be made, started or found its state impossible.</summary>
    public class ActorInitializationException : AkkaException
    {
        /// <summary>About no actor in particular.</summary>
        public ActorInitializationException(string message) : base(message) { }

        /// <summary>About an actor.</summary>
        public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null) : base(message, cause) => Actor = actor;

        /// <summary>Which, or null.</summary>
        public IActorRef? Actor { get; }

        /// <inheritdoc/>
        public override string ToString() => Actor is null ? base.ToString() : $"{Actor}: {base.ToString()}";
    }

    /// <summary>The next incarnation could not be started.</summary>
    public class PostRestartException(IActorRef actor, Exception cause, Exception originalCause) : ActorInitializationException(actor, $"Exception post restart ({originalCause.GetType()})", cause)
    {
        /// <summary>What led to the restart.</summary>
        public Exception OriginalCause { get; } = originalCause;
    }

    /// <summary>PreRestart threw; the restart goes on.</summary>
    public class PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? optionalMessage)
        : ActorInitializationException(actor, $"Exception in PreRestart(reason={cause.GetType()}, message={optionalMessage?.GetType().ToString() ?? "none"})", restartException);

    /// <summary>Thrown by an actor that was sent <see cref="Kill"/>.</summary>
    public class ActorKilledException(string message) : AkkaException(message);

    /// <summary>Thrown by an actor that watches another and does not handle its <see cref="Terminated"/>.</summary>
    public class DeathPactException(IActorRef deadActor) : AkkaException($"Monitored actor [{deadActor}] terminated")
    {
        /// <summary>The watched one.</summary>
        public IActorRef DeadActor { get; } = deadActor;
    }

    /// <summary>The name is malformed or taken.</summary>
    public class InvalidActorNameException(string message, Exception? innerException = null) : AkkaException(message, innerException);

    /// <summary>A null message.</summary>
    public class InvalidMessageException(string message) : AkkaException(message);

    /// <summary>No answer in time.</summary>
    public class AskTimeoutException(string message) : AkkaException(message);

    /// <summary>A selection led nowhere.</summary>
    public class ActorNotFoundException : AkkaException
    {
        /// <summary>Why.</summary>
        public ActorNotFoundException(string message, Exception? innerException = null) : base(message, innerException) { }
    }

    /// <summary>The logger did not start.</summary>
    public class LoggerInitializationException(string message, Exception? cause = null) : AkkaException(message, cause);

    /// <summary>A scheduler was used after its end.</summary>
    public class SchedulerException(string message) : AkkaException(message);

    /// <summary>The same message was stashed twice, or without a mailbox that can take it back.</summary>
    public class IllegalActorStateException(string message) : AkkaException(message);

    /// <summary>A bounded stash is full.</summary>
    public class StashOverflowException(string message, Exception? cause = null) : AkkaException(message, cause);
}

namespace Akka.Configuration
{
    /// <summary>The configuration asks for what does not exist.</summary>
    public class ConfigurationException(string message, Exception? exception = null) : Akka.Actor.AkkaException(message, exception);
}
