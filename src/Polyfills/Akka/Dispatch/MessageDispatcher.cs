// Where actors run. A dispatcher decides on which thread a cell that has work gets its turn; it knows nothing of messages.
using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>Gives cells with work their turns.</summary>
public abstract class MessageDispatcher
{
    private protected MessageDispatcher(string id, int throughput) => (Id, Throughput) = (id, Math.Max(1, throughput));

    /// <summary>The path of its configuration.</summary>
    public string Id { get; }

    /// <summary>Messages an actor handles before others get a turn.</summary>
    public int Throughput { get; }

    /// <summary>Gives a cell that has just got work a turn, soon. Called once until the cell rests again.</summary>
    internal abstract void Schedule(ActorCell cell);

    /// <summary>Gives a cell that still has work another turn, after others.</summary>
    internal virtual void Reschedule(ActorCell cell) => Schedule(cell);

    /// <summary>The cell has ended.</summary>
    internal virtual void Detach(ActorCell cell) { }

    /// <summary>Runs an action on a thread of the dispatcher.</summary>
    public virtual void Schedule(Action run) => ThreadPool.UnsafeQueueUserWorkItem(static r => r(), run, preferLocal: false);
}

/// <summary>On the thread pool.</summary>
public sealed class Dispatcher : MessageDispatcher
{
    internal Dispatcher(string id, int throughput) : base(id, throughput) { }

    internal override void Schedule(ActorCell cell)
    {
        if (Worker.Current is { } worker && worker.TryKeep(cell)) return;
        ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: false);
    }

    internal override void Reschedule(ActorCell cell) => ThreadPool.UnsafeQueueUserWorkItem(cell, preferLocal: false);
}

/// <summary>On a thread of its own: one instance, one thread, one actor.</summary>
public sealed class PinnedDispatcher : MessageDispatcher
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(0);
    private ActorCell? _cell;
    private Thread? _thread;
    private volatile bool _ended;

    internal PinnedDispatcher(string id, int throughput) : base(id, throughput) { }

    internal override void Schedule(ActorCell cell)
    {
        if (_thread is null)
            lock (_gate)
                if (_thread is null)
                {
                    _cell = cell;
                    var thread = new Thread(Run) { IsBackground = true, Name = $"{Id}-{cell.Name}" };
                    _thread = thread;
                    thread.UnsafeStart();
                }
        _turn.Release();
    }

    internal override void Detach(ActorCell cell)
    {
        _ended = true;
        _turn.Release();
    }

    private void Run()
    {
        while (true)
        {
            _turn.Wait();
            if (_ended) return;
            _cell!.RunTurn();
        }
    }
}
