// The program that the kill tests start and kill: actors persist as fast as they can and print each event once it is acknowledged.
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence.Tests;

public static class KillChild
{
    /// <summary>Arguments: <c>kill-child PROVIDER CONNECTION-STRING STREAMS</c>. Prints <c>ID NUMBER</c> lines until killed.</summary>
    public static int Main(string[] args)
    {
        if (args is not ["kill-child", var provider, var connection, var streams]) return 2;
        var output = Console.Out;
        var hocon = $$"""
            akka.persistence {
              journal { plugin = "akka.persistence.journal.sql", sql { class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql", provider-name = "{{provider}}", connection-string = "{{connection}}" } }
              snapshot-store.plugin = "akka.persistence.no-snapshot-store"
            }
            """;
        var system = ActorSystem.Create("kill", ConfigurationFactory.ParseString(hocon).WithFallback(ConfigurationFactory.ParseString(HappenedSerializer.Hocon)));
        for (var i = 0; i < int.Parse(streams, System.Globalization.CultureInfo.InvariantCulture); i++)
        {
            var id = $"s-{i}";
            system.ActorOf(Props.Create(() => new Writer(id, output)), id);
        }

        system.WhenTerminated.Wait();
        return 1;
    }

    private sealed class Writer : UntypedPersistentActor
    {
        private readonly TextWriter _output;
        private long _expected = 1;

        public Writer(string id, TextWriter output) => (PersistenceId, _output) = (id, output);

        public override string PersistenceId { get; }

        protected override void OnRecover(object message)
        {
            if (message is Happened h && h.Text != $"{PersistenceId}#{_expected++}") Die($"recovered {h.Text}");
            if (message is RecoveryCompleted) Self.Tell("next");
        }

        protected override void OnCommand(object message)
        {
            // One to three events at a time, so that a kill can fall between the events of one write.
            var count = (int)(_expected % 3) + 1;
            PersistAll(Enumerable.Range(0, count).Select(i => new Happened($"{PersistenceId}#{_expected + i}")).ToArray(), e =>
            {
                _expected++;
                _output.WriteLine($"{PersistenceId} {LastSequenceNr}"); // Console.Out flushes each line: what is read was acknowledged
                if (e.Text != $"{PersistenceId}#{LastSequenceNr}") Die($"stored {e.Text} as {LastSequenceNr}");
            });
            DeferAsync("next", Self.Tell);
        }

        protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Die(cause.Message);

        protected override void OnRecoveryFailure(Exception reason, object? message = null) => Die(reason.Message);

        private void Die(string why)
        {
            _output.WriteLine("! " + why);
            Environment.Exit(3);
        }
    }
}
