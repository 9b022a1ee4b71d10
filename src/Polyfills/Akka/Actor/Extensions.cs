// Parts that a system has once: made on first use, found by their type.
namespace Akka.Actor;

/// <summary>A part that a system has once.</summary>
public interface IExtension;

/// <summary>Makes an extension.</summary>
public interface IExtensionId
{
    /// <summary>The extension's type, its key.</summary>
    Type ExtensionType { get; }

    /// <summary>The system's, made on first use.</summary>
    object Apply(ActorSystem system);

    /// <summary>The system's, made on first use.</summary>
    object Get(ActorSystem system);

    /// <summary>Makes it.</summary>
    object CreateExtension(ExtendedActorSystem system);
}

/// <summary>Makes an extension.</summary>
public interface IExtensionId<out T> : IExtensionId where T : IExtension
{
    /// <summary>The system's, made on first use.</summary>
    new T Apply(ActorSystem system);

    /// <summary>The system's, made on first use.</summary>
    new T Get(ActorSystem system);

    /// <summary>Makes it.</summary>
    new T CreateExtension(ExtendedActorSystem system);
}

/// <summary>Derive to make an extension.</summary>
public abstract class ExtensionIdProvider<T> : IExtensionId<T> where T : IExtension
{
    /// <inheritdoc/>
    public Type ExtensionType => typeof(T);

    /// <inheritdoc/>
    public T Apply(ActorSystem system) => (T)system.RegisterExtension(this);

    /// <inheritdoc/>
    public T Get(ActorSystem system) => (T)system.GetExtension(this);

    /// <inheritdoc/>
    public abstract T CreateExtension(ExtendedActorSystem system);

    object IExtensionId.Apply(ActorSystem system) => Apply(system);

    object IExtensionId.Get(ActorSystem system) => Get(system);

    object IExtensionId.CreateExtension(ExtendedActorSystem system) => CreateExtension(system)!;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj?.GetType() == GetType();

    /// <inheritdoc/>
    public override int GetHashCode() => GetType().GetHashCode();
}

/// <summary>Shorthands.</summary>
public static class ActorSystemWithExtensions
{
    /// <summary>The extension made by a provider with a parameterless constructor.</summary>
    public static T WithExtension<T, TI>(this ActorSystem system) where T : class, IExtension where TI : class, IExtensionId, new() => (T)system.RegisterExtension(new TI());

    /// <summary>The extension made by a provider with a parameterless constructor.</summary>
    public static T WithExtension<T>(this ActorSystem system, Type extensionId) where T : class, IExtension => (T)system.RegisterExtension((IExtensionId)Activator.CreateInstance(extensionId)!);
}
