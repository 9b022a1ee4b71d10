// Hands the events' JSON to Akka's serialisation, under a fixed id.
using Akka.Actor;
using Akka.Serialization;

namespace AgentArena.Actors;

/// <summary>The serializer of <c>GameEvent</c> and <c>RunEvent</c>.</summary>
public sealed class EventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>The id in the journal's <c>identifier</c> column.</summary>
    public const int Id = 1705;

    /// <summary>Registers this serializer for the events' base types.</summary>
    public const string Hocon = """
        akka.actor {
          serializers.arena-events = "AgentArena.Actors.EventSerializer, AgentArena.Actors"
          serialization-bindings {
            "AgentArena.Core.Games.GameEvent, AgentArena.Core" = arena-events
            "AgentArena.Core.Runs.RunEvent, AgentArena.Core" = arena-events
          }
        }
        """;

    /// <inheritdoc/>
    public override int Identifier => Id;

    /// <inheritdoc/>
    public override string Manifest(object o) => EventJson.ManifestOf(o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => EventJson.Write(obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => EventJson.Read(bytes, manifest);
}
