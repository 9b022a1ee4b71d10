// Finds the serializer of an object: the binding of its type, else of the most derived base or interface. Knows types and names, no format.
using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>A system's serializers, from <c>akka.actor.serializers</c> and <c>akka.actor.serialization-bindings</c>.</summary>
public class Serialization
{
    private readonly Dictionary<int, Serializer> _byId = [];
    private readonly Dictionary<string, Serializer> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, Serializer> _bindings = new();
    private readonly ConcurrentDictionary<Type, Serializer> _found = new();

    /// <exception cref="Configuration.ConfigurationException">A type cannot be found, a name is unknown, or two serializers share an id.</exception>
    public Serialization(ExtendedActorSystem system)
    {
        System = system;
        var config = system.Settings.Config;
        foreach (var (name, value) in config.GetConfig("akka.actor.serializers")!.AsEnumerable())
        {
            var type = ActorSystemImpl.TypeOf(value.GetString() ?? "", $"akka.actor.serializers.{name}");
            var serializer = Make(type, system) ?? throw new Configuration.ConfigurationException($"akka.actor.serializers.{name}: {type} is no serializer. Derive it from Serializer, with a constructor (ExtendedActorSystem).");
            AddSerializer(name, serializer);
        }

        foreach (var (typeName, value) in config.GetConfig("akka.actor.serialization-bindings")!.AsEnumerable())
        {
            var name = value.GetString() ?? "";
            // A binding for a type that is not there does no harm: the assembly may be optional.
            if (Type.GetType(typeName.Trim('"'), throwOnError: false) is not { } type) continue;
            AddSerializationMap(type, _byName.TryGetValue(name, out var bound) ? bound : throw new Configuration.ConfigurationException($"akka.actor.serialization-bindings.\"{typeName}\": '{name}' is no serializer. Known: {string.Join(", ", _byName.Keys)}."));
        }
    }

    /// <summary>The system.</summary>
    public ActorSystem System { get; }

    private static Serializer? Make(Type type, ExtendedActorSystem system) =>
        (type.GetConstructor([typeof(ExtendedActorSystem)]) is not null ? Activator.CreateInstance(type, system) : Activator.CreateInstance(type)) as Serializer;

    /// <summary>Adds a serializer.</summary>
    public void AddSerializer(string name, Serializer serializer)
    {
        if (_byId.TryGetValue(serializer.Identifier, out var other) && other.GetType() != serializer.GetType())
            throw new Configuration.ConfigurationException($"akka.actor.serializers.{name}: {serializer.GetType()} has the identifier {serializer.Identifier}, as has {other.GetType()}. Give it another.");
        _byId[serializer.Identifier] = serializer;
        _byName[name] = serializer;
    }

    /// <summary>Binds a type and all that are derived from it.</summary>
    public void AddSerializationMap(Type type, Serializer serializer)
    {
        _bindings[type] = serializer;
        _found.Clear();
    }

    /// <summary>The serializer of an object.</summary>
    /// <exception cref="SerializationException">There is none.</exception>
    public Serializer FindSerializerFor(object? obj, string? defaultSerializerName = null) => FindSerializerForType(obj?.GetType() ?? typeof(object), defaultSerializerName);

    /// <summary>The serializer of a type.</summary>
    /// <exception cref="SerializationException">There is none.</exception>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null)
    {
        if (_found.TryGetValue(objectType, out var found)) return found;
        Type? best = null;
        foreach (var bound in _bindings.Keys)
            if (bound.IsAssignableFrom(objectType) && (best is null || best.IsAssignableFrom(bound) || (best == typeof(object)))) best = bound;
        if ((best is null || best == typeof(object)) && defaultSerializerName is not null && _byName.TryGetValue(defaultSerializerName, out var named)) return named;
        if (best is null) throw new SerializationException($"{objectType}: has no serializer. Bind it, or a base of it, under akka.actor.serialization-bindings.");
        return _found[objectType] = _bindings[best];
    }

    /// <summary>The serializer of that id.</summary>
    public Serializer GetSerializerById(int serializerId) =>
        _byId.TryGetValue(serializerId, out var serializer) ? serializer : throw new SerializationException($"serializer {serializerId}: is unknown. Known: {string.Join(", ", _byId.Select(static s => $"{s.Key} ({s.Value.GetType().Name})"))}. Configure the one that wrote this under akka.actor.serializers.");

    /// <summary>To bytes, with the serializer of its type.</summary>
    public byte[] Serialize(object obj) => FindSerializerFor(obj).ToBinary(obj);

    /// <summary>From bytes.</summary>
    public object Deserialize(byte[] bytes, int serializerId, Type? type) => GetSerializerById(serializerId).FromBinary(bytes, type);

    /// <summary>From bytes.</summary>
    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        var serializer = GetSerializerById(serializerId);
        if (serializer is SerializerWithStringManifest own) return own.FromBinary(bytes, manifest);
        if (string.IsNullOrEmpty(manifest)) return serializer.FromBinary(bytes, null);
        var type = Type.GetType(manifest, throwOnError: false) ?? throw new SerializationException($"{manifest}: is no type that can be found, and serializer {serializerId} needs it. Was the type renamed, or is its assembly missing?");
        return serializer.FromBinary(bytes, type);
    }

    /// <summary>What is written beside the bytes.</summary>
    public static string ManifestFor(Serializer serializer, object obj) => serializer switch
    {
        SerializerWithStringManifest own => own.Manifest(obj),
        { IncludeManifest: true } => ShortName(obj.GetType()),
        _ => "",
    };

    /// <summary>The path of a ref, as it is written within messages.</summary>
    public static string SerializedActorPath(IActorRef actorRef) => actorRef.IsNobody() ? "" : actorRef.Path.ToSerializationFormat();

    /// <summary>Through bytes and back: what <c>serialize-messages</c> does to each message.</summary>
    internal object RoundTrip(object message)
    {
        if (message is INoSerializationVerificationNeeded or Event.AllDeadLetters or UnhandledMessage or Status.Failure || message.GetType().Assembly == typeof(Serialization).Assembly) return message;
        var serializer = FindSerializerFor(message);
        var bytes = serializer.ToBinary(message);
        return Deserialize(bytes, serializer.Identifier, ManifestFor(serializer, message));
    }

    private static string ShortName(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
