// What is logged: level, source, time, text, cause.
using System.Globalization;
using Akka.Actor;

namespace Akka.Event;

/// <summary>How grave.</summary>
public enum LogLevel
{
    /// <summary>For those who develop.</summary>
    DebugLevel,

    /// <summary>For those who look.</summary>
    InfoLevel,

    /// <summary>May be wrong.</summary>
    WarningLevel,

    /// <summary>Is wrong.</summary>
    ErrorLevel,
}

/// <summary>Something to log; published on the event stream.</summary>
public abstract class LogEvent : INoSerializationVerificationNeeded
{
    private protected LogEvent(Exception? cause, string logSource, Type? logClass, object message)
    {
        (Cause, LogSource, LogClass, Message) = (cause!, logSource, logClass!, message);
        Timestamp = DateTime.UtcNow;
        Thread = Thread.CurrentThread;
    }

    /// <summary>The exception, or null.</summary>
    public Exception Cause { get; protected set; }

    /// <summary>When, in UTC.</summary>
    public DateTime Timestamp { get; }

    /// <summary>On which thread.</summary>
    public Thread Thread { get; }

    /// <summary>Whose: an actor's path, a type's name.</summary>
    public string LogSource { get; protected set; }

    /// <summary>Whose type.</summary>
    public Type LogClass { get; protected set; }

    /// <summary>What: text, or a <see cref="LogMessage"/>.</summary>
    public object Message { get; protected set; }

    /// <summary>How grave.</summary>
    public abstract LogLevel LogLevel();

    /// <inheritdoc/>
    public override string ToString()
    {
        var level = LogLevel().ToString().Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant();
        var text = $"[{level}][{Timestamp.ToString("o", CultureInfo.InvariantCulture)}][Thread {Thread.ManagedThreadId:0000}][{LogSource}] {Message}";
        return Cause is null ? text : $"{text}{Environment.NewLine}Cause: {Cause}";
    }
}

/// <summary>For those who develop.</summary>
public class Debug : LogEvent
{
    /// <summary>Without a cause.</summary>
    public Debug(string logSource, Type logClass, object message) : this(null, logSource, logClass, message) { }

    /// <summary>With one.</summary>
    public Debug(Exception? cause, string logSource, Type logClass, object message) : base(cause, logSource, logClass, message) { }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

/// <summary>For those who look.</summary>
public class Info : LogEvent
{
    /// <summary>Without a cause.</summary>
    public Info(string logSource, Type logClass, object message) : this(null, logSource, logClass, message) { }

    /// <summary>With one.</summary>
    public Info(Exception? cause, string logSource, Type logClass, object message) : base(cause, logSource, logClass, message) { }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}

/// <summary>May be wrong.</summary>
public class Warning : LogEvent
{
    /// <summary>Without a cause.</summary>
    public Warning(string logSource, Type logClass, object message) : this(null, logSource, logClass, message) { }

    /// <summary>With one.</summary>
    public Warning(Exception? cause, string logSource, Type logClass, object message) : base(cause, logSource, logClass, message) { }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}

/// <summary>Is wrong.</summary>
public class Error(Exception? cause, string logSource, Type logClass, object message) : LogEvent(cause, logSource, logClass, message)
{
    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}

/// <summary>Text with arguments, put together only when printed.</summary>
public class LogMessage(ILogMessageFormatter formatter, string format, params object?[] args)
{
    /// <summary>The text.</summary>
    public string Format { get; } = format;

    /// <summary>The arguments.</summary>
    public IEnumerable<object?> Args { get; } = args;

    /// <inheritdoc/>
    public override string ToString() => formatter.Format(Format, args);
}

/// <summary>Puts text and arguments together.</summary>
public interface ILogMessageFormatter
{
    /// <summary>The whole text.</summary>
    string Format(string format, params object?[] args);
}

/// <summary>As <see cref="string.Format(string, object?[])"/>.</summary>
public class DefaultLogMessageFormatter : ILogMessageFormatter
{
    /// <summary>The only one.</summary>
    public static readonly DefaultLogMessageFormatter Instance = new();

    /// <inheritdoc/>
    public string Format(string format, params object?[] args)
    {
        if (args.Length == 0) return format;
        try
        {
            return string.Format(CultureInfo.InvariantCulture, format, args);
        }
        catch (FormatException)
        {
            // A log line is never a reason to fail.
            return $"{format} [{string.Join(", ", args)}]";
        }
    }
}
