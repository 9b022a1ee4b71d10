// The actors that print log events and report what was lost.
using Akka.Actor;

namespace Akka.Event;

/// <summary>To a logger, before its first event. It answers <see cref="LoggerInitialized"/>.</summary>
public class InitializeLogger(LoggingBus loggingBus) : INoSerializationVerificationNeeded
{
    /// <summary>Where it may subscribe to more.</summary>
    public LoggingBus LoggingBus { get; } = loggingBus;
}

/// <summary>A logger is ready.</summary>
public class LoggerInitialized : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>Prints log events.</summary>
public class DefaultLogger : ActorBase
{
    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized(), Self);
                return true;
            case LogEvent logEvent:
                Print(logEvent);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Prints one.</summary>
    protected virtual void Print(LogEvent logEvent) => StandardOutLogger.Print(logEvent);
}

/// <summary>Prints to the standard output.</summary>
public static class StandardOutLogger
{
    /// <summary>Prints one.</summary>
    public static void Print(LogEvent logEvent) => Console.Out.WriteLine(logEvent.ToString());
}

/// <summary>Logs the first dead letters, so many of them.</summary>
internal sealed class DeadLetterListener(int most) : ActorBase
{
    private int _count;

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    protected override bool Receive(object message)
    {
        if (message is not DeadLetter letter) return false;
        if (_count++ >= most) return true;
        Context.System.EventStream.Publish(new Info(letter.Recipient.Path.ToString(), letter.Recipient.GetType(),
            $"Message [{letter.Message.GetType().Name}] from {letter.Sender} to {letter.Recipient} was not delivered. [{_count}] dead letters encountered{(_count == most ? ", no more dead letters will be logged" : "")}. " +
            "This logging can be turned off or adjusted with 'akka.log-dead-letters'."));
        return true;
    }
}

internal sealed class UnhandledMessageListener : ActorBase
{
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(UnhandledMessage));

    protected override bool Receive(object message)
    {
        if (message is not UnhandledMessage lost) return false;
        Context.System.EventStream.Publish(new Debug(lost.Recipient.Path.ToString(), lost.Recipient.GetType(), $"Unhandled message from {lost.Sender}: {lost.Message}"));
        return true;
    }
}
