// A parent that brings its one child back after a pause that doubles. Knows when to give up, nothing of what the child does.
using Akka.Actor;

namespace Akka.Pattern;

/// <summary>How to bring a child back.</summary>
public static class Backoff
{
    /// <summary>After it has failed. It is stopped, and started anew after the pause.</summary>
    /// <param name="childProps">The child.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first pause.</param>
    /// <param name="maxBackoff">The longest.</param>
    /// <param name="randomFactor">A pause is lengthened by up to this share of it, by chance.</param>
    /// <param name="maxNrOfRetries">After so many the supervisor stops; -1 for never.</param>
    public static BackoffOptions OnFailure(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new(childProps, childName, minBackoff, maxBackoff, randomFactor, true) { Retries = maxNrOfRetries };

    /// <summary>After it has stopped.</summary>
    /// <inheritdoc cref="OnFailure"/>
    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new(childProps, childName, minBackoff, maxBackoff, randomFactor, false) { Retries = maxNrOfRetries };
}

/// <summary>How to bring a child back. Immutable.</summary>
public sealed record BackoffOptions
{
    internal BackoffOptions(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, bool onFailure)
    {
        if (minBackoff <= TimeSpan.Zero) throw new ArgumentException($"Backoff: a first pause of {minBackoff}. It must be positive.", nameof(minBackoff));
        if (maxBackoff < minBackoff) throw new ArgumentException($"Backoff: the longest pause, {maxBackoff}, is shorter than the first, {minBackoff}.", nameof(maxBackoff));
        if (randomFactor is < 0 or > 1) throw new ArgumentException($"Backoff: a random factor of {randomFactor}. It must be from 0 to 1.", nameof(randomFactor));
        (ChildProps, ChildName, Min, Max, RandomFactor, OnFailure, AutoReset) = (childProps, childName, minBackoff, maxBackoff, randomFactor, onFailure, minBackoff);
    }

    internal Props ChildProps { get; }

    internal string ChildName { get; }

    internal TimeSpan Min { get; }

    internal TimeSpan Max { get; }

    internal double RandomFactor { get; }

    internal bool OnFailure { get; }

    internal int Retries { get; init; } = -1;

    internal TimeSpan? AutoReset { get; init; }

    internal OneForOneStrategy Strategy { get; init; } = new(Actor.SupervisorStrategy.DefaultDecider);

    internal object? Reply { get; init; }

    internal Predicate<object>? FinalStop { get; init; }

    /// <summary>The pauses begin anew once the child has lived so long.</summary>
    public BackoffOptions WithAutoReset(TimeSpan resetBackoff) => this with { AutoReset = resetBackoff };

    /// <summary>The pauses begin anew when the child sends <see cref="BackoffSupervisor.Reset"/> to its parent.</summary>
    public BackoffOptions WithManualReset() => this with { AutoReset = null };

    /// <summary>Decides which failures bring the child back.</summary>
    public BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) => this with { Strategy = supervisorStrategy, Retries = supervisorStrategy.MaxNumberOfRetries >= 0 ? supervisorStrategy.MaxNumberOfRetries : Retries };

    /// <summary>Stops the child at any failure.</summary>
    public BackoffOptions WithDefaultStoppingStrategy() => this with { Strategy = new OneForOneStrategy(static _ => Directive.Stop) };

    /// <summary>Answers senders while there is no child.</summary>
    public BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => this with { Reply = replyWhileStopped };

    /// <summary>Gives up after so many.</summary>
    public BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) => this with { Retries = maxNrOfRetries };

    /// <summary>After such a message the child's stop is final.</summary>
    public BackoffOptions WithFinalStopMessage(Predicate<object> isFinalStopMessage) => this with { FinalStop = isFinalStopMessage };
}

/// <summary>A parent that brings its one child back after a pause that doubles. Passes messages on to the child, and the child's to its own parent.</summary>
public sealed class BackoffSupervisor : UntypedActor
{
    /// <summary>Asks for <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        private GetCurrentChild() { }

