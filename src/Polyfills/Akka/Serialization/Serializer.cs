// What turns objects of some types to bytes and back. Knows formats, not who uses them.
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>Turns objects to bytes and back. Needs a constructor that takes an <see cref="ExtendedActorSystem"/>.</summary>
public abstract class Serializer(ExtendedActorSystem system)
{
    private protected readonly ExtendedActorSystem Owner = system;

    /// <summary>Written beside the bytes; unique among serializers, and never changed.</summary>
    public virtual int Identifier => throw new NotSupportedException($"{GetType()}.Identifier: is not overridden. Return a number of your own that never changes.");

    /// <summary>Whether <see cref="FromBinary(byte[], Type)"/> needs the type.</summary>
    public abstract bool IncludeManifest { get; }

    /// <summary>To bytes.</summary>
    public abstract byte[] ToBinary(object obj);

    /// <summary>From bytes.</summary>
    public abstract object FromBinary(byte[] bytes, Type? type);

    /// <summary>From bytes.</summary>
    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T));
}

/// <summary>A serializer whose manifest is a text of its own choice: short, stable, versioned.</summary>
public abstract class SerializerWithStringManifest(ExtendedActorSystem system) : Serializer(system)
{
    /// <inheritdoc/>
    public sealed override bool IncludeManifest => true;

    /// <summary>The text written beside the bytes.</summary>
    public abstract string Manifest(object o);

    /// <summary>From bytes.</summary>
    public abstract object FromBinary(byte[] bytes, string manifest);

    /// <inheritdoc/>
    public sealed override object FromBinary(byte[] bytes, Type? type) => FromBinary(bytes, type is null ? "" : type.AssemblyQualifiedName ?? type.FullName ?? "");
}

/// <summary>Bytes as they are.</summary>
public class ByteArraySerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <inheritdoc/>
    public override int Identifier => 4;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => obj as byte[] ?? throw new NotSupportedException($"ByteArraySerializer: cannot write a {obj?.GetType()}. It writes byte[] only.");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type? type) => bytes;
}
