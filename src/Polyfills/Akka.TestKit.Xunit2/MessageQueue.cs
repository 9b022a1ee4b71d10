// What a test actor has received and the test has not yet looked at.
using Akka.Actor;

namespace Akka.TestKit;

/// <summary>A message that reached a test actor.</summary>
public abstract class MessageEnvelope
{
    /// <summary>What.</summary>
    public abstract object? Message { get; }

    /// <summary>From whom.</summary>
    public abstract IActorRef Sender { get; }
}

internal sealed class RealMessageEnvelope(object message, IActorRef sender) : MessageEnvelope
{
    public override object Message => message;

    public override IActorRef Sender => sender;
}

internal sealed class ReceivedMessages
{
    private readonly Queue<RealMessageEnvelope> _queue = new();
    private readonly SemaphoreSlim _count = new(0);

    public bool Any
    {
        get
        {
            lock (_queue) return _queue.Count > 0;
        }
    }

    public void Add(RealMessageEnvelope envelope)
    {
        lock (_queue) _queue.Enqueue(envelope);
        _count.Release();
    }

    /// <summary>The next, or null when none came in time.</summary>
    public RealMessageEnvelope? Take(TimeSpan timeout, CancellationToken cancel) => _count.Wait(timeout, cancel) ? Next() : null;

    /// <inheritdoc cref="Take"/>
    public async ValueTask<RealMessageEnvelope?> TakeAsync(TimeSpan timeout, CancellationToken cancel) => await _count.WaitAsync(timeout, cancel).ConfigureAwait(false) ? Next() : null;

    private RealMessageEnvelope Next()
    {
        lock (_queue) return _queue.Dequeue();
    }
}

/// <summary>Answers in a test actor's stead.</summary>
public abstract class AutoPilot
{
    /// <summary>Sees each message; the pilot for the next is returned.</summary>
    public abstract AutoPilot Run(IActorRef sender, object message);

    /// <summary>No pilot any more.</summary>
    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    /// <summary>The same again.</summary>
    public static KeepRunning KeepRunning => KeepRunning.Instance;
}

/// <summary>No pilot.</summary>
public sealed class NoAutoPilot : AutoPilot
{
    /// <summary>The only one.</summary>
    public static readonly NoAutoPilot Instance = new();

    /// <inheritdoc/>
    public override AutoPilot Run(IActorRef sender, object message) => this;
}

/// <summary>The same pilot again.</summary>
public sealed class KeepRunning : AutoPilot
{
    /// <summary>The only one.</summary>
    public static readonly KeepRunning Instance = new();

    /// <inheritdoc/>
    public override AutoPilot Run(IActorRef sender, object message) => throw new InvalidOperationException("KeepRunning: is an answer, not a pilot. Return it from another pilot's Run.");
}

/// <summary>A pilot made of a function.</summary>
public sealed class DelegateAutoPilot(Func<IActorRef, object, AutoPilot> run) : AutoPilot
{
    /// <inheritdoc/>
    public override AutoPilot Run(IActorRef sender, object message) => run(sender, message);
}

/// <summary>Puts what it receives before the test.</summary>
internal sealed class InternalTestActor(ReceivedMessages messages) : ActorBase
{
    public sealed record Pilot(AutoPilot By) : INoSerializationVerificationNeeded;

    public sealed record Ignore(Func<object, bool>? Which) : INoSerializationVerificationNeeded;

    public sealed record Follow(IActorRef Whom) : INoSerializationVerificationNeeded;

    public sealed record Unfollow(IActorRef Whom) : INoSerializationVerificationNeeded;

    private AutoPilot? _pilot;
    private Func<object, bool>? _ignored;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Pilot pilot:
                _pilot = pilot.By is NoAutoPilot ? null : pilot.By;
                return true;
            case Ignore ignore:
                _ignored = ignore.Which;
                return true;
            case Follow follow:
                Context.Watch(follow.Whom);
                return true;
            case Unfollow unfollow:
                Context.Unwatch(unfollow.Whom);
                return true;
        }

        if (_pilot is not null && _pilot.Run(Sender, message) is var next and not KeepRunning) _pilot = next is NoAutoPilot ? null : next;
        if (_ignored?.Invoke(message) != true) messages.Add(new RealMessageEnvelope(message, Sender));
        return true;
    }
}
