// The form of a persistent actor that declares a handler for each type. Knows no storage.
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A persistent actor that declares, in its constructor, a handler for each type of command and event; the first that fits takes it.</summary>
public abstract class ReceivePersistentActor : Eventsourced
{
    private readonly List<Func<object, bool>> _recover = [];
    private List<Func<object, bool>> _command = [];

    /// <inheritdoc/>
    protected sealed override bool Receive(object message) => ReceiveCommand(message);

    /// <inheritdoc/>
    protected sealed override bool ReceiveCommand(object message) => First(_command, message);

    /// <inheritdoc/>
    protected sealed override bool ReceiveRecover(object message) => First(_recover, message);

    /// <summary>Replaces the command handlers by those that <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure) => Context.Become(Declared(configure));

    /// <summary>Puts the command handlers that <paramref name="configure"/> declares above the present ones.</summary>
    protected void BecomeStacked(Action configure) => Context.BecomeStacked(Declared(configure));

    /// <summary>Takes replayed messages of a type.</summary>
    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) => _recover.Add(For(handler, shouldHandle));

    /// <summary>Takes replayed messages of a type that fit.</summary>
    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    /// <summary>Takes replayed messages of a type; false passes them on.</summary>
    protected void Recover<T>(Func<T, bool> handler) => _recover.Add(m => m is T t && handler(t));

    /// <summary>Takes all replayed messages.</summary>
    protected void RecoverAny(Action<object> handler) => Recover(handler);

    /// <summary>Takes commands of a type.</summary>
    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) => _command.Add(For(handler, shouldHandle));

    /// <summary>Takes commands of a type that fit.</summary>
    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    /// <summary>Takes commands of a type; false passes them on.</summary>
    protected void Command<T>(Func<T, bool> handler) => _command.Add(m => m is T t && handler(t));

    /// <summary>Takes all commands.</summary>
    protected void Command(Action<object> handler) => CommandAny(handler);

    /// <summary>Takes all commands.</summary>
    protected void CommandAny(Action<object> handler) => _command.Add(For(handler, null));

    private static bool First(List<Func<object, bool>> handlers, object message)
    {
        foreach (var handler in handlers)
            if (handler(message))
                return true;
        return false;
    }

    private static Func<object, bool> For<T>(Action<T> handler, Predicate<T>? shouldHandle) => message =>
    {
        if (message is not T t || (shouldHandle is not null && !shouldHandle(t))) return false;
        handler(t);
        return true;
    };

    private Receive Declared(Action configure)
    {
        var present = _command;
        var declared = _command = [];
        configure();
        _command = present;
        return message => First(declared, message);
    }
}
