// The device: owns the weights, one thread, one mailbox. Knows the seam, never a tensor, a game or the journal.
using System.Collections.Immutable;
using AgentArena.Core.Binding;
using AgentArena.Core.Models;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using Akka.Actor;

namespace AgentArena.Actors;

/// <summary>
/// Steps all sequences of all its policies one token at a time. Whatever waits in the mailbox when a step begins joins
/// it; updates, checkpoints and evaluations run between steps. After a crash the newest checkpoint is loaded and what
/// was in flight is asked again.
/// </summary>
public sealed class ModelActor : UntypedActor
{
    private sealed record Step
    {
        public static readonly Step Next = new();
    }

    // Weighs all that has been asked together; whatever waits in the mailbox before it joins.
    private sealed record Weigh
    {
        public static readonly Weigh Now = new();
    }

    // Who waits for a reply, and since when.
    private readonly record struct Waiting(Generate Request, IActorRef Asker, DateTimeOffset Since);

    private const int MostFrozen = 8; // older versions kept in memory; others are read again when they are asked

    private readonly BoundScenario _ground;
    private readonly RunFolder _folder;
    private readonly Func<string, ILanguageModel> _create;
    private readonly TimeProvider _time;
    private readonly SortedDictionary<string, ILanguageModel> _models = new(StringComparer.Ordinal);

    // older versions in the order they were last asked
    private readonly List<(string Name, ILanguageModel Model)> _frozen = [];
    private readonly Dictionary<long, Waiting> _waiting = [];
    private readonly Dictionary<string, UpdateReport> _made = new(StringComparer.Ordinal); // the last, by policy
    private readonly List<SequenceResult> _finished = [];
    private readonly List<(WeighMoves Request, IActorRef Asker)> _toWeigh = [];
    private readonly Dictionary<IActorRef, ImmutableArray<Generated>.Builder> _replies = [];
    private bool _stepping;

