// The actor of typed handlers: the first registered that fits a message gets it.
namespace Akka.Actor;

/// <summary>An actor whose handlers are registered by message type, in the constructor or in the action given to <c>Become</c>.</summary>
public abstract class ReceiveActor : UntypedActor, IInitializableActor
{
    private HandlerShape _shape = HandlerShape.Empty;
    private object[] _handlers = [];
    private bool _open = true;

    void IInitializableActor.Init() => _open = false;

    /// <inheritdoc/>
    protected sealed override void OnReceive(object message)
    {
        if (!_shape.Handle(_handlers, message)) Unhandled(message);
    }

    /// <summary>Replaces the behaviour by the handlers that <paramref name="configure"/> registers.</summary>
    protected void Become(Action configure) => Context.Become(Configured(configure));

    /// <summary>Lays the handlers that <paramref name="configure"/> registers over the present behaviour.</summary>
    protected void BecomeStacked(Action configure) => Context.BecomeStacked(Configured(configure));

    private Receive Configured(Action configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var (shape, handlers, open) = (_shape, _handlers, _open);
        (_shape, _handlers, _open) = (HandlerShape.Empty, [], true);
        try
        {
            configure();
            var (configured, own) = (_shape, _handlers);
            return message => configured.Handle(own, message);
        }
        finally
        {
            (_shape, _handlers, _open) = (shape, handlers, open);
        }
    }

    private void Add(Invoker invoker, object handler, bool takesAll = false)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (!_open) throw new InvalidOperationException($"{GetType()}: handlers are registered in the constructor, or in the action given to Become. Move this Receive there.");
        if (_shape.IsComplete) throw new InvalidOperationException($"{GetType()}: a handler after ReceiveAny, or after one of object without predicate, would never be called. Register the one that takes all last.");
        var count = _shape.Count;
        _shape = _shape.With(invoker, takesAll);
        if (count == _handlers.Length) Array.Resize(ref _handlers, count == 0 ? 4 : count * 2);
        _handlers[count] = handler;
    }

    /// <summary>Messages of a type.</summary>
    protected void Receive<T>(Action<T> handler) => Add(ActionInvoker<T>.Instance, handler, typeof(T) == typeof(object));

    /// <summary>Messages of a type that satisfy a predicate.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle)
    {
        if (shouldHandle is null) Receive(handler);
        else
            Add(FuncInvoker<T>.Instance, new Func<T, bool>(m =>
            {
                if (!shouldHandle(m)) return false;
                handler(m);
                return true;
            }));
    }

    /// <summary>Messages of a type that satisfy a predicate.</summary>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Messages of a type; false declines, and the next handler that fits gets it.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Add(FuncInvoker<T>.Instance, handler);

    /// <summary>Messages of a type that satisfy a predicate.</summary>
    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) => Add(ObjectInvoker.For(messageType), new Func<object, bool>(m =>
    {
        if (shouldHandle is not null && !shouldHandle(m)) return false;
        handler(m);
        return true;
    }), shouldHandle is null && messageType == typeof(object));

    /// <summary>Messages of a type; false declines.</summary>
    protected void Receive(Type messageType, Func<object, bool> handler) => Add(ObjectInvoker.For(messageType), handler);

    /// <summary>All other messages. The last to register.</summary>
    protected void ReceiveAny(Action<object> handler) => Add(ActionInvoker<object>.Instance, handler, true);

    /// <summary>Messages of a type, asynchronously: the next message waits until the task is done.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) => Receive(m => Dispatch.ActorTaskScheduler.RunTask(() => handler(m)), shouldHandle);

    /// <summary>Messages of a type that satisfy a predicate, asynchronously.</summary>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    /// <summary>All other messages, asynchronously.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAny(m => Dispatch.ActorTaskScheduler.RunTask(() => handler(m)));
}
