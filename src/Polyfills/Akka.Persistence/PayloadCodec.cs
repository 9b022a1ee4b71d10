// Payloads to bytes and back through the actor system's serialisation. Knows serializers; refuses to know where bytes go.
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Persistence;

/// <summary>Safe from any thread.</summary>
internal sealed class PayloadCodec(ExtendedActorSystem system)
{
    private readonly Serialization.Serialization _serialization = system.Serialization;

    /// <summary>The payload's serializer id, its manifest (empty for none) and its bytes.</summary>
    public (int Identifier, string Manifest, byte[] Bytes) Write(object payload)
    {
        var serializer = _serialization.FindSerializerFor(payload);
        var manifest = Serialization.Serialization.ManifestFor(serializer, payload);
        return (serializer.Identifier, manifest, serializer.ToBinary(payload));
    }

    /// <summary>The payload that was written.</summary>
    /// <exception cref="InvalidDataException">There is no such serializer, or it cannot read these bytes; the message says which.</exception>
    public object Read(byte[] bytes, int identifier, string manifest)
    {
        try
        {
            return _serialization.Deserialize(bytes, identifier, manifest);
        }
        catch (Exception e)
        {
            throw new InvalidDataException($"serializer {identifier} cannot read a payload with manifest '{manifest}': {e.Message} Register the serializer that wrote it under akka.actor.serializers, or restore the payload.", e);
        }
    }
}
