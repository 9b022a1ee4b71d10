using System.Collections.Immutable;
using AgentArena.Core.Learning;
using AgentArena.Core.Play;
using AgentArena.Core.Runs;
using AgentArena.Core.Scenarios;
using AgentArena.Learning;

namespace AgentArena.Actors.Tests;

/// <summary>The same updates of the same games, however the ledger's entries came in.</summary>
public sealed class LearnerQueueTests
{
    private static LearnerQueue Queue(ExperienceReplay? rehearsal = null)
    {
        var queue = new LearnerQueue(new LearnSpec { Batch = 3, Rehearsal = rehearsal }, 7, "student");
        queue.Rewind(0);
        return queue;
    }

    // Every fourth game is one that the system failed.
    private static LedgerGrew Part(int from, int count) =>
        new(
            from,
            [
                .. Enumerable
                    .Range(from, count)
                    .Select(n => new LedgerEntry(n, n % 4 == 3 ? OutcomeKind.Aborted : OutcomeKind.Finished, [])),
            ],
            []
        );

    [Fact]
    public void A_batch_is_counted_in_scored_games()
    {
        var queue = Queue();
        queue.Missing.ShouldBe(3);
        queue.Take(Part(0, 2));
        (queue.Missing, queue.Next(0)).ShouldBe((1, null));
        queue.Take(Part(2, 4));
        queue.Next(0)!.Entries.Select(e => e.Game).ShouldBe([0, 1, 2]);
        queue.Missing.ShouldBe(1); // 3 was failed; 4 and 5 are there
        queue.Take(Part(6, 1));
        queue.Next(1)!.Entries.Select(e => e.Game).ShouldBe([3, 4, 5, 6]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(24)]
    public void How_entries_come_in_makes_no_difference(int step)
    {
        var (whole, parts) = (Queue(), Queue());
        whole.Take(Part(0, 24));
        for (var from = 0; from < 24; from += step)
            parts.Take(Part(Math.Max(0, from - 3), Math.Min(step + 3, 24 - Math.Max(0, from - 3)))); // they overlap
        for (var version = 0; version < 6; version++)
            parts.Next(version)!.Entries.ShouldBe(whole.Next(version)!.Entries);
    }

    [Fact]
    public void What_lies_beyond_a_gap_is_left()
    {
        var queue = Queue();
        queue.Take(Part(4, 3)).ShouldBe(3);
        queue.Missing.ShouldBe(3);
        queue.Take(Part(0, 3)).ShouldBe(0);
        queue.Missing.ShouldBe(0);
    }

    [Fact]
    public void After_a_rewind_the_same_games_are_rehearsed()
    {
        var rehearsal = new ExperienceReplay { Share = 1, Within = 2 };
        var first = Queue(rehearsal);
        first.Take(Part(0, 24));
        var updates = Enumerable.Range(0, 6).Select(v => first.Next(v)!).ToArray();
        updates[0].Rehearsed.ShouldBeEmpty();
        updates[3].Rehearsed.Length.ShouldBe(3);
        var offset = updates[..3].Sum(u => u.Entries.Count);
        var again = new LearnerQueue(new LearnSpec { Batch = 3, Rehearsal = rehearsal }, 7, "student");
        var back = (int)again.Rewind(offset);
        back.ShouldBe(6);
        again.Take(Part(offset - back, 24 - offset + back));
        for (var version = 3; version < 6; version++)
        {
            var update = again.Next(version)!;
            update.Entries.ShouldBe(updates[version].Entries);
            update.Rehearsed.ShouldBe(updates[version].Rehearsed);
        }
    }

    [Fact]
    public void Without_rehearsal_nothing_is_kept()
    {
        var queue = Queue();
        queue.Take(Part(0, 3));
        queue.Next(0)!.Rehearsed.IsDefault.ShouldBeTrue();
        queue.Rewind(3).ShouldBe(0);
    }
}

/// <summary>What a learner has written, and what waits.</summary>
public sealed class LearnerJournalTests
{
    private static WeightsUpdated Updated(int version) => new("student", version, version - 1, version);

    [Fact]
    public void What_was_made_waits_for_its_ledger_entries_in_order()
    {
        var journal = new LearnerJournal();
        journal.IsIdle.ShouldBeTrue();
        journal.Add(Updated(1), 10);
        journal.Add(new FiguresTaken("student", 1, 10, ImmutableSortedDictionary<string, double>.Empty), 10);
        journal.Add(Updated(2), 20);
        journal.TakeDue().ShouldBeEmpty();
        journal.LedgerIsOnDisk(19);
        journal.TakeDue().Select(e => e.GetType()).ShouldBe([typeof(WeightsUpdated), typeof(FiguresTaken)]);
        journal.TakeDue().ShouldBeEmpty();
        journal.LedgerIsOnDisk(20);
        journal.TakeDue().Count.ShouldBe(1);
        journal.Written();
        journal.Written();
        journal.IsIdle.ShouldBeFalse();
        journal.Written();
        journal.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public void What_the_stream_holds_is_not_added_again()
    {
        var journal = new LearnerJournal();
        journal.Recall(Updated(1));
        journal.Recall(new GamesMeasured("student", 1, [new GameMeasured(5, [])]));
        journal.LedgerIsOnDisk(100);
        journal.Add(Updated(1), 10);
        journal.Add(new GamesMeasured("student", 1, []), 10);
        journal.IsIdle.ShouldBeTrue();
        journal.Add(Updated(2), 20);
        journal.TakeDue().Cast<WeightsUpdated>().Select(u => u.Version).ShouldBe([2]);
    }

    [Fact]
    public void Measurements_are_handed_out_once_and_not_for_versions_that_are_past()
    {
        var journal = new LearnerJournal();
        for (var version = 0; version < 3; version++)
            journal.Recall(new GamesMeasured("student", version, [new GameMeasured(version, [])]));
        journal.Forget(1);
        journal.TryTakeMeasurements(0, out _).ShouldBeFalse();
        journal.TryTakeMeasurements(1, out var games).ShouldBeTrue();
        games.ShouldHaveSingleItem().Game.ShouldBe(1);
        journal.TryTakeMeasurements(1, out _).ShouldBeFalse();
    }
}

/// <summary>The learner's part of a checkpoint.</summary>
public sealed class LearnerStateTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("""{"offset":48,"advantage":{"mean":0.25},"health":{"entropy":[1,2]},"population":null}""")]
    [InlineData("""{"offset":0,"advantage":null,"health":null,"population":{"sum":0.5,"count":1}}""")]
    public void It_is_the_same_text_again(string text)
    {
        File.WriteAllText(_temp.In("learner.json"), text);
        LearnerState.Read(_temp.Path)!.Write(_temp.Path);
        File.ReadAllText(_temp.In("learner.json")).ShouldBe(text);
    }

    [Fact]
    public void A_checkpoint_from_before_gauges_and_populations_is_read()
    {
        File.WriteAllText(_temp.In("learner.json"), """{"offset":8,"advantage":{"mean":0.25}}""");
        var state = LearnerState.Read(_temp.Path)!;
        (state.Offset, state.Advantage!["mean"]!.GetValue<double>()).ShouldBe((8, 0.25));
        (state.Health, state.Population).ShouldBe((null, null));
    }

    [Fact]
    public void A_checkpoint_without_a_learner_has_none()
    {
        File.WriteAllText(_temp.In("learner.json"), "null");
        LearnerState.Read(_temp.Path).ShouldBeNull();
    }
}
