// The one thread that writes: takes all that waits, stores it in one transaction, tells each the outcome in order. Knows when
// to wait a moment for company; refuses to know databases and actors.
using System.Diagnostics;

namespace Akka.Persistence.Sql.Storage;

/// <summary>Group commit. Enqueue from one thread at a time; outcomes come on the writer's thread.</summary>
internal sealed class GroupCommit : IDisposable
{
    private readonly IEventStore _store;
    private readonly int _batchRows;
    private readonly int _bufferRows;
    private readonly long _pace;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private List<object> _waiting = [];
    private List<object> _taken = [];
    private int _waitingRows;
    private bool _stopping;
    private IEventWriter? _writer;
    private long _lastCommit;
    private int _company; // how many units the last commit held

    /// <param name="store">Where to.</param>
    /// <param name="batchRows">Rows in one transaction, unless a single unit has more.</param>
    /// <param name="bufferRows">Rows that may wait.</param>
    /// <param name="pace">While several actors write, the least time from one commit to the next; one alone never waits.</param>
    public GroupCommit(IEventStore store, int batchRows, int bufferRows, TimeSpan pace)
    {
        (_store, _batchRows, _bufferRows) = (store, batchRows, bufferRows);
        _pace = (long)(pace.TotalSeconds * Stopwatch.Frequency);
        _writer = store.OpenWriter(); // here, so that a journal that cannot be opened is known at once
        _thread = new Thread(Run) { IsBackground = true, Name = "journal-writer" };
        _thread.Start();
    }

    /// <summary>Transactions committed so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Puts a unit in line; false, and nothing is done, when too much is waiting.</summary>
    public bool TryEnqueue(WriteUnit unit)
    {
        lock (_gate)
        {
            if (_waitingRows > 0 && _waitingRows + unit.Rows.Count > _bufferRows) return false;
            ObjectDisposedException.ThrowIf(_stopping, this);
            _waitingRows += unit.Rows.Count;
            Add(unit);
            if (_waitingRows >= _batchRows) Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Puts an action in line: it runs on the writer's thread after all that was enqueued before is stored or has failed.</summary>
    public void Enqueue(Action<IEventWriter?> action)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            Add(action);
        }
    }

    /// <summary>Stores what waits, then closes.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    private void Add(object item)
    {
        _waiting.Add(item);
        if (_waiting.Count == 1 || _waiting.Count == _company) Monitor.Pulse(_gate);
    }

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                while (_waiting.Count == 0 && !_stopping) Monitor.Wait(_gate);
                if (_waiting.Count == 0) break;
                AwaitCompany();
                (_waiting, _taken) = (_taken, _waiting);
                _waitingRows = 0;
            }

            Drain();
            _taken.Clear();
        }

        _writer?.Dispose();
    }

    /// <summary>
    /// A commit costs as much as ten rows. When the last one held several units, as many are about to come again, and a
    /// moment's wait makes one commit of many; a lone actor, whose last commit held only its own unit, is served at once.
    /// </summary>
    private void AwaitCompany()
    {
        while (!_stopping && _waiting.Count < _company && _waitingRows < _batchRows)
        {
            var left = _lastCommit + _pace - Stopwatch.GetTimestamp();
            if (left <= 0 || !Monitor.Wait(_gate, (int)((left * 1000 / Stopwatch.Frequency) + 1))) return;
        }
    }

    private void Drain()
    {
        for (var at = 0; at < _taken.Count;)
        {
            if (_taken[at] is Action<IEventWriter?> action)
            {
                action(Writer(out _));
                at++;
                continue;
            }

            var (end, rows) = (at, 0);
            while (end < _taken.Count && _taken[end] is WriteUnit unit && (end == at || rows + unit.Rows.Count <= _batchRows))
            {
                rows += unit.Rows.Count;
                end++;
            }

            var units = new WriteUnit[end - at];
            for (var i = 0; i < units.Length; i++) units[i] = (WriteUnit)_taken[at + i];
            Commit(units);
            at = end;
        }
    }

    private void Commit(WriteUnit[] units)
    {
        _company = units.Length;
        var fault = TryWrite(units);
        _lastCommit = Stopwatch.GetTimestamp();
        // One actor's impossible rows must not stop the others: each unit alone, so that only the guilty one fails.
        var alone = units.Length > 1 && fault is StorageException { OfRow: true };
        foreach (var unit in units) unit.Done(alone ? TryWrite([unit]) : fault);
    }

    private Exception? TryWrite(ReadOnlySpan<WriteUnit> units)
    {
        if (Writer(out var fault) is not { } writer) return fault;
        try
        {
            writer.Write(units);
            Commits++;
            return null;
        }
        catch (StorageException e)
        {
            if (!e.OfRow) Forget();
            return e;
        }
        catch (Exception e)
        {
            Forget();
            return new StorageException($"{_store.Name}: writing failed: {e.Message} Nothing of this transaction was stored.", false, e);
        }
    }

    /// <summary>The connection; opened again after a fault, so that a database that comes back is used again.</summary>
    private IEventWriter? Writer(out Exception? fault)
    {
        fault = null;
        try
        {
            return _writer ??= _store.OpenWriter();
        }
        catch (Exception e)
        {
            fault = e;
            return null;
        }
    }

    private void Forget()
    {
        try
        {
            _writer?.Dispose();
        }
        catch (Exception)
        {
            // The connection is broken already, and its fault was told.
        }

        _writer = null;
    }
}
