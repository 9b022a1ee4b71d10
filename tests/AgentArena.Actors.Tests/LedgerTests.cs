using AgentArena.Core.Games;
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
            ledger.Add(new LedgerEntry(n, OutcomeKind.Finished, [1, -1]));
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
}
