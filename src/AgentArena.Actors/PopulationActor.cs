// Where the members of a population report. Knows scores and settings, never a weight; what it forgets in a crash the
// next reports tell it.
using AgentArena.Core.Scenarios;
using AgentArena.Learning;
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>
/// Advises each member that is ready by the newest reports of all, at once: nobody waits for anybody.
/// </summary>
public sealed class PopulationActor : UntypedActor
{
    private readonly Population _population;

    /// <param name="spec">The population.</param>
    /// <param name="seed">The run's seed.</param>
    public PopulationActor(PopulationSpec spec, ulong seed) => _population = new Population(spec, seed);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is MemberReady ready)
            Sender.Tell(
                new MemberAdvised(
                    ready.Version,
                    _population.Step(ready.Policy, ready.Version, ready.Score, ready.Settings)
                )
            );
        else
            Unhandled(message);
    }
}
