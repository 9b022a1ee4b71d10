// The actors below the arena: how they are made, whether they are up, what it means when one dies. Does not know what
// is said to them.
using AgentArena.Actors.Journal;
using AgentArena.Core;
using AgentArena.Core.Models;
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>What a run's actors are made of.</summary>
/// <param name="Ground">The scenario, bound.</param>
/// <param name="Folder">The run's folder.</param>
/// <param name="Create">Makes a policy's model; called on the model actor's thread.</param>
/// <param name="Others">The actors of tools, remote models and people, by policy.</param>
/// <param name="OpenReader">Opens the journal for reading.</param>
/// <param name="Metrics">Where figures go.</param>
/// <param name="Time">The clock.</param>
internal sealed record ArenaParts(
    BoundScenario Ground,
    RunFolder Folder,
    Func<string, ILanguageModel> Create,
    IReadOnlyDictionary<string, Props> Others,
    Func<IGameReader> OpenReader,
    MetricsFile Metrics,
    TimeProvider Time
);

/// <summary>
/// Model, tools, people, learners, tables. Each is restarted where it fails; one that fails again and again ends the
/// run.
/// </summary>
/// <param name="context">The arena's.</param>
/// <param name="parts">What they are made of.</param>
/// <param name="tables">How many tables there are.</param>
internal sealed class ArenaChildren(IActorContext context, ArenaParts parts, int tables)
{
    // A table, and whether it has read its stream.
    private sealed record Seating(IActorRef Actor, bool IsReady);

    private readonly Dictionary<string, IActorRef> _backends = new(StringComparer.Ordinal);
    private readonly Seating[] _tables = [.. Enumerable.Repeat(new Seating(ActorRefs.Nobody, IsReady: false), tables)];
    private IActorRef _model = ActorRefs.Nobody;
    private Exception? _modelFault;

    /// <summary>How many tables there are.</summary>
    public int Tables => tables;

    /// <summary>Tables that are up, by number.</summary>
    public IReadOnlyList<int> ReadyTables => [.. Enumerable.Range(0, tables).Where(t => _tables[t].IsReady)];

    /// <summary>Who can be asked what they wait for, learners left out.</summary>
    public IEnumerable<IActorRef> Waiting => _backends.Values.Distinct().Concat(_tables.Select(t => t.Actor));

    /// <summary>A table.</summary>
    public IActorRef Table(int number) => _tables[number].Actor;

    /// <summary>At which table a game is played.</summary>
    public int TableOf(long game) => (int)(game % tables);

    /// <summary>Whether a game's table is up.</summary>
    public bool IsReady(long game) => _tables[TableOf(game)].IsReady;

    /// <summary>A table has read its stream.</summary>
    public void IsUp(int table) => _tables[table] = _tables[table] with { IsReady = true };

    /// <summary>Makes all of them; the learners' places are put into <paramref name="pace"/>.</summary>
    public void Open(Pace pace)
    {
        OpenBackends();
        OpenLearners(pace);
        for (var i = 0; i < tables; i++)
        {
            var table = i;
            var props = Props.Create(() => new TableActor(parts.Ground, table, _backends, parts.Time));
            _tables[table] = new Seating(Open(props, TableActor.IdOf(table)), IsReady: false);
        }
    }

    /// <summary>A child has failed: what is done.</summary>
    public Directive Failed(IActorRef child, Exception fault)
    {
        if (child.Equals(_model))
            _modelFault = fault;
        if (Array.FindIndex(_tables, t => t.Actor.Equals(child)) is >= 0 and var table)
            _tables[table] = _tables[table] with { IsReady = false };
        return Directive.Restart;
    }

    /// <summary>What to say of a child's death; null where it is of no consequence.</summary>
    public string? DeathOf(IActorRef child, Pace pace, RunFaults faults) =>
        child.Equals(_model) ? faults.Model(_modelFault)
        : pace.PolicyOf(child) is { } policy ? faults.Actor($"learner of {policy}")
        : _tables.Any(t => t.Actor.Equals(child)) ? faults.Actor(child.Path.Name)
        : null;

    private IActorRef Open(Props props, string name) => context.Watch(context.ActorOf(props, name));

    private void OpenBackends()
    {
        var ground = parts.Ground;
        if (ground.Modelled.Length > 0)
        {
            var props = Props.Create(() => new ModelActor(ground, parts.Folder, parts.Create, parts.Time));
            _model = Open(props.WithDispatcher(ArenaSystem.ModelDispatcher), "model");
            foreach (var (policy, spec) in ground.Scenario.Policies)
                if (spec.Model is not null || spec.Of is not null)
                    _backends.Add(policy, _model);
        }
        foreach (var (policy, props) in parts.Others)
            _backends.Add(policy, context.ActorOf(props, $"seat-{policy}"));
    }

    private void OpenLearners(Pace pace)
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