        /// <summary>The only one.</summary>
        public static readonly GetCurrentChild Instance = new();
    }

    /// <summary>The child, or nobody during a pause.</summary>
    public sealed class CurrentChild(IActorRef @ref)
    {
        /// <summary>The child, or nobody.</summary>
        public IActorRef Ref { get; } = @ref;
    }

    /// <summary>The pauses begin anew.</summary>
    public sealed class Reset
    {
        private Reset() { }

        /// <summary>The only one.</summary>
        public static readonly Reset Instance = new();
    }

    /// <summary>Asks for <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        private GetRestartCount() { }

        /// <summary>The only one.</summary>
        public static readonly GetRestartCount Instance = new();
    }

    /// <summary>How often the child has been brought back since the pauses began anew.</summary>
    public sealed class RestartCount(int count)
    {
        /// <summary>How often.</summary>
        public int Count { get; } = count;
    }

    private sealed record StartChild : INoSerializationVerificationNeeded, Event.IDeadLetterSuppression;

    private sealed record AutoResetDue(int Restarts) : INoSerializationVerificationNeeded, Event.IDeadLetterSuppression;

    private readonly BackoffOptions _options;
    private IActorRef? _child;
    private int _restarts;
    private bool _final;

    /// <summary>Use <see cref="Props(BackoffOptions)"/>.</summary>
    public BackoffSupervisor(BackoffOptions options) => _options = options;

    /// <summary>The recipe.</summary>
    public static Props Props(BackoffOptions options) => Actor.Props.Create(typeof(BackoffSupervisor), options);

    /// <summary>The recipe, after a stop.</summary>
    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) => Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, -1));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy()
    {
        var own = _options.Strategy;
        if (!_options.OnFailure) return own;
        return new OneForOneStrategy(-1, -1, e =>
        {
            var directive = own.Decider.Decide(e);
            if (directive == Directive.Stop) _final = true; // this one is not worth another try
            return directive == Directive.Restart ? Directive.Stop : directive;
        });
    }

    /// <inheritdoc/>
    protected override void PreStart() => Start();

    private void Start()
    {
        _child = Context.Watch(Context.ActorOf(_options.ChildProps, _options.ChildName));
        if (_options.AutoReset is { } reset && _restarts > 0) Context.System.Scheduler.ScheduleTellOnce(reset, Self, new AutoResetDue(_restarts), Self);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartChild:
                if (_child is null) Start();
                break;
            case AutoResetDue due:
                if (due.Restarts == _restarts) _restarts = 0;
                break;
            case Reset:
                if (_options.AutoReset is null) _restarts = 0;
                else Unhandled(message);
                break;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child ?? ActorRefs.Nobody));
                break;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restarts));
                break;
            case Terminated dead when dead.ActorRef.Equals(_child):
                Ended();
                break;
            default:
                Pass(message);
                break;
        }
    }

    private void Ended()
    {
        _child = null;
        if (_final || (_options.Retries >= 0 && _restarts >= _options.Retries))
        {
            Context.Stop(Self);
            return;
        }

        // Min, doubled for each restart, up to max; computed in doubles so that no number of restarts overflows.
        var pause = Math.Min(_options.Max.TotalMilliseconds, _options.Min.TotalMilliseconds * Math.Pow(2, _restarts)) * (1 + Random.Shared.NextDouble() * _options.RandomFactor);
        _restarts++;
        Context.System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(pause), Self, new StartChild(), Self);
    }

    private void Pass(object message)
    {
        if (_child is not null && Sender.Equals(_child))
        {
            Context.Parent.Forward(message);
            return;
        }

        if (_options.FinalStop?.Invoke(message) == true) _final = true;
        if (_child is not null) _child.Forward(message);
        else if (_options.Reply is not null) Sender.Tell(_options.Reply);
        else Context.System.DeadLetters.Forward(message);
        if (_child is null && _final) Context.Stop(Self);
    }
}
