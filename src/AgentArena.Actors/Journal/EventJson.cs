// Events as JSON, with names that never change: for people, exports, and those events that are persisted as JSON.
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AgentArena.Core.Play;

namespace AgentArena.Actors.Journal;

/// <summary>JSON of events: kebab-case keys, empty lists and nulls left out, a short name a kind of event.</summary>
public static class EventJson
{
    private static readonly Dictionary<Type, string> Names = new()
    {
        [typeof(GameStarted)] = "game-started.v1",
        [typeof(MoveMade)] = "move-made.v1",
        [typeof(MoveRefused)] = "move-refused.v1",
        [typeof(SeatForfeited)] = "seat-forfeited.v1",
        [typeof(Measured)] = "measured.v1",
        [typeof(GameEnded)] = "game-ended.v1",
        [typeof(GameFailed)] = "game-failed.v1",
    };

    /// <summary>The options every event is written and read with.</summary>
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutTheEmpty } },
        };

    /// <summary>The names of all events of a game.</summary>
    public static IEnumerable<string> AllNames => Names.Values;

    /// <summary>The name of a game's event.</summary>
    public static string NameOf(GameEvent e) => Names[e.GetType()];

    /// <summary>An event as one JSON object, its name first.</summary>
    public static JsonObject ToJson(GameEvent e)
    {
        var json = new JsonObject { ["event"] = NameOf(e) };
        foreach (var (key, value) in JsonSerializer.SerializeToNode(e, e.GetType(), Options)!.AsObject())
            json[key] = value?.DeepClone();
        return json;
    }

    private static void LeaveOutTheEmpty(JsonTypeInfo info)
    {
        foreach (var property in info.Properties)
        {
            var type = property.PropertyType;
            // A zero is a fact (seat 0, turn 0, a payoff of 0): only nulls, false switches and empty collections are
            // left out.
            if (type == typeof(bool))
                continue;
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
                property.ShouldSerialize = (ShouldSerialize)
                    Delegate.CreateDelegate(
                        typeof(ShouldSerialize),
                        typeof(EventJson)
                            .GetMethod(
                                nameof(HasItems),
                                System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static
                            )!
                            .MakeGenericMethod(type.GetGenericArguments()[0])
                    )
                    is { } has
                    ? new Func<object, object?, bool>(has)
                    : null;
            else if (typeof(System.Collections.ICollection).IsAssignableFrom(type))
                property.ShouldSerialize = static (_, value) => value is System.Collections.ICollection { Count: > 0 };
            else if (type.IsValueType && Nullable.GetUnderlyingType(type) is null)
                property.ShouldSerialize = static (_, _) => true;
        }
    }

    private delegate bool ShouldSerialize(object owner, object? value);

    private static bool HasItems<T>(object owner, object? value) =>
        value is ImmutableArray<T> { IsDefaultOrEmpty: false };
}
