// Messages put aside, to be handled later in the order they came. Knows the cell it gives them back to.
namespace Akka.Actor;

/// <summary>Puts the current message aside, and gives back what was put aside.</summary>
public interface IStash
{
    /// <summary>Puts the current message aside.</summary>
    /// <exception cref="IllegalActorStateException">It is aside already.</exception>
    /// <exception cref="StashOverflowException">The stash is full.</exception>
    void Stash();

    /// <summary>The oldest one becomes the next message.</summary>
    void Unstash();

    /// <summary>All become the next messages, oldest first.</summary>
    void UnstashAll();

    /// <summary>Those that satisfy the predicate become the next messages, oldest first; the others are dropped.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Empties the stash and returns what was in it, oldest first.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Puts messages before those in the stash.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);

    /// <summary>How many are aside.</summary>
    int Count { get; }

    /// <summary>None is aside.</summary>
    bool IsEmpty { get; }

    /// <summary>Some are aside.</summary>
    bool NonEmpty { get; }

    /// <summary>No room for another.</summary>
    bool IsFull { get; }

    /// <summary>How many have room; <see cref="int.MaxValue"/> for no limit.</summary>
    int Capacity { get; }
}

/// <summary>An actor that is given a stash after its constructor. Implement one of those derived from this.</summary>
public interface IActorStash
{
    /// <summary>Set by the engine.</summary>
    IStash Stash { get; set; }
}

/// <summary>An actor with a stash.</summary>
public interface IWithStash : IActorStash;

/// <summary>An actor with a stash, whatever its mailbox.</summary>
public interface IWithUnrestrictedStash : IActorStash;

/// <summary>An actor with a stash without limit.</summary>
public interface IWithUnboundedStash : IWithUnrestrictedStash;

internal sealed class Stash(ActorCell cell, int capacity) : IStash
{
    private readonly LinkedList<Envelope> _aside = new();
    private long _stashed = -1; // the number of the message put aside last

    public int Count => _aside.Count;

    public bool IsEmpty => _aside.Count == 0;

    public bool NonEmpty => _aside.Count > 0;

    public bool IsFull => _aside.Count >= capacity;

    public int Capacity => capacity;

    void IStash.Stash()
    {
        var current = cell.CurrentEnvelope;
        if (_stashed == cell.CurrentEnvelopeId)
            throw new IllegalActorStateException($"Can't stash the same message {current.Message} more than once");
        if (IsFull) throw new StashOverflowException($"{cell.Self.Path}: the stash holds {capacity} messages and is full. Unstash earlier, or raise stash-capacity.");
        _stashed = cell.CurrentEnvelopeId;
        _aside.AddLast(current);
    }

    public void Unstash()
    {
        if (_aside.First is not { } first) return;
        _aside.RemoveFirst();
        cell.Prepend([first.Value]);
    }

    public void UnstashAll()
    {
        if (_aside.Count == 0) return;
        cell.Prepend([.. _aside]);
        _aside.Clear();
    }

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        cell.Prepend([.. _aside.Where(predicate)]);
        _aside.Clear();
    }

    public IEnumerable<Envelope> ClearStash()
    {
        Envelope[] all = [.. _aside];
        _aside.Clear();
        return all;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Reverse()) _aside.AddFirst(envelope);
    }
}
