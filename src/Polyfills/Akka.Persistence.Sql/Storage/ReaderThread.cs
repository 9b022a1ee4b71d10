// The one thread that reads for recovering actors, on a connection of its own, so that recoveries and writes do not wait for
// one another. Knows no SQL and no actor.
using System.Collections.Concurrent;

namespace Akka.Persistence.Sql.Storage;

internal sealed class ReaderThread<TConnection> : IDisposable where TConnection : class, IDisposable
{
    private readonly BlockingCollection<(Action<TConnection> Work, Action<Exception> Failed)> _waiting = [];
    private readonly Func<TConnection> _open;
    private readonly Thread _thread;

    public ReaderThread(string name, Func<TConnection> open)
    {
        _open = open;
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Runs work on the thread; <paramref name="failed"/> hears of a fault. After one the connection is opened anew.</summary>
    public void Enqueue(Action<TConnection> work, Action<Exception> failed) => _waiting.Add((work, failed));

    public void Dispose()
    {
        _waiting.CompleteAdding();
        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    private void Run()
    {
        TConnection? connection = null;
        foreach (var (work, failed) in _waiting.GetConsumingEnumerable())
        {
            try
            {
                work(connection ??= _open());
            }
            catch (Exception e)
            {
                try
                {
                    connection?.Dispose();
                }
                catch (Exception)
                {
                    // Broken already; its fault is told below.
                }

                connection = null;
                failed(e);
            }
        }

        connection?.Dispose();
    }
}
