using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;

namespace AgentArena.Cli.Tests;

/// <summary>The program as the kill tests start it: with journals at hand that kill it.</summary>
public static class KillChild
{
    public static int Main(string[] args) => Program.Main(args);
}

/// <summary>
/// Kills its own process, as <c>kill -9</c> does, at one write: before it, while it is under way, or after it.
/// </summary>
internal sealed class Killer(Config config)
{
    private readonly int _at = config.GetInt("kill-at");
    private RandomStream _stream = new(RandomStream.Derive((ulong)config.GetInt("kill-seed"), "killer"));
    private int _writes;

    public async Task<T> Around<T>(Func<Task<T>> write)
    {
        if (Interlocked.Increment(ref _writes) != _at)
            return await write();
        var phase = _stream.Next(3);
        if (phase == 0)
            Die();
        var written = write();
        if (phase == 1)
        {
            var clock = Stopwatch.StartNew();
            var wait = 3 * _stream.NextDouble();
            while (clock.Elapsed.TotalMilliseconds < wait)
                Thread.SpinWait(50);
        }
        else
            await written;
        Die();
        return await written;
    }

    private static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}

/// <summary>The SQL journal with a <see cref="Killer"/>.</summary>
public class KillingJournal(Config config) : SqlWriteJournal(config)
{
    private readonly Killer _killer = new(config);

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages,
        CancellationToken cancellationToken
    ) => _killer.Around(() => base.WriteMessagesAsync(messages, cancellationToken));
}

/// <summary>The SQL snapshot store with a <see cref="Killer"/>.</summary>
public class KillingSnapshots(Config config) : SqlSnapshotStore(config)
{
    private readonly Killer _killer = new(config);

    protected override Task SaveAsync(
        SnapshotMetadata metadata,
        object snapshot,
        CancellationToken cancellationToken
    ) =>
        _killer.Around(async () =>
        {
            await base.SaveAsync(metadata, snapshot, cancellationToken);
            return 0;
        });
}
