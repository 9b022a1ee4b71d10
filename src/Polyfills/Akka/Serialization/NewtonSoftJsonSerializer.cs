// The default serializer: JSON with the types of what is declared more generally. For messages within one build; journals want a serializer of their own.
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>
/// JSON. Bears the name and identifier of the package's default, but is written on System.Text.Json, so the bytes of the
/// two are not interchangeable. Refs are written as paths and found again in the system.
/// </summary>
public class NewtonSoftJsonSerializer : Serializer
{
    private readonly JsonSerializerOptions _options;

    /// <summary>For a system.</summary>
    public NewtonSoftJsonSerializer(ExtendedActorSystem system) : base(system)
    {
        _options = new JsonSerializerOptions
        {
            IncludeFields = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new RefConverter(system), new TypeConverter() },
        };
        _options.Converters.Add(new OpenConverter());
    }

    /// <inheritdoc/>
    public override int Identifier => 1;

    /// <inheritdoc/>
    public override bool IncludeManifest => true;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, obj.GetType(), _options);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type? type) =>
        JsonSerializer.Deserialize(bytes, type ?? typeof(object), _options) ?? throw new JsonException($"{type}: the bytes are a JSON null. An object was expected.");

    private sealed class RefConverter(ExtendedActorSystem system) : JsonConverter<IActorRef>
    {
        public override bool CanConvert(Type typeToConvert) => typeof(IActorRef).IsAssignableFrom(typeToConvert);

        public override IActorRef Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is { Length: > 0 } path ? system.Provider.ResolveActorRef(path) : ActorRefs.Nobody;

        public override void Write(Utf8JsonWriter writer, IActorRef value, JsonSerializerOptions options) => writer.WriteStringValue(Serialization.SerializedActorPath(value));
    }

    private sealed class TypeConverter : JsonConverter<Type>
    {
        public override Type Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Type.GetType(reader.GetString()!, throwOnError: true)!;

        public override void Write(Utf8JsonWriter writer, Type value, JsonSerializerOptions options) => writer.WriteStringValue(value.AssemblyQualifiedName);
    }

    /// <summary>For what is declared as object, or as an abstract type that is no collection: {"$type": …, "$value": …}.</summary>
    private sealed class OpenConverter : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert == typeof(object) || ((typeToConvert.IsAbstract || typeToConvert.IsInterface) && !typeof(System.Collections.IEnumerable).IsAssignableFrom(typeToConvert) && typeToConvert != typeof(Type) && !typeof(IActorRef).IsAssignableFrom(typeToConvert));

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) => (JsonConverter)Activator.CreateInstance(typeof(Open<>).MakeGenericType(typeToConvert))!;

        private sealed class Open<T> : JsonConverter<T>
        {
            public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            {
                using var document = JsonDocument.ParseValue(ref reader);
                var root = document.RootElement;
                if (root.ValueKind == JsonValueKind.Null) return default;
                var type = Type.GetType(root.GetProperty("$type").GetString()!, throwOnError: true)!;
                return (T?)root.GetProperty("$value").Deserialize(type, options);
            }

            public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
            {
                var type = value!.GetType();
                writer.WriteStartObject();
                if (type == typeof(object))
                {
                    writer.WriteString("$type", "System.Object");
                    writer.WriteNull("$value");
                    writer.WriteEndObject();
                    return;
                }

                writer.WriteString("$type", type.AssemblyQualifiedName);
                writer.WritePropertyName("$value");
                JsonSerializer.Serialize(writer, value, type, options);
                writer.WriteEndObject();
            }
        }
    }
}
