// SQLite's share of the journal's laws, and what can happen to a file: full, locked, cut short, damaged, something else.
using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Sql.Sqlite;
using Akka.Persistence.Sql.Storage;
using Microsoft.Data.Sqlite;

namespace Akka.Persistence.Tests.Journals;

public sealed class SqliteJournalLaws : SqlJournalLaws, IDisposable
{
    private readonly string _folder;

    public SqliteJournalLaws() : this(Directory.CreateTempSubdirectory("arena-journal-").FullName) { }

    private SqliteJournalLaws(string folder) : base("SQLite.MS", $"Data Source={folder}/journal.db") => _folder = folder;

    protected override DbConnection Connect() => new SqliteConnection(ConnectionString + ";Pooling=false");

    void IDisposable.Dispose()
    {
        Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

public sealed class SqliteFileLaws : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-journal-").FullName;

    private string File => Path.Combine(_folder, "journal.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static EventRow Row(string id, long nr, int bytes = 100) => new(id, nr, 1, new byte[bytes], 1, "m", "w");

    private static WriteUnit Unit(params EventRow[] rows) => new(rows, (_, _) => { });

    private SqliteStore Store(string more = "") => new($"Data Source={File}{more}", initialize: true);

    private void Fill(int rows)
    {
        using var writer = Store().OpenWriter();
        writer.Write([Unit([.. Enumerable.Range(1, rows).Select(nr => Row("a", nr))])]);
    }

    private string Refusal()
    {
        var fault = Should.Throw<StorageException>(() => Store().OpenWriter());
        fault.Message.ShouldStartWith(File + ": ");
        return fault.Message;
    }

    [Fact]
    public void A_full_disk_stores_nothing_of_the_transaction_and_is_named()
    {
        _ = Store().OpenWriter();
        var handle = new SqliteHandle(File, TimeSpan.FromSeconds(1), readOnly: false);
        using var writer = new SqliteWriter(handle);
        handle.Run("PRAGMA max_page_count=60"); // the file cannot grow beyond: what a full disk is to SQLite
        writer.Write([Unit(Row("a", 1))]);
        var fault = Should.Throw<StorageException>(() => writer.Write([Unit(Row("a", 2)), Unit(Row("b", 1, 1_000_000)), Unit(Row("c", 1))]));
        fault.Message.ShouldStartWith($"{File}: the disk is full. Free some space, then resume.");
        fault.OfRow.ShouldBeFalse();
        handle.Run("PRAGMA max_page_count=100000");
        using var reader = Store().OpenReader();
        (reader.Highest("a"), reader.Highest("b"), reader.Highest("c")).ShouldBe((1, 0, 0));
        writer.Write([Unit(Row("a", 2))]);
        reader.Highest("a").ShouldBe(2);
    }

    [Fact]
    public void A_locked_file_is_named_after_the_time_out_and_free_again_works()
    {
        using var writer = Store(";Default Timeout=1").OpenWriter();
        using var other = new SqliteHandle(File, TimeSpan.FromSeconds(1), readOnly: false);
        other.Run("BEGIN IMMEDIATE");
        Should.Throw<StorageException>(() => writer.Write([Unit(Row("a", 1))])).Message.ShouldContain("the file is locked by another connection for longer than 1 s");
        other.Run("ROLLBACK");
        writer.Write([Unit(Row("a", 1))]);
    }

    [Fact]
    public void A_file_cut_short_is_named()
    {
        Fill(2_000);
        using (var stream = new FileStream(File, FileMode.Open)) stream.SetLength(stream.Length - 5_000);
        Refusal().ShouldContain("the file was cut short (");
        using (var stream = new FileStream(File, FileMode.Open)) stream.SetLength(50);
        Refusal().ShouldContain("the file was cut short (50 bytes)");
    }

    [Fact]
    public void Something_else_is_named()
    {
        System.IO.File.WriteAllText(File, "{ this is json }, and long enough to be taken for a header of one hundred bytes, which it then is not at all.");
        Refusal().ShouldContain("this is not an SQLite database");
        System.IO.File.WriteAllText(File, "short");
        Refusal().ShouldContain("this is not an SQLite database");
    }

    [Fact]
    public void A_damaged_page_is_named()
    {
        Fill(2_000);
        using (var stream = new FileStream(File, FileMode.Open))
        {
            stream.Position = 3 * 4096;
            stream.Write(Enumerable.Repeat((byte)0xee, 4096).ToArray());
        }

        Refusal().ShouldContain("the file is damaged");
    }

    [Fact]
    public void A_missing_folder_and_missing_tables_are_named()
    {
        Should.Throw<StorageException>(() => new SqliteStore($"Data Source={_folder}/none/journal.db", true).OpenWriter()).Message.ShouldContain("the file cannot be opened. Its folder must exist");
        Should.Throw<StorageException>(() => new SqliteStore($"Data Source={_folder}/empty.db", false).OpenWriter()).Message.ShouldContain("no such table: journal");
        Should.Throw<StorageException>(() => new SqliteStore("Data Source=:memory:", true)).Message.ShouldContain("a journal needs a file");
        Should.Throw<StorageException>(() => new SqliteStore("Sauce=x", true)).Message.ShouldContain("Right would be: Data Source=journal.db");
    }

    [Fact]
    public void The_file_is_in_wal_mode_with_the_packages_indexes()
    {
        using var writer = Store().OpenWriter();
        using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        command.ExecuteScalar().ShouldBe("wal");
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE type='index' AND name IN ('journal_created_idx', 'journal_sequence_number_idx', 'tags_tag_idx')";
        command.ExecuteScalar().ShouldBe(3L);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_opened_tells_every_asker_why()
    {
        System.IO.File.WriteAllText(File, "not a database, whatever its name may say");
        var hocon = $$"""
            akka.persistence.journal { plugin = "akka.persistence.journal.sql", sql { class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql", provider-name = SQLite.MS, connection-string = "Data Source={{File}}" } }
            """;
        using var system = ActorSystem.Create("broken", ConfigurationFactory.ParseString(hocon).WithFallback(ConfigurationFactory.ParseString(HappenedSerializer.Hocon)));
        var replies = new Replies(system);
        var journal = Persistence.Instance.Apply(system).JournalFor(null);
        journal.Tell(new ReplayMessages(1, long.MaxValue, long.MaxValue, "a", replies.Receiver));
        ((ReplayMessagesFailure)replies.Receive(TimeSpan.FromSeconds(10))).Cause.Message.ShouldContain("this is not an SQLite database");
        journal.Tell(new WriteMessages([new AtomicWrite(new Persistent(new Happened("x"), 1, "a"))], replies.Receiver, 1));
        ((WriteMessagesFailed)replies.Receive(TimeSpan.FromSeconds(10))).Cause.Message.ShouldContain("this is not an SQLite database");
        await system.Terminate();
    }

    [Fact]
    public async Task More_than_the_buffer_holds_is_rejected_in_turn_and_its_numbers_may_be_missing_after()
    {
        var hocon = $$"""
            akka.persistence.journal { plugin = "akka.persistence.journal.sql", sql { class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql", provider-name = SQLite.MS, connection-string = "Data Source={{File}};Default Timeout=30", buffer-size = 10 } }
            """;
        using var system = ActorSystem.Create("full", ConfigurationFactory.ParseString(hocon).WithFallback(ConfigurationFactory.ParseString(HappenedSerializer.Hocon)));
        var journal = Persistence.Instance.Apply(system).JournalFor(null);
        var replies = new Replies(system);
        Ask(1);
        Outcome().ShouldBe("stored 1");
        using (var other = new SqliteHandle(File, TimeSpan.FromSeconds(5), readOnly: false))
        {
            other.Run("BEGIN IMMEDIATE"); // the writer waits for this with what it has taken, and the buffer fills behind it
            for (var nr = 2; nr <= 40; nr++) Ask(nr);
            await Task.Delay(600);
            other.Run("ROLLBACK");
        }

        // Which ones are refused depends on when the writer takes the first; that outcomes are in order and true does not.
        var outcomes = Enumerable.Range(2, 39).Select(_ => Outcome().Split(' ')).ToList();
        outcomes.Select(o => o[1]).ShouldBe(Enumerable.Range(2, 39).Select(nr => $"{nr}"));
        var stored = outcomes.Where(o => o[0] == "stored").Select(o => long.Parse(o[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        stored.Count.ShouldBeInRange(10, 38);
        using (var reader = Store().OpenReader())
        {
            var rows = new List<long>();
            reader.Replay("a", 2, 40, long.MaxValue, row => rows.Add(row.SequenceNr));
            rows.ShouldBe(stored);
        }

        Ask(41);
        Outcome().ShouldBe("stored 41");
        await system.Terminate();

        void Ask(int nr) => journal.Tell(new WriteMessages([new AtomicWrite(new Persistent(new Happened("x"), nr, "a"))], replies.Receiver, 1));

        string Outcome()
        {
            replies.Receive(TimeSpan.FromSeconds(15)).ShouldBeOfType<WriteMessagesSuccessful>();
            switch (replies.Receive(TimeSpan.FromSeconds(15)))
            {
                case WriteMessageRejected r:
                    r.Cause.Message.ShouldStartWith($"{File}: more than 10 events wait to be written.");
                    return $"rejected {r.Persistent.SequenceNr}";
                case WriteMessageSuccess s:
                    return $"stored {s.Persistent.SequenceNr}";
                case var other:
                    return other.ToString()!;
            }
        }
    }
}
