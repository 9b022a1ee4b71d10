// The laws of a journal, asked in the journal's own protocol. Knows no storage: memory, SQLite and PostgreSQL inherit it.
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Journal;
using Akka.TestKit;

namespace Akka.Persistence.Tests.Journals;

public abstract class JournalLaws : Akka.TestKit.Xunit2.TestKit
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private int _writes;

    protected JournalLaws(string journal) : base(ConfigurationFactory.ParseString(journal).WithFallback(ConfigurationFactory.ParseString(HappenedSerializer.Hocon))) =>
        Journal = Persistence.Instance.Apply(Sys).JournalFor(null);

    protected IActorRef Journal { get; }

    protected static Persistent Event(string id, long nr, object? payload = null, IActorRef? sender = null) =>
        new(payload ?? new Happened($"{id}#{nr}"), nr, id, null, false, sender, "w-1");

    protected static AtomicWrite Atomic(params IPersistentRepresentation[] events) => new(events.ToImmutableArray());

    protected static AtomicWrite[] Events(string id, long from, long to)
    {
        var writes = new List<AtomicWrite>();
        for (var nr = from; nr <= to; nr++) writes.Add(new AtomicWrite(Event(id, nr)));
        return [.. writes];
    }

    protected TestProbe Send(params IPersistentEnvelope[] envelopes)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new WriteMessages(envelopes, probe.Ref, ++_writes), probe.Ref);
        return probe;
    }

    protected void Store(params IPersistentEnvelope[] envelopes)
    {
        var probe = Send(envelopes);
        probe.ExpectMsg<WriteMessagesSuccessful>(Patience);
        foreach (var envelope in envelopes)
            for (var i = 0; i < envelope.Size; i++)
                probe.ExpectMsg<WriteMessageSuccess>(Patience).ActorInstanceId.ShouldBe(_writes);
    }

    protected (List<IPersistentRepresentation> Events, long Highest) Replay(string id, long from = 1, long to = long.MaxValue, long max = long.MaxValue)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new ReplayMessages(from, to, max, id, probe.Ref), probe.Ref);
        var events = new List<IPersistentRepresentation>();
        while (true)
        {
            switch (probe.ReceiveOne(Patience))
            {
                case ReplayedMessage m:
                    events.Add(m.Persistent);
                    break;
                case RecoverySuccess s:
                    return (events, s.HighestSequenceNr);
                case var other:
                    throw new InvalidOperationException($"replay of {id}: {other}");
            }
        }
    }

    protected long[] Numbers(string id, long from = 1, long to = long.MaxValue, long max = long.MaxValue) => [.. Replay(id, from, to, max).Events.Select(e => e.SequenceNr)];

    protected void Delete(string id, long to)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new DeleteMessagesTo(id, to, probe.Ref), probe.Ref);
        probe.ExpectMsg<DeleteMessagesSuccess>(Patience).ToSequenceNr.ShouldBe(to);
    }

    [Fact]
    public void An_unknown_stream_is_empty_and_ends_at_0()
    {
        Store(Events("other", 1, 2));
        var (events, highest) = Replay("unknown");
        events.ShouldBeEmpty();
        highest.ShouldBe(0);
    }

    [Theory]
    [InlineData(1, long.MaxValue, long.MaxValue, new long[] { 1, 2, 3, 4, 5 })]
    [InlineData(2, 4, long.MaxValue, new long[] { 2, 3, 4 })]
    [InlineData(3, 3, long.MaxValue, new long[] { 3 })]
    [InlineData(0, 2, long.MaxValue, new long[] { 1, 2 })]
    [InlineData(2, 100, 2, new long[] { 2, 3 })]
    [InlineData(1, 5, 0, new long[0])]
    [InlineData(4, 2, long.MaxValue, new long[0])]
    [InlineData(6, long.MaxValue, long.MaxValue, new long[0])]
    [InlineData(1, 0, long.MaxValue, new long[0])]
    public void A_replay_gives_the_range_asked_for_in_order(long from, long to, long max, long[] expected)
    {
        Store(Events("a", 1, 5));
        Store(Events("b", 1, 7));
        var (events, highest) = Replay("a", from, to, max);
        events.Select(e => e.SequenceNr).ShouldBe(expected);
        events.ShouldAllBe(e => e.PersistenceId == "a" && e.WriterGuid == "w-1" && !e.IsDeleted);
        events.ShouldAllBe(e => ((Happened)e.Payload).Text == $"a#{e.SequenceNr}");
        events.ShouldAllBe(e => Math.Abs(e.Timestamp - DateTime.UtcNow.Ticks) < TimeSpan.TicksPerHour);
        highest.ShouldBe(5);
    }

    [Fact]
    public void Outcomes_come_in_the_order_of_asking_and_from_the_original_sender()
    {
        var sender = CreateTestProbe();
        var probe = Send(new AtomicWrite(Event("a", 1, sender: sender.Ref)), new NonPersistentMessage("between", sender.Ref), Atomic(Event("a", 2), Event("a", 3)));
        probe.ExpectMsg<WriteMessagesSuccessful>(Patience);
        probe.ExpectMsg<WriteMessageSuccess>(Patience).Persistent.SequenceNr.ShouldBe(1);
        probe.LastSender.ShouldBe(sender.Ref);
        probe.ExpectMsg<LoopMessageSuccess>(Patience).Message.ShouldBe("between");
        probe.LastSender.ShouldBe(sender.Ref);
        probe.ExpectMsg<WriteMessageSuccess>(Patience).Persistent.SequenceNr.ShouldBe(2);
        probe.ExpectMsg<WriteMessageSuccess>(Patience).Persistent.SequenceNr.ShouldBe(3);
        Send(new NonPersistentMessage("alone", sender.Ref)).ExpectMsg<WriteMessagesSuccessful>(Patience);
        Numbers("a").ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_number_that_is_taken_fails_the_whole_write_and_names_both()
    {
        Store(Events("a", 1, 3));
        var probe = Send(Atomic(Event("a", 3, new Happened("again")), Event("a", 4)));
        var failed = probe.ExpectMsg<WriteMessagesFailed>(Patience);
        failed.WriteCount.ShouldBe(1);
        failed.Cause.Message.ShouldContain("event 3 of 'a' is there already");
        probe.ExpectMsg<WriteMessageFailure>(Patience).Persistent.SequenceNr.ShouldBe(3);
        probe.ExpectMsg<WriteMessageFailure>(Patience).Persistent.SequenceNr.ShouldBe(4);
        var (events, highest) = Replay("a");
        events.Select(e => ((Happened)e.Payload).Text).ShouldBe(["a#1", "a#2", "a#3"]);
        highest.ShouldBe(3);
        Store(Events("a", 4, 4));
    }

    [Fact]
    public void The_first_number_taken_fails_too()
    {
        Store(Events("a", 1, 1));
        Send(Events("a", 1, 1)).ExpectMsg<WriteMessagesFailed>(Patience).Cause.Message.ShouldContain("event 1 of 'a' is there already");
    }

    [Fact]
    public void Deleting_removes_up_to_the_number_and_keeps_the_highest()
    {
        Store(Events("a", 1, 5));
        Store(Events("b", 1, 2));
        Delete("a", 3);
        Numbers("a").ShouldBe([4, 5]);
        Numbers("a", 2, 4).ShouldBe([4]);
        Numbers("b").ShouldBe([1, 2]);
        Delete("a", long.MaxValue);
        var (events, highest) = Replay("a");
        events.ShouldBeEmpty();
        highest.ShouldBe(5);
        Store(Events("a", 6, 7));
        Numbers("a").ShouldBe([6, 7]);
        Delete("a", 6);
        Numbers("a").ShouldBe([7]);
        Delete("never", 3);
    }

    [Theory]
    [InlineData("spiel-17/geber-ä")]
    [InlineData("对局 🎲 \u200d'; DROP TABLE journal; --")]
    [InlineData("%_\\\"x")]
    public void Ids_and_payloads_of_any_text(string id)
    {
        Store(new AtomicWrite(Event(id, 1, new Happened(id))), new AtomicWrite(Event(id, 2, new Happened(""))));
        var (events, highest) = Replay(id);
        events.Select(e => ((Happened)e.Payload).Text).ShouldBe([id, ""]);
        highest.ShouldBe(2);
    }

    [Fact]
    public void Long_ids_and_large_payloads()
    {
        var id = new string('x', 255);
        var text = string.Create(1_500_000, 0, (span, _) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = (char)('a' + (i % 26));
        });
        Store(new AtomicWrite(Event(id, 1, new Happened(text))));
        ((Happened)Replay(id).Events.Single().Payload).Text.ShouldBe(text);
    }

    [Fact]
    public void A_replay_sees_the_writes_asked_before_it()
    {
        for (var round = 0; round < 20; round++)
        {
            var id = $"a-{round}";
            Send(Events(id, 1, 3));
            Replay(id).Highest.ShouldBe(3);
        }
    }

    [Fact]
    public void Many_writers_at_once_keep_their_orders()
    {
        const int streams = 150, rounds = 8;
        var probes = Enumerable.Range(0, streams).Select(_ => CreateTestProbe()).ToArray();
        Parallel.For(0, streams, s =>
        {
            for (var nr = 1; nr <= rounds; nr++)
                Journal.Tell(new WriteMessages([new AtomicWrite(Event($"s-{s}", nr))], probes[s].Ref, s), probes[s].Ref);
        });
        for (var s = 0; s < streams; s++)
        {
            for (var nr = 1; nr <= rounds; nr++)
            {
                probes[s].ExpectMsg<WriteMessagesSuccessful>(Patience);
                probes[s].ExpectMsg<WriteMessageSuccess>(Patience).Persistent.SequenceNr.ShouldBe(nr);
            }
        }

        for (var s = 0; s < streams; s += 10) Numbers($"s-{s}").ShouldBe(Enumerable.Range(1, rounds).Select(i => (long)i));
    }

    [Fact]
    public void Tags_come_off_on_the_way_back()
    {
        Store(new AtomicWrite(Event("a", 1, new Tagged(new Happened("tagged"), ["red", "blue"]))), new AtomicWrite(Event("a", 2)));
        Replay("a").Events.Select(e => e.Payload).ShouldBe([new Happened("tagged"), new Happened("a#2")]);
    }
}

public sealed class MemoryJournalLaws() : JournalLaws("""akka.persistence.journal.plugin = "akka.persistence.journal.inmem" """);
