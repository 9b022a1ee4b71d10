// Scopes that dispose the tensors created under them. One stack of scopes per thread; a scope knows its tensors by slot, so that
// leaving it costs O(1) a tensor and one native call in all.
namespace TorchSharp;

/// <summary>Counts and scopes of the current thread.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? s_thread;

    internal static DisposeScopeManager ThreadSingleton => s_thread ??= new DisposeScopeManager();
    internal ThreadDisposeScopeStatistics StatisticsInstance { get; } = new();
    internal DisposeScope? CurrentDisposeScope { get; set; }

    internal DisposeScope NewDisposeScope() => CurrentDisposeScope = new DisposeScope(this);

    /// <summary>Puts a new tensor into the current scope; false where there is none.</summary>
    internal bool Register(torch.Tensor tensor)
    {
        DisposeScope? scope = CurrentDisposeScope;
        if (scope is null)
        {
            StatisticsInstance.TensorStatistics.CreatedOutsideScopeCount++;
            return false;
        }
        StatisticsInstance.TensorStatistics.CreatedInScopeCount++;
        scope.Add(tensor);
        return true;
    }

    /// <summary>Takes a scope out of the stack, wherever it stands.</summary>
    internal void Remove(DisposeScope gone)
    {
        if (ReferenceEquals(CurrentDisposeScope, gone))
        {
            CurrentDisposeScope = gone.OuterScope;
            return;
        }
        for (DisposeScope? scope = CurrentDisposeScope; scope is not null; scope = scope.OuterScope)
        {
            if (ReferenceEquals(scope.OuterScope, gone))
            {
                scope.OuterScope = gone.OuterScope;
                return;
            }
        }
    }

    /// <summary>What this thread has created and disposed so far.</summary>
    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.StatisticsInstance;
}

/// <summary>A group of tensors that are disposed together. Use it on one thread only.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly List<torch.Tensor> _tensors = [];
    private DisposeScopeManager? _thread;

    internal DisposeScope(DisposeScopeManager thread)
    {
        _thread = thread;
        OuterScope = thread.CurrentDisposeScope;
    }

    internal DisposeScope? OuterScope { get; set; }

    /// <summary>What would be disposed now.</summary>
    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            Open();
            return [.. _tensors];
        }
    }

    public int DisposablesCount
    {
        get
        {
            Open();
            return _tensors.Count;
        }
    }

    public bool Contains(IDisposable disposable) => disposable is torch.Tensor t && Owns(t);

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(OuterScope, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
        => (MoveToOuter(first), MoveToOuter(second));

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
        => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(OuterScope, disposables);
    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(OuterScope, disposables);
    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (IDisposable disposable in disposables)
        {
            MoveToOther(scope, disposable);
        }
    }

    /// <summary>Hands a tensor of this scope to another one; with no other, it is detached. What is not of this scope stays where it is.</summary>
    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        Open();
        if (scope is null)
        {
            return Detach(disposable);
        }
        if (disposable is torch.Tensor tensor && Take(tensor))
        {
            scope.Add(tensor);
        }
        return disposable;
    }

    /// <summary>Lets a tensor outlive this and every scope.</summary>
    public T Detach<T>(T disposable) where T : IDisposable
    {
        Open();
        if (disposable is torch.Tensor tensor && Take(tensor))
        {
            tensor.Orphaned();
            _thread!.StatisticsInstance.TensorStatistics.DetachedFromScopeCount++;
        }
        return disposable;
    }

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
        => (Detach(first), Detach(second));

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
        => (Detach(first), Detach(second), Detach(third));

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (IDisposable disposable in disposables)
        {
            Detach(disposable);
        }
    }

    public void Attach(IDisposable disposable) => _ = Attach((IEnumerable<IDisposable>)[disposable]);
    public void Attach(params IDisposable[] disposables) => _ = Attach((IEnumerable<IDisposable>)disposables);

    /// <summary>Takes tensors over from wherever they are.</summary>
    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        Open();
        List<IDisposable> attached = [];
        foreach (IDisposable disposable in disposables)
        {
            torch.Tensor tensor = disposable as torch.Tensor ?? throw new InvalidOperationException("A dispose scope keeps tensors only.");
            if (!Owns(tensor))
            {
                tensor.OwningDisposeScope?.Take(tensor);
                Add(tensor);
                _thread!.StatisticsInstance.TensorStatistics.AttachedToScopeCount++;
            }
            attached.Add(tensor);
        }
        return attached;
    }

    public void DisposeEverything()
    {
        Open();
        ReleaseAll();
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[keep]);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[first, second]);
        return (first, second);
    }

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        Open();
        var kept = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        torch.Tensor[] all = [.. _tensors];
        _tensors.Clear();
        foreach (torch.Tensor tensor in all)
        {
            if (kept.Contains(tensor))
            {
                Add(tensor);
            }
        }
        torch.Tensor.ReleaseAll([.. all.Where(t => !kept.Contains(t))]);
    }

    /// <summary>Disposes what is left and closes the scope; a second call does nothing.</summary>
    public void Dispose()
    {
        if (_thread is null)
        {
            return;
        }
        ReleaseAll();
        _thread.Remove(this);
        _thread = null;
        GC.SuppressFinalize(this);
    }

    /// <summary>A forgotten scope frees its tensors when the collector finds it.</summary>
    ~DisposeScope() => ReleaseAll();

    private void ReleaseAll()
    {
        torch.Tensor.ReleaseAll(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_tensors));
        _tensors.Clear();
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        Open();
        if (disposable is torch.Tensor tensor && Take(tensor))
        {
            tensor.Orphaned();
        }
    }

    internal void Add(torch.Tensor tensor)
    {
        tensor.Adopted(this, _tensors.Count);
        _tensors.Add(tensor);
    }

    /// <summary>Gives a tensor up; the last one takes its slot.</summary>
    internal bool Take(torch.Tensor tensor)
    {
        if (!Owns(tensor))
        {
            return false;
        }
        torch.Tensor last = _tensors[^1];
        _tensors[tensor.SlotInScope] = last;
        last.SlotInScope = tensor.SlotInScope;
        _tensors.RemoveAt(_tensors.Count - 1);
        return true;
    }

    private bool Owns(torch.Tensor tensor) => ReferenceEquals(tensor.OwningDisposeScope, this);

    private void Open() => ObjectDisposedException.ThrowIf(_thread is null, this);
}
