// Events to JSON and back, with names that never change. The one place that knows how an event looks on disk.
using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AgentArena.Core.Games;
using AgentArena.Core.Runs;

namespace AgentArena.Actors;

/// <summary>JSON of persisted events: kebab-case keys, empty lists and nulls left out, a short versioned manifest a type.</summary>
public static class EventJson
{
    private static readonly (Type Type, string Manifest)[] Table =
    [
        (typeof(GameStarted), "game-started.v1"),
        (typeof(MoveMade), "move-made.v1"),
        (typeof(MoveRefused), "move-refused.v1"),
        (typeof(SeatForfeited), "seat-forfeited.v1"),
        (typeof(Measured), "measured.v1"),
        (typeof(GameEnded), "game-ended.v1"),
        (typeof(GameFailed), "game-failed.v1"),
        (typeof(RunStarted), "run-started.v1"),
        (typeof(GamesAssigned), "games-assigned.v1"),
        (typeof(GamesFinished), "games-finished.v1"),
        (typeof(GamesMeasured), "games-measured.v1"),
        (typeof(WeightsUpdated), "weights-updated.v1"),
        (typeof(WeightsAdopted), "weights-adopted.v1"),
        (typeof(RunEnded), "run-ended.v1"),
    ];

    private static readonly Dictionary<Type, string> Manifests = Table.ToDictionary(t => t.Type, t => t.Manifest);
    private static readonly Dictionary<string, Type> Types = Table.ToDictionary(t => t.Manifest, t => t.Type);

    /// <summary>The options every event is written and read with.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutTheEmpty } },
    };

    /// <summary>All manifests, for tests that hold their JSON.</summary>
    public static IEnumerable<string> AllManifests => Types.Keys;

    /// <summary>The manifest of an event.</summary>
    public static string ManifestOf(object e) => Manifests.TryGetValue(e.GetType(), out var manifest)
        ? manifest
        : throw new ArgumentException($"EventJson: {e.GetType().Name} is no persisted event. Add it to the table in EventJson.");

    /// <summary>UTF-8 JSON of an event. Its last key, <c>crc</c>, is the CRC-32C of manifest and all bytes before, so that no byte can change unseen.</summary>
    public static byte[] Write(object e)
    {
        var manifest = ManifestOf(e);
        var bare = JsonSerializer.SerializeToUtf8Bytes(e, e.GetType(), Options);
        var body = bare.AsSpan(0, bare.Length - 1);
        var sealedBytes = new byte[body.Length + SealLength];
        body.CopyTo(sealedBytes);
        Seal(Crc(manifest, body), first: body.Length == 1, sealedBytes.AsSpan(body.Length));
        return sealedBytes;
    }

    /// <summary>The event back.</summary>
    /// <exception cref="InvalidDataException">Unknown manifest, an altered byte, or JSON that is not such an event.</exception>
    public static object Read(ReadOnlySpan<byte> json, string manifest)
    {
        if (!Types.TryGetValue(manifest, out var type))
            throw new InvalidDataException($"unknown event '{manifest}'. Known: {string.Join(", ", Types.Keys)}. The journal was altered or written by a newer version.");
        Span<byte> seal = stackalloc byte[SealLength];
        if (json.Length > SealLength)
        {
            var body = json[..^SealLength];
            Seal(Crc(manifest, body), first: body.Length == 1, seal);
        }
        if (json.Length <= SealLength || !json[^SealLength..].SequenceEqual(seal))
            throw new InvalidDataException($"{manifest}: its check sum is not that of its bytes. The journal was altered; restore it from a copy.");

        try
        {
            return JsonSerializer.Deserialize(json, type, Options) ?? throw new InvalidDataException($"{manifest}: empty payload. The journal was altered.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{manifest}: not readable ({e.Message}) The journal was altered.", e);
        }
    }

    private const int SealLength = 18; // ,"crc":"01234567"}

    private static void Seal(uint crc, bool first, Span<byte> target)
    {
        (first ? " \"crc\":\""u8 : ",\"crc\":\""u8).CopyTo(target);
        for (var i = 0; i < 8; i++) target[8 + i] = "0123456789abcdef"u8[(int)(crc >> (28 - 4 * i)) & 15];
        "\"}"u8.CopyTo(target[16..]);
    }

    private static uint Crc(string manifest, ReadOnlySpan<byte> body)
    {
        var crc = ~0u;
        foreach (var c in manifest) crc = BitOperations.Crc32C(crc, (byte)c);
        var words = MemoryMarshal.Cast<byte, ulong>(body);
        foreach (var word in words) crc = BitOperations.Crc32C(crc, word);
        foreach (var b in body[(words.Length * 8)..]) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    private static void LeaveOutTheEmpty(JsonTypeInfo info)
    {
        foreach (var property in info.Properties)
        {
            var type = property.PropertyType;
            // A zero is a fact (seat 0, turn 0, a payoff of 0): only nulls, false switches and empty collections are left out.
            if (type == typeof(bool)) continue;
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
                property.ShouldSerialize = (ShouldSerialize)Delegate.CreateDelegate(typeof(ShouldSerialize),
                    typeof(EventJson).GetMethod(nameof(HasItems), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.MakeGenericMethod(type.GetGenericArguments()[0])) is { } has
                    ? new Func<object, object?, bool>(has) : null;
            else if (typeof(System.Collections.ICollection).IsAssignableFrom(type))
                property.ShouldSerialize = static (_, value) => value is System.Collections.ICollection { Count: > 0 };
            else if (type.IsValueType && Nullable.GetUnderlyingType(type) is null)
                property.ShouldSerialize = static (_, _) => true;
        }
    }

    private delegate bool ShouldSerialize(object owner, object? value);

    private static bool HasItems<T>(object owner, object? value) => value is ImmutableArray<T> { IsDefaultOrEmpty: false };
}
