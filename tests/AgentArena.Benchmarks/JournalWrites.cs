// Events a second through persistent actors into the SQLite journal, and what an event costs in processor time, by how
// many actors write at once. Beside it the life of a new actor.
using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Serialization;

namespace AgentArena.Benchmarks;

internal static class JournalWrites
{
    /// <summary>Options: <c>--seconds N</c> per line, default 3.</summary>
    public static void Run(string[] args)
    {
        var seconds = args is ["--seconds", var n]
            ? double.Parse(n, System.Globalization.CultureInfo.InvariantCulture)
            : 3;
        Console.WriteLine(
            "SQLite, WAL, 220-byte payloads, one event a persist, each actor persists again when acknowledged"
        );
        Console.WriteLine("actors   events/s   CPU µs/event");
        foreach (var actors in new[] { 1, 50, 200, 2_000 })
            Writes(actors, TimeSpan.FromSeconds(seconds / 4), quiet: true);
        foreach (var actors in new[] { 1, 50, 200, 2_000 })
            Writes(actors, TimeSpan.FromSeconds(seconds), quiet: false);
        Starts(20_000);
    }

    private static ActorSystem Open(string folder) =>
        ActorSystem.Create(
            "journal",
            ConfigurationFactory.ParseString(
                $$"""
                akka {
                  loglevel = OFF
                  stdout-loglevel = OFF
                  persistence {
                    journal {
                      plugin = "akka.persistence.journal.sql"
                      sql { class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql", provider-name = "SQLite.MS", connection-string = "Data Source={{folder}}/journal.db", batch-size = 400, buffer-size = 100000 }
                    }
                    snapshot-store.plugin = "akka.persistence.no-snapshot-store"
                  }
                  actor {
                    serializers.marked = "AgentArena.Benchmarks.MarkedSerializer, AgentArena.Benchmarks"
                    serialization-bindings { "AgentArena.Benchmarks.Marked, AgentArena.Benchmarks" = marked }
                  }
                }
                """
            )
        );

    private static void Writes(int actors, TimeSpan time, bool quiet)
    {
        var folder = Directory.CreateTempSubdirectory("arena-bench-").FullName;
        var system = Open(folder);
        var tally = new Tally();
        for (var i = 0; i < actors; i++)
        {
            var id = $"game-{i}";
            system.ActorOf(Props.Create(() => new Writer(id, tally, long.MaxValue)));
        }

        while (tally.Events < actors)
            Thread.Sleep(5);
        var (events, cpu, clock) = (tally.Events, Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        Thread.Sleep(time);
        var written = tally.Events - events;
        var took = clock.Elapsed;
        var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        system.Terminate().Wait();
        Directory.Delete(folder, recursive: true);
        if (!quiet)
            Console.WriteLine(
                $"{actors, 6}   {written / took.TotalSeconds, 8:N0}   {used.TotalMicroseconds / written, 12:F2}"
            );
    }

    /// <summary>
    /// New actors that each persist five events and stop, some hundreds at a time: the life of a game.
    /// </summary>
    private static void Starts(int games)
    {
        var folder = Directory.CreateTempSubdirectory("arena-bench-").FullName;
        var system = Open(folder);
        var tally = new Tally();
        var (cpu, clock) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        for (var i = 0; i < games; i++)
        {
            if (i - tally.Done > 1_000)
                while (i - tally.Done > 500)
                    Thread.Sleep(1);
            var id = $"game-{i}";
            system.ActorOf(Props.Create(() => new Writer(id, tally, 5)));
        }

        while (tally.Done < games)
            Thread.Sleep(1);
        var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        Console.WriteLine(
            $"{games:N0} new actors of 5 events each: {games / clock.Elapsed.TotalSeconds:N0} actors/s, {games * 5 / clock.Elapsed.TotalSeconds:N0} events/s, CPU {used.TotalMicroseconds / games:F1} µs an actor"
        );
        system.Terminate().Wait();
        Directory.Delete(folder, recursive: true);
    }

    private sealed class Tally
    {
        private long _events;
        private long _done;

        public long Events => Volatile.Read(ref _events);

        public long Done => Volatile.Read(ref _done);

        public void Event() => Interlocked.Increment(ref _events);

        public void End() => Interlocked.Increment(ref _done);
    }

    private sealed class Writer(string id, Tally tally, long most) : UntypedPersistentActor
    {
        private static readonly Marked Event = new(new byte[220]);

        public override string PersistenceId => id;

        protected override void OnRecover(object message)
        {
            if (message is RecoveryCompleted)
                Next();
        }

        protected override void OnCommand(object message) { }

        private void Next() => PersistAsync(Event, _ =>
            {
                tally.Event();
                if (LastSequenceNr < most)
                {
                    Next();
                    return;
                }

                tally.End();
                Context.Stop(Self);
            });
    }
}

/// <summary>A payload that costs nothing to serialise: what is measured is the journal.</summary>
public sealed record Marked(byte[] Bytes);

/// <summary>Hands a payload's own bytes over.</summary>
public sealed class MarkedSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <inheritdoc/>
    public override int Identifier => 9_002;

    /// <inheritdoc/>
    public override string Manifest(object o) => "marked.v1";

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => ((Marked)obj).Bytes;

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => new Marked(bytes);
}
