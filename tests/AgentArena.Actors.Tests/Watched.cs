// Models without weights that can be watched and disturbed. For specifications of runs.
using System.Collections.Immutable;
using AgentArena.Core.Models;

namespace AgentArena.Actors.Tests;

/// <summary>Delegates to a scripted model; subclasses look on or interfere.</summary>
public class Watched(string policy) : ILanguageModel
{
    protected ScriptedModel Inner { get; } = new(policy);

    public ModelFacts Facts => Inner.Facts;
    public string Policy => Inner.Policy;
    public int Version => Inner.Version;
    public int Active => Inner.Active;

    public virtual void Add(SequenceRequest request) => Inner.Add(request);

    public void Cancel(long id) => Inner.Cancel(id);

    public virtual void Step(ICollection<SequenceResult> finished) => Inner.Step(finished);

    public virtual IReadOnlyList<float[]> Measure(IReadOnlyList<TextQuestion> questions) => Inner.Measure(questions);

    public IReadOnlyList<double[]> MoveProbabilities(
        IReadOnlyList<(ImmutableArray<Message> Messages, ImmutableArray<string> Legal)> questions
    ) => Inner.MoveProbabilities(questions);

    public IReadOnlyList<float[]> Score(IReadOnlyList<TrainingRow> rows) => Inner.Score(rows);

    public virtual UpdateReport Update(TrainingBatch batch) => Inner.Update(batch);

    public virtual void Adopt(ILanguageModel other) => Inner.Adopt(other);

    public void Save(string folder) => Inner.Save(folder);

    public void Load(string folder) => Inner.Load(folder);

    public ILanguageModel Snapshot() => Inner.Snapshot();

    public void Dispose()
    {
        Inner.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class Noticing(string policy, Action<int> updated) : Watched(policy)
{
    public Action<int, TrainingBatch> Before { get; init; } = (_, _) => { };

    public override UpdateReport Update(TrainingBatch batch)
    {
        Before(Version, batch);
        var report = base.Update(batch);
        updated(report.Version);
        return report;
    }
}

public sealed class Recording(string policy, List<TrainingBatch> batches) : Watched(policy)
{
    public override UpdateReport Update(TrainingBatch batch)
    {
        batches.Add(batch);
        return base.Update(batch);
    }
}

/// <summary>Cannot take some requests, as a model whose context a prompt exceeds.</summary>
public sealed class Refusing(string policy, Func<int, bool> which) : Watched(policy)
{
    private int _requests;

    public override void Add(SequenceRequest request)
    {
        if (which(_requests++))
            throw new ArgumentException("the prompt exceeds the context by 7 tokens");
        base.Add(request);
    }
}
