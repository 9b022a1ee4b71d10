// kill -9 at random moments: every acknowledged event is there, numbers have no gap, writes are whole. On SQLite and PostgreSQL.
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using AgentArena.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Akka.Persistence.Tests.Journals;

[Collection(nameof(PrivatePostgres))]
public sealed class KillLaws(PrivatePostgres server) : IDisposable
{
    private const int Streams = 40;
    private readonly string _folder = Directory.CreateTempSubdirectory("arena-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void No_acknowledged_event_is_lost_on_SQLite()
    {
        var connection = $"Data Source={_folder}/journal.db";
        Kill("SQLite.MS", connection, rounds: 4, () => new SqliteConnection(connection + ";Pooling=false"));
    }

    [Fact]
    public void No_acknowledged_event_is_lost_on_PostgreSQL()
    {
        var connection = server.FreshConnectionString();
        Kill("PostgreSQL.15", connection, rounds: 2, () => new NpgsqlConnection(connection + ";Pooling=false"));
    }

    private static void Kill(string provider, string connectionString, int rounds, Func<DbConnection> connect)
    {
        var chance = new Random(20_261_121);
        var acknowledged = new Dictionary<string, long>();
        var total = 0;
        for (var round = 0; round < rounds; round++)
        {
            var lines = RunAndKill(provider, connectionString, TimeSpan.FromMilliseconds(chance.Next(20, 400)));
            foreach (var line in lines)
            {
                line.ShouldNotStartWith("!");
                var parts = line.Split(' ');
                acknowledged[parts[0]] = Math.Max(acknowledged.GetValueOrDefault(parts[0]), long.Parse(parts[1], CultureInfo.InvariantCulture));
                total++;
            }

            Verify(connect, acknowledged);
        }

        total.ShouldBeGreaterThan(200, "a test that hardly wrote would prove nothing");
    }

    private static List<string> RunAndKill(string provider, string connectionString, TimeSpan life)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { "exec", typeof(KillLaws).Assembly.Location, "kill-child", provider, connectionString, Streams.ToString(CultureInfo.InvariantCulture) }) start.ArgumentList.Add(argument);
        using var child = Process.Start(start)!;
        var lines = new List<string>();
        var output = child.StandardOutput;
        if (output.ReadLine() is { } first) lines.Add(first);
        using var killer = new Timer(_ => child.Kill(), null, life, Timeout.InfiniteTimeSpan); // SIGKILL
        while (output.ReadLine() is { } line) lines.Add(line);
        child.WaitForExit();
        child.ExitCode.ShouldBe(128 + 9);
        // The last line may have been cut by the kill.
        if (lines.Count > 0) lines.RemoveAt(lines.Count - 1);
        lines.ShouldNotBeEmpty();
        return lines;
    }

    private static void Verify(Func<DbConnection> connect, Dictionary<string, long> acknowledged)
    {
        using var connection = connect();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT persistence_id, sequence_number, message FROM journal ORDER BY ordering";
        using var reader = command.ExecuteReader();
        var last = new Dictionary<string, long>();
        while (reader.Read())
        {
            var (id, nr) = (reader.GetString(0), reader.GetInt64(1));
            nr.ShouldBe(last.GetValueOrDefault(id) + 1);
            System.Text.Encoding.UTF8.GetString((byte[])reader.GetValue(2)).ShouldBe($"{id}#{nr}");
            last[id] = nr;
        }

        foreach (var (id, nr) in acknowledged) last.GetValueOrDefault(id).ShouldBeGreaterThanOrEqualTo(nr, id);
        // Writes are of one, two and three events in turn by the number they begin with; a stream ends where a write ends.
        foreach (var (id, end) in last)
        {
            var at = 1L;
            while (at <= end) at += (at % 3) + 1;
            (at - 1).ShouldBe(end, $"{id} ends amid a write");
        }
    }
}
