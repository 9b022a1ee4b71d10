// Which handlers may take a message of a type. Shared by all actors that registered the same handlers in the same order; knows types, not actors.
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Akka.Actor;

/// <summary>Calls a registered handler with an untyped message. One instance per message type and form of handler.</summary>
internal abstract class Invoker(Type accepts)
{
    /// <summary>The type whose messages it takes.</summary>
    public readonly Type Accepts = accepts;

    /// <summary>False where the handler declines.</summary>
    public abstract bool Invoke(object handler, object message);
}

internal sealed class ActionInvoker<T>() : Invoker(typeof(T))
{
    public static readonly ActionInvoker<T> Instance = new();

    public override bool Invoke(object handler, object message)
    {
        Unsafe.As<Action<T>>(handler)((T)message);
        return true;
    }
}

internal sealed class FuncInvoker<T>() : Invoker(typeof(T))
{
    public static readonly FuncInvoker<T> Instance = new();

    public override bool Invoke(object handler, object message) => Unsafe.As<Func<T, bool>>(handler)((T)message);
}

internal sealed class ObjectInvoker(Type type) : Invoker(type)
{
    private static readonly ConcurrentDictionary<Type, ObjectInvoker> All = new();

    public static ObjectInvoker For(Type type) => All.GetOrAdd(type, static t => new ObjectInvoker(t));

    public override bool Invoke(object handler, object message) => Unsafe.As<Func<object, bool>>(handler)(message);
}

/// <summary>
/// A sequence of registrations. Registering walks from shape to shape, which are made once a process, so that actors of
/// one type share the shape, and with it the answer to "which handlers for this message type?".
/// </summary>
internal sealed class HandlerShape
{
    private sealed record Answer(Type Type, int[] Handlers);

    /// <summary>No handlers.</summary>
    public static readonly HandlerShape Empty = new([]);

    private readonly Invoker[] _invokers;
    private readonly ConcurrentDictionary<Type, Answer> _answers = new();
    private HandlerShape[] _next = [];
    private Answer? _last;

    private HandlerShape(Invoker[] invokers) => _invokers = invokers;

    public int Count => _invokers.Length;

    /// <summary>True once a handler takes all: none can follow.</summary>
    public bool IsComplete { get; private init; }

    /// <summary>This sequence and one more.</summary>
    public HandlerShape With(Invoker invoker, bool takesAll)
    {
        foreach (var next in Volatile.Read(ref _next))
            if (ReferenceEquals(next._invokers[^1], invoker) && next.IsComplete == takesAll) return next;
        lock (_answers)
        {
            foreach (var next in _next)
                if (ReferenceEquals(next._invokers[^1], invoker) && next.IsComplete == takesAll) return next;
            var made = new HandlerShape([.. _invokers, invoker]) { IsComplete = takesAll };
            Volatile.Write(ref _next, [.. _next, made]);
            return made;
        }
    }

    /// <summary>Lets the first handler that fits and does not decline have the message.</summary>
    public bool Handle(object[] handlers, object message)
    {
        var type = message.GetType();
        var answer = _last;
        if (answer is null || !ReferenceEquals(answer.Type, type)) answer = Find(type);
        foreach (var i in answer.Handlers)
            if (_invokers[i].Invoke(handlers[i], message)) return true;
        return false;
    }

    private Answer Find(Type type)
    {
        if (!_answers.TryGetValue(type, out var answer))
            answer = _answers.GetOrAdd(type, t => new Answer(t, [.. Enumerable.Range(0, _invokers.Length).Where(i => _invokers[i].Accepts.IsAssignableFrom(t))]));
        _last = answer;
        return answer;
    }
}
