// One policy's learning, without an actor: baselines, gauges, its part in a population, its place in the ledger. Makes
// batches of games, and events of what came of them; asks nobody and writes nothing.
using System.Collections.Immutable;
using AgentArena.Actors.Journal;
using AgentArena.Core.Binding;
using AgentArena.Core.Configuration;
using AgentArena.Core.Learning;
using AgentArena.Core.Models;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using AgentArena.Learning;

namespace AgentArena.Actors;

/// <summary>
/// What a policy's learner knows at one version of the weights. It comes from a checkpoint and goes into the next one
/// (<see cref="Save"/>); in between each step is a function of the games, the reports and what it knew before.
/// </summary>
internal sealed class Learner
{
    private readonly BoundScenario _ground;
    private readonly LearnSpec _spec;
    private readonly Advantage _advantage;
    private readonly Evaluator _evaluator;
    private readonly Health _health;
    private readonly PopulationMember? _membership; // null where it is no member of a population

    /// <param name="ground">The scenario, bound.</param>
    /// <param name="policy">The policy that learns.</param>
    public Learner(BoundScenario ground, string policy)
    {
        (_ground, Policy, _spec) = (ground, policy, ground.Scenario.LearnOf(policy));
        if (ground.Scenario.Population is { } members && members.Members.Contains(policy))
            _membership = new PopulationMember(members, (ulong)ground.Scenario.Seed, policy);
        _advantage = ground.Catalog.Advantages.Create(_spec.Advantage, "learn.advantage");
        _evaluator = new Evaluator(ground, policy);
        _health = new Health(ground.Scenario.Health);
    }

    /// <summary>The policy that learns.</summary>
    public string Policy { get; }

    /// <summary>The last update made.</summary>
    public int Version { get; private set; }

    /// <summary>The ledger's position after it.</summary>
    public long Offset { get; private set; }

    /// <summary>Where it stands, for the arena.</summary>
    public Learned Place => new(Policy, Version, Offset);

    /// <summary>The ledger's position after the games of an update.</summary>
    public long OffsetAfter(UpdateGames games) => Offset + games.Entries.Count;

    /// <summary>Whether all updates are made.</summary>
    public bool IsDone => Version >= _spec.Updates;

    /// <summary>Whether this version is to have a checkpoint.</summary>
    public bool IsCheckpointDue => Version % _ground.Scenario.Run.CheckpointEvery == 0;

    /// <summary>Whether the population has to say something to this version.</summary>
    public bool IsStepDue => _membership?.IsDue(Version) == true && !IsDone;

    /// <summary>What an evaluation of this version asks; null where none is due.</summary>
    public WeighMoves? EvaluationDue =>
        _ground.Scenario.Run.EvaluateEvery is > 0 and var every
        && (IsDone || Version % every == 0)
        && !_evaluator.Questions.IsEmpty
            ? new WeighMoves(Policy, Version, _evaluator.Questions)
            : null;

    /// <summary>Goes back to where weights that were loaded stand.</summary>
    public void Load(ModelLoaded loaded)
    {
        (Version, Offset) = (loaded.Version, loaded.Learner?.Offset ?? 0);
        _advantage.Load(loaded.Learner?.Advantage);
        _health.Load(loaded.Learner?.Health);
        _membership?.Load(loaded.Learner?.Population);
    }

    /// <summary>For the checkpoint.</summary>
    public SaveCheckpoint Save() =>
        new(Policy, Version, new LearnerState(Offset, _advantage.Save(), _health.Save(), _membership?.Save()));

    /// <summary>What rewards want to know of the weights before these games are scored; null where nothing.</summary>
    public LogProbQueries? Measure(UpdateGames games, GameLogCache logs) =>
        _ground.NeedsLogProbs
            ? new LogProbQueries(
                _ground,
                Policy,
                [.. logs.ReadGames(LearnerBatch.Scored(games.Entries, games.Rehearsed))]
            )
            : null;

    /// <summary>The rows of the next update; baselines take note of its games.</summary>
    public LearnerBatch Form(UpdateGames games, GameLogCache logs) =>
        LearnerBatch.Form(
            _ground,
            Policy,
            games.Entries,
            logs,
            _advantage,
            (double)Version / _spec.Updates,
            games.Rehearsed
        );

    /// <summary>What the model is asked to do with a batch.</summary>
    public UpdateWeights UpdateOf(LearnerBatch batch) =>
        new(
            Policy,
            Version,
            _membership is null ? batch.Training : batch.Training with { Settings = _membership.Settings }
        );

    /// <summary>The next version was made.</summary>
    /// <param name="games">What it was made of.</param>
    /// <param name="batch">Their rows.</param>
    /// <param name="report">What the trainer says.</param>
    /// <param name="seconds">When, in seconds of play.</param>
    public WeightsUpdated Made(UpdateGames games, LearnerBatch batch, UpdateReport report, double seconds)
    {
        var from = Offset;
        (Version, Offset) = (report.Version, OffsetAfter(games));
        var stats = batch.Stats(report);
        if (_membership is { Settings: var settings })
            stats = stats.Add("setting/rate", settings.Rate).Add("setting/entropy", settings.Entropy);
        _membership?.Observe(stats);
        return new WeightsUpdated(Policy, Version, from, Offset)
        {
            Games = batch.Training.Games,
            Rows = batch.Training.Rows.Length,
            Dropped = batch.Dropped,
            Seconds = seconds,
            Stats = stats,
        };
    }

    /// <summary>The gauges that leave their bounds with an update.</summary>
    public IEnumerable<Breach> Watch(WeightsUpdated updated) => _health.Observe(updated.Version, updated.Stats);

    /// <summary>An evaluation of this version was made.</summary>
    public FiguresTaken Evaluated(MovesWeighed weighed, double seconds)
    {
        var figures = _evaluator.Values(weighed.Probabilities);
        _membership?.Observe(figures);
        return new FiguresTaken(Policy, (int)weighed.Id, Offset, figures) { Seconds = seconds };
    }

    /// <summary>What the population is told; its score begins anew.</summary>
    public MemberReady Report() => new(Policy, Version, _membership!.Take(), _membership.Settings);

    /// <summary>Another member's weights were taken over.</summary>
    public WeightsAdopted TakeOver(Advice advice, int parentVersion)
    {
        _membership!.Settings = advice.Settings;
        return new WeightsAdopted(
            Policy,
            Version,
            advice.Parent,
            parentVersion,
            advice.Score,
            advice.ParentScore,
            advice.Settings
        );
    }
}
