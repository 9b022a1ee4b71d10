// PostgreSQL's share of the journal's laws, on a server that the tests start and stop; and a server that goes away and comes back.
using System.Data.Common;
using AgentArena.Testing;
using Akka.Persistence.Sql.Postgres;
using Akka.Persistence.Sql.Storage;
using Npgsql;

namespace Akka.Persistence.Tests.Journals;

[CollectionDefinition(nameof(PrivatePostgres))]
public sealed class PostgresCollection : ICollectionFixture<PrivatePostgres>;

[Collection(nameof(PrivatePostgres))]
public sealed class PostgresJournalLaws(PrivatePostgres server) : SqlJournalLaws("PostgreSQL.15", server.FreshConnectionString())
{
    protected override DbConnection Connect() => new NpgsqlConnection(ConnectionString + ";Pooling=false");
}

[Collection(nameof(PrivatePostgres))]
public sealed class PostgresServerLaws(PrivatePostgres server)
{
    private static EventRow Row(string id, long nr) => new(id, nr, 1, [1, 2], 1, "m", "w");

    [Fact]
    public void A_server_that_comes_back_is_used_again()
    {
        using var own = new PrivatePostgres();
        using var commit = new GroupCommit(new PostgresStore(own.FreshConnectionString(), true), 100, 100, TimeSpan.FromMilliseconds(1));
        Exception? Write(string id, long nr)
        {
            var done = new TaskCompletionSource<Exception?>();
            commit.TryEnqueue(new WriteUnit([Row(id, nr)], (_, fault) => done.SetResult(fault)));
            return done.Task.GetAwaiter().GetResult();
        }

        Write("a", 1).ShouldBeNull();
        own.Stop();
        Write("a", 2).ShouldBeOfType<StorageException>().Message.ShouldContain("PostgreSQL");
        Write("a", 2).ShouldBeOfType<StorageException>().Message.ShouldContain("Start the server, check Host and Port, then resume.");
        own.Start();
        Write("a", 2).ShouldBeNull();
        Write("a", 2).ShouldBeOfType<StorageException>().Message.ShouldContain("event 2 of 'a' is there already");
        Write("a", 4).ShouldBeOfType<StorageException>().Message.ShouldContain("event 4 of 'a' would leave a gap after 2");
    }

    [Fact]
    public void Mistakes_of_configuration_are_named_without_the_password()
    {
        Should.Throw<StorageException>(() => new PostgresStore("Database=x", true)).Message.ShouldContain("has no Host");
        Should.Throw<StorageException>(() => new PostgresStore("Hots=x", true)).Message.ShouldContain("Right would be: Host=localhost");
        var missing = Should.Throw<StorageException>(() => new PostgresStore(server.ConnectionString.Replace("Database=postgres", "Database=nope;Password=secret", StringComparison.Ordinal), true).OpenWriter());
        missing.Message.ShouldContain("there is no such database");
        missing.Message.ShouldNotContain("secret");
        var tables = Should.Throw<StorageException>(() => new PostgresStore(server.FreshConnectionString(), false).OpenReader().Highest("a"));
        tables.Message.ShouldContain("Set auto-initialize = on");
    }

    [Fact]
    public void An_id_too_long_is_that_rows_fault_alone()
    {
        using var writer = new PostgresStore(server.FreshConnectionString(), true).OpenWriter();
        Should.Throw<StorageException>(() => writer.Write([new WriteUnit([Row(new string('x', 300), 1)], (_, _) => { })])).OfRow.ShouldBeTrue();
    }
}
