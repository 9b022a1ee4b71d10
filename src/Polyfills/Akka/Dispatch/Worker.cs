// What a pool thread does with actors: run one, then the one it woke. Keeps a conversation on one core; a sentinel frees what a slow actor holds up.
using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>
/// The actor state of one pool thread. A cell that is woken while the thread runs another is kept for the same thread, if the place
/// is free: its messages are in this core's cache. Should the running actor take long, <see cref="Sentinel"/> gives the kept cell to another thread.
/// </summary>
internal sealed class Worker
{
    private const int Turns = 64;

    [ThreadStatic] private static Worker? _current;

    private readonly Thread _thread = Thread.CurrentThread;
    private ActorCell? _kept;
    private ActorCell? _seen; // the sentinel's
    private bool _running;
    private int _turn;

    /// <summary>This thread's, while it runs actors.</summary>
    public static Worker? Current => _current;

    public bool ThreadAlive => _thread.IsAlive;

    /// <summary>Runs a cell and then the cells kept, within a fair slice of time.</summary>
    public static void Run(ActorCell cell)
    {
        var worker = _current;
        if (worker is null) Sentinel.Register(_current = worker = new Worker());
        else if (worker._running)
        {
            cell.RunTurn(); // called from within a turn, by a pool that inlines
            return;
        }

        worker._running = true;
        var began = Environment.TickCount64;
        var turns = Turns;
        while (true)
        {
            worker._turn++;
            cell.RunTurn();
            if (worker._kept is null || Interlocked.Exchange(ref worker._kept, null) is not { } next) break;
            if (--turns <= 0 || Environment.TickCount64 != began)
            {
                ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: false);
                break;
            }

            cell = next;
        }

        worker._running = false;
    }

    /// <summary>Takes a cell in for this thread's next turn, if it runs actors and has room.</summary>
    public bool TryKeep(ActorCell cell)
    {
        if (!_running || _kept is not null) return false;
        Volatile.Write(ref _kept, cell);
        Sentinel.Wake();
        return true;
    }

    public bool Keeps => Volatile.Read(ref _kept) is not null;

    /// <summary>Called by the sentinel at each tick: what was kept through a whole tick, during one and the same turn, is passed on.</summary>
    public void Inspect(ref int turnSeen)
    {
        var kept = Volatile.Read(ref _kept);
        var turn = Volatile.Read(ref _turn);
        if (kept is not null && ReferenceEquals(kept, _seen) && turn == turnSeen && Interlocked.CompareExchange(ref _kept, null, kept) == kept)
            ThreadPool.UnsafeQueueUserWorkItem(kept, preferLocal: false);
        (_seen, turnSeen) = (kept, turn);
    }
}

/// <summary>A thread that looks every millisecond, while anything is kept, whether it is held up.</summary>
internal static class Sentinel
{
    private const int Patience = 64; // quiet ticks before it sleeps

    private sealed class Post(Worker worker)
    {
        public readonly Worker Worker = worker;
        public int Turn = -1;
    }

    private static readonly Lock Gate = new();
    private static readonly SemaphoreSlim Alarm = new(0);
    private static Post[] _posts = [];
    private static int _asleep;
    private static bool _started;

    public static void Register(Worker worker)
    {
        lock (Gate)
        {
            _posts = [.. _posts.Where(p => p.Worker.ThreadAlive), new Post(worker)];
            if (_started) return;
            _started = true;
            new Thread(Watch) { IsBackground = true, Name = "akka-sentinel" }.UnsafeStart();
        }
    }

    /// <summary>Something is kept now.</summary>
    public static void Wake()
    {
        if (Volatile.Read(ref _asleep) != 0 && Interlocked.Exchange(ref _asleep, 0) != 0) Alarm.Release();
    }

    private static void Watch()
    {
        var quiet = 0;
        while (true)
        {
            var posts = Volatile.Read(ref _posts);
            var busy = false;
            foreach (var post in posts)
            {
                post.Worker.Inspect(ref post.Turn);
                busy |= post.Worker.Keeps;
            }

            quiet = busy ? 0 : quiet + 1;
            if (quiet < Patience)
            {
                Thread.Sleep(1);
                continue;
            }

            quiet = 0;
            Volatile.Write(ref _asleep, 1);
            // Whoever kept a cell before seeing the sign is seen below; whoever keeps one after this sees the sign.
            Interlocked.MemoryBarrierProcessWide();
            if (Volatile.Read(ref _posts).Any(p => p.Worker.Keeps) && Interlocked.Exchange(ref _asleep, 0) != 0) continue;
            Alarm.Wait();
        }
    }
}
