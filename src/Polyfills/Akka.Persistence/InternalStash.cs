// Where a persistent actor sets commands aside while it recovers or stores events: taken out again before the mailbox, in order.
// Knows the engine's cell; made only when first needed, so that an actor that never waits pays nothing.
using Akka.Actor;

namespace Akka.Persistence;

internal sealed class InternalStash(IActorContext context)
{
    private readonly ActorCell _cell = (ActorCell)context;
    private Queue<Envelope>? _held;

    /// <summary>Sets the present message aside.</summary>
    public void Stash() => (_held ??= new Queue<Envelope>()).Enqueue(_cell.CurrentEnvelope);

    /// <summary>Lets the message set aside first come next.</summary>
    public void Unstash()
    {
        if (_held is not null && _held.TryDequeue(out var envelope)) _cell.Prepend([envelope]);
    }

    /// <summary>Lets all messages set aside come next.</summary>
    public void UnstashAll()
    {
        if (_held is not { Count: > 0 } held) return;
        _held = null;
        _cell.Prepend([.. held]);
    }
}
