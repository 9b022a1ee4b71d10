// The actors below the arena: how they are made, whether they are up, what it means when one dies. Does not know what
// is said to them.
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>
/// Model, tools, people, learners, tables. Each is restarted where it fails; one that fails again and again ends the
/// run.
/// </summary>
/// <param name="context">The arena's.</param>
/// <param name="parts">What they are made of.</param>
/// <param name="tables">Those of them that games are played at.</param>
internal sealed class ArenaChildren(IActorContext context, ArenaParts parts, ArenaTables tables)
{
    private readonly Dictionary<string, IActorRef> _backends = new(StringComparer.Ordinal);
    private IActorRef _model = ActorRefs.Nobody;
    private Exception? _modelFault;

    /// <summary>Who can be asked what they wait for, learners left out.</summary>
    public IEnumerable<IActorRef> Waiting => _backends.Values.Distinct().Concat(tables.All);

    /// <summary>Makes all of them; the learners' places are put into <paramref name="pace"/>.</summary>
    public void Open(StalenessGate pace)
    {
        OpenBackends();
        OpenLearners(pace);
        tables.Open(Open, parts, _backends);
    }

    /// <summary>A child has failed: what is done.</summary>
    public Directive Failed(IActorRef child, Exception fault)
    {
        if (child.Equals(_model))
            _modelFault = fault;
        tables.Failed(child);
        return Directive.Restart;
    }

    /// <summary>What to say of a child's death; null where it is of no consequence.</summary>
    public string? DeathOf(IActorRef child, StalenessGate pace, RunFaults faults) =>
        child.Equals(_model) ? faults.Model(_modelFault)
        : pace.PolicyOf(child) is { } policy ? faults.Actor($"learner of {policy}")
        : tables.Contains(child) ? faults.Actor(child.Path.Name)
        : null;

    private IActorRef Open(Props props, string name) => context.Watch(context.ActorOf(props, name));

    private void OpenBackends()
    {
        var ground = parts.Ground;
        if (ground.Modelled.Length > 0)
        {
            var props = Props.Create(() => new ModelActor(ground, parts.Folder, parts.Create, parts.Time));
            _model = Open(props.WithDispatcher(ArenaSystem.ModelDispatcher), "model");
            foreach (var (policy, player) in ground.Players)
                if (player.NeedsWeights)
                    _backends.Add(policy, _model);
        }
        foreach (var (policy, props) in parts.Others)
            _backends.Add(policy, context.ActorOf(props, $"seat-{policy}"));
    }

    private void OpenLearners(StalenessGate pace)
    {
        var (ground, model) = (parts.Ground, _model);
        IActorRef population = ActorRefs.Nobody;
        if (ground.Scenario.Population is { } members)
            population = context.ActorOf(
                Props.Create(() => new PopulationActor(members, (ulong)ground.Scenario.Seed)),
                "population"
            );
        foreach (var policy in ground.Learners)
        {
            var props = Props.Create(() =>
                new LearnerActor(ground, policy, model, parts.OpenReader, parts.Metrics, population, parts.Time)
            );
            var actor = Open(props.WithDispatcher(ArenaSystem.LearnerDispatcher), $"learner-{policy}");
            pace.Add(policy, actor, ground.Scenario.LearnOf(policy));
        }
    }
}