    /// <param name="ground">The scenario, bound.</param>
    /// <param name="folder">Where checkpoints lie.</param>
    /// <param name="create">Makes a policy's model with initial weights; called on this actor's thread.</param>
    /// <param name="time">The clock that tells how long requests waited.</param>
    public ModelActor(BoundScenario ground, RunFolder folder, Func<string, ILanguageModel> create, TimeProvider time) =>
        (_ground, _folder, _create, _time) = (ground, folder, create, time);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        foreach (var policy in _ground.Modelled)
            Load(policy);
    }

    private void Load(string policy)
    {
        if (_models.Remove(policy, out var old))
            old.Dispose();
        _made.Remove(policy);
        var model = _create(policy);
        _models.Add(policy, model);
        LearnerState? learner = null;
        if (CheckpointFolder.Newest(_folder.CheckpointsOf(policy)) is { } newest)
        {
            CheckpointFolder.Verify(newest);
            model.Load(newest);
            learner = LearnerState.Read(newest);
        }
        Context.Parent.Tell(new ModelLoaded(policy, model.Version, learner));
        foreach (var (request, asker, _) in _waiting.Values.Where(w => w.Request.Policy == policy).ToArray())
        {
            _waiting.Remove(request.Request.Id);
            Self.Tell(new GenerateMany([request]), asker);
        }
    }

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message)
    {
        foreach (var (request, asker, _) in _waiting.Values)
            Self.Tell(new GenerateMany([request]), asker);
        foreach (var (request, asker) in _toWeigh)
            Self.Tell(request, asker);
        base.PreRestart(reason, message);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (var model in _models.Values)
            model.Dispose();
        _models.Clear();
        foreach (var (_, model) in _frozen)
            model.Dispose();
        _frozen.Clear();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (_toWeigh.Count > 0 && message is not (WeighMoves or GenerateMany))
            WeighAll(); // before anything that may change weights
        switch (message)
        {
            case GenerateMany generate:
                if (generate.Sent != 0)
                    Telemetry.ModelWait.Record(_time.GetElapsedTime(generate.Sent).TotalSeconds);
                foreach (var request in generate.Requests)
                    Join(request);
                break;
            case CancelGeneration cancel:
                foreach (var id in cancel.Ids)
                    Cancel(id);
                break;
            case Step:
                Advance();
                break;
            case UpdateWeights update:
                Update(update);
                break;
            case MeasureTexts measure:
                if (_models[measure.Policy].Version == measure.Version)
                    Sender.Tell(
                        new TextsMeasured(
                            measure.Policy,
                            measure.Version,
                            [.. _models[measure.Policy].Measure(measure.Questions)]
                        )
                    );
                break;
            case AdoptWeights adopt:
                if (_models[adopt.Policy].Version != adopt.Version)
                    break;
                _models[adopt.Policy].Adopt(_models[adopt.Parent]);
                Sender.Tell(new Adopted(adopt.Policy, adopt.Version, _models[adopt.Parent].Version));
                break;
            case SaveCheckpoint save:
                Save(save);
                break;
            case ReloadModel reload:
                Load(reload.Policy);
                break;
            case WeighMoves weigh:
                _toWeigh.Add((weigh, Sender));
                if (_toWeigh.Count == 1)
                    Self.Tell(Weigh.Now);
                break;
            case Weigh:
                break;
            case ReportWaits:
                Sender.Tell(new Waits([.. Waits()]));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>
    /// After a reload the learner goes back and asks again; what it asked before is void. Where that was made
    /// meanwhile, of the weights that were loaded, it is the same update of the same games, and its report is told
    /// again: an update is never made twice, and nobody waits for one that was.
    /// </summary>
    private void Update(UpdateWeights update)
    {
        var model = _models[update.Policy];
        if (model.Version == update.BaseVersion)
            _made[update.Policy] = model.Update(update.Batch);
        if (_made.TryGetValue(update.Policy, out var report) && report.Version == update.BaseVersion + 1)
            Sender.Tell(new WeightsMade(update.Policy, report));
    }

    private IEnumerable<Wait> Waits() =>
        _waiting
            .Values.GroupBy(w => w.Request.Policy)
            .Select(of => new Wait(
                "model",
                $"{of.Count()} sequences of {of.Key} that are being sampled",
                of.Min(w => w.Since),
                null
            ));

    private void WeighAll()
    {
        foreach (var group in _toWeigh.GroupBy(w => w.Request.Policy).ToArray())
        {
            var asked = group.ToArray();
            try
            {
                var weighed = (_models.GetValueOrDefault(group.Key) ?? Frozen(group.Key)!).MoveProbabilities([
                    .. asked.SelectMany(a => a.Request.Questions).Select(q => (q.Messages, q.Legal)),
                ]);
                var next = 0;
                foreach (var (request, asker) in asked)
                    asker.Tell(
                        new MovesWeighed(
                            request.Policy,
                            request.Id,
                            [.. request.Questions.Select(_ => weighed[next++].ToImmutableArray())]
                        )
                    );
            }
            catch (ArgumentException e)
            {
                foreach (var (request, asker) in asked)
                    asker.Tell(new GenerateFailed(request.Id, e.Message));
            }
        }
        _toWeigh.Clear();
    }

    private void Join(Generate generate)
    {
        ILanguageModel? model;
        try
        {
            model = _models.GetValueOrDefault(generate.Policy) ?? Frozen(generate.Policy);
        }
        catch (InvalidDataException e)
        {
            Sender.Tell(new GenerateFailed(generate.Request.Id, e.Message));
            return;
        }
        if (model is null)
        {
            Sender.Tell(
                new GenerateFailed(
                    generate.Request.Id,
                    $"policy {generate.Policy} is not on this device. On it: {string.Join(", ", _models.Keys)}."
                )
            );
            return;
        }
        if (_waiting.TryGetValue(generate.Request.Id, out var before))
        {
            // The same question by a seat that was restarted.
            _waiting[generate.Request.Id] = before with { Asker = Sender };
            return;
        }
        try
        {
            model.Add(generate.Request);
        }
        catch (ArgumentException e)
        {
            Sender.Tell(new GenerateFailed(generate.Request.Id, e.Message));
            return;
        }
        _waiting[generate.Request.Id] = new Waiting(generate, Sender, _time.GetUtcNow());
        if (_stepping)
            return;
        _stepping = true;
        Self.Tell(Step.Next);
    }

    /// <summary>
    /// The model of <c>policy@version</c>, read from that version's checkpoint; null where the name is none of a policy
    /// here.
    /// </summary>
    private ILanguageModel? Frozen(string name)
    {
        if (FrozenPolicy.Version(name) is not { } version || !_models.ContainsKey(FrozenPolicy.PolicyOf(name)))
            return null;
        var at = _frozen.FindIndex(f => f.Name == name);
        if (at < 0)
        {
            var folder = CheckpointOf(FrozenPolicy.PolicyOf(name), version);
            if (!Directory.Exists(folder))
                throw new InvalidDataException(
                    $"{folder}: there is no checkpoint of {name}. Keep more of them (run.keep-checkpoints)."
                );
            CheckpointFolder.Verify(folder);
            var model = _create(FrozenPolicy.PolicyOf(name));
            model.Load(folder);
            // Those that are not sampling make room.
            while (_frozen.Count >= MostFrozen && _frozen.FindIndex(f => f.Model.Active == 0) is >= 0 and var idle)
            {
                _frozen[idle].Model.Dispose();
                _frozen.RemoveAt(idle);
            }
            _frozen.Add((name, model));
        }
        else if (at < _frozen.Count - 1)
        {
            var asked = _frozen[at];
            _frozen.RemoveAt(at);
            _frozen.Add(asked);
        }
        return _frozen[^1].Model;
    }

    private string CheckpointOf(string policy, int version) =>
        Path.Combine(_folder.CheckpointsOf(policy), CheckpointFolder.Name(version));

    // The game it was asked for is over.
    private void Cancel(long id)
    {
        if (!_waiting.Remove(id, out var waiting))
            return;
        (
            _models.GetValueOrDefault(waiting.Request.Policy)
            ?? _frozen.Find(f => f.Name == waiting.Request.Policy).Model
        )?.Cancel(id);
    }

    private void Advance()
    {
        var active = false;
        foreach (var model in _models.Values.Concat(_frozen.Select(f => f.Model)))
        {
            if (model.Active == 0)
                continue;
            _finished.Clear();
            model.Step(_finished);
            foreach (var result in _finished)
            {
                if (!_waiting.Remove(result.Id, out var waiting))
                    continue;
                if (!_replies.TryGetValue(waiting.Asker, out var replies))
                    _replies.Add(waiting.Asker, replies = ImmutableArray.CreateBuilder<Generated>());
                replies.Add(new Generated(result.Id, result.Said));
            }
            active |= model.Active > 0;
        }
        foreach (var (asker, replies) in _replies)
            asker.Tell(new GeneratedMany(replies.DrainToImmutable()));
        _replies.Clear();
        _stepping = active;
        if (active)
            Self.Tell(Step.Next);
    }

    private void Save(SaveCheckpoint save)
    {
        var model = _models[save.Policy];
        if (model.Version != save.Version)
            return;
        var parent = _folder.CheckpointsOf(save.Policy);
        Directory.CreateDirectory(parent);
        var folder = CheckpointOf(save.Policy, model.Version);
        // After a crash the same version is made again from the same games; what is on disk is already it.
        if (!Directory.Exists(folder))
            CheckpointFolder.Write(folder, fill =>
            {
                model.Save(fill);
                save.Learner.Write(fill);
            });
        CheckpointFolder.Prune(parent, _ground.Scenario.Run.KeepCheckpoints + 1);
        Sender.Tell(new CheckpointSaved(save.Policy, model.Version, save.Learner.Offset));
    }
}
