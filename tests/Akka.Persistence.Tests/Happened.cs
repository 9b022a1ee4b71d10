// The events of these tests and their serializer: a manifest, a text, and payloads that refuse to be written or read.
using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Persistence.Tests;

/// <summary>An event with a text.</summary>
public sealed record Happened(string Text);

/// <summary>An event whose serialisation fails.</summary>
public sealed record Unwritable;

/// <summary>Writes <see cref="Happened"/> as UTF-8; a text that begins with "unreadable" cannot be read back.</summary>
public sealed class HappenedSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public const string Hocon = """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          actor {
            serializers.happened = "Akka.Persistence.Tests.HappenedSerializer, Akka.Persistence.Tests"
            serialization-bindings {
              "Akka.Persistence.Tests.Happened, Akka.Persistence.Tests" = happened
              "Akka.Persistence.Tests.Unwritable, Akka.Persistence.Tests" = happened
            }
          }
        }
        """;

    public override int Identifier => 9_001;

    public override string Manifest(object o) => "happened.v1";

    public override byte[] ToBinary(object obj) =>
        obj is Happened h ? Encoding.UTF8.GetBytes(h.Text) : throw new NotSupportedException("This event cannot be written.");

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var text = Encoding.UTF8.GetString(bytes);
        if (manifest != "happened.v1" || text.StartsWith("unreadable", StringComparison.Ordinal)) throw new NotSupportedException($"cannot read {manifest}");
        return new Happened(text);
    }
}
