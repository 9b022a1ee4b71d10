// A place in a JSON file: its value, and the words that refuse it. Knows nothing of tokenizers.
using System.Text.Json;

namespace AgentArena.Models.Tokens.HuggingFace;

/// <summary>A value of a JSON file with its path, so that a fault names file and key.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Path">Keys from the root, as <c>model.merges[3]</c>.</param>
/// <param name="Value">What stands there.</param>
internal readonly record struct FilePlace(string File, string Path, JsonElement Value)
{
    /// <summary>Whether nothing stands there, or null.</summary>
    public bool IsNull => Value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>The value of a key; <see cref="IsNull"/> where it has none.</summary>
    public FilePlace this[string key] =>
        new(
            File,
            Path.Length == 0 ? key : $"{Path}.{key}",
            Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty(key, out var value) ? value : default
        );

    /// <summary>What is wrong here, as an exception to throw.</summary>
    /// <param name="fault">What is wrong, beginning with a verb.</param>
    /// <param name="remedy">What to do.</param>
    public InvalidDataException Refuse(string fault, string remedy) => new($"{File}: {Path} {fault}. {remedy}");

    /// <summary>An object, with no keys but these.</summary>
    public FilePlace Object(params ReadOnlySpan<string> known)
    {
        if (Value.ValueKind != JsonValueKind.Object)
            throw Refuse($"is {Kind}, not an object", "Use a file that the tokenizers library wrote.");
        foreach (var property in Value.EnumerateObject())
            if (!known.Contains(property.Name))
                throw this[property.Name]
                    .Refuse("is not supported", "Use a tokenizer without it; what it changes is not known here.");
        return this;
    }

    /// <summary>The elements of a list; none where nothing stands there.</summary>
    public IEnumerable<FilePlace> Items()
    {
        if (IsNull)
            yield break;
        if (Value.ValueKind != JsonValueKind.Array)
            throw Refuse($"is {Kind}, not a list", "Use a file that the tokenizers library wrote.");
        var i = 0;
        foreach (var item in Value.EnumerateArray())
            yield return new FilePlace(File, $"{Path}[{i++}]", item);
    }

    /// <summary>A text.</summary>
    public string Text() =>
        Value.ValueKind == JsonValueKind.String
            ? Whole()
            : throw Refuse($"is {Kind}, not a text", "Use a file that the tokenizers library wrote.");

    /// <summary>A text, or null where nothing stands there.</summary>
    public string? TextOrNull() => IsNull ? null : Text();

    /// <summary>True or false; <paramref name="otherwise"/> where nothing stands there.</summary>
    public bool Flag(bool otherwise = false) =>
        Value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Undefined or JsonValueKind.Null => otherwise,
            _ => throw Refuse($"is {Kind}, not true or false", "Use a file that the tokenizers library wrote."),
        };

    /// <summary>A number from 0 to <paramref name="most"/>.</summary>
    public int Number(int most) =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out var number) && number >= 0 && number <= most
            ? number
            : throw Refuse(
                $"is {Value}, not a whole number from 0 to {most}",
                "Use a file that the tokenizers library wrote."
            );

    private string Kind => Value.ValueKind.ToString().ToLowerInvariant();

    // Half of a surrogate pair is no text.
    private string Whole()
    {
        try
        {
            return Value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Refuse("holds half of a surrogate pair", "Copy the file again from where it is whole.");
        }
    }
}
