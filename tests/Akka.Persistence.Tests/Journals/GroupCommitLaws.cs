// The group commit by itself, over a store that counts, waits and fails as told.
using System.Collections.Concurrent;
using Akka.Persistence.Sql.Storage;

namespace Akka.Persistence.Tests.Journals;

public sealed class GroupCommitLaws
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A writer that holds each transaction until it is let go.</summary>
    private sealed class Stub : IEventStore, IEventWriter
    {
        public SemaphoreSlim Gate { get; } = new(0);
        public BlockingCollection<int> Transactions { get; } = [];
        public int Opened { get; private set; }
        public Func<ReadOnlyMemory<WriteUnit>, Exception?> Fault { get; set; } = _ => null;
        public string Name => "stub";

        public IEventWriter OpenWriter()
        {
            Opened++;
            return this;
        }

        public void Write(ReadOnlySpan<WriteUnit> units)
        {
            Gate.Wait();
            if (Fault(units.ToArray()) is { } fault) throw fault;
            Transactions.Add(units.Length);
        }

        public IEventReader OpenReader() => throw new NotSupportedException();
        public ISnapshotTable OpenSnapshots() => throw new NotSupportedException();
        public void Delete(string persistenceId, long toSequenceNr) => throw new NotSupportedException();
        public void Dispose() { }
    }

    private static WriteUnit Unit(int rows, Action<Exception?> done) =>
        new([.. Enumerable.Range(1, rows).Select(nr => new EventRow("s", nr, 0, [], null, "", ""))], (_, fault) => done(fault));

    [Fact]
    public void All_that_waits_goes_into_one_transaction_up_to_the_batch_size()
    {
        var stub = new Stub();
        using var commit = new GroupCommit(stub, batchRows: 10, bufferRows: 100, TimeSpan.Zero);
        using var done = new CountdownEvent(26);
        commit.TryEnqueue(Unit(1, _ => done.Signal())).ShouldBeTrue();
        SpinWait.SpinUntil(() => stub.Gate.CurrentCount == 0, Patience);
        Thread.Sleep(30); // the first unit is in the writer's hands; the rest piles up behind it
        for (var i = 0; i < 25; i++) commit.TryEnqueue(Unit(1, _ => done.Signal())).ShouldBeTrue();
        stub.Gate.Release(100);
        done.Wait(Patience).ShouldBeTrue();
        stub.Transactions.Sum().ShouldBe(26);
        stub.Transactions.Max().ShouldBe(10);
        stub.Transactions.Count.ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public void Outcomes_come_in_order()
    {
        var stub = new Stub();
        stub.Gate.Release(10_000);
        var order = new List<int>();
        using (var commit = new GroupCommit(stub, 7, 100_000, TimeSpan.FromMilliseconds(1)))
            for (var i = 0; i < 1_000; i++)
            {
                var me = i;
                if (i % 10 == 0) commit.Enqueue(_ => order.Add(me));
                else commit.TryEnqueue(Unit(1 + (i % 9), _ => order.Add(me)));
            }

        order.ShouldBe(Enumerable.Range(0, 1_000)); // disposal stored all that waited
    }

    [Fact]
    public void Too_much_waiting_is_refused_and_later_taken()
    {
        var stub = new Stub();
        using var commit = new GroupCommit(stub, 10, bufferRows: 20, TimeSpan.Zero);
        using var done = new CountdownEvent(1);
        commit.TryEnqueue(Unit(50, _ => { })).ShouldBeTrue(); // larger than the buffer, but alone
        var refused = SpinWait.SpinUntil(() => !commit.TryEnqueue(Unit(15, _ => { })), Patience);
        refused.ShouldBeTrue();
        stub.Gate.Release(1_000);
        SpinWait.SpinUntil(() => commit.TryEnqueue(Unit(15, _ => done.Signal())), Patience).ShouldBeTrue();
        done.Wait(Patience).ShouldBeTrue();
    }

    [Fact]
    public void A_fault_of_the_store_fails_every_unit_of_the_transaction_and_opens_it_anew()
    {
        var stub = new Stub { Fault = _ => new StorageException("disk") };
        using var commit = new GroupCommit(stub, 100, 100, TimeSpan.Zero);
        var faults = new BlockingCollection<Exception?>();
        for (var i = 0; i < 5; i++) commit.TryEnqueue(Unit(1, faults.Add!));
        stub.Gate.Release(100);
        for (var i = 0; i < 5; i++) faults.Take().ShouldBeOfType<StorageException>().Message.ShouldBe("disk");
        stub.Fault = _ => null;
        commit.TryEnqueue(Unit(1, faults.Add!));
        faults.Take().ShouldBeNull();
        stub.Opened.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void A_fault_of_one_unit_is_its_own()
    {
        var stub = new Stub { Fault = units => units.Span.ToArray().Any(u => u.Rows.Count == 3) ? new StorageException("row", ofRow: true) : null };
        using var commit = new GroupCommit(stub, 100, 100, TimeSpan.Zero);
        var outcomes = new ConcurrentDictionary<int, bool>();
        using var done = new CountdownEvent(6);
        for (var rows = 1; rows <= 6; rows++)
        {
            var mine = rows;
            commit.TryEnqueue(Unit(rows, fault =>
            {
                outcomes[mine] = fault is null;
                done.Signal();
            }));
        }

        stub.Gate.Release(100);
        done.Wait(Patience).ShouldBeTrue();
        outcomes.OrderBy(o => o.Key).Select(o => o.Value).ShouldBe([true, true, false, true, true, true]);
    }
}
