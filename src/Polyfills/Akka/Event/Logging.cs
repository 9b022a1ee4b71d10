// Logs: adapters that publish log events, and the loggers that print them.
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Event;

/// <summary>A source's log.</summary>
public interface ILoggingAdapter
{
    /// <summary>Puts text and arguments together.</summary>
    ILogMessageFormatter Formatter { get; }

    /// <summary>Whether that level is logged.</summary>
    bool IsDebugEnabled { get; }

    /// <inheritdoc cref="IsDebugEnabled"/>
    bool IsInfoEnabled { get; }

    /// <inheritdoc cref="IsDebugEnabled"/>
    bool IsWarningEnabled { get; }

    /// <inheritdoc cref="IsDebugEnabled"/>
    bool IsErrorEnabled { get; }

    /// <summary>Whether that level is logged.</summary>
    bool IsEnabled(LogLevel logLevel);

    /// <summary>Logs.</summary>
    void Log(LogLevel logLevel, Exception? cause, LogMessage message);

    /// <summary>Logs.</summary>
    void Log(LogLevel logLevel, Exception? cause, string format);
}

/// <summary>The everyday ways to log.</summary>
public static class LoggingExtensions
{
    /// <summary>Logs at that level.</summary>
    public static void Debug(this ILoggingAdapter log, string format, params object?[] args) => log.Write(LogLevel.DebugLevel, null, format, args);

    /// <inheritdoc cref="Debug(ILoggingAdapter, string, object?[])"/>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) => log.Write(LogLevel.DebugLevel, cause, format, args);

    /// <inheritdoc cref="Debug(ILoggingAdapter, string, object?[])"/>
    public static void Info(this ILoggingAdapter log, string format, params object?[] args) => log.Write(LogLevel.InfoLevel, null, format, args);

    /// <inheritdoc cref="Debug(ILoggingAdapter, string, object?[])"/>
    public static void Info(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) => log.Write(LogLevel.InfoLevel, cause, format, args);

    /// <inheritdoc cref="Debug(ILoggingAdapter, string, object?[])"/>
    public static void Warning(this ILoggingAdapter log, string format, params object?[] args) => log.Write(LogLevel.WarningLevel, null, format, args);

    /// <inheritdoc cref="Debug(ILoggingAdapter, string, object?[])"/>
    public static void Warning(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) => log.Write(LogLevel.WarningLevel, cause, format, args);

    /// <inheritdoc cref="Debug(ILoggingAdapter, string, object?[])"/>
    public static void Error(this ILoggingAdapter log, string format, params object?[] args) => log.Write(LogLevel.ErrorLevel, null, format, args);

    /// <inheritdoc cref="Debug(ILoggingAdapter, string, object?[])"/>
    public static void Error(this ILoggingAdapter log, Exception? cause, string format, params object?[] args) => log.Write(LogLevel.ErrorLevel, cause, format, args);

    /// <summary>Logs at a level.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel logLevel, string format, params object?[] args) => log.Write(logLevel, null, format, args);

    private static void Write(this ILoggingAdapter log, LogLevel level, Exception? cause, string format, object?[] args)
    {
        if (!log.IsEnabled(level)) return;
        if (args.Length == 0) log.Log(level, cause, format);
        else log.Log(level, cause, new LogMessage(log.Formatter, format, args));
    }
}

/// <summary>Publishes log events.</summary>
public sealed class BusLogging(LoggingBus bus, string logSource, Type logClass, ILogMessageFormatter? formatter = null) : ILoggingAdapter
{
    /// <inheritdoc/>
    public ILogMessageFormatter Formatter { get; } = formatter ?? DefaultLogMessageFormatter.Instance;

    /// <inheritdoc/>
    public bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

    /// <inheritdoc/>
    public bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

    /// <inheritdoc/>
    public bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

    /// <inheritdoc/>
    public bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= bus.LogLevel;

    /// <inheritdoc/>
    public void Log(LogLevel logLevel, Exception? cause, LogMessage message) => Publish(logLevel, cause, message);

    /// <inheritdoc/>
    public void Log(LogLevel logLevel, Exception? cause, string format) => Publish(logLevel, cause, format);

