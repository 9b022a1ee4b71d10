// The persistent actor of these tests: keeps the texts it persisted, and does as each command says.
using Akka.Actor;

namespace Akka.Persistence.Tests.Actors;

/// <summary>Persist one event, answer its text when stored.</summary>
public sealed record Note(string Text);

/// <summary>As <see cref="Note"/>, without holding later commands up.</summary>
public sealed record NoteAsync(string Text);

/// <summary>Persist several events at once.</summary>
public sealed record NoteAll(params string[] Texts);

/// <summary>Persist the first event, and the second from within the first one's handler.</summary>
public sealed record Nest(string Outer, string Inner);

/// <summary>Persist, then throw from the handler.</summary>
public sealed record NoteAndThrow(string Text);

/// <summary>Persist, then throw at once, before the event is stored.</summary>
public sealed record NoteThenThrow(string Text);

/// <summary>Persist asynchronously, then defer a text.</summary>
public sealed record Defer(string Text, string Deferred);

/// <summary>Answer all texts.</summary>
public sealed record Tell;

/// <summary>Save all texts as a snapshot.</summary>
public sealed record Save;

/// <summary>Put this command into the actor's own stash until <see cref="Release"/>.</summary>
public sealed record Hold(string Text);

/// <summary>Take the actor's own stash out.</summary>
public sealed record Release;

/// <summary>Told to the probe.</summary>
public sealed record Heard(string What);

public sealed class Scribe : UntypedPersistentActor
{
    private readonly List<string> _texts = [];
    private readonly IActorRef _probe;
    private readonly Recovery _recovery;
    private bool _released;

    public Scribe(string id, IActorRef probe, Recovery? recovery = null)
    {
        (PersistenceId, _probe, _recovery) = (id, probe, recovery ?? Recovery.Default);
        IsRecovering.ShouldBeTrue();
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery => _recovery;

    protected override void OnRecover(object message)
    {
        IsRecovering.ShouldBe(message is not RecoveryCompleted);
        switch (message)
        {
            case SnapshotOffer offer:
                _texts.Clear();
                _texts.AddRange(((Happened)offer.Snapshot).Text.Split(',', StringSplitOptions.RemoveEmptyEntries));
                _probe.Tell(new Heard($"offer {offer.Metadata.SequenceNr}"));
                break;
            case Happened { Text: "poison" }:
                throw new InvalidOperationException("poison");
            case Happened h:
                _texts.Add(h.Text);
                break;
            case RecoveryCompleted:
                _probe.Tell(new Heard($"recovered {LastSequenceNr}: {string.Join(',', _texts)}"));
                if (PersistenceId.StartsWith("eager", StringComparison.Ordinal)) Persist(new Happened("first"), Add);
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Note n:
                Persist(new Happened(n.Text), AddAndAnswer);
                break;
            case NoteAsync n:
                PersistAsync(new Happened(n.Text), AddAndAnswer);
                Sender.Tell($"accepted {n.Text}");
                break;
            case NoteAll n:
                PersistAll(n.Texts.Select(t => new Happened(t)), AddAndAnswer);
                break;
            case Nest n:
                Persist(new Happened(n.Outer), e =>
                {
                    AddAndAnswer(e);
                    Persist(new Happened(n.Inner), AddAndAnswer);
                });
                break;
            case NoteAndThrow n:
                Persist(new Happened(n.Text), e => throw new InvalidOperationException(e.Text));
                break;
            case NoteThenThrow n:
                Persist(new Happened(n.Text), AddAndAnswer);
                throw new InvalidOperationException(n.Text);
            case Defer d:
                PersistAsync(new Happened(d.Text), AddAndAnswer);
                DeferAsync(d.Deferred, t => Sender.Tell(t));
                break;
            case Tell:
                Sender.Tell(string.Join(',', _texts));
                break;
            case Save:
                SaveSnapshot(new Happened(string.Join(',', _texts)));
                break;
            case SaveSnapshotSuccess s:
                _probe.Tell(new Heard($"saved {s.Metadata.SequenceNr}"));
                break;
            case Hold when !_released:
                Stash.Stash();
                break;
            case Hold h:
                Sender.Tell(h.Text);
                break;
            case Release:
                _released = true;
                Stash.UnstashAll();
                break;
            case "stop":
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _probe.Tell(new Heard($"failed {sequenceNr}"));

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => _probe.Tell(new Heard($"rejected {sequenceNr}"));

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _probe.Tell(new Heard($"no recovery: {reason.Message}"));

    private void Add(Happened e) => _texts.Add(e.Text);

    private void AddAndAnswer(Happened e)
    {
        Add(e);
        Sender.Tell(e.Text);
    }
}
