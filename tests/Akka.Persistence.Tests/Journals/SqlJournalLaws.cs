// What a journal in a database promises beyond any journal: it outlives its system, its rows are the package's, its faults name
// their cause. Inherited by SQLite and PostgreSQL.
using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Journal;

namespace Akka.Persistence.Tests.Journals;

public abstract class SqlJournalLaws(string provider, string connectionString, string more = "") : JournalLaws(Hocon(provider, connectionString, more))
{
    protected string Provider { get; } = provider;

    protected string ConnectionString { get; } = connectionString;

    protected static string Hocon(string provider, string connectionString, string more = "") => $$"""
        akka.persistence.journal {
          plugin = "akka.persistence.journal.sql"
          sql {
            class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
            provider-name = "{{provider}}"
            connection-string = "{{connectionString}}"
            {{more}}
          }
        }
        """;

    protected abstract DbConnection Connect();

    protected List<T> Query<T>(string sql, Func<DbDataReader, T> read)
    {
        using var connection = Connect();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    [Fact]
    public void The_rows_are_the_packages_rows()
    {
        Store(Atomic(Event("a", 1, new Tagged(new Happened("x"), ["red", "blue"])), Event("a", 2)));
        var rows = Query("SELECT ordering, deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid FROM journal ORDER BY ordering",
            r => (Ordering: r.GetInt64(0), Deleted: r.GetBoolean(1), Id: r.GetString(2), Nr: r.GetInt64(3), Created: r.GetInt64(4), Message: (byte[])r.GetValue(5), Serializer: r.GetInt32(6), Manifest: r.GetString(7), Writer: r.GetString(8)));
        rows.Count.ShouldBe(2);
        rows.ShouldAllBe(r => !r.Deleted && r.Id == "a" && r.Serializer == 9_001 && r.Manifest == "happened.v1" && r.Writer == "w-1");
        rows.Select(r => r.Nr).ShouldBe([1, 2]);
        rows[0].Message.ShouldBe("x"u8.ToArray());
        rows.ShouldAllBe(r => Math.Abs(r.Created - DateTime.UtcNow.Ticks) < TimeSpan.TicksPerHour);
        var tags = Query("SELECT ordering_id, tag, persistence_id, sequence_nr FROM tags ORDER BY tag", r => (r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetInt64(3)));
        tags.ShouldBe([(rows[0].Ordering, "blue", "a", 1), (rows[0].Ordering, "red", "a", 1)]);
    }

    [Fact]
    public void Ordering_is_the_order_of_acknowledgement()
    {
        var acknowledged = new List<string>();
        var probe = CreateTestProbe();
        for (var nr = 1; nr <= 30; nr++)
            for (var s = 0; s < 5; s++)
                Journal.Tell(new WriteMessages([new AtomicWrite(Event($"s-{s}", nr))], probe.Ref, s), probe.Ref);
        while (acknowledged.Count < 150)
            if (probe.ReceiveOne(Patience) is WriteMessageSuccess m)
                acknowledged.Add($"{m.Persistent.PersistenceId}#{m.Persistent.SequenceNr}");
        Query("SELECT persistence_id, sequence_number FROM journal ORDER BY ordering", r => $"{r.GetString(0)}#{r.GetInt64(1)}").ShouldBe(acknowledged);
    }

    [Fact]
    public async Task A_journal_outlives_its_system()
    {
        Store(Events("a", 1, 3));
        await Sys.Terminate();
        using var again = ActorSystem.Create("again", ConfigurationFactory.ParseString(Hocon(Provider, ConnectionString)).WithFallback(ConfigurationFactory.ParseString(HappenedSerializer.Hocon)));
        var journal = Persistence.Instance.Apply(again).JournalFor(null);
        var replies = new Replies(again);
        journal.Tell(new ReplayMessages(1, long.MaxValue, long.MaxValue, "a", replies.Receiver));
        for (var nr = 1; nr <= 3; nr++) ((ReplayedMessage)replies.Receive(Patience)).Persistent.Payload.ShouldBe(new Happened($"a#{nr}"));
        replies.Receive(Patience).ShouldBe(new RecoverySuccess(3));
        journal.Tell(new WriteMessages(Events("a", 4, 4), replies.Receiver, 1));
        replies.Receive(Patience).ShouldBeOfType<WriteMessagesSuccessful>();
        await again.Terminate();
    }

    [Fact]
    public void A_gap_fails_and_names_stream_and_number()
    {
        Store(Events("a", 1, 2));
        Send(Events("a", 4, 4)).ExpectMsg<WriteMessagesFailed>(Patience).Cause.Message.ShouldContain("event 4 of 'a' would leave a gap after 2");
        Send(Events("new", 2, 2)).ExpectMsg<WriteMessagesFailed>(Patience).Cause.Message.ShouldContain("event 2 of 'new' would leave a gap after 0");
        Replay("a").Highest.ShouldBe(2);
        Replay("new").Highest.ShouldBe(0);
    }

    [Fact]
    public void One_writers_fault_does_not_touch_the_others()
    {
        Store(Events("good", 1, 1));
        Store(Events("bad", 1, 1));
        var probes = Enumerable.Range(0, 40).Select(i => i % 10 == 3 ? Send(Atomic(Event($"bad-{i}", 1), Event($"bad-{i}", 1))) : Send(Events($"good-{i}", 1, 2))).ToList();
        for (var i = 0; i < probes.Count; i++)
        {
            if (i % 10 == 3) probes[i].ExpectMsg<WriteMessagesFailed>(Patience).Cause.Message.ShouldContain($"event 1 of 'bad-{i}'");
            else probes[i].ExpectMsg<WriteMessagesSuccessful>(Patience);
            Numbers(i % 10 == 3 ? $"bad-{i}" : $"good-{i}").ShouldBe(i % 10 == 3 ? [] : [1, 2]);
        }
    }

    [Fact]
    public void What_cannot_be_serialised_is_rejected_and_the_rest_stored()
    {
        var probe = Send(new AtomicWrite(Event("a", 1)), Atomic(Event("a", 2), Event("a", 3, new Unwritable())), new AtomicWrite(Event("a", 4)));
        probe.ExpectMsg<WriteMessagesSuccessful>(Patience);
        probe.ExpectMsg<WriteMessageSuccess>(Patience).Persistent.SequenceNr.ShouldBe(1);
        probe.ExpectMsg<WriteMessageRejected>(Patience).Cause.Message.ShouldBe("This event cannot be written.");
        probe.ExpectMsg<WriteMessageRejected>(Patience).Persistent.SequenceNr.ShouldBe(3);
        probe.ExpectMsg<WriteMessageSuccess>(Patience).Persistent.SequenceNr.ShouldBe(4);
        Numbers("a").ShouldBe([1, 4]);
        Store(Events("a", 5, 5));
    }

    [Fact]
    public void What_cannot_be_read_fails_the_replay_and_is_named()
    {
        Store(new AtomicWrite(Event("a", 1)), new AtomicWrite(Event("a", 2, new Happened("unreadable"))));
        var probe = CreateTestProbe();
        Journal.Tell(new ReplayMessages(1, long.MaxValue, long.MaxValue, "a", probe.Ref), probe.Ref);
        probe.ExpectMsg<ReplayedMessage>(Patience);
        var message = probe.ExpectMsg<ReplayMessagesFailure>(Patience).Cause.Message;
        message.ShouldContain("event 2 of 'a': serializer 9001 cannot read a payload with manifest 'happened.v1': cannot read happened.v1");
        Numbers("a", 1, 1).ShouldBe([1]);
    }

    [Fact]
    public void A_write_larger_than_a_batch_is_stored_whole()
    {
        const int rows = 3_000;
        var events = Enumerable.Range(1, rows).Select(nr => (IPersistentRepresentation)Event("a", nr, new Happened("x"))).ToArray();
        Store(Atomic(events));
        Replay("a").Events.Count.ShouldBe(rows);
    }
}
