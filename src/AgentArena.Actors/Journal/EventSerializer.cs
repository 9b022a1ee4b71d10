// Hands the events' bytes to Akka's serialisation, under a fixed id.
using Akka.Actor;
using Akka.Serialization;

namespace AgentArena.Actors.Journal;

/// <summary>The serializer of what is persisted.</summary>
public sealed class EventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The id in the journal's <c>identifier</c> column.</summary>
    public const int Id = 1705;

    /// <summary>Registers this serializer for the events' types.</summary>
    public const string Hocon = """
        akka.actor {
          serializers.arena-events = "AgentArena.Actors.Journal.EventSerializer, AgentArena.Actors"
          serialization-bindings {
            "AgentArena.Core.Runs.RunEvent, AgentArena.Core" = arena-events
            "AgentArena.Core.Runs.TableSnapshot, AgentArena.Core" = arena-events
          }
        }
        """;

    /// <inheritdoc/>
    public override int Identifier => Id;

    /// <inheritdoc/>
    public override string Manifest(object o) => EventCodec.ManifestOf(o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => EventCodec.Write(obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => EventCodec.Read(bytes, manifest);
}
