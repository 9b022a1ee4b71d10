// The ref of an actor of this process. Knows its cell, and makes its path only when asked.
using System.Runtime.CompilerServices;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>A ref with a mailbox behind it.</summary>
public sealed class LocalActorRef : ActorRefBase, IInternalActorRef, ILocalRef, IActorRef
{
    private readonly ActorCell _cell;
    private ActorPath? _path;

    internal LocalActorRef(ActorCell cell) => _cell = cell;

    /// <summary>What runs the actor.</summary>
    public ActorCell Cell => _cell;

    /// <inheritdoc/>
    public override ActorPath Path => _path ??= _cell.MakePath();

    /// <inheritdoc/>
    public IInternalActorRef Parent => _cell.ParentRef;

    /// <inheritdoc/>
    public bool IsTerminated => _cell.IsTerminated;

    /// <inheritdoc/>
    public bool IsLocal => true;

    void ICanTell.Tell(object message, IActorRef? sender)
    {
        if (message is null) Refuse();
        _cell.SendMessage(message!, sender!);
    }

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef sender) => _cell.SendMessage(message, sender);

    /// <inheritdoc/>
    public void Stop() => _cell.SendSystem(new Terminate());

    /// <inheritdoc/>
    public void SendSystemMessage(ISystemMessage message) => _cell.SendSystem((SystemMessage)message);

    /// <inheritdoc/>
    public IActorRef GetChild(IReadOnlyList<string> name)
    {
        var here = _cell;
        foreach (var part in name)
            switch (part)
            {
                case "": break;
                case "..":
                    if (here.ParentRef is not LocalActorRef parent) return Nobody.Instance;
                    here = parent._cell;
                    break;
                default:
                    if (here.FindChild(part) is not { } child) return Nobody.Instance;
                    here = child;
                    break;
            }

        return here.LocalSelf;
    }

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
}
