// How many actors recover at once, and which of them have stalled. Knows actors by reference only; refuses to know journals.
using System.Diagnostics;
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// A counter with a waiting line instead of an actor: where a permit is free, recovery costs no message for it. Safe from any thread.
/// </summary>
internal sealed class RecoveryGate : IDisposable
{
    private readonly object _lock = new();
    private readonly Queue<Ticket> _line = new();
    private readonly LinkedList<Ticket> _inside = new();
    private readonly Timer _watch;
    private readonly TimeSpan _timeout;
    private readonly int _most;

    public RecoveryGate(int most, TimeSpan timeout)
    {
        (_most, _timeout) = (most, timeout);
        var period = TimeSpan.FromMilliseconds(Math.Clamp(timeout.TotalMilliseconds / 4, 10, 10_000));
        _watch = new Timer(_ => Watch(), null, period, period);
    }

    /// <summary>Told to an actor whose turn has come.</summary>
    internal sealed record Granted(int InstanceId) : INoSerializationVerificationNeeded;

    /// <summary>Told to an actor whose recovery has not moved for the timeout.</summary>
    internal sealed record Stalled(int InstanceId) : INoSerializationVerificationNeeded;

    internal sealed class Ticket(IActorRef actor, int instanceId)
    {
        public IActorRef Actor { get; } = actor;
        public int InstanceId { get; } = instanceId;
        public bool Granted { get; set; }
        public bool Left { get; set; }
        public long Moved { get; set; } = Stopwatch.GetTimestamp();
        public LinkedListNode<Ticket>? Place { get; set; }

        /// <summary>Something came; called by the actor alone.</summary>
        public void Progress() => Moved = Stopwatch.GetTimestamp();
    }

    /// <summary>Asks for a permit: granted at once, or by a <see cref="Granted"/> message later.</summary>
    public Ticket Enter(IActorRef actor, int instanceId)
    {
        var ticket = new Ticket(actor, instanceId);
        lock (_lock)
        {
            if (_inside.Count < _most)
            {
                ticket.Granted = true;
                ticket.Place = _inside.AddLast(ticket);
            }
            else
            {
                _line.Enqueue(ticket);
            }
        }

        return ticket;
    }

    /// <summary>Gives the permit, or the place in the line, back.</summary>
    public void Leave(Ticket ticket)
    {
        Ticket? next = null;
        lock (_lock)
        {
            ticket.Left = true;
            if (ticket.Place is null) return;
            _inside.Remove(ticket.Place);
            ticket.Place = null;
            while (_inside.Count < _most && _line.TryDequeue(out next))
            {
                if (next.Left) continue;
                next.Moved = Stopwatch.GetTimestamp();
                next.Place = _inside.AddLast(next);
                break;
            }
        }

        if (next is { Left: false }) next.Actor.Tell(new Granted(next.InstanceId), ActorRefs.NoSender);
    }

    public void Dispose() => _watch.Dispose();

    private void Watch()
    {
        List<Ticket>? stalled = null;
        lock (_lock)
        {
            foreach (var ticket in _inside)
            {
                if (Stopwatch.GetElapsedTime(ticket.Moved) < _timeout) continue;
                ticket.Progress(); // told once a timeout
                (stalled ??= []).Add(ticket);
            }
        }

        foreach (var ticket in stalled ?? []) ticket.Actor.Tell(new Stalled(ticket.InstanceId), ActorRefs.NoSender);
    }
}
