// A game's own JSON: products, the references that a task deals, what tools are asked. One spelling for all games;
// knows no game.
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AgentArena.Core.Play;

/// <summary>
/// Reading and writing of <see cref="GameSetup.Task"/>, <see cref="Outcome.Product"/> and tool requests: kebab-case
/// names, absent where null. A task that deals earlier products is <c>{"references": [product, …]}</c>.
/// </summary>
public static class TaskJson
{
    private const string References = "references";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        MaxDepth = 32,
    };

    /// <summary>A value as one line of JSON.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>
    /// A value out of JSON; null where <paramref name="text"/> is none or lacks something. Total: texts of models and
    /// tools come here.
    /// </summary>
    public static T? Read<T>(string? text)
        where T : class
    {
        if (text is null)
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(text, Options);
        }
        catch (Exception e) when (e is JsonException or ArgumentException) // not JSON, or not even text
        {
            return null;
        }
    }

    /// <summary>A task that deals these products.</summary>
    public static string Deal(IEnumerable<string> products) =>
        new JsonObject { [References] = new JsonArray([.. products.Select(p => JsonNode.Parse(p))]) }.ToJsonString(
            Options
        );

    /// <summary>The products that a task deals, none where there is no task.</summary>
    /// <exception cref="InvalidOperationException">
    /// The task is not of this form, or holds what this game did not make.
    /// </exception>
    public static ImmutableArray<T> Dealt<T>(string? task, string game)
        where T : class
    {
        if (task is null)
            return [];
        try
        {
            if (JsonNode.Parse(task) is not JsonObject whole || whole[References] is not JsonArray products)
                throw new JsonException("it has no list 'references'");
            return
            [
                .. products.Select(p => p.Deserialize<T>(Options) ?? throw new JsonException("a reference is null")),
            ];
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException(
                $"{game}: its task cannot be read ({e.Message}). It should be {{\"{References}\": [products of this game]}}. Let matchmaker task-pool deal it, or leave it out.",
                e
            );
        }
    }
}
