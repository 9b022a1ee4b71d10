// The extension of an actor system that finds journals and snapshot stores by their configuration. Knows no storage.
using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>The id of the extension: <c>Persistence.Instance.Apply(system)</c>.</summary>
public class Persistence : ExtensionIdProvider<PersistenceExtension>
{
    private const string Defaults = """
        akka.persistence {
          # How many actors may recover at once.
          max-concurrent-recoveries = 50
          journal {
            # The configuration path of the journal in use.
            plugin = "akka.persistence.journal.inmem"
            # How many writes one message to the journal holds at most.
            max-message-batch-size = 200
            inmem.class = "Akka.Persistence.Journal.MemoryJournal, Akka.Persistence"
          }
          snapshot-store {
            # The configuration path of the snapshot store in use.
            plugin = "akka.persistence.snapshot-store.local"
            inmem.class = "Akka.Persistence.Snapshot.MemorySnapshotStore, Akka.Persistence"
            local {
              class = "Akka.Persistence.Snapshot.LocalSnapshotStore, Akka.Persistence"
              # The folder of the snapshots' files.
              dir = "snapshots"
            }
          }
          no-snapshot-store.class = "Akka.Persistence.Snapshot.NoSnapshotStore, Akka.Persistence"
          journal-plugin-fallback {
            # How long a recovery may go without an event.
            recovery-event-timeout = 30s
          }
        }
        """;

    /// <summary>The one instance.</summary>
    public static Persistence Instance { get; } = new();

    /// <summary>What holds where the system's configuration says nothing.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.ParseString(Defaults);

    /// <inheritdoc/>
    public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>The configuration of persistence.</summary>
public sealed class PersistenceSettings
{
    internal PersistenceSettings(Config config)
    {
        MaxMessageBatchSize = Math.Max(1, config.GetInt("akka.persistence.journal.max-message-batch-size"));
        MaxConcurrentRecoveries = config.GetInt("akka.persistence.max-concurrent-recoveries");
        if (MaxConcurrentRecoveries < 1) throw new ConfigurationException($"akka.persistence.max-concurrent-recoveries: {MaxConcurrentRecoveries} would let no actor recover. Right would be 1 or more.");
        RecoveryEventTimeout = config.GetTimeSpan("akka.persistence.journal-plugin-fallback.recovery-event-timeout", null, allowInfinite: false);
    }

    internal int MaxMessageBatchSize { get; }

    internal int MaxConcurrentRecoveries { get; }

    internal TimeSpan RecoveryEventTimeout { get; }
}

/// <summary>Persistence within one actor system.</summary>
public class PersistenceExtension : IExtension
{
    private const string NoSnapshots = "akka.persistence.no-snapshot-store";
    private readonly ConcurrentDictionary<string, Lazy<IActorRef>> _plugins = new(StringComparer.Ordinal);
    private readonly ExtendedActorSystem _system;
    private readonly string _incarnation;
    private readonly string _defaultJournal;
    private readonly string _defaultSnapshots;

    /// <summary>Made by <see cref="Persistence"/>.</summary>
    public PersistenceExtension(ExtendedActorSystem system)
    {
        _system = system;
        Config = system.Settings.Config.WithFallback(Persistence.DefaultConfig());
        Settings = new PersistenceSettings(Config);
        _defaultJournal = Config.GetString("akka.persistence.journal.plugin", "");
        _defaultSnapshots = Config.GetString("akka.persistence.snapshot-store.plugin", "");
        if (_defaultSnapshots.Length == 0) _defaultSnapshots = NoSnapshots;
        // Seven characters that no other start of any process is likely to have: the time in units of 100 ns, folded.
        _incarnation = Base36((DateTime.UtcNow.Ticks ^ ((long)Environment.ProcessId << 20) ^ Stopwatch.GetTimestamp()) & 0x7_FFFF_FFFF);
        Recoveries = new RecoveryGate(Settings.MaxConcurrentRecoveries, Settings.RecoveryEventTimeout);
        system.RegisterOnTermination(Recoveries.Dispose);
    }

    /// <summary>The configuration of persistence.</summary>
    public PersistenceSettings Settings { get; }

    internal Config Config { get; }

    internal RecoveryGate Recoveries { get; }

    /// <summary>The journal at a configuration path; the default one for an empty path. Started on first use.</summary>
    /// <exception cref="ConfigurationException">There is no such path, or its class is missing or unknown.</exception>
    public IActorRef JournalFor(string? journalPluginId) =>
        Plugin(string.IsNullOrEmpty(journalPluginId) ? _defaultJournal : journalPluginId, "akka.persistence.journal.plugin", "akka.persistence.journal.inmem");

    /// <summary>The snapshot store at a configuration path; the default one for an empty path. Started on first use.</summary>
    /// <exception cref="ConfigurationException">There is no such path, or its class is missing or unknown.</exception>
    public IActorRef SnapshotStoreFor(string? snapshotPluginId) =>
        Plugin(SnapshotPath(snapshotPluginId), "akka.persistence.snapshot-store.plugin", "akka.persistence.snapshot-store.local");

    /// <summary>The stream name of an actor that has none of its own.</summary>
    public string PersistenceId(IActorRef actor) => actor.Path.ToStringWithoutAddress();

    internal bool HasSnapshots(string? snapshotPluginId) => SnapshotPath(snapshotPluginId) != NoSnapshots;

    internal string WriterOf(int instanceId) => _incarnation + "-" + Base36(instanceId);

    internal Config ConfigOf(string path) => Config.GetConfig(path) ?? Config.Empty;

    private string SnapshotPath(string? id) => string.IsNullOrEmpty(id) ? _defaultSnapshots : id;

    private static string Base36(long value)
    {
        Span<char> digits = stackalloc char[13];
        var at = digits.Length;
        do digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(value % 36)];
        while ((value /= 36) > 0);
        return new string(digits[at..]);
    }

    private IActorRef Plugin(string path, string setting, string example)
    {
        if (path.Length == 0) throw new ConfigurationException($"{setting}: is empty. Right would be a configuration path such as \"{example}\".");
        return _plugins.GetOrAdd(path, static (p, self) => new Lazy<IActorRef>(() => self.Start(p)), this).Value;
    }

    private IActorRef Start(string path)
    {
        if (!Config.HasPath(path)) throw new ConfigurationException($"{path}: there is no such path. Give the plug-in's configuration there, with its class.");
        var config = Config.GetConfig(path)!;
        var name = config.GetString("class", "");
        if (name.Length == 0) throw new ConfigurationException($"{path}.class: is missing. Right would be \"Namespace.Class, Assembly\".");
        var type = Type.GetType(name, throwOnError: false)
            ?? throw new ConfigurationException($"{path}.class: there is no class '{name}'. Right would be \"Namespace.Class, Assembly\", of an assembly beside the program.");
        var props = type.GetConstructor([typeof(Config)]) is null ? Props.Create(type) : Props.Create(type, config);
        return _system.SystemActorOf(props, path.Replace('"', '_'));
    }
}
