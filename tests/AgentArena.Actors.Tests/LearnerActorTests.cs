using AgentArena.Core.Models;
using AgentArena.Core.Runs;
using AgentArena.Learning;
using Akka.Actor;

namespace AgentArena.Actors.Tests;

/// <summary>Exactly once, in ledger order, whatever stops in between.</summary>
public sealed class LearnerActorTests : LearnerTestKit
{
    [Fact]
    public void An_update_is_made_of_a_whole_batch_and_not_before()
    {
        var learner = Open();
        Load(learner);
        Grow(learner, 0, 0);
        Silent(Model);
        Grow(learner, 1, 1, 2);
        Asked().Batch.Rows.Select(r => r.Prompt[1]).Distinct().ShouldBe([0, 1]);
        Grow(learner, 3, 3);
        Silent(Model); // one update at a time
        Made(learner, 1);
        Arena.ExpectMsg<Learned>().Offset.ShouldBe(2);
        Asked().Batch.Rows.Select(r => r.Prompt[1]).Distinct().ShouldBe([2, 3]);
    }

    [Fact]
    public void A_game_that_the_system_failed_is_passed_over_and_counted()
    {
        var learner = Open();
        Load(learner);
        Grow(learner, 0, 0, -1);
        Silent(Model);
        Grow(learner, 2, 2);
        OnDisk(learner, 3);
        Update(learner, 1, offset: 3);
        AwaitAssert(() => Written.Count.ShouldBe(1));
        var updated = Written[0].ShouldBeOfType<WeightsUpdated>();
        (updated.From, updated.To, updated.Games, updated.Dropped["aborted"]).ShouldBe((0, 3, 2, 1));
    }

    [Fact]
    public void Entries_that_are_told_twice_count_once_and_a_gap_is_left_for_what_was_asked()
    {
        var learner = Open();
        Load(learner);
        Grow(learner, 1, 1); // grew while what it asked for was on its way
        Silent(Model);
        Grow(learner, 0, 0, 1);
        Asked().Batch.Rows.Select(r => r.Prompt[1]).Distinct().ShouldBe([0, 1]);
        Made(learner, 1);
        Arena.ExpectMsg<Learned>();
        Grow(learner, 1, 1, 2);
        Silent(Model);
    }

    [Fact]
    public void Weights_that_are_loaded_again_drop_the_update_in_hand_and_it_is_made_again_of_the_same_games()
    {
        var learner = Open();
        Load(learner);
        Grow(learner, 0, 0, 1, 2, 3);
        var first = Asked().Batch;
        Load(learner);
        Made(learner, 1); // of weights that are no more
        Silent(Arena);
        Grow(learner, 0, 0, 1, 2, 3);
        var again = Asked().Batch;
        again.Rows.Select(Print).ShouldBe(first.Rows.Select(Print));
        Made(learner, 1);
        Arena.ExpectMsg<Learned>().ShouldBe(new Learned(Policy, 1, 2));

        static string Print(TrainingRow row) =>
            $"{string.Join(' ', row.Prompt)} > {string.Join(' ', row.Tokens)} x {string.Join(' ', row.Weights)}";
    }

    [Fact]
    public void Nothing_is_written_down_before_its_games_stand_in_the_ledger_on_disk()
    {
        var learner = Open();
        Load(learner);
        Grow(learner, 0, 0, 1, 2, 3);
        Update(learner, 1, offset: 2);
        Update(learner, 2, offset: 4);
        OnDisk(learner, 1);
        Silent(Arena);
        Written.ShouldBeEmpty();
        OnDisk(learner, 3);
        AwaitAssert(() => Written.Cast<WeightsUpdated>().Select(u => u.Version).ShouldBe([1]));
        OnDisk(learner, 4);
        AwaitAssert(() => Written.Cast<WeightsUpdated>().Select(u => u.Version).ShouldBe([1, 2]));
    }

    [Fact]
    public void A_checkpoint_never_runs_ahead_of_the_journal()
    {
        var learner = Open(Plan(checkpointEvery: 1));
        Load(learner);
        Journal.Hold();
        OnDisk(learner, 4);
        Grow(learner, 0, 0, 1, 2, 3);
        Update(learner, 1, offset: 2);
        Silent(Model); // neither a checkpoint nor the next update
        WaitOf(learner)!.For.ShouldContain("the journal");
        Journal.Release();
        var saved = Model.ExpectMsg<SaveCheckpoint>();
        (saved.Version, saved.Learner.Offset).ShouldBe((1, 2));
        Asked().BaseVersion.ShouldBe(1);
    }

