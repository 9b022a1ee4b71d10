// Collects what is told to it, for tests that talk to a system other than their kit's.
using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Persistence.Tests;

public sealed class Replies
{
    private readonly BlockingCollection<object> _received = [];

    public Replies(ActorSystem system) => Receiver = system.ActorOf(Props.Create(() => new Collector(_received)));

    public IActorRef Receiver { get; }

    public object Receive(TimeSpan patience) => _received.TryTake(out var message, patience) ? message : throw new TimeoutException($"nothing came within {patience}");

    private sealed class Collector(BlockingCollection<object> received) : UntypedActor
    {
        protected override void OnReceive(object message) => received.Add(message);
    }
}
