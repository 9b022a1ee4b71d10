// The mailbox's memory: many producers, one consumer, one locked instruction a message. Knows nothing of actors or scheduling.
using System.Runtime.CompilerServices;
using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>
/// A chain of arrays. A producer claims a slot by adding to the last array's counter (a full fence) and then writes into
/// it, the message last. The consumer reads slots in order and hands emptied arrays back for reuse, so that a mailbox in
/// steady state allocates nothing. An array's counter is reset only at the moment it joins the chain again: until then it
/// stays beyond its length, and a producer that was held up since the array's previous life finds it full.
/// </summary>
internal struct EnvelopeChain
{
    private const int Smallest = 8, Largest = 512;

    private sealed class Segment(int size)
    {
        public readonly Envelope[] Slots = new Envelope[size];
        public int Claimed;
        public Segment? Next;
    }

    private Segment? _tail; // producers
    private Segment? _head; // consumer, once there is one
    private Segment? _spare;
    private int _read;

    /// <summary>Adds a message. Any thread. After the return, and already before the message is visible, <see cref="HasClaimed"/> is true.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enqueue(object message, IActorRef sender)
    {
        if (_tail is { } tail)
        {
            var i = Interlocked.Increment(ref tail.Claimed) - 1;
            var slots = tail.Slots;
            if ((uint)i < (uint)slots.Length)
            {
                ref var slot = ref slots[i];
                slot.From = sender;
                Volatile.Write(ref slot.Content, message);
                return;
            }

            Overflow(tail, i, message, sender);
            return;
        }

        First();
        Enqueue(message, sender);
    }

    private void First()
    {
        var fresh = new Segment(Smallest);
        var first = Interlocked.CompareExchange(ref _head, fresh, null) ?? fresh;
        // Succeeds only while no one has added anything, so first is still the first.
        Interlocked.CompareExchange(ref _tail, first, null);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Overflow(Segment full, int claimed, object message, IActorRef sender)
    {
        var spin = new SpinWait();
        while (true)
        {
            if (claimed == full.Slots.Length) Extend(full); // exactly one producer a life of the array
            else
                while (ReferenceEquals(Volatile.Read(ref _tail), full) && Volatile.Read(ref full.Claimed) >= full.Slots.Length) spin.SpinOnce(sleep1Threshold: -1);
            var tail = Volatile.Read(ref _tail)!;
            claimed = Interlocked.Increment(ref tail.Claimed) - 1;
            if (claimed < tail.Slots.Length)
            {
                ref var slot = ref tail.Slots[claimed];
                slot.From = sender;
                Volatile.Write(ref slot.Content, message);
                return;
            }

            full = tail;
        }
    }

    private void Extend(Segment full)
    {
        var size = full.Slots.Length;
        var spare = Interlocked.Exchange(ref _spare, null);
        // Grow where the consumer is far behind; a guess, read without care.
        if (size < Largest && (!ReferenceEquals(_head, full) || _read < size / 2)) (size, spare) = (size * 2, null);
        if (spare is null || spare.Slots.Length < size) spare = new Segment(size);
        else Volatile.Write(ref spare.Claimed, 0);
        Volatile.Write(ref full.Next, spare);
        Volatile.Write(ref _tail, spare);
    }

    /// <summary>Takes the oldest message. The consumer only. May fail while a claimed slot is still being written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryDequeue(ref Envelope envelope)
    {
        var head = _head;
        if (head is null) return false;
        var read = _read;
        var slots = head.Slots;
        if ((uint)read >= (uint)slots.Length)
        {
            if (Advance(head) is not { } next) return false;
            slots = next.Slots;
            read = 0;
        }

        ref var slot = ref slots[read];
        var message = Volatile.Read(ref slot.Content);
        if (message is null) return false;
        envelope.Content = message;
        envelope.From = slot.From;
        slot.Content = null!;
        slot.From = null!;
        _read = read + 1;
        return true;
    }

    private Segment? Advance(Segment head)
    {
        var next = Volatile.Read(ref head.Next);
        if (next is null) return null;
        head.Next = null;
        _head = next;
        _read = 0;
        if (head.Slots.Length >= next.Slots.Length) Volatile.Write(ref _spare, head);
        return next;
    }

    /// <summary>True when a message is there or is being added. The consumer only.</summary>
    public readonly bool HasClaimed
    {
        get
        {
            var head = Volatile.Read(in _head);
            return head is not null && Volatile.Read(ref head.Claimed) > _read;
        }
    }

    /// <summary>How many messages wait, about. Any thread.</summary>
    public readonly int Count
    {
        get
        {
            var count = 0;
            for (var s = Volatile.Read(in _head); s is not null; s = Volatile.Read(ref s.Next)) count += Math.Min(Volatile.Read(ref s.Claimed), s.Slots.Length);
            return Math.Max(0, count - _read);
        }
    }
}
