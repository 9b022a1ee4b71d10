// The engine's own settings, with their defaults. Knows keys, not those who use them.
using Akka.Configuration;

namespace Akka.Actor;

/// <summary>Readings of a system's configuration.</summary>
public class Settings
{
    private static readonly Config Reference = ConfigurationFactory.ParseString("""
        akka {
          version = "1.5"
          loglevel = INFO
          stdout-loglevel = WARNING
          loggers = ["Akka.Event.DefaultLogger, Akka"]
          log-dead-letters = 10
          log-dead-letters-during-shutdown = off
          extensions = []
          scheduler {
            tick-duration = 10ms
            ticks-per-wheel = 512
            implementation = "Akka.Actor.HashedWheelTimerScheduler, Akka"
          }
          actor {
            ask-timeout = infinite
            guardian-supervisor-strategy = "Akka.Actor.DefaultSupervisorStrategy, Akka"
            serialize-messages = off
            default-dispatcher { type = Dispatcher, throughput = 100 }
            internal-dispatcher { type = Dispatcher, throughput = 100 }
            default-mailbox { mailbox-type = "Akka.Dispatch.UnboundedMailbox, Akka" }
            mailbox.unbounded-deque-based { mailbox-type = "Akka.Dispatch.UnboundedDequeBasedMailbox, Akka" }
            debug { unhandled = off }
            serializers {
              json = "Akka.Serialization.NewtonSoftJsonSerializer, Akka"
              bytes = "Akka.Serialization.ByteArraySerializer, Akka"
            }
            serialization-bindings {
              "System.Byte[]" = bytes
              "System.Object" = json
            }
          }
        }
        """);

    /// <summary>Reads them.</summary>
    public Settings(ActorSystem system, Config config)
    {
        System = system;
        Config = HasReference(config) ? config : config.WithFallback(Reference);
        LogLevel = Config.GetString("akka.loglevel")!;
        StdoutLogLevel = Config.GetString("akka.stdout-loglevel")!;
        Loggers = Config.GetStringList("akka.loggers");
        AskTimeout = Config.GetTimeSpan("akka.actor.ask-timeout", Timeout.InfiniteTimeSpan);
        SerializeAllMessages = Config.GetBoolean("akka.actor.serialize-messages");
        DebugUnhandledMessage = Config.GetBoolean("akka.actor.debug.unhandled");
        SupervisorStrategyClass = Config.GetString("akka.actor.guardian-supervisor-strategy")!;
        SchedulerClass = Config.GetString("akka.scheduler.implementation")!;
        LogDeadLetters = Config.GetString("akka.log-dead-letters") switch
        {
            "on" or "true" => int.MaxValue,
            "off" or "false" => 0,
            _ => Config.GetInt("akka.log-dead-letters"),
        };
    }

    /// <summary>One system's settings may be the base of another's.</summary>
    private static bool HasReference(Config? config)
    {
        for (; config is not null; config = config.Fallback)
            if (ReferenceEquals(config, Reference)) return true;
        return false;
    }

    /// <summary>The system.</summary>
    public ActorSystem System { get; }

    /// <summary>The whole configuration, defaults behind it.</summary>
    public Config Config { get; private set; }

    /// <summary>OFF, ERROR, WARNING, INFO or DEBUG.</summary>
    public string LogLevel { get; }

    /// <summary>As <see cref="LogLevel"/>, for what is printed before the loggers run.</summary>
    public string StdoutLogLevel { get; }

    /// <summary>The loggers' types.</summary>
    public IList<string> Loggers { get; }

    /// <summary>How long an Ask waits that does not say.</summary>
    public TimeSpan AskTimeout { get; }

    /// <summary>Whether each message goes through bytes and back.</summary>
    public bool SerializeAllMessages { get; }

    /// <summary>Whether unhandled messages are logged.</summary>
    public bool DebugUnhandledMessage { get; }

    /// <summary>How many dead letters are logged.</summary>
    public int LogDeadLetters { get; }

    /// <summary>The type of the top-level actors' supervision.</summary>
    public string SupervisorStrategyClass { get; }

    /// <summary>The type of the scheduler.</summary>
    public string SchedulerClass { get; }

    /// <summary>Lays more behind the configuration: an extension's defaults.</summary>
    public void InjectTopLevelFallback(Config config) => Config = Config.WithFallback(config);
}
