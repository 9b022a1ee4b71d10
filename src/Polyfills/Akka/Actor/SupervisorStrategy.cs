// What becomes of failed children: the decision, how often, and for whom. Knows children by their refs.
using Akka.Event;

namespace Akka.Actor;

/// <summary>A supervisor's decision.</summary>
public enum Directive
{
    /// <summary>Go on as if nothing had happened, with the next message.</summary>
    Resume,

    /// <summary>Begin anew with a new incarnation.</summary>
    Restart,

    /// <summary>Fail oneself with it.</summary>
    Escalate,

    /// <summary>End it.</summary>
    Stop,
}

/// <summary>Decides by exception.</summary>
public interface IDecider
{
    /// <summary>The decision.</summary>
    Directive Decide(Exception cause);
}

/// <summary>Deciders.</summary>
public static class Decider
{
    /// <summary>A decider made of a function.</summary>
    public static IDecider From(Func<Exception, Directive> localOnlyDecider) => new LocalOnlyDecider(localOnlyDecider);
}

/// <summary>A decider made of a function.</summary>
public class LocalOnlyDecider(Func<Exception, Directive> decider) : IDecider
{
    /// <inheritdoc/>
    public Directive Decide(Exception cause) => decider(cause);
}

/// <summary>How often a child has been restarted, and since when.</summary>
public class ChildRestartStats(IActorRef child, long uid = 0, int maxNrOfRetriesCount = 0, long restartTimeWindowStartTicks = 0)
{
    private bool _open = restartTimeWindowStartTicks != 0;

    /// <summary>Which.</summary>
    public IActorRef Child { get; } = child;

    /// <summary>Its incarnation number.</summary>
    public long Uid { get; } = uid;

    /// <summary>Restarts in the present window.</summary>
    public int MaxNrOfRetriesCount { get; private set; } = maxNrOfRetriesCount;

    /// <summary>When the present window opened.</summary>
    public long RestartTimeWindowStartTicks { get; private set; } = restartTimeWindowStartTicks;

    /// <summary>Counts a restart, and says whether it is within the limits. Negative limits do not bind.</summary>
    public bool RequestRestartPermission(int maxNrOfRetries, int withinTimeMilliseconds)
    {
        if (maxNrOfRetries == 0) return false;
        if (withinTimeMilliseconds <= 0) return maxNrOfRetries < 0 || ++MaxNrOfRetriesCount <= maxNrOfRetries;
        // A window without a number allows one restart in it.
        var allowed = maxNrOfRetries > 0 ? maxNrOfRetries : 1;
        var now = Environment.TickCount64 * TimeSpan.TicksPerMillisecond;
        if (!_open || now - RestartTimeWindowStartTicks > withinTimeMilliseconds * TimeSpan.TicksPerMillisecond)
        {
            (_open, MaxNrOfRetriesCount, RestartTimeWindowStartTicks) = (true, 1, now);
            return true;
        }

        return ++MaxNrOfRetriesCount <= allowed;
    }
}

/// <summary>What becomes of failed children.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stops what could not be made, was killed or broke a death pact; restarts what failed otherwise.</summary>
    public static IDecider DefaultDecider { get; } = Actor.Decider.From(static cause => cause is ActorInitializationException or ActorKilledException or DeathPactException ? Directive.Stop : Directive.Restart);

    /// <summary>One for one, by the default decider, without limit.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops whatever fails.</summary>
    public static readonly SupervisorStrategy StoppingStrategy = new OneForOneStrategy(static _ => Directive.Stop);

    /// <summary>The decision.</summary>
    public abstract IDecider Decider { get; }

    /// <summary>Whether decisions are logged.</summary>
    protected bool LoggingEnabled { get; init; } = true;

    /// <summary>The decision.</summary>
    protected abstract Directive Handle(IActorRef child, Exception exception);

    /// <summary>Restarts or stops, as told.</summary>
    public abstract void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children);

    /// <summary>A child has ended.</summary>
    public virtual void HandleChildTerminated(IActorContext actorContext, IActorRef child, IEnumerable<IInternalActorRef> children) { }

    /// <summary>False to escalate.</summary>
    internal bool HandleFailure(ActorCell cell, IActorRef child, Exception cause, ChildRestartStats stats)
    {
        var directive = Handle(child, cause);
        if (LoggingEnabled) Log(cell, child, cause, directive);
        switch (directive)
        {
            case Directive.Escalate:
                return false;
            case Directive.Resume:
                cell.ResumeChild(child, cause);
                return true;
            default:
                ProcessFailure(cell, directive == Directive.Restart, child, cause, stats, NeedsAll ? cell.AllRestartStats() : []);
                return true;
        }
    }

    internal virtual bool NeedsAll => true;

    private void Log(ActorCell cell, IActorRef child, Exception cause, Directive directive)
    {
        if (directive == Directive.Escalate) return;
        var message = (cause as ActorInitializationException)?.InnerException?.Message ?? cause.Message;
        var source = child.Path.ToString();
        cell.System.EventStream.Publish(directive == Directive.Resume ? new Warning(cause, source, GetType(), message) : new Error(cause, source, GetType(), message));
    }

    /// <summary>Restarts a child.</summary>
    protected static void RestartChild(IActorContext context, IActorRef child, Exception cause, bool suspendFirst) => ((ActorCell)context).RestartChild(child, cause, suspendFirst);

    private protected static int Milliseconds(TimeSpan? span) => span is not { } s || s < TimeSpan.Zero || s.TotalMilliseconds > int.MaxValue ? -1 : (int)s.TotalMilliseconds;
}