    private void Publish(LogLevel level, Exception? cause, object message)
    {
        if (!IsEnabled(level)) return;
        bus.Publish(level switch
        {
            LogLevel.DebugLevel => new Debug(cause, logSource, logClass, message),
            LogLevel.InfoLevel => new Info(cause, logSource, logClass, message),
            LogLevel.WarningLevel => new Warning(cause, logSource, logClass, message),
            _ => new Error(cause, logSource, logClass, message),
        });
    }
}

/// <summary>Logs nothing.</summary>
public sealed class NoLogger : ILoggingAdapter
{
    /// <summary>The only one.</summary>
    public static readonly ILoggingAdapter Instance = new NoLogger();

    private NoLogger() { }

    /// <inheritdoc/>
    public ILogMessageFormatter Formatter => DefaultLogMessageFormatter.Instance;

    /// <inheritdoc/>
    public bool IsDebugEnabled => false;

    /// <inheritdoc/>
    public bool IsInfoEnabled => false;

    /// <inheritdoc/>
    public bool IsWarningEnabled => false;

    /// <inheritdoc/>
    public bool IsErrorEnabled => false;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => false;

    /// <inheritdoc/>
    public void Log(LogLevel logLevel, Exception? cause, LogMessage message) { }

    /// <inheritdoc/>
    public void Log(LogLevel logLevel, Exception? cause, string format) { }
}

/// <summary>Makes logs, and starts the loggers.</summary>
public static class Logging
{
    private const LogLevel Off = (LogLevel)int.MaxValue;

    /// <summary>An actor's log.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context, ILogMessageFormatter? logMessageFormatter = null)
    {
        var cell = (ActorCell)context;
        return new BusLogging(cell.System.EventStream, cell.Self.Path.ToString(), cell.Actor?.GetType() ?? cell.Props.Type, logMessageFormatter);
    }

    /// <summary>A log in the name of an object: its type's name, an actor's path, or a text.</summary>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null) => GetLogger(system.EventStream, logSourceObj, logMessageFormatter);

    /// <inheritdoc cref="GetLogger(ActorSystem, object, ILogMessageFormatter?)"/>
    public static ILoggingAdapter GetLogger(LoggingBus loggingBus, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null) => logSourceObj switch
    {
        string text => new BusLogging(loggingBus, text, typeof(string), logMessageFormatter),
        Type type => new BusLogging(loggingBus, type.Name, type, logMessageFormatter),
        IActorRef actor => new BusLogging(loggingBus, actor.Path.ToString(), typeof(ActorBase), logMessageFormatter),
        _ => new BusLogging(loggingBus, logSourceObj.GetType().Name, logSourceObj.GetType(), logMessageFormatter),
    };

    /// <summary>A level by its name: OFF, ERROR, WARNING, INFO, DEBUG.</summary>
    public static LogLevel LogLevelFor(string logLevel) => logLevel.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => Off,
        _ => throw new ArgumentException($"akka.loglevel: '{logLevel}' is no level. Known: OFF, ERROR, WARNING, INFO, DEBUG.", nameof(logLevel)),
    };

    /// <summary>The event type of a level.</summary>
    public static Type ClassFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        _ => typeof(Error),
    };

    internal static void StartLoggers(ActorSystemImpl system)
    {
        var bus = system.EventStream;
        bus.SetLogLevel(LogLevelFor(system.Settings.LogLevel));
        var early = LogLevelFor(system.Settings.StdoutLogLevel);
        bus.EarlyPrinter = e =>
        {
            if (e.LogLevel() >= early) StandardOutLogger.Print(e);
        };
        var number = 0;
        foreach (var name in system.Settings.Loggers)
        {
            var type = ActorSystemImpl.TypeOf(name, "akka.loggers");
            var logger = system.SystemActorOf(Props.Create(type), $"log{++number}-{type.Name}");
            foreach (var level in Enum.GetValues<LogLevel>())
                if (level >= bus.LogLevel) bus.Subscribe(logger, level.ClassFor());
            logger.Tell(new InitializeLogger(bus), system.DeadLetters);
        }

        if (number > 0) bus.EarlyPrinter = null;
        if (system.Settings.LogDeadLetters > 0) system.SystemActorOf(Props.Create(typeof(DeadLetterListener), system.Settings.LogDeadLetters), "deadLetterListener");
        if (system.Settings.DebugUnhandledMessage) system.SystemActorOf(Props.Create(typeof(UnhandledMessageListener)), "unhandledListener");
    }
}
