// The laws of a snapshot store, asked in the store's own protocol. Knows no storage: memory, files, SQLite and PostgreSQL inherit it.
using AgentArena.Testing;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence.Tests.Snapshots;

public abstract class SnapshotLaws(string store) : Akka.TestKit.Xunit2.TestKit(
    ConfigurationFactory.ParseString("akka.persistence.snapshot-store { " + store + " }").WithFallback(ConfigurationFactory.ParseString(HappenedSerializer.Hocon)))
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private IActorRef Store => Persistence.Instance.Apply(Sys).SnapshotStoreFor(null);

    private void Save(string id, long nr, string text)
    {
        Store.Tell(new SaveSnapshot(new SnapshotMetadata(id, nr), new Happened(text)), TestActor);
        var metadata = ExpectMsg<SaveSnapshotSuccess>(Patience).Metadata;
        (metadata.PersistenceId, metadata.SequenceNr).ShouldBe((id, nr));
        (DateTime.UtcNow - metadata.Timestamp).Duration().ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    private string? Load(string id, SnapshotSelectionCriteria? criteria = null, long to = long.MaxValue)
    {
        Store.Tell(new LoadSnapshot(id, criteria ?? SnapshotSelectionCriteria.Latest, to), TestActor);
        return ((Happened?)ExpectMsg<LoadSnapshotResult>(Patience).Snapshot?.Snapshot)?.Text;
    }

    [Fact]
    public void The_latest_that_fits_is_loaded()
    {
        Load("a/ä").ShouldBeNull();
        Save("a/ä", 3, "three");
        Save("a/ä", 7, "seven");
        Save("a", 9, "another's");
        Load("a/ä").ShouldBe("seven");
        Load("a/ä", new SnapshotSelectionCriteria(6)).ShouldBe("three");
        Load("a/ä", null, 6).ShouldBe("three");
        Load("a/ä", new SnapshotSelectionCriteria(2)).ShouldBeNull();
        Load("a/ä", SnapshotSelectionCriteria.None).ShouldBeNull();
        Load("a/ä", new SnapshotSelectionCriteria(long.MaxValue, DateTime.UtcNow.AddHours(-1))).ShouldBeNull();
        Load("a/ä", new SnapshotSelectionCriteria(5, DateTime.MaxValue, 4)).ShouldBeNull();
    }

    [Fact]
    public void One_of_the_same_number_is_replaced()
    {
        Save("a", 3, "old");
        Save("a", 3, "new");
        Load("a").ShouldBe("new");
    }

    [Fact]
    public void Deleting_removes_what_fits()
    {
        foreach (var nr in new[] { 1, 2, 3, 4 }) Save("a", nr, $"{nr}");
        Store.Tell(new DeleteSnapshot(new SnapshotMetadata("a", 4)), TestActor);
        ExpectMsg<DeleteSnapshotSuccess>(Patience).Metadata.SequenceNr.ShouldBe(4);
        Load("a").ShouldBe("3");
        Store.Tell(new DeleteSnapshots("a", new SnapshotSelectionCriteria(2)), TestActor);
        ExpectMsg<DeleteSnapshotsSuccess>(Patience);
        Load("a", new SnapshotSelectionCriteria(2)).ShouldBeNull();
        Load("a").ShouldBe("3");
    }

    [Fact]
    public void What_cannot_be_serialised_is_a_failure_or_kept_as_it_is()
    {
        Store.Tell(new SaveSnapshot(new SnapshotMetadata("a", 1), new Unwritable()), TestActor);
        if (ExpectMsg<ISnapshotResponse>(Patience) is SaveSnapshotFailure failure) failure.Cause.Message.ShouldBe("This event cannot be written.");
        else GetType().ShouldBe(typeof(MemorySnapshotLaws));
    }
}

public sealed class MemorySnapshotLaws() : SnapshotLaws("""plugin = "akka.persistence.snapshot-store.inmem" """);

public sealed class LocalSnapshotLaws() : SnapshotLaws($$"""plugin = "akka.persistence.snapshot-store.local", local.dir = "{{TempFolder.New()}}" """);

public sealed class SqliteSnapshotLaws() : SnapshotLaws(Sql.Of("SQLite.MS", $"Data Source={TempFolder.New()}/snapshots.db"));

[Collection(nameof(PrivatePostgres))]
public sealed class PostgresSnapshotLaws(PrivatePostgres server) : SnapshotLaws(Sql.Of("PostgreSQL.15", server.FreshConnectionString()));

internal static class Sql
{
    public static string Of(string provider, string connectionString) => $$"""
        plugin = "akka.persistence.snapshot-store.sql"
        sql { class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql", provider-name = "{{provider}}", connection-string = "{{connectionString}}" }
        """;
}
