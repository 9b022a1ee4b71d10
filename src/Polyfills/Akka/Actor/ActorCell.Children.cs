// A cell's children: a list linked through the children themselves, with an index by name once they are many.

namespace Akka.Actor;

public sealed partial class ActorCell
{
    private const int IndexFrom = 16;

    /// <summary>The children of one cell. Its members are called under a lock on it.</summary>
    private sealed class Offspring
    {
        public ActorCell? First;
        public int Count, Dying;
        public long Uids;
        public bool Closed;
        public Dictionary<string, ActorCell>? ByName; // those with names of their own

        public ActorCell? Find(string name)
        {
            if (ByName is not null && ByName.TryGetValue(name, out var found)) return found;
            if (ByName is not null && !name.StartsWith('$')) return null;
            for (var c = First; c is not null; c = c._next)
                if ((c._name is null) == name.StartsWith('$') && c.Name == name) return c;
            return null;
        }

        public void Add(ActorCell child)
        {
            child._next = First;
            if (First is not null) First._previous = child;
            First = child;
            Count++;
            if (ByName is not null)
            {
                if (child._name is not null) ByName.Add(child._name, child);
            }
            else if (Count > IndexFrom)
            {
                ByName = new Dictionary<string, ActorCell>(StringComparer.Ordinal);
                for (var c = First; c is not null; c = c._next)
                    if (c._name is not null) ByName.TryAdd(c._name, c);
            }
        }

        public bool Remove(ActorCell child)
        {
            if (!child._attached) return false;
            child._attached = false;
            if (child._previous is null) First = child._next;
            else child._previous._next = child._next;
            if (child._next is not null) child._next._previous = child._previous;
            child._next = child._previous = null;
            Count--;
            if (child._dying) Dying--;
            if (ByName is not null && child._name is not null && ByName.TryGetValue(child._name, out var named) && ReferenceEquals(named, child)) ByName.Remove(child._name);
            return true;
        }

        public ActorCell[] ToArray()
        {
            var all = new ActorCell[Count];
            var i = Count; // newest first in the list, oldest first outside
            for (var c = First; c is not null; c = c._next) all[--i] = c;
            return all;
        }
    }

    private Offspring? _kids;
    private ActorCell? _next, _previous; // siblings
    private bool _attached, _dying; // the parent's

    /// <inheritdoc/>
    public IActorRef ActorOf(Props props, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null && !ActorPath.IsValidPathElement(name))
            throw new InvalidActorNameException($"{_self.Path}: '{name}' cannot be a child's name. A name has ASCII letters, digits and -_.*$+:@&=,!~'; and does not begin with $. Choose another.");
        return Bear(props, name)._self;
    }

    /// <summary>As <see cref="ActorOf"/>, for names the engine gives.</summary>
    internal ActorCell Bear(Props props, string? name)
    {
        var kids = _kids ?? (Interlocked.CompareExchange(ref _kids, new Offspring(), null) ?? _kids);
        ActorCell child;
        lock (kids)
        {
            if (kids.Closed) throw new InvalidOperationException($"{_self.Path}: cannot have a child while it stops or after. Start actors before, or elsewhere.");
            if (name is not null && kids.Count > 0 && kids.Find(name) is not null) throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
            child = new ActorCell(_system, props, this, name, ++kids.Uids) { _attached = true };
            kids.Add(child);
        }

        child.Start();
        return child;
    }

    internal ActorCell? FindChild(string name)
    {
        if (_kids is not { } kids) return null;
        var hash = name.IndexOf('#', StringComparison.Ordinal);
        lock (kids)
        {
            if (hash < 0) return kids.Find(name);
            return kids.Find(name[..hash]) is { } child && name.AsSpan(hash + 1).SequenceEqual(child._uid.ToString()) ? child : null;
        }
    }

    internal ActorCell[] ChildCells()
    {
        if (_kids is not { } kids) return [];
        lock (kids) return kids.Count == 0 ? [] : kids.ToArray();
    }

    /// <inheritdoc/>
    public IActorRef Child(string name) => (IActorRef?)FindChild(name)?._self ?? ActorRefs.Nobody;

    /// <inheritdoc/>
    public IEnumerable<IActorRef> GetChildren() => ChildCells().Select(static c => (IActorRef)c._self);

    /// <inheritdoc/>
    public void Stop(IActorRef child)
    {
        if (_kids is { } kids && child is LocalActorRef { Cell: var cell } && ReferenceEquals(cell._parentCell, this))
            lock (kids) MarkDying(kids, cell);
        ((IInternalActorRef)child).Stop();
    }

    private static void MarkDying(Offspring kids, ActorCell cell)
    {
        if (!cell._attached || cell._dying) return;
        cell._dying = true;
        kids.Dying++;
    }

    /// <summary>Stops all children, and has no more if it is for good. True while some are still to end.</summary>
    private bool StopChildren(bool forGood)
    {
        if (_kids is null && forGood) Interlocked.CompareExchange(ref _kids, new Offspring(), null);
        if (_kids is not { } kids) return false;
        ActorCell[] cells;
        lock (kids)
        {
            kids.Closed |= forGood;
            if (kids.Count == 0) return false;
            cells = kids.ToArray();
            foreach (var cell in cells) MarkDying(kids, cell);
        }

        foreach (var cell in cells) cell._self.Stop();
        return true;
    }

    private bool HasDyingChildren
    {
        get
        {
            if (_kids is not { } kids) return false;
            lock (kids) return kids.Dying > 0;
        }
    }

    private void SuspendChildren(IActorRef? except)
    {
        if (_kids is null) return;
        foreach (var cell in ChildCells())
            if (!ReferenceEquals(cell._self, except)) cell.SendSystem(new Dispatch.SysMsg.Suspend());
    }

    private void ResumeChildren(Exception? cause, IActorRef? perpetrator)
    {
        if (_kids is null) return;
        foreach (var cell in ChildCells()) cell.SendSystem(new Dispatch.SysMsg.Resume(ReferenceEquals(cell._self, perpetrator) ? cause : null));
    }

    internal ChildRestartStats RestartStats => Extras.Restarts ??= new ChildRestartStats(_self, _uid);

    /// <summary>A child has ended. Goes on with what waited for it.</summary>
    private void ChildEnded(ActorCell child)
    {
        var kids = _kids!;
        bool none;
        lock (kids)
        {
            if (!kids.Remove(child)) return;
            none = _waitsFor == WaitsFor.Termination ? kids.Count == 0 : kids.Dying == 0;
        }

        if (_actor is not null && _waitsFor == WaitsFor.Nothing) Strategy.HandleChildTerminated(this, child._self, []);
        if (none) ChildrenEnded();
    }
}