/// <summary>The failed child alone is treated.</summary>
public class OneForOneStrategy : SupervisorStrategy, IEquatable<OneForOneStrategy>
{
    /// <param name="maxNrOfRetries">Restarts allowed within the range; null or negative for any number.</param>
    /// <param name="withinTimeRange">The range; null for all time.</param>
    /// <param name="localOnlyDecider">The decision.</param>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider) : this(maxNrOfRetries ?? -1, Milliseconds(withinTimeRange), localOnlyDecider) { }

    /// <inheritdoc cref="OneForOneStrategy(int?, TimeSpan?, Func{Exception, Directive})"/>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider) : this(maxNrOfRetries ?? -1, Milliseconds(withinTimeRange), decider) { }

    /// <inheritdoc cref="OneForOneStrategy(int?, TimeSpan?, Func{Exception, Directive})"/>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true) : this(maxNrOfRetries, withinTimeMilliseconds, Actor.Decider.From(localOnlyDecider), loggingEnabled) { }

    /// <inheritdoc cref="OneForOneStrategy(int?, TimeSpan?, Func{Exception, Directive})"/>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true) =>
        (MaxNumberOfRetries, WithinTimeRangeMilliseconds, Decider, LoggingEnabled) = (maxNrOfRetries, withinTimeMilliseconds, decider, loggingEnabled);

    /// <inheritdoc cref="OneForOneStrategy(int?, TimeSpan?, Func{Exception, Directive})"/>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, localOnlyDecider) { }

    /// <inheritdoc cref="OneForOneStrategy(int?, TimeSpan?, Func{Exception, Directive})"/>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled) : this(-1, -1, localOnlyDecider, loggingEnabled) { }

    /// <inheritdoc cref="OneForOneStrategy(int?, TimeSpan?, Func{Exception, Directive})"/>
    public OneForOneStrategy(IDecider decider) : this(-1, -1, decider) { }

    /// <summary>Restarts allowed in the range; negative for any number.</summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>The range in milliseconds; negative for all time.</summary>
    public int WithinTimeRangeMilliseconds { get; }

    /// <inheritdoc/>
    public override IDecider Decider { get; }

    internal override bool NeedsAll => false;

    /// <inheritdoc/>
    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    /// <inheritdoc/>
    public override void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        if (restart && stats.RequestRestartPermission(MaxNumberOfRetries, WithinTimeRangeMilliseconds)) RestartChild(context, child, cause, suspendFirst: false);
        else context.Stop(child);
    }

    /// <inheritdoc/>
    public bool Equals(OneForOneStrategy? other) => other is not null && MaxNumberOfRetries == other.MaxNumberOfRetries && WithinTimeRangeMilliseconds == other.WithinTimeRangeMilliseconds && Equals(Decider, other.Decider);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OneForOneStrategy);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MaxNumberOfRetries, WithinTimeRangeMilliseconds);
}

/// <summary>All children share the fate of the failed one.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    /// <inheritdoc cref="OneForOneStrategy(int?, TimeSpan?, Func{Exception, Directive})"/>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider) : this(maxNrOfRetries ?? -1, Milliseconds(withinTimeRange), localOnlyDecider) { }

    /// <inheritdoc cref="OneForOneStrategy(int?, TimeSpan?, Func{Exception, Directive})"/>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true) : this(maxNrOfRetries, withinTimeMilliseconds, Actor.Decider.From(localOnlyDecider), loggingEnabled) { }

    /// <inheritdoc cref="OneForOneStrategy(int?, TimeSpan?, Func{Exception, Directive})"/>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true) =>
        (MaxNumberOfRetries, WithinTimeRangeMilliseconds, Decider, LoggingEnabled) = (maxNrOfRetries, withinTimeMilliseconds, decider, loggingEnabled);

    /// <inheritdoc cref="OneForOneStrategy(int?, TimeSpan?, Func{Exception, Directive})"/>
    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider) : this(-1, -1, localOnlyDecider) { }

    /// <summary>Restarts allowed in the range; negative for any number.</summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>The range in milliseconds; negative for all time.</summary>
    public int WithinTimeRangeMilliseconds { get; }

    /// <inheritdoc/>
    public override IDecider Decider { get; }

    /// <inheritdoc/>
    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    /// <inheritdoc/>
    public override void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        // All count, so that a child which drags the others along uses up their restarts as its own.
        var allowed = restart && children.All(c => c.RequestRestartPermission(MaxNumberOfRetries, WithinTimeRangeMilliseconds));
        foreach (var one in children)
            if (allowed) RestartChild(context, one.Child, cause, suspendFirst: !one.Child.Equals(child));
            else context.Stop(one.Child);
    }
}

/// <summary>Names a strategy in the configuration.</summary>
public abstract class SupervisorStrategyConfigurator
{
    /// <summary>The strategy.</summary>
    public abstract SupervisorStrategy Create();
}

/// <summary>Restarts what fails at the top.</summary>
public class DefaultSupervisorStrategy : SupervisorStrategyConfigurator
{
    /// <inheritdoc/>
    public override SupervisorStrategy Create() => SupervisorStrategy.DefaultStrategy;
}

/// <summary>Stops what fails at the top.</summary>
public class StoppingSupervisorStrategy : SupervisorStrategyConfigurator
{
    /// <inheritdoc/>
    public override SupervisorStrategy Create() => SupervisorStrategy.StoppingStrategy;
}
