// Actors that the laws use again and again.
using Akka.Actor;

namespace Akka.Tests.Actor;

/// <summary>An actor made of functions.</summary>
internal sealed class Lambda : UntypedActor
{
    private readonly Action<object, IUntypedActorContext> _onReceive;

    public Lambda(Action<object, IUntypedActorContext> onReceive) => _onReceive = onReceive;

    protected override void OnReceive(object message) => _onReceive(message, Context);

    public static Props Of(Action<object, IUntypedActorContext> onReceive) => Props.Create(() => new Lambda(onReceive));
}

/// <summary>Throws on <see cref="Exception"/>s, tells its life to a log, answers all else with what it got and how often it has.</summary>
internal sealed class Mortal : UntypedActor
{
    private readonly IActorRef _log;
    private int _count;

    public Mortal(IActorRef log)
    {
        _log = log;
        _log.Tell($"{Self.Path.Name}: made");
    }

    protected override void PreStart() => _log.Tell($"{Self.Path.Name}: start");

    protected override void PostStop() => _log.Tell($"{Self.Path.Name}: stop");

    protected override void PreRestart(Exception reason, object message)
    {
        _log.Tell($"{Self.Path.Name}: before restart by {message}");
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        _log.Tell($"{Self.Path.Name}: after restart by {reason.Message}");
        base.PostRestart(reason);
    }

    protected override void OnReceive(object message)
    {
        if (message is Exception e) throw e;
        if (message is Props props) Sender.Tell(Context.ActorOf(props, "child"));
        else Sender.Tell((message, ++_count));
    }
}

/// <summary>A failure with a name.</summary>
internal sealed class Boom(string message = "boom") : Exception(message)
{
    public override string ToString() => Message;
}

/// <summary>Supervises what it is told to start, as it was told to.</summary>
internal sealed class Supervisor(SupervisorStrategy strategy) : UntypedActor
{
    protected override SupervisorStrategy SupervisorStrategy() => strategy;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case (Props props, string name):
                Sender.Tell(Context.ActorOf(props, name));
                break;
            case Exception e:
                throw e;
        }
    }
}
