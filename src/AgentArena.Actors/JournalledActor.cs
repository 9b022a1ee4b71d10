// An actor whose truth is its stream of the journal: what was not stored ends the run. Knows no event.
using Akka.Actor;
using Akka.Persistence;

namespace AgentArena.Actors;

/// <summary>Tells its parent where the journal fails it, and the run's log what a person should know.</summary>
public abstract class JournalledActor : UntypedPersistentActor
{
    /// <summary>An event was not stored: the run cannot go on.</summary>
    /// <param name="error">What the journal says.</param>
    protected virtual void OnJournalFailed(string error) => Context.Parent.Tell(new JournalFailed(error));

    /// <summary>Puts a warning into the run's log.</summary>
    protected void Warn(string text) =>
        Context.System.EventStream.Publish(new Akka.Event.Warning(null!, PersistenceId, GetType(), text));

    /// <inheritdoc/>
    protected sealed override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        OnJournalFailed(cause.Message);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    /// <inheritdoc/>
    protected sealed override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnJournalFailed(cause.Message);
        base.OnPersistRejected(cause, @event, sequenceNr);
    }
}
