// The recipe for an actor: type, arguments, dispatcher, mailbox, supervision. Immutable; knows no system.
using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;

namespace Akka.Actor;

/// <summary>Makes actors in ways of its own.</summary>
public interface IIndirectActorProducer
{
    /// <summary>What it makes.</summary>
    Type ActorType { get; }

    /// <summary>A new actor. Called for each incarnation.</summary>
    ActorBase Produce();

    /// <summary>An incarnation has ended.</summary>
    void Release(ActorBase actor);
}

/// <summary>The recipe for an actor.</summary>
public class Props : IEquatable<Props>
{
    private readonly object?[] _arguments;
    private readonly ConstructorInvoker? _constructor;
    private readonly IIndirectActorProducer? _producer;

    private Props(Type type, object?[] arguments, ConstructorInvoker? constructor, IIndirectActorProducer? producer) =>
        (Type, _arguments, _constructor, _producer) = (type, arguments, constructor, producer);

    private Props(Props other)
    {
        (Type, _arguments, _constructor, _producer) = (other.Type, other._arguments, other._constructor, other._producer);
        (DispatcherOrNull, MailboxOrNull, SupervisorStrategy) = (other.DispatcherOrNull, other.MailboxOrNull, other.SupervisorStrategy);
    }

    /// <summary>Makes nothing.</summary>
    public static readonly Props None = Create<EmptyActor>();

    /// <summary>The actor's type.</summary>
    public Type Type { get; }

    /// <summary>What its constructor gets.</summary>
    public object?[] Arguments => [.. _arguments];

    /// <summary>The dispatcher's path in the configuration.</summary>
    public string Dispatcher => DispatcherOrNull ?? Dispatch.Dispatchers.DefaultDispatcherId;

    /// <summary>The mailbox's path in the configuration.</summary>
    public string Mailbox => MailboxOrNull ?? Dispatch.Mailboxes.DefaultMailboxId;

    /// <summary>What becomes of the actor's failed children; null where the actor itself says.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; private set; }

    internal string? DispatcherOrNull { get; private set; }

    internal string? MailboxOrNull { get; private set; }

    /// <summary>An actor made with these arguments.</summary>
    public static Props Create<TActor>(params object?[] args) where TActor : ActorBase => Create(typeof(TActor), args);

    /// <summary>An actor with a parameterless constructor, and what becomes of its failed children.</summary>
    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy) where TActor : ActorBase, new() => Create(typeof(TActor)).WithSupervisorStrategy(supervisorStrategy);

    /// <summary>An actor made with these arguments.</summary>
    public static Props Create(Type type, params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        args ??= [null];
        if (!typeof(ActorBase).IsAssignableFrom(type) || type.IsAbstract) throw new ArgumentException($"Props.Create: {type} is no actor that can be made. Give a class derived from ActorBase that is not abstract.", nameof(type));
        return new Props(type, args, Constructors.Find(type, args), null);
    }

    /// <summary>An actor made by <c>() => new TActor(…)</c>. The arguments are evaluated once, now.</summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null) where TActor : ActorBase
    {
        if (factory.Body is not NewExpression { Constructor: { } constructor } made)
            throw new ArgumentException("Props.Create: the factory is no 'new T(args)' expression. Write () => new T(args), or use CreateBy with a producer.", nameof(factory));
        var args = new object?[made.Arguments.Count];
        for (var i = 0; i < args.Length; i++) args[i] = Evaluate(made.Arguments[i]);
        return new Props(typeof(TActor), args, Constructors.Of(constructor), null) { SupervisorStrategy = supervisorStrategy };
    }

    /// <summary>An actor made by a producer.</summary>
    public static Props CreateBy<TProducer>(params object?[] args) where TProducer : class, IIndirectActorProducer => CreateBy((IIndirectActorProducer)Activator.CreateInstance(typeof(TProducer), args)!);

    /// <summary>An actor made by a producer.</summary>
    public static Props CreateBy(IIndirectActorProducer producer) => new(producer.ActorType, [], null, producer);

    private static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(member.Expression is null ? null : Evaluate(member.Expression)),
        MemberExpression { Member: PropertyInfo property } member => property.GetValue(member.Expression is null ? null : Evaluate(member.Expression)),
        _ => Expression.Lambda<Func<object>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
    };

    /// <summary>The same on another dispatcher.</summary>
    public Props WithDispatcher(string dispatcher) => new(this) { DispatcherOrNull = dispatcher == Dispatch.Dispatchers.DefaultDispatcherId ? null : dispatcher };

    /// <summary>The same with another mailbox.</summary>
    public Props WithMailbox(string mailbox) => new(this) { MailboxOrNull = mailbox == Dispatch.Mailboxes.DefaultMailboxId ? null : mailbox };

    /// <summary>The same with a say over its failed children.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(this) { SupervisorStrategy = supervisorStrategy };

    /// <summary>A new actor. The engine calls this for each incarnation.</summary>
    public virtual ActorBase NewActor()
    {
        if (_producer is not null) return _producer.Produce();
        if (_constructor is null) throw new MissingMethodException($"{Type}: has no public constructor that takes ({string.Join(", ", _arguments.Select(static a => a?.GetType().Name ?? "null"))}). Give Props.Create the arguments of one that it has.");
        return (ActorBase)_constructor.Invoke(_arguments.AsSpan())!;
    }

    /// <inheritdoc/>
    public bool Equals(Props? other) =>
        other is not null && Type == other.Type && DispatcherOrNull == other.DispatcherOrNull && MailboxOrNull == other.MailboxOrNull && ReferenceEquals(_producer, other._producer) && _arguments.AsSpan().SequenceEqual(other._arguments);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Props);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, DispatcherOrNull, MailboxOrNull, _arguments.Length);

    private sealed class EmptyActor : ActorBase
    {
        protected override bool Receive(object message) => false;
    }

    private static class Constructors
    {
        private sealed record Known(ConstructorInvoker Invoker, Type[] Parameters);

        private static readonly ConcurrentDictionary<Type, Known[]> ByType = new();
        private static readonly ConcurrentDictionary<ConstructorInfo, ConstructorInvoker> All = new();

        public static ConstructorInvoker Of(ConstructorInfo constructor) => All.GetOrAdd(constructor, static c => ConstructorInvoker.Create(c));

        public static ConstructorInvoker? Find(Type type, object?[] args)
        {
            var known = ByType.GetOrAdd(type, static t => [.. t.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
                .OrderBy(static c => c.IsPublic ? 0 : 1)
                .Select(static c => new Known(Of(c), [.. c.GetParameters().Select(static p => p.ParameterType)]))]);
            Known? best = null;
            foreach (var candidate in known)
                if (Fits(candidate.Parameters, args) && (best is null || Narrower(candidate.Parameters, best.Parameters))) best = candidate;
            return best?.Invoker;
        }

        private static bool Fits(Type[] parameters, object?[] args)
        {
            if (parameters.Length != args.Length) return false;
            for (var i = 0; i < args.Length; i++)
                if (args[i] is { } arg ? !parameters[i].IsInstanceOfType(arg) : parameters[i].IsValueType && Nullable.GetUnderlyingType(parameters[i]) is null) return false;
            return true;
        }

        private static bool Narrower(Type[] a, Type[] b)
        {
            var narrower = false;
            for (var i = 0; i < a.Length; i++)
            {
                if (a[i] == b[i]) continue;
                if (!b[i].IsAssignableFrom(a[i])) return false;
                narrower = true;
            }

            return narrower;
        }
    }
}
