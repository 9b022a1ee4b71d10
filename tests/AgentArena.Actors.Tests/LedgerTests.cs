using AgentArena.Core.Play;
using AgentArena.Core.Runs;

namespace AgentArena.Actors.Tests;

/// <summary>The ledger keeps what a learner may still ask for, and nothing else.</summary>
public sealed class LedgerTests
{
    [Fact]
    public void Positions_outlive_what_is_forgotten()
    {
        var ledger = new Ledger();
        for (var n = 0; n < 10; n++)
            ledger.Add(new LedgerEntry(n, OutcomeKind.Finished, [1, -1]), []);
        ledger.Forget(4);
        ledger.End.ShouldBe(10);
        ledger.From(4).Select(e => e.Game).ShouldBe([4, 5, 6, 7, 8, 9]);
        ledger.From(10).ShouldBeEmpty();
        ledger.Forget(2);
        ledger.From(4).Length.ShouldBe(6);
        Should.Throw<InvalidOperationException>(() => ledger.From(3)).Message.ShouldContain("position 4");
        ledger.Forget(99);
        ledger.End.ShouldBe(10);
        ledger.From(10).ShouldBeEmpty();
    }

    [Fact]
    public void What_was_added_is_handed_to_the_journal_once_and_in_order()
    {
        var ledger = new Ledger();
        ledger.Recall(new LedgerEntry(0, OutcomeKind.Aborted, []));
        ledger.TakeUnwritten().ShouldBeNull();
        for (var n = 1; n < 5; n++)
            ledger.Add(new LedgerEntry(n, OutcomeKind.Finished, []), [new GameFailed("", $"{n}")]);
        var newest = ledger.UnwrittenFrom(3);
        newest.Entries.Select(e => e.Game).ShouldBe([3, 4]);
        newest.Logs.Select(l => ((GameFailed)l[0]).Error).ShouldBe(["3", "4"]);
        var row = ledger.TakeUnwritten()!;
        (row.From, row.Entries.Length).ShouldBe((1, 4));
        ledger.TakeUnwritten().ShouldBeNull();
        (ledger.OnDisk, ledger.End, ledger.Aborted).ShouldBe((1, 5, 1));
        ledger.From(0, onDisk: true).Length.ShouldBe(1);
        ledger.Written(4);
        ledger.From(1, onDisk: true).Select(e => e.Game).ShouldBe([1, 2, 3, 4]);
    }
}