    [Fact]
    public void A_stop_while_updating_ends_with_that_update_and_its_checkpoint()
    {
        var learner = Open();
        Load(learner);
        Grow(learner, 0, 0, 1, 2, 3);
        OnDisk(learner, 4);
        Asked();
        learner.Tell(new StopLearning(), Arena);
        Silent(Arena);
        Made(learner, 1);
        Arena.ExpectMsg<Learned>();
        Saved(learner, Model.ExpectMsg<SaveCheckpoint>());
        Arena.ExpectMsg<LearnerStopped>().Version.ShouldBe(1);
        Grow(learner, 4, 4, 5);
        Silent(Model);
        Silent(Arena);
        WaitOf(learner).ShouldBeNull();
    }

    [Fact]
    public void A_stop_before_the_first_game_saves_what_was_loaded()
    {
        var learner = Open();
        learner.Tell(new StopLearning(), Arena);
        Load(learner);
        Saved(learner, Model.ExpectMsg<SaveCheckpoint>());
        Arena.ExpectMsg<LearnerStopped>().Version.ShouldBe(0);
    }

    [Fact]
    public void It_has_stopped_only_when_journal_and_checkpoint_have_all()
    {
        var learner = Open(Plan(updates: 1));
        Load(learner);
        Grow(learner, 0, 0, 1);
        Update(learner, 1, offset: 2);
        Silent(Model); // the ledger is not on disk: neither is the update
        OnDisk(learner, 2);
        var save = Model.ExpectMsg<SaveCheckpoint>();
        Silent(Arena);
        Saved(learner, save);
        Arena.ExpectMsg<LearnerStopped>().Version.ShouldBe(1);
    }

    [Fact]
    public void An_update_that_is_made_again_after_a_crash_is_written_once()
    {
        var learner = Open();
        Load(learner);
        Grow(learner, 0, 0, 1, 2, 3);
        OnDisk(learner, 4);
        Update(learner, 1, offset: 2);
        AwaitAssert(() => Written.Count.ShouldBe(1));
        Asked(); // of the second update, which the crash takes
        learner = Again(learner);
        Load(learner); // there was no checkpoint: from the beginning
        Grow(learner, 0, 0, 1, 2, 3);
        OnDisk(learner, 4);
        Update(learner, 1, offset: 2);
        Update(learner, 2, offset: 4);
        AwaitAssert(() => Written.Cast<WeightsUpdated>().Select(u => (u.Version, u.To)).ShouldBe([(1, 2), (2, 4)]));
    }

    [Fact]
    public void It_goes_on_where_its_checkpoint_stands()
    {
        var learner = Open(Plan(checkpointEvery: 1));
        Load(learner);
        Grow(learner, 0, 0, 1, 2, 3);
        OnDisk(learner, 4);
        Update(learner, 1, offset: 2);
        var state = Model.ExpectMsg<SaveCheckpoint>().Learner;
        var batch = Asked().Batch;
        learner = Again(learner, Plan(checkpointEvery: 1));
        Load(learner, 1, state);
        Grow(learner, 2, 2, 3);
        Asked().Batch.Rows.Select(r => r.Weights[0]).ShouldBe(batch.Rows.Select(r => r.Weights[0])); // the same baselines
    }

    [Fact]
    public void An_update_that_was_not_stored_ends_the_run()
    {
        var learner = Open();
        Load(learner);
        Grow(learner, 0, 0, 1);
        OnDisk(learner, 2);
        Journal.FailNext();
        Asked();
        Made(learner, 1);
        Arena
            .FishForMessage(m => m is JournalFailed)
            .ShouldBeOfType<JournalFailed>()
            .Error.ShouldContain("disk is full");
    }

    [Fact]
    public void What_it_waits_for_has_a_name_and_a_beginning()
    {
        var learner = Open();
        WaitOf(learner)!
            .ShouldBe(new Wait("learner-student", "the weights of student", DateTimeOffset.UnixEpoch, null));
        Time.Advance(TimeSpan.FromSeconds(1));
        Load(learner);
        Time.Advance(TimeSpan.FromSeconds(1));
        Grow(learner, 0, 0);
        var collecting = WaitOf(learner)!;
        collecting.For.ShouldBe("1 more finished games for update 1");
        collecting.Since.ShouldBe(DateTimeOffset.UnixEpoch.AddSeconds(1));
        Grow(learner, 1, 1);
        Asked();
        var updating = WaitOf(learner)!;
        (updating.For, updating.Since).ShouldBe(("update 1 on the device", DateTimeOffset.UnixEpoch.AddSeconds(2)));
    }
}
