// The public face of a system of actors: configuration, top-level actors, and their common end.
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A tree of actors with its threads, timers and settings. Costly; one a process, or one a test.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    /// <summary>The configuration's readings.</summary>
    public abstract Settings Settings { get; }

    /// <summary>Its name, part of every path.</summary>
    public abstract string Name { get; }

    /// <summary>Turns messages to bytes and back.</summary>
    public abstract Serialization.Serialization Serialization { get; }

    /// <summary>Published events: logs, dead letters, one's own.</summary>
    public abstract EventStream EventStream { get; }

    /// <summary>Where messages to nobody go.</summary>
    public abstract IActorRef DeadLetters { get; }

    /// <summary>Where actors run.</summary>
    public abstract Dispatchers Dispatchers { get; }

    /// <summary>How messages wait.</summary>
    public abstract Mailboxes Mailboxes { get; }

    /// <summary>Timers.</summary>
    public abstract IScheduler Scheduler { get; }

    /// <summary>The system's own log.</summary>
    public abstract ILoggingAdapter Log { get; }

    /// <summary>When the system began, as ticks of its clock.</summary>
    public abstract TimeSpan Uptime { get; }

    /// <summary>Completes when all actors have stopped.</summary>
    public abstract Task WhenTerminated { get; }

    /// <summary>A system with the defaults.</summary>
    public static ActorSystem Create(string name) => Create(name, ConfigurationFactory.Empty);

    /// <summary>A system.</summary>
    /// <param name="name">Letters, digits, - and _.</param>
    /// <param name="config">Laid over the defaults.</param>
    public static ActorSystem Create(string name, Config config)
    {
        if (string.IsNullOrEmpty(name) || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || name[0] is '-' or '_')
            throw new ArgumentException($"ActorSystem.Create: '{name}' is no name for a system. Use letters, digits, - and _, beginning with a letter or digit.", nameof(name));
        var system = new ActorSystemImpl(name, config ?? ConfigurationFactory.Empty);
        system.Start();
        return system;
    }

    /// <summary>Stops all actors, from the top down, and then the threads.</summary>
    public abstract Task Terminate();

    /// <summary>Runs when all actors have stopped, the last registered first.</summary>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>Stops an actor.</summary>
    public abstract void Stop(IActorRef actor);

    /// <inheritdoc/>
    public abstract IActorRef ActorOf(Props props, string? name = null);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(string actorPath);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    /// <summary>The extension of that type.</summary>
    public abstract T GetExtension<T>() where T : class, IExtension;

    /// <summary>The extension, made on first use.</summary>
    public abstract object RegisterExtension(IExtensionId extension);

    /// <summary>The extension, made on first use.</summary>
    public abstract object GetExtension(IExtensionId extensionId);

    /// <summary>True when it has been made.</summary>
    public abstract bool HasExtension<T>() where T : class, IExtension;

    /// <inheritdoc/>
    public void Dispose()
    {
        Terminate();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"akka://{Name}";
}

/// <summary>What parts of the engine see of the system.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    /// <summary>Finds refs.</summary>
    public abstract IActorRefProvider Provider { get; }

    /// <summary>The parent of the user's actors.</summary>
    public abstract IInternalActorRef Guardian { get; }

    /// <summary>The root.</summary>
    public abstract IInternalActorRef LookupRoot { get; }

    /// <summary>The parent of the engine's own actors.</summary>
    public abstract IInternalActorRef SystemGuardian { get; }

    /// <summary>Starts an actor below /system.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    /// <summary>Starts an actor below /system.</summary>
    public abstract IActorRef SystemActorOf<TActor>(string? name = null) where TActor : ActorBase, new();
}

/// <summary>Finds refs by path.</summary>
public interface IActorRefProvider
{
    /// <summary>The root actor.</summary>
    IInternalActorRef RootGuardian { get; }

    /// <summary>The parent of the user's actors.</summary>
    LocalActorRef Guardian { get; }

    /// <summary>The parent of the engine's own actors.</summary>
    LocalActorRef SystemGuardian { get; }

    /// <summary>Where messages to nobody go.</summary>
    IActorRef DeadLetters { get; }

    /// <summary>akka://name/.</summary>
    ActorPath RootPath { get; }

    /// <summary>akka://name.</summary>
    Address DefaultAddress { get; }

    /// <summary>The actor at a path; a ref that leads to dead letters where there is none.</summary>
    IActorRef ResolveActorRef(string path);

    /// <inheritdoc cref="ResolveActorRef(string)"/>
    IActorRef ResolveActorRef(ActorPath actorPath);
}
