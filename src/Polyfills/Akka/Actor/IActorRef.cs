// What an actor is to the outside: a handle to tell things to. Knows nothing of what lies behind.
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Something that can be told a message.</summary>
public interface ICanTell
{
    /// <summary>Sends a message, at most once, in order per sender. Never blocks, never throws for a dead receiver.</summary>
    void Tell(object message, IActorRef? sender);
}

/// <summary>The handle of one incarnation-spanning actor: valid across restarts, dead for good once stopped.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    /// <summary>Where the actor stands in the tree.</summary>
    ActorPath Path { get; }
}

/// <summary>Says whether an actor lives in this process. Here all do.</summary>
public interface IActorRefScope
{
    /// <summary>True for an actor of this process.</summary>
    bool IsLocal { get; }
}

/// <summary>Marks refs of this process.</summary>
public interface ILocalRef : IActorRefScope;

/// <summary>The engine's view of a ref: life cycle and system messages.</summary>
public interface IInternalActorRef : IActorRef, IActorRefScope
{
    /// <summary>The supervisor.</summary>
    IInternalActorRef Parent { get; }

    /// <summary>True once the actor has stopped for good.</summary>
    bool IsTerminated { get; }

    /// <summary>Asks the actor to stop after its current message.</summary>
    void Stop();

    /// <summary>Sends a message that overtakes user messages.</summary>
    void SendSystemMessage(ISystemMessage message);

    /// <summary>A descendant by name parts; <see cref="ActorRefs.Nobody"/> where there is none.</summary>
    IActorRef GetChild(IReadOnlyList<string> name);
}

/// <summary>Identity, order and equality by path and uid.</summary>
public abstract class ActorRefBase : IActorRef
{
    /// <inheritdoc/>
    public abstract ActorPath Path { get; }

    /// <inheritdoc/>
    public void Tell(object message, IActorRef? sender)
    {
        if (message is null) Refuse();
        TellInternal(message!, sender ?? ActorRefs.NoSender);
    }

    /// <summary>Delivers a message that is not null.</summary>
    protected abstract void TellInternal(object message, IActorRef sender);

    private protected static void Refuse() => throw new InvalidMessageException("Tell: the message is null. A message is an object; send a record that says what null would have meant.");

    /// <inheritdoc/>
    public bool Equals(IActorRef? other)
    {
        if (ReferenceEquals(this, other)) return true;
        // An actor of this process has one ref; only others, and refs wrapped by a test's probe, are compared by path.
        if (other is null || (this is LocalActorRef && other is ActorRefBase) || (other is LocalActorRef)) return false;
        return Path.Uid == other.Path.Uid && Path.Equals(other.Path);
    }

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as IActorRef);

    /// <inheritdoc/>
    public override int GetHashCode() => Path.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(IActorRef? other)
    {
        if (other is null) return 1;
        var byPath = Path.CompareTo(other.Path);
        return byPath != 0 ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        IActorRef other => CompareTo(other),
        _ => throw new ArgumentException($"{this}: cannot be compared with a {obj.GetType()}. Compare with an IActorRef."),
    };

    /// <inheritdoc/>
    public override string ToString() => Path.Uid == ActorCell.UndefinedUid ? $"[{Path}]" : $"[{Path}#{Path.Uid}]";
}

/// <summary>Refs without a mailbox behind them: no life cycle to speak of.</summary>
public abstract class MinimalActorRef : ActorRefBase, IInternalActorRef, ILocalRef
{
    /// <inheritdoc/>
    public virtual IInternalActorRef Parent => Nobody.Instance;

    /// <inheritdoc/>
    public virtual bool IsTerminated => false;

    /// <inheritdoc/>
    public bool IsLocal => true;

    /// <inheritdoc/>
    protected override void TellInternal(object message, IActorRef sender) { }

    /// <inheritdoc/>
    public virtual void Stop() { }

    /// <inheritdoc/>
    public virtual void SendSystemMessage(ISystemMessage message)
    {
        // A watcher of something that was never alive learns so at once.
        if (message is Watch watch && ReferenceEquals(watch.Watchee, this)) ((IInternalActorRef)watch.Watcher).SendSystemMessage(new DeathWatchNotification(this, false, false));
    }

    /// <inheritdoc/>
    public virtual IActorRef GetChild(IReadOnlyList<string> name) => name.All(string.IsNullOrEmpty) ? this : Nobody.Instance;
}

/// <summary>The ref of nobody: swallows everything.</summary>
public sealed class Nobody : MinimalActorRef
{
    /// <summary>The only one.</summary>
    public static readonly Nobody Instance = new();

    private Nobody() { }

    /// <inheritdoc/>
    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/Nobody");

    /// <inheritdoc/>
    public override IInternalActorRef Parent => this;

    /// <inheritdoc/>
    public override bool IsTerminated => true;
}

/// <summary>Well-known refs.</summary>
public static class ActorRefs
{
    /// <summary>Nobody: swallows everything.</summary>
    public static readonly IActorRef Nobody = Actor.Nobody.Instance;

    /// <summary>No sender. Replies to it go to dead letters.</summary>
    public static readonly IActorRef NoSender = null!;
}

/// <summary>Everyday questions to a ref.</summary>
public static class ActorRefExtensions
{
    /// <summary>True for null and for <see cref="ActorRefs.Nobody"/>.</summary>
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null or Nobody;

    /// <summary>The ref itself, or the other where it is null.</summary>
    public static IActorRef GetOrElse(this IActorRef? actorRef, Func<IActorRef> elseValue) => actorRef.IsNobody() ? elseValue() : actorRef!;
}

/// <summary>Telling with the current actor as the sender.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Tells; inside an actor the sender is that actor, outside it is nobody.</summary>
    public static void Tell(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.GetCurrentSelfOrNoSender());

    /// <summary>Passes a message on, with the current sender.</summary>
    public static void Forward(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.GetCurrentSenderOrNoSender());
}
