// What an actor may do with its surroundings, as seen from within.
using Akka.Configuration;

namespace Akka.Actor;

/// <summary>Handles a message; false leaves it unhandled.</summary>
public delegate bool Receive(object message);

/// <summary>Handles a message.</summary>
public delegate void UntypedReceive(object message);

/// <summary>Makes and finds actors.</summary>
public interface IActorRefFactory
{
    /// <summary>Starts an actor; a missing name is made up.</summary>
    /// <exception cref="InvalidActorNameException">The name is malformed or taken.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>Actors by path, absolute or relative, with * and ? for any text and any letter.</summary>
    ActorSelection ActorSelection(string actorPath);

    /// <summary>The actor at a path.</summary>
    ActorSelection ActorSelection(ActorPath actorPath);
}

/// <summary>Shorthands.</summary>
public static class ActorRefFactoryExtensions
{
    /// <summary>Starts an actor of a type with a parameterless constructor.</summary>
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null) where TActor : ActorBase, new() => factory.ActorOf(Props.Create<TActor>(), name);

    /// <summary>The actors at a path below an actor.</summary>
    public static ActorSelection ActorSelection(this IActorRefFactory factory, IActorRef anchorRef, string actorPath) => new(anchorRef, actorPath);
}

/// <summary>Watches other actors' deaths.</summary>
public interface ICanWatch
{
    /// <summary>Be told <see cref="Terminated"/> when it stops for good; at once where it has.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>As <see cref="Watch"/>, with a message of one's own.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>Never mind, even if it has died meanwhile.</summary>
    IActorRef Unwatch(IActorRef subject);
}

/// <summary>An actor's surroundings. To be used inside the actor only.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    /// <summary>This actor.</summary>
    IActorRef Self { get; }

    /// <summary>How it was made.</summary>
    Props Props { get; }

    /// <summary>Who sent the current message; dead letters where nobody did.</summary>
    IActorRef Sender { get; }

    /// <summary>The system.</summary>
    ActorSystem System { get; }

    /// <summary>The supervisor.</summary>
    IActorRef Parent { get; }

    /// <summary>Where it runs.</summary>
    Dispatch.MessageDispatcher Dispatcher { get; }

    /// <summary>What <see cref="SetReceiveTimeout"/> said last.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>Replaces the behaviour, and forgets those below it.</summary>
    void Become(Receive receive);

    /// <summary>Lays a behaviour over the present one.</summary>
    void BecomeStacked(Receive receive);

    /// <summary>Back to the behaviour below.</summary>
    void UnbecomeStacked();

    /// <summary>A child by name, or <see cref="ActorRefs.Nobody"/>.</summary>
    IActorRef Child(string name);

    /// <summary>All children.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>Sends <see cref="Actor.ReceiveTimeout"/> whenever nothing came for so long; null ends it.</summary>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Stops an actor after its current message.</summary>
    void Stop(IActorRef child);
}

/// <summary>For actors whose behaviours handle all they get.</summary>
public interface IUntypedActorContext : IActorContext
{
    /// <summary>Replaces the behaviour.</summary>
    void Become(UntypedReceive receive);

    /// <summary>Lays a behaviour over the present one.</summary>
    void BecomeStacked(UntypedReceive receive);
}

/// <summary>Set by the actor once its context is there, before its first message and after its constructor.</summary>
public interface IInitializableActor
{
    /// <summary>Called once an incarnation.</summary>
    void Init();
}
