// Another actor of the test's own, with a test's expectations.
using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.TestKit;

/// <summary>An actor whose messages the test expects; can send and answer.</summary>
public class TestProbe : TestKitBase, IInternalActorRef
{
    internal TestProbe(ActorSystem system, ITestKitAssertions assertions, string? name) : base(assertions, system, null, null, name ?? "testProbe") { }

    /// <summary>Its ref.</summary>
    public IActorRef Ref => TestActor;

    /// <summary>Who sent the message taken last.</summary>
    public IActorRef Sender => LastSender;

    /// <inheritdoc/>
    public ActorPath Path => TestActor.Path;

    private IInternalActorRef Inner => (IInternalActorRef)TestActor;

    IInternalActorRef IInternalActorRef.Parent => Inner.Parent;

    bool IInternalActorRef.IsTerminated => Inner.IsTerminated;

    bool IActorRefScope.IsLocal => true;

    void IInternalActorRef.Stop() => Inner.Stop();

    // Whoever watches the probe watches the actor behind it, which is also whose death is reported.
    void IInternalActorRef.SendSystemMessage(ISystemMessage message) => Inner.SendSystemMessage(message switch
    {
        Watch watch when ReferenceEquals(watch.Watchee, this) => new Watch(Inner, watch.Watcher),
        Unwatch unwatch when ReferenceEquals(unwatch.Watchee, this) => new Unwatch(Inner, unwatch.Watcher),
        _ => message,
    });

    IActorRef IInternalActorRef.GetChild(IReadOnlyList<string> name) => Inner.GetChild(name);

    /// <summary>Sends in its name.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Answers the message taken last.</summary>
    public void Reply(object message) => Sender.Tell(message, TestActor);

    /// <summary>Passes the message taken last on.</summary>
    public void Forward(IActorRef actor) => actor.Tell(LastMessage!, Sender);

    /// <summary>Passes a message on as from the sender of the one taken last.</summary>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, Sender);

    /// <inheritdoc/>
    public void Tell(object message, IActorRef? sender) => TestActor.Tell(message, sender);

    /// <inheritdoc/>
    public bool Equals(IActorRef? other) => TestActor.Equals(other is TestProbe probe ? probe.TestActor : other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IActorRef);

    /// <inheritdoc/>
    public override int GetHashCode() => TestActor.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(IActorRef? other) => TestActor.CompareTo(other);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => TestActor.CompareTo(obj);

    /// <inheritdoc/>
    public override TestProbe CreateTestProbe(ActorSystem system, string? name = null) => throw new NotSupportedException("TestProbe: makes no probes. Use the test's CreateTestProbe.");
}
