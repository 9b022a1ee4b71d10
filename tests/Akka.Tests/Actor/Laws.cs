// What the laws of actors share: a quiet system, short ways to start things, patience for busy machines.
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Tests.Actor;

public abstract class Laws : TestKit.Xunit2.TestKit
{
    /// <summary>Long enough for a machine with other things to do.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    protected Laws(string hocon = "") : base(ConfigurationFactory.ParseString(hocon).WithFallback(ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF, test.single-expect-default = 15s, test.default-timeout = 15s, test.filter-leeway = 15s }"))) { }

    internal IActorRef Supervise(SupervisorStrategy strategy, string? name = null) => Sys.ActorOf(Props.Create(() => new Supervisor(strategy)), name);

    internal async Task<IActorRef> Child(IActorRef supervisor, string name, IActorRef log) => await supervisor.Ask<IActorRef>((Props.Create(() => new Mortal(log)), name), Patience);

    internal static async Task<int> Count(IActorRef mortal) => (await mortal.Ask<(object, int)>("count", Patience)).Item2;

    protected void ExpectLog(params string[] lines)
    {
        foreach (var line in lines) ExpectMsg(line);
    }
}
