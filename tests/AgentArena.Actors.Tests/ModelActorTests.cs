using AgentArena.Core.Binding;
using AgentArena.Core.Models;
using Akka.Actor;

namespace AgentArena.Actors.Tests;

/// <summary>The device: what a reload makes void, what is told again, what it waits for.</summary>
public sealed class ModelActorTests : JournalTestKit
{
    private readonly TempFolder _temp = new();
    private readonly List<TrainingBatch> _batches = [];

    protected override void AfterAll()
    {
        base.AfterAll();
        _temp.Dispose();
    }

    private IActorRef Open(Func<string, ILanguageModel>? create = null)
    {
        var (ground, folder) = (BoundScenario.Bind(Runs.Kuhn(), Standard.Catalog), RunFolder.Create(_temp.In("r")));
        create ??= policy => new Recording(policy, _batches);
        var model = Arena.ChildActorOf(Props.Create(() => new ModelActor(ground, folder, create, Time)));
        Arena.ExpectMsg<ModelLoaded>().Version.ShouldBe(0);
        return model;
    }

    private static UpdateWeights Update(int version) => new("student", version, new TrainingBatch([], 0, 0, 0));

    [Fact]
    public void A_checkpoint_of_weights_that_are_no_more_is_not_written()
    {
        var model = Open();
        model.Tell(new SaveCheckpoint("student", 1, new LearnerState(8, null, null, null)), TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Directory.Exists(_temp.In("r/checkpoints/student")).ShouldBeFalse();
        model.Tell(Update(0), TestActor);
        ExpectMsg<WeightsMade>();
        model.Tell(new SaveCheckpoint("student", 1, new LearnerState(8, null, null, null)), TestActor);
        ExpectMsg<CheckpointSaved>().ShouldBe(new CheckpointSaved("student", 1, 8));
        model.Tell(new ReloadModel("student"), TestActor);
        var loaded = Arena.ExpectMsg<ModelLoaded>();
        (loaded.Version, loaded.Learner).ShouldBe((1, new LearnerState(8, null, null, null)));
    }

    [Fact]
    public void An_update_that_was_made_is_told_again_and_made_once()
    {
        var model = Open();
        for (var i = 0; i < 2; i++)
        {
            model.Tell(Update(0), TestActor); // as by a learner that went back after the first was on its way
            ExpectMsg<WeightsMade>().Report.Version.ShouldBe(1);
        }
        _batches.Count.ShouldBe(1);
        model.Tell(Update(1), TestActor);
        ExpectMsg<WeightsMade>().Report.Version.ShouldBe(2);
        model.Tell(Update(0), TestActor); // of weights that are no more
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void What_it_samples_is_told_since_its_oldest_request_and_without_a_deadline()
    {
        var model = Open(policy => new Sleeping(policy));
        model.Tell(new GenerateMany([Request(1)]), TestActor);
        model.Tell(new ReportWaits(), TestActor);
        ExpectMsg<Waits>(); // the first has joined
        Time.Advance(TimeSpan.FromSeconds(3));
        model.Tell(new GenerateMany([Request(2), Request(1)]), TestActor); // the second asks for the first again
        model.Tell(new ReportWaits(), TestActor);
        var wait = ExpectMsg<Waits>().All.ShouldHaveSingleItem();
        wait.ShouldBe(
            new Wait("model", "2 sequences of student that are being sampled", DateTimeOffset.UnixEpoch, null)
        );
    }

    private static Generate Request(long id) =>
        new(
            "student",
            new SequenceRequest
            {
                Id = id,
                Messages = [],
                Seed = 1,
                Budget = 1,
            }
        );

    // Never comes to an end of what it samples.
    private sealed class Sleeping(string policy) : Watched(policy)
    {
        public override void Add(SequenceRequest request) { }
    }
}
