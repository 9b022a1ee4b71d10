// Finds dispatchers and mailbox types by their path in the configuration.
using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.MessageQueues;

namespace Akka.Dispatch;

/// <summary>The system's dispatchers.</summary>
public sealed class Dispatchers
{
    /// <summary>The path of the default.</summary>
    public static readonly string DefaultDispatcherId = "akka.actor.default-dispatcher";

    /// <summary>The path of the one for the engine's own actors.</summary>
    public static readonly string InternalDispatcherId = "akka.actor.internal-dispatcher";

    private readonly Config _config;
    private readonly ConcurrentDictionary<string, MessageDispatcher> _shared = new(StringComparer.Ordinal);

    internal Dispatchers(Config config)
    {
        _config = config;
        DefaultGlobalDispatcher = Lookup(DefaultDispatcherId);
    }

    /// <summary>The default.</summary>
    public MessageDispatcher DefaultGlobalDispatcher { get; }

    internal MessageDispatcher For(Props props) => props.DispatcherOrNull is { } id ? Lookup(id) : DefaultGlobalDispatcher;

    /// <summary>True when the configuration has it.</summary>
    public bool HasDispatcher(string id) => _config.HasPath(id);

    /// <summary>The dispatcher of that path. A pinned one is new at each call.</summary>
    /// <exception cref="ConfigurationException">There is none, or its type is unknown.</exception>
    public MessageDispatcher Lookup(string id)
    {
        if (_shared.TryGetValue(id, out var known)) return known;
        var section = _config.GetConfig(id) ?? throw new ConfigurationException($"{id}: no such dispatcher. Give it a section with type and throughput in the configuration.");
        var throughput = section.GetInt("throughput", 100);
        var type = section.GetString("type", "Dispatcher");
        return type switch
        {
            "PinnedDispatcher" => new PinnedDispatcher(id, throughput),
            // On the thread pool all of these are the same; what differs in the packages is whose threads they use.
            "Dispatcher" or "TaskDispatcher" or "ForkJoinDispatcher" or "ChannelExecutor" => _shared.GetOrAdd(id, new Dispatcher(id, throughput)),
            _ => throw new ConfigurationException($"{id}.type: '{type}' is no dispatcher. Known: Dispatcher, TaskDispatcher, ForkJoinDispatcher, PinnedDispatcher."),
        };
    }
}

/// <summary>The system's mailbox types.</summary>
public sealed class Mailboxes
{
    /// <summary>The path of the default.</summary>
    public static readonly string DefaultMailboxId = "akka.actor.default-mailbox";

    private readonly ActorSystemImpl _system;
    private readonly ConcurrentDictionary<string, MailboxType?> _types = new(StringComparer.Ordinal);

    internal Mailboxes(ActorSystemImpl system) => _system = system;

    /// <summary>An actor's queue; null for the built-in one.</summary>
    internal IMessageQueue? For(Props props, IActorRef owner)
    {
        var id = props.MailboxOrNull;
        if (id is null) return null;
        return _types.GetOrAdd(id, static (i, self) => self.Make(i), this)?.Create(owner, _system);
    }

    private MailboxType? Make(string id)
    {
        var section = _system.Settings.Config.GetConfig(id) ?? throw new ConfigurationException($"{id}: no such mailbox. Give it a section with mailbox-type in the configuration.");
        var name = section.GetString("mailbox-type", "");
        var type = Type.GetType(name, throwOnError: false) ?? throw new ConfigurationException($"{id}.mailbox-type: '{name}' is no type that can be found. Write \"Namespace.Class, Assembly\".");
        if (type == typeof(UnboundedMailbox) || type == typeof(UnboundedDequeBasedMailbox)) return null;
        return Activator.CreateInstance(type, _system.Settings, section) as MailboxType ?? throw new ConfigurationException($"{id}.mailbox-type: {type} is no mailbox. Derive it from MailboxType, with a constructor (Settings, Config).");
    }
}
