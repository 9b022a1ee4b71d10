// Who watches this cell, and whom it watches.
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

public sealed partial class ActorCell
{
    private IInternalActorRef? _watcher; // the first; more of them are in the extras

    /// <inheritdoc/>
    public IActorRef Watch(IActorRef subject) => Watch(subject, null);

    /// <inheritdoc/>
    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Watch(subject, message);
    }

    private IActorRef Watch(IActorRef subject, object? message)
    {
        if (ReferenceEquals(subject, _self)) return subject;
        var watching = Extras.Watching ??= [];
        if (watching.TryGetValue(subject, out var before))
        {
            if (!Equals(before, message)) throw new InvalidOperationException($"{_self.Path}: already watches {subject.Path} with another message. Unwatch first.");
            return subject;
        }

        if (Extras.Dead?.ContainsKey(subject) == true) return subject; // its death is in the mailbox already
        watching.Add(subject, message);
        ((IInternalActorRef)subject).SendSystemMessage(new Watch((IInternalActorRef)subject, _self));
        return subject;
    }

    /// <inheritdoc/>
    public IActorRef Unwatch(IActorRef subject)
    {
        if (_extras is null || ReferenceEquals(subject, _self)) return subject;
        if (_extras.Watching?.Remove(subject) == true) ((IInternalActorRef)subject).SendSystemMessage(new Unwatch((IInternalActorRef)subject, _self));
        _extras.Dead?.Remove(subject);
        return subject;
    }

    private void AddWatcher(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (!ReferenceEquals(watchee, _self)) return;
        if (_watcher is null) _watcher = watcher;
        else if (!ReferenceEquals(_watcher, watcher) && Extras.WatchedBy?.Contains(watcher) != true) (Extras.WatchedBy ??= []).Add(watcher);
    }

    private void RemoveWatcher(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (!ReferenceEquals(watchee, _self)) return;
        if (ReferenceEquals(_watcher, watcher)) _watcher = null;
        else _extras?.WatchedBy?.Remove(watcher);
    }

    private void WatchedActorTerminated(DeathWatchNotification note)
    {
        if (_extras?.Watching is { } watching && watching.Remove(note.Actor, out var message) && _waitsFor != WaitsFor.Termination)
        {
            var dead = new Terminated(note.Actor, note.ExistenceConfirmed, note.AddressTerminated);
            (_extras.Dead ??= [])[note.Actor] = message ?? dead;
            ((ICanTell)_self).Tell(dead, note.Actor);
        }

        if (note.Actor is LocalActorRef { Cell: var child } && ReferenceEquals(child._parentCell, this)) ChildEnded(child);
    }

    private void ReceiveTerminated(Terminated dead)
    {
        // Unwatched meanwhile: then it is nobody's affair.
        if (_extras?.Dead is not { } all || !all.Remove(dead.ActorRef, out var message)) return;
        _current.Content = message!;
        _actor!.AroundReceive(_behaviour!, message!);
    }

    private void TellWatchers()
    {
        // The parent hears of it anyway.
        var parent = ParentRef;
        if (_watcher is { } first && !ReferenceEquals(first, parent)) first.SendSystemMessage(new DeathWatchNotification(_self, true, false));
        _watcher = null;
        if (_extras?.WatchedBy is not { } others) return;
        foreach (var watcher in others)
            if (!ReferenceEquals(watcher, parent)) watcher.SendSystemMessage(new DeathWatchNotification(_self, true, false));
        others.Clear();
    }

    private void UnwatchAll()
    {
        if (_extras?.Watching is not { } watching) return;
        foreach (var subject in watching.Keys) ((IInternalActorRef)subject).SendSystemMessage(new Unwatch((IInternalActorRef)subject, _self));
        watching.Clear();
        _extras.Dead?.Clear();
    }
}
